"""The plan of one meeting, with its steps (S0-137), and meetings that come again through the form (S0-154)."""

import re
from datetime import time

import pytest

from kc import clock
from kc.models import MeetingPlan, Session, SessionSeries, SessionStep
from kc.services import meeting_plans
from kc.services.meeting_plans import Step
from tests import factories
from tests.conftest import count_queries


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community, starts=time(13, 30), ends=time(15, 0))


@pytest.fixture
def url(cast, session):
    return f"/communities/{cast.community.id}/sessions/{session.id}/steps"


def rows(*steps, version=0, expected="", **buttons):
    columns = list(zip(*steps, strict=True)) or [(), (), ()]
    names = zip(("minutes", "title", "who"), columns, strict=True)
    return {"version": version, "expected": expected, **{n: [*c, ""] for n, c in names}, **buttons}


WELCOME, STORY = ("๑๐", "ทักทาย", "กมล"), ("45 นาที", "เล่าเรื่อง", "")


def saved():
    return [(s.position, s.minutes, s.title, s.who) for s in SessionStep.select().order_by(SessionStep.position)]


def test_s0_137_steps_of_one_meeting_are_kept_in_their_order(login_as, cast, session, url):
    answer = login_as(cast.fellow).post(url, data=rows(WELCOME, STORY, expected="คิดงวดเป็น"))
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/plan#session-{session.id}")
    assert saved() == [(1, 10, "ทักทาย", "กมล"), (2, 45, "เล่าเรื่อง", "")]
    page = login_as(cast.fellow).get(url).text
    assert "คิดงวดเป็น" in page and "13:40 น." in page and "เหลือ 35 นาที" in page


def test_saving_again_replaces_and_blank_rows_are_left_out(login_as, cast, url):
    client = login_as(cast.fellow)
    client.post(url, data=rows(WELCOME, STORY))
    client.post(url, data=rows(STORY, ("", "", ""), version=1))
    assert saved() == [(1, 45, "เล่าเรื่อง", "")]
    client.post(url, data=rows(version=2))
    assert saved() == []


