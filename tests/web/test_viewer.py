"""A file page by page: pages, pictures, marked words, states with another try, honest counts."""

from io import BytesIO

import pytest

from kc.documents import reading as reader
from kc.documents.reading import Page, Reading
from kc.models import Attachment, AttachmentOpening, FileReading
from kc.services import attachments, page_images, reading
from tests import factories
from tests.conftest import count_queries

PAGES = ("หน้าแรกว่าด้วยเงินฝาก", "หน้าที่สองว่าด้วยสินเชื่อ", "ตะกร้าหวายสานใบใหญ่ขายดี")


@pytest.fixture
def article(cast):
    return factories.make_article(
        "เรื่องมีไฟล์", cast.author, community=cast.community, unit=cast.branch, status="published"
    )


def attach(article, by, data=b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", name="คู่มือ.pdf") -> Attachment:
    return attachments.store(BytesIO(data), name, by=by, article=article)


@pytest.fixture
def reads(monkeypatch):
    def answer(*texts, state="readable", reason=None, kind="page"):
        pages = tuple(Page(n, kind, text, None, 0.987) for n, text in enumerate(texts, 1))
        monkeypatch.setattr(reader, "read", lambda *_: Reading(state, pages, 0.987, reason))

    monkeypatch.setattr(page_images, "first_of", lambda sha256: None)
    return answer


def test_found_in_a_sentence_of_page_three_and_opened_there(cast, article, login_as):
    row = attach(article, cast.author, factories.make_pdf(*PAGES))
    reading.read_next()
    client = login_as(cast.outsider)
    found = client.get("/search?q=ตะกร้าหวายสาน").text
    assert "หน้า 3" in found
    assert f"/attachments/{row.id}/view?page=3&amp;q=" in found
    shown = client.get(f"/attachments/{row.id}/view?page=3&q=ตะกร้าหวาย").text
    assert "<mark>ตะกร้า" in shown and "หน้าที่สอง" not in shown
    assert f'src="/attachments/{row.id}/pages/3/1200"' in shown
    picture = client.get(f"/attachments/{row.id}/pages/3/1200", buffered=True)
    assert picture.mimetype == "image/webp" and picture.data[:4] == b"RIFF"
    assert client.get(f"/attachments/{row.id}/pages/4/1200").status_code == 404
    assert client.get(f"/attachments/{row.id}/pages/1/77").status_code == 404


def test_from_page_to_page(cast, article, login_as, reads):
    reads(*PAGES)
    row = attach(article, cast.author)
    reading.read_next()
    client = login_as(cast.author)
    second = client.get(f"/attachments/{row.id}/view?page=2&q=ก").text
    assert f'rel="prev" href="/attachments/{row.id}/view?page=1&amp;q=' in second
    assert f'rel="next" href="/attachments/{row.id}/view?page=3&amp;q=' in second
    assert 'rel="prev"' not in client.get(f"/attachments/{row.id}/view").text
    for nonsense in ("99", "0", "-1", "กขค", "9" * 40):
        assert client.get(f"/attachments/{row.id}/view?page={nonsense}").status_code == 200
    assert PAGES[2] in client.get(f"/attachments/{row.id}/view?page=99").text


def test_text_of_a_file_never_becomes_html(cast, article, login_as, reads):
    reads("<script>alert(1)</script> เงินฝาก")
    row = attach(article, cast.author)
    reading.read_next()
    shown = login_as(cast.author).get(f"/attachments/{row.id}/view?q=เงินฝาก").text
    assert "&lt;script&gt;alert(1)" in shown and "<script>alert" not in shown and "<mark>เงินฝาก</mark>" in shown


def test_states_are_said_and_asked_again_only_while_something_waits(cast, article, login_as, reads, htmx):
    reads(*PAGES)
    row = attach(article, cast.author)
    client, address = login_as(cast.author), f"/attachments/{row.id}/reading"
    assert "รออ่านข้อความ" in client.get(f"/knowledge/{article.id}").text
    assert 'hx-trigger="every 3s"' in client.get(address, headers=htmx).text
    assert "กำลังอ่านไฟล์นี้" in client.get(f"/attachments/{row.id}/view").text
    reading.read_next()
    after = client.get(address, headers=htmx).text
    assert "อ่านได้ 98 %" in after and "hx-trigger" not in after
    assert "อ่านได้ 98 %" in client.get(f"/knowledge/{article.id}").text
    assert client.get(address).status_code == 302


def test_why_it_failed_and_another_try_for_those_who_may(cast, article, login_as, reads, htmx):
    reads(state="failed", reason="encrypted")
    row = attach(article, cast.officer)
    reading.read_next()
    officer, reader_ = login_as(cast.officer), login_as(cast.outsider)
    assert "ไฟล์ตั้งรหัสผ่านไว้" in reader_.get(f"/knowledge/{article.id}").text
    assert "ลองอ่านอีกครั้ง" not in reader_.get(f"/attachments/{row.id}/view").text
    assert "ลองอ่านอีกครั้ง" in officer.get(f"/attachments/{row.id}/view").text
    assert "ลองอ่านอีกครั้ง" in officer.get(f"/knowledge/{article.id}/edit").text
    assert reader_.post(f"/attachments/{row.id}/reading").status_code == 403
    answer = officer.post(f"/attachments/{row.id}/reading", headers=htmx)
    assert answer.status_code == 200 and "รออ่านข้อความ" in answer.text
    assert FileReading.get().state == "waiting"
    assert officer.post(f"/attachments/{row.id}/reading").status_code == 303


def test_openings_are_counted_once_a_day_and_never_of_authors(cast, article, login_as, reads):
    reads(*PAGES)
    row = attach(article, cast.author)
    reading.read_next()
    for person in (cast.author, cast.outsider, cast.outsider, cast.fellow):
        login_as(person).get(f"/attachments/{row.id}/view")
    assert Attachment.get_by_id(row.id).open_count == 2 == AttachmentOpening.select().count()
    assert Attachment.get_by_id(row.id).download_count == 0


def test_slides_and_sheets_go_by_their_own_names(cast, article, login_as, reads):
    reads("งบประมาณ\nตะกร้าหวาย 12", kind="sheet")
    row = attach(article, cast.author, "ก,ข\n1,2\n".encode(), "ตาราง.csv")
    reading.read_next()
    client = login_as(cast.outsider)
    assert "ชีต งบประมาณ" in client.get("/search?q=ตะกร้าหวาย").text
    assert "ชีต งบประมาณ" in client.get(f"/attachments/{row.id}/view").text


def test_the_viewer_costs_the_same_however_long_the_file(cast, article, login_as, reads):
    reads(*["ข้อความ"] * 300)
    row = attach(article, cast.author)
    reading.read_next()
    client = login_as(cast.outsider)
    client.get(f"/attachments/{row.id}/view")
    with count_queries() as queries:
        client.get(f"/attachments/{row.id}/view?page=200")
    assert len(queries) <= 12


def test_what_has_no_pages_is_opened_as_before(cast, article, login_as):
    row = attach(article, cast.author)
    Attachment.update(content_type="video/mp4").execute()
    assert login_as(cast.author).get(f"/attachments/{row.id}/view").location == f"/attachments/{row.id}"
