"""Fixtures: an application per test with a database, index and files of its own. Nothing is faked but the clock."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from kc import create_app, db, i18n
from kc.cli import main
from kc.models import ALL, Employee
from tests import factories
from tests.browser.chromium import chromium, new_context  # noqa: F401  one browser for every test that asks

SECRET = "for-tests-only-" * 4
POSTGRES = os.environ.get("KC_TEST_DATABASE_URL", "")


class Compiled(BytecodeCache):
    """Compiled templates kept between the applications of a run: compiling is dear, and each test makes its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def _compile_routes_once() -> None:
    """The function that builds an address is made anew by each application from the rule alone, which takes most of
    making one. Here it is made once a run for each rule."""
    compile_builder, made = Rule._compile_builder, {}

    def kept(rule: Rule, append_unknown: bool = True) -> Any:
        told = (rule.rule, rule.subdomain, rule.host, append_unknown, tuple((rule.defaults or {}).items()))
        if told not in made:
            made[told] = compile_builder(rule, append_unknown)
        return made[told]

    Rule._compile_builder = kept  # type: ignore[method-assign]


_compile_routes_once()


@pytest.fixture(autouse=True)
def thai() -> None:
    """Every test begins in Thai: a request answered in this process leaves its reader's language behind."""
    i18n.set_language("th")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, made once by the real migrations and copied for every test."""
    file = tmp_path_factory.mktemp("schema") / "empty.sqlite3"
    db.connect(f"sqlite:///{file}")
    db.migrate()
    with db.connection():
        db.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def _own_postgres(worker: str) -> str:
    """The given PostgreSQL database; for one of several workers `<name>_<worker>` beside it, made if missing."""
    if worker == "master":
        return POSTGRES
    import psycopg

    given = urlsplit(POSTGRES)
    name = f"{given.path.removeprefix('/')}_{worker}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return urlunsplit(given._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def migrated_postgres(worker_id: str) -> str:
    """The schema in a PostgreSQL database of this worker's own, made anew by the real migrations."""
    url = _own_postgres(worker_id)
    db.connect(url)
    with db.connection():
        db.db.execute_sql("DROP SCHEMA public CASCADE")
        db.db.execute_sql("CREATE SCHEMA public")
    db.migrate()
    db.db.close_all()
    return url


def _empty_postgres() -> None:
    """Take all rows away and count from 1 again; TRUNCATE of so many tables would take longer than most tests."""
    with db.connection():
        tables = [model._meta.table_name for model in ALL]
        deletes = "; ".join(f'DELETE FROM "{table}"' for table in reversed(tables))
        counts = ", ".join(f"setval(pg_get_serial_sequence('{table}', 'id'), 1, false)" for table in tables)
        db.db.execute_sql(f"{deletes}; SELECT {counts}")


def settings_in(folder: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of an application in this folder, with a migrated database; on SQLite an empty one."""
    kept = {
        "KC_DATA_DIR": str(folder / "var"),
        "KC_SEARCH_DIR": str(folder / "index"),
        "KC_SECRET_KEY": SECRET,
        "KC_LOG_LEVEL": "ERROR",
    }
    if POSTGRES:
        kept["KC_DATABASE_URL"] = request.getfixturevalue("migrated_postgres")
    else:
        (folder / "var").mkdir()
        shutil.copy(request.getfixturevalue("migrated_file"), folder / "var" / "kc.sqlite3")
    return kept


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of the test's own application."""
    return settings_in(tmp_path, request)


@pytest.fixture
def app(settings: dict[str, str]) -> Iterator[Flask]:
    """The application, with an open connection so that tests may look at rows."""
    made = create_app(settings)
    made.config["TESTING"] = True
    made.jinja_env.bytecode_cache = COMPILED
    if POSTGRES:
        _empty_postgres()
    if not POSTGRES:
        db.db.pragma("synchronous", "off", permanent=True)  # no test cuts the power of the machine
    with db.connection():
        yield made
    if POSTGRES:
        db.db.close_all()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return Browser(app).client


class Browser:
    """A test client that sends the CSRF token as our pages do."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        with self.client.session_transaction() as kept:
            kept["csrf"] = "test-token"
        self.client.environ_base["HTTP_X_CSRF_TOKEN"] = "test-token"

    def sign_in(self, employee: Employee) -> FlaskClient:
        """Signed in as `employee`, without the cost of hashing a password."""
        if not employee.password_hash:
            employee.password_hash = "set"
            employee.save()
        with self.client.session_transaction() as kept:
            kept["_user_id"] = f"{employee.id}.{employee.sign_in_epoch}"
            kept["_fresh"] = True
            kept["until"] = 2**40
        return self.client


@pytest.fixture
def login_as(app: Flask) -> Callable[[Employee], FlaskClient]:
    """login_as(employee) -> a client signed in as that employee."""
    return lambda employee: Browser(app).sign_in(employee)


@pytest.fixture
def htmx() -> dict[str, str]:
    """Headers of an htmx request."""
    return {"HX-Request": "true"}


@pytest.fixture
def cast(app: Flask) -> factories.Cast:
    """The fixed cast: author, fellow member, outsider, coordinator, knowledge officer, administrator, executive."""
    return factories.make_cast()


def run_command(*words: str, **options: Any) -> Result:
    """What `kc …` did, run in this process."""
    with connected_anew():
        return CliRunner().invoke(main, list(words), **options)


@contextmanager
def connected_anew() -> Iterator[None]:
    """What is started within connects to the database for itself; afterwards the test gets its own connection back."""
    ours = db.db.obj
    try:
        yield
    finally:
        if db.db.obj is not ours:
            getattr(db.db.obj, "close_all", db.db.obj.close)()
            db.db.initialize(ours)


STATEMENTS = 12  # that a page may send, however much there is; what many areas have to say is asked together


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The SQL statements sent within the block."""
    sent: list[str] = []

    def note(event: object) -> None:
        sent.append(event.sql)  # type: ignore[attr-defined]

    hooks = db.db.obj.query_hooks
    hooks.append(note)
    try:
        yield sent
    finally:
        hooks.remove(note)
