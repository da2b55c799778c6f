"""Follow-up of use: one minute on a phone, and the day it counts from."""

from wtforms import BooleanField, RadioField, SelectField

from kc import labels
from kc.errors import DomainError
from kc.forms.evaluation import ChecksField
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, ThaiDateField, picks
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models.evaluation import HINDRANCES, NOT_YET, OUTCOMES


class UseForm(BaseForm):
    """Used it? Where? What came of it? What hindered?"""

    used = RadioField(
        _l("ได้นำไปใช้ในงานหรือยัง"),
        [Required(_l("โปรดเลือกหนึ่งข้อ"))],
        choices=picks(labels.USE_ANSWERS),
        validate_choice=False,
    )
    place = LineField(_l("ใช้ที่ไหน กับงานใด"), [AtMost(200)], description=_l("เช่น สาขาบ้านนา งานนัดชำระหนี้"))
    article = SelectField(_l("เรื่องที่ใช้"), choices=[], validate_choice=False)
    outcomes = ChecksField(_l("เกิดผลอะไรบ้าง"), choices=picks(labels.USE_OUTCOMES), validate_choice=False)
    outcome_text = TextField(
        _l("เล่าสั้น ๆ (ไม่บังคับ)"), [AtMost(1000)], description=_l("ถ้ามีตัวเลขยิ่งดี เช่น จาก 3 วันเหลือ 1 วัน")
    )
    hindrances = ChecksField(_l("ติดขัดเรื่องใดบ้าง"), choices=picks(labels.USE_HINDRANCES), validate_choice=False)
    hindrance_text = TextField(_l("อยากให้ช่วยอะไร (ไม่บังคับ)"), [AtMost(1000)])
    show_name = BooleanField(
        _l("ให้เพื่อนร่วมงานเห็นชื่อฉัน"),
        description=_l("เผื่อมีคนอยากถามต่อ ถ้าไม่เลือก หน้าองค์ความรู้จะบอกเพียงหน่วยงาน"),
    )

    def is_sound(self) -> bool:
        """Whether it may be kept: an answer, a place when it was used, only what the lists offer."""
        self.validate()
        if self.used.data not in labels.USE_ANSWERS and not self.used.errors:
            self.refuse(DomainError(_("โปรดเลือกหนึ่งข้อ"), field="used"))
        if self.used.data in ("used", "partly") and not self.place.data:
            self.refuse(DomainError(_("โปรดบอกว่าใช้ที่ไหน หรือกับงานใด"), field="place"))
        return not self.errors

    def values(self) -> dict[str, object]:
        """What is kept: what was not used has no place and no outcome."""
        unused = self.used.data == NOT_YET
        return {
            "used": self.used.data,
            "place": "" if unused else self.place.data,
            "outcomes": "" if unused else ",".join(n for n in OUTCOMES if n in (self.outcomes.data or [])),
            "outcome_text": "" if unused else self.outcome_text.data,
            "hindrances": ",".join(n for n in HINDRANCES if n in (self.hindrances.data or [])),
            "hindrance_text": self.hindrance_text.data,
            "show_name": bool(self.show_name.data) and not unused,
        }


class ReaderUseForm(BaseForm):
    """A reader tells of their own accord that they used it."""

    place = LineField(
        _l("ใช้ที่ไหน กับงานใด"),
        [Required(_l("โปรดบอกว่าใช้ที่ไหน หรือกับงานใด")), AtMost(200)],
        description=_l("เช่น สาขาบ้านนา งานนัดชำระหนี้"),
    )
    outcomes = ChecksField(_l("เกิดผลอะไรบ้าง"), choices=picks(labels.USE_OUTCOMES), validate_choice=False)
    outcome_text = TextField(
        _l("เล่าสั้น ๆ (ไม่บังคับ)"), [AtMost(1000)], description=_l("ถ้ามีตัวเลขยิ่งดี เช่น จาก 3 วันเหลือ 1 วัน")
    )
    show_name = BooleanField(
        _l("ให้เพื่อนร่วมงานเห็นชื่อฉัน"),
        description=_l("เผื่อมีคนอยากถามต่อ ถ้าไม่เลือก หน้าองค์ความรู้จะบอกเพียงหน่วยงาน"),
    )


class StartForm(BaseForm):
    starts_on = ThaiDateField(_l("นับจากวันที่"), [Required(_l("โปรดระบุวันที่"))], description=_l("ปกติคือวันที่เรียนรู้ครบตามแผน"))
