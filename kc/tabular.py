"""Tables people bring from HR: CSV in any Thai encoding, or XLSX (PRODUCT 1; REQUIREMENTS 5, "Excel")."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import ngettext
from kc.thai.typing import clean_line, same_name_key

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 200
HEADER_WITHIN = 20  # HR files often carry a title or two above the header

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t|"

# What HR calls its columns. Loose matching ignores case, spaces, dashes, brackets and stars.
EMPLOYEE_COLUMNS: dict[str, tuple[str, ...]] = {
    "employee_id": (
        "รหัสพนักงาน",
        "รหัสบุคลากร",
        "เลขประจำตัวพนักงาน",
        "เลขที่พนักงาน",
        "รหัส",
        "employee id",
        "emp id",
        "id",
        "staff id",
    ),
    "title": ("คำนำหน้า", "คำนำหน้าชื่อ", "คำนำหน้านาม", "title", "prefix"),
    "name": ("ชื่อ-นามสกุล", "ชื่อ-สกุล", "ชื่อและนามสกุล", "ชื่อ นามสกุล", "ชื่อพนักงาน", "ชื่อเต็ม", "name", "full name", "thai name"),
    "first_name": ("ชื่อ", "ชื่อจริง", "ชื่อตัว", "first name", "given name"),
    "last_name": ("นามสกุล", "สกุล", "ชื่อสกุล", "last name", "surname", "family name"),
    "position": ("ตำแหน่ง", "ตำแหน่งงาน", "position", "job title"),
    "unit": ("สังกัด", "หน่วยงาน", "รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ส่วนงาน", "unit", "unit code", "org unit", "department"),
    "email": ("อีเมล", "อีเมล์", "e-mail", "email", "mail"),
    "phone": (
        "โทรศัพท์",
        "เบอร์โทร",
        "เบอร์โทรศัพท์",
        "เบอร์ภายใน",
        "โทรภายใน",
        "phone",
        "extension",
        "ext",
        "tel",
        "phone extension",
    ),
    "expertise": ("ความเชี่ยวชาญ", "ความถนัด", "expertise"),
    "active": ("สถานะ", "สถานภาพ", "active", "status"),
}
UNIT_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("รหัสหน่วยงาน", "รหัส", "รหัสสังกัด", "code", "unit code", "id"),
    "name": ("ชื่อหน่วยงาน", "หน่วยงาน", "ชื่อ", "สังกัด", "name", "unit name"),
    "short_name": ("ชื่อย่อ", "อักษรย่อ", "short name", "abbreviation"),
    "kind": ("ประเภท", "ประเภทหน่วยงาน", "ชนิด", "kind", "type"),
    "parent": ("หน่วยงานต้นสังกัด", "สังกัดหน่วยงาน", "รหัสหน่วยงานต้นสังกัด", "หน่วยงานแม่", "ต้นสังกัด", "parent", "parent code"),
}


@dataclass(frozen=True)
class Row:
    """One line of the sheet: its number as the spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """One row by field names; a column that the file does not have gives ""."""

    number: int
    values: dict[str, str]

    def __getitem__(self, field: str) -> str:
        return self.values[field]


