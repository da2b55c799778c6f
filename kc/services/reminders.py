"""What is looked at once a day: each area looks for what comes near or is late, and tells those whom it concerns."""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import peewee as pw

from kc import clock
from kc.db import db
from kc.models import DailyRound
from kc.services import (
    announcements,
    evaluation,
    follow_up,
    mail,
    notices,
    question_reminders,
    round_reminders,
    series,
    summary_duties,
    trial_reminders,
)
from kc.services.piecemeal import Each

T = TypeVar("T")

log = logging.getLogger(__name__)

EVERY = 600.0  # seconds between two looks at the calendar
LONGEST_PAUSE = 0.2  # seconds between two pieces
MORNING = 6  # hour of the local day before which nobody is reminded
HOLD = dt.timedelta(minutes=5)  # many times what one piece of a round takes
MOST_TRIES = 5  # of a day; what fails so often is left to tomorrow, which looks back some days

# name -> what looks for `clock.today()`, piece by piece. Each may be repeated without telling anything twice
# (`notices.tell(once=…)`): a piece that was done is done again when another failed.
ROUNDS: dict[str, Callable[[Each], object]] = {
    "evaluation": evaluation.remind_all,
    "follow_up": follow_up.remind_all,
    "rounds": round_reminders.look,
    series.ROUND: series.go_on,
    announcements.ROUND: announcements.coming,
    "summaries": summary_duties.remind,
    "notices": notices.sweep,
    "mail": mail.sweep,
    "trials": trial_reminders.remind,
    "questions": question_reminders.remind,
}

_looked_at = -EVERY


def now_and_then() -> None:
    """Make today's rounds, unless they were made; called by a background thread."""
    global _looked_at
    if time.monotonic() - _looked_at < EVERY or clock.to_local(clock.now()).hour < MORNING:
        return
    _looked_at = time.monotonic()
    for name in ROUNDS:
        make(name)


def make(name: str) -> bool:
    """Make one round for today. False when it was made already or another process makes it, and when some of it
    failed: that is logged, stops nothing else, and has the round made again later."""
    turn = _take(name)
    if turn is None:
        return False
    try:
        ROUNDS[name](turn.each)
    except _Lost:
        log.warning("reminders: the round %s took too long and is made by another process", name)
        return False
    except Exception:
        turn.failed += 1
        log.exception("reminders: the round %s failed", name)
    return turn.end()


class _Lost(Exception):
    """Another process holds the round by now."""


class _Turn:
    """One process making one day's round."""

    def __init__(self, row: pw.Expression, claim: str, held_until: dt.datetime, name: str) -> None:
        self._ours, self._held_until, self._name = row & (DailyRound.claim == claim), held_until, name
        self.failed = 0

    def each(self, things: Iterable[T], work: Callable[[T], object]) -> None:
        """Do `work` for each; what fails is logged and stops none of the others."""
        for thing in list(things):
            self._hold_on()
            began = time.monotonic()
            try:
                with db.atomic():
                    work(thing)
            except Exception:
                self.failed += 1
                log.exception("reminders: the round %s failed at %s", self._name, thing)
            time.sleep(min(time.monotonic() - began, LONGEST_PAUSE))  # SQLite's one writer is others' as long as ours

    def _hold_on(self) -> None:
        if clock.now() < self._held_until - HOLD / 2:
            return
        self._held_until = clock.now() + HOLD
        if not DailyRound.update(claimed_until=self._held_until).where(self._ours).execute():
            raise _Lost

    def end(self) -> bool:
        """Note that the day is done; or, when something failed, let it be taken up again."""
        if self.failed:
            DailyRound.update(claimed_until=None).where(self._ours).execute()
            return False
        return bool(DailyRound.update(claimed_until=None, made_at=clock.now()).where(self._ours).execute())


def _take(name: str) -> _Turn | None:
    """Today's round, now ours; None when it was made, is being made, or failed too often."""
    now, claim = clock.now(), secrets.token_hex(8)
    today = (DailyRound.name == name) & (DailyRound.day == clock.today())
    free = DailyRound.claimed_until.is_null() | (DailyRound.claimed_until < now)
    held = {"claim": claim, "claimed_until": now + HOLD, "tries": DailyRound.tries + 1}
    with db.atomic():
        DailyRound.insert(name=name, day=clock.today()).on_conflict_ignore().execute()
        unmade = today & DailyRound.made_at.is_null() & (DailyRound.tries < MOST_TRIES)
        taken = DailyRound.update(**held).where(unmade & free).execute()
    return _Turn(today, claim, now + HOLD, name) if taken else None
