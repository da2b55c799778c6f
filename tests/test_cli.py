"""kc init, migrate, serve, backup, restore, demo: what an administrator types on the machine itself."""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
from pathlib import Path

import pytest

from kc import db, search
from kc.models import Attachment, Employee, KnowledgeArticle
from kc.services import attachments
from tests import factories
from tests.conftest import POSTGRES, run_command

needs_pg_dump = pytest.mark.skipif(
    bool(POSTGRES) and not (shutil.which("pg_dump") and shutil.which("psql")),
    reason="PostgreSQL's client programs are not installed",
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def kc(app, settings, monkeypatch):
    """kc("backup", file) -> (exit code, output); on the test's own database, or on that of other settings."""
    for name in [name for name in os.environ if name.startswith("KC_") and not name.startswith("KC_TEST_")]:
        monkeypatch.delenv(name)

    def run(*words: object, **other: str) -> tuple[int, str]:
        for name, value in (settings | other).items():
            monkeypatch.setenv(name, value)
        result = run_command(*map(str, words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


@pytest.fixture
def elsewhere(tmp_path):
    """Settings of an empty place: its own folders (and, on SQLite, its own database)."""
    return {"KC_DATA_DIR": str(tmp_path / "two"), "KC_SEARCH_DIR": str(tmp_path / "two-index")}


@pytest.fixture
def library(app):
    """A published article with a file."""
    article = factories.make_article("เทคนิคเยี่ยมลูกค้า", status="published", external_id="LR-1")
    attachments.store(PDF, "สรุปหนึ่งหน้า.pdf", by=None, article=article)
    with db.db.atomic():
        search.queue("knowledge", article.id)
    return article


def rows() -> dict[str, list[tuple]]:
    return {
        model.__name__: sorted(model.select().tuples(), key=repr) for model in (Employee, KnowledgeArticle, Attachment)
    }


def files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in (folder / "attachments").rglob("*") if f.is_file()}


# ---- init and migrate ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(bool(POSTGRES), reason="needs an empty database")
def test_init_makes_everything_and_may_be_repeated(kc, elsewhere):
    code, said = kc("init", **elsewhere)
    assert code == 0 and "0001_initial" in said and "search index: rebuilt" in said
    for command in ("init", "migrate"):
        code, said = kc(command, **elsewhere)
        assert code == 0 and "database: up to date" in said and "search index: up to date" in said


@pytest.mark.skipif(bool(POSTGRES), reason="needs an empty database")
@pytest.mark.parametrize("words", [("search", "หนี้"), ("check",), ("demo",), ("backup", "kc.tar.gz")])
def test_commands_on_an_empty_place_say_what_to_do_first(kc, elsewhere, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = kc(*words, **elsewhere)
    assert code == 1 and "run kc init first" in said


@pytest.mark.parametrize("command", ["init", "serve", "check"])
def test_a_setting_that_makes_no_sense_is_named(kc, command):
    code, said = kc(command, KC_THREADS="many")
    assert code == 1 and "KC_THREADS" in said and "Traceback" not in said


def test_a_setting_that_does_not_exist_is_named(kc):
    code, said = kc("init", KC_ORG_NMAE="ธนาคาร")
    assert code == 1 and "KC_ORG_NMAE: no such setting" in said


# ---- demo ----------------------------------------------------------------------------------------------------------


def test_demo_is_refused_where_real_people_are(kc, cast):
    code, said = kc("demo")
    assert code == 1 and "KC_DATA_DIR" in said
    assert KnowledgeArticle.select().count() == 0


# ---- backup and restore --------------------------------------------------------------------------------------------


@needs_pg_dump
def test_backup_and_restore_give_the_same_rows_and_files(kc, library, settings, elsewhere, tmp_path):
    assert kc("backup", tmp_path / "kc.tar.gz")[0] == 0
    before = rows()
    if POSTGRES:  # one database for all tests: what comes back must replace what happened since
        KnowledgeArticle.update(title="เปลี่ยนแล้ว").execute()
        factories.make_employee("ใหม่ มาทีหลัง")
        db.db.close()
    code, said = kc("restore", tmp_path / "kc.tar.gz", *(["--overwrite"] if POSTGRES else []), **elsewhere)
    assert code == 0 and "rebuilt" in said
    place = Path(elsewhere["KC_DATA_DIR"])
    assert files(place) == files(Path(settings["KC_DATA_DIR"])) and len(files(place)) == 1
    if not POSTGRES:
        database, ours = db.connect(f"sqlite:///{place / 'kc.sqlite3'}"), db.db.obj
        assert database is ours
    with db.connection():
        assert rows() == before
    db.db.close()


@needs_pg_dump
def test_the_restored_index_finds_what_the_old_one_found(kc, library, elsewhere, tmp_path):
    kc("backup", tmp_path / "kc.tar.gz")
    db.db.close()
    assert kc("restore", tmp_path / "kc.tar.gz", "--overwrite", **elsewhere)[0] == 0
    code, said = kc("search", "เยี่ยมลูกค้า", "--json", **elsewhere)
    assert code == 0 and json.loads(said)["results"][0]["external_id"] == "LR-1"
    assert kc("check", **elsewhere)[0] == 0


@needs_pg_dump
def test_restore_refuses_to_replace_data_unless_told_to(kc, library, settings, tmp_path):
    kc("backup", tmp_path / "kc.tar.gz")
    KnowledgeArticle.update(title="เขียนหลังสำรอง").execute()
    late = attachments.store(PDF + b"\n", "มาทีหลัง.pdf", by=None, article=library)
    db.db.close()
    code, said = kc("restore", tmp_path / "kc.tar.gz")
    assert code == 1 and "--overwrite" in said
    with db.connection():
        assert KnowledgeArticle.get().title == "เขียนหลังสำรอง"
    assert kc("restore", tmp_path / "kc.tar.gz", "--overwrite")[0] == 0
    with db.connection():
        assert KnowledgeArticle.get().title == "เทคนิคเยี่ยมลูกค้า"
        assert Attachment.select().where(Attachment.id == late.id).count() == 0
    assert len(files(Path(settings["KC_DATA_DIR"]))) == 1
    assert kc("check")[0] == 0


@needs_pg_dump
def test_backup_holds_no_secret_and_is_for_its_owner_alone(kc, library, settings, tmp_path):
    file = tmp_path / "kc.tar.gz"
    assert kc("backup", file)[0] == 0
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile("manifest.json"))
    assert not any("secret" in name or "index" in name for name in names)
    assert "KC_SECRET_KEY" in manifest["settings"] and settings["KC_SECRET_KEY"] not in json.dumps(manifest)


@needs_pg_dump
def test_backup_does_not_replace_a_file(kc, tmp_path):
    (tmp_path / "kc.tar.gz").write_text("yesterday's")
    code, said = kc("backup", tmp_path / "kc.tar.gz")
    assert code == 1 and "exists already" in said
    assert (tmp_path / "kc.tar.gz").read_text() == "yesterday's"
    assert [f.name for f in tmp_path.iterdir() if ".part" in f.name] == []


def archive_with(file: Path, **members: bytes) -> Path:
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file


DATABASE_FILE = "kc.sql" if POSTGRES else "kc.sqlite3"


@pytest.mark.parametrize("name", ["../escaped", "attachments/../../escaped", "/tmp/kc-escaped"])
def test_restore_refuses_paths_that_lead_outside(kc, library, elsewhere, tmp_path, name):
    members = {"manifest.json": b"{}", DATABASE_FILE: b"", name: b"harm"}
    file = archive_with(tmp_path / "bad.tar.gz", **members)
    db.db.close()
    code, said = kc("restore", file, "--overwrite", **elsewhere)
    # A path from the root loses its slash and stays inside; then it is the database that is none.
    assert code == 1 and "cannot be used" in said and not Path("/tmp/kc-escaped").exists()
    assert list(tmp_path.rglob("*escaped")) == []
    with db.connection():
        assert KnowledgeArticle.get().title == "เทคนิคเยี่ยมลูกค้า"


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00 and then nothing sensible", b"text"])
def test_restore_looks_at_the_database_before_it_replaces_anything(kc, library, tmp_path, content):
    file = archive_with(tmp_path / "damaged.tar.gz", **{"manifest.json": b"{}", DATABASE_FILE: content})
    db.db.close()
    code, said = kc("restore", file, "--overwrite")
    assert code == 1 and "is damaged" in said
    with db.connection():
        assert KnowledgeArticle.get().title == "เทคนิคเยี่ยมลูกค้า"


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08broken"])
def test_restore_refuses_what_is_no_backup(kc, elsewhere, tmp_path, content):
    (tmp_path / "bad.tar.gz").write_bytes(content)
    code, said = kc("restore", tmp_path / "bad.tar.gz", "--overwrite", **elsewhere)
    assert code == 1 and "cannot be used" in said


def test_restore_refuses_another_kind_of_database(kc, elsewhere, tmp_path):
    other = "kc.sqlite3" if POSTGRES else "kc.sql"
    file = archive_with(tmp_path / "other.tar.gz", **{"manifest.json": b"{}", other: b""})
    code, said = kc("restore", file, "--overwrite", **elsewhere)
    assert code == 1 and "is no backup of a" in said


# ---- serve ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(bool(POSTGRES), reason="SQLite is enough")
def test_serve_makes_what_is_missing_answers_and_stops_when_told(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KC_")}
    own = {"KC_DATA_DIR": str(tmp_path / "var"), "KC_SEARCH_DIR": str(tmp_path / "index"), "PORT": str(port)}
    command = [sys.executable, "-m", "kc", "serve"]
    server = subprocess.Popen(command, env=kept | own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        health = json.loads(_first_answer(f"http://127.0.0.1:{port}/healthz", server))
        assert health["status"] == "ok"
        assert b'name="employee_id"' in _first_answer(f"http://127.0.0.1:{port}/login", server)
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}" in said.decode()
    assert (tmp_path / "var" / "kc.sqlite3").exists()


def _first_answer(address: str, server: subprocess.Popen) -> bytes:
    for _ in range(300):
        assert server.poll() is None, "kc serve ended"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
