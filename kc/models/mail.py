"""E-mail on its way: the queue from which a background thread or `kc worker` sends."""

import peewee as pw

from kc import clock
from kc.db import BaseModel
from kc.models.people import Employee

WAITING, SENDING, SENT, DEAD = "waiting", "sending", "sent", "dead"
NOTICES, TEST, GUEST = "notices", "test", "guest"


class Mail(BaseModel):
    """One message to one person. Its words are kept until it is sent, not longer; its subject among them."""

    employee = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="CASCADE")
    kind = pw.TextField()  # notices | test | guest
    to_address = pw.TextField()
    subject = pw.TextField()
    text = pw.TextField()
    html = pw.TextField(default="")
    message_id = pw.TextField(unique=True)  # the same at every try, so that a mail server can drop a second one
    state = pw.TextField(default=WAITING)
    attempts = pw.IntegerField(default=0)
    next_at = pw.DateTimeField(default=clock.now)  # not before
    claim = pw.TextField(default="")  # who is sending it …
    claimed_until = pw.DateTimeField(null=True)  # … and until when nobody else may
    problem = pw.TextField(default="")  # why it is not sent yet, or never
    created_at = pw.DateTimeField(default=clock.now)
    sent_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("state", "next_at"), False), (("employee", "created_at"), False))
