"""What people search for and open: noted beside the search itself, which it can neither fail nor delay.

One row for each search somebody settled on, not for the half words on the way there (`turn`); one by filters alone has
an empty key, one of another system is marked (`by_api`). Its name goes after KC_SEARCH_LOG_NAMED_DAYS, with whatever
ties it to the person's other searches; after KC_SEARCH_LOG_DAYS only the month's counts are left. Numbers as long as a
national ID are never stored.
"""

import datetime as dt
import hashlib
import hmac
import json
import logging
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import peewee as pw

from kc import clock, search, thai
from kc.db import db
from kc.models import Employee, RecentSearch, SearchLog, SearchMonth, SearchOpening

log = logging.getLogger(__name__)

LONGEST = 200  # letters of a question that are kept: a pasted page is no search to learn from
READING = dt.timedelta(seconds=3)  # results that are replaced sooner than this, while typing, nobody read
GOING_ON = dt.timedelta(seconds=10)  # words that go on from the words before within this were on their way
SITTING = dt.timedelta(minutes=15)  # searches this near to one another are about one thing
OPENED_WITHIN = dt.timedelta(days=1)
PATIENCE_MS = 100  # how long a row waits for another writer before it is dropped
_AT_ONCE = 500

SAME, INSTEAD, NEW = "same", "instead", "new"


@dataclass(frozen=True)
class Searched:
    """A search that was answered. `words`: its text without the filters typed among them."""

    text: str
    words: str
    total: int
    filters: Mapping[str, str] = field(default_factory=dict)
    corrected: str = ""
    alike: bool = False
    page: int = 1
    took_ms: float = 0.0
    typing: bool = False
    by_api: bool = False


@dataclass
class _Kept:
    named_days: int = 90
    days: int = 400
    salt: bytes = secrets.token_bytes(16)  # made anew at every start: nobody can be known again by it
    forgot_on: dt.date | None = None


_kept = _Kept()
_turns = tuple(threading.Lock() for _ in range(16))  # two requests of one person wait for one another


def configure(named_days: int, days: int) -> None:
    """How long names and rows are kept (KC_SEARCH_LOG_NAMED_DAYS, KC_SEARCH_LOG_DAYS)."""
    global _kept
    _kept = _Kept(named_days, days)


def names_are_kept() -> bool:
    return _kept.named_days > 0


def named_since() -> dt.datetime:
    """From when on the log may know who searched."""
    return clock.now() - dt.timedelta(days=_kept.named_days)


# ---- words ---------------------------------------------------------------------------------------------------------

# Thirteen digits or more, Arabic or Thai, with the dashes and spaces people put between them.
_LONG_NUMBER = re.compile(r"[0-9๐-๙](?:[ \-–.]?[0-9๐-๙]){12,}")  # thai-data


def masked(text: str) -> str:
    """The text without numbers that may be somebody's national ID."""
    return _LONG_NUMBER.sub("×" * 13, text)


def key_of(words: str) -> str:
    """Equal for the same words typed differently: spaces, case, digits, dots and slips of the keyboard do not count."""
    return search.letters(thai.clean_line(masked(words[: 2 * LONGEST])))[:LONGEST]


# ---- noting --------------------------------------------------------------------------------------------------------


def turn(before: SearchLog, key: str, filters: str, passed: dt.timedelta) -> str:
    """How a search stands to the one before it by the same person.

    SAME: the same question again (Enter after typing it, another page, the way back). INSTEAD: the one before was on
    its way to this one: replaced while typing before anybody could read its results, or its words go on in this one's
    (or back) at once. What was opened from stays. Otherwise NEW.
    """
    if before.key == key and before.filters == filters:
        return SAME if passed < SITTING else NEW
    if before.opened_place is not None:
        return NEW
    if before.typing and passed < READING:
        return INSTEAD
    goes_on = bool(key) == bool(before.key) and (key.startswith(before.key) or before.key.startswith(key))
    return INSTEAD if goes_on and passed < GOING_ON else NEW


