"""The days of a meeting that comes again: every week, every second week, every month. Pure: a rule in, days out."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from kc.models.plans import FORTNIGHTLY, MONTHLY, RHYTHMS, WEEKLY

__all__ = ["FORTNIGHTLY", "MONTHLY", "RHYTHMS", "WEEKLY", "days", "week_of_month"]

STEP = {WEEKLY: timedelta(days=7), FORTNIGHTLY: timedelta(days=14)}


def days(rhythm: str, first: date, until: date) -> Iterator[date]:
    """`first` and every day after it that the rhythm meets, up to and with `until`.

    Monthly keeps the weekday: the second Wednesday stays the second Wednesday; a fifth one is each month's last.
    KeyError for a rhythm that is none.
    """
    found = _monthly(first) if rhythm == MONTHLY else _stepwise(first, STEP[rhythm])
    return takewhile(lambda day: day <= until, found)


def _stepwise(first: date, step: timedelta) -> Iterator[date]:
    while True:
        yield first
        first += step


def _monthly(first: date) -> Iterator[date]:
    nth, month = week_of_month(first), first.year * 12 + first.month - 1
    while True:
        yield _nth_weekday(date(month // 12, month % 12 + 1, 1), first.weekday(), nth)
        month += 1


def week_of_month(day: date) -> int:
    """1 to 4 for the first to fourth of its weekday in the month, -1 for a fifth: the last one."""
    nth = (day.day - 1) // 7 + 1
    return nth if nth < 5 else -1


def _nth_weekday(month: date, weekday: int, nth: int) -> date:
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    if nth > 0:
        return first + timedelta(weeks=nth - 1)
    last = first + timedelta(weeks=4)
    return last if last.month == month.month else last - timedelta(weeks=1)
