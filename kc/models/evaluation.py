"""What people learned (ประเมินผลการเรียนรู้), what they used of it later (ติดตามการนำไปใช้), and who uses what."""

import json
import secrets

import peewee as pw

from kc import clock
from kc.db import BaseModel, VersionedModel
from kc.models.communities import Community
from kc.models.knowledge import KnowledgeArticle
from kc.models.people import Employee

TEST, SELF, SCORE, RATING = "test", "self", "score", "rating"
METHODS = (TEST, SELF, SCORE, RATING)
PREPARING, BEFORE, AFTER, CLOSED = "preparing", "before", "after", "closed"
STAGES = (PREPARING, BEFORE, AFTER, CLOSED)

USED, PARTLY, NOT_YET = "used", "partly", "not_yet"
ANSWERS = (USED, PARTLY, NOT_YET)
OUTCOMES = ("faster", "fewer_errors", "cheaper", "customers", "cover", "kpi", "none_yet")
HINDRANCES = ("time", "no_chance", "not_my_work", "tools", "rules", "know_more", "other")


def new_salt() -> str:
    return secrets.token_hex(8)


class Evaluation(VersionedModel):
    """How a community's learning is evaluated, as its plan says (S0-198)."""

    community = pw.ForeignKeyField(Community, unique=True, backref="evaluations", on_delete="CASCADE")
    methods = pw.TextField(default="")  # of METHODS, comma between
    points = pw.TextField(default="")  # what one should know or be able to do, one per line
    full_score = pw.IntegerField(default=10)  # of the scores the facilitator writes down
    due_on = pw.DateField(null=True)  # of the stage that is open
    stage = pw.TextField(default=PREPARING)
    created_by = pw.ForeignKeyField(Employee, backref="+", on_delete="RESTRICT")
    created_at = pw.DateTimeField(default=clock.now)
    updated_at = pw.DateTimeField(default=clock.now)

    @property
    def chosen(self) -> list[str]:
        return [method for method in METHODS if method in self.methods.split(",")]

    @property
    def point_list(self) -> list[str]:
        return [line for line in self.points.splitlines() if line]

    @property
    def is_open(self) -> bool:
        return self.stage in (BEFORE, AFTER)


class EvaluationQuestion(BaseModel):
    """A question of the short test: its choices one per line, `right` counted from 0."""

    evaluation = pw.ForeignKeyField(Evaluation, backref="questions", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    text = pw.TextField()
    choices = pw.TextField()
    right = pw.IntegerField()

    @property
    def choice_list(self) -> list[str]:
        return self.choices.splitlines()


class Assessment(VersionedModel):
    """One participant's evaluation: every participant has one, answered or not. `version` counts the facilitator's."""

    evaluation = pw.ForeignKeyField(Evaluation, backref="assessments", on_delete="CASCADE")
    person_key = pw.TextField()  # kc.services.participants: "e:12", "g:7", "g:n:<name>"
    employee = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="CASCADE")
    guest_name = pw.TextField(default="")
    salt = pw.TextField(default=new_salt)  # a guest's link opens this row, not a later one that got its id
    link_sent = pw.TextField(default="")  # stages in which a guest was sent the link, each followed by a space
    before_answers = pw.TextField(default="")  # JSON: the choice taken for each question, by its id
    test_before = pw.IntegerField(null=True)  # right answers
    before_at = pw.DateTimeField(null=True)
    after_answers = pw.TextField(default="")
    test_after = pw.IntegerField(null=True)
    self_ratings = pw.TextField(default="")  # JSON: [before, after] for each point
    self_before = pw.FloatField(null=True)  # means, 1 to 5
    self_after = pw.FloatField(null=True)
    satisfaction = pw.IntegerField(null=True)  # 1 to 5
    suggestion = pw.TextField(default="")
    after_at = pw.DateTimeField(null=True)
    score_before = pw.FloatField(null=True)
    score_after = pw.FloatField(null=True)
    rating = pw.IntegerField(null=True)  # the facilitator's, 1 to 5
    rating_note = pw.TextField(default="")
    rated_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    rated_at = pw.DateTimeField(null=True)
    excused_reason = pw.TextField(default="")
    done_at = pw.DateTimeField(null=True)  # everything the plan asks for is there

    class Meta:
        indexes = ((("evaluation", "person_key"), True), (("employee", "done_at"), False))

    @property
    def name(self) -> str:
        return self.employee.name if self.employee_id else self.guest_name

    @property
    def has_left(self) -> bool:
        """Left the organisation before answering: nobody waits for them."""
        return bool(self.employee_id) and not self.employee.is_active and self.done_at is None

    @property
    def is_empty(self) -> bool:
        return not (self.before_at or self.after_at or self.rated_at or self.excused_reason)

    @property
    def is_expected(self) -> bool:
        """Counts among those who are to be evaluated."""
        return not self.excused_reason and not self.has_left

    @property
    def is_complete(self) -> bool:
        """Everything the plan asks for, of the participant and of the facilitator, is there."""
        needed = {TEST: self.test_after, SELF: self.self_after, SCORE: self.score_after, RATING: self.rating}
        return all(needed[method] is not None for method in self.evaluation.chosen)

    @property
    def waits_for_person(self) -> bool:
        """Is there something for the participant to answer now?"""
        return self.is_unanswered and not self.excused_reason

    @property
    def is_unanswered(self) -> bool:
        """Answers are taken now and theirs is not there; who was excused may answer all the same."""
        asked = {BEFORE: self.before_at, AFTER: self.after_at}
        return self.evaluation.stage in asked and asked[self.evaluation.stage] is None

    @property
    def waits_for_facilitator(self) -> bool:
        chosen = self.evaluation.chosen
        lacks = (SCORE in chosen and self.score_after is None) or (RATING in chosen and self.rating is None)
        return lacks and self.evaluation.stage in (AFTER, CLOSED) and self.is_expected

    @property
    def state(self) -> str:
        """One word for where this participant is; every participant has one (S0-198)."""
        if self.excused_reason:
            return "excused"
        if self.done_at:
            return "done"
        if self.has_left:
            return "left"
        if self.waits_for_person:
            return "waiting"
        if self.waits_for_facilitator:
            return "to_rate"
        return {PREPARING: "preparing", BEFORE: "begun", AFTER: "begun"}.get(self.evaluation.stage, "missed")

    @property
    def ratings(self) -> list[list[int]]:
        return json.loads(self.self_ratings or "[]")

    def answers(self, which: str) -> dict[str, int]:
        """The choices taken in the test "before" or "after", by the question's id as text."""
        return json.loads(getattr(self, f"{which}_answers") or "{}")


