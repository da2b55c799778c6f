"""Notices to one person (การแจ้งเตือน), how often they want them by e-mail, and which daily rounds were made."""

import json
from typing import Any

import peewee as pw

from kc import clock
from kc.db import BaseModel
from kc.models.people import Employee

IMMEDIATE, DAILY, WEEKLY, OFF = "immediate", "daily", "weekly", "off"
RHYTHMS = (IMMEDIATE, DAILY, WEEKLY, OFF)


class Notice(BaseModel):
    """Something that happened, told to one person. Facts are kept, no sentence: it is said in the reader's language."""

    employee = pw.ForeignKeyField(Employee, backref="notices", on_delete="CASCADE")
    kind = pw.TextField()  # a key of kc.services.notice_kinds.KINDS
    heading = pw.TextField(default="")  # of its kind when it was told
    facts = pw.TextField(default="{}")  # JSON: what the kind's sentence names
    url = pw.TextField()
    about = pw.TextField(default="")  # what it is about ("session:12"): unread notices of one kind about it are one
    once_key = pw.TextField(null=True)  # told once and never again ("round:3:7")
    times = pw.IntegerField(default=1)  # how many changes this one notice stands for
    actor = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    created_at = pw.DateTimeField(default=clock.now, index=True)
    updated_at = pw.DateTimeField(default=clock.now)
    read_at = pw.DateTimeField(null=True)
    mailed_at = pw.DateTimeField(null=True)  # when it went into a message; empty again when it is counted up

    class Meta:
        indexes = (
            (("employee", "once_key"), True),
            (("employee", "read_at", "updated_at"), False),
            (("mailed_at", "updated_at"), False),
        )

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.facts)


class NoticeChoice(BaseModel):
    """How often somebody wants one heading by e-mail; without a row, as usual for that heading."""

    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    heading = pw.TextField()  # a key of kc.services.notice_kinds.HEADINGS
    rhythm = pw.TextField()  # one of RHYTHMS

    class Meta:
        indexes = ((("employee", "heading"), True),)


class DailyRound(BaseModel):
    """A round of reminders for a day. Of several processes one makes it: whoever claims the row holds it for a while,
    and longer while working; one that was killed loses its hold, and the round is taken up again."""

    name = pw.TextField()
    day = pw.DateField()
    claim = pw.TextField(default="")
    claimed_until = pw.DateTimeField(null=True)
    tries = pw.IntegerField(default=0)
    made_at = pw.DateTimeField(null=True)  # when all of it was done

    class Meta:
        indexes = ((("name", "day"), True),)
