"""What members are told of sessions: that one takes place (about a month ahead, S0-138), the day before, changes.

Each function but `coming` is called inside the transaction of what happened.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import peewee as pw

from kc import clock
from kc.db import hold
from kc.models import Community, Employee, JointSession, SeriesDay, Session, SessionNotified, SessionSeries
from kc.models.communities import ACTIVE
from kc.models.plans import MONTHLY
from kc.services import community_people, notices
from kc.services.piecemeal import Each, by_hand

AHEAD = timedelta(days=31)
ROUND = "sessions"
LEADERS = ("presenter", "facilitator", "deputy")


def people_told(session: Session) -> list[Employee]:
    """Everybody of the communities that hold this session, and whoever has a task in it."""
    return community_people.people_of_session(session) + _named(session)


def _own_people(session: Session) -> list[Employee]:
    """Those of `people_told` whom a series' notice reaches: of the other communities only this one meeting is."""
    return community_people.people_of(session.community) + _named(session)


def _partners(session: Session) -> list[Employee]:
    own = {person.id for person in _own_people(session)}
    return [person for person in community_people.people_of_session(session) if person.id not in own]


def _named(session: Session) -> list[Employee]:
    ids = [i for i in (getattr(session, f"{role}_id") for role in LEADERS) if i]
    return list(Employee.select().where(Employee.id.in_(ids))) if ids else []


def planned(by: Employee | None, session: Session) -> None:
    """Tell of a new session, if it is no more than about a month ahead; `coming` tells of later ones in time."""
    if not clock.today() <= session.held_on <= clock.today() + AHEAD:
        return
    if _first_time(session, announced_at=clock.now()):
        _tell(session, "session.announced", by, once=f"session:{session.id}:announced")


def changed(by: Employee, session: Session, before: dict[str, Any], *, quietly: bool = False) -> None:
    """Tell that day, time, place or subject are others than `before`; nobody is told about what is long past.

    `quietly`, here and below: only the other communities that hold it; its own knows by the series' notice.
    """
    if any(before[name] != getattr(session, name) for name in TOLD) and _matters(session, before["held_on"]):
        _tell(session, "session.changed", by, _partners if quietly else people_told)


TOLD = ("held_on", "starts", "ends", "place", "link", "topic")


def as_told(session: Session) -> dict[str, Any]:
    """What `changed` compares with; to be taken before a change."""
    return {name: getattr(session, name) for name in TOLD}


def _matters(session: Session, also: date | None = None) -> bool:
    day = max(session.held_on, also or session.held_on)
    return session.cancelled_at is None and day >= clock.today()


def called_off(by: Employee, session: Session, *, quietly: bool = False) -> None:
    if session.held_on >= clock.today():
        _tell(session, "session.called_off", by, _partners if quietly else people_told)


def taken_back(by: Employee, session: Session) -> None:
    if session.held_on >= clock.today():
        _tell(session, "session.taken_back", by)


def community_cancelled(by: Employee, community: Community) -> None:
    """Its meetings go with it: the other communities that hold one too are told of each to come."""
    for session in _held_with_others(community):
        _tell(session, "session.called_off", by, _partners)


def community_reopened(by: Employee, community: Community) -> None:
    for session in _held_with_others(community):
        _tell(session, "session.taken_back", by, _partners)


def _held_with_others(community: Community) -> pw.ModelSelect:
    ahead = (Session.held_on >= clock.today()) & Session.cancelled_at.is_null()
    jointly = Session.id.in_(JointSession.select(JointSession.session))
    rows = Session.select(Session, Community).join(Community)
    return rows.where((Session.community == community) & ahead & jointly).order_by(Session.held_on, Session.id)


def series_begun(by: Employee, session: Session, series: SessionSeries) -> None:
    """One notice for all the meetings that come; each still has its reminder."""
    _tell(session, f"series.{series.rhythm}", by, _own_people, once=f"series:{series.id}:begun", until=series.until)


def series_changed(by: Employee, session: Session, series: SessionSeries | None) -> None:
    """One notice for whatever a change of this and all following meetings did."""
    if series is None:
        _tell(session, "series.stopped", by, _own_people)
    else:
        _tell(session, "series.changed", by, _own_people, until=series.until)


def told_with_series(sessions: list[Session]) -> None:
    """These need no announcement of their own: the series' notice named them."""
    for session in sessions:
        _first_time(session, announced_at=clock.now())


def _tell(
    session: Session,
    kind: str,
    by: Employee | None,
    whom: Callable[[Session], list[Employee]] = people_told,
    once: str = "",
    **facts: Any,
) -> None:
    notices.tell(
        whom(session),
        kind,
        f"/communities/{session.community_id}/sessions/{session.id}",
        actor=by,
        about=f"session:{session.id}",
        once=once,
        community=session.community.name,
        topic=session.topic,
        day=session.held_on,
        time=session.starts.strftime("%H:%M"),
        place=session.place or session.link,
        **facts,
    )


def _first_time(session: Session, **noted: Any) -> bool:
    """Note what was told of a session; False when that was noted before."""
    SessionNotified.insert(session=session).on_conflict_ignore().execute()
    new = [getattr(SessionNotified, name).is_null() for name in noted]
    update = SessionNotified.update(**noted).where((SessionNotified.session == session), *new)
    return bool(update.execute())


# ---- once a day ----------------------------------------------------------------------------------------------------


def coming(each: Each = by_hand) -> None:
    """The daily round: announce what has come within a month, remind of today's and tomorrow's."""
    each(_to_announce(), partial(_if_still, _to_announce, partial(planned, None)))
    each(_to_remind(), partial(_if_still, _to_remind, _remind))


def _if_still(wanted: Callable[[], pw.ModelSelect], work: Callable[[Session], None], known: Session) -> None:
    """As it is now: somebody may have moved it or called it off a moment ago."""
    hold(Session.select().where(Session.id == known.id))
    session = wanted().where(Session.id == known.id).first()
    if session is not None:
        work(session)


def _remind(session: Session) -> None:
    SessionNotified.insert(session=session).on_conflict_ignore().execute()
    SessionNotified.update(reminded_for=session.held_on).where(SessionNotified.session == session).execute()
    _tell(session, "session.reminder", None, once=f"session:{session.id}:reminder:{session.held_on}")


def _between(first: date, last: date) -> pw.ModelSelect:
    return (
        Session.select(Session, Community)
        .join_from(Session, Community)
        .join_from(Session, SessionNotified, pw.JOIN.LEFT_OUTER, on=(SessionNotified.session == Session.id))
        .where(Session.held_on.between(first, last) & Session.cancelled_at.is_null() & (Community.status == ACTIVE))
        .order_by(Session.held_on, Session.starts, Session.id)
    )


def _to_announce() -> pw.ModelSelect:
    """Single meetings and monthly ones: a notice for each weekly one would be noise."""
    often = SeriesDay.select(SeriesDay.session).join(SessionSeries).where(SessionSeries.rhythm != MONTHLY)
    today = clock.today()
    new = SessionNotified.announced_at.is_null() & Session.id.not_in(often)
    return _between(today, today + AHEAD).where(new)


def _to_remind() -> pw.ModelSelect:
    today = clock.today()
    other_day = SessionNotified.reminded_for.is_null() | (SessionNotified.reminded_for != Session.held_on)
    return _between(today, today + timedelta(days=1)).where(other_day)
