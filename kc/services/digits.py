"""First sign-in by the last four digits of the national ID, where an organisation keeps that habit (S0-30).

The digits themselves are never kept: `employee.activation_digits` holds how many tries are left, until when, and a hash
keyed with the server's secret. It is erased at activation; when the tries are used up only the word "spent" remains,
so that importing the same file again gives no new tries.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from kc import clock, thai
from kc.models import Employee
from kc.services.account_rules import AccountRules

TRIES = 5
LENGTH = 4
SPENT = "spent"


@dataclass(frozen=True)
class Digits:
    """What `activation_digits` says."""

    tries_left: int
    expires_at: datetime
    hashed: str

    def __str__(self) -> str:
        return f"{self.tries_left}:{self.expires_at:%Y%m%d%H%M%S}:{self.hashed}"


def read(kept: str) -> Digits | None:
    """The record, or None when there is none or it is spent."""
    tries, _, rest = kept.partition(":")
    expires, _, hashed = rest.partition(":")
    if not tries.isdigit() or not hashed:
        return None
    return Digits(int(tries), datetime.strptime(expires, "%Y%m%d%H%M%S"), hashed)


def last_four(cell: str) -> str:
    """The digits in an imported cell: four, or the last four of a 13-digit ID. ValueError for anything else."""
    plain = re.sub(r"[\s\-–]", "", thai.to_arabic_digits(cell))
    if not re.fullmatch(r"\d{4}|\d{13}", plain):
        raise ValueError("neither 4 nor 13 digits")
    return plain[-LENGTH:]


def hashed(employee_id: str, four: str, rules: AccountRules) -> str:
    """The keyed hash for one person's digits."""
    return rules.keyed("digits", f"{employee_id}\0{four}")


def fresh(hashed_digits: str, rules: AccountRules) -> str:
    """What to keep for somebody who was just imported."""
    return str(Digits(TRIES, clock.now() + timedelta(days=rules.activation_days), hashed_digits))


def replaced(kept: str, hashed_digits: str, rules: AccountRules) -> str:
    """What to keep when a file brings digits again: a correction keeps tries and expiry; spent stays spent."""
    if not kept:
        return fresh(hashed_digits, rules)
    record = read(kept)
    return str(Digits(record.tries_left, record.expires_at, hashed_digits)) if record else kept


def take_try(employee: Employee, typed: str, rules: AccountRules) -> bool:
    """Use one of the five tries; True when the digits are right. A race between two tries costs both of them one."""
    record = read(employee.activation_digits)
    if not rules.by_digits or record is None or employee.is_activated:
        return False
    if record.expires_at <= clock.now():
        _keep(employee, SPENT)
        return False
    left = record.tries_left - 1
    if not _keep(employee, str(Digits(left, record.expires_at, record.hashed)) if left else SPENT):
        return False
    four = thai.fix_layout_digits("".join(typed.split()))
    return hmac.compare_digest(hashed(employee.employee_id, four, rules), record.hashed)


def _keep(employee: Employee, value: str) -> bool:
    """Write `value` if nobody changed the record in the meantime."""
    written = (
        Employee.update(activation_digits=value)
        .where((Employee.id == employee.id) & (Employee.activation_digits == employee.activation_digits))
        .execute()
    )
    employee.activation_digits = value
    return bool(written)


def forget_expired() -> int:
    """Erase the hashes whose time is over; returns how many."""
    count = 0
    for row in Employee.select().where(Employee.activation_digits.contains(":")):
        record = read(row.activation_digits)
        if record is not None and record.expires_at <= clock.now():
            count += _keep(row, SPENT)
    return count
