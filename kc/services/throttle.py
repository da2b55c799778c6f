"""Slowing down those who guess: tries are counted from SignInEvent, per account and per address.

A try is written down before it is looked at, so that a hundred at once count as a hundred. While a lock lasts, further
tries are not counted: it ends when it said it would. An address from which the owner has signed in of late is judged
by its own tries alone, so that nobody can lock the owner out from elsewhere.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import peewee as pw

from kc import clock
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, SignInEvent
from kc.services.account_rules import AccountRules
from kc.thai import forgive_employee_id, format_time

WRONG, LOCKED, SIGNED_IN, ACTIVATED, RESET, EXPIRED = "wrong", "locked", "signed_in", "activated", "reset", "expired"
SUCCESSES = (SIGNED_IN, ACTIVATED, RESET)
KNOWN_FOR = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=1)  # tries during a lock are noted once a minute: a flood does not fill the table
KEPT_FOR = timedelta(days=365)
BEYOND = 2**31 - 1  # an id after all others


class TooManyTries(DomainError):
    """Locked for a time; `until` is when the next try counts."""

    def __init__(self, until: datetime, now: datetime) -> None:
        at = format_time(clock.to_local(until))
        super().__init__(_("ลองผิดหลายครั้งเกินไป เพื่อความปลอดภัยโปรดรอแล้วลองใหม่หลังเวลา %(time)s", time=at))
        self.until = until
        self.seconds = max(1, int((until - now).total_seconds()) + 1)


def network_of(address: str) -> str:
    """The address that is counted: of IPv6, the network a household or a machine gets (/64)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


def account_key(employee: Employee | None, typed: str, rules: AccountRules) -> str:
    """What tries on one account are counted under.

    An ID nobody has is kept as a keyed hash: now and then it is a password typed into the wrong field.
    """
    return employee.employee_id if employee else "?" + rules.keyed("account", forgive_employee_id(typed))[:20]


def begin(employee: Employee | None, typed: str, address: str, rules: AccountRules) -> SignInEvent:
    """Note a try as wrong until `settle` says otherwise; raises TooManyTries when it may not be looked at."""
    now = clock.now()
    event = SignInEvent.create(
        employee=employee,
        account_key=account_key(employee, typed, rules),
        address=network_of(address),
        outcome=WRONG,
        at=now,
    )
    until = _locked_until(event, rules)
    if until is None:
        return event
    _note_locked(event)
    raise TooManyTries(until, now)


def settle(event: SignInEvent, outcome: str) -> None:
    """What the try turned out to be."""
    event.outcome = outcome
    SignInEvent.update(outcome=outcome).where(SignInEvent.id == event.id).execute()


def _locked_until(event: SignInEvent, rules: AccountRules) -> datetime | None:
    """When the next try counts, if this one is over a limit."""
    window = timedelta(minutes=rules.lock_minutes)
    since = event.at - window
    same_account = SignInEvent.account_key == event.account_key
    same_address = SignInEvent.address == event.address
    limits = [(same_address, rules.address_tries), (same_account & same_address & _after_success(event), rules.tries)]
    if not _is_known(event):
        limits.append((same_account & _after_success(event, anywhere=True), rules.tries))
    ends = [_full_until(event, condition, allowed, since) for condition, allowed in limits]
    return max((end + window for end in ends if end), default=None)


def _full_until(event: SignInEvent, condition: pw.Expression, allowed: int, since: datetime) -> datetime | None:
    """When the oldest try was that still counts, if `allowed` of them were wrong since then."""
    oldest = (
        SignInEvent.select(SignInEvent.at)
        .where(condition, SignInEvent.outcome == WRONG, SignInEvent.at > since, SignInEvent.id < event.id)
        .order_by(SignInEvent.id.desc())
        .offset(allowed - 1)
        .limit(1)
        .scalar()
    )
    return oldest


def _after_success(event: SignInEvent, anywhere: bool = False) -> pw.Expression:
    """Condition: later than the owner's last success (from this address, or from anywhere)."""
    succeeded = SignInEvent.select(SignInEvent.id).where(
        SignInEvent.account_key == event.account_key, SignInEvent.outcome.in_(SUCCESSES)
    )
    if not anywhere:
        succeeded = succeeded.where(SignInEvent.address == event.address)
    last = succeeded.order_by(SignInEvent.id.desc()).limit(1).scalar()
    return SignInEvent.id > (last or 0)


def _is_known(event: SignInEvent) -> bool:
    return (
        SignInEvent.select()
        .where(
            SignInEvent.account_key == event.account_key,
            SignInEvent.address == event.address,
            SignInEvent.outcome.in_(SUCCESSES),
            SignInEvent.at > event.at - KNOWN_FOR,
        )
        .exists()
    )


def _note_locked(event: SignInEvent) -> None:
    noted = (
        SignInEvent.select()
        .where(
            SignInEvent.account_key == event.account_key,
            SignInEvent.address == event.address,
            SignInEvent.outcome == LOCKED,
            SignInEvent.at > event.at - NOTED_EVERY,
        )
        .exists()
    )
    if noted:
        event.delete_instance()
    else:
        settle(event, LOCKED)


def locked_until(employee: Employee, rules: AccountRules) -> datetime | None:
    """Until when strangers' addresses cannot try this account; for its owner and for administrators to see."""
    window = timedelta(minutes=rules.lock_minutes)
    next_try = SignInEvent(id=BEYOND, account_key=employee.employee_id, at=clock.now())
    mine = (SignInEvent.account_key == employee.employee_id) & _after_success(next_try, anywhere=True)
    oldest = _full_until(next_try, mine, rules.tries, next_try.at - window)
    return oldest + window if oldest else None


def forget_old(now: datetime | None = None) -> int:
    """Drop tries older than a year (the law asks for 90 days of traffic data); returns how many."""
    return SignInEvent.delete().where(SignInEvent.at < (now or clock.now()) - KEPT_FOR).execute()
