"""Employees, units, roles, imports: what administrators and coordinators fill in."""

from wtforms import BooleanField, FileField, SelectField

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, TextField, picks
from kc.i18n import lazy as _l
from kc.models.people import SYSTEM_ROLES


class ProfileForm(BaseForm):
    """What people keep up to date about themselves."""

    phone = LineField(_l("เบอร์ภายใน"), [AtMost(50)], render_kw={"autocomplete": "tel", "inputmode": "tel"})
    email = LineField(_l("อีเมล"), [AtMost(200)], render_kw={"autocomplete": "email", "inputmode": "email"})
    expertise = TextField(
        _l("ความเชี่ยวชาญ"),
        [AtMost(1500)],
        description=_l("บรรทัดละเรื่อง เช่น การวิเคราะห์สินเชื่อสวนผลไม้ เพื่อนร่วมงานจะได้รู้ว่าถามเรื่องอะไรได้"),
    )


class SharingForm(BaseForm):
    """A person's own offer to colleagues (S0-256)."""

    is_sharing = BooleanField(
        _l("ฉันยินดีแบ่งปันสิ่งที่รู้"),
        description=_l("เพื่อนร่วมงานจะเห็นที่หน้าของคุณและในผลการค้นหา เลิกได้ทุกเมื่อ"),
    )
    shares_about = TextField(
        _l("เรื่องที่ยินดีแบ่งปัน"),
        [AtMost(500)],
        description=_l("บอกอย่างที่พูดกับเพื่อน เช่น ทำเรื่องประนอมหนี้มาสิบปี โทรมาถามได้ช่วงบ่าย"),
    )


class EmployeeForm(ProfileForm):
    title = LineField(_l("คำนำหน้า"), [AtMost(50)])
    first_name = LineField(_l("ชื่อตัว"), [Required(_l("โปรดระบุชื่อ")), AtMost(100)])
    last_name = LineField(_l("นามสกุล"), [AtMost(100)])
    position = LineField(_l("ตำแหน่ง"), [AtMost(200)])
    level = LineField(_l("ระดับ"), [AtMost(50)])
    unit = SelectField(_l("สังกัด"), [Required(_l("โปรดเลือกสังกัด"))], coerce=str, validate_choice=False)

    def details(self) -> dict[str, str]:
        """The fields `people.create` and `people.update` take."""
        return {name: value for name, value in self.data.items() if name not in ("unit", "employee_id")}


class NewEmployeeForm(EmployeeForm):
    employee_id = LineField(
        _l("รหัสพนักงาน"),
        [Required(_l("โปรดระบุรหัสพนักงาน")), AtMost(32)],
        description=_l("เลขศูนย์นำหน้ามีความหมาย พิมพ์ให้ครบ เช่น 0012345"),
    )


class UnitForm(BaseForm):
    code = LineField(_l("รหัสหน่วยงาน"), [Required(_l("โปรดระบุรหัสหน่วยงาน")), AtMost(32)])
    name = LineField(_l("ชื่อหน่วยงาน"), [Required(_l("โปรดระบุชื่อหน่วยงาน")), AtMost(200)])
    kind = SelectField(_l("ประเภท"), choices=picks(labels.UNIT_KINDS))
    parent = SelectField(_l("สังกัดหน่วยงาน"), coerce=str, validate_choice=False)


class EditUnitForm(UnitForm):
    """The code of a unit stays: HR's files find it by that."""

    code = None


class RoleForm(BaseForm):
    role = SelectField(_l("บทบาท"), choices=picks([(role, labels.SYSTEM_ROLES[role]) for role in SYSTEM_ROLES]))
    unit = SelectField(
        _l("หน่วยงานที่ดูแล"),
        id="role-unit",  # beside the person's own unit on the same page
        coerce=str,
        validate_choice=False,
        description=_l("เฉพาะผู้ประสานงาน ดูแลหน่วยงานที่เลือกและหน่วยงานภายใต้ทั้งหมด"),
    )


class LockForm(BaseForm):
    reason = LineField(_l("เหตุผล"), [Required(_l("โปรดระบุเหตุผลที่ระงับบัญชี")), AtMost(200)])


class SlipsForm(BaseForm):
    unit = SelectField(_l("หน่วยงานที่จะพิมพ์สลิป"), [Required(_l("โปรดเลือกหน่วยงาน"))], coerce=str, validate_choice=False)
    below = BooleanField(_l("รวมหน่วยงานภายใต้ทั้งหมด"), default=True)


class UploadForm(BaseForm):
    file = FileField(_l("ไฟล์ CSV หรือ Excel (.xlsx)"))
    keep_missing = BooleanField(
        _l("ไฟล์นี้มีเพียงบางส่วน"),
        description=_l("ผู้ที่ไม่อยู่ในไฟล์ยังคงอยู่ในระบบตามเดิม"),
    )
