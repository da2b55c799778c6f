"""Files that come in pieces, what the virus scanner said of a file, and how large a picture is. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    # In plain SQL: SQLite adds a column with a default in a moment, without copying the table.
    db.execute_sql("ALTER TABLE attachment ADD COLUMN scan TEXT NOT NULL DEFAULT ''")
    db.execute_sql("ALTER TABLE attachment ADD COLUMN width INTEGER")
    db.execute_sql("ALTER TABLE attachment ADD COLUMN height INTEGER")
    db.execute_sql("CREATE INDEX attachment_scan ON attachment (scan)")

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

    class Attachment(Model):
        class Meta:
            database = db
            table_name = "attachment"

    class Upload(Model):
        key = TextField(unique=True)
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        article = ForeignKeyField(KnowledgeArticle, null=True, on_delete="CASCADE", backref="+")
        session = ForeignKeyField(Session, null=True, on_delete="CASCADE", backref="+")
        note = ForeignKeyField(SessionNote, null=True, on_delete="SET NULL", backref="+")
        kind = TextField(default="")
        filename = TextField()
        size = BigIntegerField()
        modified = TextField(default="")
        attachment = ForeignKeyField(Attachment, null=True, on_delete="SET NULL", backref="+")
        is_done = BooleanField(default=False)
        sentence = TextField(default="")
        created_at = DateTimeField()
        touched_at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "upload"

    db.create_tables([Upload])


def down(migrator, db):
    db.execute_sql("DROP TABLE upload")
    db.execute_sql("DROP INDEX attachment_scan")
    for column in ("height", "width", "scan"):
        db.execute_sql(f"ALTER TABLE attachment DROP COLUMN {column}")
