"""A community's application, session records and certificates: what is in them, under which name, for whom."""

import io
from urllib.parse import unquote

import docx
import pytest

from kc.models import Attendance
from tests import factories
from tests.documents.test_pdf import read


@pytest.fixture
def session(cast):
    session = factories.make_session(cast.community, topic="เล่าเรื่อง/การเยี่ยม")
    for kind, text in (("problem", "ลูกค้าไม่รับสาย"), ("conclusion", "โทรก่อนสิบโมง"), ("problem", "รถไม่พอ")):
        factories.make_note(session, cast.author, text, kind=kind, speaker_name="ป้าแดง")
    factories.make_note(session, cast.author, "เรื่องที่ลบแล้ว", deleted_at=session.created_at)
    Attendance.create(session=session, employee=cast.fellow)
    Attendance.create(session=session, guest_name="ผู้ใหญ่บ้าน")
    return session


def name_of(answer):
    return unquote(answer.headers["Content-Disposition"])


def test_anybody_prints_the_application(cast, login_as):
    client, address = login_as(cast.outsider), f"/communities/{cast.community.id}"
    assert f"{address}/application.pdf" in client.get(address).text
    answer = client.get(f"{address}/application.pdf", buffered=True)
    text, _pages, _pictures = read(answer.data)
    for words in (cast.community.name, cast.fellow.last_name, "หัวหน้าชุมชน(คุณอำนวย)", cast.community.topic.name):
        assert words.replace(" ", "") in text
    assert "ใบสมัครชุมชน" in name_of(answer) and name_of(answer).endswith(".pdf")


def test_the_application_speaks_thai_whatever_the_screen_does(cast, login_as):
    client = login_as(cast.author)
    client.post("/account/language", data={"language": "en"})
    text, _pages, _pictures = read(client.get(f"/communities/{cast.community.id}/application.pdf", buffered=True).data)
    assert "หัวหน้าชุมชน(คุณอำนวย)" in text


def test_the_record_has_notes_by_kind_and_who_came(cast, login_as, session):
    client, address = login_as(cast.fellow), f"/communities/{cast.community.id}/sessions/{session.id}"
    assert f"{address}/record.pdf" in client.get(address).text and f"{address}/record.docx" in client.get(address).text
    answer = client.get(f"{address}/record.pdf", buffered=True)
    text, _pages, _pictures = read(answer.data)
    assert text.index("ลูกค้าไม่รับสาย") < text.index("รถไม่พอ") < text.index("โทรก่อนสิบโมง")
    for words in ("ผู้ใหญ่บ้าน", "ภายนอก", "ป้าแดง", "13.30–15.00น.", cast.fellow.last_name, "ผู้เข้าร่วม2คน"):
        assert words in text
    assert "เรื่องที่ลบแล้ว" not in text and "เล่าเรื่อง การเยี่ยม" in name_of(answer)
    word = client.get(f"{address}/record.docx", buffered=True)
    assert "โทรก่อนสิบโมง" in "".join(p.text for p in docx.Document(io.BytesIO(word.data)).paragraphs)
    assert client.get(f"{address}/record.exe").status_code == 404


def test_the_record_is_not_for_those_who_may_not_read_the_notes(cast, login_as, session):
    client, address = login_as(cast.outsider), f"/communities/{cast.community.id}/sessions/{session.id}"
    assert "record.pdf" not in client.get(address).text
    assert client.get(f"{address}/record.pdf").status_code == 403


def test_a_certificate_says_as_what_and_how_often(cast, login_as, session):
    address = f"/communities/{cast.community.id}/certificates"
    client = login_as(cast.fellow)
    assert f"{address}/{cast.fellow.id}" in client.get(f"/communities/{cast.community.id}").text
    text, pages, _pictures = read(client.get(f"{address}/{cast.fellow.id}", buffered=True).data)
    assert pages == 1 and "เข้าร่วม1ครั้ง" in text and "สมาชิก(คุณกิจ)" in text and cast.fellow.last_name in text
    assert client.get(f"{address}/{cast.author.id}").status_code == 403  # somebody else's
    assert f"{address}/{cast.fellow.id}" in login_as(cast.author).get(f"/communities/{cast.community.id}").text


def test_no_certificate_for_whoever_did_not_take_part(cast, login_as):
    address = f"/communities/{cast.community.id}/certificates/{cast.outsider.id}"
    assert login_as(cast.officer).get(address).status_code == 404
    assert login_as(cast.outsider).get(address).status_code == 404


def test_who_came_without_being_a_member_took_part(cast, login_as, session):
    Attendance.create(session=session, employee=cast.outsider)
    address = f"/communities/{cast.community.id}/certificates/{cast.outsider.id}"
    text, _pages, _pictures = read(login_as(cast.outsider).get(address, buffered=True).data)
    assert "เข้าร่วม1ครั้ง" in text and "ในฐานะ" not in text
