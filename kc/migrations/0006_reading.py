"""What files say, page by page, and how far reading them has come. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class Attachment(Model):
        class Meta:
            database = db
            table_name = "attachment"

    class FileReading(Model):
        sha256 = TextField(unique=True)
        content_type = TextField()
        state = TextField(index=True)
        reason = TextField(default="")
        known = FloatField(default=0.0)
        page_count = IntegerField(default=0)
        attempts = IntegerField(default=0)
        claim = TextField(default="")
        claimed_until = DateTimeField(null=True)
        queued_at = DateTimeField()
        read_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "file_reading"

    class FilePage(Model):
        reading = ForeignKeyField(FileReading, on_delete="CASCADE", backref="+")
        number = IntegerField()
        kind = TextField()
        text = TextField()
        raw = TextField(null=True)
        known = FloatField(default=1.0)

        class Meta:
            database = db
            table_name = "file_page"
            indexes = ((("reading", "number"), True),)

    class AttachmentOpening(Model):
        attachment = ForeignKeyField(Attachment, on_delete="CASCADE", backref="+")
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        day = DateField()

        class Meta:
            database = db
            table_name = "attachment_opening"
            indexes = ((("attachment", "employee", "day"), True),)

    db.create_tables([FileReading, FilePage, AttachmentOpening])
    # In plain SQL: SQLite adds a column with a default in a moment, without copying the table.
    db.execute_sql("ALTER TABLE attachment ADD COLUMN open_count INTEGER NOT NULL DEFAULT 0")


def down(migrator, db):
    db.execute_sql("ALTER TABLE attachment DROP COLUMN open_count")
    for table in ("attachment_opening", "file_page", "file_reading"):
        db.execute_sql(f"DROP TABLE {table}")
