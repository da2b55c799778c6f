"""The webboard: questions, answers, who was asked to answer, who wants to know too, and the knowledge that came of it.

Frozen models.
"""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class Community(Model):
        class Meta:
            database = db
            table_name = "community"

    class Topic(Model):
        class Meta:
            database = db
            table_name = "topic"

    class Question(Model):
        version = IntegerField(default=1)
        title = TextField()
        text = TextField(default="")
        asker = ForeignKeyField(Employee, on_delete="RESTRICT", backref="+")
        is_hidden_name = BooleanField(default=False)
        community = ForeignKeyField(Community, null=True, on_delete="CASCADE", backref="+")
        is_members_only = BooleanField(default=False)
        topic = ForeignKeyField(Topic, null=True, on_delete="SET NULL", backref="+")
        answer_count = IntegerField(default=0)
        first_answer_at = DateTimeField(null=True)
        accepted_at = DateTimeField(null=True)
        removed_at = DateTimeField(null=True)
        removed_reason = TextField(default="")
        form_key = TextField(unique=True)
        created_at = DateTimeField(index=True)
        edited_at = DateTimeField(null=True)
        active_at = DateTimeField()

        class Meta:
            database = db
            table_name = "question"
            indexes = ((("removed_at", "active_at"), False),)

    class Answer(Model):
        version = IntegerField(default=1)
        question = ForeignKeyField(Question, on_delete="CASCADE", backref="+")
        author = ForeignKeyField(Employee, on_delete="RESTRICT", backref="+")
        text = TextField()
        accepted_at = DateTimeField(null=True)
        removed_at = DateTimeField(null=True)
        removed_reason = TextField(default="")
        form_key = TextField(unique=True)
        created_at = DateTimeField()
        edited_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "answer"

    class QuestionHelper(Model):
        question = ForeignKeyField(Question, on_delete="CASCADE", backref="+")
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        why = TextField()
        told_at = DateTimeField()

        class Meta:
            database = db
            table_name = "question_helper"
            indexes = ((("question", "employee"), True),)

    class QuestionFollower(Model):
        question = ForeignKeyField(Question, on_delete="CASCADE", backref="+")
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        since = DateTimeField()

        class Meta:
            database = db
            table_name = "question_follower"
            indexes = ((("question", "employee"), True),)

    db.create_tables([Question, Answer, QuestionHelper, QuestionFollower])
    # In plain SQL: SQLite adds a column without copying the table.
    db.execute_sql("ALTER TABLE knowledge_article ADD COLUMN source_url TEXT NOT NULL DEFAULT ''")
    db.execute_sql("CREATE INDEX knowledge_article_source_url ON knowledge_article (source_url)")


def down(migrator, db):
    db.execute_sql("DROP INDEX knowledge_article_source_url")
    db.execute_sql("ALTER TABLE knowledge_article DROP COLUMN source_url")
    for table in ("question_follower", "question_helper", "answer", "question"):
        db.execute_sql(f"DROP TABLE {table}")
