"""One-time codes: they open an account once, to set a real password. Only a keyed hash is kept (S0-30, D21).

A code is issued by an administrator or by a coordinator of the person's unit, and shown to them once. Where the
organisation keeps its old habit (KC_ACTIVATION=national_id), the last four digits of the national ID do the same, once.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee as pw

from kc import clock, policy, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OneTimeCode, OrgUnit
from kc.services import audit, digits, signin, throttle
from kc.services.account_rules import AccountRules

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 I: people copy codes from paper
GROUPS, GROUP = 2, 4  # 40 bits; five tries
ACTIVATE, RESET = "activate", "reset"
TICKET_LASTS = timedelta(minutes=20)
BATCH = 500


@dataclass(frozen=True)
class Slip:
    """A code to hand to somebody; the only time it is seen."""

    employee: Employee
    code: str
    expires_at: datetime
    purpose: str = ACTIVATE


@dataclass(frozen=True)
class Ticket:
    """Proof that a code (or the digits: `code_id` None) was right, until the new password is set with it."""

    employee_id: int
    code_id: int | None
    epoch: int
    until: float


def new_code() -> str:
    """K7QM-2XPD: random, readable, hard to mistake."""
    letters = [secrets.choice(ALPHABET) for _place in range(GROUPS * GROUP)]
    return "-".join("".join(letters[i : i + GROUP]) for i in range(0, len(letters), GROUP))


def bare(typed: str) -> str:
    """A code as typed or pasted, without what does not matter: case, spaces, dashes, Thai digits, Thai layout."""
    text = thai.clean_line(typed)
    if any("ก" <= letter <= "๎" for letter in text):  # thai-data
        text = thai.keyboard_swap(text)
    return "".join(letter for letter in thai.to_arabic_digits(text).upper() if letter.isalnum())


def _hashed(code: str, rules: AccountRules) -> str:
    return rules.keyed("code", bare(code))


def _expiry(purpose: str, rules: AccountRules) -> datetime:
    hours = rules.reset_code_hours if purpose == RESET else rules.activation_days * 24
    return clock.now() + timedelta(hours=hours)


# ---- issuing -------------------------------------------------------------------------------------------------------


def issue(actor: Employee | None, employee: Employee, rules: AccountRules, code: str = "") -> Slip:
    """A new code for `employee`: to activate, or for a new password. Earlier codes stop working.

    DomainError when `actor` (None: the server's own command line) may not, or the account is closed or locked.
    `code`: a fixed one, for the demo organisation.
    """
    if actor is not None and not policy.can_issue_code(actor, employee):
        raise DomainError(_("คุณออกรหัสให้บุคคลนี้ไม่ได้ โปรดติดต่อผู้ดูแลระบบ"))
    if not employee.is_active or employee.locked_reason:
        raise DomainError(_("บัญชีนี้ปิดหรือถูกระงับอยู่ จึงออกรหัสให้ไม่ได้"))
    with db.atomic():
        slip = _write(actor, [employee], rules, code)[0]
        audit.record(actor, "account.code_issued", employee, purpose=slip.purpose)
    return slip


def issue_for_units(actor: Employee, unit_ids: Iterable[int], rules: AccountRules) -> list[Slip]:
    """Activation codes for everybody in these units who has not activated yet, in the order of units and names."""
    waiting = list(
        Employee.select(Employee, OrgUnit)
        .join(OrgUnit)
        .where(waiting_for_activation(), policy.code_receivers(actor), OrgUnit.id.in_(list(unit_ids)))
        .order_by(OrgUnit.path, Employee.sort_key, Employee.id)
    )
    with db.atomic():
        slips = _write(actor, waiting, rules)
        for unit in {employee.unit_id: employee.unit for employee in waiting}.values():
            count = sum(employee.unit_id == unit.id for employee in waiting)
            audit.record(actor, "account.slips_printed", unit, employees=count)
    return slips


def waiting_for_activation() -> pw.Expression:
    """Condition on Employee: could sign in, and never has."""
    return (Employee.password_hash == "") & Employee.is_active & (Employee.locked_reason == "")


def _write(actor: Employee | None, employees: list[Employee], rules: AccountRules, code: str = "") -> list[Slip]:
    slips = []
    for employee in employees:
        purpose = RESET if employee.is_activated else ACTIVATE
        slips.append(Slip(employee, code or new_code(), _expiry(purpose, rules), purpose))
    rows = [
        {
            "employee": slip.employee.id,
            "purpose": slip.purpose,
            "code_hash": _hashed(slip.code, rules),
            "expires_at": slip.expires_at,
            "issued_by": actor.id if actor else None,
        }
        for slip in slips
    ]
    for start in range(0, len(rows), BATCH):
        ids = [row["employee"] for row in rows[start : start + BATCH]]
        OneTimeCode.delete().where(OneTimeCode.employee.in_(ids), OneTimeCode.used_at.is_null()).execute()
        OneTimeCode.insert_many(rows[start : start + BATCH]).execute()
    return slips


# ---- using ---------------------------------------------------------------------------------------------------------


def check(typed_id: str, typed_code: str, address: str, rules: AccountRules) -> Ticket:
    """A ticket to set a password with, when the code belongs to the account.

    DomainError otherwise, in the same words whether ID, code or both are wrong, too old, or used up.
    """
    employee = signin.find(typed_id)
    event = throttle.begin(employee, typed_id, address, rules)
    code = _right_code(employee, typed_code, rules) if employee else None
    right = code is not None or (employee is not None and digits.take_try(employee, typed_code, rules))
    if employee is None or not right:
        raise DomainError(_("รหัสพนักงานหรือรหัสที่ได้รับไม่ถูกต้อง หรือรหัสหมดอายุแล้ว ขอรหัสใหม่ได้จากผู้ประสานงานส่วนงานของคุณ"))
    signin.check_open(employee, event)
    throttle.settle(event, throttle.RESET if employee.is_activated else throttle.ACTIVATED)
    until = (clock.now() + TICKET_LASTS).timestamp()
    return Ticket(employee.id, code.id if code else None, employee.sign_in_epoch, until)


def _right_code(employee: Employee, typed: str, rules: AccountRules) -> OneTimeCode | None:
    """The person's code when it is right; a wrong one costs one of its tries."""
    if rules.by_digits and len(bare(typed)) == digits.LENGTH:
        return None  # the digits have tries of their own
    code = (
        OneTimeCode.select()
        .where(OneTimeCode.employee == employee, OneTimeCode.used_at.is_null(), OneTimeCode.expires_at > clock.now())
        .order_by(OneTimeCode.id.desc())
        .first()
    )
    if code is None or not _change_tries(code, -1):  # taken before looking: many at once get no more than there are
        return None
    if not hmac.compare_digest(code.code_hash, _hashed(typed, rules)):
        return None
    _change_tries(code, +1)
    return code


def _change_tries(code: OneTimeCode, by: int) -> bool:
    enough = OneTimeCode.tries_left + by >= 0
    return bool(
        OneTimeCode.update(tries_left=OneTimeCode.tries_left + by).where(OneTimeCode.id == code.id, enough).execute()
    )


def holder(ticket: Ticket) -> Employee:
    """Whose password the ticket may set; DomainError when it is too old or was used."""
    employee = Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id == ticket.employee_id).first()
    code = OneTimeCode.get_or_none(OneTimeCode.id == ticket.code_id) if ticket.code_id else None
    still_good = (
        employee is not None
        and employee.is_active
        and not employee.locked_reason
        and employee.sign_in_epoch == ticket.epoch
        and clock.now().timestamp() < ticket.until
        and (code is not None and code.used_at is None if ticket.code_id else not employee.is_activated)
    )
    if not still_good:
        raise DomainError(_("ขั้นตอนนี้หมดเวลาแล้ว โปรดเริ่มใหม่ด้วยรหัสที่ได้รับ"))
    return employee


def use(ticket: Ticket, password: str, rules: AccountRules) -> Employee:
    """Set the password the ticket was issued for, and use up the code. DomainError when too weak or too late."""
    employee = holder(ticket)
    hashed = signin.hash_new_password(employee, password, rules)
    first = not employee.is_activated
    with db.atomic():
        if ticket.code_id:
            used = (
                OneTimeCode.update(used_at=clock.now())
                .where(OneTimeCode.id == ticket.code_id, OneTimeCode.used_at.is_null())
                .execute()
            )
            if not used:
                raise DomainError(_("รหัสนี้ถูกใช้ไปแล้ว"))
        signin.keep_hash(employee, hashed)
        audit.record(employee, "account.activated" if first else "account.password_reset", employee)
    return employee
