"""Searches, what of them was opened, and what was not there. Models: frozen copies, independent of kc/models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class KnowledgeArticle(Model):
        class Meta:
            database = db
            table_name = "knowledge_article"

    class SearchLog(Model):
        employee = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        visitor = TextField(default="")
        text = TextField()
        key = TextField()
        filters = TextField(default="{}")
        total = IntegerField()
        corrected = TextField(default="")
        alike = BooleanField(default=False)
        page = IntegerField(default=1)
        took_ms = FloatField(default=0)
        typing = BooleanField(default=False)
        searched_at = DateTimeField(index=True)
        sitting = TextField(index=True)
        opened_place = IntegerField(null=True)

        class Meta:
            database = db
            table_name = "search_log"
            indexes = (
                (("key", "searched_at"), False),
                (("employee", "searched_at"), False),
                (("visitor", "searched_at"), False),
            )

    class SearchOpening(Model):
        search = ForeignKeyField(SearchLog, on_delete="CASCADE", backref="+")
        kind = TextField()
        object_id = IntegerField()
        place = IntegerField()
        opened_at = DateTimeField()

        class Meta:
            database = db
            table_name = "search_opening"
            indexes = ((("search", "kind", "object_id"), True),)

    class SearchMonth(Model):
        month = DateField(unique=True)
        searches = IntegerField(default=0)
        failed = IntegerField(default=0)
        opened = IntegerField(default=0)
        reciprocal_ranks = FloatField(default=0)

        class Meta:
            database = db
            table_name = "search_month"

    class SearchGap(Model):
        key = TextField(unique=True)
        text = TextField()
        state = TextField(default="new")
        note = TextField(default="")
        article = ForeignKeyField(KnowledgeArticle, null=True, on_delete="SET NULL", backref="+")
        created_at = DateTimeField()
        updated_at = DateTimeField()
        updated_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")

        class Meta:
            database = db
            table_name = "search_gap"

    class SearchRequest(Model):
        gap = ForeignKeyField(SearchGap, on_delete="CASCADE", backref="+")
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        text = TextField()
        details = TextField(default="")
        asked_at = DateTimeField()

        class Meta:
            database = db
            table_name = "search_request"
            indexes = ((("gap", "employee"), True),)

    db.create_tables([SearchLog, SearchOpening, SearchMonth, SearchGap, SearchRequest])


def down(migrator, db):
    for table in ("search_request", "search_gap", "search_month", "search_opening", "search_log"):
        migrator.migrate(migrator.drop_table(table))
