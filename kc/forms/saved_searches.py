"""Naming a saved search."""

from kc.forms.fields import AtMost, BaseForm, LineField, Required
from kc.i18n import lazy as _l


class RenameForm(BaseForm):
    name = LineField(_l("ชื่อ"), [Required(_l("โปรดตั้งชื่อ")), AtMost(120)])
