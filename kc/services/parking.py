"""Parked thoughts (ลานพักความคิด): what came up beside the topic, kept until the group has talked about it."""

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, ParkedThought, Session
from kc.services import audit

LONGEST = 500
MOST = 60  # shown at once


def park(by: Employee, session: Session, text: str, form_key: str) -> ParkedThought:
    """Park a thought; sending the same form again returns what the first sending made. DomainError for no text."""
    text = thai.clean_line(text)
    if not text:
        raise DomainError(_("ยังไม่ได้พิมพ์เรื่องที่จะพักไว้"), field="text")
    if len(text) > LONGEST:
        raise DomainError(_("เรื่องที่พักไว้ยาวได้ไม่เกิน %(n)d ตัวอักษร", n=LONGEST), field="text")
    try:
        with db.atomic():
            made = ParkedThought.create(session=session, text=text, form_key=form_key, created_by=by)
            audit.record(by, "thought.parked", made, session=session.id)
    except pw.IntegrityError:
        made = ParkedThought.get((ParkedThought.form_key == form_key) & (ParkedThought.session == session))
    return made


def settle(by: Employee, session: Session, thought: ParkedThought, settled: bool) -> None:
    """The group talked about it in `session`, or did not after all. Doing it twice is no error."""
    now = clock.now()
    with db.atomic():
        ParkedThought.update(
            settled_at=now if settled else None, settled_in=session if settled else None, updated_at=now
        ).where(ParkedThought.id == thought.id).execute()
        audit.record(by, "thought.settled" if settled else "thought.reopened", thought, session=session.id)


def of_session(session: Session) -> list[ParkedThought]:
    """Parked in this session, or left over from earlier ones of the community; each with its session and its author."""
    here = (ParkedThought.session == session) | (ParkedThought.settled_in == session)
    earlier = (Session.held_on < session.held_on) | ((Session.held_on == session.held_on) & (Session.id < session.id))
    left = ParkedThought.settled_at.is_null() & earlier & _of_line(session.community)
    return list(_thoughts().where(here | left).order_by(ParkedThought.id).limit(MOST))


def open_in(community: Community) -> list[ParkedThought]:
    """What a community (and the one it was renewed from) still wants to talk about, oldest first."""
    waiting = ParkedThought.settled_at.is_null() & _of_line(community)
    return list(_thoughts().where(waiting).order_by(ParkedThought.id).limit(MOST))


def find(session: Session, thought_id: int) -> ParkedThought | None:
    """One that stands on the page of `session`, or None."""
    of_line = _of_line(session.community) | (ParkedThought.session == session)
    return _thoughts().where((ParkedThought.id == thought_id) & of_line).first()


def _thoughts() -> pw.ModelSelect:
    return (
        ParkedThought.select(ParkedThought, Session, Employee)
        .join_from(ParkedThought, Session, on=(ParkedThought.session == Session.id))
        .join_from(ParkedThought, Employee, pw.JOIN.LEFT_OUTER, on=(ParkedThought.created_by == Employee.id))
    )


def _of_line(community: Community) -> pw.Expression:
    """Condition on Session: of this community, or of last year's that it was renewed from."""
    return Session.community.in_([number for number in (community.id, community.renewed_from_id) if number])