@pytest.mark.parametrize(
    ("row", "said", "where"),
    [
        (("", "เล่าเรื่อง", ""), "ขั้นตอนที่ 1", "minutes-1"),
        (("มาก", "เล่าเรื่อง", ""), "โปรดใส่เวลา", "minutes-1"),
        (("601", "เล่าเรื่อง", ""), "600", "minutes-1"),
        (("5", "", "กมล"), "ยังไม่ได้บอกว่าทำอะไร", "title-1"),
        (("5", "ก" * 201, ""), "ยาวเกินไป", "title-1"),
        (("5", "เล่าเรื่อง", "ก" * 201), "ยาวเกินไป", "who-1"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(login_as, cast, url, row, said, where):
    answer = login_as(cast.fellow).post(url, data=rows(row, expected="ผลที่หวัง"))
    assert answer.status_code == 422 and said in answer.text and "ผลที่หวัง" in answer.text
    assert all(value in answer.text for value in row) and saved() == []
    (marked,) = re.findall(r'id="([^"]+)" name="[^"]+" aria-invalid="true" aria-describedby="step-error"', answer.text)
    assert marked == where and answer.text.count('id="step-error"') == 1


def test_a_row_moves_up_or_goes_without_anything_being_saved(login_as, cast, url):
    client = login_as(cast.fellow)
    page = client.post(url, data=rows(WELCOME, STORY, up="2")).text
    assert page.index("เล่าเรื่อง") < page.index("ทักทาย") and saved() == []
    page = client.post(url, data=rows(WELCOME, STORY, remove="1")).text
    assert "ทักทาย" not in page and "เล่าเรื่อง" in page


def test_two_people_at_once_see_both_plans(login_as, cast, url):
    one, two = login_as(cast.fellow), login_as(cast.author)
    one.post(url, data=rows(WELCOME))
    answer = two.post(url, data=rows(STORY))
    assert answer.status_code == 409 and "ทักทาย" in answer.text and "เล่าเรื่อง" in answer.text
    assert saved() == [(1, 10, "ทักทาย", "กมล")]
    assert two.post(url, data=rows(STORY, version=1)).status_code == 303
    assert one.post(url, data=rows(WELCOME, version=1)).status_code == 409


def test_a_start_is_offered_as_long_as_the_meeting(login_as, cast, session, url):
    assert "ใช้ขั้นตอนแนะนำ" in login_as(cast.fellow).get(url).text
    page = login_as(cast.fellow).get(f"{url}?begin=usual").text
    assert "พอดีเวลา" in page and MeetingPlan.select().count() == 0


@pytest.mark.parametrize("technique", [*meeting_plans.USUAL, "other"])
@pytest.mark.parametrize("ends", [time(14, 0), time(14, 30), time(15, 15), time(17, 0), None])
def test_usual_steps_fill_the_meeting_exactly(cast, technique, ends):
    session = factories.make_session(cast.community, technique=technique, starts=time(13, 30), ends=ends)
    steps = meeting_plans.suggested(session)
    assert sum(step.minutes for step in steps) == (meeting_plans.length(session) or 60)
    assert all(step.minutes > 0 and step.title for step in steps)


def test_the_steps_of_last_time_are_offered(login_as, cast, session, url):
    earlier = factories.make_session(cast.community)
    meeting_plans.save(cast.author, earlier, 0, "", [Step(20, "เหมือนเดิม", "กมล")])
    assert "เหมือนเดิม" in login_as(cast.fellow).get(f"{url}?begin=last").text


@pytest.mark.parametrize(("who", "status"), [("fellow", 303), ("coordinator", 303), ("outsider", 403)])
def test_who_may_plan_steps(login_as, cast, url, who, status):
    assert login_as(getattr(cast, who)).post(url, data=rows(WELCOME)).status_code == status


def test_signed_out_and_lost(client, login_as, cast, url):
    assert client.get(url).status_code == 303 and client.post(url, data=rows(WELCOME)).status_code == 401
    assert login_as(cast.author).get(f"/communities/{cast.community.id}/sessions/99999/steps").status_code == 404
    assert login_as(cast.author).delete(url).status_code == 405


def test_statements_do_not_grow_with_steps(login_as, cast, session, url):
    client = login_as(cast.fellow)
    client.get(url)
    with count_queries() as before:
        client.get(url)
    meeting_plans.save(cast.author, session, 0, "", [Step(5, f"ขั้น {n}") for n in range(15)])
    with count_queries() as after:
        client.get(url)
    assert len(after) == len(before) <= 12


# ---- again and again -----------------------------------------------------------------------------------------------


def plan_of(**overrides):
    return {
        "form_key": "one-form",
        "topic": "คุยกันทุกพุธ",
        "held_on": "25/11/2569",
        "starts": "17.00 น.",
        "ends": "18:00",
        "place": "ร้านกาแฟ",
        "technique": "coffee_council",
        "version": "",
    } | overrides


@pytest.fixture
def now():
    from datetime import date

    with clock.freeze(date(2026, 11, 23)) as frozen:
        yield frozen


def test_s0_154_a_meeting_is_planned_to_come_again(login_as, cast, now):
    base = f"/communities/{cast.community.id}/sessions"
    client = login_as(cast.author)
    for _ in range(2):  # a double click too
        answer = client.post(f"{base}/new", data=plan_of(repeat="fortnightly", until="31/12/2569"))
        assert answer.status_code == 303
    assert [s.held_on.day for s in Session.select().order_by(Session.held_on)] == [25, 9, 23]
    page = client.get(f"{base}/{Session.select().first().id}/edit").text
    assert "ทุกสองสัปดาห์" in page and "ครั้งนี้และครั้งต่อ ๆ ไป" in page


def test_s0_154_one_or_all_that_follow_are_changed(login_as, cast, now):
    base = f"/communities/{cast.community.id}/sessions"
    client = login_as(cast.author)
    client.post(f"{base}/new", data=plan_of(repeat="weekly"))
    first, second = list(Session.select().order_by(Session.held_on))[:2]
    same = {"repeat": "weekly", "until": "", "version": "1"}
    one = client.post(f"{base}/{first.id}/edit", data=plan_of(**same, scope="one", place="ห้องประชุม"))
    assert one.status_code == 303 and Session.get_by_id(second.id).place == "ร้านกาแฟ"
    both = plan_of(**same, scope="following", held_on="3/12/2569", starts="18:00", ends="19:00")
    assert client.post(f"{base}/{second.id}/edit", data=both).status_code == 303
    days = [(s.held_on.isoformat(), s.starts.hour) for s in Session.select().order_by(Session.held_on)][:3]
    assert days == [("2026-11-25", 17), ("2026-12-03", 18), ("2026-12-10", 18)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"repeat": "daily"}, "ไม่มีรอบการนัดนี้"),
        ({"repeat": "weekly", "until": "1/11/2569"}, "วันสุดท้ายของนัดประจำ"),
        ({"repeat": "weekly", "until": "99/99"}, "99/99"),
    ],
)
def test_a_rhythm_that_cannot_be_is_said_beside_its_field(login_as, cast, now, changes, said):
    answer = login_as(cast.author).post(f"/communities/{cast.community.id}/sessions/new", data=plan_of(**changes))
    assert answer.status_code == 422 and said in answer.text and "คุยกันทุกพุธ" in answer.text
    assert SessionSeries.select().count() == 0


