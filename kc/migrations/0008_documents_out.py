"""The organisation's own form, and which attachments the system made. Models here are frozen copies."""

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

    class DocumentTemplate(Model):
        kind = TextField(unique=True)
        filename = TextField()
        data = BlobField()
        uploaded_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        uploaded_at = DateTimeField()

        class Meta:
            database = db
            table_name = "document_template"

    class MadeDocument(Model):
        attachment = ForeignKeyField(Attachment, unique=True, on_delete="CASCADE", backref="+")
        what = TextField()

        class Meta:
            database = db
            table_name = "made_document"

    db.create_tables([DocumentTemplate, MadeDocument])


def down(migrator, db):
    for table in ("made_document", "document_template"):
        migrator.migrate(migrator.drop_table(table))
