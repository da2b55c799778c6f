"""The year's circular (บันทึกเวียนเชิญชวน): whom it invites, by when, who got longer; and years that were closed."""

from datetime import date

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.people import Employee, OrgUnit
from kc.models.topics import FiscalYear

QUESTIONS = ("will_do", "benefit", "take_part")  # columns of Round; labels: kc.labels.ROUND_QUESTIONS


class Round(VersionedModel):
    """The circular of one fiscal year (S0-114): one row a year, a draft until it is announced."""

    fiscal_year = pw.ForeignKeyField(FiscalYear, unique=True, backref="+", on_delete="RESTRICT")
    number = pw.TextField(default="")  # the memo's own number, as the office writes it
    dated_on = pw.DateField(null=True)
    title = pw.TextField()
    will_do = pw.TextField(default="")  # the three questions of every announcement (S0-278), Markdown
    benefit = pw.TextField(default="")
    take_part = pw.TextField(default="")
    text = pw.TextField(default="")  # what else there is to say, Markdown
    opens_on = pw.DateField()
    closes_on = pw.DateField()  # the last day of signing up
    publish_by = pw.DateField()  # the last day of publishing what was learned (S0-176)
    announced_at = pw.DateTimeField(null=True)
    announced_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    reminded_on = pw.DateField(null=True)  # the last day on which somebody reminded those who have not signed up
    created_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)

    @property
    def answers(self) -> dict[str, str]:
        """What it says to each of QUESTIONS, as far as it does."""
        return {name: said for name in QUESTIONS if (said := getattr(self, name))}

    @property
    def is_announced(self) -> bool:
        return self.announced_at is not None

    def is_open_on(self, day: date) -> bool:
        """Within the sign-up window that the circular itself names."""
        return self.opens_on <= day <= self.closes_on


class RoundFile(BaseModel):
    """The signed memo itself. Its bytes stand here: one file a year, in every backup of the database."""

    round = pw.ForeignKeyField(Round, unique=True, backref="files", on_delete="CASCADE")
    filename = pw.TextField()
    content_type = pw.TextField()
    size = pw.IntegerField()
    data = pw.BlobField()
    uploaded_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    uploaded_at = pw.DateTimeField(default=clock.now)


class RoundInvitation(BaseModel):
    """A unit that the circular invites to sign up. What its own units below sign up counts for it, too."""

    round = pw.ForeignKeyField(Round, backref="invitations", on_delete="CASCADE")
    unit = pw.ForeignKeyField(OrgUnit, backref="+", on_delete="CASCADE")

    class Meta:
        indexes = ((("round", "unit"), True),)


class RoundExtension(BaseModel):
    """A unit, with all below it, that has longer than the circular says. A day left out stays the circular's."""

    round = pw.ForeignKeyField(Round, backref="extensions", on_delete="CASCADE")
    unit = pw.ForeignKeyField(OrgUnit, backref="+", on_delete="CASCADE")
    sign_up_until = pw.DateField(null=True)
    publish_by = pw.DateField(null=True)
    reason = pw.TextField(default="")
    granted_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    granted_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("round", "unit"), True),)


class YearClosing(BaseModel):
    """A fiscal year in which nothing is signed up any more; its communities and knowledge stay as they are."""

    fiscal_year = pw.ForeignKeyField(FiscalYear, unique=True, backref="+", on_delete="CASCADE")
    note = pw.TextField(default="")
    closed_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    closed_at = pw.DateTimeField(default=clock.now)
