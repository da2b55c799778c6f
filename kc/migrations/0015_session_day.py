"""The day of a session: timer, parked thoughts, summary with its earlier versions. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class Session(Model):
        class Meta:
            database = db
            table_name = "session"

    class SessionTimer(Model):
        session = ForeignKeyField(Session, on_delete="CASCADE", backref="+", unique=True)
        label = TextField(default="")
        minutes = IntegerField()
        ends_at = DateTimeField()
        started_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")

        class Meta:
            database = db
            table_name = "session_timer"

    class ParkedThought(Model):
        session = ForeignKeyField(Session, on_delete="CASCADE", backref="+")
        text = TextField()
        form_key = TextField(unique=True)
        created_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        created_at = DateTimeField()
        updated_at = DateTimeField()
        settled_at = DateTimeField(null=True)
        settled_in = ForeignKeyField(Session, null=True, on_delete="SET NULL", backref="+")

        class Meta:
            database = db
            table_name = "parked_thought"

    class SessionSummary(Model):
        version = IntegerField(default=1)
        session = ForeignKeyField(Session, on_delete="CASCADE", backref="+", unique=True)
        text = TextField(default="")
        improve = TextField(default="")
        editor = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        writer_key = TextField(default="")
        created_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        created_at = DateTimeField()
        updated_at = DateTimeField()
        finished_at = DateTimeField(null=True)
        shared_at = DateTimeField(null=True)
        shared_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")

        class Meta:
            database = db
            table_name = "session_summary"

    class SessionSummaryVersion(Model):
        summary = ForeignKeyField(SessionSummary, on_delete="CASCADE", backref="+")
        version = IntegerField()
        text = TextField()
        improve = TextField()
        editor = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "session_summary_version"

    db.create_tables([SessionTimer, ParkedThought, SessionSummary, SessionSummaryVersion])


def down(migrator, db):
    for table in ("session_summary_version", "session_summary", "parked_thought", "session_timer"):
        db.execute_sql(f"DROP TABLE {table}")
