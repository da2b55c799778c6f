"""The list beside an old repository: which file or folder is which knowledge, and what of it cannot be taken.

Nothing is written here and no file is opened: a list of thousands is checked in a moment.
"""

from __future__ import annotations

import datetime as dt
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kc import labels, tabular, thai
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import FiscalYear, OrgUnit, Topic
from kc.models.knowledge import ARTICLE_KINDS
from kc.services.old_forms import people_named, unit_key

MOST_FILES = 100  # of one row
BETWEEN_NAMES = ",;\n"
COLUMNS: dict[str, tuple[str, ...]] = {  # thai-data
    "file": (
        "ไฟล์",
        "ชื่อไฟล์",
        "ไฟล์/โฟลเดอร์",
        "ไฟล์หรือโฟลเดอร์",
        "ไฟล์แนบ",
        "ที่อยู่ไฟล์",
        "file",
        "files",
        "file name",
        "path",
        "file/folder",
    ),
    "folder": ("โฟลเดอร์", "แฟ้ม", "ชื่อโฟลเดอร์", "folder", "directory"),
    "title": ("ชื่อเรื่อง", "ชื่อองค์ความรู้", "เรื่อง", "องค์ความรู้", "ชื่อ", "title"),
    "topic": ("ประเด็นเรียนรู้", "ประเด็น", "ประเด็น/หัวข้อ", "หัวข้อ", "หัวข้อความรู้", "หมวด", "topic"),
    "unit": ("หน่วยงาน", "รหัสหน่วยงาน", "สังกัด", "สาขา", "ส่วนงาน", "unit", "department"),
    "year": ("ปี", "ปีบัญชี", "ปีงบประมาณ", "ปี พ.ศ.", "พ.ศ.", "year", "fiscal year"),
    "authors": ("ผู้จัดทำ", "ผู้เขียน", "ผู้แต่ง", "เจ้าของเรื่อง", "รหัสผู้จัดทำ", "authors", "author"),
    "kind": ("ประเภท", "ชนิด", "ประเภทองค์ความรู้", "kind", "type"),
    "published_on": ("วันที่เผยแพร่", "เผยแพร่เมื่อ", "วันที่", "published on", "published", "date"),
    "results_on": ("ผลลัพธ์ ณ วันที่", "วันที่ผลลัพธ์", "results on"),
}
_NOT_KNOWLEDGE = ("thumbs.db", "desktop.ini")


@dataclass
class Row:
    """One line of the list: what it says, the files it means, and what is wrong with it."""

    number: int
    named: str  # the file or folder as the list writes it
    title: str = ""
    files: list[Path] = field(default_factory=list)
    unit: int | None = None
    topic: str = ""
    year: int | None = None  # Buddhist number
    authors: list[int] = field(default_factory=list)
    unknown_authors: list[str] = field(default_factory=list)
    kind: str = ARTICLE_KINDS[0]
    published_on: dt.date | None = None
    results_on: dt.date | None = None
    faults: list[str] = field(default_factory=list)


