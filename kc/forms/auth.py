"""Signing in, activating an account, choosing a password. Passwords are never tidied: every character counts."""

from wtforms import BooleanField, PasswordField
from wtforms.validators import ValidationError

from kc.forms.fields import AtMost, BaseForm, LineField, Required
from kc.i18n import gettext as _
from kc.i18n import lazy as _l

NO_HELP = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SecretField(PasswordField):
    """A password; never None, never sent back to the page."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


def _id_field() -> LineField:
    return LineField(
        _l("รหัสพนักงาน"),
        [Required(_l("โปรดพิมพ์รหัสพนักงาน")), AtMost(64)],
        render_kw=NO_HELP | {"autocomplete": "username", "inputmode": "text"},
    )


class SignInForm(BaseForm):
    employee_id = _id_field()
    password = SecretField(
        _l("รหัสผ่าน"),
        [Required(_l("โปรดพิมพ์รหัสผ่าน"))],
        render_kw=NO_HELP | {"autocomplete": "current-password"},
    )
    remember = BooleanField(_l("จำการเข้าสู่ระบบบนเครื่องนี้"))


class ActivateForm(BaseForm):
    """First sign-in, or a forgotten password: the ID and the code that was handed out."""

    employee_id = _id_field()
    code = LineField(
        _l("รหัสใช้ครั้งเดียว"),
        [Required(_l("โปรดพิมพ์รหัสที่ได้รับ")), AtMost(40)],
        render_kw=NO_HELP | {"autocomplete": "one-time-code"},
    )


def _new_password_field() -> SecretField:
    return SecretField(
        _l("รหัสผ่านใหม่"),
        [Required(_l("โปรดตั้งรหัสผ่าน"))],
        render_kw=NO_HELP | {"autocomplete": "new-password"},
    )


class NewPasswordForm(BaseForm):
    password = _new_password_field()
    again = SecretField(
        _l("พิมพ์รหัสผ่านใหม่อีกครั้ง"),
        [Required(_l("โปรดพิมพ์รหัสผ่านใหม่อีกครั้ง"))],
        render_kw=NO_HELP | {"autocomplete": "new-password"},
    )

    def validate_again(self, field: SecretField) -> None:
        if field.data and field.data != self.password.data:
            raise ValidationError(_("รหัสผ่านทั้งสองช่องไม่เหมือนกัน"))


class ChangePasswordForm(NewPasswordForm):
    current = SecretField(
        _l("รหัสผ่านปัจจุบัน"),
        [Required(_l("โปรดพิมพ์รหัสผ่านปัจจุบัน"))],
        render_kw=NO_HELP | {"autocomplete": "current-password"},
    )


class TokenForm(BaseForm):
    name = LineField(
        _l("ชื่อโทเคน"),
        [Required(_l("โปรดตั้งชื่อโทเคน")), AtMost(60)],
        description=_l("ใช้ทำอะไร ที่ไหน เช่น รายงานประจำเดือนของฝ่าย"),
    )
