"""Topics of each fiscal year (ประเด็นเรียนรู้). Policy changes them; old knowledge keeps its old topic (S0-89)."""

import peewee as pw

from kc import clock
from kc.db import BaseModel


class FiscalYear(BaseModel):
    """One fiscal year that the organisation works with; `year` is its Buddhist-era number."""

    year = pw.IntegerField(unique=True)
    starts_on = pw.DateField()
    ends_on = pw.DateField()


class Topic(BaseModel):
    """A learning topic of one fiscal year. Yearly copies of the same topic share `series`, so that years compare."""

    fiscal_year = pw.ForeignKeyField(FiscalYear, backref="topics", on_delete="RESTRICT")
    series = pw.IntegerField(default=0, index=True)  # id of the first topic of its line
    name = pw.TextField()
    description = pw.TextField(default="")
    position = pw.IntegerField(default=0)
    retired_at = pw.DateTimeField(null=True)
    created_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("fiscal_year", "name"), True),)

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None
