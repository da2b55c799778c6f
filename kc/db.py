"""The one database: SQLite by default, PostgreSQL by a setting. All else talks to it through `db` and BaseModel."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import peewee
from playhouse.db_url import connect as connect_url
from playhouse.migrations import Runner
from playhouse.pool import PooledDatabase, PooledSqliteDatabase

MIGRATIONS = Path(__file__).parent / "migrations"

db = peewee.DatabaseProxy()


class BaseModel(peewee.Model):
    """A table. Names are snake_case, singular in code."""

    if TYPE_CHECKING:  # Peewee gives these at run time: the key, foreign keys' `…_id`, back references
        id: Any

        def __getattr__(self, name: str) -> Any: ...

    class Meta:
        database = db
        legacy_table_names = False


class VersionedModel(BaseModel):
    """A row that two people may edit at once: a save names the version it was based on (optimistic locking)."""

    version = peewee.IntegerField(default=1)

    def save_version(self, based_on: int, **changes: Any) -> bool:
        """Write `changes` only if the row is still at version `based_on`; True when written, self then holds them."""
        model = type(self)
        written = (
            model.update(version=based_on + 1, **changes)
            .where((model.id == self.id) & (model.version == based_on))
            .execute()
        )
        if written:
            for name, value in changes.items():
                setattr(self, name, value)
            self.version = based_on + 1
        return bool(written)


def connect(url: str, *, keep_open: bool = False) -> peewee.Database:
    """Point `db` at the database of `url` (sqlite:///… or postgresql://…); opens no connection yet.

    `keep_open`: a server's SQLite connections are kept for the next request. Closing the last one would make SQLite
    write its log back and delete it, after every single page.
    """
    if urlparse(url).scheme == "sqlite":
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: a transaction that reads, then writes, waits for its turn instead of failing (LIBRARIES.md §4).
        # A pool hands a connection to one thread at a time, but not always to the one that opened it.
        kept = {"max_connections": 200, "check_same_thread": False} if keep_open else {}
        database: peewee.Database = (PooledSqliteDatabase if keep_open else peewee.SqliteDatabase)(
            str(file),
            pragmas={
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "full",  # an acknowledged save survives a power cut too
                "cache_size": -4000,  # of each thread's connection
                "temp_store": "memory",
                "busy_timeout": 10_000,
            },
            lock_type="IMMEDIATE",
            **kept,
        )
    else:
        database = connect_url(url.replace("postgresql://", "postgresql+pool://", 1), prefer_psycopg3=True)
    if isinstance(db.obj, PooledDatabase):  # nobody would close what the one before kept for later
        db.obj.close_idle()
    db.initialize(database)
    return database


def migrate() -> list[str]:
    """Bring the schema to the current version; returns the names of the migrations that were run. Safe to repeat."""
    with connection():
        return Runner(db.obj, str(MIGRATIONS)).up()


def pending_migrations() -> list[str]:
    """Names of migrations that have not been run here."""
    return [m.name for m in Runner(db.obj, str(MIGRATIONS)).status() if not m.applied]


def hold(rows: peewee.ModelSelect) -> None:
    """Keep others from holding the same rows until this transaction ends. SQLite's one writer holds all anyway."""
    if not isinstance(db.obj, peewee.SqliteDatabase):
        list(rows.for_update().tuples())


@contextmanager
def connection() -> Iterator[None]:
    """An open connection for the block; closes it only if it opened it."""
    opened = db.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            db.close()
