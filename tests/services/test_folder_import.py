"""A whole old repository: rows and files matched, forms placed, nothing twice, bad rows named, killed and gone on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask

from kc import db, documents, search
from kc.models import ArticleAuthor, Attachment, AuditEntry, KnowledgeArticle, SearchOutbox, Topic, UnplacedText
from kc.services import articles, folder_import
from kc.services.folder_import import import_folder
from kc.services.folder_report import Result, write_report
from kc.spreadsheet import read_xlsx, write_xlsx
from tests import factories
from tests.conftest import count_queries, run_command
from tests.documents.conftest import make_form
from tests.documents.test_old_forms import HEADINGS, TEXTS, TITLE

HEAD = ["ไฟล์/โฟลเดอร์", "ชื่อเรื่อง", "ประเด็น/หัวข้อ", "หน่วยงาน", "ปี", "ผู้จัดทำ"]


def write_docx(file: Path, *texts: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(str(file))
    return file


def write_form(file: Path, title: str = "") -> Path:
    five = [line for n in range(5) for line in (f"{n + 1}. {HEADINGS[n]}", TEXTS[n])]
    return write_docx(file, TITLE, f"ชุมชนนักปฏิบัติเรื่อง {title}", *five)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "คลังเก่า"
    folder.mkdir()
    return folder


@pytest.fixture
def bring(tree: Path, tmp_path: Path) -> Callable[..., Result]:
    def run(*rows: list[Any], head: list[str] = HEAD, **how: Any) -> Result:
        file = tmp_path / "รายการ.xlsx"
        file.write_bytes(write_xlsx({"รายการ": (head, [list(row) for row in rows])}))
        result = import_folder(tree, file, **how)
        search.catch_up()
        return result

    return run


def states(result: Result) -> list[str]:
    return [outcome.state for outcome in result.outcomes]


def test_a_form_is_placed_and_found(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    """Documents that lay scattered become knowledge that everyone finds (S0-10)."""
    unit, person = factories.make_unit("สาขาท่าม่วง"), factories.make_employee("มาลี ใจดี")
    topic = factories.make_topic("NPLs", year=factories.make_year(2560))
    made = make_form()
    (tree / "2560").mkdir()
    (tree / "2560" / "แบบฟอร์ม.docx").write_bytes(documents.exchange_form_docx(made))
    result = bring(["2560/แบบฟอร์ม.docx", "ลดหนี้ค้าง", "NPLs", "ท่าม่วง", "๒๕๖๐", "น.ส.มาลี ใจดี, นายไม่มี ใครรู้จัก"])
    article = KnowledgeArticle.get()
    assert states(result) == ["done"] and result.outcomes[0].article == article.id
    assert "นายไม่มี ใครรู้จัก" in result.outcomes[0].told
    assert (article.title, article.status, article.unit, article.topic) == ("ลดหนี้ค้าง", "published", unit, topic)
    assert (article.fiscal_year.year, article.results_on) == (2560, date(2025, 1, 31))
    assert article.published_on == date(2025, 1, 31)
    assert article.background == made.background and "(/attachments/" in article.method
    assert article.body == "ชุมชน: คนอ้อยปากช่อง\n\nผู้จัดทำ: นายไม่มี ใครรู้จัก"
    assert [a.employee for a in ArticleAuthor.select()] == [person]
    assert len(articles.measures_of(article)) == 2
    assert {row.kind for row in Attachment.select()} == {"exchange_form", "picture"}
    assert [hit.id for hit in search.search("ไร่อ้อยของสาขา").hits] == [article.id]
    assert AuditEntry.select().where(AuditEntry.action == "article.imported").count() == 1


def test_other_documents_come_in_as_one_part(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    write_docx(tree / "บันทึก.docx", "วิธีเลี้ยงปลานิลในกระชัง", "ให้อาหารวันละสองครั้ง")
    (tree / "ข้อความ.txt").write_text("เล่าเรื่องสวนยาง", encoding="cp874")
    result = bring(["บันทึก.docx", "", "", "", "", ""], ["ข้อความ", "สวนยาง", "", "", "2017", ""])
    assert states(result) == ["done", "done"]
    first, second = KnowledgeArticle.select().order_by(KnowledgeArticle.id)
    assert (first.title, first.body) == ("บันทึก", "วิธีเลี้ยงปลานิลในกระชัง\n\nให้อาหารวันละสองครั้ง")
    assert (second.body, second.fiscal_year.year) == ("เล่าเรื่องสวนยาง", 2560)
    assert second.published_on == second.fiscal_year.ends_on
    assert search.search("ปลานิล").total >= 1


def test_a_folder_is_one_piece_of_knowledge_with_all_its_files(
    app: Flask, tree: Path, bring: Callable[..., Result]
) -> None:
    write_docx(tree / "เรื่องที่ 1" / "ก สรุป.docx", "สรุปย่อ")
    write_form(tree / "เรื่องที่ 1" / "แบบฟอร์มแลกเปลี่ยนเรียนรู้.docx", "ออมวันละบาท")
    (tree / "เรื่องที่ 1" / "~$lock.docx").write_bytes(b"x")
    write_docx(tree / "ไม่อยู่ในรายการ.docx", "ก")
    result = bring(["เรื่องที่ 1", None, None, None, None, None])
    article = KnowledgeArticle.get()
    assert (article.title, article.goals) == ("ออมวันละบาท", TEXTS[1])
    assert {row.filename for row in Attachment.select()} == {"ก สรุป.docx", "แบบฟอร์มแลกเปลี่ยนเรียนรู้.docx"}
    assert result.unlisted == ["ไม่อยู่ในรายการ.docx"]


def test_drafts_keep_what_has_no_field_beside_them(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    write_docx(tree / "ก.docx", "เรียน ผู้จัดการ", TITLE, f"1. {HEADINGS[0]}", TEXTS[0])
    bring(["ก.docx", "เรื่อง ก", "", "", "", ""], status="draft")
    article = KnowledgeArticle.get()
    assert (article.status, article.published_on, article.body) == ("draft", None, "")
    assert [row.text for row in UnplacedText.select()] == ["เรียน ผู้จัดการ"]
    assert search.search("เรื่อง ก").total == 0


def test_again_brings_nothing_twice_and_leaves_edits_alone(
    app: Flask, tree: Path, bring: Callable[..., Result]
) -> None:
    write_form(tree / "ก.docx", "ออม")
    write_form(tree / "ข.docx", "หนี้")
    assert states(bring(["ก.docx", "", "", "", "", ""])) == ["done"]
    KnowledgeArticle.update(goals="แก้แล้ว").execute()
    result = bring(["ก.docx", "ชื่ออื่น", "", "", "", ""], ["ข.docx", "", "", "", "", ""])
    assert states(result) == ["skipped", "done"]
    assert KnowledgeArticle.get(KnowledgeArticle.title == "ออม").goals == "แก้แล้ว"
    assert (KnowledgeArticle.select().count(), Attachment.select().count()) == (2, 2)


def test_a_changed_file_is_attached_to_the_same_knowledge(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    row = ["ก.docx", "ออม", "", "", "", ""]
    write_form(tree / "ก.docx", "ออม")
    bring(row)
    write_docx(tree / "ก.docx", "ฉบับใหม่")
    assert states(bring(row)) == ["updated"]
    assert states(bring(row)) == ["skipped"]
    article = KnowledgeArticle.get()
    assert article.goals == TEXTS[1] and Attachment.select().count() == 2


def test_bad_rows_are_named_and_the_rest_comes_in(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    for name in ("ก", "ข", "ค", "ง", "จ", "ฉ", "ช"):
        write_docx(tree / f"{name}.docx", name)
    write_docx(tree / "ซ้ำ" / "ท.docx", "ฉบับหนึ่ง")
    write_docx(tree / "อื่น" / "ท.docx", "อีกฉบับ")
    (tree / "เก่า.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    factories.make_unit("สาขากลาง"), factories.make_unit("กลาง")
    result = bring(
        ["หาย.docx", "", "", "", "", ""],
        ["ข.docx", "", "ไม่มีประเด็นนี้", "", "2560", ""],
        ["ค.docx", "", "", "สาขาที่ไหน", "", ""],
        ["ง.docx", "", "", "", "ปีกลาย", ""],
        ["จ.docx", "ดี", "", "", "", ""],
        ["จ.docx", "ซ้ำ", "", "", "", ""],
        ["", "ไม่มีไฟล์", "", "", "", ""],
        ["เก่า.doc", "", "", "", "", ""],
        ["ท.docx", "", "", "", "", ""],
        ["ฉ.docx", "", "", "กลาง", "", ""],
    )
    assert [o.number for o in result.outcomes] == list(range(2, 12))
    assert states(result) == ["fault"] * 4 + ["done"] + ["fault"] * 5
    told = {o.number: o.told for o in result.outcomes}
    for number, words in {
        2: "ไม่พบไฟล์หรือโฟลเดอร์ “หาย.docx”",
        3: "ไม่มีประเด็นเรียนรู้ “ไม่มีประเด็นนี้”",
        4: "ไม่พบหน่วยงาน “สาขาที่ไหน”",
        5: "ปี “ปีกลาย”",
        7: "ไฟล์เดียวกับแถวที่ 6",
        8: "ไม่ได้ระบุไฟล์หรือโฟลเดอร์",
        9: "Office รุ่นเก่า",
        10: "มีไฟล์ชื่อ “ท.docx” มากกว่าหนึ่ง",
        11: "มีหน่วยงานชื่อ “กลาง” มากกว่าหนึ่ง",
    }.items():
        assert words in told[number]
    assert KnowledgeArticle.get().title == "ดี"


def test_new_topics_only_when_asked(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    for name in ("ก", "ข"):
        write_docx(tree / f"{name}.docx", name)
    rows = [[f"{name}.docx", "", "Smart Farmer", "", "2559", ""] for name in ("ก", "ข")]
    assert states(bring(*rows)) == ["fault", "fault"]
    assert states(bring(*rows, new_topics=True)) == ["done", "done"]
    assert [(t.name, t.fiscal_year.year, t.series == t.id) for t in Topic.select()] == [("Smart Farmer", 2559, True)]


def test_a_dry_run_writes_nothing(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    write_form(tree / "ก.docx", "ออม")
    result = bring(["ก.docx", "", "", "", "2555", ""], ["หาย", "", "", "", "", ""], dry_run=True)
    assert states(result) == ["done", "fault"]
    assert KnowledgeArticle.select().count() == Attachment.select().count() == AuditEntry.select().count() == 0


def test_a_list_in_english_as_csv(app: Flask, tree: Path, tmp_path: Path) -> None:
    write_docx(tree / "a" / "Note.DOCX", "Soil and water")
    listing = tree / "list.csv"
    listing.write_text("Folder,File,Title,Year,Date\nA\\,note.docx,Soil,2018,31/12/2018\n", encoding="utf-8")
    result = import_folder(tree, listing)
    article = KnowledgeArticle.get()
    assert states(result) == ["done"] and result.unlisted == []
    assert (article.title, article.fiscal_year.year, article.published_on) == ("Soil", 2561, date(2018, 12, 31))


def test_links_that_lead_out_are_not_followed(
    app: Flask, tree: Path, tmp_path: Path, bring: Callable[..., Result]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("ลับ", encoding="utf-8")
    (tree / "link.txt").symlink_to(secret)
    assert states(bring(["link.txt", "", "", "", "", ""], ["../secret.txt", "", "", "", "", ""])) == ["fault", "fault"]


def test_statements_do_not_grow_with_what_is_there(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    names = [f"{n}.docx" for n in range(12)]
    for name in names:
        write_docx(tree / name, f"เรื่องที่ {name}")
    with count_queries() as one:
        bring([names[0], "", "", "", "", ""])
    bring(*[[name, "", "", "", "", ""] for name in names[:11]])
    with count_queries() as last:
        bring(*[[name, "", "", "", "", ""] for name in names])
    assert len(last) <= len(one) + 2  # eleven rows skipped, one brought in


def test_the_report_as_xlsx_and_csv(app: Flask, tree: Path, tmp_path: Path, bring: Callable[..., Result]) -> None:
    write_docx(tree / "=1+1.docx", "ก")
    result = bring(["=1+1.docx", "=ออม", "", "", "", ""], ["หาย", "", "", "", "", ""])
    write_report(result, tmp_path / "r.xlsx")
    rows = read_xlsx((tmp_path / "r.xlsx").read_bytes(), 100, 20)
    assert rows[0] == ["แถว", "ไฟล์หรือโฟลเดอร์", "ชื่อเรื่อง", "ผล", "รายละเอียด", "เลขที่องค์ความรู้"]
    assert rows[1][:4] == ["2", "=1+1.docx", "=ออม", "นำเข้าแล้ว"] and rows[2][3] == "นำเข้าไม่ได้"
    write_report(result, tmp_path / "r.csv")
    assert "'=ออม" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")


class Killed(BaseException):
    pass


def test_stopped_in_the_middle_it_goes_on(app: Flask, tree: Path, bring: Callable[..., Result]) -> None:
    names = [f"{n}.docx" for n in range(4)]
    for name in names:
        write_form(tree / name, name)
    rows = [[name, "", "", "", "", ""] for name in names]

    def stop(_n: int) -> None:
        if KnowledgeArticle.select().count() == 2:
            raise Killed

    with pytest.raises(Killed):
        bring(*rows, progress=stop)
    assert sorted(states(bring(*rows))) == ["done", "done", "skipped", "skipped"]
    assert KnowledgeArticle.select().count() == Attachment.select().count() == 4


# ---- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def kc(app: Flask, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """kc("import-folder", …) on the test's own database."""
    for name in [name for name in os.environ if name.startswith("KC_") and not name.startswith("KC_TEST_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return run_command


def test_the_command_reports_and_says_by_its_exit_code(
    app: Flask, tree: Path, tmp_path: Path, kc: Callable[..., Any]
) -> None:
    write_form(tree / "ก.docx", "ออม")
    listing = tmp_path / "list.xlsx"
    listing.write_bytes(write_xlsx({"l": (["ไฟล์", "ชื่อเรื่อง"], [["ก.docx", ""], ["หาย.docx", ""]])}))
    answer = kc("import-folder", str(tree), "--list", str(listing))
    assert answer.exit_code == 1
    assert "2 rows: 1 done, 0 updated, 0 skipped, 1 faults" in answer.output
    assert "row 3: ไม่พบไฟล์หรือโฟลเดอร์ “หาย.docx”" in answer.output
    assert (tmp_path / "list-report.xlsx").exists()
    listing.write_bytes(write_xlsx({"l": (["ไฟล์"], [["ก.docx"]])}))
    again = kc("import-folder", str(tree), "--list", str(listing), "--report", str(tmp_path / "r.csv"))
    assert again.exit_code == 0 and "1 skipped" in again.output and (tmp_path / "r.csv").exists()
    assert SearchOutbox.select().count() == 0
    listing.write_bytes(write_xlsx({"l": (["ชื่อเรื่อง", "ปี"], [["ก", "2560"]])}))
    wrong = kc("import-folder", str(tree), "--list", str(listing))
    assert wrong.exit_code == 1 and "ไม่พบคอลัมน์ ไฟล์ หรือ โฟลเดอร์" in wrong.output


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL") or bool(os.environ.get("KC_TEST_DATABASE_URL")), reason="SQLite, POSIX"
)
def test_killed_outright_it_goes_on(app: Flask, settings: dict[str, str], tree: Path, tmp_path: Path) -> None:
    names = [f"{n}.docx" for n in range(8)]
    for name in names:
        write_form(tree / name, name)
    listing = tmp_path / "list.xlsx"
    listing.write_bytes(write_xlsx({"l": (["ไฟล์"], [[name] for name in names])}))
    command = [sys.executable, "-m", "kc", "import-folder", str(tree), "--list", str(listing)]
    environment = os.environ | settings
    root = Path(db.__file__).parent.parent
    first = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while KnowledgeArticle.select().count() < 2 and time.monotonic() < deadline and first.poll() is None:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = KnowledgeArticle.select().count()
    assert 2 <= before < 8
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{8 - before} done, 0 updated, {before} skipped" in done.stdout
    assert KnowledgeArticle.select().count() == Attachment.select().count() == 8
    assert all(article.goals == TEXTS[1] for article in KnowledgeArticle.select())


# ---- several repositories, rows that fail ----------------------------------------------------------------------------


def listed(tmp_path: Path, *rows: list[str], name: str = "list.xlsx") -> Path:
    heads = ["ไฟล์/โฟลเดอร์", "ชื่อเรื่อง", "ประเด็น/หัวข้อ", "ปี"]
    file = tmp_path / name
    file.write_bytes(write_xlsx({"รายการ": (heads, [row + [""] * (len(heads) - len(row)) for row in rows])}))
    return file


def test_two_repositories_that_call_their_files_the_same_are_two(app: Flask, tmp_path: Path) -> None:
    for branch in ("สาขา ก", "สาขา ข"):
        write_docx(tmp_path / branch / "2567" / "01.docx", f"เรื่องของ{branch}")
        result = import_folder(tmp_path / branch, listed(tmp_path, ["2567/01.docx", f"เรื่องของ{branch}"]))
        assert states(result) == ["done"]
    assert {row.title for row in KnowledgeArticle.select()} == {"เรื่องของสาขา ก", "เรื่องของสาขา ข"}


def test_two_folders_of_one_name_are_told_and_a_name_parts_them(app: Flask, tmp_path: Path) -> None:
    for branch in ("ก", "ข"):
        write_docx(tmp_path / branch / "เอกสาร" / "01.docx", f"เนื้อหาของ {branch}")
    import_folder(tmp_path / "ก" / "เอกสาร", listed(tmp_path, ["01.docx", "เลี้ยงโค"]))
    other = listed(tmp_path, ["01.docx", "ปลูกข้าว"], name="other.xlsx")
    result = import_folder(tmp_path / "ข" / "เอกสาร", other)
    assert states(result) == ["fault"] and "เลี้ยงโค" in result.outcomes[0].told and "--name" in result.outcomes[0].told
    assert states(import_folder(tmp_path / "ข" / "เอกสาร", other, name="สาขา ข")) == ["done"]
    assert Attachment.select().count() == 2


def test_a_file_added_to_a_folder_belongs_to_the_same_knowledge(app: Flask, tmp_path: Path) -> None:
    write_docx(tmp_path / "คลัง" / "เรื่อง" / "ก.docx", "เนื้อหา ก")
    rows = listed(tmp_path, ["เรื่อง", "เรื่องหนึ่ง"])
    import_folder(tmp_path / "คลัง", rows)
    write_docx(tmp_path / "คลัง" / "เรื่อง" / "ข.docx", "เนื้อหา ข")
    assert states(import_folder(tmp_path / "คลัง", rows)) == ["updated"]
    assert KnowledgeArticle.select().count() == 1 and Attachment.select().count() == 2


def test_a_row_that_fails_takes_no_other_row_of_its_topic_with_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "คลัง"
    for name in ("1", "2"):
        write_docx(folder / f"{name}.docx", f"เนื้อหา {name}")
    rows = listed(tmp_path, ["1.docx", "หนึ่ง", "ประเด็นใหม่", "2569"], ["2.docx", "สอง", "ประเด็นใหม่", "2569"])
    real, failed = folder_import._Importer._insert, []

    def once(importer: Any, *args: Any) -> Any:
        if not failed:
            failed.append(True)
            raise OSError(28, "No space left on device")
        return real(importer, *args)

    monkeypatch.setattr("kc.services.folder_import._Importer._insert", once)
    result = import_folder(folder, rows, new_topics=True)
    assert states(result) == ["fault", "done"]
    assert states(import_folder(folder, rows, new_topics=True)) == ["done", "skipped"]
    assert Topic.select().where(Topic.name == "ประเด็นใหม่").count() == 1
