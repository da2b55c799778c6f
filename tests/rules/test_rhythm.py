"""The days of a meeting that comes again (S0-154)."""

from datetime import date
from itertools import islice

import pytest

from kc.services import rhythm

FAR = date(2040, 1, 1)


def first(n, every, day, until=FAR):
    return [d.isoformat() for d in islice(rhythm.days(every, day, until), n)]


@pytest.mark.parametrize(
    ("every", "day", "days"),
    [
        ("weekly", date(2026, 11, 25), ["2026-11-25", "2026-12-02", "2026-12-09"]),
        ("fortnightly", date(2026, 12, 23), ["2026-12-23", "2027-01-06", "2027-01-20"]),
        ("monthly", date(2026, 11, 11), ["2026-11-11", "2026-12-09", "2027-01-13"]),  # the second Wednesday
        ("monthly", date(2026, 12, 1), ["2026-12-01", "2027-01-05", "2027-02-02"]),  # the first Tuesday
        ("monthly", date(2026, 12, 31), ["2026-12-31", "2027-01-28", "2027-02-25"]),  # the last Thursday
    ],
)
def test_s0_154_days_of_a_rhythm(every, day, days):
    assert first(3, every, day) == days


def test_until_is_the_last_day_that_counts():
    assert first(9, "weekly", date(2026, 11, 25), date(2026, 12, 9)) == ["2026-11-25", "2026-12-02", "2026-12-09"]


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2026, 5, 29), date(2026, 5, 31)])
def test_monthly_never_skips_a_month_and_keeps_its_weekday(day):
    found = list(islice(rhythm.days("monthly", day, FAR), 24))
    assert [d.year * 12 + d.month for d in found] == list(
        range(day.year * 12 + day.month, day.year * 12 + day.month + 24)
    )
    assert {d.weekday() for d in found} == {day.weekday()}


def test_another_rhythm_is_refused():
    with pytest.raises(KeyError):
        list(rhythm.days("daily", date(2026, 1, 1), FAR))
