"""What documents are made with, and which of an article's files were made."""

import peewee as pw

from kc import clock
from kc.db import BaseModel
from kc.models.knowledge import Attachment
from kc.models.people import Employee


class DocumentTemplate(BaseModel):
    """The organisation's own Word file for a document; without a row the standard one is used.

    Its bytes stand here and not among the attachments: one small file, in every backup of the database.
    """

    kind = pw.TextField(unique=True)  # exchange_form
    filename = pw.TextField()
    data = pw.BlobField()
    uploaded_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    uploaded_at = pw.DateTimeField(default=clock.now)


class MadeDocument(BaseModel):
    """An attachment the system made. Made again, it gives way; a person's own file never has a row here."""

    attachment = pw.ForeignKeyField(Attachment, unique=True, backref="made", on_delete="CASCADE")
    what = pw.TextField()  # one of kc.services.article_documents.MAKERS
