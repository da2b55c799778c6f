"""Signing a community up, changing it, and adding people to it."""

from wtforms import BooleanField, HiddenField, SelectField

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, VersionField, picks
from kc.i18n import lazy as _l


class SignUpForm(BaseForm):
    """Two things to give, title and topic; the rest comes filled in from who is signed in (S0-105…111)."""

    form_key = HiddenField()
    knowledge_title = LineField(
        _l("ชื่อองค์ความรู้"),
        [Required(_l("โปรดระบุชื่อองค์ความรู้ที่กลุ่มอยากแลกเปลี่ยน")), AtMost(300)],
        description=_l("เรื่องที่กลุ่มอยากรู้หรืออยากทำให้ดีขึ้น เช่น การติดตามหนี้ค้างชำระอย่างเข้าใจลูกค้า"),
    )
    topic = SelectField(_l("ประเด็นเรียนรู้"), [Required(_l("โปรดเลือกประเด็นเรียนรู้"))], coerce=str, validate_choice=False)
    name = LineField(_l("ชื่อชุมชน"), [Required(_l("โปรดระบุชื่อชุมชน")), AtMost(200)])
    unit = SelectField(_l("สังกัด"), [Required(_l("โปรดเลือกสังกัด"))], coerce=str, validate_choice=False)


class CommunityForm(BaseForm):
    """Details that are added or changed after sign-up."""

    version = VersionField()
    name = LineField(_l("ชื่อชุมชน"), [Required(_l("โปรดระบุชื่อชุมชน")), AtMost(200)])
    knowledge_title = LineField(_l("ชื่อองค์ความรู้"), [Required(_l("โปรดระบุชื่อองค์ความรู้")), AtMost(300)])
    topic = SelectField(_l("ประเด็นเรียนรู้"), [Required(_l("โปรดเลือกประเด็นเรียนรู้"))], coerce=str, validate_choice=False)
    goals = TextField(
        _l("เป้าหมายของชุมชน"),
        [AtMost(5000)],
        description=_l("งานอะไรจะดีขึ้น จากเท่าไร เป็นเท่าไร เมื่อสิ้นปี"),
    )
    agreement = TextField(_l("ข้อตกลงร่วมกัน"), [AtMost(5000)], description=_l("เช่น พบกันทุกวันพุธสัปดาห์แรก ฟังกันให้จบก่อนถาม"))


class MemberForm(BaseForm):
    """Someone to add, by name or employee ID, and the role they take."""

    person = LineField(_l("ชื่อหรือรหัสพนักงาน"), [Required(_l("โปรดพิมพ์ชื่อหรือรหัสพนักงาน")), AtMost(100)])
    role = SelectField(_l("บทบาท"), choices=picks(labels.COMMUNITY_ROLES), default="member")
    is_deputy = BooleanField(_l("เป็นผู้ทำหน้าที่แทน"))


class CancelForm(BaseForm):
    reason = LineField(_l("เหตุผลที่ยกเลิก"), [Required(_l("โปรดบอกเหตุผลที่ยกเลิก")), AtMost(500)])


class TopicForm(BaseForm):
    name = LineField(_l("ชื่อประเด็นเรียนรู้"), [Required(_l("โปรดระบุชื่อประเด็นเรียนรู้")), AtMost(150)])
    description = TextField(_l("คำอธิบาย"), [AtMost(1000)])
