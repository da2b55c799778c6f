"""What the search index still has to learn; what was searched for, what of it was opened, and what was not there."""

import json

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.knowledge import KnowledgeArticle
from kc.models.people import Employee

NEW, WORKING, ANSWERED = "new", "working", "answered"
GAP_STATES = (NEW, WORKING, ANSWERED)


class SearchOutbox(BaseModel):
    """A record to index again; written in the transaction that changed it, removed when the index has it."""

    kind = pw.TextField()  # knowledge | …
    object_id = pw.IntegerField()
    queued_at = pw.DateTimeField(default=clock.now)


class SearchLog(BaseModel):
    """One search somebody settled on. After some days it has no name any more, later it is only counted."""

    employee = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    visitor = pw.TextField(default="")  # while names are never kept: one person of one run of the server
    text = pw.TextField()  # as typed
    key = pw.TextField()  # equal for the same words typed differently; empty: filters alone
    filters = pw.TextField(default="{}")  # by their names in the address, as JSON
    total = pw.IntegerField()
    corrected = pw.TextField(default="")  # what was searched for instead
    alike = pw.BooleanField(default=False)  # nothing had the words
    page = pw.IntegerField(default=1)  # the furthest they went
    took_ms = pw.FloatField(default=0)
    typing = pw.BooleanField(default=False)  # the last request for it came while they typed
    searched_at = pw.DateTimeField(default=clock.now, index=True)
    sitting = pw.TextField(index=True)  # the same for what one person searched at one go; goes with the name
    opened_place = pw.IntegerField(null=True)  # the place of the hit that was opened first
    helped_later = pw.BooleanField(default=False)  # in the sitting, while it was known, something was opened afterwards
    by_api = pw.BooleanField(default=False)  # another system asked, for whoever is signed in there

    class Meta:
        indexes = (
            (("key", "searched_at"), False),
            (("employee", "searched_at"), False),
            (("visitor", "searched_at"), False),
        )

    @property
    def chosen(self) -> dict[str, str]:
        return json.loads(self.filters)

    @property
    def failed(self) -> bool:
        """Nothing was found; or only what is written alike, and none of that was opened."""
        return self.total == 0 or (self.alike and self.opened_place is None)

    @classmethod
    def failing(cls) -> pw.Expression:
        """`failed`, as a condition."""
        return (cls.total == 0) | (cls.alike & cls.opened_place.is_null())


class SearchOpening(BaseModel):
    """A hit that was opened, and its place (from 1, through all pages); the same hit of a search counts once."""

    search = pw.ForeignKeyField(SearchLog, backref="openings", on_delete="CASCADE")
    kind = pw.TextField()
    object_id = pw.IntegerField()
    place = pw.IntegerField()
    opened_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("search", "kind", "object_id"), True),)


class SearchMonth(BaseModel):
    """What is left of searches too old to be kept: how many they were and how well they went, without their words."""

    month = pw.DateField(unique=True)  # its first day
    searches = pw.IntegerField(default=0)
    failed = pw.IntegerField(default=0)
    opened = pw.IntegerField(default=0)
    reciprocal_ranks = pw.FloatField(default=0)  # of the first hits opened, added up


class SearchGap(VersionedModel):
    """Something people look for that is not there yet, and what is done about it."""

    key = pw.TextField(unique=True)  # that of SearchLog
    text = pw.TextField()
    state = pw.TextField(default=NEW)  # one of GAP_STATES
    note = pw.TextField(default="")
    article = pw.ForeignKeyField(KnowledgeArticle, null=True, backref="+", on_delete="SET NULL")  # the answer
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)
    updated_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")


class SearchRequest(BaseModel):
    """Somebody asked, by name, that a gap be filled."""

    gap = pw.ForeignKeyField(SearchGap, backref="requests", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    text = pw.TextField()  # as this person put it
    details = pw.TextField(default="")
    asked_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("gap", "employee"), True),)
