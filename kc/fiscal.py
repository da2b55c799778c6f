"""The organisation's year: start month, naming rule and label are settings (PRODUCT 2; REQUIREMENTS 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kc import clock
from kc.i18n import gettext as _
from kc.i18n import noop
from kc.thai.dates import ERA_OFFSET, format_year
from kc.thai.digits import to_thai_digits

NamedBy = Literal["start", "end"]


@dataclass(frozen=True)
class FiscalCalendar:
    """Years of twelve months from `start_month`, numbered in the Buddhist era by the year they start or end in."""

    start_month: int = 10
    named_by: NamedBy = "end"
    label: str = noop("ปีงบประมาณ")

    def __post_init__(self) -> None:
        if self.start_month not in range(1, 13):
            raise ValueError(f"start_month must be 1 to 12, not {self.start_month!r}")
        if self.named_by not in ("start", "end"):
            raise ValueError(f"named_by must be 'start' or 'end', not {self.named_by!r}")

    @property
    def _shift(self) -> int:
        """From the Christian year of the first day to the number of the fiscal year."""
        ends_next_year = self.start_month > 1
        return ERA_OFFSET + (1 if self.named_by == "end" and ends_next_year else 0)

    def year_of(self, day: date) -> int:
        """The fiscal year (Buddhist number) that holds `day`; every day belongs to exactly one."""
        return day.year - (day.month < self.start_month) + self._shift

    def bounds(self, year: int) -> tuple[date, date]:
        """First and last day of the fiscal year `year` (Buddhist number)."""
        first = date(year - self._shift, self.start_month, 1)
        return first, date(first.year + 1, self.start_month, 1) - timedelta(days=1)

    def current(self) -> int:
        """The fiscal year of today."""
        return self.year_of(clock.today())

    def label_for(self, year: int, *, thai_digits: bool = False) -> str:
        """ "ปีบัญชี 2569", in the reader's language and era."""
        text = f"{_(self.label)} {format_year(year)}"
        return to_thai_digits(text) if thai_digits else text

    def months(self, year: int) -> list[date]:
        """The first days of its twelve months, in the year's own order (for charts and plans)."""
        first, _last = self.bounds(year)
        ordinals = range(first.year * 12 + first.month - 1, first.year * 12 + first.month + 11)
        return [date(ordinal // 12, ordinal % 12 + 1, 1) for ordinal in ordinals]

    def quarter_of(self, day: date) -> int:
        """1 to 4, counted from the start month."""
        return (day.month - self.start_month) % 12 // 3 + 1


# BAAC counts from April and names by the starting year; government and hospitals from October, by the ending year.
PRESETS: dict[str, FiscalCalendar] = {
    "bank": FiscalCalendar(4, "start", noop("ปีบัญชี")),
    "government": FiscalCalendar(10, "end", noop("ปีงบประมาณ")),
    "hospital": FiscalCalendar(10, "end", noop("ปีงบประมาณ")),
}

_calendar = PRESETS["bank"]


def configure(
    preset: str, *, start_month: int | None = None, named_by: NamedBy | None = None, label: str | None = None
) -> FiscalCalendar:
    """Choose the organisation's calendar: a preset (bank, government, hospital) with any part of it replaced."""
    global _calendar
    chosen = PRESETS[preset]
    _calendar = FiscalCalendar(start_month or chosen.start_month, named_by or chosen.named_by, label or chosen.label)
    return _calendar


def calendar() -> FiscalCalendar:
    """The organisation's calendar."""
    return _calendar