@dataclass(frozen=True)
class Table:
    """The first sheet of a file: headers and the rows under them that hold anything."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    def columns(self, aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """Field -> column index for every field whose header is found; the aliases that come first win."""
        keys = [header_key(header) for header in self.headers]
        found: dict[str, int] = {}
        for field, names in aliases.items():
            matches = [keys.index(key) for key in map(header_key, (field, *names)) if key in keys]
            free = [index for index in matches if index not in found.values()]
            if free:
                found[field] = free[0]
        return found

    def records(self, aliases: Mapping[str, Sequence[str]], required: Iterable[str] = ()) -> list[Record]:
        """The rows by field; DomainError naming the required columns that are missing."""
        columns = self.columns(aliases)
        missing = [aliases[field][0] for field in required if field not in columns]
        if missing:
            raise DomainError(
                _(
                    "ไม่พบคอลัมน์ %(missing)s ในไฟล์ (หัวตารางที่พบ: %(found)s)",
                    missing=", ".join(missing),
                    found=", ".join(filter(None, self.headers)),
                )
            )
        return [Record(row.number, {f: _cell(row.cells, columns.get(f)) for f in aliases}) for row in self.rows]


def _cell(cells: tuple[str, ...], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def header_key(header: str) -> str:
    """Equal for headers people would call the same: "Employee ID *" and "employee_id", "รหัส (HR)" and "รหัส"."""
    return same_name_key(re.sub(r"\(.*?\)|（.*?）|_", " ", header))


def read_table(data: bytes, filename: str) -> Table:
    """Read CSV (any delimiter, any Thai encoding) or XLSX; every failure is a DomainError with a Thai sentence."""
    if not data.strip(b"\0\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise DomainError(_("ไฟล์ %(name)s ว่างเปล่า", name=_short(filename)))
    if len(data) > MAX_BYTES:
        raise DomainError(_("ไฟล์ใหญ่เกินไป (รับได้ไม่เกิน %(n)d เมกะไบต์)", n=MAX_BYTES // 1_000_000))
    if data.startswith(OLE_MAGIC):
        raise DomainError(_what_ole_is(data))
    if data.startswith(b"PK\x03\x04"):
        from kc.spreadsheet import read_xlsx  # openpyxl takes 0.2 s to import: only who reads XLSX pays

        rows: Iterable[Sequence[str]] = read_xlsx(data, MAX_ROWS, MAX_COLUMNS)
    else:
        rows = _csv_rows(decode(data))
    return _as_table(rows)


def _short(filename: str) -> str:
    return clean_line(PurePath(filename).name)[:80] or _("ที่ส่งมา")


def _what_ole_is(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _("ไฟล์ Excel นี้ใส่รหัสผ่านไว้ กรุณาเอารหัสผ่านออกแล้วส่งใหม่")
    return _("ไฟล์นี้เป็น Excel รุ่นเก่า (.xls) กรุณาบันทึกเป็น .xlsx แล้วส่งใหม่")


def _not_a_table() -> DomainError:
    return DomainError(_("ไฟล์นี้ไม่ใช่ตาราง กรุณาส่งไฟล์ CSV หรือ Excel (.xlsx)"))


# --- text encodings ---------------------------------------------------------------------------------------------


def decode(data: bytes) -> str:
    """Text of a CSV: UTF-8 or UTF-16 with or without mark, or Windows-874 (TIS-620) when it is plausible Thai."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data:
        return _decoded(data, _utf16_without_mark(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decoded(data, "cp874")
    if not _plausible_thai(text):
        raise _unreadable()
    return text


def _unreadable() -> DomainError:
    return DomainError(_("อ่านตัวอักษรในไฟล์ไม่ออก กรุณาบันทึกเป็น CSV UTF-8 หรือ Excel (.xlsx) แล้วส่งใหม่"))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise _unreadable() from None
    if "\0" in text:
        raise _not_a_table()
    return text


def _utf16_without_mark(data: bytes) -> str:
    """Which half of each pair holds the block number (0 for Latin, 0E for Thai); a binary file has neither."""
    sample = data[: 4000 & ~1]
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if sum(byte in (0x00, 0x0E) for byte in high) >= 0.95 * max(1, len(high)):
            return encoding
    raise _not_a_table()


def _plausible_thai(text: str) -> bool:
    """Whether bytes read as Windows-874 make Thai spelling: marks stand on consonants, and it is not broken UTF-8."""
    letters = [c for c in text if not c.isascii()]
    if not letters:
        return True
    thai = re.findall("[\u0e01-\u0e5b]", text)
    stray = re.findall("(?<![ก-ฮ\u0e31-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]", text)
    broken_utf8 = re.findall("เ[ธน]", text)  # the bytes E0 B8 and E0 B9, which begin every Thai letter of UTF-8
    enough = len(thai) >= 0.9 * len(letters)
    return enough and len(stray) <= 0.05 * len(thai) and len(broken_utf8) <= 0.15 * len(thai)


# --- CSV --------------------------------------------------------------------------------------------------------


def _csv_rows(text: str) -> list[list[str]]:
    lines = list(io.StringIO(text, newline=""))
    delimiter, skipped = _delimiter(lines)
    rows: list[list[str]] = [[] for _line in range(skipped)]
    reader = csv.reader(iter(lines[skipped:]), delimiter=delimiter, strict=True)
    begun = skipped + 1  # the line where the current row begins: an unclosed quote is noticed only at the end
    try:
        for cells in reader:
            rows.append([_unwrapped(cell) for cell in cells])
            _check_size(len(rows), len(cells))
            begun = skipped + reader.line_num + 1
    except csv.Error as error:
        message = _("อ่านไฟล์ไม่ได้ที่บรรทัด %(line)d: เครื่องหมายคำพูดไม่ครบคู่หรือข้อความยาวเกินไป", line=begun)
        raise DomainError(message) from error
    return rows


def _check_size(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise DomainError(ngettext("ตารางยาวเกิน %(n)d แถว", "ตารางยาวเกิน %(n)d แถว", MAX_ROWS))
    if columns > MAX_COLUMNS:
        raise DomainError(ngettext("ตารางกว้างเกิน %(n)d คอลัมน์", "ตารางกว้างเกิน %(n)d คอลัมน์", MAX_COLUMNS))


def _unwrapped(cell: str) -> str:
    """Undo the two ways people make Excel keep leading zeros: ="00123" and '00123."""
    text = clean_line(cell)
    if match := re.fullmatch('="([^"]*)"', text):
        return match.group(1)
    return text[1:] if re.fullmatch(r"'\d+", text) else text


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """The delimiter that cuts the first lines most evenly, and how many lines to skip (Excel's "sep=;")."""
    if match := re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE):
        return match.group(1), 1
    sample = [line for line in lines[:200] if line.strip()][:30]

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(iter(sample), delimiter=delimiter)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 1
        return (widths.count(usual) if usual > 1 else 0), usual

    return max(DELIMITERS, key=evenness), 0


# --- the table --------------------------------------------------------------------------------------------------


def _as_table(rows: Iterable[Sequence[str]]) -> Table:
    numbered = [Row(n, tuple(cells)) for n, cells in enumerate(rows, start=1) if any(cells)]
    if not numbered:
        raise DomainError(_("ไฟล์นี้ไม่มีข้อมูลในตาราง"))
    # A title line fills one cell; the header is the first line that fills two (or the first, in a one-column list).
    wide = (i for i, row in enumerate(numbered[:HEADER_WITHIN]) if sum(map(bool, row.cells)) > 1)
    header = next(wide, 0)
    if _looks_binary(numbered[header].cells):
        raise _not_a_table()
    if len(numbered) == header + 1:
        raise DomainError(_("ไฟล์นี้มีแต่หัวตาราง ยังไม่มีข้อมูล"))
    return Table(numbered[header].cells, tuple(numbered[header + 1 :]))


def _looks_binary(headers: Sequence[str]) -> bool:
    return headers[0].startswith(("%PDF", "{", "<", "\x89PNG", "GIF8"))
