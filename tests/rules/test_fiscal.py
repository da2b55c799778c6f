"""Every day belongs to exactly one year, whatever the organisation calls it (PRODUCT 2; REQUIREMENTS 5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc import clock
from kc.fiscal import PRESETS, FiscalCalendar
from kc.i18n import use_language

calendars = st.builds(FiscalCalendar, st.integers(1, 12), st.sampled_from(["start", "end"]), st.just("ปี"))
days = st.dates(date(1900, 1, 1), date(2150, 12, 31))


@given(calendars, days)
def test_every_day_lies_within_its_own_year_only(calendar, day):
    year = calendar.year_of(day)
    holders = [y for y in range(year - 2, year + 3) if calendar.bounds(y)[0] <= day <= calendar.bounds(y)[1]]
    assert holders == [year]


@given(calendars, st.integers(2450, 2650))
def test_years_adjoin(calendar, year):
    first, last = calendar.bounds(year)
    assert calendar.bounds(year + 1)[0] == last + timedelta(days=1)
    assert calendar.year_of(first) == calendar.year_of(last) == year
    assert first.day == 1 and first.month == calendar.start_month
    assert 365 <= (last - first).days + 1 <= 366


@given(calendars, st.integers(2450, 2650))
def test_the_name_is_the_buddhist_year_of_its_first_or_last_day(calendar, year):
    named_day = calendar.bounds(year)[0 if calendar.named_by == "start" else 1]
    assert named_day.year + 543 == year


@given(calendars, st.integers(2450, 2650))
def test_months_and_quarters_run_through_the_year(calendar, year):
    first, last = calendar.bounds(year)
    months = calendar.months(year)
    assert months[0] == first and len(set(months)) == 12 and months == sorted(months)
    assert months[-1] <= last
    assert [calendar.quarter_of(month) for month in months] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


@pytest.mark.parametrize(
    ("preset", "day", "year"),
    [
        ("bank", date(2026, 3, 31), 2568),
        ("bank", date(2026, 4, 1), 2569),
        ("bank", date(2027, 3, 31), 2569),
        ("government", date(2021, 9, 30), 2564),
        ("government", date(2021, 10, 1), 2565),  # FY 2565 = 1 Oct 2564 - 30 Sep 2565
        ("government", date(2022, 9, 30), 2565),
        ("government", date(2014, 10, 1), 2558),
        ("hospital", date(2022, 9, 30), 2565),
        ("hospital", date(2022, 10, 1), 2566),
    ],
)
def test_presets(preset, day, year):
    assert PRESETS[preset].year_of(day) == year


def test_labels():
    assert PRESETS["bank"].label_for(2569) == "ปีบัญชี 2569"
    assert PRESETS["government"].label_for(2569, thai_digits=True) == "ปีงบประมาณ ๒๕๖๙"
    with use_language("en"):
        assert PRESETS["bank"].label_for(2569).endswith(" 2026")


def test_the_current_year_turns_at_local_midnight():
    with clock.freeze(clock.from_local(clock.datetime(2026, 3, 31, 23, 59))) as frozen:
        assert PRESETS["bank"].current() == 2568
        frozen.advance(minutes=1)
        assert PRESETS["bank"].current() == 2569


@pytest.mark.parametrize("arguments", [(0, "start", "ปี"), (13, "end", "ปี"), (4, "middle", "ปี")])
def test_nonsense_is_refused(arguments):
    with pytest.raises(ValueError, match="must be"):
        FiscalCalendar(*arguments)
