"""The learning plan, one meeting's plan, and a proposal."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from wtforms import HiddenField

from kc import labels, thai
from kc.forms.fields import AtMost, BaseForm, LineField, TextField, ThaiDateField, VersionField, _ParsedField
from kc.i18n import gettext as _
from kc.i18n import lazy as _l

NUMBER_LENGTH = 5


class CountField(_ParsedField):
    """A whole number, in Thai or Arabic digits, with or without its word ("12 คน") -> int or None."""

    def parse(self, text: str) -> int:
        # thai-data: "คน" after the number
        digits = thai.to_arabic_digits(text).replace("คน", "").replace(",", "").strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= NUMBER_LENGTH):
            raise ValueError(_("โปรดใส่เป็นตัวเลข เช่น 12"))
        return int(digits)


class PlanForm(BaseForm):
    """The eight fields of the learning plan (S0-129…136); the period is two days."""

    version = HiddenField()
    objectives = TextField(
        labels.PLAN_FIELDS["objectives"], [AtMost(10_000)], description=_l("เรียนรู้ร่วมกันแล้ว อะไรในงานจะดีขึ้น")
    )
    member_count = CountField(labels.PLAN_FIELDS["member_count"])
    content = TextField(labels.PLAN_FIELDS["content"], [AtMost(10_000)], description=_l("เรื่องที่จะคุยตลอดปี บรรทัดละเรื่อง"))
    period_from = ThaiDateField(_l("ตั้งแต่วันที่"))
    period_to = ThaiDateField(_l("ถึงวันที่"))
    techniques = TextField(
        labels.PLAN_FIELDS["techniques"],
        [AtMost(10_000)],
        description=_l("เช่น เรื่องเล่า สุนทรียสนทนา เพื่อนช่วยเพื่อน ศึกษาดูงาน"),
    )
    speakers = TextField(
        labels.PLAN_FIELDS["speakers"],
        [AtMost(10_000)],
        description=_l("คนในหน่วยงานเล่าเองก็ได้ ผู้เชี่ยวชาญหรือคนนอกก็ได้ บรรทัดละคน"),
    )
    evaluation = TextField(
        labels.PLAN_FIELDS["evaluation"],
        [AtMost(10_000)],
        description=_l("จะรู้ได้อย่างไรว่าแต่ละคนได้เรียนรู้ เช่น ให้คะแนนตนเองก่อนและหลัง แบบทดสอบสั้น"),
    )
    follow_up = TextField(
        labels.PLAN_FIELDS["follow_up"],
        [AtMost(10_000)],
        description=_l("จะถามใคร เมื่อไร ว่านำไปใช้แล้วเป็นอย่างไร เช่น ถามทุกคนหลังจบ 1, 3 และ 6 เดือน"),
    )


class StepRow(NamedTuple):
    """One row of the steps as typed."""

    minutes: str
    title: str
    who: str


class StepsForm(BaseForm):
    """One meeting's plan: what it is to bring. Its steps are rows beside it (`rows_from`)."""

    version = VersionField()
    expected = TextField(
        _l("ผลที่คาดว่าจะได้จากครั้งนี้"),
        [AtMost(2000)],
        description=_l("พบกันครั้งนี้แล้ว งานอะไรจะเปลี่ยนไป เช่น ได้วิธีคิดงวดที่ทุกคนใช้ตรงกัน"),
    )


def rows_from(lists: Any) -> list[StepRow]:
    """Rows of the posted lists `minutes`, `title`, `who`; `lists` is the request's form."""
    columns = [lists.getlist(name) for name in StepRow._fields]
    longest = max(map(len, columns), default=0)
    padded = [[*column, *[""] * (longest - len(column))] for column in columns]
    return [StepRow(*(value.strip() for value in row)) for row in zip(*padded, strict=True)]


def filled(rows: Iterable[StepRow]) -> list[StepRow]:
    return [row for row in rows if any(row)]


def minutes_of(row: StepRow) -> int:
    """0 for what is no number: the service says which step is meant."""
    # thai-data: "นาที" after the number
    digits = thai.to_arabic_digits(row.minutes).replace("นาที", "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < NUMBER_LENGTH else 0


class ProposalForm(BaseForm):
    text = LineField(_l("เรื่องที่อยากคุย"), [AtMost(300)], description=_l("เช่น ทำอย่างไรให้ลูกค้าบอกหนี้นอกระบบ"))
    source = HiddenField()  # the page of ours it came from
