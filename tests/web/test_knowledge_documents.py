"""The official form, the summary and the slides made from what was typed, to download or to attach."""

import io
import zipfile
from urllib.parse import unquote

import pytest

from kc.models import Attachment, KnowledgeArticle
from tests import factories

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


def test_readers_cannot_attach(cast, login_as, article):
    assert (
        login_as(cast.outsider).post(f"/knowledge/{article.id}/documents", data={"what": "slides"}).status_code == 403
    )