@pytest.mark.parametrize(
    "technique",
    [
        "storytelling",  # S0-148, S0-149
        "dialogue",  # S0-150
        "deep_listening",
        "goal_fair",  # S0-151
        "knowledge_market",
        "study_visit",
        "peer_assist",
        "meeting",  # S0-153
        "seminar",
        "coffee_council",
        "webboard",
    ],
)
def test_a_session_has_a_technique_of_the_guides(login_as, cast, now, technique):
    """S0-148 S0-149 S0-150 S0-151 S0-153 S0-38: stories, dialogue, events, meetings formal and informal."""
    client = login_as(cast.author)
    base = f"/communities/{cast.community.id}/sessions"
    assert f'value="{technique}"' in client.get(f"{base}/new").text
    assert client.post(f"{base}/new", data=plan_of(technique=technique)).status_code == 303
    assert Session.get().technique == technique


def test_s0_155_the_time_of_day_is_kept_as_a_time(login_as, cast, now):
    """S0-155: after work, before work, between shifts."""
    login_as(cast.author).post(f"/communities/{cast.community.id}/sessions/new", data=plan_of(starts="๑๗.๓๐ น."))
    assert Session.get().starts == time(17, 30)


def test_s0_52_s0_157_the_facilitator_is_filled_in_and_a_deputy_named(login_as, cast, now):
    """S0-157, S0-52"""
    client, base = login_as(cast.author), f"/communities/{cast.community.id}/sessions"
    assert 'name="facilitator" type="text" value="กมล ใจดี"' in client.get(f"{base}/new").text
    client.post(f"{base}/new", data=plan_of(facilitator="กมล ใจดี", deputy="เกศินี มานะ"))
    assert (Session.get().facilitator, Session.get().deputy) == (cast.author, cast.fellow)


def test_another_rhythm_for_one_meeting_alone_is_asked_back(login_as, cast, now):
    base = f"/communities/{cast.community.id}/sessions"
    client = login_as(cast.author)
    client.post(f"{base}/new", data=plan_of(repeat="weekly"))
    changed = plan_of(repeat="monthly", scope="one", version="1")
    answer = client.post(f"{base}/{Session.select().first().id}/edit", data=changed)
    assert answer.status_code == 422 and "ครั้งนี้และครั้งต่อ ๆ ไป" in answer.text
