"""The year's circular, an extension, renewing a community, closing a year."""

from wtforms import BooleanField, FileField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, ThaiDateField, VersionField, picks
from kc.i18n import lazy as _l
from kc.models.rounds import QUESTIONS


class ChecksField(SelectMultipleField):
    """Several of a list, each with its own box; what is not in the list is dropped."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: BaseForm) -> None:
        known = {choice[0] for choice in self.iter_choices()}
        self.data = [value for value in self.data or [] if value in known]


class RoundForm(BaseForm):
    """The circular: what the memo says, in which days, whom it invites."""

    version = VersionField()
    year = SelectField(_l("ประจำปี"), coerce=str, validate_choice=False)
    number = LineField(_l("เลขที่บันทึก"), [AtMost(100)], description=_l("ตามบันทึกจริง เช่น ที่ ฝพบ. 42/2569"))
    dated_on = ThaiDateField(_l("ลงวันที่"))
    title = LineField(_l("เรื่อง"), [Required(_l("โปรดระบุเรื่อง")), AtMost(300)])
    will_do = TextField(
        labels.ROUND_QUESTIONS["will_do"],
        [AtMost(3000)],
        description=_l("เช่น ปีนี้ชวนทุกสาขารวมกลุ่ม 3–6 คน เลือกเรื่องหน้างานหนึ่งเรื่องมาแลกเปลี่ยนและลองทำจริง"),
    )
    benefit = TextField(
        labels.ROUND_QUESTIONS["benefit"],
        [AtMost(3000)],
        description=_l("ทั้งคนทำงาน หน่วยงาน และลูกค้า เช่น งานเร็วขึ้น มีเพื่อนให้ถาม ปัญหาเดิมไม่ต้องแก้ซ้ำ"),
    )
    take_part = TextField(
        labels.ROUND_QUESTIONS["take_part"],
        [AtMost(3000)],
        description=_l("ใครทำอะไร เมื่อใด เช่น สมัครเป็นกลุ่ม ขอเข้าร่วมกลุ่มที่มีอยู่ หรือเล่าประสบการณ์ของคุณในกลุ่มอื่น"),
    )
    text = TextField(_l("ข้อความเพิ่มเติม"), [AtMost(20_000)], description=_l("เงื่อนไขอื่น ติดต่อใคร เว้นว่างได้ถ้าไม่มีหรือแนบไฟล์แล้ว"))
    opens_on = ThaiDateField(_l("เปิดรับสมัคร"), [Required(_l("โปรดระบุวันเปิดรับสมัคร"))])
    closes_on = ThaiDateField(_l("ปิดรับสมัคร (วันสุดท้าย)"), [Required(_l("โปรดระบุวันปิดรับสมัคร"))])
    publish_by = ThaiDateField(
        _l("เผยแพร่องค์ความรู้ภายใน"),
        [Required(_l("โปรดระบุกำหนดเผยแพร่"))],
        description=_l("วันสุดท้ายที่แต่ละชุมชนควรเผยแพร่องค์ความรู้อย่างน้อยหนึ่งเรื่อง"),
    )
    kinds = ChecksField(_l("เชิญหน่วยงานประเภท"))
    file = FileField(_l("ไฟล์บันทึกเวียน"), description=_l("PDF, Word หรือรูปภาพ ไม่เกิน 10 MB"))

    def details(self) -> dict[str, object]:
        """The fields that `rounds.draft` and `rounds.change` take."""
        kept = ("number", "dated_on", "title", *QUESTIONS, "text", "opens_on", "closes_on", "publish_by")
        return {name: self.data[name] for name in kept}


class InviteForm(BaseForm):
    unit = SelectField(_l("หน่วยงาน"), coerce=str, validate_choice=False)


class ExtensionForm(BaseForm):
    """Longer for one unit: one of the two days, or both."""

    sign_up_until = ThaiDateField(_l("สมัครได้ถึง"))
    publish_by = ThaiDateField(_l("เผยแพร่ภายใน"))
    reason = LineField(_l("เหตุผล"), [Required(_l("โปรดบอกเหตุผล จะได้ตรวจสอบย้อนหลังได้")), AtMost(500)])


class RenewForm(BaseForm):
    """What of a community goes on into another year."""

    chosen = BooleanField()  # hidden: sent by the page; without it what usually does goes along
    year = SelectField(_l("ไปต่อในปี"), coerce=str, validate_choice=False)
    name = LineField(_l("ชื่อชุมชน"), [Required(_l("โปรดระบุชื่อชุมชน")), AtMost(200)])
    knowledge_title = LineField(
        _l("ชื่อองค์ความรู้ของปีใหม่"),
        [Required(_l("โปรดระบุชื่อองค์ความรู้")), AtMost(300)],
        description=_l("เรื่องที่กลุ่มอยากรู้ต่อ เปลี่ยนได้ภายหลัง"),
    )
    topic = SelectField(_l("ประเด็นเรียนรู้"), [Required(_l("โปรดเลือกประเด็นเรียนรู้"))], coerce=str, validate_choice=False)
    people = ChecksField(_l("คนที่ไปต่อด้วย"), description=_l("บทบาทเดิมตามไปด้วย ทุกคนที่เลือกได้รับแจ้ง และออกเองได้"))
    with_text = BooleanField(_l("เป้าหมายและข้อตกลงร่วมกัน"), default=True)
    along = ChecksField(_l("สิ่งอื่นที่นำไปด้วย"))


class RenewManyForm(BaseForm):
    """The same for several communities at once."""

    people = SelectField(_l("คนที่ไปต่อด้วย"), choices=picks(labels.RENEWAL_PEOPLE), default="everybody")
    with_text = BooleanField(_l("เป้าหมายและข้อตกลงร่วมกัน"), default=True)
    along = ChecksField(_l("สิ่งอื่นที่นำไปด้วย"))


class ClosingForm(BaseForm):
    note = TextField(_l("บันทึกท้ายปี"), [AtMost(2000)], description=_l("สั้น ๆ ว่าปีนี้ได้อะไร ปีหน้าควรเปลี่ยนอะไร"))
