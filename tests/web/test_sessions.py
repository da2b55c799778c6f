"""Planning a session, who came, and its notes, through the pages."""

import io

import pytest

from kc.models import Attachment, Attendance, Session, SessionNote, SessionNoteVersion
from kc.services import guests
from tests import factories
from tests.conftest import STATEMENTS, count_queries
from tests.web.test_attachments import office

AUTOSAVE = {"X-Autosave": "1", "Accept": "application/json"}


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community)


@pytest.fixture
def base(cast, session):
    return f"/communities/{cast.community.id}/sessions/{session.id}"


def plan_of(**overrides):
    return {
        "form_key": "one-form",
        "topic": "เล่าเรื่องลูกหนี้รายแรก",
        "held_on": "๒๕ พ.ย. ๖๙",
        "starts": "13.30 น.",
        "ends": "15:00",
        "place": "ห้องประชุมสาขา",
        "version": "",
        "technique": "storytelling",
        "presenter": "วิทยากร ภายนอก",
        "facilitator": "กมล ใจดี",
    } | overrides


def test_facilitator_plans_a_session_with_thai_date_and_time(login_as, cast):
    """A session has a subject, day, time and place of its own; digits of both kinds (S0-94, S0-160, S0-297)."""
    answer = login_as(cast.author).post(f"/communities/{cast.community.id}/sessions/new", data=plan_of())
    made = Session.get()
    assert answer.headers["Location"] == f"/communities/{cast.community.id}/sessions/{made.id}"
    assert (made.held_on.isoformat(), made.starts.isoformat(), made.presenter_name) == (
        "2026-11-25",
        "13:30:00",
        "วิทยากร ภายนอก",
    )
    assert made.facilitator == cast.author


VIDEO = b"\0\0\0\x14ftypmp42\0\0\0\0mp42" + b"\0\0\0\x08moov" + b"\0\0\0\x0cmdat...."


def test_s0_156_a_session_takes_slides_a_video_and_a_link(login_as, cast, session, base):
    """The kinds of files that were seen elsewhere, too (S0-177)."""
    client = login_as(cast.author)
    sent = [
        (io.BytesIO(office("presentationml.presentation.main+xml")), "เล่าเรื่องหนี้.pptx"),
        (io.BytesIO(VIDEO), "ไปเยี่ยมลูกค้า.mp4"),
    ]
    answer = client.post(f"{base}/attachments", data={"files": sent}, content_type="multipart/form-data")
    assert answer.status_code == 303
    kept = {row.filename: row.content_type.split("/")[0] for row in Attachment.select()}
    assert kept == {"เล่าเรื่องหนี้.pptx": "application", "ไปเยี่ยมลูกค้า.mp4": "video"}
    client.post(f"{base}/edit", data=plan_of(version=1, link="https://meet.example.org/kc"))
    page = client.get(base).text
    assert 'href="https://meet.example.org/kc"' in page
    assert all(f"/attachments/{row.id}" in page for row in Attachment.select())


