"""Sessions of a community (กิจกรรมแลกเปลี่ยนเรียนรู้), who came, and the notes written while they met."""

from typing import Any

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.communities import Community, Guest
from kc.models.people import Employee

NOTE_KINDS = ("point", "problem", "story", "technique", "practice", "conclusion")
TECHNIQUES = (
    "storytelling",
    "dialogue",
    "deep_listening",
    "meeting",
    "seminar",
    "coffee_council",
    "peer_assist",
    "aar",
    "goal_fair",
    "knowledge_market",
    "study_visit",
    "webboard",
    "chat",
    "other",
)


class Session(VersionedModel):
    """One meeting of a community. Day and times are local wall-clock values."""

    community = pw.ForeignKeyField(Community, backref="sessions", on_delete="CASCADE")
    held_on = pw.DateField(index=True)
    starts = pw.TimeField()
    ends = pw.TimeField(null=True)
    place = pw.TextField(default="")
    link = pw.TextField(default="")
    topic = pw.TextField()
    technique = pw.TextField(default="dialogue")
    presenter = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    presenter_name = pw.TextField(default="")  # a guest from outside (S0-126)
    facilitator = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    deputy = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    cancelled_at = pw.DateTimeField(null=True)
    form_key = pw.TextField(unique=True)
    created_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)

    @classmethod
    def held_by(cls, communities: Any) -> pw.Expression:
        """Condition: one of `communities` (rows, ids, or a query of them) holds it, alone or with others (S0-263)."""
        jointly = JointSession.select(JointSession.session).where(JointSession.community.in_(communities))
        return cls.community.in_(communities) | cls.id.in_(jointly)


class JointSession(BaseModel):
    """A session that another community holds too (S0-263): its members come, read and write as those of the first."""

    session = pw.ForeignKeyField(Session, backref="joint", on_delete="CASCADE")
    community = pw.ForeignKeyField(Community, backref="joint_sessions", on_delete="CASCADE")
    invited_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    invited_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("session", "community"), True),)


class Attendance(BaseModel):
    """Someone was there: an employee, a guest of the community's list, or somebody from outside by name alone."""

    session = pw.ForeignKeyField(Session, backref="attendances", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="CASCADE")
    guest = pw.ForeignKeyField(Guest, null=True, backref="+", on_delete="SET NULL")
    guest_name = pw.TextField(default="")  # as it was then
    marked_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    marked_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("session", "employee", "guest_name"), True), (("session", "guest"), True))


# Of rows without an employee the first index takes any number: two who tap one name at once still mark it once.
Attendance.add_index(
    Attendance.index(
        Attendance.session,
        Attendance.guest_name,
        unique=True,
        name="attendance_by_name",
        where=Attendance.employee.is_null() & Attendance.guest.is_null(),
    )
)


class SessionNote(VersionedModel):
    """One note (บันทึก). `client_key` is made where it is typed, so that a note sent twice is saved once."""

    session = pw.ForeignKeyField(Session, backref="notes", on_delete="CASCADE")
    client_key = pw.TextField()
    kind = pw.TextField(default="point")  # one of NOTE_KINDS
    speaker = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    speaker_name = pw.TextField(default="")  # who said it, when not chosen from the list
    text = pw.TextField(default="")
    author = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    editor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")  # of the newest version
    writer_key = pw.TextField(default="")  # the open page that saved the newest version: it never conflicts with itself
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)
    deleted_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("session", "client_key"), True),)


class SessionNoteVersion(BaseModel):
    """A note's earlier text: nothing that was saved is ever lost to a later save."""

    note = pw.ForeignKeyField(SessionNote, backref="versions", on_delete="CASCADE")
    version = pw.IntegerField()
    kind = pw.TextField()
    speaker_name = pw.TextField(default="")
    text = pw.TextField()
    editor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    saved_at = pw.DateTimeField()
