"""Learning evaluation, follow-up of use, and who uses what. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    def refer(table):
        class Referred(Model):
            class Meta:
                database = db
                table_name = table

        return Referred

    Employee, Community, KnowledgeArticle = refer("employee"), refer("community"), refer("knowledge_article")

    class Evaluation(Model):
        version = IntegerField(default=1)
        community = ForeignKeyField(Community, unique=True, on_delete="CASCADE", backref="+")
        methods = TextField(default="")
        points = TextField(default="")
        full_score = IntegerField(default=10)
        due_on = DateField(null=True)
        stage = TextField(default="preparing")
        created_by = ForeignKeyField(Employee, on_delete="RESTRICT", backref="+")
        created_at = DateTimeField()
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = "evaluation"

    class EvaluationQuestion(Model):
        evaluation = ForeignKeyField(Evaluation, on_delete="CASCADE", backref="+")
        position = IntegerField(default=0)
        text = TextField()
        choices = TextField()
        right = IntegerField()

        class Meta:
            database = db
            table_name = "evaluation_question"

    class Assessment(Model):
        version = IntegerField(default=1)
        evaluation = ForeignKeyField(Evaluation, on_delete="CASCADE", backref="+")
        person_key = TextField()
        employee = ForeignKeyField(Employee, null=True, on_delete="CASCADE", backref="+")
        guest_name = TextField(default="")
        salt = TextField()
        link_sent = TextField(default="")
        before_answers = TextField(default="")
        test_before = IntegerField(null=True)
        before_at = DateTimeField(null=True)
        after_answers = TextField(default="")
        test_after = IntegerField(null=True)
        self_ratings = TextField(default="")
        self_before = FloatField(null=True)
        self_after = FloatField(null=True)
        satisfaction = IntegerField(null=True)
        suggestion = TextField(default="")
        after_at = DateTimeField(null=True)
        score_before = FloatField(null=True)
        score_after = FloatField(null=True)
        rating = IntegerField(null=True)
        rating_note = TextField(default="")
        rated_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        rated_at = DateTimeField(null=True)
        excused_reason = TextField(default="")
        done_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "assessment"
            indexes = ((("evaluation", "person_key"), True), (("employee", "done_at"), False))

    class FollowUpPlan(Model):
        community = ForeignKeyField(Community, unique=True, on_delete="CASCADE", backref="+")
        starts_on = DateField(index=True)
        months = TextField()
        set_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        created_at = DateTimeField()

        class Meta:
            database = db
            table_name = "follow_up_plan"

    class FollowUp(Model):
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        person_key = TextField()
        employee = ForeignKeyField(Employee, null=True, on_delete="CASCADE", backref="+")
        guest_name = TextField(default="")
        salt = TextField()
        link_sent = TextField(default="")
        months = IntegerField()
        due_on = DateField(index=True)
        asked_on = DateField(null=True)
        used = TextField(default="")
        place = TextField(default="")
        outcomes = TextField(default="")
        outcome_text = TextField(default="")
        hindrances = TextField(default="")
        hindrance_text = TextField(default="")
        show_name = BooleanField(default=False)
        answered_at = DateTimeField(null=True)
        excused_reason = TextField(default="")

        class Meta:
            database = db
            table_name = "follow_up"
            indexes = ((("community", "person_key", "months"), True), (("employee", "answered_at"), False))

    class KnowledgeUse(Model):
        article = ForeignKeyField(KnowledgeArticle, null=True, on_delete="CASCADE", backref="+")
        community = ForeignKeyField(Community, null=True, on_delete="CASCADE", backref="+")
        person_key = TextField()
        own_key = TextField(null=True, unique=True)
        employee = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        follow_up = ForeignKeyField(FollowUp, null=True, unique=True, on_delete="CASCADE", backref="+")
        place = TextField(default="")
        outcomes = TextField(default="")
        outcome_text = TextField(default="")
        show_name = BooleanField(default=False)
        used_on = DateField()

        class Meta:
            database = db
            table_name = "knowledge_use"

    db.create_tables([Evaluation, EvaluationQuestion, Assessment, FollowUpPlan, FollowUp, KnowledgeUse])


def down(migrator, db):
    tables = ("knowledge_use", "follow_up", "follow_up_plan", "assessment", "evaluation_question", "evaluation")
    for table in tables:
        db.execute_sql(f"DROP TABLE {table}")
