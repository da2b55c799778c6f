"""Learning evaluation: its plan, a question of the test, a participant's answers, what the facilitator adds."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput

from kc import labels, thai
from kc.errors import DomainError
from kc.forms.fields import AtMost, BaseForm, FigureField, LineField, TextField, ThaiDateField, VersionField, picks
from kc.i18n import gettext as _
from kc.i18n import lazy as _l

CHOICES = 5  # lines for choices of a question
LONGEST_SUGGESTION = 1000


class ChecksField(SelectMultipleField):
    """Several of a list, as check boxes."""

    option_widget = CheckboxInput()


class PlanForm(BaseForm):
    """How learning is evaluated."""

    version = VersionField()
    methods = ChecksField(_l("วิธีประเมิน"), choices=picks(labels.EVALUATION_METHODS), validate_choice=False)
    points = TextField(
        _l("เรื่องที่ให้ประเมินตนเอง"),
        [AtMost(1000)],
        description=_l("บรรทัดละหนึ่งเรื่อง ไม่เกิน 6 เรื่อง เช่น อ่านงบกระแสเงินสดของลูกค้าได้ เว้นว่างไว้จะใช้ชื่อองค์ความรู้ของชุมชน"),
    )
    full_score = FigureField(_l("คะแนนเต็ม"), description=_l("ของคะแนนก่อนและหลังที่คุณอำนวยบันทึก"), default=10)

    def full(self) -> int:
        """The full score as a whole number from 1 to 1000, or a refusal beside its field."""
        figure = 10.0 if self.full_score.data is None else self.full_score.data
        if not self.full_score.errors and not (1 <= figure <= 1000 and figure == int(figure)):
            self.refuse(DomainError(_("คะแนนเต็มเป็นจำนวนเต็มตั้งแต่ 1 ถึง 1000"), field="full_score"))
        return int(figure)


class StageForm(BaseForm):
    version = VersionField()
    due_on = ThaiDateField(_l("อยากได้คำตอบภายใน"), description=_l("ไม่ใส่ก็ได้ ถ้าใส่ ระบบจะเตือนก่อนสองวัน"))


class RatingForm(BaseForm):
    """What the facilitator adds about one person. The rating itself is read by `level_from`."""

    version = VersionField()
    score_before = FigureField(_l("คะแนนก่อน"))
    score_after = FigureField(_l("คะแนนหลัง"))
    rating_note = TextField(_l("ข้อสังเกตหรือคำแนะนำ"), [AtMost(2000)], description=_l("เจ้าตัวจะเห็นข้อความนี้"))


class ExcuseForm(BaseForm):
    reason = LineField(_l("เหตุผล"), [AtMost(200)])


class QuestionForm:
    """A question with its choices, as typed: `choices` keeps empty lines, `right` their place or -1."""

    def __init__(self, text: str = "", choices: Sequence[str] = (), right: int = -1) -> None:
        self.text, self.right = text, right
        self.choices = [*choices, *[""] * (CHOICES - len(choices))][:CHOICES]
        self.errors: dict[str, str] = {}

    @classmethod
    def of(cls, posted: MultiDict[str, str]) -> "QuestionForm":
        choices = [thai.clean_line(text)[:200] for text in posted.getlist("choice")[:CHOICES]]
        return cls(thai.clean_line(posted.get("text", ""))[:500], choices, _level(posted, "right", range(CHOICES), -1))

    def refuse(self, refusal: DomainError) -> None:
        self.errors[refusal.field or ""] = refusal.message


def _level(posted: Mapping[str, str], name: str, allowed: range, otherwise: Any = None) -> Any:
    text = posted.get(name, "")
    whole = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
    return whole if whole in allowed else otherwise


def level_from(posted: Mapping[str, str], name: str) -> int | None:
    """A level from 1 to 5, or None."""
    return _level(posted, name, range(1, 6))


class AnswerForm:
    """A participant's answers. `answers`: question id as text -> choice; `ratings`: [before, after] for each point."""

    def __init__(self, questions: Sequence[Any], points: Sequence[str], asks_satisfaction: bool) -> None:
        self.questions, self.points, self.asks_satisfaction = questions, points, asks_satisfaction
        self.answers: dict[str, int] = {}
        self.ratings: list[list[int | None]] = [[None, None] for _point in points]
        self.satisfaction: int | None = None
        self.suggestion = ""
        self.errors: dict[str, str] = {}

    def read(self, posted: MultiDict[str, str]) -> bool:
        """Take what was posted; False when something is missing, said in `errors` by field."""
        for question in self.questions:
            name = f"q{question.id}"
            choice = _level(posted, name, range(len(question.choice_list)))
            if choice is None:
                self.errors[name] = _("โปรดเลือกคำตอบ")
            else:
                self.answers[str(question.id)] = choice
        for n, rating in enumerate(self.ratings):
            rating[:] = [level_from(posted, f"before{n}"), level_from(posted, f"after{n}")]
            if None in rating:
                self.errors[f"p{n}"] = _("โปรดเลือกทั้งก่อนเข้าร่วมและตอนนี้")
        if self.asks_satisfaction:
            self.satisfaction = level_from(posted, "satisfaction")
            self.suggestion = thai.clean_text(posted.get("suggestion", ""))[:LONGEST_SUGGESTION]
            if self.satisfaction is None:
                self.errors["satisfaction"] = _("โปรดเลือกระดับความพอใจ")
        return not self.errors

    @property
    def values(self) -> dict[str, Any]:
        return {
            "answers": self.answers,
            "ratings": self.ratings,
            "satisfaction": self.satisfaction,
            "suggestion": self.suggestion,
        }
