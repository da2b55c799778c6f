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

# Forms of a community (รูปแบบ): a community may mix them (S0-267, S0-268), and meets in one or several ways (S0-269).
MODELS = (
    ("small", "large"),
    ("formal", "informal"),
    ("top_down", "grass_roots"),
    ("one_function", "cross_function"),
    ("face_to_face", "online"),
    ("within", "across"),
)
WAYS = ("coffee_council", "meeting", "storytelling", "webboard", "chat")
FORMS = tuple(form for pair in MODELS for form in pair) + WAYS

ACCEPTED, DECLINED, WITHDRAWN = "accepted", "declined", "withdrawn"  # what became of a request or an invitation


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
    forms = pw.TextField(default="")  # of FORMS, with a blank between and at both ends (" small formal "), or nothing
    rhythm = pw.TextField(default="")  # how often they meet, as people say it
    asks_to_join = pw.BooleanField(default=False)  # who wants to join asks first
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

    @property
    def form_keys(self) -> tuple[str, ...]:
        """Its forms, in the order of FORMS."""
        held = self.forms.split()
        return tuple(form for form in FORMS if form in held)

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


class Guest(BaseModel):
    """Someone from outside, without an employee ID, who takes part in a community (S0-126).

    One person is one row, for good: who comes again after leaving is the same guest. The name stays on record with what
    they took part in; how to reach them goes when they leave.
    """

    community = pw.ForeignKeyField(Community, backref="guests", on_delete="CASCADE")
    name = pw.TextField()
    sort_key = pw.TextField(default="")
    name_key = pw.TextField()  # without title, spaces and case; with place_key it says who is one person
    organisation = pw.TextField(default="")
    place_key = pw.TextField(default="")
    contact = pw.TextField(default="")  # telephone, e-mail, LINE: seen by those who look after the community
    brings = pw.TextField(default="")  # what they know, or come for
    consented_on = pw.DateField()  # the day they agreed that this is kept
    added_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    added_at = pw.DateTimeField(default=clock.now)
    left_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("community", "name_key", "place_key"), True),)

    @property
    def full_name(self) -> str:
        """Name and place, which tell two guests of one name apart."""
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


class JoinRequest(BaseModel):
    """Someone asked to join a community that wants to be asked. `open_key` lets one person wait once."""

    community = pw.ForeignKeyField(Community, backref="join_requests", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    message = pw.TextField(default="")
    asked_at = pw.DateTimeField(default=clock.now)
    outcome = pw.TextField(default="")  # ACCEPTED, DECLINED, WITHDRAWN, or nothing yet
    answer = pw.TextField(default="")  # what the organiser wrote
    answered_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    answered_at = pw.DateTimeField(null=True)
    open_key = pw.TextField(null=True, unique=True)  # "community:employee" while it waits


class Invitation(BaseModel):
    """Someone was invited to take a role in a community; nobody is made to (S0-115, S0-274)."""

    community = pw.ForeignKeyField(Community, backref="invitations", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    role = pw.TextField(default=MEMBER)
    is_deputy = pw.BooleanField(default=False)
    message = pw.TextField(default="")
    invited_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    invited_at = pw.DateTimeField(default=clock.now)
    outcome = pw.TextField(default="")
    answered_at = pw.DateTimeField(null=True)
    open_key = pw.TextField(null=True, unique=True)  # "community:employee:role" while it waits


class CommunityLink(BaseModel):
    """Two communities that learn from one another (S0-263). `one` has the lower id: a pair is kept once."""

    one = pw.ForeignKeyField(Community, backref="+", on_delete="CASCADE")
    other = pw.ForeignKeyField(Community, backref="+", on_delete="CASCADE")
    why = pw.TextField(default="")
    linked_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    linked_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("one", "other"), True),)


class CommunityChange(BaseModel):
    """Its name, title, topic or rhythm became another: normal in a community's life, and kept (S0-277)."""

    community = pw.ForeignKeyField(Community, backref="changes", on_delete="CASCADE")
    what = pw.TextField()  # name, knowledge_title, topic, rhythm
    before = pw.TextField(default="")
    after = pw.TextField(default="")
    why = pw.TextField(default="")
    changed_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    changed_at = pw.DateTimeField(default=clock.now)
