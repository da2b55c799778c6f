"""Asking and answering."""

from wtforms import BooleanField, HiddenField, SelectField

from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, VersionField
from kc.i18n import lazy as _l


class QuestionForm(BaseForm):
    """One line is enough; the rest helps the right people to see it."""

    form_key = HiddenField()
    version = VersionField()
    title = LineField(
        _l("คำถาม"),
        [Required(_l("โปรดพิมพ์สิ่งที่อยากถาม")), AtMost(300)],
        description=_l("ถามให้จบในบรรทัดเดียว เช่น ลูกค้าสวนทุเรียนขอเลื่อนชำระหลังพายุ ต้องใช้เอกสารอะไรบ้าง"),
    )
    text = TextField(
        _l("เล่าเพิ่ม (ไม่บังคับ)"),
        [AtMost(10_000)],
        description=_l("เจออะไร ลองอะไรแล้ว ต้องการภายในเมื่อไร ไม่ต้องใส่ชื่อลูกค้าหรือข้อมูลลับ"),
    )
    community = SelectField(_l("ถามใคร"), coerce=str, validate_choice=False)
    is_members_only = BooleanField(
        _l("เห็นเฉพาะสมาชิกของชุมชนที่เลือก"),
        description=_l("ใช้เมื่อเรื่องนี้อยากคุยกันในกลุ่มก่อน"),
    )
    topic = SelectField(_l("ประเด็นเรียนรู้"), coerce=str, validate_choice=False)
    is_hidden_name = BooleanField(
        _l("ซ่อนชื่อของฉัน"),
        description=_l("เพื่อนร่วมงานและหัวหน้าจะไม่เห็นว่าใครถาม มีเพียงทีมจัดการความรู้ที่ขอดูชื่อได้ และระบบจดไว้ทุกครั้ง"),
    )


class AnswerForm(BaseForm):
    form_key = HiddenField()
    version = VersionField()
    text = TextField(_l("คำตอบ"), [Required(_l("โปรดพิมพ์คำตอบ")), AtMost(10_000)])


class RemoveForm(BaseForm):
    reason = LineField(_l("เหตุผลที่ซ่อน"), [AtMost(500)], description=_l("ผู้ถามจะเห็นเหตุผลนี้"))
