"""Signing a community up, changing it, and adding people to it."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField

from kc import labels
from kc.forms.fields import (
    AtMost,
    BaseForm,
    LineField,
    Required,
    SelectMultipleCheckField,
    TextField,
    Ticked,
    VersionField,
    picks,
)
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
    rhythm = LineField(_l("จังหวะการพบกัน"), [AtMost(200)], description=_l("เช่น ทุกวันพุธแรกของเดือน ก่อนเปิดสาขา"))
    models = SelectMultipleCheckField(
        _l("รูปแบบของชุมชน"), picks(labels.COMMUNITY_MODELS), description=_l("เลือกได้หลายข้อ เลือกเท่าที่ใช่")
    )
    ways = SelectMultipleCheckField(_l("พบกันอย่างไร"), picks(labels.COMMUNITY_WAYS), description=_l("เลือกได้หลายข้อ"))
    asks_to_join = BooleanField(_l("ผู้ที่สนใจต้องส่งคำขอก่อนเข้าร่วม"), description=_l("ไม่เลือก: พนักงานทุกคนกดเข้าร่วมได้เอง"))
    why = LineField(
        _l("เปลี่ยนเพราะอะไร"),
        [AtMost(300)],
        description=_l("ถ้าเปลี่ยนชื่อ เรื่อง ประเด็น หรือจังหวะ จะเก็บเป็นประวัติของชุมชน ไม่เล่าก็ได้"),
    )


class MemberForm(BaseForm):
    """Someone to add, by name or employee ID, and the role they take."""

    person = LineField(_l("ชื่อหรือรหัสพนักงาน"), [Required(_l("โปรดพิมพ์ชื่อหรือรหัสพนักงาน")), AtMost(100)])
    role = SelectField(_l("บทบาท"), choices=picks(labels.COMMUNITY_ROLES), default="member")
    is_deputy = BooleanField(_l("เป็นผู้ทำหน้าที่แทน"))


class InviteForm(BaseForm):
    """People to bring in at once, one a line: put in the community, or sent an invitation."""

    people = TextField(
        _l("ชื่อหรือรหัสพนักงาน บรรทัดละคน"),
        [Required(_l("โปรดพิมพ์ชื่อหรือรหัสพนักงานอย่างน้อยหนึ่งคน")), AtMost(8000)],
        description=_l("วางรายชื่อจาก Excel ได้ ครั้งละไม่เกิน 60 คน"),
    )
    role = SelectField(_l("บทบาท"), choices=picks(labels.COMMUNITY_ROLES), default="member", id="invite-role")
    message = LineField(_l("ข้อความถึงผู้รับเชิญ"), [AtMost(300)], description=_l("ไม่ใส่ก็ได้"))


class AskForm(BaseForm):
    message = LineField(_l("ข้อความถึงผู้ดูแลชุมชน"), [AtMost(300)], description=_l("เช่น สนใจเรื่องอะไร ไม่ใส่ก็ได้"))


class AnswerForm(BaseForm):
    answer = LineField(_l("ข้อความตอบกลับ"), [AtMost(300)])


class DeputyForm(BaseForm):
    """Who stands in for which role."""

    role = SelectField(_l("แทนบทบาท"), choices=[], validate_choice=False, id="deputy-role")
    deputy = LineField(_l("ผู้ทำหน้าที่แทน"), [Required(_l("โปรดระบุผู้ทำหน้าที่แทน")), AtMost(100)])


class HandOverForm(BaseForm):
    """Which role goes to whom, and how the giver stays."""

    membership = SelectField(_l("ส่งมอบหน้าที่"), choices=[], validate_choice=False)
    to = LineField(_l("ให้ใคร"), [Required(_l("โปรดระบุผู้รับมอบ")), AtMost(100)])
    afterwards = RadioField(
        _l("หลังส่งมอบ ผู้ส่งมอบ"),
        choices=picks(
            [
                ("deputy", _l("อยู่ต่อเป็นผู้ทำหน้าที่แทน")),
                ("member", _l("อยู่ต่อเป็นสมาชิก")),
                ("leaves", _l("ออกจากชุมชน")),
            ]
        ),
        default="deputy",
        validate_choice=False,
    )


class OutsiderForm(BaseForm):
    """A guest from outside, who has agreed that this is kept."""

    name = LineField(_l("ชื่อ-สกุล"), [Required(_l("โปรดพิมพ์ชื่อ")), AtMost(200)], id="guest-name")
    organisation = LineField(_l("มาจาก"), [AtMost(200)], description=_l("หน่วยงาน กลุ่ม หรือหมู่บ้าน"))
    contact = LineField(
        _l("ช่องทางติดต่อ"), [AtMost(200)], description=_l("เห็นเฉพาะผู้ดูแลชุมชน ไม่ใส่ก็ได้ ถ้ามีอีเมล ระบบส่งลิงก์แบบประเมินถึงเจ้าตัวให้")
    )
    brings = LineField(_l("มาร่วมเรื่องอะไร"), [AtMost(300)], description=_l("เช่น เล่าประสบการณ์ทำกลุ่มออมทรัพย์"))
    consent = BooleanField(_l("เจ้าตัวทราบและยินยอมให้เก็บข้อมูลนี้"), [Ticked(_l("โปรดบอกเจ้าตัวและขอความยินยอมก่อน"))])


class CancelForm(BaseForm):
    reason = LineField(_l("เหตุผลที่ยกเลิก"), [Required(_l("โปรดบอกเหตุผลที่ยกเลิก")), AtMost(500)])


class TopicForm(BaseForm):
    name = LineField(_l("ชื่อประเด็นเรียนรู้"), [Required(_l("โปรดระบุชื่อประเด็นเรียนรู้")), AtMost(150)])
    description = TextField(_l("คำอธิบาย"), [AtMost(1000)])
