"""Calendars to subscribe to: a secret address for a person's own sessions, or for those of one community.

The address needs no sign-in, for calendar programs have none; it ends when its owner revokes it, leaves or is locked.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import peewee as pw

from kc import clock, icalendar, labels
from kc.db import db
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import CalendarFeed, Community, Employee, Membership, Session, SessionStep
from kc.services import audit

LOOK_BACK = timedelta(days=180)
MOST = 1000  # sessions in one calendar
USUAL_LENGTH = timedelta(hours=1)
SIGNATURE = 40  # letters: 160 bits

_secret = b""


def configure(secret: str) -> None:
    """The server's secret signs the addresses: whoever reads the database has none of them."""
    global _secret
    _secret = hashlib.sha256(b"calendar feeds\0" + secret.encode()).digest()


def token(feed: CalendarFeed) -> str:
    """The secret part of a feed's address."""
    return f"{feed.id}-{_signature(feed)}"


def _signature(feed: CalendarFeed) -> str:
    said = f"{feed.id}:{feed.employee_id}:{feed.community_id}:{feed.salt}"
    return hmac.new(_secret, said.encode(), hashlib.sha256).hexdigest()[:SIGNATURE]


def find(text: str) -> CalendarFeed | None:
    """The feed of an address, with its owner and community; None for an unknown or revoked one, or whoever left."""
    number, _dash, signature = text.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    feed = _feeds().where(CalendarFeed.id == int(number)).first()
    if feed is None or not hmac.compare_digest(_signature(feed).encode(), signature.encode()):
        return None
    owner = feed.employee
    return feed if owner.is_active and owner.is_activated and not owner.locked_reason else None


def _feeds() -> pw.ModelSelect:
    return (
        CalendarFeed.select(CalendarFeed, Employee, Community)
        .join_from(CalendarFeed, Employee)
        .join_from(CalendarFeed, Community, pw.JOIN.LEFT_OUTER)
        .where(CalendarFeed.revoked_at.is_null())
    )


def of(employee: Employee) -> list[CalendarFeed]:
    """Somebody's addresses that work, their own calendar first."""
    mine = _feeds().where(CalendarFeed.employee == employee)
    return list(mine.order_by(CalendarFeed.community.is_null(False), CalendarFeed.id))


def subscribe(employee: Employee, community: Community | None = None) -> CalendarFeed:
    """The address for all of somebody's sessions, or for those of `community`; asked again, the same."""
    with db.atomic():
        key = f"{employee.id}:{community.id if community else ''}"
        new = {"employee": employee, "community": community, "salt": secrets.token_hex(16), "open_key": key}
        made = CalendarFeed.insert(**new).on_conflict_ignore().as_rowcount().execute()
        feed: CalendarFeed = _feeds().where(CalendarFeed.open_key == key).get()
        if made:
            audit.record(employee, "calendar.subscribed", feed, community=community.id if community else None)
    return feed


def revoke(employee: Employee, feed: CalendarFeed) -> None:
    """End an address; twice is no error."""
    with db.atomic():
        working = (CalendarFeed.id == feed.id) & CalendarFeed.revoked_at.is_null()
        if CalendarFeed.update(revoked_at=clock.now(), open_key=None).where(working).execute():
            audit.record(employee, "calendar.revoked", feed)


def renew(employee: Employee, feed: CalendarFeed) -> CalendarFeed:
    """Another address for the same calendar, for when the old one came into wrong hands."""
    with db.atomic():
        revoke(employee, feed)
        return subscribe(employee, feed.community if feed.community_id else None)


# ---- what stands in them -------------------------------------------------------------------------------------------


def file_of(feed: CalendarFeed, address: Callable[[Session], str]) -> bytes:
    """The calendar file, in its owner's language. `address(session)`: the page of a session."""
    if feed.last_read_on != clock.today():
        CalendarFeed.update(last_read_on=clock.today()).where(CalendarFeed.id == feed.id).execute()
    with use_language(feed.employee.language or "th"):
        name = feed.community.name if feed.community_id else _("กิจกรรมแลกเปลี่ยนเรียนรู้ของฉัน")
        return _file(name, _sessions_of(feed), address)


