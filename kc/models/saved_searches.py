"""What someone searched lately, what they keep to search again, and what came into the index since they looked."""

import json

import peewee as pw

from kc import clock
from kc.db import BaseModel
from kc.models.people import Employee


class RecentSearch(BaseModel):
    """Something a person searched for; only the last few are kept, and only they see them."""

    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    text = pw.TextField()
    text_key = pw.TextField()  # equal for texts that differ in spaces and case only
    searched_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("employee", "text_key"), True),)


class SavedSearch(BaseModel):
    """A question kept under a name. `new_count`: what matches and came since its owner last opened it."""

    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    name = pw.TextField()
    text = pw.TextField(default="")
    filters = pw.TextField(default="{}")  # the filters of the search page's address, as JSON
    question_key = pw.TextField()  # equal for the same text and filters: a question is kept once
    alert = pw.BooleanField(default=True)
    new_count = pw.IntegerField(default=0)
    created_at = pw.DateTimeField(default=clock.now)
    opened_at = pw.DateTimeField(default=clock.now)
    deleted_at = pw.DateTimeField(null=True)  # for a while it can be brought back

    class Meta:
        indexes = ((("employee", "question_key"), True),)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters, by their names in the address."""
        return json.loads(self.filters)


class SavedSearchFind(BaseModel):
    """Something new that matches a saved search; gone when its owner has looked."""

    saved_search = pw.ForeignKeyField(SavedSearch, backref="finds", on_delete="CASCADE")
    kind = pw.TextField()
    object_id = pw.IntegerField()
    found_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("saved_search", "kind", "object_id"), True), (("kind", "object_id"), False))


class IndexedChange(BaseModel):
    """A record the index just learnt, to be compared with the saved searches. `is_new`: it was not there before."""

    kind = pw.TextField()
    object_id = pw.IntegerField()
    is_new = pw.BooleanField()
    at = pw.DateTimeField(default=clock.now)  # when it changed
