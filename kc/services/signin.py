"""Signing in with the employee ID and a password (S0-28…31), and what the owner can do about it afterwards."""

import peewee as pw

from kc import thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OneTimeCode, SignInEvent
from kc.services import audit, passwords, throttle
from kc.services.account_rules import AccountRules


def find(typed: str) -> Employee | None:
    """The employee meant by what was typed: spaces, Thai digits, the other keyboard layout and case are forgiven."""
    readings = [
        reading for plain in thai.employee_id_readings(typed) for reading in (plain, plain.upper(), plain.lower())
    ]
    rows = {row.employee_id: row for row in Employee.select().where(Employee.employee_id.in_(readings))}
    return next((rows[reading] for reading in readings if reading in rows), None)


def sign_in(typed: str, password: str, address: str, rules: AccountRules) -> Employee:
    """The employee, when ID and password belong together and the account is open.

    DomainError otherwise: the same sentence and the same time whether the ID exists or not; TooManyTries when guessed
    too often. Only who knows the password learns that an account is locked or closed.
    """
    employee = find(typed)
    event = throttle.begin(employee, typed, address, rules)
    if not passwords.is_right(employee.password_hash if employee else "", password) or employee is None:
        raise DomainError(_wrong(password))
    check_open(employee, event)
    throttle.settle(event, throttle.SIGNED_IN)
    throttle.forget_old()
    return employee


def _wrong(password: str) -> str:
    # Says nothing about the account: only about what this person typed just now.
    if any("\u0e00" <= letter <= "\u0e7f" for letter in password):
        return _("รหัสพนักงานหรือรหัสผ่านไม่ถูกต้อง รหัสผ่านที่พิมพ์มีตัวอักษรไทย ลองดูว่าแป้นพิมพ์เป็นภาษาที่ต้องการหรือไม่")
    if password.isupper():
        return _("รหัสพนักงานหรือรหัสผ่านไม่ถูกต้อง รหัสผ่านที่พิมพ์เป็นตัวพิมพ์ใหญ่ทั้งหมด ลองดูว่าเปิด Caps Lock ค้างไว้หรือไม่")
    return _("รหัสพนักงานหรือรหัสผ่านไม่ถูกต้อง")


def check_open(employee: Employee, event: SignInEvent) -> None:
    """DomainError when the account was locked by an administrator or its owner has left."""
    if employee.is_active and not employee.locked_reason:
        return
    throttle.settle(event, throttle.LOCKED)
    if employee.is_active:
        raise DomainError(_("บัญชีนี้ถูกระงับการใช้งาน โปรดติดต่อผู้ดูแลระบบ"))
    raise DomainError(_("บัญชีนี้ปิดแล้ว หากยังปฏิบัติงานอยู่ โปรดติดต่อผู้ดูแลระบบ"))


def hash_new_password(employee: Employee, password: str, rules: AccountRules) -> str:
    """The hash to keep for `employee`; DomainError when the password is too weak. To be done outside transactions."""
    passwords.check_new(password, rules.password_min_length, employee, rules.organisation)
    return passwords.hash_password(password)


def keep_hash(employee: Employee, hashed: str) -> None:
    """Give `employee` the new password; sign-ins made with the old one, and codes still out, end with it."""
    employee.password_hash, employee.activation_digits = hashed, ""
    employee.sign_in_epoch += 1
    Employee.update(password_hash=hashed, activation_digits="", sign_in_epoch=Employee.sign_in_epoch + 1).where(
        Employee.id == employee.id
    ).execute()
    OneTimeCode.delete().where(OneTimeCode.employee == employee, OneTimeCode.used_at.is_null()).execute()


def set_password(actor: Employee | None, employee: Employee, password: str, rules: AccountRules) -> None:
    """Set a password without a code: for commands and the demo organisation. DomainError when it is too weak."""
    hashed = hash_new_password(employee, password, rules)
    with db.atomic():
        keep_hash(employee, hashed)
        audit.record(actor, "account.password_set", employee)


def change_password(employee: Employee, current: str, new: str, address: str, rules: AccountRules) -> None:
    """The owner changes it; wrong tries of the current password count like those at the door."""
    event = throttle.begin(employee, "", address, rules)
    if not passwords.is_right(employee.password_hash, current):
        raise DomainError(_("รหัสผ่านปัจจุบันไม่ถูกต้อง"), field="current")
    throttle.settle(event, throttle.SIGNED_IN)
    if current == new:
        raise DomainError(_("รหัสผ่านใหม่ต้องไม่ซ้ำกับรหัสผ่านปัจจุบัน"), field="password")
    hashed = hash_new_password(employee, new, rules)
    with db.atomic():
        keep_hash(employee, hashed)
        audit.record(employee, "account.password_changed", employee)


def end_everywhere(actor: Employee, employee: Employee) -> None:
    """End every sign-in of `employee`, on all machines."""
    with db.atomic():
        Employee.update(sign_in_epoch=Employee.sign_in_epoch + 1).where(Employee.id == employee.id).execute()
        audit.record(actor, "account.signed_out_everywhere", employee)
    employee.sign_in_epoch += 1


def recent_events(employee: Employee, limit: int = 20) -> pw.ModelSelect:
    """Newest tries on this account, right and wrong, for its owner and for administrators."""
    return (
        SignInEvent.select()
        .where(SignInEvent.account_key == employee.employee_id)
        .order_by(SignInEvent.id.desc())
        .limit(limit)
    )


def wrong_since_last_visit(employee: Employee) -> int:
    """Wrong tries between the two newest successes: shown to the owner after signing in."""
    successes = [
        row
        for (row,) in SignInEvent.select(SignInEvent.id)
        .where(SignInEvent.account_key == employee.employee_id, SignInEvent.outcome == throttle.SIGNED_IN)
        .order_by(SignInEvent.id.desc())
        .limit(2)
        .tuples()
    ]
    since, until = (successes[1] if len(successes) > 1 else 0), (successes[0] if successes else 0)
    return (
        SignInEvent.select()
        .where(
            SignInEvent.account_key == employee.employee_id,
            SignInEvent.outcome == throttle.WRONG,
            SignInEvent.id > since,
            SignInEvent.id < until,
        )
        .count()
    )
