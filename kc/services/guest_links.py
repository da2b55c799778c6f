"""Signed links for guests without an account: one opens one guest's own form, for so many days and nothing else.

A form that is taken away takes its link along: ids come again on SQLite, the salt that is signed with them does not.
"""

from datetime import UTC

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from kc import clock
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Assessment, FollowUp

KINDS: dict[str, type[Assessment] | type[FollowUp]] = {"a": Assessment, "f": FollowUp}

_secret = ""
_days = 45


class Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().replace(tzinfo=UTC).timestamp())


class Expired(DomainError):
    """The link was a true one, and its time is over."""


def configure(secret: str, days: int) -> None:
    global _secret, _days
    _secret, _days = secret, days


def days() -> int:
    """So many days a link works."""
    return _days


def _signer() -> Signer:
    return Signer(_secret, salt="kc.guest-link")


def token_of(row: Assessment | FollowUp) -> str:
    """What the guest's address ends in. Staff have no such link: they sign in."""
    assert row.employee_id is None, "staff sign in"
    letter = next(letter for letter, model in KINDS.items() if isinstance(row, model))
    return _signer().sign(f"{letter}{row.id}-{row.salt}").decode()


def path_of(row: Assessment | FollowUp) -> str:
    return f"/guest/{token_of(row)}"


def row_of(token: str) -> Assessment | FollowUp | None:
    """The guest's row a token opens; None for a forged one. Expired when its time is over."""
    try:
        said = _signer().unsign(token, max_age=_days * 24 * 3600).decode()
    except SignatureExpired:
        raise Expired(_("ลิงก์นี้หมดอายุแล้ว ขอลิงก์ใหม่ได้จากผู้ที่ส่งให้คุณ")) from None
    except BadSignature:
        return None
    number, _dash, salt = said[1:].partition("-")
    model = KINDS[said[0]]
    return model.get_or_none((model.id == int(number)) & (model.salt == salt) & model.employee.is_null())
