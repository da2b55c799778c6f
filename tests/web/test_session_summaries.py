"""The summary of a session: drafted from its notes, finished by the historian, shared with the members (S0-161), and
what to do better next time (S0-147)."""

from datetime import timedelta

import pytest

from kc import clock
from kc.models import Attendance, Notice, SessionSummary, SessionSummaryVersion
from kc.services import parking, reminders, summaries, summary_duties
from kc.together import answer
from tests import factories
from tests.conftest import count_queries

AUTOSAVE = {"X-Autosave": "1", "Accept": "application/json"}


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community)


@pytest.fixture
def base(cast, session):
    return f"/communities/{cast.community.id}/sessions/{session.id}/summary"


@pytest.fixture
def noted(cast, session):
    factories.make_note(session, cast.author, "ลูกค้าไม่รับสาย", kind="problem")
    factories.make_note(session, cast.author, "โทรช่วงพักเที่ยง\nแล้วนัดเยี่ยม", kind="technique", speaker_name="เกศินี มานะ")
    factories.make_note(session, cast.author, "ลองสองสัปดาห์", kind="conclusion")
    parking.park(cast.author, session, "ขอดูตัวอย่างสัญญา", "p1")


def words(**overrides):
    return {"text": "ได้วิธีโทร", "improve": "เริ่มให้ตรงเวลา", "version": "1"} | overrides


# ---- the draft ----


def test_s0_161_the_draft_is_made_from_the_notes_conclusions_first(login_as, cast, base, noted):
    answer = login_as(cast.fellow).post(base)
    assert answer.status_code == 303 and answer.headers["Location"] == f"{base}/edit"
    text = SessionSummary.get().text
    assert text.index("ลองสองสัปดาห์") < text.index("โทรช่วงพักเที่ยง") < text.index("ลูกค้าไม่รับสาย")
    assert "- โทรช่วงพักเที่ยง\n  แล้วนัดเยี่ยม (เกศินี มานะ)" in text and "ขอดูตัวอย่างสัญญา" in text
    assert text.startswith("## ข้อสรุป")


def test_the_draft_speaks_thai_whatever_the_screen_speaks(login_as, cast, base, noted):
    cast.fellow.language = "en"
    cast.fellow.save()
    login_as(cast.fellow).post(base)
    assert SessionSummary.get().text.startswith("## ข้อสรุป")


def test_two_who_begin_share_one_draft(login_as, cast, base, noted):
    login_as(cast.fellow).post(base)
    login_as(cast.fellow).post(f"{base}/edit", data=words())
    login_as(cast.author).post(base)
    assert SessionSummary.get().text == "ได้วิธีโทร"


def test_notes_written_after_the_draft_are_offered_and_added(login_as, cast, session, base, noted):
    client = login_as(cast.fellow)
    client.post(base)
    assert "ยังไม่อยู่ในสรุปนี้" not in client.get(f"{base}/edit").text
    factories.make_note(session, cast.author, "เพิ่งนึกได้ว่าต้องแจ้งหัวหน้า")
    page = client.get(f"{base}/edit").text
    assert "มีบันทึก 1 เรื่องที่ยังไม่อยู่ในสรุปนี้" in page and "เพิ่งนึกได้" in page
    typed = SessionSummary.get().text + "\n\nที่เพิ่งพิมพ์"
    answer = client.post(f"{base}/edit", data=words(text=typed, improve="", then="notes"))
    assert answer.headers["Location"] == f"{base}/edit#text"
    text = SessionSummary.get().text
    assert text.index("ที่เพิ่งพิมพ์") < text.index("เพิ่งนึกได้ว่าต้องแจ้งหัวหน้า")


def test_a_session_that_was_called_off_has_no_summary(login_as, cast, session, base):
    session.cancelled_at = clock.now()
    session.save()
    login_as(cast.author).post(base)
    assert SessionSummary.select().count() == 0


# ---- written together, never lost ----


