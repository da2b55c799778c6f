"""The commands: search, reindex, check, import-knowledge."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from kc import search
from kc.models import KnowledgeArticle
from tests.conftest import run_command

LINES = (
    {"id": "d1", "title": "ลดหนี้ค้างชำระ", "text": "เยี่ยมลูกหนี้ถึงบ้านก่อนวันครบกำหนด"},
    {"id": "d2", "title": "ข้าวหอมมะลิ", "text": "ชาวนาขายข้าวได้ราคาดี"},
    {"id": "d3", "title": "ประหยัดไฟฟ้า", "text": "ปิดแอร์ก่อนเลิกงาน"},
)


@pytest.fixture
def kc(app: Flask, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """kc("search", "คำ") -> what the command did, in this test's own folders."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, code: int = 0) -> Result:
        result = run_command(*words, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def loaded(kc: Callable[..., Result], tmp_path: Path) -> Path:
    file = tmp_path / "docs.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES), encoding="utf-8")
    result = kc("import-knowledge", str(file))
    assert "3 documents (3 new" in result.output and "documents/s" in result.output
    return file


def test_search_prints_hits(kc: Callable[..., Result], loaded: Path) -> None:
    shown = kc("search", "ลูกหนี้").output
    assert "1 hits" in shown and "d1" in shown and "ลดหนี้ค้างชำระ" in shown
    answer = json.loads(kc("search", "ข้าว", "--json", "--limit", "1").output)
    assert answer["total"] == 1 and answer["results"][0]["external_id"] == "d2"
    assert "<mark>ข้าว</mark>" in answer["results"][0]["snippet"]


def test_search_batch(kc: Callable[..., Result], loaded: Path, tmp_path: Path) -> None:
    asked, out = tmp_path / "q.jsonl", tmp_path / "r.jsonl"
    questions = [("q1", "ลูกหนี้"), ("q2", "ราคาข้าว"), ("q3", "ควอนตัม"), ("q4", "")]
    asked.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in questions))
    kc("search", "--batch", str(asked), "--limit", "2", "--out", str(out))
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["query"] for row in rows] == ["q1", "q2", "q3", "q4"]
    assert [row["ids"] for row in rows[:3]] == [["d1"], ["d2"], []]
    assert rows[3]["total"] == 3 and len(rows[3]["ids"]) == 2
    assert all(isinstance(row["ms"], float) and row["total"] >= len(row["ids"]) for row in rows)


def test_batch_needs_out_and_names_a_bad_line(kc: Callable[..., Result], loaded: Path, tmp_path: Path) -> None:
    asked = tmp_path / "q.jsonl"
    asked.write_text('{"id": "q1", "text": "ข้าว"}\nnonsense\n')
    assert "--out" in kc("search", "--batch", str(asked), code=2).output
    assert "line 2" in kc("search", "--batch", str(asked), "--out", str(tmp_path / "r"), code=1).output
    kc("search", code=2)


def test_reindex_in_its_three_ways(kc: Callable[..., Result], loaded: Path, settings: dict[str, str]) -> None:
    assert "3 documents" in kc("reindex").output
    assert "up to date" in kc("reindex", "--if-needed").output
    shutil.rmtree(settings["KC_SEARCH_DIR"])
    assert "rebuilt" in kc("reindex", "--if-needed").output
    KnowledgeArticle.update(title="เรื่องใหม่").where(KnowledgeArticle.external_id == "d1").execute()
    assert "1 outdated" in kc("reindex", "--changed").output
    assert search.search("เรื่องใหม่").total == 1
    kc("reindex", "--changed", "--if-needed", code=2)


def test_check_tells_every_difference(kc: Callable[..., Result], loaded: Path) -> None:
    assert "agree" in kc("check").output
    KnowledgeArticle.update(title="เปลี่ยน").where(KnowledgeArticle.external_id == "d1").execute()
    KnowledgeArticle.update(status="retired").where(KnowledgeArticle.external_id == "d2").execute()
    told = kc("check", code=1).output
    assert "is outdated" in told and "has no row" in told and "2 differences" in told


def test_a_bad_import_says_line_and_reason(kc: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"id": "1", "title": "ก", "text": "ก"}\n{"id": "2"}\n')
    told = kc("import-knowledge", str(file), code=1).output
    assert "2" in told and "title" in told
    assert KnowledgeArticle.select().count() == 0
