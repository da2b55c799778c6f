"""How often somebody wants notices by e-mail, and where to a test message goes."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import RadioField
from wtforms.validators import ValidationError

from kc import labels
from kc.forms.fields import AtMost, BaseForm, LineField, Required, picks
from kc.i18n import gettext as _
from kc.i18n import lazy as _l


class PreferencesForm(BaseForm):
    """One field for each heading; made by `for_headings`."""

    def chosen(self) -> dict[str, str]:
        return dict(self.data)


def for_headings(headings: Mapping[str, Any]) -> type[PreferencesForm]:
    """A form with a choice for each heading (key -> label)."""
    return type("PreferencesForm", (PreferencesForm,), {key: _rhythm(label) for key, label in headings.items()})


def _rhythm(label: Any) -> RadioField:
    return RadioField(
        label, choices=picks(labels.MAIL_RHYTHMS), validate_choice=False, validators=[_Known(labels.MAIL_RHYTHMS)]
    )


class _Known:
    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(known)

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in self._known:
            raise ValidationError(_("โปรดเลือกว่าจะรับอีเมลบ่อยแค่ไหน"))


class TestMailForm(BaseForm):
    __test__ = False  # no test of pytest's, whatever its name

    address = LineField(
        _l("ส่งไปที่"),
        [Required(_l("โปรดระบุอีเมลที่จะส่งไป")), AtMost(200)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
