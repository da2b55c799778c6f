"""A cell as Excel shows it: dates with their words, Buddhist years where the format says so, figures grouped."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kc.thai.dates import MONTHS, SHORT_MONTHS
from kc.thai.digits import to_thai_digits

_BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%",
    "14": "d/m/yyyy", "15": "d mmm yy", "16": "d mmm", "17": "mmm yy", "18": "h:mm", "19": "h:mm:ss", "20": "h:mm",
    "21": "h:mm:ss", "22": "d/m/yyyy h:mm", "37": "#,##0", "38": "#,##0", "39": "#,##0.00", "40": "#,##0.00",
    "45": "mm:ss", "47": "mm:ss", "49": "@",
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_IS_DATE = re.compile(r"[dyb]|m(?=.*[dyb])|h|ss|mmm", re.I)
_DATE_WORD = re.compile(r"d+|m+|y+|b+|h+|s+(?:\.0+)?|am/pm|a/p", re.I)
_BUDDHIST = re.compile(r"\[\$-(?:[0-9A-F]{0,4}?0?7)041E", re.I)
_THAI_DIGITS = re.compile(r"\[\$-D[0-9A-F]*041E|\bt(?=[dmyb#0])", re.I)


@dataclass
class Styles:
    """The workbook's number formats; `cells`: the format of each style."""

    formats: dict[str, str] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    since_1904: bool = False

    def format_of(self, style: str) -> str:
        number = self.cells[int(style)] if style.isdigit() and int(style) < len(self.cells) else "0"
        return self.formats.get(number) or _BUILT_IN.get(number, "General")


def shown(value: str, kind: str, style: str, strings: list[str], styles: Styles) -> str:
    """`kind`: the cell's type as the file has it (s: shared string, b: yes or no, n: number, …)."""
    value = value.strip() if kind != "inlineStr" else value
    if kind == "s":
        return strings[int(value)] if value.isdigit() and int(value) < len(strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n" or not value:
        return value
    try:
        return _number(float(value), value, styles.format_of(style), styles.since_1904)
    except (ValueError, OverflowError):
        return value


def _number(number: float, value: str, code: str, since_1904: bool) -> str:
    positive = code.split(";")[0]
    bare = _LITERAL.sub("", positive)
    if bare.lower() == "general" or "@" in bare:
        return f"{number:.10g}" if abs(number) < 1e15 else value
    if _IS_DATE.search(bare):
        text = _date(number, positive, since_1904)
    else:
        places = len(match[1]) if (match := re.search(r"\.([0#?]+)", bare)) else 0
        sign = "%" if "%" in bare else ""
        text = f"{number * (100 if sign else 1):{',' if ',' in bare else ''}.{places}f}{sign}"
    return to_thai_digits(text) if _THAI_DIGITS.search(positive) else text


def _date(number: float, code: str, since_1904: bool) -> str:
    moment = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    moment += timedelta(seconds=round(number * 86_400))
    buddhist = bool(_BUDDHIST.search(code)) or "b" in _LITERAL.sub("", code).lower()
    previous = ""

    def word(match: re.Match[str]) -> str:
        nonlocal previous
        token = match[0].lower()
        # m after hours, or before seconds, is minutes.
        minutes = token[0] == "m" and len(token) <= 2 and (previous == "h" or re.match(r":?s", plain[match.end() :]))
        previous = token[0]
        return _date_word("minutes" if minutes else token, moment, buddhist)

    plain = _LITERAL.sub(lambda m: m[1] or m[2] or "", code)
    return _DATE_WORD.sub(word, plain).strip()


def _date_word(token: str, moment: datetime, buddhist: bool) -> str:
    if token == "minutes":
        return f"{moment.minute:02}"
    first, size = token[0], len(token)
    if first in "yb":
        year = moment.year + (543 if buddhist or first == "b" else 0)
        return f"{year % 100:02}" if size <= 2 else str(year)
    if first == "m":
        return (
            (str(moment.month), f"{moment.month:02}", SHORT_MONTHS[moment.month - 1])[min(size, 3) - 1]
            if size < 4
            else MONTHS[moment.month - 1]
        )
    if first == "d":
        return str(moment.day) if size == 1 else f"{moment.day:02}" if size == 2 else ""
    if first in "hs":
        return f"{moment.hour if first == 'h' else moment.second:0{min(size, 2)}}"
    return ""
