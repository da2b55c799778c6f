"""A community's meetings with what is planned for each, in a fixed number of statements."""

from datetime import datetime
from typing import NamedTuple

import peewee as pw

from kc.models import Community, MeetingPlan, SeriesDay, Session, SessionStep
from kc.services import meeting_plans
from kc.services.meeting_plans import TimedStep

SHOWN = 60


class Planned(NamedTuple):
    session: Session
    expected: str
    steps: list[TimedStep]
    is_recurring: bool
    host: str  # the community's name whose meeting it is


def of_community(community: Community) -> list[Planned]:
    """The newest sixty of its meetings, and of those it holds with others, in the order in which they are held.

    Called-off ones are left out.
    """
    expected, series = MeetingPlan.expected.alias("expected"), SeriesDay.id.alias("series_day")
    rows = list(
        Session.select(Session, expected, series, Community.name.alias("host"))
        .join_from(Session, Community)
        .join_from(Session, MeetingPlan, pw.JOIN.LEFT_OUTER, on=(MeetingPlan.session == Session.id))
        .join_from(Session, SeriesDay, pw.JOIN.LEFT_OUTER, on=(SeriesDay.session == Session.id))
        .where(Session.held_by([community]) & Session.cancelled_at.is_null())
        .order_by(Session.held_on.desc(), Session.starts.desc())
        .limit(SHOWN)
        .objects()
    )
    steps: dict[int, list[SessionStep]] = {}
    wanted = SessionStep.session.in_([row.id for row in rows])
    for step in SessionStep.select().where(wanted).order_by(SessionStep.position):
        steps.setdefault(step.session_id, []).append(step)
    return [_planned(row, steps.get(row.id, [])) for row in reversed(rows)]


def _planned(row: Session, steps: list[SessionStep]) -> Planned:
    return Planned(row, row.expected or "", meeting_plans.timed(row, steps), row.series_day is not None, row.host)


def hours(meetings: list[Planned]) -> float:
    """How much time they take together (S0-139), an hour for those without an end."""
    minutes = 0.0
    for meeting in meetings:
        session = meeting.session
        ends = session.ends and datetime.combine(session.held_on, session.ends)
        begins = datetime.combine(session.held_on, session.starts)
        minutes += (ends - begins).total_seconds() / 60 if ends else meeting_plans.USUAL_LENGTH
    return round(minutes / 60, 1)
