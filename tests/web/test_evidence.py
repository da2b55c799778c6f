"""The evidence of a community's year (D15): what is there, what is missing, and all of it in one ZIP."""

import io
import zipfile

import pytest
from PIL import Image

from kc import storage
from kc.models import Attachment, Attendance, AuditEntry
from kc.services import attachments
from tests import factories
from tests.conftest import count_queries
from tests.documents.test_pdf import read

PICTURE = "ภาพกิจกรรม.png"


def picture(colour):
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def year(cast):
    """A community with two meetings, pictures of one, and published knowledge with a file; a third never took place."""
    first = factories.make_session(cast.community, topic="เล่าเรื่อง/การเยี่ยม")
    second = factories.make_session(cast.community, topic="ทบทวนผล")
    factories.make_session(cast.community, topic="นัดประจำที่ไม่มีใครมา")
    Attendance.create(session=second, employee=cast.author)
    factories.make_note(first, cast.author, "โทรก่อนสิบโมง")
    for colour in ("red", "blue"):
        attachments.store(picture(colour), PICTURE, by=cast.author, session=first)
    article = factories.make_article("ติดตามหนี้อย่างเข้าใจ", cast.author, community=cast.community, status="published")
    attachments.store(factories.make_pdf("สรุปผล"), "สรุป: ผล?.pdf", by=cast.author, article=article)
    return cast.community


def bundle(client, community):
    answer = client.get(f"/communities/{community.id}/evidence.zip", buffered=True)
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_d15_one_click_packs_the_year_with_a_table_of_contents_first_of_what_is_missing(cast, login_as, year):
    packed = bundle(login_as(cast.author), year)
    assert packed.testzip() is None
    names = packed.namelist()
    assert any(name.startswith("01 ใบสมัครชุมชน/") for name in names)
    assert any(name.endswith("รายชื่อสมาชิก.xlsx") for name in names)
    assert sum("บันทึกกิจกรรม/" in name for name in names) == 2
    pictures = [name for name in names if "ภาพกิจกรรม" in name]
    assert len(pictures) == 2 and len(set(pictures)) == 2, "two files of one name are both there"
    assert any(name.endswith("สรุป ผล .pdf") for name in names), "a name every system can store"
    assert not any(".." in name or name.startswith("/") for name in names)
    text, _pages, _pictures = read(packed.read("00 สารบัญ.pdf"))
    assert "สิ่งที่ยังขาด" in text and text.index("สิ่งที่ยังขาด") < text.index("หลักฐานในชุดนี้")
    assert "ใบสมัครชุมชน" in text
    assert AuditEntry.select().where(AuditEntry.action == "community.evidence").count() == 1


def test_the_page_says_what_is_missing_and_where_to_go(cast, login_as):
    page = login_as(cast.author).get(f"/communities/{cast.community.id}/evidence").text
    assert "ยังไม่มีกิจกรรมที่จัดแล้ว" in page and f'href="/communities/{cast.community.id}/sessions/new"' in page
    packed = bundle(login_as(cast.author), cast.community)
    text, _pages, _pictures = read(packed.read("00 สารบัญ.pdf"))
    assert text.index("ยังไม่มีกิจกรรมที่จัดแล้ว".replace(" ", "")) < text.index("หลักฐานในชุดนี้")


def test_a_file_the_disk_has_lost_is_left_out_and_keeps_nothing_else_back(cast, login_as, year):
    lost = Attachment.get(Attachment.filename == PICTURE)
    storage.path_of(lost.sha256).unlink()
    names = bundle(login_as(cast.author), year).namelist()
    assert sum("ภาพกิจกรรม" in name for name in names) == 1


@pytest.mark.parametrize("path", ["evidence", "evidence.zip"])
def test_only_for_those_who_look_after_the_community(cast, login_as, client, year, path):
    assert client.get(f"/communities/{year.id}/{path}").status_code == 303
    assert login_as(cast.outsider).get(f"/communities/{year.id}/{path}").status_code == 403
    assert login_as(cast.officer).get(f"/communities/{year.id}/{path}", buffered=True).status_code == 200
    assert login_as(cast.author).get(f"/communities/987654/{path}").status_code == 404
    assert login_as(cast.author).post(f"/communities/{year.id}/{path}").status_code in (400, 405)


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(cast, login_as, year):
    client = login_as(cast.author)
    client.get(f"/communities/{year.id}/evidence")
    with count_queries() as before:
        client.get(f"/communities/{year.id}/evidence")
    for n in range(9):
        factories.make_session(year, topic=f"ครั้งที่ {n}")
    with count_queries() as after:
        client.get(f"/communities/{year.id}/evidence")
    assert len(after) <= len(before) <= 16
