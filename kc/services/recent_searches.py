"""What someone searched for lately: kept for them alone, a few, and gone when they say so. Not audited: private."""

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.models import Employee, RecentSearch
from kc.services import search_log

KEPT = 8
LONGEST = 200  # a pasted page is no search to come back to


def remember(employee: Employee, text: str) -> None:
    """Note a search somebody settled on, the newest first; only the last `KEPT` different ones stay."""
    text = search_log.masked(thai.clean_line(text))
    if not 1 < len(text) <= LONGEST:
        return
    now = clock.now()
    with db.atomic():
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
