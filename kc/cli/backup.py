"""One archive with everything that cannot be made again: the database, the attachments, the names of the settings.

The search index is left out on purpose: it is derived, and an index file is code (it is a pickle); it is rebuilt.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import click

from kc import __version__, clock, config
from kc.cli.context import with_app

DATABASE = {"sqlite": "kc.sqlite3", "postgresql": "kc.sql"}
PARTS = ("manifest.json", *DATABASE.values())


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_app
def backup(file: Path) -> None:
    """Write database and attachments to FILE (.tar.gz), consistently, while the server runs."""
    settings = config.read_settings()
    if file.exists():
        raise click.ClickException(f"{file} exists already")
    part = file.with_name(file.name + ".part")
    kind = urlparse(settings["KC_DATABASE_URL"]).scheme
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as scratch:
        # The database first: every row it holds has its file by now, and files are never changed.
        copy = Path(scratch) / DATABASE[kind]
        _copy_database(settings["KC_DATABASE_URL"], kind, copy)
        manifest = Path(scratch) / "manifest.json"
        manifest.write_text(json.dumps(_manifest(kind), ensure_ascii=False, indent=1))
        with tarfile.open(part, "w:gz", compresslevel=3) as archive:
            archive.add(manifest, "manifest.json")
            archive.add(copy, copy.name)
            if (settings["KC_DATA_DIR"] / "attachments").is_dir():
                archive.add(settings["KC_DATA_DIR"] / "attachments", "attachments", filter=_whole_files)
    os.chmod(part, 0o600)
    part.replace(file)
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def _manifest(kind: str) -> dict[str, Any]:
    set_here = sorted(name for name in os.environ if name.startswith("KC_"))
    return {
        "product": "kc",
        "version": __version__,
        "made_at": clock.now().isoformat(),
        "database": kind,
        "settings": set_here,
    }


def _whole_files(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Uploads that are still being written are not part of anything yet."""
    return None if entry.name.endswith((".part", ".tmp")) or "/tmp" in entry.name else entry


def _copy_database(url: str, kind: str, target: Path) -> None:
    if kind == "sqlite":
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        return
    _run_postgres("pg_dump", "--no-owner", "--no-privileges", "--file", str(target), url)


def _run_postgres(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise click.ClickException(f"{command[0]} is needed: install PostgreSQL's client programs") from None
    except subprocess.CalledProcessError as failed:
        raise click.ClickException(f"{command[0]}: {failed.stderr.strip()[-400:]}") from None


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the database and attachments that are there.")
def restore(file: Path, overwrite: bool) -> None:
    """Put a backup back. Stop the server first. Refuses to replace data unless told to."""
    try:
        settings = config.read_settings()
    except config.SettingError as why:
        raise click.ClickException(str(why)) from None
    kind = urlparse(settings["KC_DATABASE_URL"]).scheme
    data = settings["KC_DATA_DIR"]
    if _holds_data(settings, kind) and not overwrite:
        raise click.ClickException("there is data here already; --overwrite replaces it")
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as scratch:
        _unpack(file, Path(scratch), kind)
        _put_database_back(Path(scratch) / DATABASE[kind], settings["KC_DATABASE_URL"], kind)
        _put_files_back(Path(scratch) / "attachments", data / "attachments")
    _rebuild_index()
    click.echo("restored; the search index has been rebuilt")


def _holds_data(settings: dict[str, Any], kind: str) -> bool:
    from kc import db

    if kind == "sqlite" and not Path(settings["KC_DATABASE_URL"].removeprefix("sqlite:///")).exists():
        return False
    db.connect(settings["KC_DATABASE_URL"])
    with db.connection():
        return "employee" in db.db.get_tables()


def _unpack(file: Path, scratch: Path, kind: str) -> None:
    try:
        with tarfile.open(file) as archive:
            names = set(archive.getnames())
            if "manifest.json" not in names or DATABASE[kind] not in names:
                raise click.ClickException(f"{file} is no backup of a {kind} database")
            archive.extractall(scratch, filter="data")  # "data": no links, no paths outside, no special files
    except (tarfile.TarError, OSError, EOFError) as why:
        raise click.ClickException(f"{file} cannot be used: {why}") from None
    if not _is_whole(scratch / DATABASE[kind], kind):
        raise click.ClickException(f"{file} cannot be used: the database in it is damaged")


def _is_whole(copy: Path, kind: str) -> bool:
    """Looked at before anything that is here is replaced."""
    if kind != "sqlite":
        with copy.open(encoding="utf-8", errors="replace") as lines:
            return any(line.startswith("CREATE TABLE public.employee ") for line in lines)
    try:
        with closing(sqlite3.connect(copy)) as database:
            sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            return sound and "employee" in tables
    except sqlite3.DatabaseError:
        return False


def _put_database_back(copy: Path, url: str, kind: str) -> None:
    if kind == "sqlite":
        target = Path(url.removeprefix("sqlite:///"))
        for leftover in (f"{target}-wal", f"{target}-shm"):
            Path(leftover).unlink(missing_ok=True)
        copy.replace(target)
        return
    # One transaction: either all of the backup is there afterwards, or all of what was there before.
    psql = ("psql", "-q", "-1", "-v", "ON_ERROR_STOP=1")
    _run_postgres(*psql, "-c", "DROP SCHEMA public CASCADE", "-c", "CREATE SCHEMA public", "-f", str(copy), url)


def _put_files_back(source: Path, target: Path) -> None:
    """The archive's attachments instead of those that are there: what no row names any more would only lie about."""
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        source.replace(target)


def _rebuild_index() -> None:
    from kc import create_app, db, search

    with create_app().app_context(), db.connection():
        db.migrate()
        search.rebuild()


COMMANDS = [backup, restore]
