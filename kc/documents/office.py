"""A Word document of our own look, or in somebody's template: real headings, lists and tables, Thai that is Thai.

Thai is a complex script to Word: font, size, bold and language are read from the cs twins only, so each run says both.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kc.documents.blocks import Block, Run
from kc.documents.form import Picture
from kc.documents.pictures import printable

FONT = "TH Sarabun New"  # on every office machine in Thailand; Word falls back by itself where it is not
SIZE = 16.0
GREY = RGBColor(0x64, 0x58, 0x45)
HIGHEST, WIDEST = 7.5, 12.5  # centimetres of a picture

_ORDER = ["rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "u", "rtl", "cs", "em", "lang", "specVanish"]
_AFTER = {tag: tuple(f"w:{later}" for later in _ORDER[index + 1 :]) for index, tag in enumerate(_ORDER)}


def _set(properties: Any, tag: str, **attributes: str) -> None:
    """Put one <w:tag> with its attributes into run or style properties, replacing what was there."""
    for old in properties.findall(qn(f"w:{tag}")):
        properties.remove(old)
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    # The order of the children is fixed by the format: python-docx knows it for what it makes itself.
    properties.insert_element_before(element, *_AFTER[tag])


def _thai(properties: Any, font: str, size: float, bold: bool = False, italic: bool = False) -> None:
    _set(properties, "rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font)
    for tag, on in (("b", bold), ("bCs", bold), ("i", italic), ("iCs", italic)):
        _set(properties, tag, val="1" if on else "0")  # said outright: a heading's style is bold, its note is not
    _set(properties, "sz", val=str(round(size * 2)))
    _set(properties, "szCs", val=str(round(size * 2)))
    _set(properties, "lang", val="en-US", eastAsia="th-TH", bidi="th-TH")


@dataclass(frozen=True)
class Look:
    """What typed text looks like; other sizes are reckoned from `size`."""

    font: str = FONT
    size: float = SIZE


def new_document(title: str, authors: str = "", *, left: float = 3, width: float = 16) -> Document:
    """An empty A4 page with our styles; margins leave `width` centimetres."""
    document = docx.Document()
    for name, size, bold in (
        ("Normal", SIZE, False),
        ("Title", 18, True),
        ("Heading 1", SIZE, True),
        ("Heading 2", SIZE, True),
    ):
        style = document.styles[name]
        style.font.color.rgb = RGBColor(0, 0, 0)
        _thai(style.element.get_or_add_rPr(), FONT, size, bold)
        layout = style.paragraph_format
        layout.space_before, layout.space_after = Pt(8 if name.startswith("Heading") else 0), Pt(2)
        layout.line_spacing = 1.0
        layout.keep_with_next = name != "Normal"
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(left), Cm(21 - left - width)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    describe(document, title, authors)
    return document


def describe(document: Document, title: str, authors: str) -> None:
    core = document.core_properties
    core.title, core.author, core.language, core.comments = title[:255], authors[:255], "th-TH", ""


def bytes_of(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class Paper:
    """Writes at the end of a document. `width`: centimetres between the margins."""

    def __init__(self, document: Document, *, look: Look | None = None, width: float = 16, thai_digits: bool = False):
        self.document, self.look, self.width, self.thai_digits = document, look or Look(), width, thai_digits

    # ---- words

    def paragraph(self, style: str = "") -> Paragraph:
        """A new paragraph, in `style` where the document has it."""
        known = style and style in [kept.name for kept in self.document.styles]
        return self.document.add_paragraph(style=style if known else None)

    def write(
        self,
        paragraph: Paragraph,
        text: str,
        size: float = 0,
        bold: bool = False,
        italic: bool = False,
        grey: bool = False,
    ) -> Any:
        """Add `text` as one run; line breaks stay line breaks. `size`: as of a text of 16 points."""
        run = paragraph.add_run(text)
        properties = run._r.get_or_add_rPr()
        points = (size or SIZE) * self.look.size / SIZE
        _thai(properties, self.look.font, points, bold, italic)
        _set(properties, "cs")
        if grey:
            run.font.color.rgb = GREY
        return run

    def runs(self, paragraph: Paragraph, runs: list[Run], size: float = 0, bold: bool = False) -> None:
        for run in runs:
            self.write(paragraph, run.text, size, bold or run.bold, run.italic)

    def title(self, text: str, size: float = 18) -> None:
        paragraph = self.paragraph("Title")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.write(paragraph, text, size, bold=True)

    def heading(self, text: str, note: str = "", style: str = "Heading 1") -> None:
        paragraph = self.paragraph(style)
        paragraph.paragraph_format.keep_with_next = True
        self.write(paragraph, text, bold=True)
        if note:
            self.write(paragraph, f" {note}")

    def field(self, paragraph: Paragraph, name: str, value: str, until: float = 0) -> None:
        """A name and its value on a dotted line that ends at `until` centimetres (0: the margin)."""
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Cm(until or self.width), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS)
        self.write(paragraph, f"{name} ", bold=True)
        self.write(paragraph, f" {value} ")
        self.write(paragraph, "\t")

    def foot(self, left: str) -> None:
        """The foot of every page: `left`, and page x of y."""
        footer = self.document.sections[0].footer.paragraphs[0]
        footer.style = self.document.styles["Normal"]  # its own style has tab stops for another page width
        footer.paragraph_format.tab_stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        self.write(footer, f"{left}\tหน้า ", 12, grey=True)
        self._number(footer, "PAGE")
        self.write(footer, "/", 12, grey=True)
        self._number(footer, "NUMPAGES")

    def _number(self, paragraph: Paragraph, name: str) -> None:
        digits = " \\* THAIARABIC" if self.thai_digits else ""
        for kind, text in (("begin", ""), ("", name + digits), ("separate", ""), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            self.write(paragraph, "", 12, grey=True)._r.append(element)

    # ---- tables and pictures

    def table(self, rows: list[list[list[Run]]], widths: list[float], centred: tuple[int, ...] = ()) -> None:
        """A grid with a shaded head that repeats on every page; `centred`: numbers of columns."""
        scale = self.width / sum(widths)
        widths = [width * scale for width in widths]
        table = self.document.add_table(rows=0, cols=len(widths))
        _ruled(table._tbl.tblPr)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in enumerate(widths):
            table.columns[column].width = Cm(width)
        for number, cells in enumerate(rows):
            row = table.add_row()
            _mark(row._tr, "cantSplit", *(["tblHeader"] if number == 0 else []))
            # A short table stays on one page, a long one at least keeps its head with the first row.
            together = number == 0 or (len(rows) <= 8 and number < len(rows) - 1)
            for column, (cell, runs) in enumerate(zip(row.cells, cells, strict=False)):
                cell.width = Cm(widths[column])
                self._cell(cell, runs, head=number == 0, centred=number == 0 or column in centred, together=together)
        self.gap()

    def _cell(self, cell: Any, runs: list[Run], *, head: bool, centred: bool, together: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.keep_with_next = together
        self.runs(paragraph, runs, 14.5, bold=head)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if head:
            _shade(cell._tc)

    def gap(self) -> None:
        paragraph = self.paragraph()
        self.write(paragraph, "", 6)
        paragraph.paragraph_format.line_spacing = Pt(6)

    def picture(self, picture: Picture | None, caption: str) -> None:
        """A picture with its caption, as large as the page allows; nothing when it cannot be shown."""
        ready = printable(picture.data) if picture else None
        if not ready:
            return
        width = min(WIDEST, self.width, HIGHEST * ready.width / ready.height)
        paragraph = self.paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = bool(caption)
        paragraph.add_run().add_picture(io.BytesIO(ready.data), width=Cm(width))
        if caption:
            below = self.paragraph()
            below.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.write(below, caption, 14, grey=True)

    # ---- texts of blocks

    def blocks(
        self,
        blocks: list[Block],
        digits: Callable[[object], str],
        find: Callable[[str], Picture | None],
        indent: float = 1.5,
    ) -> None:
        for block in blocks:
            if block.kind == "table":
                self.table(block.rows, _column_weights(block))
            elif block.kind == "picture":
                self.picture(find(block.path), block.text)
            elif block.kind == "heading":
                paragraph = self.paragraph("Heading 2")
                paragraph.paragraph_format.keep_with_next = True
                self.runs(paragraph, block.runs, bold=True)
            elif block.kind == "item":
                self._item(block, digits(block.marker))
            elif block.kind != "rule":
                paragraph = self.paragraph()
                if block.kind == "paragraph":
                    paragraph.paragraph_format.first_line_indent = Cm(indent)
                else:
                    paragraph.paragraph_format.left_indent = Cm(1)
                self.runs(paragraph, block.runs)

    def _item(self, block: Block, marker: str) -> None:
        paragraph = self.paragraph()
        layout = paragraph.paragraph_format
        layout.left_indent, layout.first_line_indent = Cm(0.7 + 0.7 * block.level), Cm(-0.7)
        layout.tab_stops.add_tab_stop(layout.left_indent)
        self.write(paragraph, f"{marker}\t")
        self.runs(paragraph, block.runs)

    # ---- people

    def makers(self, names: tuple[str, ...]) -> None:
        lines = ["ผู้จัดทำ", *names] if names else []
        for number, line in enumerate(lines):
            paragraph = self.paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            layout = paragraph.paragraph_format
            layout.left_indent = Cm(self.width / 2)
            layout.keep_with_next = number < len(lines) - 1
            if number == 0:
                layout.space_before = Pt(14)
            self.write(paragraph, line)

    def signatures(self, people: list[tuple[str, str]]) -> None:
        """Places to sign side by side: (role, name or "")."""
        table = self.document.add_table(rows=1, cols=len(people))
        table.autofit = False
        _mark(table.rows[0]._tr, "cantSplit")
        for cell, (role, name) in zip(table.rows[0].cells, people, strict=True):
            cell.width = Cm(self.width / len(people))
            bracket = f"({name})" if name else f"({'.' * 40})"
            lines = [f"ลงชื่อ{'.' * 24}{role}", bracket, f"วันที่ {'.' * 8}/{'.' * 8}/{'.' * 12}"]
            for number, line in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                paragraph.paragraph_format.space_before = Pt(24 if number == 0 else 3)
                self.write(paragraph, line)


def _column_weights(block: Block) -> list[float]:
    """Columns share the page by the longest text in each, within reason."""
    longest = [
        max((sum(len(run.text) for run in row[i]) for row in block.rows if i < len(row)), default=1)
        for i in range(max(len(row) for row in block.rows))
    ]
    return [min(max(length, 9), 45) for length in longest]


def _mark(row: Any, *tags: str) -> None:
    for tag in tags:
        row.get_or_add_trPr().append(OxmlElement(f"w:{tag}"))


def _ruled(properties: Any) -> None:
    """Lines around every cell, whatever table styles the document has."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    later = [properties.find(qn(f"w:{tag}")) for tag in ("shd", "tblLayout", "tblCellMar", "tblLook")]
    first = next((element for element in later if element is not None), None)
    if first is None:
        properties.append(borders)
    else:
        first.addprevious(borders)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "ECECEC")):
        shade.set(qn(f"w:{name}"), value)
    cell.get_or_add_tcPr().append(shade)
