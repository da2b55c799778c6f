"""People who gladly share what they know say so, and about what."""

from peewee import BooleanField, TextField

COLUMNS = (
    ("is_sharing", BooleanField(default=False)),
    ("shares_about", TextField(default="")),
)


def up(migrator, db):
    for column, field in COLUMNS:
        migrator.migrate(migrator.add_column("employee", column, field))


def down(migrator, db):
    for column, _field in reversed(COLUMNS):
        migrator.migrate(migrator.drop_column("employee", column))
