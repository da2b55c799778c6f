"""Large files on their way up, piece by piece. How far each one has come is told by its bytes on the disk alone."""

import peewee as pw

from kc import clock
from kc.db import BaseModel
from kc.models.knowledge import Attachment, KnowledgeArticle
from kc.models.people import Employee
from kc.models.sessions import Session, SessionNote


class Upload(BaseModel):
    """One person's file for one article or session. `key` cannot be guessed and stands in its address."""

    key = pw.TextField(unique=True)
    employee = pw.ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
    article = pw.ForeignKeyField(KnowledgeArticle, null=True, on_delete="CASCADE", backref="+")
    session = pw.ForeignKeyField(Session, null=True, on_delete="CASCADE", backref="+")
    note = pw.ForeignKeyField(SessionNote, null=True, on_delete="SET NULL", backref="+")
    kind = pw.TextField(default="")
    filename = pw.TextField()
    size = pw.BigIntegerField()
    modified = pw.TextField(default="")  # with name and size: the same file chosen again after a reload
    attachment = pw.ForeignKeyField(Attachment, null=True, on_delete="SET NULL", backref="+")
    is_done = pw.BooleanField(default=False)
    sentence = pw.TextField(default="")  # why it was refused, or what is to be told about it
    created_at = pw.DateTimeField(default=clock.now)
    touched_at = pw.DateTimeField(default=clock.now, index=True)
