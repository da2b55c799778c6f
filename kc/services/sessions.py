"""Planning a session, changing it, calling it off, who came, and whether it took place."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Attachment, Attendance, Community, Employee, Guest, Session, SessionNote
from kc.models.sessions import TECHNIQUES
from kc.services import announcements, audit, community_people, findable, guests, proposals


def took_place() -> pw.Expression:
    """Condition on Session: its day came, and somebody was there, or notes or files are left of it.

    A recurring meeting stands in the calendar by itself, so that its day came says nothing.
    """
    traces = (
        Attendance.select(Attendance.session),
        SessionNote.select(SessionNote.session).where(SessionNote.deleted_at.is_null()),
        Attachment.select(Attachment.session).where(Attachment.session.is_null(False)),
    )
    left = reduce(or_, (Session.id.in_(trace) for trace in traces))
    return Session.cancelled_at.is_null() & (Session.held_on <= clock.today()) & left


def usual_facilitator(community: Community) -> Employee | None:
    """The community's facilitator, who is proposed for every session (S0-157); a deputy only when there is no other."""
    return next(iter(community_people.facilitators(community)), None)


def plan(by: Employee, community: Community, form_key: str, *, quietly: bool = False, **values: Any) -> Session:
    """Create a session, and tell its people. Sending the same form again returns what the first sending made.

    `quietly`: whoever plans several tells of them. `values`: held_on, starts, ends, place, link, topic, technique,
    presenter, presenter_name, facilitator, deputy.
    """
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว นัดกิจกรรมไม่ได้"))
    check(values)
    try:
        with db.atomic():
            session = Session.create(community=community, form_key=form_key, created_by=by, **values)
            if not quietly:
                announcements.planned(by, session)
            audit.record(by, "session.planned", session, community=community.id, on=values["held_on"])
            findable.session(session)
    except pw.IntegrityError:
        session = Session.get((Session.form_key == form_key) & (Session.community == community))
    return session


def change(by: Employee, session: Session, based_on: int, **values: Any) -> None:
    """Change a session from version `based_on`. Raises Conflict with the row as it is now when somebody saved first."""
    check(values)
    before = announcements.as_told(session)
    with db.atomic():
        if not session.save_version(based_on, updated_at=clock.now(), **values):
            raise Conflict(_("มีผู้อื่นแก้ไขกิจกรรมนี้ไปก่อนแล้ว"), Session.get_by_id(session.id))
        audit.record(by, "session.changed", session, on=values["held_on"])
        announcements.changed(by, session, before)
        findable.session(session)


def check(values: dict[str, Any]) -> None:
    """DomainError, with its field, for what cannot be planned."""
    if values["technique"] not in TECHNIQUES:
        raise DomainError(_("ไม่มีเทคนิคนี้ในรายการ"), field="technique")
    if values["ends"] is not None and values["ends"] <= values["starts"]:
        raise DomainError(_("เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม"), field="ends")
    if not values["place"] and not values["link"]:
        raise DomainError(_("โปรดระบุสถานที่ หรือลิงก์สำหรับพบกันออนไลน์"), field="place")
    if values["link"] and not values["link"].startswith(("https://", "http://")):
        raise DomainError(_("ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http://"), field="link")


def call_off(by: Employee, session: Session, *, quietly: bool = False) -> None:
    """Call a session off; it stays on record. `quietly`: whoever calls off several tells its community of them."""
    with db.atomic():
        _set_called_off(by, session, "session.called_off", clock.now())
        proposals.free(session)
        announcements.called_off(by, session, quietly=quietly)


def take_back(by: Employee, session: Session) -> None:
    """The session takes place after all."""
    with db.atomic():
        _set_called_off(by, session, "session.taken_back", None)
        announcements.taken_back(by, session)


def _set_called_off(by: Employee, session: Session, action: str, at: datetime | None) -> None:
    session.cancelled_at, session.updated_at, session.version = at, clock.now(), session.version + 1
    session.save(only=[Session.cancelled_at, Session.updated_at, Session.version])
    audit.record(by, action, session)
    findable.session(session)


def mark_present(by: Employee, session: Session, employee: Employee, present: bool) -> None:
    """Someone was there, or was not after all. Marking twice is no error."""
    with db.atomic():
        if present:
            Attendance.insert(
                session=session, employee=employee, guest_name="", marked_by=by, marked_at=clock.now()
            ).on_conflict_ignore().execute()
        else:
            Attendance.delete().where((Attendance.session == session) & (Attendance.employee == employee)).execute()
        audit.record(by, "session.attendance", session, employee=employee.employee_id, present=present)


def add_guest(by: Employee, session: Session, name: str, guest: Guest | None = None) -> None:
    """Someone from outside was there (S0-126): `guest` of the list, or whom `name` means. Twice is no error.

    DomainError for a name that several guests of the list bear.
    """
    with db.atomic():
        guest = guest or guests.named(session, name)
        if guest is None and guests.key_of_name(name) in _who_came_by_name(session):
            return
        who = {"guest": guest, "guest_name": guest.full_name if guest else name}
        new = Attendance.insert(session=session, **who, marked_by=by, marked_at=clock.now())
        if new.on_conflict_ignore().as_rowcount().execute():
            audit.record(by, "session.guest", session, name=who["guest_name"])


def _who_came_by_name(session: Session) -> set[str]:
    by_name = (Attendance.session == session) & Attendance.employee.is_null() & Attendance.guest.is_null()
    return {guests.key_of_name(row.guest_name) for row in Attendance.select().where(by_name)}


def remove_guest(by: Employee, session: Session, attendance_id: int) -> None:
    with db.atomic():
        Attendance.delete().where(
            (Attendance.id == attendance_id) & (Attendance.session == session) & Attendance.employee.is_null()
        ).execute()
        audit.record(by, "session.guest_removed", session)
