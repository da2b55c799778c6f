"""What a community means to do: its learning plan, each meeting's steps, recurring meetings, proposals, calendars."""

import json
from typing import Any

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.communities import Community
from kc.models.people import Employee
from kc.models.sessions import Session

WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"
RHYTHMS = (WEEKLY, FORTNIGHTLY, MONTHLY)


class LearningPlan(VersionedModel):
    """แผนปฏิบัติการแลกเปลี่ยนเรียนรู้/แผนบทเรียน with the eight fields of the guide (S0-129…136); one a community."""

    community = pw.ForeignKeyField(Community, unique=True, backref="learning_plans", on_delete="CASCADE")
    objectives = pw.TextField(default="")
    member_count = pw.IntegerField(null=True)
    content = pw.TextField(default="")
    period_from = pw.DateField(null=True)
    period_to = pw.DateField(null=True)
    techniques = pw.TextField(default="")
    speakers = pw.TextField(default="")
    evaluation = pw.TextField(default="")
    follow_up = pw.TextField(default="")
    editor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")  # of the newest version
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)

    def missing(self) -> list[str]:
        """Which of the eight fields still say nothing; `period` is one of them."""
        said = {
            "objectives": self.objectives,
            "member_count": self.member_count,
            "content": self.content,
            "period": self.period_from and self.period_to,
            "techniques": self.techniques,
            "speakers": self.speakers,
            "evaluation": self.evaluation,
            "follow_up": self.follow_up,
        }
        return [name for name, value in said.items() if not value]


class LearningPlanVersion(BaseModel):
    """An earlier wording of a plan, one for each sitting: nothing that was saved is lost to a later save."""

    plan = pw.ForeignKeyField(LearningPlan, backref="versions", on_delete="CASCADE")
    version = pw.IntegerField()
    content = pw.TextField()  # JSON of the plan's fields
    editor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    saved_at = pw.DateTimeField()

    @property
    def fields(self) -> dict[str, Any]:
        return json.loads(self.content)


class MeetingPlan(VersionedModel):
    """แผนกิจกรรมรายครั้ง: what one meeting is expected to bring (S0-139); its steps are SessionStep rows (S0-137)."""

    session = pw.ForeignKeyField(Session, unique=True, backref="plans", on_delete="CASCADE")
    expected = pw.TextField(default="")
    updated_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    updated_at = pw.DateTimeField(default=clock.now)


class SessionStep(BaseModel):
    """One step of a meeting: how many minutes, what, and who leads it."""

    session = pw.ForeignKeyField(Session, backref="steps", on_delete="CASCADE")
    position = pw.IntegerField()
    minutes = pw.IntegerField()
    title = pw.TextField()
    who = pw.TextField(default="")

    class Meta:
        indexes = ((("session", "position"), True),)


class SessionSeries(BaseModel):
    """A meeting that comes again (S0-154). Its sessions are made some weeks ahead, each a session of its own.

    `starts_on` is the day from which the rhythm counts now; what follows is how the next sessions begin.
    """

    community = pw.ForeignKeyField(Community, backref="series", on_delete="CASCADE")
    rhythm = pw.TextField()  # one of RHYTHMS
    starts_on = pw.DateField()
    until = pw.DateField()
    starts = pw.TimeField()
    ends = pw.TimeField(null=True)
    place = pw.TextField(default="")
    link = pw.TextField(default="")
    topic = pw.TextField()
    technique = pw.TextField(default="dialogue")
    presenter = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    presenter_name = pw.TextField(default="")
    facilitator = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    deputy = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    created_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)


class SeriesDay(BaseModel):
    """The session that stands for one day of a series, wherever it was moved to: the day is never filled twice."""

    series = pw.ForeignKeyField(SessionSeries, backref="days", on_delete="CASCADE")
    day = pw.DateField()
    session = pw.ForeignKeyField(Session, unique=True, backref="series_days", on_delete="CASCADE")

    class Meta:
        indexes = ((("series", "day"), True),)


class SessionNotified(BaseModel):
    """What members were told of a session: that it takes place, and for which day they were reminded."""

    session = pw.ForeignKeyField(Session, unique=True, backref="+", on_delete="CASCADE")
    announced_at = pw.DateTimeField(null=True)
    reminded_for = pw.DateField(null=True)


class Proposal(BaseModel):
    """Something a member would like to talk about (เสนอเรื่อง), until a session takes it up."""

    community = pw.ForeignKeyField(Community, backref="proposals", on_delete="CASCADE")
    text = pw.TextField()
    source_url = pw.TextField(default="", index=True)  # the page of ours it came from
    proposed_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    session = pw.ForeignKeyField(Session, null=True, backref="proposals", on_delete="SET NULL")
    set_aside_at = pw.DateTimeField(null=True)
    withdrawn_at = pw.DateTimeField(null=True)

    @property
    def is_open(self) -> bool:
        return self.session_id is None and self.set_aside_at is None and self.withdrawn_at is None


class ProposalVote(BaseModel):
    """Someone wants to talk about it too; whoever proposes it votes for it by that."""

    proposal = pw.ForeignKeyField(Proposal, backref="votes", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    voted_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("proposal", "employee"), True),)


class CalendarFeed(BaseModel):
    """A secret address that somebody's calendar program reads: all their communities, or one.

    The address is made of the id and a signature of `salt` with the server's secret; it stands nowhere.
    """

    employee = pw.ForeignKeyField(Employee, backref="calendar_feeds", on_delete="CASCADE")
    community = pw.ForeignKeyField(Community, null=True, backref="+", on_delete="CASCADE")
    salt = pw.TextField()
    open_key = pw.TextField(null=True, unique=True)  # "employee:community" while it works, so that one calendar has one
    created_at = pw.DateTimeField(default=clock.now)
    last_read_on = pw.DateField(null=True)
    revoked_at = pw.DateTimeField(null=True)