class FollowUpPlan(BaseModel):
    """From which day a community's participants are asked, after how many months each, what they use (S0-200)."""

    community = pw.ForeignKeyField(Community, unique=True, backref="follow_up_plans", on_delete="CASCADE")
    starts_on = pw.DateField(index=True)
    months = pw.TextField()  # "1,3,6"
    set_by = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")  # nobody: it began by itself
    created_at = pw.DateTimeField(default=clock.now)

    @property
    def month_list(self) -> list[int]:
        return [int(text) for text in self.months.split(",")]


class FollowUp(BaseModel):
    """One question to one participant, due on a day: did they use it, where, what came of it, what hindered."""

    community = pw.ForeignKeyField(Community, backref="follow_ups", on_delete="CASCADE")
    person_key = pw.TextField()
    employee = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="CASCADE")
    guest_name = pw.TextField(default="")
    salt = pw.TextField(default=new_salt)
    link_sent = pw.TextField(default="")  # "asked " when a guest was sent the link
    months = pw.IntegerField()
    due_on = pw.DateField(index=True)
    asked_on = pw.DateField(null=True)  # when the round asked them; of another day that it is moved to, anew
    used = pw.TextField(default="")  # of ANSWERS
    place = pw.TextField(default="")
    outcomes = pw.TextField(default="")  # of OUTCOMES, comma between
    outcome_text = pw.TextField(default="")
    hindrances = pw.TextField(default="")  # of HINDRANCES, comma between
    hindrance_text = pw.TextField(default="")
    show_name = pw.BooleanField(default=False)
    answered_at = pw.DateTimeField(null=True)
    excused_reason = pw.TextField(default="")

    class Meta:
        indexes = ((("community", "person_key", "months"), True), (("employee", "answered_at"), False))

    @property
    def name(self) -> str:
        return self.employee.name if self.employee_id else self.guest_name

    @property
    def is_expected(self) -> bool:
        """Counts among those who are to be asked: not excused, not gone before answering."""
        gone = self.employee_id and not self.employee.is_active
        return self.answered_at is not None or not (self.excused_reason or gone)

    @property
    def outcome_list(self) -> list[str]:
        return [name for name in self.outcomes.split(",") if name]

    @property
    def hindrance_list(self) -> list[str]:
        return [name for name in self.hindrances.split(",") if name]


class KnowledgeUse(BaseModel):
    """Somebody used it (นำไปใช้แล้ว, S0-195). Without an article: what the community learned, whatever it publishes."""

    article = pw.ForeignKeyField(KnowledgeArticle, null=True, backref="uses", on_delete="CASCADE")
    community = pw.ForeignKeyField(Community, null=True, backref="uses", on_delete="CASCADE")
    person_key = pw.TextField()
    own_key = pw.TextField(null=True, unique=True)  # "article:employee" of what a reader told of their own accord
    employee = pw.ForeignKeyField(Employee, null=True, backref="+", on_delete="SET NULL")
    follow_up = pw.ForeignKeyField(FollowUp, null=True, unique=True, backref="uses", on_delete="CASCADE")
    place = pw.TextField(default="")
    outcomes = pw.TextField(default="")
    outcome_text = pw.TextField(default="")
    show_name = pw.BooleanField(default=False)
    used_on = pw.DateField()

    @property
    def is_guest(self) -> bool:
        """From outside; a colleague who left the organisation is none."""
        return self.person_key.startswith("g:")

    @property
    def outcome_list(self) -> list[str]:
        return [name for name in self.outcomes.split(",") if name]
