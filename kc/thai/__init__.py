"""Rules of the Thai language and of Thai offices: order, names, dates, typing. Pure: no web, no database."""

from kc.thai.clusters import graphemes, truncate
from kc.thai.dates import (
    buddhist_year,
    days_left,
    format_date,
    format_datetime,
    format_day_range,
    format_time,
    format_year,
    month_name,
    relative_days,
)
from kc.thai.digits import to_arabic_digits, to_thai_digits
from kc.thai.names import initials, sort_key, strip_title
from kc.thai.parsing import parse_date, parse_year
from kc.thai.typing import (
    clean_line,
    clean_text,
    employee_id_readings,
    fix_layout_digits,
    forgive_employee_id,
    keyboard_swap,
    same_name_key,
)

__all__ = [
    "buddhist_year",
    "clean_line",
    "clean_text",
    "days_left",
    "employee_id_readings",
    "fix_layout_digits",
    "forgive_employee_id",
    "format_date",
    "format_datetime",
    "format_day_range",
    "format_time",
    "format_year",
    "graphemes",
    "initials",
    "keyboard_swap",
    "month_name",
    "parse_date",
    "parse_year",
    "relative_days",
    "same_name_key",
    "sort_key",
    "strip_title",
    "to_arabic_digits",
    "to_thai_digits",
    "truncate",
]
