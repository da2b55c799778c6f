"""The learning plan (S0-128…136, S0-139, S0-140) through its pages: read, written together, saved as typed."""

from datetime import date, time, timedelta

import pytest

from kc import clock
from kc.models import AuditEntry, LearningPlan, LearningPlanVersion
from kc.services import connections, meeting_plans, plan_panel
from kc.together import answer
from tests import factories
from tests.conftest import count_queries

AUTOSAVE = {"X-Autosave": "1", "Accept": "application/json"}
FIELDS = {
    "objectives": "คิดงวดชำระได้ตรงกับเงินที่ลูกค้ามีจริง",
    "member_count": "๖ คน",
    "content": "ตารางเงินสดครัวเรือน\nการถามหนี้นอกระบบ",
    "period_from": "1/4/2569",
    "period_to": "31 มี.ค. 70",
    "techniques": "เรื่องเล่า เพื่อนช่วยเพื่อน",
    "speakers": "คุณกมล",
    "evaluation": "ให้คะแนนตนเองก่อนและหลัง",
    "follow_up": "ถามทุกคนเมื่อครบ 1 และ 3 เดือน",
}


@pytest.fixture
def base(cast):
    return f"/communities/{cast.community.id}/plan"


def token_of(client, base):
    page = client.get(f"{base}/edit").text
    return page.split('name="version" value="')[1].split('"')[0]


def autosave(client, base, token, **fields):
    return client.post(f"{base}/edit", data={"version": token, **fields}, headers=AUTOSAVE)


def test_s0_129_to_s0_136_the_eight_fields_are_kept_and_shown(login_as, cast, base):
    """S0-63 S0-129 S0-130 S0-131 S0-132 S0-133 S0-134 S0-135 S0-136"""
    client = login_as(cast.fellow)
    answer = client.post(f"{base}/edit", data={"version": token_of(client, base), **FIELDS})
    assert answer.status_code == 303 and answer.headers["Location"] == base
    plan = LearningPlan.get()
    assert (plan.member_count, plan.period_from, plan.period_to) == (6, date(2026, 4, 1), date(2027, 3, 31))
    page = client.get(base).text
    for name in ("objectives", "techniques", "speakers", "evaluation", "follow_up"):
        assert FIELDS[name] in page
    for label in ("วัตถุประสงค์", "จำนวนสมาชิกที่เข้าร่วม", "ประเด็นเนื้อหา", "ระยะเวลา", "เทคนิควิธีการที่ใช้", "วิทยากร"):
        assert label in page
    assert "การประเมินผลการเรียนรู้" in page and "การติดตามการนำไปใช้ประโยชน์" in page
    assert "6 คน" in page and "31 มีนาคม 2570" in page


def test_the_first_form_is_filled_with_what_is_known(login_as, cast, base):
    cast.community.goals = "หนี้ค้างลดลง"
    cast.community.save()
    factories.make_membership(cast.community, factories.make_employee("อาจารย์ เชี่ยวชาญ"), "expert")
    page = login_as(cast.fellow).get(f"{base}/edit").text
    assert "หนี้ค้างลดลง" in page and "อาจารย์ เชี่ยวชาญ" in page and 'value="3"' in page
    assert LearningPlan.select().count() == 0


def test_what_was_filled_in_is_kept_by_the_first_save(login_as, cast, base):
    client = login_as(cast.fellow)
    autosave(client, base, token_of(client, base), content=cast.community.knowledge_title, objectives="ใหม่")
    assert LearningPlan.get().content == cast.community.knowledge_title


@pytest.mark.parametrize(
    ("who", "status"),
    [("author", 303), ("fellow", 303), ("coordinator", 303), ("officer", 303), ("outsider", 403), ("executive", 403)],
)
def test_s0_128_members_and_those_who_look_after_them_write_it(login_as, cast, base, who, status):
    assert login_as(getattr(cast, who)).post(f"{base}/edit", data={"version": "", **FIELDS}).status_code == status


