"""The exchange form as DOCX: a template with marks, ours or the organisation's, filled in (S0-172)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from kc.documents import form as official
from kc.documents import word_template
from kc.documents.blocks import Run, read_blocks
from kc.documents.form import ExchangeForm
from kc.documents.office import Paper, bytes_of, describe, new_document

MARKS = {part: word_template.mark(name) for name, part in word_template.PART_MARKS.items()}
GOALS = {"measure": 7.5, "unit": 2.5, "before": 3.0, "target": 3.0}
RESULTS = {"measure": 6.2, "unit": 2.1, "before": 2.9, "target": 2.4, "after": 2.4}


@cache
def standard_template() -> bytes:
    """The form as we print it, every value a mark: what an organisation begins its own template with."""
    mark = word_template.mark
    document = new_document(official.FORM_TITLE)
    paper = Paper(document)
    paper.foot(mark("ที่อยู่"))
    paper.title(official.FORM_TITLE, 16.5)
    paper.field(paper.paragraph(), official.SUBJECT, mark("เรื่อง"))
    places = paper.paragraph()
    paper.field(places, official.BRANCH, mark("สาขา"), 6.5)
    paper.field(places, official.DIVISION, mark("ฝ่าย"))
    paper.write(paper.paragraph(), mark("ชุมชนและปี"), 14, grey=True)
    for part in ExchangeForm("").parts:
        paper.heading(f"{mark('เลข' + part.heading[0])}. {part.heading[3:]}", part.note)
        paper.write(paper.paragraph(), MARKS[part.name])
        for name in word_template.AFTER_PART.get(part.name, ()):
            paper.write(paper.paragraph(), mark(name))
        if part.name == "results":
            paper.field(paper.paragraph(), official.RESULTS_ON, mark("ผลลัพธ์ ณ วันที่"), 10)
    paper.write(paper.paragraph(), mark("รายชื่อผู้จัดทำ"))
    paper.write(paper.paragraph(), mark("ลงนาม"))
    return bytes_of(document)


def exchange_form_docx(form: ExchangeForm, template: bytes | None = None) -> bytes:
    """The official form in Word: `template` (the organisation's, checked when it was taken) or our own, filled in."""
    filling = word_template.Filling(template or standard_template(), thai_digits=form.thai_digits)
    describe(filling.document, form.title, ", ".join(form.authors))
    filling.lines(_lines(form))
    filling.texts(_texts(form))
    return filling.bytes()


def _lines(form: ExchangeForm) -> dict[str, str]:
    """What stands within a line, by the name of its mark."""
    context = [f"ชุมชน {form.community}" if form.community else "", form.digits(form.fiscal_year)]
    return {
        "เรื่อง": form.title,
        "ชุมชน": form.community,
        "สาขา": form.branch,
        "ฝ่าย": form.division,
        "ปี": form.digits(form.fiscal_year),
        "ชุมชนและปี": "  ·  ".join(filter(None, context)),
        "ประเด็นเรียนรู้": form.topic,
        "องค์กร": form.organisation,
        "ผลลัพธ์ ณ วันที่": form.results_day,
        "ผู้จัดทำ": ", ".join(form.authors),
        "ที่อยู่": form.address,
        **{f"เลข{number}": form.digits(number) for number in range(1, 6)},
    }


def _texts(form: ExchangeForm) -> dict[str, Callable[[Paper], Any]]:
    """What takes paragraphs of its own, by the name of its mark."""

    def part(name: str) -> Callable[[Paper], Any]:
        return lambda paper: paper.blocks(read_blocks(getattr(form, name)), form.digits, form.picture)

    def measures(columns: dict[str, float]) -> Callable[[Paper], Any]:
        head = [[Run(official.MEASURE_COLUMNS[name])] for name in columns]
        body = [[[Run(form.digits(measure.shown(name)))] for name in columns] for measure in form.measures]
        centred = tuple(range(1, len(columns)))
        return lambda paper: form.measures and paper.table([head, *body], list(columns.values()), centred)

    signers = [("ผู้จัดทำ", next(iter(form.authors), "")), ("ผู้บังคับบัญชา", "")]
    return {name: part(field) for name, field in word_template.PART_MARKS.items()} | {
        "ตารางเป้าหมาย": measures(GOALS),
        "ตารางผลลัพธ์": measures(RESULTS),
        "รูปภาพ": lambda paper: _pictures(form, paper),
        "รายชื่อผู้จัดทำ": lambda paper: paper.makers(form.authors),
        "ลงนาม": lambda paper: form.signatures and paper.signatures(signers),
    }


def _pictures(form: ExchangeForm, paper: Paper) -> None:
    """Those that no text shows in place."""
    texts = "".join(part.text for part in form.parts)
    for picture in form.pictures:
        if not picture.path or picture.path not in texts:
            paper.picture(picture, picture.caption)
