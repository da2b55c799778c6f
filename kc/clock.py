"""What time is it: stored moments are naive UTC, shown days are those of the organisation's own zone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_ZONE = "Asia/Bangkok"
# Thailand keeps no summer time, so a machine without the zone database can still be right.
WITHOUT_DATABASE: dict[str, tzinfo] = {DEFAULT_ZONE: timezone(timedelta(hours=7), DEFAULT_ZONE), "UTC": UTC}


class Frozen:
    """A clock that stands still until a test moves it; with `runs` it goes on from its moment as the machine's does."""

    def __init__(self, moment: datetime, runs: bool = False) -> None:
        self.moment = _naive_utc(moment)
        self._begun = _machine() if runs else None

    def now(self) -> datetime:
        return self.moment if self._begun is None else self.moment + (_machine() - self._begun)

    def move_to(self, moment: datetime) -> None:
        self.moment = _naive_utc(moment)

    def advance(self, **delta: float) -> None:
        """advance(days=3) and so on, as for timedelta."""
        self.moment += timedelta(**delta)


_lock = threading.Lock()
_frozen: list[Frozen] = []  # module-level, not per context: a test's other threads must see the same time
_zone: tzinfo = WITHOUT_DATABASE[DEFAULT_ZONE]


def _machine() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def find_zone(name: str) -> tzinfo:
    """Return the zone called `name`; ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if name in WITHOUT_DATABASE:
            return WITHOUT_DATABASE[name]
        raise ValueError(f"unknown time zone: {name!r}") from error


def configure(timezone_name: str) -> None:
    """Set the zone in which days are counted and times are shown; ValueError when the zone is unknown."""
    global _zone
    _zone = find_zone(timezone_name)


def now() -> datetime:
    """This moment as naive UTC, microseconds kept: the only form in which moments are stored."""
    frozen = _frozen
    return frozen[-1].now() if frozen else _machine()


def to_local(moment: datetime) -> datetime:
    """A stored moment (naive UTC) or an aware one, as an aware moment of the organisation's zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(_zone)


def from_local(moment: datetime) -> datetime:
    """A wall-clock moment typed by a person (naive, local) as the naive UTC moment to store."""
    return moment.replace(tzinfo=moment.tzinfo or _zone).astimezone(UTC).replace(tzinfo=None)


def today() -> date:
    """The day it is now where the organisation is."""
    return to_local(now()).date()


@contextmanager
def freeze(moment: datetime | date, *, runs: bool = False) -> Iterator[Frozen]:
    """Let `now()` stand still at `moment` (naive = UTC; a plain date = noon of that local day), or run on from there.
    For tests."""
    if not isinstance(moment, datetime):
        moment = from_local(datetime(moment.year, moment.month, moment.day, 12))
    frozen = Frozen(moment, runs)
    with _lock:
        _frozen.append(frozen)
    try:
        yield frozen
    finally:
        with _lock:
            _frozen.remove(frozen)
