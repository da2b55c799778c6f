"""XLSX as rows of text, with zip and XML bombs stopped before openpyxl sees them; and rows as XLSX.

It takes 0.2 s to import: where it is needed, inside the function that does.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from kc import workbook
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import ngettext
from kc.thai.typing import clean_line
from kc.workbook import Column, Sheet

MAX_UNPACKED = 150_000_000
MAX_RATIO = 200  # real sheets pack 10 to 40 times; a bomb packs 1000 times
MAX_PARTS = 2000


def read_xlsx(data: bytes, max_rows: int, max_columns: int) -> list[list[str]]:
    """Every row of the first visible sheet that holds anything, blank rows kept so that numbers stay true."""
    _check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styles and extensions it does not draw
            return _read(data, max_rows, max_columns)
    except DomainError:
        raise
    except Exception as error:  # openpyxl raises anything on a damaged file: KeyError, ValueError, zlib.error, ...
        raise DomainError(_("เปิดไฟล์ Excel นี้ไม่ได้ ไฟล์อาจเสียหาย กรุณาบันทึกใหม่แล้วส่งอีกครั้ง")) from error


def _check_archive(data: bytes) -> None:
    """Refuse what is not a workbook, or would unpack beyond reason; nothing is unpacked whole here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not any(name.startswith("xl/workbook") for name in names):
                raise DomainError(_("ไฟล์นี้ไม่ใช่ตาราง กรุณาส่งไฟล์ CSV หรือ Excel (.xlsx)"))
            if any(part.flag_bits & 1 for part in parts):
                raise DomainError(_("ไฟล์ Excel นี้ใส่รหัสผ่านไว้ กรุณาเอารหัสผ่านออกแล้วส่งใหม่"))
            _check_sizes(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_no_doctype(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise DomainError(_("เปิดไฟล์ Excel นี้ไม่ได้ ไฟล์อาจเสียหาย กรุณาบันทึกใหม่แล้วส่งอีกครั้ง")) from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    dense = any(p.file_size > 1_000_000 and p.file_size > MAX_RATIO * max(1, p.compress_size) for p in parts)
    if unpacked > MAX_UNPACKED or dense or len(parts) > MAX_PARTS:
        raise DomainError(_("ไฟล์ Excel นี้ใหญ่เกินไปเมื่อคลายออก กรุณาลบแผ่นงานหรือรูปที่ไม่ใช้แล้วส่งใหม่"))


def _check_no_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:  # Excel writes none; an entity bomb needs one
        head = stream.read(4096).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise DomainError(_("เปิดไฟล์ Excel นี้ไม่ได้ ไฟล์อาจเสียหาย กรุณาบันทึกใหม่แล้วส่งอีกครั้ง"))


def _read(data: bytes, max_rows: int, max_columns: int) -> list[list[str]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible:
            sheet.reset_dimensions()  # the stated size is often wrong, sometimes a million rows
            rows = list(_rows(sheet, max_rows, max_columns))
            if any(map(any, rows)):
                return rows
        return []
    finally:
        book.close()


def _rows(sheet: Any, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    filled = 0
    for cells in sheet.iter_rows():
        texts = [cell_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        filled += bool(texts)
        if filled > max_rows:
            raise DomainError(ngettext("ตารางยาวเกิน %(n)d แถว", "ตารางยาวเกิน %(n)d แถว", max_rows))
        if len(texts) > max_columns:
            raise DomainError(ngettext("ตารางกว้างเกิน %(n)d คอลัมน์", "ตารางกว้างเกิน %(n)d คอลัมน์", max_columns))
        yield texts


def cell_text(cell: Any) -> str:
    """What the person sees in the cell: text, 12345.0 as 12345, "00000" formats with their zeros, ISO dates."""
    value = cell.value
    if value is None or getattr(cell, "data_type", "") == "e":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value, getattr(cell, "number_format", "") or "")
    if isinstance(value, datetime):
        whole_day = value.time() == time(0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return clean_line(str(value))


def _number_text(value: int | float, number_format: str) -> str:
    if value != int(value):
        return f"{value:.15g}"
    digits = str(int(value))
    if re.fullmatch('0+|"?0*"?0+', number_format) and number_format != "0":
        return digits.zfill(number_format.count("0"))
    return digits


def write_xlsx(sheets: Mapping[str, tuple[list[str], list[list[Any]]]]) -> bytes:
    """A workbook of sheets: name -> (headings, rows). Text stays text, whatever it begins with; numbers are numbers."""
    drawn = (Sheet(name, [Column(heading) for heading in heads], rows) for name, (heads, rows) in sheets.items())
    with workbook.write(drawn) as file:
        return file.read()
