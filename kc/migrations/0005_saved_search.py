"""Recent and saved searches, and what is new for them. Models here are frozen copies, independent of kc/models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class RecentSearch(Model):
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        text = TextField()
        text_key = TextField()
        searched_at = DateTimeField()

        class Meta:
            database = db
            table_name = "recent_search"
            indexes = ((("employee", "text_key"), True),)

    class SavedSearch(Model):
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        name = TextField()
        text = TextField(default="")
        filters = TextField(default="{}")
        question_key = TextField()
        alert = BooleanField(default=True)
        new_count = IntegerField(default=0)
        created_at = DateTimeField()
        opened_at = DateTimeField()
        deleted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "saved_search"
            indexes = ((("employee", "question_key"), True),)

    class SavedSearchFind(Model):
        saved_search = ForeignKeyField(SavedSearch, on_delete="CASCADE")
        kind = TextField()
        object_id = IntegerField()
        found_at = DateTimeField()

        class Meta:
            database = db
            table_name = "saved_search_find"
            indexes = ((("saved_search", "kind", "object_id"), True), (("kind", "object_id"), False))

    class IndexedChange(Model):
        kind = TextField()
        object_id = IntegerField()
        is_new = BooleanField()
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "indexed_change"

    db.create_tables([RecentSearch, SavedSearch, SavedSearchFind, IndexedChange])


def down(migrator, db):
    for table in ("indexed_change", "saved_search_find", "saved_search", "recent_search"):
        migrator.migrate(migrator.drop_table(table))
