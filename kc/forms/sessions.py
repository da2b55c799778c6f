"""Planning a session; one note."""

from wtforms import HiddenField, RadioField, SelectField

from kc import labels
from kc.forms.fields import (
    AtMost,
    BaseForm,
    ClockField,
    LineField,
    Required,
    TextField,
    ThaiDateField,
    VersionField,
    picks,
)
from kc.i18n import lazy as _l


class SessionForm(BaseForm):
    """When, where, about what, how, and who leads."""

    form_key = HiddenField()
    version = VersionField()
    topic = LineField(_l("หัวข้อที่จะคุย"), [Required(_l("โปรดระบุหัวข้อที่จะคุย")), AtMost(300)])
    held_on = ThaiDateField(_l("วันที่"), [Required(_l("โปรดระบุวันที่"))], description=_l("เช่น 25/11/2569 หรือ 25 พ.ย. 69"))
    starts = ClockField(_l("เริ่ม"), [Required(_l("โปรดระบุเวลาเริ่ม"))], description=_l("เช่น 13:30"))
    ends = ClockField(_l("สิ้นสุด"))
    place = LineField(_l("สถานที่"), [AtMost(200)])
    link = LineField(_l("ลิงก์พบกันออนไลน์"), [AtMost(500)])
    technique = SelectField(_l("เทคนิค"), choices=picks(labels.TECHNIQUES), validate_choice=False)
    presenter = LineField(_l("ผู้นำเสนอ"), [AtMost(200)], description=_l("พิมพ์ชื่อหรือรหัสพนักงาน บุคคลภายนอกพิมพ์ชื่อได้เลย"))
    facilitator = LineField(_l("ผู้ดำเนินรายการ (คุณอำนวย)"), [AtMost(200)])
    deputy = LineField(_l("ผู้ทำหน้าที่แทน"), [AtMost(200)])
    proposal = HiddenField()
    repeat = SelectField(
        _l("นัดซ้ำ"), choices=picks({"": _l("ไม่นัดซ้ำ"), **labels.RHYTHMS}), validate_choice=False, default=""
    )
    until = ThaiDateField(_l("นัดซ้ำถึงวันที่"), description=_l("เว้นว่างไว้ คือถึงสิ้นปีของชุมชน"))
    scope = RadioField(
        _l("สิ่งที่แก้ให้มีผลกับ"),
        choices=picks({"one": _l("ครั้งนี้ครั้งเดียว"), "following": _l("ครั้งนี้และครั้งต่อ ๆ ไป")}),
        default="one",
        validate_choice=False,
    )


class NoteForm(BaseForm):
    """One note, as the composer and the editor send it."""

    client_key = HiddenField()
    writer_key = HiddenField()
    version = VersionField()
    kind = RadioField(_l("ชนิดบันทึก"), choices=picks(labels.NOTE_KINDS), default="point", validate_choice=False)
    speaker_name = LineField(_l("ใครเล่า"), [AtMost(200)])
    text = TextField(_l("ข้อความในบันทึก"), [Required(_l("ยังไม่มีข้อความในบันทึก"))])


class GuestForm(BaseForm):
    name = LineField(_l("ชื่อผู้เข้าร่วมจากภายนอก"), [Required(_l("โปรดพิมพ์ชื่อ")), AtMost(200)])
