"""A Word file with marks such as {{เรื่อง}}: checked when an organisation brings one, filled in for every form.

Marks are names and nothing else, replaced as text. A language of templates (conditions, loops, attributes) would have
to be kept from doing harm, and its messages are written for programmers; these are for whoever looks after the form.
"""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml.ns import qn

from kc.documents.office import SIZE, Look, Paper, bytes_of
from kc.errors import DomainError
from kc.i18n import gettext as _

# thai-data: the marks themselves
PART_MARKS = {
    "ที่มา": "background",
    "เป้าหมาย": "goals",
    "กลุ่มเป้าหมาย": "target_group",
    "วิธีการ": "method",
    "ผลลัพธ์": "results",
}
AFTER_PART = {"goals": ("ตารางเป้าหมาย",), "method": ("รูปภาพ",), "results": ("ตารางผลลัพธ์",)}
TEXT_MARKS = (*PART_MARKS, "ตารางเป้าหมาย", "รูปภาพ", "ตารางผลลัพธ์", "รายชื่อผู้จัดทำ", "ลงนาม")
LINE_MARKS = (
    "เรื่อง",
    "ชุมชน",
    "สาขา",
    "ฝ่าย",
    "ปี",
    "ชุมชนและปี",
    "ประเด็นเรียนรู้",
    "องค์กร",
    "ผลลัพธ์ ณ วันที่",
    "ผู้จัดทำ",
    "ที่อยู่",
    *(f"เลข{number}" for number in range(1, 6)),
)
NEEDED = ("เรื่อง", *PART_MARKS)

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

MOST_BYTES = 5_000_000
MOST_UNPACKED = 80_000_000
MOST_RATIO = 200
MOST_FAULTS = 8
_MARK = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_RUNS = "./w:r | ./w:hyperlink/w:r | ./w:ins/w:r | ./w:smartTag/w:r | ./w:sdt/w:sdtContent/w:r"
_FILLABLE = ("header", "footer")


_SPACES = re.compile(r"[\s\u00a0\u200b]+")


def _known(name: str) -> str:
    """The mark meant, whatever spaces stand in it; what nobody knows as it was typed."""
    bare = _SPACES.sub("", name)
    return next((known for known in (*TEXT_MARKS, *LINE_MARKS) if _SPACES.sub("", known) == bare), name)


def _names(text: str) -> list[str]:
    return [_known(name) for name in _MARK.findall(text)]


def mark(name: str) -> str:
    return "{{" + name + "}}"


@dataclass(frozen=True)
class Place:
    """A paragraph of the file, and where a person finds it."""

    element: Any
    words: str
    in_body: bool

    @property
    def texts(self) -> list[Any]:
        """The <w:t> that together are the paragraph's words (not those of a text box in it)."""
        return [text for run in self.element.xpath(_RUNS) for text in run.findall(qn("w:t"))]

    @property
    def text(self) -> str:
        return "".join(text.text or "" for text in self.texts)


def _places(document: Any) -> Iterator[Place]:
    body = document.element.body
    tables = {table: number for number, table in enumerate(body.iter(qn("w:tbl")), start=1)}
    for number, element in enumerate(body.iter(qn("w:p")), start=1):
        boxed = any(True for _box in element.iterancestors(qn("w:txbxContent")))
        table = next(element.iterancestors(qn("w:tbl")), None)
        where = _("ย่อหน้าที่ %(n)d", n=number)
        if boxed:
            where = _("กล่องข้อความ")
        elif table is not None:
            where = _("ตารางที่ %(n)d", n=tables[table])
        yield Place(element, where, not boxed)
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in _FILLABLE and not relation.is_external:
            where = _("หัวกระดาษ") if kind == "header" else _("ท้ายกระดาษ")
            for element in relation.target_part.element.iter(qn("w:p")):
                yield Place(element, where, False)


# ---- checking ------------------------------------------------------------------------------------------------------


def check(data: bytes) -> None:
    """DomainError, with where and what, when this is no template we can fill; nothing when it is."""
    faults = _faults(_opened(data))
    if faults:
        more = [_("และอีก %(n)d แห่ง", n=len(faults) - MOST_FAULTS)] if len(faults) > MOST_FAULTS else []
        raise DomainError("\n".join([*faults[:MOST_FAULTS], *more]), field="file")


