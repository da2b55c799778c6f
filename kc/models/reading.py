"""What files say, page by page. Kept by the hash of the bytes: the same file in two places is read once."""

import peewee as pw

from kc import clock
from kc.db import BaseModel
from kc.models.knowledge import Attachment
from kc.models.people import Employee

WAITING, READING, READABLE, NO_TEXT, FAILED = "waiting", "reading", "readable", "no_text", "failed"
UNREAD = (NO_TEXT, FAILED)  # may be tried again


class FileReading(BaseModel):
    """How far reading one file's bytes has come; the row is the job, too.

    `claim`, `claimed_until`: who reads it now, and until when nobody else may begin.
    """

    sha256 = pw.TextField(unique=True)
    content_type = pw.TextField()
    state = pw.TextField(default=WAITING, index=True)
    reason = pw.TextField(default="")  # of a failure: kc.documents.reading.REASONS, or "interrupted"
    known = pw.FloatField(default=0.0)  # share of the words that are known after repair, 0 … 1
    page_count = pw.IntegerField(default=0)
    attempts = pw.IntegerField(default=0)
    claim = pw.TextField(default="")
    claimed_until = pw.DateTimeField(null=True)
    queued_at = pw.DateTimeField(default=clock.now)
    read_at = pw.DateTimeField(null=True)

    @property
    def is_going_on(self) -> bool:
        return self.state in (WAITING, READING)

    @property
    def has_failed(self) -> bool:
        return self.state == FAILED

    @property
    def may_be_tried_again(self) -> bool:
        return self.state in UNREAD

    @property
    def percent(self) -> int:
        """Words known, in whole percent, never rounded up to a hundred that it is not."""
        return int(self.known * 100 + 1e-9)


class FilePage(BaseModel):
    """One page, slide, sheet or part. `raw`: the text as it came, only where repair changed it."""

    reading = pw.ForeignKeyField(FileReading, backref="pages", on_delete="CASCADE")
    number = pw.IntegerField()
    kind = pw.TextField()
    text = pw.TextField()
    raw = pw.TextField(null=True)
    known = pw.FloatField(default=1.0)

    class Meta:
        indexes = ((("reading", "number"), True),)


class AttachmentOpening(BaseModel):
    """One person opened one file in the viewer on one day."""

    attachment = pw.ForeignKeyField(Attachment, backref="+", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    day = pw.DateField()

    class Meta:
        indexes = ((("attachment", "employee", "day"), True),)
