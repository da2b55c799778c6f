"""What someone searched for lately: kept for them alone, a few, and gone when they say so. Not audited: private.

Gone too after KC_SEARCH_LOG_NAMED_DAYS (search_log.forget_old); with 0 nothing is kept at all.
"""

import logging

import peewee as pw

from kc import clock, thai
from kc.models import Employee, RecentSearch
from kc.services import search_log

log = logging.getLogger(__name__)

KEPT = 8
LONGEST = 200  # a pasted page is no search to come back to


def remember(employee: Employee, text: str) -> None:
    """Note a search somebody settled on, the newest first; only the last `KEPT` different ones stay.

    Never raises and hardly waits, as `search_log.note`: the results are shown whether it was noted or not.
    """
    text = search_log.masked(thai.clean_line(text))
    if not 1 < len(text) <= LONGEST or not search_log.names_are_kept():
        return
    try:
        with search_log.in_passing():
            _write(employee, text)
    except Exception as why:  # whatever it is: the search was answered and is shown
        log.warning("recent searches: one was not written down: %s: %s", type(why).__name__, why)


def _write(employee: Employee, text: str) -> None:
    """Two statements that need not be one: whoever dies between them leaves one too many; the next takes it away."""
    now = clock.now()
    RecentSearch.insert(employee=employee, text=text, text_key=text.casefold(), searched_at=now).on_conflict(
        conflict_target=(RecentSearch.employee, RecentSearch.text_key), update={"text": text, "searched_at": now}
    ).execute()
    kept = of(employee).select(RecentSearch.id).limit(KEPT)
    RecentSearch.delete().where((RecentSearch.employee == employee) & RecentSearch.id.not_in(kept)).execute()


def of(employee: Employee) -> pw.ModelSelect:
    """Someone's recent searches, newest first."""
    return (
        RecentSearch.select()
        .where(RecentSearch.employee == employee)
        .order_by(RecentSearch.searched_at.desc(), RecentSearch.id.desc())
    )


def forget(search: RecentSearch) -> None:
    search.delete_instance()


def forget_all(employee: Employee) -> int:
    """Forget everything somebody searched for; returns how many."""
    return RecentSearch.delete().where(RecentSearch.employee == employee).execute()
