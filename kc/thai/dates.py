"""Dates as Thai offices write them: stored ISO, shown in the Buddhist era (REQUIREMENTS 5, "B.E. years")."""

from __future__ import annotations

from datetime import date, datetime, time

from kc import clock
from kc.i18n import current_language, ngettext
from kc.i18n import gettext as _
from kc.thai.digits import to_thai_digits

ERA_OFFSET = 543
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT_MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def buddhist_year(day: date) -> int:
    """2569 for any day of 2026."""
    return day.year + ERA_OFFSET


def _local_day(day: date) -> date:
    return clock.to_local(day).date() if isinstance(day, datetime) else day


def format_year(buddhist: int) -> str:
    """A Buddhist year as the reader counts: "2569", in English "2026"."""
    return str(buddhist if current_language() == "th" else buddhist - ERA_OFFSET)


def month_name(month: int, short: bool = False) -> str:
    """พฤศจิกายน or พ.ย.; in English November or Nov."""
    if current_language() == "th":
        return (SHORT_MONTHS if short else MONTHS)[month - 1]
    return ENGLISH_MONTHS[month - 1][: 3 if short else None]


def format_date(day: date, style: str = "long", *, thai_digits: bool = False) -> str:
    """A day, or the local day of a stored moment, in the reader's language (REQUIREMENTS 5, "B.E. years").

    long 21 พฤศจิกายน 2569 · medium 21 พ.ย. 2569 · short 21 พ.ย. 69 · numeric 21/11/2569.
    """
    day = _local_day(day)
    thai = current_language() == "th"
    year = f"{buddhist_year(day) if thai else day.year:04d}"
    if style == "numeric":
        text = f"{day.day:02d}/{day.month:02d}/{year}"
    elif style in ("long", "medium", "short"):
        # Only Thai shortens the year: "21 Nov 26" would be read as the 26th of something.
        shown = year[-2:] if thai and style == "short" else year
        text = f"{day.day} {month_name(day.month, short=style != 'long')} {shown}"
    else:
        raise ValueError(f"not a date style: {style!r}")
    return to_thai_digits(text) if thai_digits else text


def format_time(moment: datetime | time) -> str:
    """ "14:02 น." in the organisation's zone; a plain time of day is local already. English without น."""
    text = f"{moment if isinstance(moment, time) else clock.to_local(moment):%H:%M}"
    return f"{text} น." if current_language() == "th" else text


def format_datetime(moment: datetime, style: str = "short") -> str:
    """ "21 พ.ย. 69 14:02 น." for a stored moment."""
    return f"{format_date(moment, style)} {format_time(moment)}"


def format_day_range(first: date, last: date, style: str = "long") -> str:
    """ "1-3 พฤศจิกายน 2569", or two whole dates when month or year differ; numeric dates are always whole."""
    if first == last:
        return format_date(first, style)
    same_month = (first.year, first.month) == (last.year, last.month)
    begin = str(first.day) if same_month and style != "numeric" else format_date(first, style) + " "
    return f"{begin}–{'' if begin.isdigit() else ' '}{format_date(last, style)}"


def days_left(day: date, today: date | None = None) -> str:
    """เหลืออีก 3 วัน · วันนี้วันสุดท้าย · เลยมา 3 วัน: how long there is until the end of a last day."""
    left = (_local_day(day) - (today or clock.today())).days
    if left == 0:
        return _("วันนี้วันสุดท้าย")
    if left > 0:
        return ngettext("เหลืออีก %(n)d วัน", "เหลืออีก %(n)d วัน", left)
    return ngettext("เลยกำหนดมา %(n)d วัน", "เลยกำหนดมา %(n)d วัน", -left)


def relative_days(day: date, today: date | None = None) -> str:
    """วันนี้ · พรุ่งนี้ · เมื่อวาน · อีก 3 วัน · 3 วันก่อน: how far a due day is."""
    distance = (_local_day(day) - (today or clock.today())).days
    near = {0: _("วันนี้"), 1: _("พรุ่งนี้"), -1: _("เมื่อวานนี้")}
    if distance in near:
        return near[distance]
    if distance > 0:
        return ngettext("อีก %(n)d วัน", "อีก %(n)d วัน", distance)
    return ngettext("%(n)d วันก่อน", "%(n)d วันก่อน", -distance)
