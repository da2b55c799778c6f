"""The page of a session: what it shows, as a whole or one part of it for htmx."""

from collections.abc import Callable
from typing import Any

import peewee as pw
from flask import Response, g, request

from kc import clock, policy, together
from kc.forms.session_day import ParkForm, TimerForm
from kc.forms.sessions import GuestForm, NoteForm
from kc.models import Attachment, Attendance, Employee, OrgUnit, Session
from kc.models.sessions import NOTE_KINDS
from kc.services import agenda, communities, community_people, connections, guests, notes, parking, reading, session_day
from kc.together import beside, rows_of
from kc.web.htmx import render, wants_fragment

PEOPLE = ("presenter", "facilitator", "deputy")


def show_page(session: Session, status: int = 200, block: str | None = None, **context: Any) -> Response:
    """The whole page, or one of its PARTS when htmx wants no more; only what is shown is read."""
    part, day = block if wants_fragment() else None, session_day.of_session(session)
    can_read = policy.can_read_notes(g.employee, session)
    shown: dict[str, Any] = {
        "community": session.community,
        "session": session,
        "can_read": can_read,
        "can_write": policy.can_write_notes(g.employee, session),
        "can_edit": policy.can_edit_community(g.employee, session.community),
        "cursor": clock.now().isoformat(),
        "day": day,
        "timer": day.timer,
        "seconds_left": session_day.seconds_left(day.timer) if day.timer else 0,
        "is_today": session.held_on == clock.today() and session.cancelled_at is None,
    }
    for name, read in PARTS.items():
        if part in (None, name):
            shown |= read(session)
    if part is None:
        shown |= _notes_and_files(session, can_read) | {"joint": connections.partners(session)}
    return render("sessions/show.html", block=block, status=status, **shown | context)


def _notes_and_files(session: Session, can_read: bool) -> dict[str, Any]:
    kind = request.args.get("kind", "")
    form = NoteForm(client_key=communities.new_form_key(), version=0, kind=kind if kind in NOTE_KINDS else "point")
    if not can_read:
        return {"notes": [], "files": [], "note_form": form}
    tried_in = policy.tries_in(g.employee, session)
    files = session.attachments.where(policy.visible_files(g.employee)).order_by(Attachment.id)
    return {
        "notes": notes.of_session(session, tried_in=tried_in),
        "tried_in": tried_in,
        "files": reading.with_states(files),
        "note_form": form,
    }


def _agenda_part(session: Session) -> dict[str, Any]:
    return {"steps": agenda.of(session), "timer_form": TimerForm(minutes="10")}


def _attendance_part(session: Session) -> dict[str, Any]:
    came, members, listed = together.answer(
        beside(
            rows_of(_attendance(session)),
            community_people.ask_people_of_session(session),
            rows_of(guests.of_session(session)),
        )
    )
    guests_here = {row.guest_id for row in came}
    return {
        "guests": [guest for guest in listed if guest.id not in guests_here],
        "members": members,
        "came": came,
        "present": {row.employee_id for row in came if row.employee_id},
        "others": [row for row in came if row.employee_id and row.employee_id not in {m.id for m in members}],
        "guest_form": GuestForm(),
    }


def _parking_part(session: Session) -> dict[str, Any]:
    can_read = policy.can_read_notes(g.employee, session)
    return {
        "parked": parking.of_session(session) if can_read else [],
        "park_form": ParkForm(form_key=communities.new_form_key()),
    }


def _conclusions_part(session: Session) -> dict[str, Any]:
    """Only a part of its own asks for notes of one kind: the page has them all."""
    if not wants_fragment() or not policy.can_read_notes(g.employee, session):
        return {}
    return {"notes": [note for note in notes.of_session(session) if note.kind == session_day.CONCLUSION]}


# Parts of the page that refresh alone, by the names of their blocks, and what each shows.
PARTS: dict[str, Callable[[Session], dict[str, Any]]] = {
    "agenda": _agenda_part,
    "attendance": _attendance_part,
    "parking": _parking_part,
    "conclusions": _conclusions_part,
}


def _attendance(session: Session) -> pw.ModelSelect:
    return (
        Attendance.select(Attendance, Employee, OrgUnit)
        .left_outer_join(Employee, on=(Attendance.employee == Employee.id))
        .left_outer_join(OrgUnit)
        .where(Attendance.session == session)
        .order_by(Employee.sort_key, Attendance.guest_name)
    )


def people_of(session: Session) -> dict[str, Employee | None]:
    """Presenter, facilitator and deputy, in one statement."""
    ids = {role: getattr(session, f"{role}_id") for role in PEOPLE}
    found = {e.id: e for e in Employee.select().where(Employee.id.in_([i for i in ids.values() if i]))}
    return {role: found.get(number) for role, number in ids.items()}
