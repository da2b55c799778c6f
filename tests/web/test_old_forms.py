"""An old form dropped on "new knowledge": fields, files, what has no field, and files that are refused."""

import io
from datetime import date

import docx
import pytest

from kc import documents
from kc.models import ArticleAuthor, Attachment, AuditEntry, KnowledgeArticle, UnplacedText
from kc.services import articles
from tests import factories
from tests.conftest import count_queries
from tests.documents.conftest import make_form
from tests.documents.test_old_forms import HEADINGS, TEXTS, TITLE


def docx_of(*texts: str) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FIVE = tuple(line for n in range(5) for line in (f"{n + 1}. {HEADINGS[n]}", TEXTS[n]))


def drop(client, data: bytes | None, name: str = "แบบฟอร์มเก่า.docx", **fields: str):
    posted = dict(fields)
    if data is not None:
        posted["form_file"] = (io.BytesIO(data), name)
    return client.post("/knowledge/new/form", data=posted, content_type="multipart/form-data")


def test_the_page_offers_it(cast, login_as):
    page = login_as(cast.outsider).get("/knowledge/new").text
    assert 'action="/knowledge/new/form"' in page and 'name="form_file"' in page


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_filled_form_becomes_a_draft(cast, login_as, kind):
    """A form that was filled in elsewhere becomes typed data again (S0-172)."""
    colleague = factories.make_employee("มาลี ใจดี", unit=cast.outsider.unit)
    made = make_form(title="ออมวันละบาท", community="", authors=("นางสาวมาลี ใจดี", "นายไม่มี ในระบบ"))
    data = documents.exchange_form_docx(made) if kind == "docx" else documents.exchange_form_pdf(made)
    answer = drop(login_as(cast.outsider), data, f"แบบฟอร์มเก่า.{kind}")
    article = KnowledgeArticle.get()
    assert (answer.status_code, answer.location) == (303, f"/knowledge/{article.id}/edit")
    assert (article.title, article.status, article.results_on) == ("ออมวันละบาท", "draft", date(2025, 1, 31))
    assert "".join(article.results.split()) == "".join(made.results.split())
    assert [m.measure for m in articles.measures_of(article)] == ["ลูกค้าที่ค้างชำระใหม่", "เงินที่เก็บได้ต่อราย"]
    assert [a.id for a in articles.authors_of(article)] == [colleague.id]
    files = {row.filename: row for row in Attachment.select()}
    assert files[f"แบบฟอร์มเก่า.{kind}"].kind == "exchange_form"
    shown = [row for row in files.values() if row.kind == "picture"]
    assert len(shown) == 2 and all(f"(/attachments/{row.id}/picture)" in article.method for row in shown)
    assert {row.alt_text for row in shown} == {"แฟ้มบนโต๊ะ", "ออกเยี่ยม"}
    assert [row.text for row in UnplacedText.select()] == [
        "ปี: 2567",
        "สังกัด: ปากช่อง สนจ.นครราชสีมา",
        "ผู้จัดทำ: นายไม่มี ในระบบ",
    ]
    assert AuditEntry.select().where(AuditEntry.action == "article.read_in").count() == 1


def test_community_unit_topic_and_year_are_found(cast, login_as):
    year = factories.make_year(2560)
    head = (f"ชื่อชุมชน {cast.community.name}", f"ประเด็นเรียนรู้ {cast.community.topic.name}")
    drop(login_as(cast.fellow), docx_of(TITLE, *head, f"สาขา {cast.fellow.unit.name}", *FIVE))
    article = KnowledgeArticle.get()
    assert (article.community, article.topic) == (cast.community, cast.community.topic)
    assert article.fiscal_year == cast.community.fiscal_year and UnplacedText.select().count() == 0
    drop(login_as(cast.outsider), docx_of(TITLE, "ปีบัญชี 2560", f"สาขา {cast.outsider.unit.name}", *FIVE))
    other = KnowledgeArticle.get(KnowledgeArticle.created_by == cast.outsider)
    assert (other.fiscal_year, other.unit, other.title) == (year, cast.outsider.unit, "แบบฟอร์มเก่า")


def test_a_name_that_two_have_is_left_for_a_person(cast, login_as):
    for _n in range(2):
        factories.make_employee("มาลี ใจดี")
    drop(login_as(cast.outsider), docx_of(TITLE, *FIVE, "ผู้จัดทำ นางสาวมาลี ใจดี"))
    assert [row.employee for row in ArticleAuthor.select()] == [cast.outsider]
    assert UnplacedText.get().text == "ผู้จัดทำ: นางสาวมาลี ใจดี"


def test_sending_twice_makes_one_draft(cast, login_as):
    client = login_as(cast.outsider)
    for _n in range(2):
        drop(client, docx_of(TITLE, "หมายเหตุท้ายฟอร์ม", *FIVE), form_key="same-key-for-both")
    assert (KnowledgeArticle.select().count(), Attachment.select().count(), UnplacedText.select().count()) == (1, 1, 1)


def test_two_forms_make_two_drafts(cast, login_as):
    answer = drop(
        login_as(cast.outsider), docx_of(TITLE, "ชื่อเรื่อง หนึ่ง", *FIVE, TITLE, "ชื่อเรื่อง สอง", *FIVE), form_key="two"
    )
    assert answer.location == "/knowledge/?tab=mine"
    assert {a.title for a in KnowledgeArticle.select()} == {"หนึ่ง", "สอง"}
    assert Attachment.select().count() == 2


