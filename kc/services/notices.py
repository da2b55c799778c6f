"""Telling people: a notice is a row in the transaction of what happened, so that it is neither lost nor untrue."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db
from kc.models import DailyRound, Employee, Notice
from kc.services.notice_kinds import KINDS
from kc.services.piecemeal import Each, by_hand, remove

KEPT_UNREAD = dt.timedelta(days=365)
KEPT_ONCE = dt.timedelta(days=730)  # what was told once stays known, so that it is not told again
_AT_ONCE = 400

_keep = dt.timedelta(days=180)


def configure(keep_days: int) -> None:
    """How long read notices stay (KC_NOTICES_DAYS)."""
    global _keep
    _keep = dt.timedelta(days=keep_days)


# ---- telling -------------------------------------------------------------------------------------------------------


def tell(
    people: Iterable[Employee],
    kind: str,
    url: str,
    *,
    actor: Employee | None = None,
    about: str = "",
    once: str = "",
    **facts: Any,
) -> None:
    """Note for each of `people` that something happened; call it inside the transaction of what happened.

    `actor` is never told of their own doing. `about` ("session:12"): while a notice of this kind about it is unread,
    another only counts it up. `once` ("round:3:7"): this is told to a person once and never again. `facts`: short
    texts, numbers and ISO days that the kind's sentence names. KeyError for a kind nobody registered.
    """
    now = clock.now()
    row = {
        "kind": kind,
        "heading": KINDS[kind].heading,
        "facts": json.dumps({"actor": actor.name if actor else "", **facts}, ensure_ascii=False, default=str),
        "url": url,
        "about": about,
        "once_key": once or None,
        "actor": actor,
        "created_at": now,
        "updated_at": now,
    }
    ids = sorted({person.id for person in people if person.is_active and (actor is None or person.id != actor.id)})
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        counted = _count_up(some, row) if about and not once else set()
        rows = [row | {"employee": number} for number in some if number not in counted]
        if rows:
            Notice.insert_many(rows).on_conflict_ignore().execute()


def _count_up(ids: list[int], row: dict[str, Any]) -> set[int]:
    """Whose unread notice of the same thing now says this; it goes into the next message again."""
    same = Notice.employee.in_(ids) & (Notice.kind == row["kind"]) & (Notice.about == row["about"])
    newer = {name: row[name] for name in ("facts", "url", "actor", "updated_at")}
    counted = Notice.update(times=Notice.times + 1, mailed_at=None, **newer).where(same & Notice.read_at.is_null())
    return {found.employee_id for found in counted.returning(Notice.employee).execute()}


def correct(person: Employee, once: str, **facts: Any) -> None:
    """What somebody was told once and has not read is no longer so: they read these facts. No other notice goes out."""
    said = json.dumps({"actor": "", **facts}, ensure_ascii=False, default=str)
    unread_one = (Notice.employee == person) & (Notice.once_key == once) & Notice.read_at.is_null()
    Notice.update(facts=said).where(unread_one & (Notice.facts != said)).execute()


# ---- reading -------------------------------------------------------------------------------------------------------


def unread_of(employee: Any) -> pw.ModelSelect:
    """How many notices somebody has not read, as a query; of `Employee` itself it is a column beside whom one reads."""
    number = employee.id
    return Notice.select(pw.fn.COUNT(Notice.id)).where((Notice.employee == number) & Notice.read_at.is_null())


def unread(employee: Employee) -> int:
    return int(unread_of(employee).scalar() or 0)


def of(employee: Employee, *, unread_only: bool = False, heading: str = "") -> pw.ModelSelect:
    """Somebody's notices, the latest first."""
    rows = Notice.select().where(Notice.employee == employee)
    if unread_only:
        rows = rows.where(Notice.read_at.is_null())
    if heading:
        rows = rows.where(Notice.heading == heading)
    return rows.order_by(Notice.updated_at.desc(), Notice.id.desc())


def mark_read(employee: Employee, notice_id: int, url: str = "") -> bool:
    """One of somebody's own notices is read (`url`: only if it leads there). False when they have no such notice."""
    mine = (Notice.id == notice_id) & (Notice.employee == employee)
    if url:
        mine &= Notice.url == url
    with db.atomic():
        Notice.update(read_at=clock.now()).where(mine & Notice.read_at.is_null()).execute()
        return Notice.select().where(mine).exists()


def mark_all_read(employee: Employee, until: dt.datetime | None = None) -> int:
    """All of somebody's notices are read; with `until` only those they had before them. Returns how many."""
    mine = (Notice.employee == employee) & Notice.read_at.is_null()
    if until is not None:
        mine &= Notice.updated_at <= until
    with db.atomic():
        return int(Notice.update(read_at=clock.now()).where(mine).execute())


# ---- forgetting ----------------------------------------------------------------------------------------------------


def sweep(each: Each = by_hand) -> int:
    """Remove read notices after some months, unread ones after a year; returns how many."""
    now = clock.now()
    DailyRound.delete().where(DailyRound.day < clock.today() - KEPT_UNREAD).execute()
    old = (
        (Notice.once_key.is_null() & (Notice.read_at < now - _keep))
        | (Notice.once_key.is_null() & (Notice.updated_at < now - max(_keep, KEPT_UNREAD)))
        | (Notice.updated_at < now - max(_keep, KEPT_ONCE))
    )
    return remove(each, Notice, old)
