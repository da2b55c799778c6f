"""What takes time with a file happens before the transaction that names it: SQLite has one writer, and others wait."""

import io

import docx
import pytest
from PIL import Image

from kc.db import db
from kc.models import Attachment, AuditEntry, KnowledgeArticle, MadeDocument, UnplacedText
from kc.services import article_documents, attachments, old_forms, reading, virus_scan
from kc.services.folder_import import import_folder
from kc.spreadsheet import write_xlsx
from tests import factories
from tests.documents.test_old_forms import HEADINGS, TEXTS, TITLE
from tests.services.clamd import BAD, Scanner, running


def picture(size=(800, 600)):
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, "JPEG", quality=30)
    return made.getvalue()


def filled_form(*pictures):
    document = docx.Document()
    document.add_paragraph(TITLE)
    for number, (heading, text) in enumerate(zip(HEADINGS, TEXTS, strict=True), start=1):
        document.add_paragraph(f"{number}. {heading}")
        document.add_paragraph(text)
        for data in pictures if number == 4 else ():
            document.add_picture(io.BytesIO(data), width=docx.shared.Cm(5))
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


@pytest.fixture
def outside(monkeypatch):
    """How often a file was prepared, never within a transaction."""
    prepared = []
    real = attachments.prepare

    def watched(*args, **kwargs):
        assert not db.in_transaction(), "others would wait while a file is scanned and written anew"
        prepared.append(args[1])
        return real(*args, **kwargs)

    monkeypatch.setattr(attachments, "prepare", watched)
    return prepared


def test_an_old_form_and_its_pictures(app, cast, outside):
    made, _found = old_forms.take_in(cast.author, io.BytesIO(filled_form(picture(), picture((50, 40)))), "เก่า.docx")
    assert len(outside) == 3 and made[0].attachments.count() == 3


def test_a_row_of_a_folder(app, cast, outside, tmp_path):
    folder = tmp_path / "คลัง" / "เรื่อง"
    folder.mkdir(parents=True)
    for n in range(3):
        (folder / f"{n}.jpg").write_bytes(picture((40 + n, 30)))
    (folder / "เก่า.docx").write_bytes(filled_form(picture()))
    listing = tmp_path / "list.xlsx"
    listing.write_bytes(write_xlsx({"ก": (["โฟลเดอร์", "ชื่อเรื่อง"], [["เรื่อง", "ก"]])}))
    assert [outcome.state for outcome in import_folder(tmp_path / "คลัง", listing).outcomes] == ["done"]
    assert len(outside) == 5


def test_a_virus_in_an_old_form_stays_on_record(app, cast, login_as):
    with running(Scanner()) as scanner:
        virus_scan.configure(scanner.address)
        try:
            data = {"title": "ชื่อที่พิมพ์", "form_file": (io.BytesIO(filled_form() + BAD), "เก่า.docx")}
            answer = login_as(cast.author).post("/knowledge/new/form", data=data)
        finally:
            virus_scan.configure("")
    assert answer.status_code == 422 and "ชื่อที่พิมพ์" in answer.text
    assert AuditEntry.select().where(AuditEntry.action == "attachment.infected").exists()
    assert not KnowledgeArticle.select().exists()


def test_a_picture_that_is_refused_is_said(app, cast):
    old_forms.take_in(cast.author, io.BytesIO(filled_form(picture((7500, 6000)))), "เก่า.docx")
    assert any("มีรูป 1 รูปที่นำออกมาไม่ได้" in row.text for row in UnplacedText.select())


def test_forms_are_read_one_at_a_time_and_the_third_is_asked_to_come_again(app, cast, login_as):
    client = login_as(cast.author)
    for _turn in range(old_forms.MOST_WAITING):
        old_forms._turns.acquire()
    try:
        data = {"title": "ชื่อที่พิมพ์", "form_file": (io.BytesIO(filled_form()), "เก่า.docx")}
        answer = client.post("/knowledge/new/form", data=data)
    finally:
        for _turn in range(old_forms.MOST_WAITING):
            old_forms._turns.release()
    assert answer.status_code == 422 and "ชื่อที่พิมพ์" in answer.text and "อีกครึ่งนาที" in answer.text


def test_a_long_text_comes_in_pieces_a_person_can_deal_with():
    text = "\n\n".join(["ย่อหน้าหนึ่ง" * 20] * 100 + ["ก" * 5000])
    found = old_forms.pieces(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert len(found) < 15 and all(len(piece) <= old_forms.PIECE for piece in found[:-1])


def test_killed_between_attaching_and_noting_a_made_document_it_is_not_doubled(app, cast, monkeypatch):
    article = factories.make_article("เรื่อง", cast.author)
    with monkeypatch.context() as patch:
        patch.setattr(MadeDocument, "create", lambda **_values: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            article_documents.attach(cast.author, article, "slides", organisation="ก", address="https://kc.example/1")
    for goals in ("หนึ่ง", "สอง"):
        article.goals = goals
        article.save()
        article_documents.attach(cast.author, article, "slides", organisation="ก", address="https://kc.example/1")
    assert article.attachments.count() == 1


def test_a_scan_without_text_can_be_read_again(app, cast):
    from benchmarks import papers
    from tests.documents.test_reading_repair import EMPTY_PAGE

    article = factories.make_article("เรื่อง", cast.author)
    row = attachments.store(papers.assembled_pdf(EMPTY_PAGE), "สแกน.pdf", by=cast.author, article=article)
    reading.read_next()
    assert reading.of(row).state == "no_text"
    reading.retry(cast.author, row)
    assert reading.waiting() == 1
    reading.read_next()
    assert reading.retry_failed() == 1


def test_a_picture_that_waits_for_the_scanner_is_in_no_record(app, cast, login_as):
    session = factories.make_session(cast.community)
    virus_scan.configure("127.0.0.1:1")
    try:
        row = attachments.store(picture(), "รูป.jpg", by=cast.author, session=session)
    finally:
        virus_scan.configure("")
    assert row.is_quarantined
    address = f"/communities/{cast.community.id}/sessions/{session.id}/record.docx"
    made = docx.Document(io.BytesIO(login_as(cast.author).get(address, buffered=True).data))
    assert not made.inline_shapes
    Attachment.update(scan="").execute()
    made = docx.Document(io.BytesIO(login_as(cast.author).get(address, buffered=True).data))
    assert len(made.inline_shapes) == 1
