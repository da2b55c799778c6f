"""The day of a session: its timer, what was parked for later, and the summary written afterwards."""

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.people import Employee
from kc.models.sessions import Session


class SessionTimer(BaseModel):
    """The one timer that runs in a session: everybody in the room sees the same time left."""

    session = pw.ForeignKeyField(Session, backref="timers", on_delete="CASCADE", unique=True)
    label = pw.TextField(default="")  # what it is for: a step of the agenda, or nothing
    minutes = pw.IntegerField()
    ends_at = pw.DateTimeField()
    started_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")


class ParkedThought(BaseModel):
    """Something that came up and is talked about later, so that it does not get lost (ลานพักความคิด)."""

    session = pw.ForeignKeyField(Session, backref="parked", on_delete="CASCADE")
    text = pw.TextField()
    form_key = pw.TextField(unique=True)  # a double click parks once
    created_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)
    settled_at = pw.DateTimeField(null=True)  # it was talked about
    settled_in = pw.ForeignKeyField(Session, null=True, backref="+", on_delete="SET NULL")


class SessionSummary(VersionedModel):
    """What came out of a session, drafted from its notes; and what to do better next time (S0-147, S0-161)."""

    session = pw.ForeignKeyField(Session, backref="summaries", on_delete="CASCADE", unique=True)
    text = pw.TextField(default="")
    improve = pw.TextField(default="")
    editor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")  # of the newest version
    writer_key = pw.TextField(default="")  # the open page that saved it: it never conflicts with itself
    created_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)
    finished_at = pw.DateTimeField(null=True)
    shared_at = pw.DateTimeField(null=True)
    shared_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None


class SessionSummaryVersion(BaseModel):
    """A summary's earlier text: nothing that was saved is lost to a later save."""

    summary = pw.ForeignKeyField(SessionSummary, backref="versions", on_delete="CASCADE")
    version = pw.IntegerField()
    text = pw.TextField()
    improve = pw.TextField()
    editor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    saved_at = pw.DateTimeField()
