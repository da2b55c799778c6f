"""What the search index still has to learn."""

import peewee as pw

from kc import clock
from kc.db import BaseModel


class SearchOutbox(BaseModel):
    """A record to index again; written in the transaction that changed it, removed when the index has it."""

    kind = pw.TextField()  # knowledge | …
    object_id = pw.IntegerField()
    queued_at = pw.DateTimeField(default=clock.now)