def test_it_is_saved_as_typed(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    answer = login_as(cast.fellow).post(f"{base}/edit?writer=page-1", data=words(), headers=AUTOSAVE)
    assert answer.status_code == 200 and answer.json["version"] == 2 and len(answer.json["saved_at"]) == 5
    assert SessionSummary.get().improve == "เริ่มให้ตรงเวลา"


def test_a_page_whose_answer_got_lost_does_not_conflict_with_itself(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    client = login_as(cast.fellow)
    client.post(f"{base}/edit?writer=page-1", data=words(), headers=AUTOSAVE)
    answer = client.post(f"{base}/edit?writer=page-1", data=words(text="ได้วิธีโทรใหม่"), headers=AUTOSAVE)
    assert answer.status_code == 200 and SessionSummary.get().text == "ได้วิธีโทรใหม่"
    assert SessionSummaryVersion.select().count() == 1  # one for the sitting


def test_two_writers_see_both_and_both_are_kept(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    login_as(cast.author).post(f"{base}/edit?writer=page-1", data=words(text="ฉบับของกมล"), headers=AUTOSAVE)
    fellow = login_as(cast.fellow)
    answer = fellow.post(f"{base}/edit?writer=page-2", data=words(text="ฉบับของเกศินี"), headers=AUTOSAVE)
    assert answer.status_code == 409 and answer.json["version"] == 2
    assert answer.json["theirs"]["text"] == "ฉบับของกมล" and answer.json["by"] == "กมล ใจดี"
    assert SessionSummary.get().text == "ฉบับของกมล"
    fellow.post(f"{base}/edit?writer=page-2", data=words(text="ฉบับของเกศินี", version="2"), headers=AUTOSAVE)
    assert SessionSummary.get().text == "ฉบับของเกศินี"
    assert "ฉบับของกมล" in [row.text for row in SessionSummaryVersion.select()]


def test_without_javascript_a_conflict_shows_both_and_saves_when_sent_again(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    login_as(cast.author).post(f"{base}/edit", data=words(text="ฉบับของกมล"))
    client = login_as(cast.fellow)
    answer = client.post(f"{base}/edit", data=words(text="ฉบับของเกศินี"))
    assert answer.status_code == 409 and "ฉบับของกมล" in answer.text and "ฉบับของเกศินี" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert client.post(f"{base}/edit", data=words(text="รวมแล้ว", version="2")).status_code == 303
    assert SessionSummary.get().text == "รวมแล้ว"


@pytest.mark.parametrize(("field", "text"), [("text", "ก" * 60_001), ("improve", "ข" * 8_001)])
def test_what_is_too_long_is_said_and_stays_typed(login_as, cast, session, base, field, text):
    summaries.begin(cast.author, session)
    client = login_as(cast.fellow)
    assert client.post(f"{base}/edit", data=words(**{field: text}), headers=AUTOSAVE).status_code == 422
    answer = client.post(f"{base}/edit", data=words(**{field: text}))
    assert answer.status_code == 422 and text in answer.text and "ยาวเกินไป" in answer.text


def test_an_earlier_text_can_be_brought_back_and_the_newer_one_stays(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    client = login_as(cast.author)
    client.post(f"{base}/edit", data=words(text="ฉบับแรก"))
    client.post(f"{base}/edit", data=words(text="ฉบับหลัง", version="2"))
    page = client.get(f"{base}/versions").text
    assert "ฉบับแรก" in page and "กมล ใจดี" in page
    first = SessionSummaryVersion.get(SessionSummaryVersion.text == "ฉบับแรก")
    assert client.post(f"{base}/versions/{first.id}/restore").status_code == 303
    assert SessionSummary.get().text == "ฉบับแรก"
    assert "ฉบับหลัง" in client.get(f"{base}/versions").text


def test_a_version_of_another_summary_is_not_found_here(login_as, cast, session, base):
    other = factories.make_session(cast.community)
    theirs = summaries.begin(cast.author, other)
    summaries.save(cast.author, theirs, 1, text="อื่น", improve="")
    summaries.begin(cast.author, session)
    version = SessionSummaryVersion.get()
    assert login_as(cast.author).post(f"{base}/versions/{version.id}/restore").status_code == 404


def test_before_it_is_begun_there_is_nothing_to_write(login_as, cast, base):
    client = login_as(cast.author)
    assert client.get(f"{base}/edit").status_code == 404 and client.get(f"{base}/versions").status_code == 404
    assert "ร่างสรุปจากบันทึก" in client.get(base).text


# ---- shared ----


def test_s0_161_sharing_tells_the_members_and_who_came_once(login_as, cast, session, base):
    Attendance.create(session=session, employee=cast.outsider)
    Attendance.create(session=session, guest_name="อาจารย์สมศรี")
    summaries.begin(cast.author, session)
    client = login_as(cast.author)
    for _ in range(2):
        assert client.post(f"{base}/edit", data=words(then="share")).status_code == 303
    told = Notice.select().where(Notice.kind == "summary.shared")
    assert sorted(row.employee_id for row in told) == [cast.fellow.id, cast.outsider.id]
    assert {row.url for row in told} == {base} and SessionSummary.get().finished_at is not None
    assert "ได้วิธีโทร" in login_as(cast.outsider).get(base).text
    assert "ได้วิธีโทร" in login_as(cast.fellow).get(base).text


def test_until_it_is_shared_only_those_who_read_the_notes_see_it(login_as, cast, session, base):
    Attendance.create(session=session, employee=cast.outsider)
    summary = summaries.begin(cast.author, session)
    summaries.save(cast.author, summary, 1, text="ร่างอยู่", improve="")
    assert login_as(cast.outsider).get(base).status_code == 403
    assert "ร่างอยู่" in login_as(cast.fellow).get(base).text
    assert login_as(cast.executive).get(base).status_code == 403


def test_an_empty_summary_is_not_shared(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    answer = login_as(cast.author).post(f"{base}/edit", data=words(text="", improve="", then="share"))
    assert answer.status_code == 422 and "สรุปยังว่างอยู่" in answer.text
    assert not SessionSummary.get().is_shared and Notice.select().count() == 0


def test_members_write_but_do_not_share(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    client = login_as(cast.fellow)
    assert "แบ่งปันให้สมาชิก" not in client.get(f"{base}/edit").text
    assert client.post(f"{base}/edit", data=words(then="share")).status_code == 403
    assert client.post(f"{base}/share").status_code == 403
    assert SessionSummary.get().text == "ได้วิธีโทร"  # what was typed is kept all the same


def test_signed_out_what_was_typed_goes_through_the_sign_in(client, cast, session, base):
    summaries.begin(cast.author, session)
    answer = client.post(f"{base}/edit", data=words(text="พิมพ์ไว้ยาวมาก"))
    assert answer.status_code == 401 and "พิมพ์ไว้ยาวมาก" in answer.text


def test_the_community_shows_its_newest_summaries_to_its_own(login_as, cast, session, base):
    summary = summaries.begin(cast.author, session)
    summaries.save(cast.author, summary, 1, text="ได้วิธีโทร", improve="")
    page = f"/communities/{cast.community.id}"
    assert f'href="{base}"' not in login_as(cast.fellow).get(page).text
    summaries.share(cast.author, summary)
    assert f'href="{base}"' in login_as(cast.fellow).get(page).text
    assert f'href="{base}"' not in login_as(cast.outsider).get(page).text


# ---- the next time ----


def test_s0_147_what_to_improve_is_shown_when_the_next_session_is_prepared(login_as, cast, session, base):
    summaries.begin(cast.author, session)
    client = login_as(cast.author)
    client.post(f"{base}/edit", data=words(improve="ให้ทุกคนได้เล่า"))
    parking.park(cast.author, session, "ขอดูตัวอย่างสัญญา", "p1")
    page = client.get(f"/communities/{cast.community.id}/sessions/new").text
    assert "ให้ทุกคนได้เล่า" in page and "ขอดูตัวอย่างสัญญา" in page
    coming = factories.make_session(cast.community, held_on=clock.today() + timedelta(days=14))
    shown = f"/communities/{cast.community.id}/sessions/{coming.id}"
    assert "ให้ทุกคนได้เล่า" in client.get(f"{shown}/edit").text and "ให้ทุกคนได้เล่า" in client.get(shown).text


def test_s0_147_it_comes_along_into_the_year_in_which_the_community_was_renewed(login_as, cast, session):
    summary = summaries.begin(cast.author, session)
    summaries.save(cast.author, summary, 1, text="", improve="ให้ทุกคนได้เล่า")
    renewed = factories.make_community(creator=cast.author, renewed_from=cast.community)
    factories.make_membership(renewed, cast.author, "facilitator")
    assert "ให้ทุกคนได้เล่า" in login_as(cast.author).get(f"/communities/{renewed.id}/sessions/new").text
    stranger = factories.make_community(creator=cast.author)
    factories.make_membership(stranger, cast.author, "facilitator")
    assert "ให้ทุกคนได้เล่า" not in login_as(cast.author).get(f"/communities/{stranger.id}/sessions/new").text


def test_the_newest_word_is_the_one_that_counts(cast):
    for days, said in ((30, "ก่อน"), (15, "หลัง"), (1, "")):
        held = factories.make_session(cast.community, held_on=clock.today() - timedelta(days=days))
        summary = summaries.begin(cast.author, held)
        summaries.save(cast.author, summary, 1, text="สรุป", improve=said)
    assert summaries.last_time(cast.community).improve == "หลัง"


# ---- whose duty it is ----


def yesterday(cast, **overrides):
    held = factories.make_session(cast.community, held_on=clock.today() - timedelta(days=1), **overrides)
    factories.make_note(held, cast.author)
    return held


def test_the_historian_finds_it_on_the_home_page_until_it_is_shared(login_as, cast):
    held = yesterday(cast)
    assert [
        todo.url for todo in answer(summary_duties.todos(cast.author))
    ] == [  # the facilitator: there is no historian yet
        f"/communities/{cast.community.id}/sessions/{held.id}/summary"
    ]
    factories.make_membership(cast.community, cast.fellow, "historian")
    assert answer(summary_duties.todos(cast.author)) == []
    assert [todo.button for todo in answer(summary_duties.todos(cast.fellow))] == ["ร่างสรุป"]
    assert held.topic in login_as(cast.fellow).get("/").text
    summary = summaries.begin(cast.fellow, held)
    with count_queries() as sent:
        assert [todo.button for todo in answer(summary_duties.todos(cast.fellow))] == ["เขียนสรุปต่อ"]
    assert len(sent) == 1
    summaries.save(cast.fellow, summary, 1, text="จบ", improve="")
    summaries.share(cast.fellow, summary)
    assert answer(summary_duties.todos(cast.fellow)) == []


def test_nobody_is_asked_for_what_left_no_notes_was_called_off_or_is_not_over(cast):
    factories.make_session(cast.community, held_on=clock.today() - timedelta(days=1))  # no notes
    yesterday(cast, cancelled_at=clock.now())
    later = factories.make_session(cast.community, held_on=clock.today() + timedelta(days=1))
    factories.make_note(later, cast.author)
    assert answer(summary_duties.todos(cast.author)) == []


def test_a_reminder_after_three_days_once(cast):
    held = yesterday(cast)
    reminders.make("summaries")
    assert Notice.select().count() == 0
    with clock.freeze(clock.now() + timedelta(days=3)):
        assert reminders.make("summaries")
    with clock.freeze(clock.now() + timedelta(days=4)):
        assert reminders.make("summaries")
    notice = Notice.get()
    assert (notice.kind, notice.employee, notice.said["topic"]) == ("summary.waiting", cast.author, held.topic)
