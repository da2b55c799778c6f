"""The webboard (กระดานถาม-ตอบ): questions, their answers, who was asked to answer, and who wants to know too."""

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.communities import Community
from kc.models.people import Employee
from kc.models.topics import Topic

# Why somebody was asked to answer.
EXPERT, WROTE, ORGANISER, TEAM = "expert", "wrote", "organiser", "team"


class Question(VersionedModel):
    """A question to everyone, or to one community (S0-257). `is_hidden_name`: only the KM team learns who asks."""

    title = pw.TextField()
    text = pw.TextField(default="")
    asker = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    is_hidden_name = pw.BooleanField(default=False)  # S0-265: who shows it must ask policy.can_know_asker first
    community = pw.ForeignKeyField(Community, null=True, backref="questions", on_delete="CASCADE")
    is_members_only = pw.BooleanField(default=False)  # seen by the community's people and those who look after it
    topic = pw.ForeignKeyField(Topic, null=True, backref="+", on_delete="SET NULL")
    answer_count = pw.IntegerField(default=0)  # answers by others than the asker that stand on the page
    first_answer_at = pw.DateTimeField(null=True)
    accepted_at = pw.DateTimeField(null=True)
    removed_at = pw.DateTimeField(null=True)
    removed_reason = pw.TextField(default="")
    form_key = pw.TextField(unique=True)
    created_at = pw.DateTimeField(default=clock.now, index=True)
    edited_at = pw.DateTimeField(null=True)
    active_at = pw.DateTimeField(default=clock.now)  # the question or its last answer

    class Meta:
        indexes = ((("removed_at", "active_at"), False),)

    @property
    def url(self) -> str:
        return f"/questions/{self.id}"

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def is_waiting(self) -> bool:
        """Nobody has answered yet."""
        return not self.answer_count and self.accepted_at is None


class Answer(VersionedModel):
    """An answer; the asker's own are what they add to the question. One at most is accepted.

    `removed_reason` is a moderator's; what its author took off has none.
    """

    question = pw.ForeignKeyField(Question, backref="answers", on_delete="CASCADE")
    author = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    text = pw.TextField()
    accepted_at = pw.DateTimeField(null=True)
    removed_at = pw.DateTimeField(null=True)
    removed_reason = pw.TextField(default="")
    form_key = pw.TextField(unique=True)
    created_at = pw.DateTimeField(default=clock.now)
    edited_at = pw.DateTimeField(null=True)

    @property
    def is_by_asker(self) -> bool:
        return self.author_id == self.question.asker_id


class QuestionHelper(BaseModel):
    """Somebody who was told of a question because they may know the answer."""

    question = pw.ForeignKeyField(Question, backref="helpers", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    why = pw.TextField()  # expert | wrote | organiser | team
    told_at = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("question", "employee"), True),)


class QuestionFollower(BaseModel):
    """Somebody with the same problem, who is told of answers too (S0-266). The asker is none: it would name them."""

    question = pw.ForeignKeyField(Question, backref="followers", on_delete="CASCADE")
    employee = pw.ForeignKeyField(Employee, backref="+", on_delete="CASCADE")
    since = pw.DateTimeField(default=clock.now)

    class Meta:
        indexes = ((("question", "employee"), True),)
