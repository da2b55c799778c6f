"""Notices to people, how often they want them by e-mail, the queue of e-mail, and the daily rounds of reminders.
Frozen models."""

from peewee import *  # noqa: F403


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class Notice(Model):
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        kind = TextField()
        heading = TextField(default="")
        facts = TextField(default="{}")
        url = TextField()
        about = TextField(default="")
        once_key = TextField(null=True)
        times = IntegerField(default=1)
        actor = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        created_at = DateTimeField(index=True)
        updated_at = DateTimeField()
        read_at = DateTimeField(null=True)
        mailed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "notice"
            indexes = (
                (("employee", "once_key"), True),
                (("employee", "read_at", "updated_at"), False),
                (("mailed_at", "updated_at"), False),
            )

    class NoticeChoice(Model):
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        heading = TextField()
        rhythm = TextField()

        class Meta:
            database = db
            table_name = "notice_choice"
            indexes = ((("employee", "heading"), True),)

    class Mail(Model):
        employee = ForeignKeyField(Employee, null=True, on_delete="CASCADE", backref="+")
        kind = TextField()
        to_address = TextField()
        subject = TextField()
        text = TextField()
        html = TextField(default="")
        message_id = TextField(unique=True)
        state = TextField(default="waiting")
        attempts = IntegerField(default=0)
        next_at = DateTimeField()
        claim = TextField(default="")
        claimed_until = DateTimeField(null=True)
        problem = TextField(default="")
        created_at = DateTimeField()
        sent_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "mail"
            indexes = ((("state", "next_at"), False), (("employee", "created_at"), False))

    class DailyRound(Model):
        name = TextField()
        day = DateField()
        claim = TextField(default="")
        claimed_until = DateTimeField(null=True)
        tries = IntegerField(default=0)
        made_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "daily_round"
            indexes = ((("name", "day"), True),)

    db.create_tables([Notice, NoticeChoice, DailyRound, Mail])


def down(migrator, db):
    for table in ("mail", "daily_round", "notice_choice", "notice"):
        db.execute_sql(f"DROP TABLE {table}")