def test_s0_128_experts_write_it_together_with_members(login_as, cast, base):
    expert = factories.make_employee("อาจารย์ เชี่ยวชาญ")
    factories.make_membership(cast.community, expert, "expert")
    one, two = login_as(cast.fellow), login_as(expert)
    first = autosave(one, base, token_of(one, base), objectives="ของสมาชิก").json
    late = token_of(two, base)
    autosave(one, base, first["version"], objectives="ของสมาชิก แก้แล้ว")
    answer = autosave(two, base, late, objectives="ของสมาชิก", evaluation="ของผู้เชี่ยวชาญ")
    assert answer.status_code == 200
    plan = LearningPlan.get()
    assert (plan.objectives, plan.evaluation) == ("ของสมาชิก แก้แล้ว", "ของผู้เชี่ยวชาญ")
    assert answer.json["news"] == {"objectives": {"was": "ของสมาชิก", "now": "ของสมาชิก แก้แล้ว"}}


def test_both_versions_are_shown_when_both_wrote_in_one_field(login_as, cast, base):
    one, two = login_as(cast.fellow), login_as(cast.author)
    start = autosave(one, base, token_of(one, base), objectives="เดิม").json["version"]
    autosave(one, base, start, objectives="ของเกศินี")
    answer = autosave(two, base, start, objectives="ของกมล")
    assert answer.status_code == 409
    assert answer.json["theirs"] == {"objectives": "ของเกศินี"} and answer.json["by"] == "เกศินี มานะ"
    assert LearningPlan.get().objectives == "ของเกศินี"
    assert autosave(two, base, answer.json["version"], objectives="ของกมล").status_code == 200
    assert LearningPlan.get().objectives == "ของกมล"
    assert "ของเกศินี" in [v.fields["objectives"] for v in LearningPlanVersion.select()]


