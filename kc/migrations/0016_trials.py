"""Trials of what a community talked about, their files, and the knowledge written from them. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Community(Model):
        class Meta:
            database = db
            table_name = "community"

    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class KnowledgeArticle(Model):
        class Meta:
            database = db
            table_name = "knowledge_article"

    class Session(Model):
        class Meta:
            database = db
            table_name = "session"

    class SessionNote(Model):
        class Meta:
            database = db
            table_name = "session_note"

    class Trial(Model):
        version = IntegerField(default=1)
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        session = ForeignKeyField(Session, null=True, on_delete="SET NULL", backref="+")
        note = ForeignKeyField(SessionNote, null=True, on_delete="SET NULL", backref="+")
        previous = ForeignKeyField("self", null=True, on_delete="SET NULL", backref="+")
        chain = IntegerField(null=True, index=True)
        owner = ForeignKeyField(Employee, on_delete="RESTRICT", backref="+")
        place = TextField(default="")
        starts_on = DateField(null=True)
        due_on = DateField(null=True, index=True)
        what = TextField()
        how = TextField(default="")
        expected = TextField(default="")
        measure = TextField(default="")
        unit = TextField(default="")
        before = TextField(default="")
        target = TextField(default="")
        after = TextField(default="")
        result = TextField(default="")
        result_on = DateField(null=True)
        improve = TextField(default="")
        status = TextField(default="planned")
        outcome = TextField(default="")
        source_url = TextField(default="", index=True)
        form_key = TextField(unique=True)
        created_by = ForeignKeyField(Employee, on_delete="RESTRICT", backref="+")
        created_at = DateTimeField()
        updated_at = DateTimeField()
        deleted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "trial"

    class ArticleTrial(Model):
        article = ForeignKeyField(KnowledgeArticle, on_delete="CASCADE", backref="+")
        trial = ForeignKeyField(Trial, on_delete="CASCADE", backref="+")

        class Meta:
            database = db
            table_name = "article_trial"
            indexes = ((("article", "trial"), True),)

    db.create_tables([Trial, ArticleTrial])
    db.execute_sql("CREATE UNIQUE INDEX trial_next ON trial (previous_id) WHERE deleted_at IS NULL")
    # In plain SQL: SQLite adds a column without copying the table.
    db.execute_sql("ALTER TABLE attachment ADD COLUMN trial_id INTEGER REFERENCES trial (id) ON DELETE CASCADE")
    db.execute_sql("CREATE INDEX attachment_trial_id ON attachment (trial_id)")


def down(migrator, db):
    db.execute_sql("DROP INDEX attachment_trial_id")
    db.execute_sql("ALTER TABLE attachment DROP COLUMN trial_id")
    for table in ("article_trial", "trial"):
        db.execute_sql(f"DROP TABLE {table}")
