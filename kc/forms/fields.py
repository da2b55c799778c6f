"""Fields that understand what Thai people type: tidy text, Buddhist years and dates, clock times."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from wtforms import Field, Form, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from kc import clock, thai
from kc.errors import DomainError
from kc.i18n import gettext as _


def picks(pairs: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices of a SelectField or RadioField from (value, label) pairs, or a mapping such as those of kc.labels."""
    return [SelectChoice(value, label) for value, label in (pairs.items() if isinstance(pairs, Mapping) else pairs)]


class _OwnWords:
    """What WTForms says by itself of a value that is not offered, in the reader's language."""

    def gettext(self, sentence: str) -> str:
        return _("โปรดเลือกจากรายการที่มีให้") if "choice" in sentence.lower() else sentence

    def ngettext(self, one: str, _many: str, _n: int) -> str:
        return self.gettext(one)


class BaseForm(Form):
    """A form: posted text -> values and errors. It never saves."""

    class Meta:
        def get_translations(self, _form: Form) -> _OwnWords:
            return _OwnWords()

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal beside its field, or above the form when it names none."""
        field = self._fields.get(error.field or "")
        if field is not None:
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)


class LineField(StringField):
    """One line of text, tidied (kc.thai.clean_line); never None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = thai.clean_line(valuelist[0]) if valuelist else ""


class TextField(TextAreaField):
    """Several lines of text, tidied (kc.thai.clean_text); never None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = thai.clean_text(valuelist[0]) if valuelist else ""


class SelectMultipleCheckField(SelectMultipleField):
    """Several of a list, as boxes to tick; what is not in the list is left to the service."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, choices: Any, **options: Any) -> None:
        super().__init__(label, choices=choices, validate_choice=False, **options)


class VersionField(HiddenField):
    """The version a form was made from -> int; 0, which no row has, when there is none or nonsense was sent."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class _ParsedField(Field):
    """Text that is parsed; what was typed stays in the box when it cannot be."""

    widget = TextInput()
    raw: str | None = None

    def _value(self) -> str:
        if self.raw is not None:
            return self.raw
        return "" if self.data is None else self.show(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.raw:
            try:
                self.data = self.parse(self.raw)
            except ValueError as why:
                raise ValidationError(str(why)) from None

    def show(self, value: Any) -> str:
        return str(value)

    def parse(self, text: str) -> Any:
        raise NotImplementedError(type(self).__name__)


class ThaiDateField(_ParsedField):
    """A day, as 21/11/2569, 21 พ.ย. 69, ISO … -> date or None."""

    def parse(self, text: str) -> date:
        return thai.parse_date(text, clock.today())

    def show(self, value: date) -> str:
        return f"{value.day}/{value.month}/{thai.format_year(thai.buddhist_year(value))}"


class YearField(_ParsedField):
    """A Buddhist year, as 2569, 69, ๒๕๖๙ or 2026 -> int or None."""

    def parse(self, text: str) -> int:
        return thai.parse_year(text, clock.today())


class ClockField(_ParsedField):
    """A time of day, as 13:30, 13.30, 1330 or ๑๓.๓๐ น. -> time or None."""

    def parse(self, text: str) -> time:
        # thai-data: "น." after the time
        digits = thai.to_arabic_digits(text).replace("น.", "").replace("น", "").strip().replace(".", ":")
        if ":" not in digits and digits.isdigit():
            digits = f"{digits[:-2] or '0'}:{digits[-2:]}" if len(digits) > 2 else f"{digits}:00"
        try:
            hour, minute = (int(part) for part in digits.split(":")[:2])
            return time(hour, minute)
        except (ValueError, OverflowError):
            raise ValueError(_("เวลาไม่ถูกต้อง เช่น 13:30 หรือ 13.30 น.")) from None

    def show(self, value: time) -> str:
        return value.strftime("%H:%M")


class FigureField(_ParsedField):
    """A score, as 7, 7.5, ๗.๕ or 7,5 -> float or None."""

    def parse(self, text: str) -> float:
        try:
            figure = float(thai.to_arabic_digits(text).replace(",", "."))
        except ValueError:
            figure = float("nan")
        if not -1e6 < figure < 1e6:
            raise ValueError(_("ใส่เป็นตัวเลข เช่น 7 หรือ 7.5"))
        return figure

    def show(self, value: float) -> str:
        return f"{value:g}"


class Required:
    """The field must hold something; the message says which."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if field.data in (None, "", []) and not field.errors:
            raise ValidationError(str(self.message))


class Ticked:
    """The box must be ticked; the message says why."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(str(self.message))


class AtMost:
    """No more than `n` characters, as people count them."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.field_flags = {"maxlength": n}

    def __call__(self, form: Form, field: Field) -> None:
        if len(field.data or "") > self.n:
            raise ValidationError(_("ยาวเกินไป ใส่ได้ไม่เกิน %(n)d ตัวอักษร", n=self.n))
