"""Communities of practice (ชุมชนนักปฏิบัติ), signed up for one fiscal year, and who is in them."""

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.people import Employee, OrgUnit
from kc.models.topics import FiscalYear, Topic

LEADER, FACILITATOR, HISTORIAN = "leader", "facilitator", "historian"
COORDINATOR, MEMBER, EXPERT = "coordinator", "member", "expert"
COMMUNITY_ROLES = (LEADER, FACILITATOR, HISTORIAN, COORDINATOR, MEMBER, EXPERT)

ACTIVE, CANCELLED = "active", "cancelled"


class Community(VersionedModel):
    """A community of practice in one fiscal year (S0-103…113)."""

    fiscal_year = pw.ForeignKeyField(FiscalYear, backref="communities", on_delete="RESTRICT")
    unit = pw.ForeignKeyField(OrgUnit, backref="communities", on_delete="RESTRICT")
    unit_name = pw.TextField()  # as the unit was called at sign-up; renames keep history
    name = pw.TextField()
    name_key = pw.TextField()  # kc.thai.same_name_key(name): the same name typed differently is the same name
    sort_key = pw.TextField(index=True)
    knowledge_title = pw.TextField()  # ชื่อองค์ความรู้
    topic = pw.ForeignKeyField(Topic, backref="communities", on_delete="RESTRICT")
    goals = pw.TextField(default="")
    agreement = pw.TextField(default="")  # ข้อตกลงร่วมกัน
    status = pw.TextField(default=ACTIVE)
    cancelled_reason = pw.TextField(default="")
    renewed_from = pw.ForeignKeyField("self", null=True, backref="renewals", on_delete="SET NULL")
    form_key = pw.TextField(unique=True)  # the sign-up form's own random key: a double click saves once
    created_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("fiscal_year", "unit", "name_key"), True),)

    @property
    def is_cancelled(self) -> bool:
        return self.status == CANCELLED

    @classmethod
    def listing(cls) -> pw.ModelSelect:
        """Communities with unit, year and topic, as lists show them; newest year first, then in Thai order."""
        return (
            cls.select(cls, OrgUnit, FiscalYear, Topic)
            .join_from(cls, OrgUnit)
            .join_from(cls, FiscalYear)
            .join_from(cls, Topic)
            .order_by(FiscalYear.year.desc(), cls.sort_key)
        )

    def current_members(self) -> pw.ModelSelect:
        """Everyone who holds a role now, with their employee and unit: organisers first, then in Thai order."""
        rank = pw.Case(Membership.role, [(role, n) for n, role in enumerate(COMMUNITY_ROLES)])
        return (
            Membership.select(Membership, Employee, OrgUnit)
            .join_from(Membership, Employee)
            .join_from(Employee, OrgUnit)
            .where((Membership.community == self) & Membership.left_at.is_null())
            .order_by(rank, Employee.sort_key)
        )


class Membership(BaseModel):
    """One role of one person in one community; a person may hold several. `left_at` keeps those who left on record."""

    community = pw.ForeignKeyField(Community, backref="memberships", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="memberships", on_delete="RESTRICT")
    role = pw.TextField()  # one of COMMUNITY_ROLES
    is_deputy = pw.BooleanField(default=False)
    joined_at = pw.DateTimeField(default=clock.now)
    added_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    left_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("community", "employee", "role"), True),)
