"""People who gladly share say so, and about what; an index for who came in this year, asked of everybody at once."""

from peewee import BooleanField, TextField

COLUMNS = (
    ("is_sharing", BooleanField(default=False)),
    ("shares_about", TextField(default="")),
)


def up(migrator, db):
    for column, field in COLUMNS:
        migrator.migrate(migrator.add_column("employee", column, field))
    db.execute_sql("CREATE INDEX signinevent_employee_id_at ON sign_in_event (employee_id, at)")


def down(migrator, db):
    db.execute_sql("DROP INDEX signinevent_employee_id_at")
    for column, _field in reversed(COLUMNS):
        migrator.migrate(migrator.drop_column("employee", column))
