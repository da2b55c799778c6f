"""Trials: what is going to be tried, and what came of it."""

from wtforms import HiddenField, RadioField

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, ThaiDateField, VersionField, picks
from kc.i18n import lazy as _l

DAY = _l("เช่น 25/11/2569 หรือ 25 พ.ย. 69")


class TrialForm(BaseForm):
    """Who tries what, where, when and how, and what they hope for."""

    form_key = HiddenField()
    source = HiddenField()  # the page of ours it came from
    version = VersionField()
    what = LineField(
        _l("จะลองอะไร"),
        [Required(_l("โปรดบอกว่าจะลองอะไร")), AtMost(300)],
        description=_l("วิธีเดียว เรื่องเดียว เช่น โทรนัดลูกค้าก่อนครบกำหนด 45 วัน"),
    )
    how = TextField(_l("ทำอย่างไรบ้าง"), [AtMost(20_000)], description=_l("ทำกับใคร กี่ราย ขั้นตอนไหน ให้เพื่อนทำตามได้"))
    owner = LineField(_l("ใครลอง"), [AtMost(200)], description=_l("ชื่อหรือรหัสพนักงาน เว้นว่างคือตัวคุณเอง"))
    place = LineField(_l("ลองที่ไหน"), [AtMost(200)])
    starts_on = ThaiDateField(_l("เริ่มลอง"), description=DAY)
    due_on = ThaiDateField(_l("นำผลกลับมาเล่า"), description=_l("เว้นว่าง = วันนัดครั้งถัดไป"))
    expected = TextField(_l("คาดว่าจะเกิดอะไรขึ้น"), [AtMost(2_000)])
    measure = LineField(_l("วัดจากอะไร"), [AtMost(200)], description=_l("เช่น ลูกค้าที่ไม่มาตามนัด"))
    unit = LineField(_l("หน่วย"), [AtMost(60)], description=_l("เช่น ราย"))
    before = LineField(_l("ตอนนี้"), [AtMost(60)])
    target = LineField(_l("อยากได้"), [AtMost(60)])


class ResultForm(BaseForm):
    """What came of it: a minute's work on a phone."""

    version = VersionField()
    result = TextField(
        _l("ลองแล้วเป็นอย่างไร"),
        [Required(_l("โปรดเล่าสั้น ๆ ว่าลองแล้วเป็นอย่างไร")), AtMost(20_000)],
        description=_l("เล่าตามที่เกิดขึ้นจริง ไม่ได้ผลก็เป็นความรู้"),
    )
    after = LineField(_l("วัดได้เท่าไร"), [AtMost(60)])
    result_on = ThaiDateField(_l("ได้ผลเมื่อ"), description=DAY)
    outcome = RadioField(
        _l("ทำอย่างไรต่อ"),
        [Required(_l("โปรดเลือกว่าจะทำอย่างไรต่อ"))],
        choices=picks(labels.TRIAL_OUTCOMES),
        validate_choice=False,
    )
    improve = TextField(_l("รอบหน้าจะปรับอะไร"), [AtMost(20_000)], description=_l("จำเป็นเมื่อเลือก “ปรับแล้วลองต่อ”"))
