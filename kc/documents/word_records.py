"""The record of a session as DOCX: staff go on writing in it."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH

from kc.documents import records
from kc.documents.blocks import Run, read_blocks
from kc.documents.office import Paper, bytes_of, new_document
from kc.documents.records import Note, SessionRecord

LEFT, WIDTH = 2.5, 16.5


def session_record_docx(record: SessionRecord) -> bytes:
    """Same words and order as the PDF."""
    document = new_document(record.topic, record.recorder, left=LEFT, width=WIDTH)
    paper = Paper(document, width=WIDTH, thai_digits=record.thai_digits)
    paper.foot(record.address)
    paper.title(records.RECORD_TITLE)
    if record.fiscal_year:
        below = paper.paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paper.write(below, record.digits(record.fiscal_year))
    for name, value in record.facts:
        if value:
            line = paper.paragraph()
            paper.write(line, f"{name}  ", bold=True)
            paper.write(line, value)
    paper.heading(f"ผู้เข้าร่วม {record.digits(len(record.people))} คน")
    if record.people:
        head = [[Run(name)] for name in ("ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "สังกัด")]
        people = enumerate(record.people, start=1)
        rows = [[record.digits(n), person.name, person.position, person.unit] for n, person in people]
        paper.table([head, *([[Run(cell)] for cell in row] for row in rows)], [1.9, 5, 4.4, 4.9], centred=(0,))
    paper.heading("สาระจากการแลกเปลี่ยน")
    for kind, notes in record.notes:
        paper.heading(kind, style="Heading 2")
        for number, note in enumerate(notes, start=1):
            _note(paper, record, number, note)
    if not record.notes:
        paper.paragraph()
    if record.pictures:
        paper.heading("ภาพกิจกรรม")
        for picture in record.pictures:
            paper.picture(picture, picture.caption)
    if record.signatures:
        paper.signatures([("ผู้บันทึก", record.recorder), ("ผู้ตรวจบันทึก", "")])
    return bytes_of(document)


def _note(paper: Paper, record: SessionRecord, number: int, note: Note) -> None:
    blocks = read_blocks(note.text)
    lead = blocks[0].kind in ("paragraph", "heading") if blocks else False
    first = paper.paragraph()
    paper.write(first, f"{record.digits(number)}.  ")
    if lead:
        paper.runs(first, blocks[0].runs)
    paper.blocks(blocks[1:] if lead else blocks, record.digits, lambda _path: None, indent=0)
    if note.speaker:
        paper.write(paper.paragraph(), f"– {note.speaker}", 14, grey=True)
