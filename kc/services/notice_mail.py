"""From notices to messages: one for each person for whom something is due, however much happened.

At once means within minutes: what happens together goes together, and the more mail somebody got within a day, the
longer the pause until the next. Daily and weekly headings are gathered in the morning. What was read in the meantime is
not sent, and nobody gets a second message while one still waits for the mail server.
"""

import datetime as dt
import logging
import time
from collections.abc import Mapping
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db
from kc.models import Employee, Mail, Notice
from kc.models.mail import NOTICES, SENDING, WAITING
from kc.models.notices import DAILY, IMMEDIATE, WEEKLY
from kc.services import mail, notice_choices, notice_letter

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds between two looks
SETTLES = dt.timedelta(seconds=60)  # what comes within this goes together …
AT_LATEST = dt.timedelta(minutes=10)  # … but nobody waits longer because more keeps coming
PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=15), dt.timedelta(hours=2)  # for each message of the last day
WORTH = dt.timedelta(days=14)  # older than that it is no news any more
MONDAY = 0
_PEOPLE_AT_ONCE = 200

_hour = 7
_organisation = ""
_looked_at = -EVERY


def configure(settings: Mapping[str, Any]) -> None:
    """Take over KC_DIGEST_HOUR and the organisation's name."""
    global _hour, _organisation
    _hour, _organisation = settings["KC_DIGEST_HOUR"], settings["KC_ORG_NAME"]


def now_and_then() -> None:
    """Gather, unless that was done a moment ago; called by the sending thread."""
    global _looked_at
    if mail.is_on() and time.monotonic() - _looked_at >= EVERY:
        _looked_at = time.monotonic()
        gather()


def gather() -> int:
    """Write one message to everybody for whom something is due; returns how many. Nothing while no mail is sent."""
    if not mail.is_on():
        return 0
    now = clock.now()
    made = 0
    for person_id in _people(now):
        try:
            made += _write_to(person_id, now)
        except Exception:
            log.exception("notices: no message could be written to employee %s", person_id)
    return made


def last_morning(now: dt.datetime, weekday: int | None = None) -> dt.datetime:
    """The last time it was KC_DIGEST_HOUR here (on that weekday), as stored moments are kept."""
    local = clock.to_local(now)
    morning = local.replace(hour=_hour, minute=0, second=0, microsecond=0)
    back = 0 if morning <= local else 1
    if weekday is not None:
        back += (morning.weekday() - back - weekday) % 7
    day = (morning - dt.timedelta(days=back)).date()
    return clock.from_local(dt.datetime.combine(day, dt.time(_hour)))


def _waits() -> pw.Expression:
    return Notice.read_at.is_null() & Notice.mailed_at.is_null()


def _due(now: dt.datetime) -> pw.Expression:
    rhythm = notice_choices.rhythm()
    settled = (Notice.updated_at <= now - SETTLES) | (Notice.created_at <= now - AT_LATEST)
    daily = (rhythm == DAILY) & (Notice.updated_at < last_morning(now))
    weekly = (rhythm == WEEKLY) & (Notice.updated_at < last_morning(now, MONDAY))
    return _waits() & (Notice.updated_at > now - WORTH) & (((rhythm == IMMEDIATE) & settled) | daily | weekly)


def _people(now: dt.datetime) -> list[int]:
    """To whom a message may go now, whoever has waited longest first."""
    on_its_way = (Mail.kind == NOTICES) & Mail.state.in_((WAITING, SENDING)) & Mail.employee.is_null(False)
    still = Mail.select(Mail.employee).where(on_its_way)
    reachable = Employee.is_active & (Employee.locked_reason == "") & (Employee.email != "")
    query = notice_choices.joined(Notice.select(Notice.employee).join(Employee, on=Notice.employee))
    query = query.where(_due(now) & reachable & Notice.employee.not_in(still)).group_by(Notice.employee)
    resting = _resting(now)
    first = query.order_by(pw.fn.MIN(Notice.created_at), Notice.employee).limit(_PEOPLE_AT_ONCE + len(resting))
    return [number for (number,) in first.tuples() if number not in resting][:_PEOPLE_AT_ONCE]


def _resting(now: dt.datetime) -> set[int]:
    """Who got a message lately, and enough of them today to be left alone for a while."""
    today = (Mail.kind == NOTICES) & (Mail.created_at > now - dt.timedelta(days=1)) & Mail.employee.is_null(False)
    count, last = pw.fn.COUNT(Mail.id), pw.fn.MAX(Mail.created_at)
    counted = Mail.select(Mail.employee, count.alias("count"), last.alias("last")).where(today)
    rows = counted.group_by(Mail.employee).having(last > now - LONGEST_PAUSE)
    return {row.employee_id for row in rows if now < _moment(row.last) + min(PAUSE * row.count, LONGEST_PAUSE)}


def _moment(value: Any) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))


def _write_to(person_id: int, now: dt.datetime) -> int:
    """The notices are taken first, by compare-and-set: of two processes one writes the message."""
    with db.atomic():
        due = notice_choices.joined(Notice.select(Notice.id)).where(_due(now) & (Notice.employee == person_id))
        ids = [number for (number,) in due.tuples()]
        mine = Notice.id.in_(ids) & _waits()
        taken = [row.id for row in Notice.update(mailed_at=now).where(mine).returning(Notice.id).execute()]
        if not taken:
            return 0
        employee = Employee.get_by_id(person_id)
        notices = list(Notice.select().where(Notice.id.in_(taken)).order_by(Notice.updated_at.desc(), Notice.id.desc()))
        letter = notice_letter.write(employee, notices, _organisation)
        mail.queue(employee, employee.email, letter.subject, letter.text, letter.html, kind=NOTICES)
    return 1
