"""The official form, the summary and the slides made from what was typed, to download or to attach."""

import io
import zipfile
from urllib.parse import unquote

import pytest

from kc.documents import exchange_form_docx
from kc.models import Attachment, KnowledgeArticle, MadeDocument
from kc.services import article_documents, attachments
from tests import factories
from tests.documents.conftest import make_form
from tests.documents.test_pdf import read

STARTS = {"form_pdf": b"%PDF-", "form_docx": b"PK", "one_page": b"%PDF-", "slides": b"PK"}


@pytest.fixture
def article(cast):
    return factories.make_article(
        "เยี่ยม/ก่อน: ครบกำหนด?", cast.author, status="published", community=cast.community, unit=cast.branch
    )


@pytest.mark.parametrize("what", STARTS)
def test_readers_download_what_is_made_now(cast, login_as, article, what):
    answer = login_as(cast.outsider).get(f"/knowledge/{article.id}/documents/{what}", buffered=True)
    assert answer.status_code == 200 and answer.data.startswith(STARTS[what])
    name = unquote(answer.headers["Content-Disposition"])
    assert name.startswith("attachment") and "เยี่ยม ก่อน ครบกำหนด" in name


def test_word_form_carries_the_official_words(cast, login_as, article):
    """What was typed becomes the official form (S0-144, S0-172)."""
    data = login_as(cast.outsider).get(f"/knowledge/{article.id}/documents/form_docx", buffered=True).data
    text = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    for words in ("แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)", "บ้านนา", "สนจ. ลำน้ำใส", "ออกเยี่ยมลูกค้าเป็นกลุ่ม"):
        assert words in text


def test_documents_of_drafts_are_hidden(cast, login_as, article):
    KnowledgeArticle.update(status="draft").execute()
    assert login_as(cast.outsider).get(f"/knowledge/{article.id}/documents/form_pdf").status_code == 404
    assert login_as(cast.outsider).post(f"/knowledge/{article.id}/documents").status_code == 404
    assert login_as(cast.author).get(f"/knowledge/{article.id}/documents/virus").status_code == 404


def test_made_and_attached_in_one_click(cast, login_as, article):
    KnowledgeArticle.update(status="draft").execute()
    client = login_as(cast.author)
    for what in ("form_docx", "slides", "form_docx"):
        assert client.post(f"/knowledge/{article.id}/documents", data={"what": what}).status_code == 303
    assert sorted(row.kind for row in Attachment.select()) == ["exchange_form", "summary"]
    assert client.post(f"/knowledge/{article.id}/documents", data={"what": "x"}).status_code == 422
    page = client.get(f"/knowledge/{article.id}").text
    assert "เนื้อหาครบ เผยแพร่ได้" in page and "ควรแนบ" not in page


def test_both_required_files_in_one_click_and_again(cast, login_as, article):
    """The two files the circular asks for: the form and a summary (S0-174, S0-175)."""
    KnowledgeArticle.update(status="draft").execute()
    client, address = login_as(cast.author), f"/knowledge/{article.id}/documents"
    assert "สร้างและแนบเอกสารที่ต้องมีทั้งสองไฟล์" in client.get(f"/knowledge/{article.id}/edit").text
    assert client.post(address, data={"what": "both"}).status_code == 303
    first = {row.kind: row.filename for row in Attachment.select()}
    assert sorted(first) == ["exchange_form", "summary"] and all(name.endswith(".pdf") for name in first.values())
    client.post(address, data={"what": "both"})  # nothing changed: nothing more
    KnowledgeArticle.update(title="ชื่อใหม่ของเรื่อง", method="ทำอีกแบบหนึ่ง").execute()
    client.post(address, data={"what": "both"})  # and under its new name it still takes the old one's place
    rows = list(Attachment.select())
    assert len(rows) == 2 and all("ชื่อใหม่ของเรื่อง" in row.filename for row in rows)
    assert MadeDocument.select().count() == 2
    page = client.get(f"/knowledge/{article.id}").text
    assert "ควรแนบ" not in page


def test_a_person_s_own_file_is_never_replaced(cast, login_as, article):
    KnowledgeArticle.update(status="draft").execute()
    client, address = login_as(cast.author), f"/knowledge/{article.id}"
    client.post(f"{address}/documents", data={"what": "form_docx"})
    made = Attachment.get()
    edited = exchange_form_docx(make_form())
    mine = attachments.store(edited, made.filename, by=cast.author, article=article)
    KnowledgeArticle.update(results="ผลใหม่").execute()
    client.post(f"{address}/documents", data={"what": "form_docx"})
    kept = {row.id for row in Attachment.select()}
    assert mine.id in kept and made.id not in kept and len(kept) == 2


def test_the_very_same_file_brought_by_a_person_stays_theirs(cast, app, article):
    data, name = article_documents.make(article, "one_page", organisation="ก", address="https://x/1")
    own = attachments.store(data, name, by=cast.author, article=article)
    article_documents.attach(cast.author, article, "one_page", organisation="ก", address="https://x/1")
    assert not MadeDocument.select().exists() and Attachment.get().id == own.id


def test_printed_as_asked(cast, login_as, article):
    client, address = login_as(cast.outsider), f"/knowledge/{article.id}/documents/form_pdf"
    assert "พิมพ์แบบฟอร์มแบบอื่น" in client.get(f"/knowledge/{article.id}").text
    text, _pages, _pictures = read(client.get(address, buffered=True).data)
    assert "1.ที่มา" in text and "ลงชื่อ" not in text
    data = client.get(f"{address}?options=1&thai_digits=1&signatures=1&archive=1", buffered=True).data
    text, _pages, _pictures = read(data)
    assert "๑.ที่มา" in text and "ลงชื่อ" in text and b"pdfaid" in data


def test_the_settings_say_what_is_usual(cast, login_as, article):
    article_documents.configure(thai_digits=True, signatures=True)
    try:
        client = login_as(cast.outsider)
        text, _pages, _pictures = read(client.get(f"/knowledge/{article.id}/documents/form_pdf", buffered=True).data)
        assert "๑.ที่มา" in text and "ลงชื่อ" in text
        plain = client.get(f"/knowledge/{article.id}/documents/form_pdf?options=1", buffered=True).data
        assert "1.ที่มา" in read(plain)[0] and "ลงชื่อ" not in read(plain)[0]
    finally:
        article_documents.configure(thai_digits=False, signatures=False)


def test_authors_get_their_certificate(cast, login_as, article):
    """Who published what their community learned is recognised with a certificate (S0-281)."""
    address = f"/knowledge/{article.id}/certificates/"
    client = login_as(cast.author)
    assert f"{address}{cast.author.id}" in client.get(f"/knowledge/{article.id}").text
    answer = client.get(f"{address}{cast.author.id}", buffered=True)
    text, pages, _pictures = read(answer.data)
    assert pages == 1 and "เกียรติบัตร" in text and cast.author.last_name in text
    assert "เกียรติบัตร" in unquote(answer.headers["Content-Disposition"])
    assert login_as(cast.officer).get(f"{address}{cast.outsider.id}").status_code == 404  # wrote nothing here
    KnowledgeArticle.update(status="draft").execute()
    assert login_as(cast.author).get(f"{address}{cast.author.id}").status_code == 404


def test_readers_cannot_attach(cast, login_as, article):
    assert (
        login_as(cast.outsider).post(f"/knowledge/{article.id}/documents", data={"what": "slides"}).status_code == 403
    )
