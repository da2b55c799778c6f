"""What is looked at once a day: each area looks for what comes near or is late, and tells those whom it concerns."""

import logging
import time
from collections.abc import Callable

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

log = logging.getLogger(__name__)

EVERY = 600.0  # seconds between two looks at the calendar
MORNING = 6  # hour of the local day before which nobody is reminded

# name -> what looks for `clock.today()`; each may be repeated without telling anything twice (`notices.tell(once=…)`)
ROUNDS: dict[str, Callable[[], object]] = {
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
    """Make one round for today; False when it was made already. A fault in one round keeps no other from being made.

    The row that claims the day is written in the round's own transaction: of several processes one makes the round,
    and a round that failed, or whose process died, leaves the day free for another try.
    """
    try:
        with db.atomic():
            if not _claim(name):
                return False
            ROUNDS[name]()
    except Exception:
        log.exception("reminders: the round %s failed and is made again later", name)
        return False
    return True


def _claim(name: str) -> bool:
    try:
        with db.atomic():
            DailyRound.create(name=name, day=clock.today())
    except pw.IntegrityError:
        return False
    return True
