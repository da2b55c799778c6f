"""Words that mean the same, and the organisation's own words. Models here are frozen copies."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class SynonymGroup(Model):
        version = IntegerField(default=1)
        kind = TextField(default="synonym")
        note = TextField(default="")
        is_active = BooleanField(default=True)
        origin = TextField(default="")
        preset_key = TextField(null=True, unique=True)
        sort_key = TextField(default="", index=True)
        created_at = DateTimeField()
        created_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        updated_at = DateTimeField()
        updated_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        deleted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "synonym_group"

    class SynonymTerm(Model):
        group = ForeignKeyField(SynonymGroup, on_delete="CASCADE")
        text = TextField()
        key = TextField(null=True, unique=True)
        position = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "synonym_term"

    class OwnWord(Model):
        version = IntegerField(default=1)
        text = TextField()
        key = TextField(null=True, unique=True)
        source = TextField(default="typed")
        note = TextField(default="")
        is_active = BooleanField(default=True)
        sort_key = TextField(default="", index=True)
        created_at = DateTimeField()
        created_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        updated_at = DateTimeField()
        updated_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        deleted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "own_word"

    db.create_tables([SynonymGroup, SynonymTerm, OwnWord])
    if isinstance(db, PostgresqlDatabase):  # sort keys are compared letter by letter, whatever the locale
        for table in ("synonym_group", "own_word"):
            db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN sort_key TYPE text COLLATE "C"')


def down(migrator, db):
    for table in ("own_word", "synonym_term", "synonym_group"):
        migrator.migrate(migrator.drop_table(table))
