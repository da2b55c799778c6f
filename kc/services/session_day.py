"""A session on its day: the timer everybody sees, signing in by QR, and whether something on the page changed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Attendance, Employee, ParkedThought, Session, SessionNote, SessionSummary, SessionTimer
from kc.services import audit, sessions, summaries

LONGEST_TIMER = 180  # minutes
CONCLUSION = "conclusion"
PEOPLE = ("presenter", "facilitator", "deputy")
COUNTED = ("attendance", "parking", "conclusions")


# ---- signing in ----------------------------------------------------------------------------------------------------


def sign_in(employee: Employee, session: Session) -> None:
    """Someone who scanned the code is there. Scanning twice is no error; only on the day itself."""
    if session.cancelled_at is not None or session.community.is_cancelled:
        raise DomainError(_("กิจกรรมนี้ยกเลิกแล้ว ลงชื่อไม่ได้"))
    if session.held_on != clock.today():
        day = thai.format_date(session.held_on)
        raise DomainError(_("ลงชื่อได้ในวันจัดกิจกรรม %(day)s เท่านั้น หากมาจริงแต่ไม่ได้ลงชื่อ โปรดแจ้งคุณอำนวยหรือคุณลิขิต", day=day))
    if not has_come(employee, session):
        sessions.mark_present(employee, session, employee, True)


def has_come(employee: Employee, session: Session) -> bool:
    return Attendance.select().where((Attendance.session == session) & (Attendance.employee == employee)).exists()


# ---- the timer -----------------------------------------------------------------------------------------------------


def start_timer(by: Employee, session: Session, minutes: int, label: str = "") -> None:
    """Everybody's timer runs from now; one that ran before gives way to it."""
    if not 1 <= minutes <= LONGEST_TIMER:
        raise DomainError(_("จับเวลาได้ 1–%(n)d นาที", n=LONGEST_TIMER), field="minutes")
    values: dict[str, Any] = {
        "label": thai.clean_line(label)[:200],
        "minutes": minutes,
        "ends_at": clock.now() + timedelta(minutes=minutes),
        "started_by": by,
    }
    with db.atomic():
        SessionTimer.insert(session=session, **values).on_conflict(
            conflict_target=[SessionTimer.session],
            update={getattr(SessionTimer, name): value for name, value in values.items()},
        ).execute()
        audit.record(by, "session.timer", session, minutes=minutes)


def extend_timer(by: Employee, session: Session, minutes: int) -> None:
    """Some minutes more, from now when the time is already over. No timer: one of these minutes."""
    timer = SessionTimer.get_or_none(SessionTimer.session == session)
    if timer is None:
        return start_timer(by, session, minutes)
    ends_at = max(timer.ends_at, clock.now()) + timedelta(minutes=minutes)
    if ends_at - clock.now() > timedelta(minutes=LONGEST_TIMER):
        raise DomainError(_("จับเวลาได้ไม่เกิน %(n)d นาที", n=LONGEST_TIMER), field="minutes")
    with db.atomic():
        SessionTimer.update(ends_at=ends_at, minutes=SessionTimer.minutes + minutes).where(
            SessionTimer.id == timer.id
        ).execute()
        audit.record(by, "session.timer", session, more=minutes)


def stop_timer(by: Employee, session: Session) -> None:
    with db.atomic():
        if SessionTimer.delete().where(SessionTimer.session == session).execute():
            audit.record(by, "session.timer_stopped", session)


def seconds_left(timer: SessionTimer) -> int:
    return max(0, round((timer.ends_at - clock.now()).total_seconds()))


# ---- the page ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """What the page of a session shows beside its lists."""

    presenter: Employee | None
    facilitator: Employee | None
    deputy: Employee | None
    timer: SessionTimer | None
    summary: SessionSummary | None
    last_time: str  # what the group wanted to do better (S0-147)
    stamps: dict[str, str]


def of_session(session: Session) -> Day:
    """All of it in one statement."""
    people = [Employee.alias(role) for role in PEOPLE]
    said = summaries.last_time_rows(session.community, session).select(SessionSummary.improve).limit(1)
    rows = Session.select(
        Session.id, SessionTimer, SessionSummary, *people, said.alias("last_time"), *_stamp_columns(session)
    )
    for model, attr in ((SessionTimer, "timer"), (SessionSummary, "summary")):
        rows = rows.join_from(Session, model, pw.JOIN.LEFT_OUTER, on=(model.session == Session.id), attr=attr)
    for role, person in zip(PEOPLE, people, strict=True):
        same = getattr(Session, role) == person.id
        rows = rows.join_from(Session, person, pw.JOIN.LEFT_OUTER, on=same, attr=f"{role}_row")
    row = rows.where(Session.id == session.id).get()
    found = {name: _there(row, name) for name in ("timer", "summary")}
    found |= {role: _there(row, f"{role}_row") for role in PEOPLE}
    return Day(**found, last_time=row.last_time or "", stamps=_stamps(row))


def _there(row: Session, name: str) -> Any:
    """What was joined, or None where there was nothing."""
    joined = getattr(row, name, None)
    return joined if joined is not None and joined.id is not None else None


# ---- what changed --------------------------------------------------------------------------------------------------


def stamps(session: Session) -> dict[str, str]:
    """A short text for each part of the page that others change; another text means: look again. One statement."""
    return _stamps(Session.select(Session.id, *_stamp_columns(session)).where(Session.id == session.id).get())


def _stamp_columns(session: Session) -> list[Any]:
    count, newest = pw.fn.COUNT, pw.fn.MAX
    came = Attendance.select().where(Attendance.session == session)
    parked = ParkedThought.select().where((ParkedThought.session == session) | (ParkedThought.settled_in == session))
    concluded = SessionNote.select().where(
        (SessionNote.session == session) & (SessionNote.kind == CONCLUSION) & SessionNote.deleted_at.is_null()
    )
    timer = SessionTimer.select(SessionTimer.ends_at).where(SessionTimer.session == session)
    columns = {
        "attendance_n": came.select(count(Attendance.id)),
        "attendance_last": came.select(newest(Attendance.id)),
        "parking_n": parked.select(count(ParkedThought.id)),
        "parking_last": parked.select(newest(ParkedThought.updated_at)),
        "conclusions_n": concluded.select(count(SessionNote.id)),
        "conclusions_last": concluded.select(newest(SessionNote.updated_at)),
        "agenda_last": timer,
    }
    return [query.alias(name) for name, query in columns.items()]


def _stamps(row: Any) -> dict[str, str]:
    parts = {name: f"{getattr(row, f'{name}_n')}/{getattr(row, f'{name}_last')}" for name in COUNTED}
    return parts | {"agenda": str(row.agenda_last)}
