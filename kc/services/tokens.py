"""Bearer tokens for /api/: made by their owner, shown once, revoked at will; only a hash is kept."""

import hashlib
import secrets

from peewee import ModelSelect

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import ApiToken, Employee, OrgUnit
from kc.services import audit
from kc.thai import clean_line

PREFIX = "kc_"
MOST = 10
LONGEST_NAME = 60


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()  # 256 random bits need no slow hash


def create(employee: Employee, name: str) -> str:
    """A new token of `employee`; the only time it is seen. DomainError without a name or with too many tokens."""
    name = clean_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("โปรดตั้งชื่อโทเคนไม่เกิน %(n)d ตัวอักษร เพื่อให้จำได้ว่าใช้ที่ไหน", n=LONGEST_NAME), field="name")
    token = PREFIX + secrets.token_urlsafe(32)
    with db.atomic():
        if of(employee).count() >= MOST:
            raise DomainError(_("มีโทเคนครบ %(n)d รายการแล้ว โปรดยกเลิกรายการที่ไม่ใช้ก่อน", n=MOST), field="name")
        row = ApiToken.create(employee=employee, name=name, token_hash=_hashed(token))
        audit.record(employee, "token.created", row, name=name)
    return token


def of(employee: Employee) -> ModelSelect:
    """Tokens of `employee` that work, newest first."""
    return (
        ApiToken.select()
        .where(ApiToken.employee == employee, ApiToken.revoked_at.is_null())
        .order_by(ApiToken.id.desc())
    )


def revoke(actor: Employee, token: ApiToken) -> None:
    """End a token; revoking twice is no error."""
    with db.atomic():
        working = (ApiToken.id == token.id) & ApiToken.revoked_at.is_null()
        if ApiToken.update(revoked_at=clock.now()).where(working).execute():
            audit.record(actor, "token.revoked", token, name=token.name)


def employee_of(token: str) -> Employee | None:
    """Whose token it is, with their unit; notes the day of its last use. None for an unknown or revoked one."""
    if not token.startswith(PREFIX):
        return None
    row = (
        ApiToken.select(ApiToken, Employee, OrgUnit)
        .join(Employee)
        .join(OrgUnit)
        .where(ApiToken.token_hash == _hashed(token), ApiToken.revoked_at.is_null())
        .first()
    )
    if row is None:
        return None
    if row.last_used_on != clock.today():
        ApiToken.update(last_used_on=clock.today()).where(ApiToken.id == row.id).execute()
    return row.employee
