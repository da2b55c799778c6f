"""The working papers of branches: a form or checklist of one page, as the Word or PDF file somebody made of it."""

import io
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import typst
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from kc import documents
from kc.documents.blocks import Block, Run, read_blocks

FONTS = Path(documents.__file__).parent / "fonts"
# Named, not embedded: Thai offices have one of these two.
WORD_FONT = "TH Sarabun New"
ROOM_TO_WRITE = Cm(1.5)  # a row that people fill in by hand
# What python-docx otherwise writes into the file's properties.
MAKER = "คลังความรู้ ธ.ร.ช."
# A plain page: what a branch makes of an afternoon needs no more.
SHEET = """#let sheet = json(bytes(sys.inputs.sheet))
#set document(title: sheet.title, date: none)
#set page(paper: "a4", margin: 2cm)
#set text(font: "Laksaman", size: 16pt, lang: "th", region: "TH", top-edge: 0.8em, bottom-edge: -0.26em)
#set par(leading: 0.35em, spacing: 0.8em)
#let run(r) = {
  let body = r.text.split("\\n").map(t => [#t]).join(linebreak())
  if r.bold { strong(body) } else if r.italic { emph(body) } else { body }
}
#let runs(rs) = rs.map(run).join()
#align(center, block(below: 1em, text(size: 19pt, weight: "bold", sheet.title)))
#for b in sheet.blocks {
  if b.kind == "table" {
    let wide = calc.max(..b.rows.map(row => row.len()))
    block(table(
      columns: (1fr,) * wide,
      rows: b.rows.map(row => if row.all(cell => cell.len() == 0) { 1.5cm } else { auto }),
      inset: (x: 6pt, y: 5pt),
      stroke: 0.5pt,
      ..b.rows.map(row => row.map(runs) + ([],) * (wide - row.len())).flatten(),
    ))
  } else if b.kind == "item" {
    block(pad(left: 0.6cm * b.level, grid(columns: (0.8cm, 1fr), b.marker, runs(b.runs))))
  } else { par(runs(b.runs)) }
}
"""


def make(extra: dict[str, str]) -> bytes:
    """The file called extra["filename"], of its title and its text."""
    blocks = read_blocks(extra["body"])
    if extra["filename"].endswith(".pdf"):
        return _pdf(extra["title"], blocks)
    if extra["filename"].endswith(".docx"):
        return _docx(extra["title"], blocks)
    raise ValueError(f"{extra['filename']}: only .docx and .pdf are made")


def _pdf(title: str, blocks: list[Block]) -> bytes:
    data = {"title": title, "blocks": [asdict(block) for block in blocks]}
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        (folder / "sheet.typ").write_text(SHEET, encoding="utf-8")
        pdf = typst.compile(
            str(folder / "sheet.typ"),
            root=path,
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        )
    assert isinstance(pdf, bytes)
    return pdf


def _docx(title: str, blocks: list[Block]) -> bytes:
    document = Document()
    document.core_properties.author, document.core_properties.title = MAKER, title
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _write(document.add_paragraph(), [Run(title, bold=True)], size=19)
    for block in blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: WordDocument, block: Block) -> None:
    if block.kind == "table":
        return _add_table(document, block)
    paragraph = document.add_paragraph()
    if block.kind == "item":
        paragraph.paragraph_format.left_indent = Cm(0.8 * block.level)
        _write(paragraph, [Run(f"{block.marker} ")] if block.marker else [])
    _write(paragraph, block.runs)


def _add_table(document: WordDocument, block: Block) -> None:
    table = document.add_table(len(block.rows), max(map(len, block.rows)), "Table Grid")
    for written, row in zip(table.rows, block.rows, strict=True):
        written.height = None if any(row) else ROOM_TO_WRITE
        for cell, runs in zip(written.cells, row, strict=False):
            _write(cell.paragraphs[0], runs, bold=row is block.rows[0])
    document.add_paragraph()


def _write(paragraph: Paragraph, runs: list[Run], *, size: int = 16, bold: bool = False) -> None:
    for run in runs:
        written = paragraph.add_run(run.text)
        written.bold, written.italic = run.bold or bold, run.italic
        _in_thai(written, size)


def _in_thai(run: WordRun, size: int) -> None:
    """Thai is a complex script to Word: it has a font, size and boldness of its own."""
    run.font.name, run.font.size = WORD_FONT, Pt(size)
    properties = run._element.get_or_add_rPr()
    properties.rFonts.set(qn("w:cs"), WORD_FONT)
    for tag, value in (("w:szCs", str(size * 2)), ("w:bCs", "1" if run.bold else "0")):
        properties.append(properties.makeelement(qn(tag), {qn("w:val"): value}))
