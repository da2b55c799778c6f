"""Learning plans, meetings' steps, recurring meetings, proposals, calendar addresses. Frozen models."""

from peewee import *  # noqa: F403

TABLES = (
    "calendar_feed",
    "proposal_vote",
    "proposal",
    "session_notified",
    "series_day",
    "session_series",
    "session_step",
    "meeting_plan",
    "learning_plan_version",
    "learning_plan",
)


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Employee(Base):
        pass

    class Community(Base):
        pass

    class Session(Base):
        pass

    def person(**options):
        return ForeignKeyField(Employee, **{"null": True, "backref": "+", "on_delete": "SET NULL"} | options)

    class LearningPlan(Base):
        version = IntegerField(default=1)
        community = ForeignKeyField(Community, unique=True, backref="+", on_delete="CASCADE")
        objectives = TextField(default="")
        member_count = IntegerField(null=True)
        content = TextField(default="")
        period_from = DateField(null=True)
        period_to = DateField(null=True)
        techniques = TextField(default="")
        speakers = TextField(default="")
        evaluation = TextField(default="")
        follow_up = TextField(default="")
        editor = person()
        created_at = DateTimeField()
        updated_at = DateTimeField()

    class LearningPlanVersion(Base):
        plan = ForeignKeyField(LearningPlan, backref="+", on_delete="CASCADE")
        version = IntegerField()
        content = TextField()
        editor = person()
        saved_at = DateTimeField()

    class MeetingPlan(Base):
        version = IntegerField(default=1)
        session = ForeignKeyField(Session, unique=True, backref="+", on_delete="CASCADE")
        expected = TextField(default="")
        updated_by = person()
        updated_at = DateTimeField()

    class SessionStep(Base):
        session = ForeignKeyField(Session, backref="+", on_delete="CASCADE")
        position = IntegerField()
        minutes = IntegerField()
        title = TextField()
        who = TextField(default="")

        class Meta:
            indexes = ((("session", "position"), True),)

    class SessionSeries(Base):
        community = ForeignKeyField(Community, backref="+", on_delete="CASCADE")
        rhythm = TextField()
        starts_on = DateField()
        until = DateField()
        starts = TimeField()
        ends = TimeField(null=True)
        place = TextField(default="")
        link = TextField(default="")
        topic = TextField()
        technique = TextField(default="dialogue")
        presenter = person()
        presenter_name = TextField(default="")
        facilitator = person()
        deputy = person()
        created_by = person(null=False, on_delete="RESTRICT")
        created_at = DateTimeField()
        updated_at = DateTimeField()

    class SeriesDay(Base):
        series = ForeignKeyField(SessionSeries, backref="+", on_delete="CASCADE")
        day = DateField()
        session = ForeignKeyField(Session, unique=True, backref="+", on_delete="CASCADE")

        class Meta:
            indexes = ((("series", "day"), True),)

    class SessionNotified(Base):
        session = ForeignKeyField(Session, unique=True, backref="+", on_delete="CASCADE")
        announced_at = DateTimeField(null=True)
        reminded_for = DateField(null=True)

    class Proposal(Base):
        community = ForeignKeyField(Community, backref="+", on_delete="CASCADE")
        text = TextField()
        source_url = TextField(default="", index=True)
        proposed_by = person(null=False, on_delete="RESTRICT")
        created_at = DateTimeField()
        session = ForeignKeyField(Session, null=True, backref="+", on_delete="SET NULL")
        set_aside_at = DateTimeField(null=True)
        withdrawn_at = DateTimeField(null=True)

    class ProposalVote(Base):
        proposal = ForeignKeyField(Proposal, backref="+", on_delete="CASCADE")
        employee = person(null=False, on_delete="CASCADE")
        voted_at = DateTimeField()

        class Meta:
            indexes = ((("proposal", "employee"), True),)

    class CalendarFeed(Base):
        employee = person(null=False, on_delete="CASCADE")
        community = ForeignKeyField(Community, null=True, backref="+", on_delete="CASCADE")
        salt = TextField()
        open_key = TextField(null=True, unique=True)
        created_at = DateTimeField()
        last_read_on = DateField(null=True)
        revoked_at = DateTimeField(null=True)

    db.create_tables([LearningPlan, LearningPlanVersion, MeetingPlan, SessionStep, SessionSeries, SeriesDay])
    db.create_tables([SessionNotified, Proposal, ProposalVote, CalendarFeed])


def down(migrator, db):
    for table in TABLES:
        db.execute_sql(f"DROP TABLE {table}")