def note(employee: Employee, searched: Searched) -> int | None:
    """Write a search down; returns its row's id, None when there was nothing to write or it could not be written.

    Never raises and never waits: at most `PATIENCE_MS` for another writer, then the row is dropped with a warning.
    """
    key = key_of(searched.words)
    if not key and (searched.words.strip() or not searched.filters):
        return None
    try:
        with _turns[employee.id % len(_turns)], in_passing():
            return _write(employee, key, searched)
    except Exception as why:  # whatever it is: the search was answered and is shown
        log.warning("search log: a search was not written down: %s: %s", type(why).__name__, why)
        return None


def _write(employee: Employee, key: str, searched: Searched) -> int:
    now, values = clock.now(), _values(key, searched)
    before = _last(employee, now, searched.by_api)
    how = turn(before, key, values["filters"], now - before.searched_at) if before else NEW
    if before is None or how == NEW:
        return SearchLog.insert(
            **_who(employee, now),
            **values,
            searched_at=now,
            sitting=before.sitting if before else secrets.token_hex(8),
        ).execute()
    if how == SAME:
        values = _changes(before, searched, values)
    if how == INSTEAD or values.get("typing"):
        values["searched_at"] = now
    if values:
        SearchLog.update(**values).where(SearchLog.id == before.id).execute()
    return before.id


def _changes(before: SearchLog, searched: Searched, values: dict[str, Any]) -> dict[str, Any]:
    """What the same question, asked again, says anew: the latest answer counts, unless one before was of use."""
    told = {"page": max(searched.page, before.page), "typing": before.typing and searched.typing}
    if searched.total or before.opened_place is None:
        told |= {name: values[name] for name in ("total", "corrected", "alike")}
    if not before.typing and all(getattr(before, name) == value for name, value in told.items()):
        return {}
    return told | {"took_ms": values["took_ms"]}


def _values(key: str, searched: Searched) -> dict[str, Any]:
    chosen = {name: masked(value)[:LONGEST] for name, value in sorted(searched.filters.items()) if value}
    return {
        "key": key,
        "text": masked(thai.clean_line(searched.text[: 2 * LONGEST]))[:LONGEST],
        "filters": json.dumps(chosen, ensure_ascii=False),
        "total": searched.total,
        "corrected": masked(searched.corrected)[:LONGEST],
        "alike": searched.alike,
        "page": searched.page,
        "took_ms": round(searched.took_ms, 1),
        "typing": searched.typing,
        "by_api": searched.by_api,
    }


def _who(employee: Employee, now: dt.datetime) -> dict[str, object]:
    """The name; or, where names are not to be stored, something that tells people apart until the day is over."""
    if names_are_kept():
        return {"employee": employee.id}
    told = f"{employee.id} {clock.to_local(now).date()}".encode()
    return {"visitor": hmac.new(_kept.salt, told, hashlib.sha256).hexdigest()[:16]}


def _last(employee: Employee, now: dt.datetime, by_api: bool) -> SearchLog | None:
    """What this person searched before, in the same sitting and the same way."""
    ((name, value),) = _who(employee, now).items()
    theirs = (getattr(SearchLog, name) == value) & (SearchLog.by_api == by_api)
    lately = SearchLog.searched_at > now - SITTING
    return SearchLog.select().where(theirs, lately).order_by(SearchLog.searched_at.desc(), SearchLog.id.desc()).first()


def note_opening(search_id: int, kind: str, object_id: int, place: int) -> bool:
    """Somebody opened a hit of a search; True when that counts: the first time, and not long after the search."""
    try:
        with in_passing():
            row = SearchLog.get_or_none(SearchLog.id == search_id)
            if row is None or clock.now() - row.searched_at > OPENED_WITHIN:
                return False
            return _open(row, kind, object_id, place)
    except Exception as why:
        log.warning("search log: an opened hit was not written down: %s: %s", type(why).__name__, why)
        return False


def _open(row: SearchLog, kind: str, object_id: int, place: int) -> bool:
    values = {"search": row.id, "kind": kind, "object_id": object_id, "place": place, "opened_at": clock.now()}
    known = (SearchOpening.search == row.id) & (SearchOpening.kind == kind) & (SearchOpening.object_id == object_id)
    if SearchOpening.select().where(known).exists():
        return False
    SearchOpening.insert(**values).on_conflict_ignore().execute()
    if row.opened_place is None:
        SearchLog.update(opened_place=place).where(SearchLog.id == row.id).execute()
    return True


