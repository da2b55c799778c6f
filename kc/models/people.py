"""People: units, employees, their system roles, and what signing in needs."""

import json
from typing import Any

import peewee as pw

from kc import clock
from kc.db import BaseModel

UNIT_KINDS = ("head_office", "division", "bureau", "provincial_office", "branch", "department", "section", "group")

STAFF, COORDINATOR, REVIEWER = "staff", "coordinator", "reviewer"
KNOWLEDGE_OFFICER, ADMINISTRATOR, EXECUTIVE = "knowledge_officer", "administrator", "executive"
SYSTEM_ROLES = (COORDINATOR, REVIEWER, KNOWLEDGE_OFFICER, ADMINISTRATOR, EXECUTIVE)


class OrgUnit(BaseModel):
    """A unit of the organisation (สังกัด); units form a tree."""

    code = pw.TextField(unique=True)
    name = pw.TextField()
    kind = pw.TextField()  # one of UNIT_KINDS (S0-102)
    parent = pw.ForeignKeyField("self", null=True, backref="children", on_delete="RESTRICT")
    path = pw.TextField(default="", index=True)  # "/1/5/12/": ids from the root down, so that a subtree is a prefix
    sort_key = pw.TextField(index=True)
    is_active = pw.BooleanField(default=True)

    def subtree(self) -> pw.ModelSelect:
        """This unit and every unit below it."""
        return OrgUnit.select().where(OrgUnit.path.startswith(self.path))

    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to this unit, itself included."""
        return [int(part) for part in self.path.strip("/").split("/") if part]


class Employee(BaseModel):
    """A member of staff (บุคลากร); signs in with `employee_id`, which is text: leading zeros count."""

    employee_id = pw.TextField(unique=True)
    title = pw.TextField(default="")
    first_name = pw.TextField()
    last_name = pw.TextField(default="")
    name = pw.TextField()  # first and last name, as shown
    sort_key = pw.TextField(index=True)
    position = pw.TextField(default="")
    level = pw.TextField(default="")
    unit = pw.ForeignKeyField(OrgUnit, backref="employees", on_delete="RESTRICT")
    email = pw.TextField(default="")
    phone = pw.TextField(default="")
    expertise = pw.TextField(default="")  # one per line
    is_sharing = pw.BooleanField(default=False)  # gladly shares what they know: their own word alone (S0-256)
    shares_about = pw.TextField(default="")
    is_active = pw.BooleanField(default=True)
    departed_on = pw.DateField(null=True)
    password_hash = pw.TextField(default="")  # empty until activated
    sign_in_epoch = pw.IntegerField(default=1)  # raised to end every sign-in of this person
    locked_reason = pw.TextField(default="")  # not empty: locked by an administrator
    activation_digits = pw.TextField(default="")  # keyed hash, only with KC_ACTIVATION=national_id, until activated
    language = pw.TextField(default="")
    theme = pw.TextField(default="")
    created_at = pw.DateTimeField(default=clock.now)

    @property
    def full_name(self) -> str:
        """Name with its title, as on official papers."""
        return f"{self.title}{self.name}"

    @property
    def is_activated(self) -> bool:
        return bool(self.password_hash)


class RoleAssignment(BaseModel):
    """A system role someone holds; coordinators hold it for a unit (and the units below it)."""

    employee = pw.ForeignKeyField(Employee, backref="role_assignments", on_delete="CASCADE")
    role = pw.TextField()
    unit = pw.ForeignKeyField(OrgUnit, null=True, on_delete="CASCADE")
    granted_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    granted_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("employee", "role", "unit"), True),)


class OneTimeCode(BaseModel):
    """A code that opens an account once: first activation, or a new password. Only its hash is kept."""

    employee = pw.ForeignKeyField(Employee, backref="codes", on_delete="CASCADE")
    purpose = pw.TextField()  # activate | reset
    code_hash = pw.TextField()
    tries_left = pw.IntegerField(default=5)
    expires_at = pw.DateTimeField()
    issued_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    issued_at = pw.DateTimeField(default=clock.now)
    used_at = pw.DateTimeField(null=True)


class SignInEvent(BaseModel):
    """One try to sign in, shown to its owner and to administrators, and counted for throttling."""

    employee = pw.ForeignKeyField(Employee, null=True, backref="sign_in_events", on_delete="CASCADE")
    account_key = pw.TextField(index=True)  # the employee ID; a keyed hash of what was typed when nobody has it
    address = pw.TextField(index=True)
    outcome = pw.TextField()  # signed_in | wrong | locked | activated | reset | expired
    at = pw.DateTimeField(default=clock.now, index=True)

    class Meta:
        indexes = ((("employee", "at"), False),)  # did they come in this year? asked of everybody at once


class ApiToken(BaseModel):
    """A bearer token for /api/; only its hash is kept."""

    employee = pw.ForeignKeyField(Employee, backref="api_tokens", on_delete="CASCADE")
    name = pw.TextField()
    token_hash = pw.TextField(unique=True)
    created_at = pw.DateTimeField(default=clock.now)
    last_used_on = pw.DateField(null=True)
    revoked_at = pw.DateTimeField(null=True)


class AuditEntry(BaseModel):
    """Who changed which record, when, and how; written in the same transaction as the change."""

    at = pw.DateTimeField(default=clock.now, index=True)
    actor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    action = pw.TextField(index=True)  # "community.signed_up"
    object_kind = pw.TextField()
    object_id = pw.IntegerField(null=True)
    request_id = pw.TextField(default="")
    details = pw.TextField(default="{}")

    class Meta:
        indexes = ((("object_kind", "object_id"), False),)

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.details)
