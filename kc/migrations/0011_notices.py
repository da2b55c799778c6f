"""Notices to people, and the daily rounds of reminders. Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class Notice(Model):
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        kind = TextField()
        facts = TextField(default="{}")
        url = TextField()
        about = TextField(default="")
        once_key = TextField(null=True)
        times = IntegerField(default=1)
        actor = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        created_at = DateTimeField(index=True)
        updated_at = DateTimeField()
        read_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "notice"
            indexes = ((("employee", "once_key"), True), (("employee", "read_at", "updated_at"), False))

    class DailyRound(Model):
        name = TextField()
        day = DateField()
        made_at = DateTimeField()

        class Meta:
            database = db
            table_name = "daily_round"
            indexes = ((("name", "day"), True),)

    db.create_tables([Notice, DailyRound])


def down(migrator, db):
    for table in ("daily_round", "notice"):
        db.execute_sql(f"DROP TABLE {table}")
