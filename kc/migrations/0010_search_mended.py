"""Gaps are edited by several people (version); a search may be another system's, and may have led to a better one."""

from peewee import BooleanField, IntegerField

COLUMNS = (
    ("search_gap", "version", IntegerField(default=1)),
    ("search_log", "helped_later", BooleanField(default=False)),
    ("search_log", "by_api", BooleanField(default=False)),
)


def up(migrator, db):
    for table, column, field in COLUMNS:
        migrator.migrate(migrator.add_column(table, column, field))


def down(migrator, db):
    for table, column, _field in reversed(COLUMNS):
        migrator.migrate(migrator.drop_column(table, column))