def test_what_is_no_form_is_kept_whole(cast, login_as):
    client = login_as(cast.outsider)
    answer = drop(client, docx_of("รายงานการประชุม", "มติ: เห็นชอบ"), "รายงาน.docx")
    page = client.get(answer.location).text
    assert "ข้อความที่ยังไม่ได้จัดลงช่อง" in page and "รายงานการประชุม" in page and "มติ: เห็นชอบ" in page
    assert (KnowledgeArticle.get().title, Attachment.get().kind) == ("รายงาน", "other")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (None, "", "โปรดเลือกไฟล์แบบฟอร์มก่อน"),
        (b"", "ว่าง.docx", "เป็นไฟล์ว่าง"),
        (b"%PDF-1.4\nnothing\n%%EOF", "เสีย.pdf", "เปิดไฟล์นี้ไม่ได้"),
        (b"PK\x03\x04 half", "ครึ่ง.docx", "เสียหรือมาไม่ครบ"),
        ("ข้อความ".encode(), "บันทึก.txt", "ไม่ใช่ Word (.docx) หรือ PDF"),
        (docx_of(""), "เปล่า.docx", "ไม่พบข้อความในไฟล์นี้"),
        (docx_of(TITLE, *(f"{n + 1}. {h}" for n, h in enumerate(HEADINGS))), "ยังไม่กรอก.docx", "แบบฟอร์มเปล่า"),
    ],
)
def test_files_that_cannot_be_read_are_refused_beside_the_field(cast, login_as, data, name, words):
    answer = drop(login_as(cast.outsider), data, name)
    assert answer.status_code == 422 and words in answer.text and 'id="form_file-error"' in answer.text
    assert KnowledgeArticle.select().count() == Attachment.select().count() == 0


def test_another_community_is_not_theirs(cast, login_as):
    answer = drop(login_as(cast.outsider), docx_of(TITLE, *FIVE), community=str(cast.community.id))
    assert answer.status_code == 422 and "เฉพาะชุมชนที่คุณเป็นสมาชิก" in answer.text
    assert KnowledgeArticle.select().count() == 0


def test_needs_sign_in_and_a_post(client, cast, login_as):
    drop(client, docx_of(TITLE, *FIVE))
    assert KnowledgeArticle.select().count() == 0
    assert login_as(cast.outsider).get("/knowledge/new/form").status_code == 405


# ---- beside the form -----------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast):
    draft = factories.make_article("ร่าง", cast.author, community=cast.community, unit=cast.branch)
    return UnplacedText.create(article=draft, text="หมายเหตุ <b>ท้าย</b>")


def test_a_piece_is_moved_without_javascript(cast, login_as, waiting):
    client = login_as(cast.fellow)
    page = client.get(f"/knowledge/{waiting.article_id}/edit").text
    assert "หมายเหตุ &lt;b&gt;ท้าย&lt;/b&gt;" in page
    token = page.split('name="version" value="')[1].split('"')[0]
    posted = {"version": token, "title": "ร่าง", "method": "เขียนค้างไว้", "pull": f"u{waiting.id}:method"}
    assert client.post(f"/knowledge/{waiting.article_id}/edit", data=posted).status_code == 303
    assert KnowledgeArticle.get().method == "เขียนค้างไว้\n\nหมายเหตุ <b>ท้าย</b>"
    assert UnplacedText.get().settled_at is not None
    assert "นำกลับมา" in client.get(f"/knowledge/{waiting.article_id}/edit").text


def test_a_piece_is_settled_and_comes_back(cast, login_as, waiting):
    client, address = login_as(cast.fellow), f"/knowledge/{waiting.article_id}/unplaced/{waiting.id}"
    part = client.post(address, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="unplaced">') and "จัดครบทุกข้อความแล้ว" in part
    assert part.strip() in client.get(f"/knowledge/{waiting.article_id}/edit").text
    answer = client.post(address, data={"back": "1"})
    assert (answer.status_code, answer.location) == (303, f"/knowledge/{waiting.article_id}/edit#unplaced")
    assert UnplacedText.get().settled_at is None


def test_pieces_of_others_cannot_be_pulled(cast, login_as, waiting):
    other = factories.make_article("อื่น", cast.author, community=cast.community, unit=cast.branch)
    client = login_as(cast.fellow)
    for pull in (f"u{waiting.id}:method", "u:method", "ux:method", "u99999999999:method", f"u{waiting.id}:title"):
        client.post(f"/knowledge/{other.id}/edit", data={"version": "1", "title": "อื่น", "pull": pull})
    assert UnplacedText.get().settled_at is None
    assert client.post(f"/knowledge/{other.id}/unplaced/{waiting.id}").status_code == 404


def test_many_pieces_cost_one_statement(cast, login_as, waiting):
    client, address = login_as(cast.fellow), f"/knowledge/{waiting.article_id}/edit"
    client.get(address)
    with count_queries() as few:
        client.get(address)
    for n in range(10):
        UnplacedText.create(article=waiting.article, text=f"ชิ้นที่ {n}", position=n)
    with count_queries() as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_discarded_draft_takes_its_pieces_along(cast, login_as, waiting):
    login_as(cast.author).post(f"/knowledge/{waiting.article_id}/delete")
    assert UnplacedText.select().count() == 0


def test_what_was_typed_wins_and_is_kept_when_the_file_is_refused(cast, login_as):
    client = login_as(cast.outsider)
    refused = drop(client, b"%PDF-1.4\nnothing\n%%EOF", "เสีย.pdf", title="ชื่อที่พิมพ์เอง", kind="story")
    assert 'value="ชื่อที่พิมพ์เอง"' in refused.text
    drop(client, docx_of(TITLE, "ชื่อเรื่อง จากแบบฟอร์ม", *FIVE), title="ชื่อที่พิมพ์เอง", kind="story")
    assert (KnowledgeArticle.get().title, KnowledgeArticle.get().kind) == ("ชื่อที่พิมพ์เอง", "story")