def _opened(data: bytes) -> Any:
    _check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
        _ = document.sections[0].page_width, document.element.body
    except Exception as error:  # python-docx raises anything on a damaged file
        raise DomainError(_damaged(), field="file") from error
    _check_relations(document)
    return document


def _damaged() -> str:
    return _("เปิดไฟล์นี้ไม่ได้ ไฟล์อาจเสียหายหรือไม่ใช่ Word (.docx) โปรดเปิดใน Word แล้วบันทึกใหม่เป็น .docx")


def _check_archive(data: bytes) -> None:
    """Before anything is unpacked: is it a Word file, of a sane size, without programs and without outside parts?"""
    if len(data) > MOST_BYTES:
        raise DomainError(_("แบบใหญ่เกิน %(mb)d MB โปรดลดขนาดรูปในแบบ", mb=MOST_BYTES // 1_000_000), field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            large = sum(part.file_size for part in parts) > MOST_UNPACKED or any(
                part.file_size > 1_000_000 and part.file_size > MOST_RATIO * max(1, part.compress_size)
                for part in parts
            )
            if "word/document.xml" not in names or large or len(parts) > 2000:
                raise DomainError(_damaged(), field="file")
            if any(name.lower().endswith(".bin") and "vba" in name.lower() for name in names):
                raise DomainError(_("แบบนี้มีมาโครอยู่ โปรดบันทึกใหม่เป็น .docx ที่ไม่มีมาโคร"), field="file")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DomainError(_damaged(), field="file") from error


def _check_part(content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DomainError(_damaged(), field="file")


def _check_relations(document: Any) -> None:
    """Nothing may be fetched from elsewhere when the form is opened: only links that a reader clicks lead outside."""
    package = document.part.package
    for relations in (package.rels, *(part.rels for part in package.iter_parts())):
        if any(r.is_external and not r.reltype.endswith("/hyperlink") for r in relations.values()):
            raise DomainError(_("แบบนี้ดึงรูปหรือแม่แบบจากที่อื่น โปรดวางรูปไว้ในไฟล์โดยตรง แล้วบันทึกใหม่"), field="file")


def _faults(document: Any) -> list[str]:
    faults, seen = [], set()
    for place in _places(document):
        text = place.text
        names = _names(text)
        seen |= set(names)
        faults += [f"{place.words}: {fault}" for fault in _faults_of(place, text, names)]
    missing = [mark(name) for name in NEEDED if name not in seen]
    if missing:
        faults.append(_("ยังไม่มี %(marks)s ในแบบ", marks=" ".join(missing)))
    return faults


def _faults_of(place: Place, text: str, names: list[str]) -> Iterator[str]:
    for name in names:
        if name in TEXT_MARKS and not place.in_body:
            yield _("%(mark)s วางได้เฉพาะในเนื้อหา ไม่ใช่หัวท้ายกระดาษหรือกล่องข้อความ", mark=mark(name))
        elif name in TEXT_MARKS and (len(names) > 1 or _MARK.sub("", text).strip()):
            yield _("%(mark)s ต้องอยู่บรรทัดเดียวลำพัง ไม่มีข้อความอื่น", mark=mark(name))
        elif name not in TEXT_MARKS and name not in LINE_MARKS:
            yield _unknown(name)
    rest = _MARK.sub("", text)
    if "{{" in rest or "}}" in rest:
        yield _("วงเล็บปีกกาไม่ครบคู่ ใกล้ “%(text)s”", text=_near(rest))


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, (*TEXT_MARKS, *LINE_MARKS), n=1, cutoff=0.5)
    if near:
        return _("ไม่รู้จัก %(mark)s หมายถึง %(near)s หรือไม่", mark=mark(name[:40]), near=mark(near[0]))
    return _("ไม่รู้จัก %(mark)s", mark=mark(name[:40]))


def _near(text: str) -> str:
    at = max(0, min(i for i in (text.find("{{"), text.find("}}")) if i >= 0) - 10)
    return text[at : at + 30].strip()


# ---- filling in ----------------------------------------------------------------------------------------------------


class Filling:
    """A template being filled in."""

    def __init__(self, template: bytes, *, thai_digits: bool) -> None:
        self.document = docx.Document(io.BytesIO(template))
        self.thai_digits = thai_digits
        # What is a mark is settled before anything is written: a title may be called {{เรื่อง}} and stays that.
        self.places = [(place, _names(place.text)) for place in _places(self.document) if "{{" in place.text]
        if thai_digits:
            self._number_pages_in_thai()

    def bytes(self) -> bytes:
        return bytes_of(self.document)

    def lines(self, values: dict[str, str]) -> None:
        """Marks within a line; what they stand in keeps its look. A line that only held an empty value goes."""
        for place, marks in self.places:
            names = [name for name in marks if name in values]
            alone = not _MARK.sub("", place.text).strip() and len(names) == len(marks)
            _replace(place, {name: " ".join(values[name].split("\n")) for name in names})
            if names and alone and not any(values[name] for name in names) and place.in_body:
                _take_out(place.element)

    def texts(self, writers: dict[str, Callable[[Paper], Any]]) -> None:
        """Marks that become paragraphs, tables and pictures, written in the look of the mark."""
        for place, marks in self.places:
            name = next((name for name in marks if name in writers), "")
            if name:
                self._put(place, writers[name], keep=name in PART_MARKS)

    def _put(self, place: Place, write: Callable[[Paper], Any], *, keep: bool) -> None:
        body = self.document.element.body
        end = body.find(qn("w:sectPr"))
        before = len(body) - (end is not None)
        write(Paper(self.document, look=_look(place), width=self._width(), thai_digits=self.thai_digits))
        made = list(body)[before : len(body) - (end is not None)]
        for element in made:
            place.element.addprevious(element)
        if made or not keep:
            _take_out(place.element)
        else:  # a part without words: room to write by hand
            _replace(place, dict.fromkeys(TEXT_MARKS, ""))

    def _width(self) -> float:
        section = self.document.sections[0]
        if section.page_width is None or section.left_margin is None or section.right_margin is None:
            return 16
        return max(4.0, (section.page_width - section.left_margin - section.right_margin) / 360_000)

    def _number_pages_in_thai(self) -> None:
        for place in _places(self.document):
            for field in place.element.iter(qn("w:instrText")):
                if field.text and field.text.strip() in ("PAGE", "NUMPAGES"):
                    field.text = f"{field.text.strip()} \\* THAIARABIC"


def _replace(place: Place, values: dict[str, str]) -> None:
    """Marks become their values, though Word may have cut them into several runs; from the last to the first."""
    for found in reversed([m for m in _MARK.finditer(place.text) if _known(m.group(1)) in values]):
        at, new = 0, values[_known(found.group(1))]
        for text in place.texts:
            old = text.text or ""
            begin, end = max(found.start() - at, 0), min(found.end() - at, len(old))
            at += len(old)
            if begin < end:
                text.text = old[:begin] + new + old[end:]
                text.set(XML_SPACE, "preserve")
                new = ""  # the value stands where the mark began


def _take_out(element: Any) -> None:
    """Remove a paragraph, unless its cell would be left without one: a file Word does not open."""
    parent = element.getparent()
    last = parent.tag == qn("w:tc") and (element.getnext() is None or len(parent.findall(qn("w:p"))) == 1)
    if last:
        for run in element.xpath(_RUNS):
            run.getparent().remove(run)
    else:
        parent.remove(element)


def _look(place: Place) -> Look:
    """Font and size of the mark's first run, where it says them."""
    run = next(iter(place.element.xpath(_RUNS)), None)
    properties = run.find(qn("w:rPr")) if run is not None else None
    if properties is None:
        return Look()
    fonts, size = properties.find(qn("w:rFonts")), properties.find(qn("w:szCs"))
    font = (fonts.get(qn("w:cs")) or fonts.get(qn("w:ascii"))) if fonts is not None else None
    points = int(size.get(qn("w:val"), "32")) / 2 if size is not None else SIZE
    return Look(font or Look.font, points)
