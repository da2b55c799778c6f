"""Importing knowledge: all or nothing, bad lines by number, repeatable."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kc import db, search
from kc.models import ArticleAuthor, Attachment, AuditEntry, FiscalYear, KnowledgeArticle, SearchOutbox
from kc.services.knowledge_import import BadImport, Report, import_file
from tests import factories
from tests.conftest import count_queries

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def lines(*records: Any) -> Path:
        file = tmp_path / "knowledge.jsonl"
        texts = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
        file.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return file

    return lines


def load(file: Path, **how: Any) -> Report:
    report = import_file(file, **how)
    search.catch_up()
    return report


def test_text_goes_to_the_body_and_is_found(app: Flask, write: Callable[..., Path]) -> None:
    report = load(write({"id": "a-1", "title": "ลดหนี้", "text": "เยี่ยมลูกหนี้ถึงบ้าน"}))
    article = KnowledgeArticle.get()
    assert (report.new, report.changed, report.unchanged) == (1, 0, 0)
    assert (article.external_id, article.body, article.status) == ("a-1", "เยี่ยมลูกหนี้ถึงบ้าน", "published")
    assert article.published_on is not None and article.kind == "best_practice"
    assert [hit.external_id for hit in search.search("ลูกหนี้").hits] == ["a-1"]
    assert AuditEntry.select().where(AuditEntry.action == "article.imported").count() == 1


def test_everything_a_line_may_say(app: Flask, write: Callable[..., Path], tmp_path: Path) -> None:
    unit, year = factories.make_unit("สาขาทุ่งกุลา"), factories.make_year(2567)
    topic, person = factories.make_topic("ธุรกิจชุมชน", year=year), factories.make_employee("ดวงใจ รักษ์ป่า")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "สรุป.pdf").write_bytes(PDF)
    file = write(
        {
            "id": 7,
            "title": "ป่าชุมชน",
            "background": "ป่าหาย",
            "goals": "ปลูกคืน",
            "target_group": "ชาวบ้าน",
            "method": "ปลูกเดือนละครั้ง",
            "results": "ป่ากลับมา",
            "results_on": "2025-02-03",
            "published_on": "2025-03-04",
            "topic": "ธุรกิจชุมชน",
            "unit": unit.code,
            "fiscal_year": "๒๕๖๗",
            "kind": "story",
            "authors": [person.employee_id],
            "attachments": ["สรุป.pdf"],
        }
    )
    report = load(file, attachments_dir=tmp_path / "files")
    article = KnowledgeArticle.get()
    assert article.external_id == "7" and report.files == 1
    assert (article.topic, article.unit, article.fiscal_year) == (topic, unit, year)
    assert (str(article.results_on), str(article.published_on), article.kind) == ("2025-02-03", "2025-03-04", "story")
    assert [row.employee for row in ArticleAuthor.select()] == [person]
    assert Attachment.get().filename == "สรุป.pdf"
    again = load(file, attachments_dir=tmp_path / "files")
    assert (again.new, again.changed, again.unchanged, again.files) == (0, 0, 1, 0)


def test_repeating_updates_by_id(app: Flask, write: Callable[..., Path]) -> None:
    load(write({"id": "1", "title": "ข้าว", "text": "หนึ่ง"}, {"id": "2", "title": "ถั่ว", "text": "สอง"}))
    before = KnowledgeArticle.get(external_id="1")
    report = load(write({"id": "1", "title": "ข้าวโพด", "text": "หนึ่ง"}, {"id": "2", "title": "ถั่ว", "text": "สอง"}))
    after = KnowledgeArticle.get(external_id="1")
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    assert (after.id, after.title, after.version) == (before.id, "ข้าวโพด", before.version + 1)
    assert after.published_on == before.published_on
    assert [hit.id for hit in search.search("ข้าวโพด").hits] == [before.id]


def test_drafts_stay_hidden(app: Flask, write: Callable[..., Path]) -> None:
    load(write({"id": "1", "title": "ข้าว", "text": "หนึ่ง"}), status="draft")
    assert KnowledgeArticle.get().published_on is None
    assert search.search("ข้าว").total == 0


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("{", "JSON"),
        ("[]", "JSON"),
        ({"title": "ไม่มีรหัส", "text": "ก"}, "id"),
        ({"id": "x", "text": "ก"}, "title"),
        ({"id": "x", "title": "ว่าง"}, "text"),
        ({"id": "x", "title": "ว่าง", "text": "  "}, "text"),
        ({"id": "x", "title": ["ก"], "text": "ก"}, "title"),
        ({"id": "x", "title": "ก", "text": "ก", "topic": "ไม่มีจริง"}, "ไม่มีจริง"),
        ({"id": "x", "title": "ก", "text": "ก", "unit": "ไม่มีสาขา"}, "ไม่มีสาขา"),
        ({"id": "x", "title": "ก", "text": "ก", "authors": ["0000000"]}, "0000000"),
        ({"id": "x", "title": "ก", "text": "ก", "authors": "0000000"}, "authors"),
        ({"id": "x", "title": "ก", "text": "ก", "kind": "novel"}, "novel"),
        ({"id": "x", "title": "ก", "text": "ก", "published_on": "วันวาน"}, "published_on"),
        ({"id": "x", "title": "ก", "text": "ก", "fiscal_year": "ปีกลาย"}, "fiscal_year"),
        ({"id": "x", "title": "ก", "text": "ก", "attachments": ["a.pdf"]}, "--attachments"),
        ({"id": "ok", "title": "ก", "text": "ก"}, "ok"),  # the same id twice
    ],
)
def test_one_bad_line_and_nothing_is_imported(app: Flask, write: Callable[..., Path], bad: Any, word: str) -> None:
    good = {"id": "ok", "title": "ข้าว", "text": "หนึ่ง", "fiscal_year": 2560}
    with pytest.raises(BadImport) as refused:
        import_file(write(good, "", bad))
    assert len(refused.value.faults) == 1
    assert "3" in refused.value.faults[0] and word in refused.value.faults[0]
    assert KnowledgeArticle.select().count() == SearchOutbox.select().count() == 0
    assert not FiscalYear.select().where(FiscalYear.year == 2560).exists()


@pytest.mark.parametrize("name", ["../secret.pdf", "/etc/passwd", "missing.pdf"])
def test_attachments_stay_inside_their_folder(
    app: Flask, write: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (tmp_path / "files").mkdir()
    with pytest.raises(BadImport):
        import_file(
            write({"id": "1", "title": "ก", "text": "ก", "attachments": [name]}), attachments_dir=tmp_path / "files"
        )


def test_an_empty_file_is_refused(app: Flask, write: Callable[..., Path]) -> None:
    with pytest.raises(BadImport):
        import_file(write(""))


def test_statements_do_not_grow_with_lines(app: Flask, write: Callable[..., Path]) -> None:
    def sent(count: int, start: int) -> int:
        lines = [{"id": f"{n}", "title": f"เรื่อง {n}", "text": "ก"} for n in range(start, start + count)]
        file = write(*lines)
        with count_queries() as statements:
            import_file(file)
        return len(statements)

    few = sent(5, 0)
    assert sent(300, 100) == few
    assert db.db.table_exists("knowledge_article")
