"""Employees, one at a time: added, corrected, locked, departed and back again. Their work stays (PRODUCT 1)."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import ApiToken, Employee, OneTimeCode, OrgUnit
from kc.services import audit, findable, roles

LONGEST_ID, LONGEST = 32, 200
LONGEST_OFFER = 500
FOUND_BY = {"title", "name", "position", "level", "unit", "email", "phone", "is_active"}
FOUND_BY |= {"expertise", "is_sharing", "shares_about"}
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_LONG_NUMBER = re.compile(r"\d(?:[.,]\d+)?E[+]?\d+", re.IGNORECASE)  # what Excel makes of a long ID


@dataclass(frozen=True)
class Details:
    """What HR knows of somebody, cleaned; see `clean`."""

    title: str
    first_name: str
    last_name: str
    position: str
    level: str
    email: str
    phone: str
    expertise: str

    def columns(self) -> dict[str, str]:
        """Columns of Employee, with the name as shown and its place in Thai order."""
        name = f"{self.first_name} {self.last_name}".strip()
        return asdict(self) | {"name": name, "sort_key": thai.sort_key(name)}


def clean_employee_id(typed: str) -> str:
    """The ID to keep: no spaces, Arabic digits, leading zeros untouched. DomainError when it cannot be one."""
    plain = next(iter(thai.employee_id_readings(typed)), "")
    if not plain:
        raise DomainError(_("โปรดระบุรหัสพนักงาน"), field="employee_id")
    if _LONG_NUMBER.fullmatch(plain):
        raise DomainError(
            _("รหัสพนักงาน %(id)s ถูก Excel เปลี่ยนเป็นเลขยกกำลัง โปรดจัดคอลัมน์เป็นข้อความ", id=plain), field="employee_id"
        )
    if len(plain) > LONGEST_ID or not any(letter.isalnum() for letter in plain):
        raise DomainError(_("รหัสพนักงาน %(id)s ไม่ถูกต้อง", id=plain[:LONGEST_ID]), field="employee_id")
    return plain


def clean_details(
    *,
    title: str = "",
    first_name: str = "",
    last_name: str = "",
    name: str = "",
    position: str = "",
    level: str = "",
    email: str = "",
    phone: str = "",
    expertise: str = "",
) -> Details:
    """What was typed or imported, cleaned; `name` (whole) is taken apart when its parts are missing. DomainError."""
    texts = {"title": title, "first_name": first_name, "last_name": last_name, "position": position, "level": level}
    cleaned = {field: _line(field, text) for field, text in (texts | {"email": email, "phone": phone}).items()}
    if not cleaned["first_name"] or not cleaned["last_name"]:
        cleaned |= _taken_apart(cleaned["title"], cleaned["first_name"] or _line("name", name), cleaned["last_name"])
    title, rest = thai.strip_title(cleaned["first_name"])
    if title and cleaned["title"] in ("", title):
        cleaned |= {"title": title, "first_name": rest}
    if not cleaned["first_name"]:
        raise DomainError(_("โปรดระบุชื่อ"), field="first_name")
    if cleaned["email"] and not _EMAIL.fullmatch(cleaned["email"]):
        raise DomainError(_("อีเมล %(email)s ไม่ถูกต้อง", email=cleaned["email"]), field="email")
    return Details(**cleaned, expertise=clean_expertise(expertise))


def _line(field: str, text: str) -> str:
    line = thai.clean_line(text)
    if len(line) > LONGEST:
        raise DomainError(_("ข้อความยาวเกิน %(n)d ตัวอักษร", n=LONGEST), field=field)
    return "" if line in ("-", "–", "—") else line  # how HR writes "none"


def _taken_apart(title: str, whole: str, last_name: str) -> dict[str, str]:
    found, rest = thai.strip_title(whole)
    first, _space, last = rest.partition(" ")
    if last_name:
        first, last = rest, last_name
    return {"title": title or found, "first_name": first, "last_name": last.strip()}


def clean_expertise(text: str) -> str:
    """Areas of expertise, one a line, however they were parted."""
    parts = (thai.clean_line(part) for part in re.split(r"[\n,;|•]", thai.clean_text(text)))
    lines = list(dict.fromkeys(part for part in parts if part and part != "-"))
    if len("\n".join(lines)) > 10 * LONGEST:
        raise DomainError(_("ความเชี่ยวชาญยาวเกินไป โปรดสรุปให้สั้นลง"), field="expertise")
    return "\n".join(lines)


def create(actor: Employee | None, employee_id: str, unit: OrgUnit, **details: str) -> Employee:
    """Add somebody; `details` as for clean_details. DomainError when the ID is taken or something is not right."""
    columns = clean_details(**details).columns()
    plain = clean_employee_id(employee_id)
    with db.atomic():
        if Employee.select().where(Employee.employee_id == plain).exists():
            raise DomainError(_("มีรหัสพนักงาน %(id)s อยู่แล้ว", id=plain), field="employee_id")
        employee = Employee.create(employee_id=plain, unit=unit, **columns)
        findable.people([employee.id])
        audit.record(actor, "employee.created", employee, employee_id=plain, unit=unit.code)
    return employee


def update(actor: Employee, employee: Employee, unit: OrgUnit, **details: str) -> None:
    """Correct somebody's details; the ID stays."""
    columns: dict[str, Any] = clean_details(**details).columns()
    with db.atomic():
        _change(actor, employee, "employee.updated", columns | {"unit": unit})


def update_own(employee: Employee, *, email: str, phone: str, expertise: str) -> None:
    """What people keep up to date about themselves (the card catalogue, S0-254)."""
    kept = {field: getattr(employee, field) for field in ("title", "first_name", "last_name", "position", "level")}
    cleaned = clean_details(**kept, email=email, phone=phone, expertise=expertise)
    with db.atomic():
        changes = {"email": cleaned.email, "phone": cleaned.phone, "expertise": cleaned.expertise}
        _change(employee, employee, "employee.updated_own_profile", changes)