def file_of_session(session: Session, address: Callable[[Session], str]) -> bytes:
    """One session, to be put into a calendar by hand."""
    return _file(session.topic, [_with_people(Session.id == session.id).get()], address)


def _file(name: str, sessions: list[Session], address: Callable[[Session], str]) -> bytes:
    steps = _steps_of(sessions)
    return icalendar.calendar(name, [event(s, address(s), steps.get(s.id, [])) for s in sessions])


def _sessions_of(feed: CalendarFeed) -> list[Session]:
    where = Session.held_on >= clock.today() - LOOK_BACK
    if feed.community_id:
        where &= Session.held_by([feed.community_id])
    else:
        mine = Membership.select(Membership.community).where(
            (Membership.employee == feed.employee) & Membership.left_at.is_null()
        )
        named = (
            (Session.presenter == feed.employee)
            | (Session.facilitator == feed.employee)
            | (Session.deputy == feed.employee)
        )
        where &= Session.held_by(mine) | named
    return list(_with_people(where).order_by(Session.held_on.desc(), Session.id.desc()).limit(MOST))


def _with_people(where: pw.Expression) -> pw.ModelSelect:
    presenter, facilitator = Employee.alias(), Employee.alias()
    outer = pw.JOIN.LEFT_OUTER
    return (
        Session.select(Session, Community, presenter, facilitator)
        .join_from(Session, Community)
        .join_from(Session, presenter, outer, on=(Session.presenter == presenter.id), attr="presenter")
        .join_from(Session, facilitator, outer, on=(Session.facilitator == facilitator.id), attr="facilitator")
        .where(where)
    )


def _steps_of(sessions: list[Session]) -> dict[int, list[str]]:
    rows = SessionStep.select().where(SessionStep.session.in_([s.id for s in sessions])).order_by(SessionStep.position)
    found: dict[int, list[str]] = {}
    for step in rows:
        line = _("%(minutes)d นาที %(title)s", minutes=step.minutes, title=step.title)
        found.setdefault(step.session_id, []).append(f"- {line} ({step.who})" if step.who else f"- {line}")
    return found


def event(session: Session, url: str, steps: list[str]) -> icalendar.Event:
    """A session as calendars show it. Versions count every change, its community's cancellation too: SEQUENCE."""
    begins = clock.from_local(datetime.combine(session.held_on, session.starts))
    ends = clock.from_local(datetime.combine(session.held_on, session.ends)) if session.ends else begins + USUAL_LENGTH
    off = session.cancelled_at is not None or session.community.is_cancelled
    return icalendar.Event(
        uid=f"session-{session.id}-{hashlib.sha256(session.form_key.encode()).hexdigest()[:16]}@knowledge-center",
        begins=begins,
        ends=max(ends, begins),
        title=_("ยกเลิก: %(topic)s", topic=session.topic) if off else session.topic,
        changed_at=max(session.updated_at, session.community.updated_at),
        sequence=session.version + session.community.version - 2,
        cancelled=off,
        text=_text(session, url, steps),
        place=session.place or session.link,
        url=url,
    )


def _text(session: Session, url: str, steps: list[str]) -> str:
    presenter = session.presenter.name if session.presenter_id else session.presenter_name
    lines = [
        session.community.name,
        str(labels.TECHNIQUES.get(session.technique, "")),
        _("ผู้นำเสนอ: %(name)s", name=presenter) if presenter else "",
        _("ผู้ดำเนินรายการ: %(name)s", name=session.facilitator.name) if session.facilitator_id else "",
        _("พบกันออนไลน์: %(link)s", link=session.link) if session.link else "",
        *steps,
        url,
    ]
    return "\n".join(line for line in lines if line)
