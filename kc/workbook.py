"""Tables as an Excel file: typed cells, a head that stays in sight, filters, widths right for Thai, never a formula.

Rows are written as they come, so that a list of twenty thousand people needs no more memory than one of twenty.
openpyxl takes 0.2 s to import: where it is needed, inside the function that does.
"""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any

from kc.i18n import gettext as _

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000
SMALL = 8_000_000  # bytes; what is larger waits on the disk
MEASURED = 300  # rows by which widths are reckoned
NARROWEST, WIDEST = 8, 60
LONGEST = 32_000  # letters Excel takes in a cell
FIRST_YEAR = 1900  # Excel knows no day before
DAY = "[$-107041E]d mmm yyyy;@"  # Thai months, Buddhist years, Arabic digits; the cell itself holds a true date
FORMATS = {"number": "#,##0", "decimal": "#,##0.00", "year": "0", "day": DAY, "moment": "[$-107041E]d mmm yyyy hh:mm;@"}
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet may take for a formula when somebody edits it
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """`kind`: text, number, decimal, year, day, moment; or "" for whatever each value is."""

    heading: str
    kind: str = ""


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def write(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook, as a file that is gone when it is closed."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    file = tempfile.TemporaryFile()  # noqa: SIM115  a large one is closed by whoever sends it
    book.save(file)
    if file.tell() > SMALL:
        file.seek(0)
        return file
    with file:
        file.seek(0)
        return io.BytesIO(file.read())


def _write_sheet(book: Any, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    drawn = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet.name)[:31])
    rows = iter(sheet.rows)
    first = list(islice(rows, MEASURED))
    for number, column in enumerate(sheet.columns, start=1):
        values = [row[number - 1] for row in first if len(row) >= number]
        drawn.column_dimensions[get_column_letter(number)].width = _width(column, values)
    drawn.freeze_panes = "A2"
    _for_paper(drawn, len(sheet.columns))
    drawn.append([_head(drawn, column) for column in sheet.columns])
    count = 1
    for row in _bounded(chain(first, rows), len(sheet.columns)):
        drawn.append([_cell(drawn, value, kind) for value, kind in zip(row, _kinds(sheet), strict=False)])
        count += 1
    if sheet.columns:
        drawn.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count}"


def _kinds(sheet: Sheet) -> list[str]:
    return [column.kind for column in sheet.columns]


def _bounded(rows: Iterator[Sequence[Any]], columns: int) -> Iterator[Sequence[Any]]:
    yield from islice(rows, MOST_ROWS)
    if next(rows, None) is not None:
        yield [_("แสดงเพียง %(n)d แถวแรก โปรดกรองให้แคบลง", n=MOST_ROWS), *[""] * (columns - 1)]


def _for_paper(sheet: Any, columns: int) -> None:
    """Printed on A4 as wide as the page, the head on every page."""
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = 9, 0
    sheet.page_setup.orientation = "landscape" if columns > 5 else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _head(sheet: Any, column: Column) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(sheet, value=column.heading)
    cell.data_type = "s"
    cell.font, cell.fill = Font(name="Calibri", size=11, bold=True), PatternFill("solid", fgColor="E3EEE9")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Any, kind: str) -> Any:
    """A value as a cell: text stays text whatever it begins with, days are days, numbers numbers."""
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == "":
        return None
    kind = kind or _kind_of(value)
    if kind == "text" or not _holds(value, kind):
        text = _UNPRINTABLE.sub("", str(value))[:LONGEST]
        if not text.startswith((*_ACTIVE, "#")):  # "#N/A" and its like would be errors
            return text
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = FORMATS[kind]
    return cell


def _kind_of(value: Any) -> str:
    if isinstance(value, bool | str):
        return "text"
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "day"
    return "number" if isinstance(value, int) else "decimal" if isinstance(value, float) else "text"


def _holds(value: Any, kind: str) -> bool:
    """Whether Excel can hold the value as that kind."""
    if kind in ("day", "moment"):
        return isinstance(value, date) and value.year >= FIRST_YEAR
    return isinstance(value, int | float) and not isinstance(value, bool)


def letters(text: str) -> int:
    """How many places a text takes: vowels and marks above and below a consonant take none."""
    return sum(unicodedata.category(letter) not in ("Mn", "Me", "Cf") for letter in text)


def _width(column: Column, values: list[Any]) -> float:
    usual = {"day": 13, "moment": 19}
    shown = [column.heading, *(line for value in values if value is not None for line in _lines(value, column.kind))]
    longest = max(letters(text) for text in shown)
    return min(max(longest * 1.1 + 3, usual.get(column.kind, NARROWEST)), WIDEST)  # + 3: the filter's arrow


def _lines(value: Any, kind: str) -> list[str]:
    if isinstance(value, date):
        return []  # as wide as its kind needs
    return [f"{value:,}"] if isinstance(value, int | float) and kind != "text" else str(value).split("\n")
