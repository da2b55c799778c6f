"""Dates and years as people type them (REQUIREMENTS 5, "B.E. years": 2569, 69, ๒๕๖๙ and 2026 are all understood)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kc import clock
from kc.i18n import gettext as _
from kc.thai.dates import ENGLISH_MONTHS, ERA_OFFSET, MONTHS, SHORT_MONTHS
from kc.thai.digits import to_arabic_digits

# The two ranges do not meet, so a four-digit year has one reading only: never 2561 -> 3104.
COMMON_ERA = range(1900, 2157)
BUDDHIST_ERA = range(COMMON_ERA.start + ERA_OFFSET, COMMON_ERA.stop + ERA_OFFSET)
# Two digits are the Buddhist year near today. Farther away ("26") people mean 2026 as often as 2526: ask.
SHORT_PAST, SHORT_FUTURE = 30, 20

_ERA = re.compile(
    r"(พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|B\.?E\.?|A\.?D\.?|C\.?E\.?)\s*(?=\d)|(?<=\d)\s*(B\.?E\.?|A\.?D\.?|C\.?E\.?)$", re.I
)
_WEEKDAY = re.compile(r"^(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)?(?:ที่)?\s*(?=\d)")
_NUMERIC = re.compile(r"(\d{1,4})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,4})")
_DAY_MONTH = re.compile(r"(\d{1,2})\s*(?:เดือน)?([^\W\d][^\d,]*)[\s,]*(\d{1,4})")
_MONTH_DAY = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2}),?\s+(\d{4})")


def _month_key(name: str) -> str:
    return re.sub(r"[\s.\-/]", "", name).casefold()


def _month_table() -> dict[str, int]:
    table: dict[str, int] = {}
    for names in (MONTHS, SHORT_MONTHS, ENGLISH_MONTHS, [name[:3] for name in ENGLISH_MONTHS]):
        table |= {_month_key(name): number for number, name in enumerate(names, start=1)}
    return table | {"sept": 9}


_MONTHS = _month_table()


def _take_era(text: str) -> tuple[str, str | None]:
    """Cut พ.ศ. or ค.ศ. out of the text and say which it was."""
    match = _ERA.search(text)
    if not match:
        return text, None
    name = _month_key(match.group())
    return text[: match.start()] + " " + text[match.end() :], "พ.ศ." if name in ("พศ", "be") else "ค.ศ."


def _buddhist(digits: str, era: str | None, today: date) -> int:
    """The Buddhist year meant by two or four digits; ValueError with the reason when it is not sure."""
    year = int(digits)
    if len(digits) == 4 and year in BUDDHIST_ERA and era != "ค.ศ.":
        return year
    if len(digits) == 4 and year in COMMON_ERA and era != "พ.ศ.":
        return year + ERA_OFFSET
    if len(digits) == 2 and era != "ค.ศ.":
        this_year = today.year + ERA_OFFSET
        for candidate in range(this_year - SHORT_PAST, this_year + SHORT_FUTURE + 1):
            if candidate % 100 == year:
                return candidate
        raise ValueError(
            _("ปี %(year)s อ่านได้หลายแบบ กรุณาพิมพ์ปีให้ครบ 4 หลัก เช่น %(example)d", year=digits, example=this_year)
        )
    shown = f"{era} {digits}" if era else digits
    raise ValueError(
        _("ไม่มีปี %(year)s ในระบบ กรุณาพิมพ์ปี พ.ศ. 4 หลัก เช่น %(example)d", year=shown, example=today.year + ERA_OFFSET)
    )


def parse_year(text: str, today: date | None = None) -> int:
    """2569, 69, ๒๕๖๙, พ.ศ. 2569 or 2026 as the Buddhist year 2569; ValueError with a sentence otherwise.

    A Buddhist year is never read as a Christian one or the other way round (REQUIREMENTS 5, "B.E. years").
    """
    today = today or clock.today()
    digits, era = _take_era(to_arabic_digits(text).strip())
    digits = re.sub(r"^(?:ปี\s*(?:บัญชี|งบประมาณ|การศึกษา)?)\s*", "", digits.strip()).strip()
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}", digits):
        raise ValueError(_("กรุณาพิมพ์ปีเป็นตัวเลข เช่น %(year)d", year=today.year + ERA_OFFSET))
    return _buddhist(digits, era, today)


def _build(day: str, month: int, year: str, era: str | None, today: date) -> date:
    if not 1 <= month <= 12:
        raise ValueError(_("ไม่มีเดือน %(month)d กรุณาพิมพ์ วัน/เดือน/ปี", month=month))
    buddhist = _buddhist(year, era, today)
    try:
        return date(buddhist - ERA_OFFSET, month, int(day))
    except ValueError:
        month_name = MONTHS[month - 1]
        raise ValueError(
            _("ไม่มีวันที่ %(day)d %(month)s %(year)d", day=int(day), month=month_name, year=buddhist)
        ) from None


def _split(text: str) -> tuple[str, int, str] | None:
    """Day, month and year out of one of the accepted shapes."""
    if match := _NUMERIC.fullmatch(text):
        first, month, last = match.groups()
        if len(first) == 4 and len(last) <= 2:
            return last, int(month), first  # ISO: 2026-11-21
        return (first, int(month), last) if len(first) <= 2 else None
    if match := _DAY_MONTH.fullmatch(text):
        day, name, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(text):
        name, day, year = match.groups()
    else:
        return None
    month_number = _MONTHS.get(_month_key(name))
    return (day, month_number, year) if month_number else None


def parse_date(text: str, today: date | None = None) -> date:
    """A day typed as 2026-11-21, 21/11/2569, 21/11/69, ๒๑/๑๑/๒๕๖๙, 21 พ.ย. 2569, 21 พฤศจิกายน 69, 21 Nov 2026 …

    The day stands first, as everywhere in Thailand. ValueError with a sentence to show when it is not a date or not
    sure (REQUIREMENTS 5, "B.E. years"; failure seen elsewhere: 10/10/2561 -> 3104).
    """
    today = today or clock.today()
    typed = to_arabic_digits(text).strip()
    words = {"วันนี้": 0, "พรุ่งนี้": 1, "เมื่อวาน": -1, "เมื่อวานนี้": -1, "today": 0, "tomorrow": 1, "yesterday": -1}
    if typed.casefold() in words:
        return today + timedelta(days=words[typed.casefold()])
    stripped, era = _take_era(typed)
    parts = _split(_WEEKDAY.sub("", stripped.strip(), count=1).strip())
    if parts is None:
        example = f"{today.day}/{today.month}/{today.year + ERA_OFFSET}"
        raise ValueError(_("อ่านวันที่นี้ไม่ออก กรุณาพิมพ์ วัน/เดือน/ปี เช่น %(example)s", example=example))
    return _build(*parts, era, today)