def test_without_javascript_a_conflict_shows_both_and_saves_when_sent_again(login_as, cast, base):
    one, two = login_as(cast.fellow), login_as(cast.author)
    one.post(f"{base}/edit", data={"version": token_of(one, base), **FIELDS})
    late = token_of(two, base)
    one.post(f"{base}/edit", data={"version": late, **FIELDS, "follow_up": "ฉบับแรก"})
    answer = two.post(f"{base}/edit", data={"version": late, **FIELDS, "follow_up": "ฉบับหลัง"})
    assert answer.status_code == 409 and "ฉบับแรก" in answer.text and "ฉบับหลัง" in answer.text
    after = answer.text.split('name="version" value="')[1].split('"')[0]
    assert two.post(f"{base}/edit", data={"version": after, **FIELDS, "follow_up": "ฉบับหลัง"}).status_code == 303
    assert LearningPlan.get().follow_up == "ฉบับหลัง"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("member_count", "หลายคน", "เป็นตัวเลข"),
        ("member_count", "0", "จำนวนสมาชิก"),
        ("period_from", "32/13/2569", "32/13/2569"),
        ("period_to", "1/1/2569", "วันสิ้นสุด"),
        ("objectives", "ก" * 10_001, "ยาวเกินไป"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(login_as, cast, base, field, value, said):
    answer = login_as(cast.fellow).post(f"{base}/edit", data={"version": "", **FIELDS, field: value})
    assert answer.status_code == 422 and said in answer.text and FIELDS["follow_up"] in answer.text
    assert LearningPlan.select().count() == 0


def test_a_half_typed_day_does_not_hold_up_the_rest(login_as, cast, base):
    client = login_as(cast.fellow)
    answer = autosave(client, base, token_of(client, base), objectives="พิมพ์อยู่", period_to="31/")
    assert answer.status_code == 200 and "ยังอ่านไม่ออก" in answer.json["saved_at"]
    assert LearningPlan.get().objectives == "พิมพ์อยู่"


def test_autosaves_are_one_line_of_the_audit_log_and_no_heap_of_versions(login_as, cast, base):
    client = login_as(cast.fellow)
    token = token_of(client, base)
    for n in range(5):
        token = autosave(client, base, token, objectives=f"พิมพ์ {n}").json["version"]
    assert AuditEntry.select().where(AuditEntry.object_kind == "learning_plan").count() == 1
    assert LearningPlanVersion.select().count() == 0 and LearningPlan.get().version == 5


def test_signed_out_people_are_asked_to_sign_in(client, cast, base):
    assert client.get(base).status_code == 303
    assert client.post(f"{base}/edit", data=FIELDS, headers=AUTOSAVE).status_code == 401


def test_a_community_that_is_not_there_is_not_found(login_as, cast):
    assert login_as(cast.author).get("/communities/99999/plan").status_code == 404
    assert login_as(cast.author).put(f"/communities/{cast.community.id}/plan").status_code == 405


def test_an_empty_plan_guides_members_and_only_them(login_as, cast, base):
    assert "เขียนแผน" in login_as(cast.fellow).get(base).text
    assert "/plan/edit" not in login_as(cast.outsider).get(base).text


def test_s0_139_s0_140_time_and_expected_impact_stand_openly_in_the_plan(login_as, cast, base):
    """S0-139 S0-140"""
    session = factories.make_session(cast.community, starts=time(13, 30), ends=time(15, 0))
    steps = [meeting_plans.Step(10, "ทักทาย", "กมล"), meeting_plans.Step(50, "เล่าเรื่อง")]
    meeting_plans.save(cast.author, session, 0, "ทุกสาขาคิดงวดแบบเดียวกัน", steps)
    page = login_as(cast.outsider).get(base).text
    assert "1.5 ชั่วโมง" in page and "ทุกสาขาคิดงวดแบบเดียวกัน" in page
    assert "13:40 น." in page and "50 นาที" in page


def test_the_communitys_page_shows_how_far_the_plan_is(login_as, cast, base):
    client = login_as(cast.fellow)
    assert "ยังไม่มีแผนบทเรียน" in client.get(f"/communities/{cast.community.id}").text
    autosave(client, base, token_of(client, base), objectives="เรียนรู้", period_from="", period_to="")
    assert "1 จาก 8 หัวข้อ" in client.get(f"/communities/{cast.community.id}").text


def test_organisers_see_what_of_planning_waits_for_them(login_as, cast, base):
    assert f"{base}/edit" in login_as(cast.author).get("/").text
    assert f"{base}/edit" not in login_as(cast.fellow).get("/").text


def test_what_waits_is_asked_in_one_statement_and_goes_when_it_is_done(cast):
    soon = factories.make_session(cast.community, held_on=clock.today() + timedelta(days=3))
    factories.make_session(cast.community, held_on=clock.today() + timedelta(days=9))
    with count_queries() as sent:
        found = answer(plan_panel.todos(cast.author))
    assert len(sent) == 1 and [todo.due_on for todo in found] == [None, soon.held_on]
    assert found[1].url == f"/communities/{cast.community.id}/sessions/{soon.id}/steps"
    meeting_plans.save(cast.author, soon, 0, "", [meeting_plans.Step(10, "ทักทาย"), meeting_plans.Step(10, "คุย")])
    LearningPlan.create(community=cast.community)
    assert answer(plan_panel.todos(cast.author)) == [] and answer(plan_panel.todos(cast.fellow)) == []


def test_statements_do_not_grow_with_meetings_steps_or_proposals(login_as, cast, base):
    client = login_as(cast.fellow)
    client.get(base)
    with count_queries() as before:
        client.get(base)
    for _ in range(10):
        session = factories.make_session(cast.community)
        meeting_plans.save(cast.author, session, 0, "", [meeting_plans.Step(10, "ทักทาย")])
        client.post(f"/communities/{cast.community.id}/proposals/", data={"text": f"เรื่องที่ {session.id}"})
    with count_queries() as after:
        client.get(base)
    assert len(after) == len(before) <= 12


def test_a_meeting_at_anothers_stands_in_the_plan_without_ways_to_change_it(login_as, cast):
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    session = factories.make_session(cast.community, held_on=clock.today() + timedelta(days=3))
    connections.hold_together(cast.author, session, [other])
    page = login_as(cast.outsider).get(f"/communities/{other.id}/plan").text
    there = f"/communities/{cast.community.id}/sessions/{session.id}"
    assert f'href="{there}"' in page and "ร่วมกับ ชุมชนคนบ้านนา" in page and f"{there}/session.ics" in page
    assert f"{there}/steps" not in page and f"{there}/edit" not in page and "ยังไม่ได้นัดครั้งต่อไป" not in page
    ours = login_as(cast.author).get(f"/communities/{cast.community.id}/plan").text
    assert f"{there}/steps" in ours and "ร่วมกับ" not in ours