@dataclass
class Known:
    """Units, topics and years by the names a list uses: read once for all its rows."""

    units: dict[str, set[int]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    topics: dict[tuple[str, int], int] = field(default_factory=dict)  # (name, Buddhist year)
    years: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Known:
        known = cls()
        for number, code, name in OrgUnit.select(OrgUnit.id, OrgUnit.code, OrgUnit.name).tuples():
            known.codes[thai.same_name_key(code)] = number
            known.units.setdefault(unit_key(name), set()).add(number)
        known.years = dict(FiscalYear.select(FiscalYear.year, FiscalYear.id).tuples())
        for number, name, year in Topic.select(Topic.id, Topic.name, FiscalYear.year).join(FiscalYear).tuples():
            known.topics[thai.same_name_key(name), year] = number
        return known

    def unit(self, name: str) -> int:
        """The one unit a name or code means; DomainError when there is none, or more than one."""
        found = {code} if (code := self.codes.get(thai.same_name_key(name))) else self.units.get(unit_key(name), set())
        if not found:
            raise DomainError(_("ไม่พบหน่วยงาน “%(name)s”", name=name))
        if len(found) > 1:
            raise DomainError(_("มีหน่วยงานชื่อ “%(name)s” มากกว่าหนึ่ง โปรดใส่รหัสหน่วยงาน", name=name))
        return next(iter(found))

    def topic(self, name: str, year: int | None) -> tuple[int, int] | None:
        """(id, year) of a topic of that year; of the latest year that has one when no year is given."""
        key = thai.same_name_key(name)
        if year is not None:
            number = self.topics.get((key, year))
            return (number, year) if number else None
        of_years = [(y, number) for (name_key, y), number in self.topics.items() if name_key == key]
        return (max(of_years)[1], max(of_years)[0]) if of_years else None


# ---- the tree of files ---------------------------------------------------------------------------------------------


def path_key(text: str) -> str:
    """Equal for paths people would call the same: separators, case, Unicode forms, stray spaces."""
    parts = unicodedata.normalize("NFC", text).replace("\\", "/").casefold().split("/")
    return "/".join(" ".join(part.split()) for part in parts if part.strip() not in ("", "."))


class Tree:
    """Files and folders below a folder by their names. Links that lead out of it are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.files: dict[str, Path] = {}
        self.folders: dict[str, list[Path]] = {}
        self.names: dict[str, list[Path]] = {}
        for path in self._walk():
            key = path_key(str(path.relative_to(self.root)))
            self.files[key] = path
            for name in {path_key(path.name), path_key(path.stem)}:
                self.names.setdefault(name, []).append(path)
            for parent in path.relative_to(self.root).parents:
                if str(parent) != ".":
                    self.folders.setdefault(path_key(str(parent)), []).append(path)

    def _walk(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if (
                    name.startswith((".", "~$"))
                    or name.lower() in _NOT_KNOWLEDGE
                    or path.is_symlink()
                    or not path.is_file()
                ):
                    continue
                yield path

    def relative(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    def meant_by(self, text: str) -> list[Path]:
        """The files that a cell names; DomainError when one is not there or could be several."""
        if self._one(text):
            return self._one(text)
        found: list[Path] = []
        for piece in filter(None, (piece.strip() for piece in text.replace("\n", ";").split(";"))):
            files = self._one(piece)
            if not files:
                raise DomainError(_("ไม่พบไฟล์หรือโฟลเดอร์ “%(name)s”", name=piece))
            found += [file for file in files if file not in found]
        if len(found) > MOST_FILES:
            raise DomainError(_("“%(name)s” มีไฟล์เกิน %(n)d ไฟล์ โปรดแยกเป็นหลายเรื่อง", name=text, n=MOST_FILES))
        return found

    def _one(self, text: str) -> list[Path]:
        key = path_key(text)
        if key in self.files:
            return [self.files[key]]
        if key in self.folders:
            return self.folders[key]
        below = [path for name, path in self.files.items() if name.rpartition(".")[0] == key]
        named = below or self.names.get(key, [])
        if len(named) > 1:
            raise DomainError(_("มีไฟล์ชื่อ “%(name)s” มากกว่าหนึ่ง โปรดใส่ชื่อโฟลเดอร์ด้วย", name=text))
        return named


# ---- the rows ------------------------------------------------------------------------------------------------------


def read_list(data: bytes, filename: str, tree: Tree, known: Known, *, new_topics: bool) -> list[Row]:
    """Every row of the list, checked. DomainError when it is no such list at all."""
    table = tabular.read_table(data, filename)
    columns = table.columns(COLUMNS)
    if "file" not in columns and "folder" not in columns:
        raise DomainError(
            _(
                "ไม่พบคอลัมน์ ไฟล์ หรือ โฟลเดอร์ ในรายการ (หัวตารางที่พบ: %(found)s)",
                found=", ".join(filter(None, table.headers)),
            )
        )
    records = table.records(COLUMNS)
    people = people_named({name for record in records for name in names_in(record["authors"])})
    rows = [_row(record, tree, known, people, new_topics) for record in records]
    _check_twice(rows)
    return rows


def names_in(text: str) -> list[str]:
    for sign in BETWEEN_NAMES:
        text = text.replace(sign, "\n")
    return [name for name in (" ".join(piece.split()) for piece in text.split("\n")) if name.strip("-– ")]


def _row(record: tabular.Record, tree: Tree, known: Known, people: dict[str, int], new_topics: bool) -> Row:
    named = "/".join(filter(None, (record["folder"].rstrip("/\\"), record["file"])))
    row = Row(record.number, named, thai.clean_line(record["title"])[:300], topic=thai.clean_line(record["topic"]))
    for name in names_in(record["authors"]):
        if name in people:
            row.authors.append(people[name])
        else:
            row.unknown_authors.append(name)
    steps = (
        lambda: setattr(row, "files", _files(tree, record)),
        lambda: setattr(row, "year", _year(record["year"])),
        lambda: setattr(row, "unit", known.unit(record["unit"]) if record["unit"] else None),
        lambda: setattr(row, "kind", _kind(record["kind"])),
        lambda: setattr(row, "published_on", _day(record["published_on"])),
        lambda: setattr(row, "results_on", _day(record["results_on"])),
        lambda: _check_topic(row, known, new_topics),
    )
    for step in steps:
        try:
            step()
        except DomainError as why:
            row.faults.append(why.message)
    return row


def _files(tree: Tree, record: tabular.Record) -> list[Path]:
    folder, file = record["folder"], record["file"]
    if not folder and not file:
        raise DomainError(_("ไม่ได้ระบุไฟล์หรือโฟลเดอร์"))
    if not (folder and file):
        return tree.meant_by(folder or file)
    return [path for piece in file.split(";") for path in tree.meant_by(f"{folder.rstrip('/')}/{piece.strip()}")]


def _year(text: str) -> int | None:
    if not text.strip("-– "):
        return None
    try:
        return thai.parse_year(text)
    except ValueError as why:
        raise DomainError(_("ปี “%(text)s”: %(why)s", text=text, why=str(why))) from None


def _day(text: str) -> dt.date | None:
    if not text.strip("-– "):
        return None
    try:
        return thai.parse_date(text.split(" 00:")[0])
    except ValueError as why:
        raise DomainError(_("วันที่ “%(text)s”: %(why)s", text=text, why=str(why))) from None


def _kind(text: str) -> str:
    if not text.strip("-– "):
        return ARTICLE_KINDS[0]
    names = {thai.same_name_key(str(label)): kind for kind, label in labels.ARTICLE_KINDS.items()}
    found = names.get(thai.same_name_key(text)) or next((k for k in ARTICLE_KINDS if k == text.strip().lower()), None)
    if found is None:
        raise DomainError(_("ไม่มีประเภทองค์ความรู้ “%(kind)s”", kind=text))
    return found


def _check_topic(row: Row, known: Known, new_topics: bool) -> None:
    if not row.topic:
        return
    found = known.topic(row.topic, row.year)
    if found is not None:
        row.year = found[1]
    elif not new_topics:
        raise DomainError(_("ไม่มีประเด็นเรียนรู้ “%(name)s” ในปีนั้น เพิ่มประเด็นก่อน หรือใช้ --new-topics", name=row.topic))
    elif row.year is None:
        raise DomainError(_("ประเด็นเรียนรู้ “%(name)s” เป็นประเด็นใหม่ โปรดระบุปีด้วย", name=row.topic))


def _check_twice(rows: Iterable[Row]) -> None:
    seen: dict[tuple[Path, ...], int] = {}
    for row in rows:
        if row.files:
            first = seen.setdefault(tuple(row.files), row.number)
            if first != row.number:
                row.faults.append(_("ไฟล์เดียวกับแถวที่ %(n)d", n=first))
