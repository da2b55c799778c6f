"""The exchange form as DOCX: edited in Word afterwards, so with real headings, lists and tables (S0-172)."""

from __future__ import annotations

import io
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

from kc.documents import form as official
from kc.documents.blocks import Block, Run, read_blocks
from kc.documents.form import ExchangeForm, Picture
from kc.documents.pictures import printable

FONT = "TH Sarabun New"  # on every office machine in Thailand; Word falls back by itself where it is not
SIZE = 16
WIDTH = Cm(16)
GREY = RGBColor(0x64, 0x58, 0x45)


def _set(properties: Any, tag: str, **attributes: str) -> None:
    """Put one <w:tag> with its attributes into run or style properties, replacing what was there."""
    for old in properties.findall(qn(f"w:{tag}")):
        properties.remove(old)
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    # The order of the children is fixed by the format: python-docx knows it for what it makes itself.
    properties.insert_element_before(element, *_AFTER[tag])


_ORDER = ["rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "u", "rtl", "cs", "em", "lang", "specVanish"]
_AFTER = {tag: tuple(f"w:{later}" for later in _ORDER[index + 1 :]) for index, tag in enumerate(_ORDER)}


def _thai(properties: Any, size: float, bold: bool = False, italic: bool = False) -> None:
    """Thai is a complex script to Word: font, size, bold and language are read from the cs twins only."""
    _set(properties, "rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)
    for tag, on in (("b", bold), ("bCs", bold), ("i", italic), ("iCs", italic)):
        _set(properties, tag, val="1" if on else "0")  # said outright: a heading's style is bold, its note is not
    _set(properties, "sz", val=str(round(size * 2)))
    _set(properties, "szCs", val=str(round(size * 2)))
    _set(properties, "lang", val="en-US", eastAsia="th-TH", bidi="th-TH")


def _write(paragraph: Paragraph, text: str, size: float = SIZE, bold: bool = False, italic: bool = False) -> Any:
    """Add `text` as one run; line breaks stay line breaks."""
    run = paragraph.add_run(text)
    properties = run._r.get_or_add_rPr()
    _thai(properties, size, bold, italic)
    _set(properties, "cs")
    return run


def _write_runs(paragraph: Paragraph, runs: list[Run], size: float = SIZE, bold: bool = False) -> None:
    for run in runs:
        _write(paragraph, run.text, size, bold or run.bold, run.italic)


def _styles(document: Document) -> None:
    for name, size, bold in (
        ("Normal", SIZE, False),
        ("Title", 18, True),
        ("Heading 1", SIZE, True),
        ("Heading 2", SIZE, True),
    ):
        style = document.styles[name]
        style.font.color.rgb = RGBColor(0, 0, 0)
        _thai(style.element.get_or_add_rPr(), size, bold)
        layout = style.paragraph_format
        layout.space_before, layout.space_after = Pt(8 if name.startswith("Heading") else 0), Pt(2)
        layout.line_spacing = 1.0
        layout.keep_with_next = name != "Normal"
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break


def _page(document: Document, form: ExchangeForm) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["Normal"]  # the footer's own style has tab stops for another page width
    footer.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _write(footer, f"{form.address}\tหน้า ", 12).font.color.rgb = GREY
    for kind, text in (("begin", ""), ("", "PAGE \\* THAIARABIC" if form.thai_digits else "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run = _write(footer, "", 12)
        run.font.color.rgb = GREY
        run._r.append(element)


def _field(paragraph: Paragraph, name: str, value: str, until: Cm) -> None:
    """A name and its value on a dotted line that ends at `until`."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(until, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS)
    _write(paragraph, f"{name} ", bold=True)
    _write(paragraph, f" {value} ")
    _write(paragraph, "\t")


def _head(document: Document, form: ExchangeForm) -> None:
    title = document.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, official.FORM_TITLE, 16.5, bold=True)
    _field(document.add_paragraph(), official.SUBJECT, form.title, WIDTH)
    places = document.add_paragraph()
    _field(places, official.BRANCH, form.branch, Cm(6.5))
    _field(places, official.DIVISION, form.division, WIDTH)
    context = [f"ชุมชน {form.community}" if form.community else "", form.digits(form.fiscal_year)]
    if any(context):
        _write(document.add_paragraph(), "  ·  ".join(filter(None, context)), 14).font.color.rgb = GREY


def _table(document: Document, rows: list[list[list[Run]]], widths: list[float], centred: bool = False) -> None:
    """A grid with a shaded head that repeats on every page."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in enumerate(widths):
        table.columns[column].width = Cm(width)
    for number, cells in enumerate(rows):
        row = table.add_row()
        _mark(row._tr, "cantSplit", *(["tblHeader"] if number == 0 else []))
        for column, runs in enumerate(cells[: len(widths)]):
            cell = row.cells[column]
            cell.width = Cm(widths[column])
            paragraph = cell.paragraphs[0]
            # A short table stays on one page, a long one at least keeps its head with the first row.
            paragraph.paragraph_format.keep_with_next = number == 0 or (len(rows) <= 8 and number < len(rows) - 1)
            _write_runs(paragraph, runs, 14.5, bold=number == 0)
            if number == 0 or (centred and column > 0):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if number == 0:
                _shade(cell._tc)
    _write(document.add_paragraph(), "", 6)
    document.paragraphs[-1].paragraph_format.line_spacing = Pt(6)


def _mark(row: Any, *tags: str) -> None:
    for tag in tags:
        row.get_or_add_trPr().append(OxmlElement(f"w:{tag}"))


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "ECECEC")):
        shade.set(qn(f"w:{name}"), value)
    cell.get_or_add_tcPr().append(shade)


def _measures(document: Document, form: ExchangeForm, columns: dict[str, float]) -> None:
    if form.measures:
        head = [[Run(official.MEASURE_COLUMNS[name])] for name in columns]
        body = [[[Run(form.digits(measure.shown(name)))] for name in columns] for measure in form.measures]
        _table(document, [head, *body], list(columns.values()), centred=True)


def _picture(document: Document, picture: Picture | None, caption: str) -> None:
    ready = printable(picture.data) if picture else None
    if not ready:
        return
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = bool(caption)
    high = ready.height > ready.width * 0.6
    paragraph.add_run().add_picture(io.BytesIO(ready.data), **({"height": Cm(7.5)} if high else {"width": Cm(12.5)}))
    if caption:
        below = document.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(below, caption, 14).font.color.rgb = GREY


def _item(document: Document, form: ExchangeForm, block: Block) -> None:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent, layout.first_line_indent = Cm(0.7 + 0.7 * block.level), Cm(-0.7)
    layout.tab_stops.add_tab_stop(layout.left_indent)
    _write(paragraph, f"{form.digits(block.marker)}\t")
    _write_runs(paragraph, block.runs)


def _block(document: Document, form: ExchangeForm, block: Block) -> None:
    if block.kind == "table":
        columns = max(len(row) for row in block.rows)
        # Columns share the page by the longest text in each, within reason.
        longest = [
            max((sum(len(run.text) for run in row[i]) for row in block.rows if i < len(row)), default=1)
            for i in range(columns)
        ]
        weights = [min(max(length, 9), 45) for length in longest]
        _table(document, block.rows, [16 * weight / sum(weights) for weight in weights])
    elif block.kind == "picture":
        _picture(document, form.picture(block.path), block.text)
    elif block.kind == "heading":
        _write_runs(document.add_paragraph(style="Heading 2"), block.runs, bold=True)
    elif block.kind == "item":
        _item(document, form, block)
    elif block.kind != "rule":
        paragraph = document.add_paragraph()
        layout = paragraph.paragraph_format
        if block.kind == "paragraph":
            layout.first_line_indent = Cm(1.5)
        else:
            layout.left_indent = Cm(1)
        _write_runs(paragraph, block.runs)


def _part(document: Document, form: ExchangeForm, part: official.Part) -> None:
    heading = document.add_paragraph(style="Heading 1")
    _write(heading, part.heading, bold=True)
    if part.note:
        _write(heading, f" {part.note}")
    blocks = read_blocks(part.text)
    for block in blocks:
        _block(document, form, block)
    if not blocks and not (part.name in ("goals", "results") and form.measures):
        document.add_paragraph()
    if part.name == "goals":
        _measures(document, form, {"measure": 7.5, "unit": 2.5, "before": 3, "target": 3})
    if part.name == "method":
        texts = "".join(other.text for other in form.parts)
        for picture in form.pictures:
            if not picture.path or picture.path not in texts:
                _picture(document, picture, picture.caption)
    if part.name == "results":
        _measures(document, form, {"measure": 6.2, "unit": 2.1, "before": 2.9, "target": 2.4, "after": 2.4})
        _field(document.add_paragraph(), official.RESULTS_ON, form.results_day, Cm(10))


def _signatures(document: Document, form: ExchangeForm) -> None:
    lines = ["ผู้จัดทำ", *form.authors] if form.authors else []
    for number, line in enumerate(lines):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout = paragraph.paragraph_format
        layout.left_indent = Cm(8)
        layout.keep_with_next = number < len(lines) - 1
        if number == 0:
            layout.space_before = Pt(14)
        _write(paragraph, line)


def exchange_form_docx(form: ExchangeForm) -> bytes:
    """The official form in Word, same words and order as the PDF (S0-162..172)."""
    document = docx.Document()
    _styles(document)
    _page(document, form)
    core = document.core_properties
    core.title, core.author, core.language, core.comments = (
        form.title[:255],
        ", ".join(form.authors)[:255],
        "th-TH",
        "",
    )
    _head(document, form)
    for part in form.parts:
        _part(document, form, part)
    _signatures(document, form)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