@contextmanager
def in_passing() -> Iterator[None]:
    """Wait only a moment for other writers, and not for the disk: a row of the log may be lost, a page may not wait."""
    database = db.obj
    # How to wait is set beside Peewee: these are no questions to the data.
    if not isinstance(database, pw.SqliteDatabase):
        with db.atomic():
            database.cursor().execute(
                "SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', %s, true)",
                (str(PATIENCE_MS),),
            )
            yield
    elif database.in_transaction():
        yield
    else:
        connection = database.connection()
        before = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("busy_timeout", "synchronous")]
        try:
            connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
            connection.execute("PRAGMA synchronous=1")
            yield
        finally:
            connection.execute(f"PRAGMA busy_timeout={before[0]}")
            connection.execute(f"PRAGMA synchronous={before[1]}")


# ---- forgetting ----------------------------------------------------------------------------------------------------


def now_and_then() -> None:
    """Forget what is due, once a day; called by the indexing thread, so that no page waits for it."""
    if _kept.forgot_on != clock.today():
        forget_old()
        _kept.forgot_on = clock.today()  # not before: what failed is tried again


def forget_old(now: dt.datetime | None = None) -> tuple[int, int]:
    """Take names off rows that are old enough, and turn the oldest rows into counts; returns how many of each.

    What people searched for lately, which is kept for themselves, goes after the same days.
    """
    now = now or clock.now()
    named_until = now - dt.timedelta(days=_kept.named_days)
    RecentSearch.delete().where(RecentSearch.searched_at <= named_until).execute()
    if not names_are_kept():  # what tells people apart is of no use after its day
        named_until = now - dt.timedelta(days=2)
    nameless = _take_names_off(SearchLog.searched_at < named_until)
    counted = 0
    while folded := _fold_some(now - dt.timedelta(days=_kept.days)):
        counted += folded
    if nameless or counted:
        log.info("search log: %d searches without a name now, %d only counted", nameless, counted)
    return nameless, counted


def better_of(worse: Any, better: Any) -> pw.Expression:
    """Condition: of the same sitting, later, and something was opened."""
    together = (worse.sitting != "") & (better.sitting == worse.sitting)
    return together & (better.id > worse.id) & better.opened_place.is_null(False)


def _take_names_off(old: pw.Expression) -> int:
    """The name, and the sitting, which would still tell one person's searches; that one of them helped is kept."""
    later = SearchLog.alias()
    helped = pw.fn.EXISTS(later.select(later.id).where(better_of(SearchLog, later)))
    with db.atomic():
        SearchLog.update(helped_later=True).where(old, SearchLog.sitting != "", helped).execute()
        tied = SearchLog.employee.is_null(False) | (SearchLog.visitor != "") | (SearchLog.sitting != "")
        return SearchLog.update(employee=None, visitor="", sitting="").where(old, tied).execute()


def _fold_some(before: dt.datetime) -> int:
    """Count some of the rows older than `before` by month, and remove them."""
    with db.atomic():
        rows = list(SearchLog.select().where(SearchLog.searched_at < before).order_by(SearchLog.id).limit(_AT_ONCE))
        for month in {_month(row) for row in rows}:
            _add(month, [row for row in rows if _month(row) == month])
        SearchLog.delete().where(SearchLog.id.in_([row.id for row in rows])).execute()
    return len(rows)


def _month(row: SearchLog) -> dt.date:
    return clock.to_local(row.searched_at).date().replace(day=1)


def _add(month: dt.date, rows: list[SearchLog]) -> None:
    SearchMonth.insert(month=month).on_conflict_ignore().execute()
    rows = [row for row in rows if not row.by_api]
    opened = [row.opened_place for row in rows if row.opened_place]
    SearchMonth.update(
        searches=SearchMonth.searches + len(rows),
        failed=SearchMonth.failed + sum(row.failed for row in rows),
        opened=SearchMonth.opened + len(opened),
        reciprocal_ranks=SearchMonth.reciprocal_ranks + sum(1 / place for place in opened),
    ).where(SearchMonth.month == month).execute()