def test_a_double_click_plans_once(login_as, cast):
    client = login_as(cast.author)
    for _ in range(2):
        assert client.post(f"/communities/{cast.community.id}/sessions/new", data=plan_of()).status_code == 303
    assert Session.select().count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("topic", "", "โปรดระบุหัวข้อ"),
        ("held_on", "32/13/2569", "32/13/2569"),
        ("starts", "25:99", "เวลาไม่ถูกต้อง"),
        ("starts", "9" * 24, "เวลาไม่ถูกต้อง"),
        ("ends", "09:00", "หลังเวลาเริ่ม"),
        ("place", "", "โปรดระบุสถานที่"),
        ("facilitator", "ไม่มีตัวตน", "ไม่พบพนักงาน"),
        ("link", "javascript:alert(1)", "https://"),
        ("technique", "x", "ไม่มีเทคนิคนี้"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(login_as, cast, field, value, said):
    answer = login_as(cast.author).post(
        f"/communities/{cast.community.id}/sessions/new", data=plan_of(**{field: value})
    )
    assert answer.status_code == 422 and said in answer.text
    assert field == "topic" or "เล่าเรื่องลูกหนี้รายแรก" in answer.text


@pytest.mark.parametrize(
    ("who", "status"), [("fellow", 403), ("outsider", 403), ("coordinator", 303), ("officer", 303), ("executive", 403)]
)
def test_who_may_plan(login_as, cast, who, status):
    answer = login_as(getattr(cast, who)).post(f"/communities/{cast.community.id}/sessions/new", data=plan_of())
    assert answer.status_code == status


def test_both_versions_are_shown_when_somebody_changed_the_session_first(login_as, cast, session, base):
    client = login_as(cast.author)
    first = client.post(f"{base}/edit", data=plan_of(version=1, topic="ของเพื่อน"))
    second = client.post(f"{base}/edit", data=plan_of(version=1, topic="ของฉัน"))
    assert first.status_code == 303 and second.status_code == 409
    assert "ของเพื่อน" in second.text and "ของฉัน" in second.text
    assert client.post(f"{base}/edit", data=plan_of(version=2, topic="ของฉัน")).status_code == 303


def test_called_off_stays_on_record_and_may_come_back(login_as, cast, base):
    client = login_as(cast.author)
    client.post(f"{base}/call-off")
    assert "ยกเลิกแล้ว" in client.get(base).text
    client.post(f"{base}/call-off")
    assert Session.get().cancelled_at is None


def test_one_tap_marks_someone_present_and_another_takes_it_back(login_as, cast, base, htmx):
    client = login_as(cast.fellow)
    answer = client.post(f"{base}/attendance/{cast.author.id}", data={"present": "1"}, headers=htmx)
    assert answer.status_code == 200 and "<html" not in answer.text and 'aria-pressed="true"' in answer.text
    client.post(f"{base}/attendance/{cast.author.id}", data={"present": "1"})
    assert Attendance.select().count() == 1
    client.post(f"{base}/attendance/{cast.author.id}", data={"present": "0"})
    assert Attendance.select().count() == 0


def test_guests_and_colleagues_from_elsewhere_are_counted(login_as, cast, base):
    """People from outside the community, and from outside the organisation, are listed in a session (S0-40, S0-126)."""
    client = login_as(cast.fellow)
    for name in ("อาจารย์สมศรี", "อาจารย์สมศรี", "0000003"):
        client.post(f"{base}/guests", data={"name": name})
    assert sorted((a.guest_name, a.employee_id) for a in Attendance.select()) == [
        ("", cast.outsider.id),
        ("อาจารย์สมศรี", None),
    ]
    guest = Attendance.get(Attendance.guest_name != "")
    client.post(f"{base}/guests/{guest.id}/remove")
    assert Attendance.select().count() == 1


def test_guests_of_one_name_are_tapped_each_and_typed_in_full(login_as, cast, base, htmx):
    """Two guests of one name are told apart by their place (S0-126)."""
    for place in ("ธนาคาร ก", "ธนาคาร ข"):
        guests.add(cast.author, cast.community, "สมหญิง ใจดี", organisation=place, contact="", brings="")
    client = login_as(cast.fellow)
    one, other = guests.of(cast.community)
    page = client.get(base).text
    assert "สมหญิง ใจดี (ธนาคาร ก)" in page and "สมหญิง ใจดี (ธนาคาร ข)" in page
    answer = client.post(f"{base}/guests", data={"name": "สมหญิง ใจดี"}, headers=htmx)
    assert answer.status_code == 422 and 'value="สมหญิง ใจดี"' in answer.text and "หลายคน" in answer.text
    for _again in range(2):
        answer = client.post(f"{base}/guests", data={"guest": str(other.id)}, headers=htmx)
        assert answer.status_code == 200 and f'name="guest" value="{other.id}"' not in answer.text
    assert [row.guest_id for row in Attendance.select()] == [other.id] and one != other
    assert client.post(f"{base}/guests", data={"guest": "999"}).status_code == 404


# ---- notes ----


def note_of(**overrides):
    return {
        "client_key": "k1",
        "writer_key": "page-1",
        "version": "0",
        "kind": "problem",
        "text": "ลูกค้าไม่รับสาย",
    } | overrides


def test_a_note_is_confirmed_with_the_servers_time(login_as, cast, base):
    answer = login_as(cast.fellow).post(f"{base}/notes/", data=note_of(), headers=AUTOSAVE)
    assert answer.status_code == 200
    assert answer.json["version"] == 1 and len(answer.json["saved_at"]) == 5 and "ลูกค้าไม่รับสาย" in answer.json["html"]


def test_s0_43_s0_145_points_experience_and_techniques_are_noted_with_who_told_them(login_as, cast, base):
    factories.make_membership(cast.community, cast.fellow, "historian")
    client = login_as(cast.fellow)
    for kind, text in (("point", "ลูกค้ากลัวจดหมาย"), ("story", "ปีก่อนน้ำท่วมทั้งตำบล"), ("technique", "โทรก่อนสิบโมง")):
        said = note_of(client_key=kind, kind=kind, text=text, speaker_name="กมล ใจดี")
        assert client.post(f"{base}/notes/", data=said, headers=AUTOSAVE).status_code == 200
    page = login_as(cast.author).get(base).text
    for kind, text in (("ประเด็น", "ลูกค้ากลัวจดหมาย"), ("ประสบการณ์/เรื่องเล่า", "ปีก่อนน้ำท่วม"), ("เทคนิค", "โทรก่อนสิบโมง")):
        note = next(item for item in page.split('<li class="note ')[1:] if text in item)
        assert f'<span class="note-kind">{kind}</span><span>กมล ใจดี</span>' in note


def test_sending_a_note_twice_saves_it_once(login_as, cast, base):
    client = login_as(cast.fellow)
    for _ in range(2):
        assert client.post(f"{base}/notes/", data=note_of(), headers=AUTOSAVE).status_code == 200
    assert SessionNote.select().count() == 1 and SessionNote.get().version == 1


def test_a_page_whose_answer_got_lost_does_not_conflict_with_itself(login_as, cast, base):
    client = login_as(cast.fellow)
    client.post(f"{base}/notes/", data=note_of(), headers=AUTOSAVE)
    answer = client.post(f"{base}/notes/", data=note_of(text="ลูกค้าไม่รับสายช่วงเช้า"), headers=AUTOSAVE)
    assert answer.status_code == 200 and SessionNote.get().text == "ลูกค้าไม่รับสายช่วงเช้า"


def test_two_writers_of_one_note_both_keep_their_words(login_as, cast, base):
    login_as(cast.fellow).post(f"{base}/notes/", data=note_of(), headers=AUTOSAVE)
    author = login_as(cast.author)
    assert (
        author.post(
            f"{base}/notes/", data=note_of(version=1, writer_key="page-2", text="ฉบับของกมล"), headers=AUTOSAVE
        ).json["version"]
        == 2
    )
    answer = login_as(cast.fellow).post(
        f"{base}/notes/", data=note_of(version=1, writer_key="page-1", text="ฉบับของเกศินี"), headers=AUTOSAVE
    )
    assert answer.status_code == 409
    assert answer.json["theirs"]["text"] == "ฉบับของกมล" and answer.json["by"] == "กมล ใจดี"
    assert SessionNote.get().text == "ฉบับของกมล"
    assert [v.text for v in SessionNoteVersion.select()] == ["ลูกค้าไม่รับสาย"]


def test_without_javascript_a_conflict_shows_both_and_saves_when_sent_again(login_as, cast, base):
    login_as(cast.fellow).post(f"{base}/notes/", data=note_of())
    client = login_as(cast.author)
    client.post(f"{base}/notes/", data=note_of(version=1, writer_key="", text="ฉบับแรก"))
    answer = client.post(f"{base}/notes/", data=note_of(version=1, writer_key="", text="ฉบับหลัง"))
    assert answer.status_code == 409 and "ฉบับแรก" in answer.text and "ฉบับหลัง" in answer.text
    assert 'name="version" value="2"' in answer.text


def test_a_note_without_javascript_returns_to_the_composer(login_as, cast, base):
    answer = login_as(cast.fellow).post(f"{base}/notes/", data=note_of())
    assert answer.status_code == 303 and answer.headers["Location"].endswith("#composer")


@pytest.mark.parametrize(
    "bad", [{"text": " "}, {"kind": "x"}, {"client_key": ""}, {"client_key": "k" * 99}, {"text": "ก" * 20_001}]
)
def test_a_note_that_cannot_be_saved_is_refused_with_its_reason(login_as, cast, base, bad):
    answer = login_as(cast.fellow).post(f"{base}/notes/", data=note_of(**bad), headers=AUTOSAVE)
    assert answer.status_code == 422 and answer.json["error"]
    assert login_as(cast.fellow).post(f"{base}/notes/", data=note_of(**bad)).status_code == 422
    assert SessionNote.select().count() == 0


def test_signed_out_autosave_is_told_so(client, cast, base):
    assert client.post(f"{base}/notes/", data=note_of(), headers=AUTOSAVE).status_code == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [("author", 200), ("fellow", 200), ("coordinator", 200), ("officer", 200), ("outsider", 403), ("executive", 403)],
)
def test_who_may_write(login_as, cast, base, who, status):
    """Every member writes notes, not the historian alone; outsiders do not (S0-49)."""
    assert login_as(getattr(cast, who)).post(f"{base}/notes/", data=note_of(), headers=AUTOSAVE).status_code == status


