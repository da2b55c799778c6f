"""Filters of the audit log."""

from wtforms import SelectField

from kc.forms.fields import BaseForm, LineField, ThaiDateField
from kc.i18n import lazy as _l


class AuditFilterForm(BaseForm):
    who = LineField(_l("ผู้ทำรายการ (รหัสพนักงาน)"))
    area = SelectField(_l("เรื่อง"), validate_choice=False)
    since = ThaiDateField(_l("ตั้งแต่วันที่"))
    until = ThaiDateField(_l("ถึงวันที่"))
