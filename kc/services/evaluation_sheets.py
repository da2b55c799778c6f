"""Results of evaluation and follow-up as sheets of a workbook: for downloads, and as evidence of the community."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kc import clock, labels
from kc.i18n import gettext as _
from kc.models import Assessment, Evaluation, FollowUp
from kc.services import evaluation, evaluation_results, follow_up_results
from kc.workbook import Column, Sheet


def columns(*heads: str | tuple[str, str]) -> list[Column]:
    """Headings, each alone or with the kind of its cells."""
    return [Column(head) if isinstance(head, str) else Column(*head) for head in heads]


def _local(moment: datetime | None) -> datetime | None:
    """As the clock on the wall showed it: a spreadsheet knows no zones."""
    return clock.to_local(moment).replace(tzinfo=None) if moment else None


def of_evaluation(row: Evaluation, *, everything: bool) -> Iterator[Sheet]:
    """All together, then everybody's state; what single people answered only with `everything`, for the facilitator."""
    people, questions = evaluation.enrol(row), evaluation.questions_of(row)
    results = evaluation_results.of_community(row, people, questions, everything=everything)
    heads = columns(_("วัดด้วย"), (_("ก่อน"), "decimal"), (_("หลัง"), "decimal"), (_("เต็ม"), "number"), (_("คน"), "number"))
    lines = [[line.label, line.before, line.after, line.full, line.n] for line in [*results.lines, *results.points]]
    if results.satisfaction is not None:
        lines.append([_("ความพอใจ"), None, results.satisfaction, evaluation_results.SCALE, results.satisfied])
    yield Sheet(_("ภาพรวม"), heads, lines)
    whole = columns(_("ชื่อ"), _("สังกัด"), _("สถานะ"), (_("ตอบเมื่อ"), "moment"))
    single = columns(
        (_("ทดสอบก่อน"), "number"),
        (_("ทดสอบหลัง"), "number"),
        (_("ประเมินตนเองก่อน"), "decimal"),
        (_("ประเมินตนเองตอนนี้"), "decimal"),
        (_("คะแนนก่อน"), "decimal"),
        (_("คะแนนหลัง"), "decimal"),
        (_("คุณอำนวยประเมิน"), "number"),
        _("ข้อสังเกต"),
    )
    yield Sheet(_("รายคน"), [*whole, *(single if everything else [])], (_person_row(p, everything) for p in people))
    if results.questions:
        heads = columns(_("คำถาม"), (_("ถูกก่อน (%)"), "number"), (_("ถูกหลัง (%)"), "number"))
        yield Sheet(_("รายข้อ"), heads, ([q.text, q.before, q.after] for q in results.questions))


def _person_row(row: Assessment, reads: bool) -> list[Any]:
    unit = row.employee.unit.name if row.employee_id else _("ภายนอก")
    known = [row.name, unit, str(labels.ASSESSMENT_STATES[row.state]), _local(row.after_at or row.before_at)]
    if not reads:
        return known
    own = [row.test_before, row.test_after, row.self_before, row.self_after]
    return [*known, *own, row.score_before, row.score_after, row.rating, row.rating_note]


def of_follow_up(rows: list[FollowUp]) -> Iterator[Sheet]:
    """Each round in figures, then every answer."""
    heads = columns(
        (_("เดือนที่"), "number"),
        (_("ครบกำหนด"), "day"),
        (_("ต้องตอบ"), "number"),
        (_("ตอบแล้ว"), "number"),
        *((str(label), "number") for label in labels.USE_ANSWERS.values()),
    )
    yield Sheet(
        _("ภาพรวม"),
        heads,
        (
            [m.months, m.due_on, m.coverage.expected, m.coverage.done, m.used, m.partly, m.not_yet]
            for m in follow_up_results.months(rows)
        ),
    )
    heads = columns(
        _("ชื่อ"),
        _("สังกัด"),
        (_("เดือนที่"), "number"),
        (_("ครบกำหนด"), "day"),
        (_("ตอบเมื่อ"), "moment"),
        _("นำไปใช้"),
        _("ใช้ที่ไหน"),
        _("ผลที่เกิด"),
        _("เล่าผล"),
        _("ติดขัด"),
        _("อยากให้ช่วย"),
    )
    yield Sheet(_("รายคน"), heads, (_answer_row(row) for row in rows))


def _answer_row(row: FollowUp) -> list[Any]:
    used = str(labels.USE_ANSWERS[row.used]) if row.used else (row.excused_reason and str(_("ยกเว้น")))
    return [
        row.name,
        row.employee.unit.name if row.employee_id else _("ภายนอก"),
        row.months,
        row.due_on,
        _local(row.answered_at),
        used,
        row.place,
        ", ".join(str(labels.USE_OUTCOMES[name]) for name in row.outcome_list),
        row.outcome_text,
        ", ".join(str(labels.USE_HINDRANCES[name]) for name in row.hindrance_list),
        row.hindrance_text,
    ]
