"""Dates shown and typed the Thai way (REQUIREMENTS 5, "B.E. years")."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc import clock
from kc.i18n import use_language
from kc.thai import (
    format_date,
    format_datetime,
    format_day_range,
    format_time,
    parse_date,
    parse_year,
    relative_days,
    to_arabic_digits,
    to_thai_digits,
)

TODAY = date(2026, 11, 21)
days = st.dates(date(1900, 1, 1), date(2156, 12, 31))
near_days = st.dates(date(1997, 1, 1), date(2046, 12, 31))


def test_styles():
    assert format_date(TODAY) == "21 พฤศจิกายน 2569"
    assert format_date(TODAY, "medium") == "21 พ.ย. 2569"
    assert format_date(TODAY, "short") == "21 พ.ย. 69"
    assert format_date(TODAY, "numeric") == "21/11/2569"
    assert format_date(TODAY, thai_digits=True) == "๒๑ พฤศจิกายน ๒๕๖๙"
    with pytest.raises(ValueError, match="tiny"):
        format_date(TODAY, "tiny")


def test_english_reader_gets_the_christian_year():
    with use_language("en"):
        assert format_date(TODAY) == "21 November 2026"
        assert format_date(TODAY, "short") == "21 Nov 2026"
        assert format_time(datetime(2026, 11, 21, 7, 2)) == "14:02"


def test_moments_are_shown_in_the_local_zone():
    stored = datetime(2026, 11, 20, 17, 2)  # UTC: two minutes past midnight of the 21st in Bangkok
    assert format_datetime(stored) == "21 พ.ย. 69 00:02 น."
    assert format_date(stored, "short") == "21 พ.ย. 69"
    assert format_time(datetime(2026, 11, 21, 7, 2)) == "14:02 น."


def test_ranges():
    assert format_day_range(TODAY, TODAY) == "21 พฤศจิกายน 2569"
    assert format_day_range(TODAY, date(2026, 11, 23)) == "21–23 พฤศจิกายน 2569"
    assert format_day_range(TODAY, date(2027, 1, 2), "short") == "21 พ.ย. 69 – 2 ม.ค. 70"
    assert format_day_range(TODAY, date(2026, 11, 23), "numeric") == "21/11/2569 – 23/11/2569"


@pytest.mark.parametrize(
    ("day", "words"),
    [(21, "วันนี้"), (22, "พรุ่งนี้"), (20, "เมื่อวานนี้"), (24, "อีก 3 วัน"), (18, "3 วันก่อน")],
)
def test_relative_days(day, words):
    assert relative_days(date(2026, 11, day), TODAY) == words
    with clock.freeze(TODAY):
        assert relative_days(date(2026, 11, day)) == words


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-21",
        "2569-11-21",
        "21/11/2569",
        "21/11/69",
        "21/11/2026",
        "๒๑/๑๑/๒๕๖๙",
        " 21-11-2569 ",
        "21.11.69",
        "21 พ.ย. 2569",
        "21พย69",
        "21 พฤศจิกายน 69",
        "๒๑ พฤศจิกายน พ.ศ. ๒๕๖๙",
        "วันเสาร์ที่ 21 พฤศจิกายน พ.ศ. 2569",
        "วันที่ 21 เดือนพฤศจิกายน 2569",
        "21 พ.ย. ค.ศ. 2026",
        "21 Nov 2026",
        "November 21, 2026",
        "วันนี้",
    ],
)
def test_accepted_dates(typed):
    assert parse_date(typed, TODAY) == TODAY


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "อ่านวันที่นี้ไม่ออก"),
        ("เร็วๆ นี้", "อ่านวันที่นี้ไม่ออก"),
        ("21/11", "อ่านวันที่นี้ไม่ออก"),
        ("21 กกก 2569", "อ่านวันที่นี้ไม่ออก"),
        ("31/2/2569", "ไม่มีวันที่ 31 กุมภาพันธ์ 2569"),
        ("29/2/2569", "ไม่มีวันที่ 29 กุมภาพันธ์ 2569"),  # 2026 is no leap year, whatever 2569 divides by
        ("0/1/2569", "ไม่มีวันที่ 0"),
        ("11/21/2569", "ไม่มีเดือน 21"),
        ("21/11/3104", "ไม่มีปี 3104"),
        ("21/11/1483", "ไม่มีปี 1483"),
        ("21/11/26", "อ่านได้หลายแบบ"),
        ("21/11/569", "ไม่มีปี 569"),
        ("21 พ.ย. พ.ศ. 2026", "ไม่มีปี พ.ศ. 2026"),
        ("21 พ.ย. ค.ศ. 2569", "ไม่มีปี ค.ศ. 2569"),
    ],
)
def test_refused_dates_say_why(typed, reason):
    with pytest.raises(ValueError, match=reason):
        parse_date(typed, TODAY)


def test_leap_day_of_a_leap_year_is_a_day():
    assert parse_date("29/2/2567", TODAY) == date(2024, 2, 29)


@given(days, st.sampled_from(["long", "medium", "numeric"]), st.booleans())
def test_what_is_shown_can_be_typed_back(day, style, thai_digits):
    assert parse_date(format_date(day, style, thai_digits=thai_digits), TODAY) == day


@given(near_days)
def test_short_dates_near_today_can_be_typed_back(day):
    assert parse_date(format_date(day, "short"), TODAY) == day


@given(days)
def test_iso_and_english_dates_are_read_as_they_stand(day):
    assert parse_date(day.isoformat(), TODAY) == day
    with use_language("en"):
        assert parse_date(format_date(day, "short"), TODAY) == day


@given(st.text(alphabet=st.sampled_from("0123456789๐๑๒๙/.- พศคยม\nabฯ,"), max_size=20))
def test_nothing_typed_raises_anything_but_a_reason(typed):
    for read in (parse_date, parse_year):
        try:
            read(typed, TODAY)
        except ValueError as reason:
            assert str(reason).strip()  # noqa: PT017


@pytest.mark.parametrize(
    "typed", ["2569", "69", "๒๕๖๙", "๖๙", "2026", " พ.ศ. 2569 ", "พ.ศ.๒๕๖๙", "ค.ศ. 2026", "ปี 2569"]
)
def test_accepted_years(typed):
    assert parse_year(typed, TODAY) == 2569


@pytest.mark.parametrize(
    "typed", ["", "9", "269", "26", "3104", "1483", "25690", "ค.ศ. 2569", "พ.ศ. 2026", "-69", "๒๕6", "x"]
)
def test_refused_years(typed):
    with pytest.raises(ValueError, match="ปี"):
        parse_year(typed, TODAY)


@given(st.integers(0, 9999))
def test_no_year_has_two_readings(number):
    try:
        year = parse_year(f"{number:04d}", TODAY)
    except ValueError:
        assert not 1900 <= number <= 2156 and not 2443 <= number <= 2699
    else:
        assert year == (number if number > 2400 else number + 543)
        assert abs(year - 2569) < 131


@given(st.text())
def test_digits_go_there_and_back(text):
    assert to_arabic_digits(to_thai_digits(text)) == to_arabic_digits(text)
    assert not set("0123456789") & set(to_thai_digits(text))
