"""Bringing the organisation's own document."""

from wtforms import FileField

from kc.forms.fields import BaseForm
from kc.i18n import lazy as _l


class TemplateForm(BaseForm):
    file = FileField(_l("ไฟล์แบบ Word (.docx)"))
