"""Forms and rhythm of communities, their guests, requests, invitations, connections and history. Frozen models."""

from peewee import *  # noqa: F403

COLUMNS = (
    ("forms", TextField(default="")),
    ("rhythm", TextField(default="")),
    ("asks_to_join", BooleanField(default=False)),
)
# In plain SQL: SQLite adds a column without copying the table. What two phones noted twice is noted once from now on.
GUESTS_CAME = (
    "ALTER TABLE attendance ADD COLUMN guest_id INTEGER REFERENCES guest (id) ON DELETE SET NULL",
    "CREATE INDEX attendance_guest_id ON attendance (guest_id)",
    "DELETE FROM attendance WHERE employee_id IS NULL AND id NOT IN"
    " (SELECT MIN(id) FROM attendance WHERE employee_id IS NULL GROUP BY session_id, guest_name)",
    "CREATE UNIQUE INDEX attendance_session_id_guest_id ON attendance (session_id, guest_id)",
    "CREATE UNIQUE INDEX attendance_by_name ON attendance (session_id, guest_name)"
    " WHERE employee_id IS NULL AND guest_id IS NULL",
)
GUESTS_GONE = (
    "DROP INDEX attendance_by_name",
    "DROP INDEX attendance_session_id_guest_id",
    "DROP INDEX attendance_guest_id",
    "ALTER TABLE attendance DROP COLUMN guest_id",
)
TABLES = ("joint_session", "community_change", "community_link", "invitation", "join_request", "guest")


def up(migrator, db):
    class Employee(Model):
        class Meta:
            database = db
            table_name = "employee"

    class Community(Model):
        class Meta:
            database = db
            table_name = "community"

    class Session(Model):
        class Meta:
            database = db
            table_name = "session"

    class Guest(Model):
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        name = TextField()
        sort_key = TextField(default="")
        name_key = TextField()
        organisation = TextField(default="")
        place_key = TextField(default="")
        contact = TextField(default="")
        brings = TextField(default="")
        consented_on = DateField()
        added_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        added_at = DateTimeField()
        left_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "guest"
            indexes = ((("community", "name_key", "place_key"), True),)

    class JoinRequest(Model):
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        message = TextField(default="")
        asked_at = DateTimeField()
        outcome = TextField(default="")
        answer = TextField(default="")
        answered_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        answered_at = DateTimeField(null=True)
        open_key = TextField(null=True, unique=True)

        class Meta:
            database = db
            table_name = "join_request"

    class Invitation(Model):
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        employee = ForeignKeyField(Employee, on_delete="CASCADE", backref="+")
        role = TextField(default="member")
        is_deputy = BooleanField(default=False)
        message = TextField(default="")
        invited_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        invited_at = DateTimeField()
        outcome = TextField(default="")
        answered_at = DateTimeField(null=True)
        open_key = TextField(null=True, unique=True)

        class Meta:
            database = db
            table_name = "invitation"

    class CommunityLink(Model):
        one = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        other = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        why = TextField(default="")
        linked_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        linked_at = DateTimeField()

        class Meta:
            database = db
            table_name = "community_link"
            indexes = ((("one", "other"), True),)

    class CommunityChange(Model):
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        what = TextField()
        before = TextField(default="")
        after = TextField(default="")
        why = TextField(default="")
        changed_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        changed_at = DateTimeField()

        class Meta:
            database = db
            table_name = "community_change"

    class JointSession(Model):
        session = ForeignKeyField(Session, on_delete="CASCADE", backref="+")
        community = ForeignKeyField(Community, on_delete="CASCADE", backref="+")
        invited_by = ForeignKeyField(Employee, null=True, on_delete="SET NULL", backref="+")
        invited_at = DateTimeField()

        class Meta:
            database = db
            table_name = "joint_session"
            indexes = ((("session", "community"), True),)

    for column, field in COLUMNS:
        migrator.migrate(migrator.add_column("community", column, field))
    db.create_tables([Guest, JoinRequest, Invitation, CommunityLink, CommunityChange, JointSession])
    if isinstance(db, PostgresqlDatabase):  # sort keys are compared letter by letter, whatever the locale
        db.execute_sql('ALTER TABLE "guest" ALTER COLUMN sort_key TYPE text COLLATE "C"')
    for statement in GUESTS_CAME:
        db.execute_sql(statement)


def down(migrator, db):
    for statement in GUESTS_GONE:
        db.execute_sql(statement)
    for table in TABLES:
        migrator.migrate(migrator.drop_table(table))
    for column, _field in reversed(COLUMNS):
        migrator.migrate(migrator.drop_column("community", column))