def offer_to_share(employee: Employee, is_sharing: bool, about: str) -> None:
    """One's own word that one gladly shares, and what about (S0-256). Taking it back keeps the words."""
    about = thai.clean_text(about)
    if len(about) > LONGEST_OFFER:
        raise DomainError(_("ข้อความยาวเกิน %(n)d ตัวอักษร", n=LONGEST_OFFER), field="shares_about")
    if is_sharing and not about:
        raise DomainError(_("โปรดบอกว่ายินดีแบ่งปันเรื่องใด เพื่อนจะได้รู้ว่าควรมาถามเมื่อใด"), field="shares_about")
    with db.atomic():
        changes = {"is_sharing": is_sharing, "shares_about": about}
        _change(employee, employee, "employee.offered_to_share" if is_sharing else "employee.stopped_sharing", changes)


def _change(actor: Employee | None, employee: Employee, action: str, values: dict[str, Any], **facts: Any) -> None:
    """Write the values that differ, note their names, and let search know of what people are found by."""
    changes = {name: value for name, value in values.items() if getattr(employee, name) != value}
    if not changes:
        return
    Employee.update(**changes).where(Employee.id == employee.id).execute()
    for name, value in changes.items():
        setattr(employee, name, value)
    shown = sorted(set(changes) - {"sort_key", "name", "sign_in_epoch"})
    audit.record(actor, action, employee, changed=shown, **facts)
    if FOUND_BY & set(changes):
        findable.people([employee.id], renamed="name" in changes)


def lock(actor: Employee | None, employee: Employee, reason: str) -> None:
    """Shut an account until it is unlocked; ends its sign-ins. DomainError for oneself and the last administrator."""
    reason = thai.clean_line(reason)[:LONGEST]
    if not reason:
        raise DomainError(_("โปรดระบุเหตุผลที่ระงับบัญชี"), field="reason")
    if actor == employee:
        raise DomainError(_("ระงับบัญชีของตนเองไม่ได้"))
    roles.keep_one_administrator(employee)
    with db.atomic():
        values = {"locked_reason": reason, "sign_in_epoch": employee.sign_in_epoch + 1}
        _change(actor, employee, "account.locked", values, reason=reason)


def unlock(actor: Employee | None, employee: Employee) -> None:
    with db.atomic():
        _change(actor, employee, "account.unlocked", {"locked_reason": ""})


def deactivate(actor: Employee | None, employee: Employee, on: date | None = None) -> None:
    """Somebody left: they cannot sign in any more, codes and tokens end; what they wrote stays under their name."""
    if actor == employee:
        raise DomainError(_("ปิดบัญชีของตนเองไม่ได้"))
    roles.keep_one_administrator(employee)
    with db.atomic():
        values = {"is_active": False, "departed_on": on or clock.today(), "activation_digits": ""}
        _change(actor, employee, "employee.departed", values | {"sign_in_epoch": employee.sign_in_epoch + 1})
        end_openings([employee.id])


def end_openings(employee_ids: list[int]) -> None:
    """Codes and tokens of people who left work no more."""
    OneTimeCode.delete().where(OneTimeCode.employee.in_(employee_ids), OneTimeCode.used_at.is_null()).execute()
    ApiToken.update(revoked_at=clock.now()).where(
        ApiToken.employee.in_(employee_ids), ApiToken.revoked_at.is_null()
    ).execute()


def reactivate(actor: Employee | None, employee: Employee) -> None:
    """Somebody came back; the old password no longer counts, so that they activate anew."""
    with db.atomic():
        values = {"is_active": True, "departed_on": None, "password_hash": ""}
        _change(actor, employee, "employee.returned", values)


def choose_language(employee: Employee, language: str) -> None:
    Employee.update(language=language).where(Employee.id == employee.id).execute()
    employee.language = language


def choose_theme(employee: Employee, theme: str) -> None:
    Employee.update(theme=theme).where(Employee.id == employee.id).execute()
    employee.theme = theme


def listing(visible: pw.Expression, *, words: str = "", unit: OrgUnit | None = None, state: str = "") -> pw.ModelSelect:
    """Employees with their units for the administration's list, in Thai order.

    `words`: parts of name, ID or position. `state`: active | waiting | locked | departed | "" for all who work here.
    """
    rows = Employee.select(Employee, OrgUnit).join(OrgUnit).where(visible)
    for word in thai.clean_line(words).split()[:6]:
        rows = rows.where(_mentions(word))
    if unit is not None:
        rows = rows.where(OrgUnit.path.startswith(unit.path))
    conditions = {
        "": Employee.is_active,
        "active": Employee.is_active & (Employee.password_hash != "") & (Employee.locked_reason == ""),
        "waiting": Employee.is_active & (Employee.password_hash == ""),
        "locked": Employee.is_active & (Employee.locked_reason != ""),
        "departed": ~Employee.is_active,
    }
    return rows.where(conditions.get(state, conditions[""])).order_by(Employee.sort_key, Employee.id)


def state_of(employee: Employee) -> str:
    """Which of the list's states somebody is in: departed, locked, waiting or active."""
    if not employee.is_active:
        return "departed"
    if employee.locked_reason:
        return "locked"
    return "active" if employee.password_hash else "waiting"


def _mentions(word: str) -> pw.Expression:
    readings = {word, *thai.employee_id_readings(word)}
    found = Employee.name.contains(word) | Employee.position.contains(word)
    for reading in readings:
        found |= Employee.employee_id.contains(reading)
    return found
