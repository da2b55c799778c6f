"""Trials (การนำไปทดลองใช้): what a community took from its talks to work, what came of it, and what to change next."""

import peewee as pw

from kc import clock
from kc.db import VersionedModel
from kc.models.communities import Community
from kc.models.people import Employee
from kc.models.sessions import Session, SessionNote

PLANNED, RUNNING, DONE = "planned", "running", "done"
TRIAL_STATUSES = (PLANNED, RUNNING, DONE)
ADOPT, ADAPT, DROP = "adopt", "adapt", "drop"
OUTCOMES = (ADOPT, ADAPT, DROP)


class Trial(VersionedModel):
    """One round of talk, try, result, improve (S0-141, S0-142). `previous` is the round before it in its `chain`.

    Measure, unit, before, target and after are what an article's own measure is made of: goal and result side by side.
    """

    community = pw.ForeignKeyField(Community, backref="trials", on_delete="CASCADE")
    session = pw.ForeignKeyField(Session, null=True, backref="trials", on_delete="SET NULL")  # where we talked
    note = pw.ForeignKeyField(SessionNote, null=True, backref="trials", on_delete="SET NULL")
    previous = pw.ForeignKeyField("self", null=True, backref="following", on_delete="SET NULL")
    chain = pw.IntegerField(null=True, index=True)  # id of the chain's first trial
    owner = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    place = pw.TextField(default="")
    starts_on = pw.DateField(null=True)
    due_on = pw.DateField(null=True, index=True)  # when the result is brought back
    what = pw.TextField()
    how = pw.TextField(default="")
    expected = pw.TextField(default="")
    measure = pw.TextField(default="")
    unit = pw.TextField(default="")
    before = pw.TextField(default="")
    target = pw.TextField(default="")
    after = pw.TextField(default="")
    result = pw.TextField(default="")
    result_on = pw.DateField(null=True)
    improve = pw.TextField(default="")  # what to change next time
    status = pw.TextField(default=PLANNED)  # one of TRIAL_STATUSES
    outcome = pw.TextField(default="")  # one of OUTCOMES once it is done
    source_url = pw.TextField(default="", index=True)  # the page of ours it came from
    form_key = pw.TextField(unique=True)
    created_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)
    deleted_at = pw.DateTimeField(null=True)

    @property
    def is_done(self) -> bool:
        return self.status == DONE

    @property
    def url(self) -> str:
        """Its address; notices and lists point there."""
        return f"/communities/{self.community_id}/trials/{self.id}"


# A round has one next round at most: two people who press the button at once go on with the same one.
Trial.add_index(Trial.index(Trial.previous, unique=True, name="trial_next", where=Trial.deleted_at.is_null()))
