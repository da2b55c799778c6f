"""Something that is missing: asked for, and looked after."""

from wtforms import RadioField

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, VersionField, picks
from kc.i18n import lazy as _l


class AskForm(BaseForm):
    q = LineField(_l("เรื่องที่ต้องการ"), [Required(_l("โปรดบอกว่ากำลังหาเรื่องอะไร")), AtMost(200)])
    details = TextField(
        _l("เล่าเพิ่ม (ไม่บังคับ)"),
        [AtMost(1000)],
        description=_l("เช่น จะนำไปใช้กับงานอะไร เคยถามใครแล้ว ต้องการภายในเมื่อไร"),
    )


class GapForm(BaseForm):
    version = VersionField()
    state = RadioField(_l("สถานะ"), choices=picks(labels.GAP_STATES), validate_choice=False)
    article = LineField(
        _l("องค์ความรู้ที่เป็นคำตอบ"),
        [AtMost(300)],
        description=_l("วางลิงก์ หรือใส่เลขที่ขององค์ความรู้ที่เผยแพร่แล้ว"),
    )
    note = TextField(
        _l("หมายเหตุ"),
        [AtMost(1000)],
        description=_l("ผู้ที่แจ้งเรื่องนี้จะเห็นบันทึก เช่น ใครกำลังเขียน ถามใครได้ระหว่างนี้"),
    )