def test_others_see_the_session_but_not_its_notes(login_as, cast, session, base):
    factories.make_note(session, cast.author, "เรื่องที่คุยกันเอง")
    client = login_as(cast.outsider)
    page = client.get(base).text
    assert session.topic in page and "เรื่องที่คุยกันเอง" not in page
    assert client.get(f"{base}/notes/changes").json["notes"] == []


def test_changes_bring_what_others_wrote_and_took_away(login_as, cast, session, base):
    client = login_as(cast.fellow)
    cursor = client.get(f"{base}/notes/changes").json["cursor"]
    note = factories.make_note(session, cast.author, "จากกมล")
    seen = client.get(f"{base}/notes/changes?since={cursor}").json["notes"]
    assert [(n["id"], n["deleted"]) for n in seen] == [(note.id, False)] and "จากกมล" in seen[0]["html"]
    login_as(cast.author).post(f"{base}/notes/{note.id}/delete")
    assert client.get(f"{base}/notes/changes?since={cursor}").json["notes"][0]["deleted"]
    client.post(f"{base}/notes/{note.id}/bring-back")
    assert "จากกมล" in client.get(base).text


def test_a_note_of_another_session_is_not_found_here(login_as, cast, base):
    elsewhere = factories.make_session(cast.community)
    note = factories.make_note(elsewhere, cast.author)
    assert login_as(cast.author).get(f"{base}/notes/{note.id}/edit").status_code == 404
    assert login_as(cast.author).post(f"{base}/notes/{note.id}/delete").status_code == 404


def test_a_session_of_another_community_is_not_found_here(login_as, cast, session):
    other = factories.make_community(creator=cast.author)
    assert login_as(cast.author).get(f"/communities/{other.id}/sessions/{session.id}").status_code == 404


def test_statements_do_not_grow_with_notes_members_or_attendance(login_as, cast, session, base):
    client = login_as(cast.fellow)
    client.get(base)
    with count_queries() as before:
        client.get(base)
    for _ in range(10):
        colleague = factories.make_employee(unit=cast.branch)
        factories.make_membership(cast.community, colleague)
        factories.make_note(session, colleague)
        Attendance.create(session=session, employee=colleague)
    with count_queries() as after:
        client.get(base)
    assert len(after) == len(before) <= STATEMENTS
