"""The agenda of a session with its times: what is talked about now, what comes next (S0-137)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from kc import clock
from kc.models import Session
from kc.services import meeting_plans

DONE, NOW, COMING = "done", "now", "coming"


class Planned(NamedTuple):
    """A step as it was planned."""

    title: str
    minutes: int | None = None
    who: str = ""


@dataclass(frozen=True)
class Step:
    """A step with its times of day. `state`: done, now or coming, as the clock stands."""

    title: str
    minutes: int | None
    who: str
    starts: time
    ends: time | None
    state: str


def of(session: Session) -> list[Step]:
    """The steps of a session, one after the other from its beginning; without a plan its topic is the only one."""
    steps = _planned(session) or [_whole(session)]
    found, at = [], datetime.combine(session.held_on, session.starts)
    for step in steps:
        until = at + timedelta(minutes=step.minutes) if step.minutes else None
        found.append(
            Step(step.title, step.minutes, step.who, at.time(), until.time() if until else None, _state(at, until))
        )
        at = until or at
    return found


def _planned(session: Session) -> list[Planned]:
    """The session's own plan of steps, as it was written beforehand."""
    return [Planned(step.title, step.minutes, step.who) for step in meeting_plans.steps_of(session)]


def _whole(session: Session) -> Planned:
    if session.ends is None:
        return Planned(session.topic)
    between = datetime.combine(session.held_on, session.ends) - datetime.combine(session.held_on, session.starts)
    return Planned(session.topic, int(between.total_seconds() // 60))


def _state(begins: datetime, ends: datetime | None) -> str:
    now = clock.to_local(clock.now()).replace(tzinfo=None)
    if now < begins:
        return COMING
    if ends is None:
        return NOW if now.date() == begins.date() else DONE
    return NOW if now < ends else DONE
