"""The organisation's language: words that mean the same, and words of its own that no dictionary knows."""

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.people import Employee

SYNONYM, ABBREVIATION, SPELLING = "synonym", "abbreviation", "spelling"
GROUP_KINDS = (SYNONYM, ABBREVIATION, SPELLING)
TYPED, UNIT, TOPIC, COMMUNITY = "typed", "unit", "topic", "community"
WORD_SOURCES = (TYPED, UNIT, TOPIC, COMMUNITY)


class SynonymGroup(VersionedModel):
    """Words that mean the same: who searches for one of them finds the others too."""

    kind = pw.TextField(default=SYNONYM)
    note = pw.TextField(default="")
    is_active = pw.BooleanField(default=True)
    origin = pw.TextField(default="")  # the preset it came from; empty when somebody typed it
    preset_key = pw.TextField(null=True, unique=True)  # stays when the group is edited or deleted: never added twice
    sort_key = pw.TextField(default="", index=True)  # of the first word
    created_at = pw.DateTimeField(default=clock.now)
    created_by = pw.ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
    updated_at = pw.DateTimeField(default=clock.now)
    updated_by = pw.ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
    deleted_at = pw.DateTimeField(null=True)


class SynonymTerm(BaseModel):
    """One word of a group. A word stands in one group only: the database sees to that by `key`."""

    group = pw.ForeignKeyField(SynonymGroup, backref="terms", on_delete="CASCADE")
    text = pw.TextField()
    key = pw.TextField(null=True, unique=True)  # what search takes for the same word; none while the group is deleted
    position = pw.IntegerField(default=0)


class OwnWord(VersionedModel):
    """A Thai word or name that the dictionary lacks: from now on it is one word to the tokenizer."""

    text = pw.TextField()
    key = pw.TextField(null=True, unique=True)  # none while the word is deleted
    source = pw.TextField(default=TYPED)
    note = pw.TextField(default="")
    is_active = pw.BooleanField(default=True)
    sort_key = pw.TextField(default="", index=True)
    created_at = pw.DateTimeField(default=clock.now)
    created_by = pw.ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
    updated_at = pw.DateTimeField(default=clock.now)
    updated_by = pw.ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
    deleted_at = pw.DateTimeField(null=True)
