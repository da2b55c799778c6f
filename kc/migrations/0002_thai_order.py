"""Sort keys are compared letter by letter: PostgreSQL is told so, whatever its locale (SQLite always does)."""

from peewee import PostgresqlDatabase

COLUMNS = ("org_unit", "employee", "community")


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        for table in COLUMNS:
            db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN sort_key TYPE text COLLATE "C"')


def down(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        for table in COLUMNS:
            db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN sort_key TYPE text COLLATE "default"')
