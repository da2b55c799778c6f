"""The day of a session: a parked thought, the timer, the summary."""

from wtforms import HiddenField

from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, VersionField
from kc.i18n import lazy as _l


class ParkForm(BaseForm):
    form_key = HiddenField()
    text = LineField(_l("เรื่องที่อยากพักไว้ก่อน"), [Required(_l("ยังไม่ได้พิมพ์เรื่องที่จะพักไว้")), AtMost(500)])


class TimerForm(BaseForm):
    """`more`: minutes to add; `stop`: the time is up for it; else it starts."""

    minutes = LineField(_l("กี่นาที"), [Required(_l("โปรดระบุจำนวนนาที"))])
    label = LineField(_l("จับเวลาเรื่องอะไร"), [AtMost(200)])


class SummaryForm(BaseForm):
    """What came out of it, and what to do better next time."""

    version = VersionField()
    text = TextField(
        _l("สรุปการแลกเปลี่ยน"), description=_l("ระบบร่างจากบันทึกให้แล้ว ตัด ต่อ เรียบเรียงได้ตามสบาย บันทึกให้เองระหว่างพิมพ์")
    )
    improve = TextField(
        _l("ครั้งหน้าจะทำอะไรให้ดีขึ้น"),
        description=_l("จะแสดงตอนเตรียมนัดครั้งต่อไป เช่น เริ่มให้ตรงเวลา ให้ทุกคนได้เล่า เตรียมตัวอย่างจริงมาด้วย"),
    )
