"""Forms of knowledge: starting an article, the five-part editor, and the words that go with a step."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SelectField

from kc import labels, thai
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, ThaiDateField, picks
from kc.i18n import lazy as _l
from kc.models.knowledge import PARTS

PART_LIMIT = 60_000
MEASURE = ("measure", "unit", "before", "target", "after")
MAX_MEASURES = 30
SPARE_ROWS = 1  # empty rows offered to those without JavaScript

KINDS = picks(labels.ARTICLE_KINDS)


class StartForm(BaseForm):
    """The few things that a draft begins with; everything else is written in the editor."""

    form_key = HiddenField()
    source = HiddenField()  # the page of ours it came from
    community = SelectField(
        _l("ชุมชนเจ้าของเรื่อง"),
        choices=[],
        validate_choice=False,
        description=_l("เลือกชุมชน แล้วระบบจะเติมสังกัด ปี และประเด็นเรียนรู้ให้ และดึงบันทึกมาใช้ได้"),
    )
    title = LineField(
        _l("ชื่อองค์ความรู้"),
        [Required(_l("โปรดตั้งชื่อองค์ความรู้")), AtMost(300)],
        description=_l("บอกให้รู้ว่าทำอะไรแล้วได้ผลอย่างไร เช่น เยี่ยมก่อนครบกำหนด 45 วัน ลดหนี้ค้างชำระใหม่"),
    )
    kind = RadioField(_l("ประเภท"), choices=KINDS, default="best_practice")


class ArticleForm(BaseForm):
    """The five-part form and its head. Texts are never refused for being empty: a draft may be half written."""

    title = LineField(_l("ชุมชนนักปฏิบัติเรื่อง (ชื่อองค์ความรู้)"), [Required(_l("โปรดตั้งชื่อองค์ความรู้")), AtMost(300)])
    summary = TextField(
        _l("สรุปสั้น ๆ"),
        [AtMost(600)],
        description=_l("สองสามบรรทัดที่เพื่อนจะเห็นในรายการ: ทำอะไร กับใคร ได้ผลเท่าไร"),
    )
    kind = SelectField(_l("ประเภท"), choices=KINDS, default="best_practice")
    knowledge_type = SelectField(_l("ลักษณะความรู้"), choices=picks(labels.KNOWLEDGE_TYPES), default="")
    community = SelectField(_l("ชุมชนเจ้าของเรื่อง"), choices=[], validate_choice=False)
    topic = SelectField(_l("ประเด็นเรียนรู้"), choices=[], validate_choice=False)
    unit = SelectField(_l("สังกัด"), choices=[], validate_choice=False)
    background = TextField(labels.PARTS["background"], [AtMost(PART_LIMIT)])
    goals = TextField(labels.PARTS["goals"], [AtMost(PART_LIMIT)])
    target_group = TextField(labels.PARTS["target_group"], [AtMost(PART_LIMIT)])
    method = TextField(labels.PARTS["method"], [AtMost(PART_LIMIT)])
    results = TextField(labels.PARTS["results"], [AtMost(PART_LIMIT)])
    body = TextField(_l("เนื้อหาจากระบบเดิม"), [AtMost(4 * PART_LIMIT)])
    results_on = ThaiDateField(_l("ผลลัพธ์ ณ วันที่"), description=_l("วัน/เดือน/ปี พ.ศ. เช่น 31/3/2569"))
    author = LineField(_l("เพิ่มผู้เขียน"), [AtMost(120)], description=_l("พิมพ์ชื่อหรือรหัสพนักงาน แล้วเลือกจากรายชื่อ"))


class ReasonForm(BaseForm):
    """Why something goes back, or is no longer used."""

    reason = TextField(_l("ควรเพิ่มหรือแก้ตรงไหน"), [Required(_l("โปรดบอกเหตุผล")), AtMost(2000)])


def content_from(form: ArticleForm, posted: MultiDict[str, str], *, lenient: bool = False) -> dict[str, Any]:
    """What a posted form says, as plain values; fields it did not carry are left out.

    `lenient` (autosave): a field with a fault is left out too, so that everything else is saved.
    """
    content: dict[str, Any] = {}
    for name in ("title", "summary", "kind", "knowledge_type", *PARTS, "body", "results_on"):
        field = form[name]
        if name in posted and not (lenient and field.errors):
            content[name] = field.data
    for name in ("community", "topic", "unit"):
        if name in posted:
            content[name] = _row_id(posted[name])
    if "authors_sent" in posted:
        content["authors"] = tuple(dict.fromkeys(i for text in posted.getlist("authors") if (i := _row_id(text))))
    if "measures_sent" in posted:
        content["measures"] = measures_from(posted)
    return content


def _row_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


def measures_from(posted: MultiDict[str, str]) -> tuple[tuple[str, ...], ...]:
    """The rows of goals and results, in order, without empty ones and those taken out."""
    columns = [posted.getlist(f"m_{name}") for name in MEASURE]
    rows = [tuple(thai.clean_line(cell)[:200] for cell in row) for row in zip(*columns, strict=False)]
    removed = _row_id(posted.get("remove_measure", ""))
    if removed is not None:  # counted from 1
        rows = [row for n, row in enumerate(rows, 1) if n != removed]
    return tuple(row for row in rows if any(row))[:MAX_MEASURES]
