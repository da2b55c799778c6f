"""The pages of learning evaluation (S0-198, S0-199): plan, test, stages, answers, results; who sees what."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from kc import clock
from kc.models import Assessment, Attendance, Evaluation, EvaluationQuestion, FollowUp
from kc.services import assessing, evaluation, evaluation_overview, guest_links
from tests import factories
from tests.conftest import count_queries

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def day():
    with clock.freeze(TODAY) as frozen:
        yield frozen


@pytest.fixture
def base(cast):
    return f"/communities/{cast.community.id}/evaluation"


@pytest.fixture
def opened(cast):
    """Open after the learning, with a test of one question and a self-rating of one point."""
    plan = {"methods": ["test", "self", "rating"], "points": "ฟังก่อนเสนอทางออก", "full_score": 10}
    row = evaluation.set_up(cast.author, cast.community, 0, **plan)
    evaluation.write_question(cast.author, row, "เยี่ยมลูกค้าเมื่อใด", ["ก่อนครบกำหนด", "หลังค้างชำระ"], 0)
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=7))
    return row


def right_answers(**overrides):
    given = {"before0": "2", "after0": "4", "satisfaction": "5", "suggestion": "อยากให้มีตัวอย่างจริง"}
    return {f"q{EvaluationQuestion.get().id}": "0"} | given | overrides


def test_sending_twice_is_thanked_for_twice_and_keeps_the_first(login_as, cast, opened):
    client, url = login_as(cast.fellow), f"/communities/{cast.community.id}/evaluation/answer"
    for satisfaction in ("5", "1"):
        assert client.post(url, data=right_answers(satisfaction=satisfaction)).status_code == 303
    row = Assessment.get(Assessment.employee == cast.fellow)
    assert (row.satisfaction, row.self_after) == (5, 4)


def of(employee):
    return Assessment.get(Assessment.employee == employee)


# ---- the plan and the test -----------------------------------------------------------------------------------------


def test_an_empty_page_says_what_to_do(login_as, cast, base):
    assert "วางแผนการประเมิน" in login_as(cast.author).get(base).text
    assert "เมื่อคุณอำนวยเปิดให้ประเมิน คุณจะได้รับแจ้งเอง" in login_as(cast.fellow).get(base).text


def test_s0_198_facilitator_plans_and_is_led_to_the_questions(login_as, cast, base):
    client = login_as(cast.author)
    assert "วิธีประเมิน" in client.get(f"{base}/plan").text
    data = {"version": "0", "methods": ["test", "self"], "points": "ฟัง\nถาม", "full_score": "๒๐"}
    answer = client.post(f"{base}/plan", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{base}/questions")
    row = Evaluation.get()
    assert (row.chosen, row.point_list, row.full_score) == (["test", "self"], ["ฟัง", "ถาม"], 20)


def test_a_bad_plan_keeps_what_was_typed(login_as, cast, base):
    answer = login_as(cast.author).post(f"{base}/plan", data={"points": "ฟังอย่างตั้งใจ", "full_score": "มาก"})
    assert answer.status_code == 422
    assert "ฟังอย่างตั้งใจ" in answer.text
    assert 'value="มาก"' in answer.text
    answer = login_as(cast.author).post(f"{base}/plan", data={"points": "ฟังอย่างตั้งใจ", "full_score": "10"})
    assert answer.status_code == 422
    assert "โปรดเลือกวิธีประเมินอย่างน้อยหนึ่งวิธี" in answer.text


def test_a_plan_somebody_saved_first_is_shown_beside_ones_own(login_as, cast, base, opened):
    data = {"version": "1", "methods": ["score"], "points": "", "full_score": "10"}
    answer = login_as(cast.author).post(f"{base}/plan", data={**data, "points": "ฟังก่อนเสนอทางออก"})
    assert answer.status_code == 409
    assert "แบบทดสอบสั้น ก่อนและหลัง" in answer.text
    assert Evaluation.get().methods == "test,self,rating"


def test_questions_are_added_changed_and_removed(login_as, cast, base):
    client = login_as(cast.author)
    client.post(f"{base}/plan", data={"version": "0", "methods": ["test"], "full_score": "10"})
    client.post(f"{base}/questions", data={"text": "ถาม", "choice": ["ก", "ข", "", "", ""], "right": "1"})
    question = EvaluationQuestion.get()
    assert (question.choice_list, question.right) == (["ก", "ข"], 1)
    page = client.get(f"{base}/questions/{question.id}").text
    assert 'value="ก"' in page
    client.post(f"{base}/questions/{question.id}", data={"text": "ถามใหม่", "choice": ["ก", "ข"], "right": "0"})
    assert EvaluationQuestion.get().text == "ถามใหม่"
    client.post(f"{base}/questions/{question.id}/delete")
    assert EvaluationQuestion.select().count() == 0
    assert client.get(f"{base}/questions/{question.id}").status_code == 404


def test_a_bad_question_keeps_what_was_typed(login_as, cast, base, opened):
    answer = login_as(cast.author).post(f"{base}/questions", data={"text": "ถามอะไรก่อน", "choice": ["ก", "ข"]})
    assert answer.status_code == 422
    assert "โปรดเลือกว่าข้อใดถูก" in answer.text
    assert "ถามอะไรก่อน" in answer.text


def test_the_test_cannot_be_changed_once_taken(login_as, cast, base, opened):
    login_as(cast.fellow).post(f"{base}/answer", data=right_answers())
    page = login_as(cast.author).get(f"{base}/questions").text
    assert "มีผู้ทำแบบทดสอบแล้ว" in page
    assert "เพิ่มคำถาม" not in page


# ---- stages --------------------------------------------------------------------------------------------------------


def stage(name, **more):
    """As the page posts it."""
    return {"stage": name, "version": str(Evaluation.get().version)} | more


def test_of_two_who_press_at_once_the_second_sees_what_the_first_did(login_as, cast, base, opened):
    client, seen = login_as(cast.author), stage("closed")
    assert f'name="version" value="{seen["version"]}"' in client.get(base).text
    assert client.post(f"{base}/stage", data=seen).status_code == 303
    answer = client.post(f"{base}/stage", data=seen | {"stage": "after"})
    assert answer.status_code == 409 and Evaluation.get().stage == "closed"
    assert "มีผู้อื่นเปลี่ยนการประเมินนี้ไปก่อนแล้ว" in answer.text
    assert f'name="version" value="{Evaluation.get().version}"' in answer.text
    assert client.post(f"{base}/stage", data=stage("after")).status_code == 303, "now knowingly"


def test_opening_by_a_thai_day(login_as, cast, base, opened):
    client = login_as(cast.author)
    answer = client.post(f"{base}/stage", data=stage("closed"))
    assert answer.status_code == 303
    client.post(f"{base}/stage", data=stage("after", due_on="๓๐/๑๑/๖๙"))
    assert Evaluation.get().due_on == date(2026, 11, 30)


@pytest.mark.parametrize("due_on", ["วันไหนดี", "1/1/2569"])
def test_a_bad_day_is_said_beside_its_field(login_as, cast, base, opened, due_on):
    Evaluation.update(stage="preparing").execute()
    answer = login_as(cast.author).post(f"{base}/stage", data=stage("after", due_on=due_on))
    assert answer.status_code == 422
    assert f'value="{due_on}"' in answer.text
    assert Evaluation.get().stage == "preparing"


def test_reminding_says_how_many(login_as, cast, base, opened):
    answer = login_as(cast.author).post(f"{base}/remind", follow_redirects=True)
    assert "ส่งลิงก์ถึงคนที่ยังไม่ตอบ 1 คนแล้ว" in answer.text


# ---- answering -----------------------------------------------------------------------------------------------------


def test_s0_198_a_participant_answers_and_sees_their_own_result(login_as, cast, base, opened):
    client = login_as(cast.fellow)
    assert "เยี่ยมลูกค้าเมื่อใด" in client.get(f"{base}/answer").text
    answer = client.post(f"{base}/answer", data=right_answers(), follow_redirects=True)
    assert "ขอบคุณ คุณตอบแล้ว" in answer.text
    assert "ประเมินตนเอง" in answer.text
    assert (of(cast.fellow).test_after, of(cast.fellow).self_after) == (1, 4)


def test_answering_with_htmx_leads_on(login_as, cast, base, opened, htmx):
    answer = login_as(cast.fellow).post(f"{base}/answer", data=right_answers(), headers=htmx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"{base}/answer")


@pytest.mark.parametrize("lacks", ["before0", "after0", "satisfaction", "q"])
def test_an_incomplete_answer_keeps_the_rest(login_as, cast, base, opened, lacks):
    data = {name: value for name, value in right_answers().items() if not name.startswith(lacks)}
    answer = login_as(cast.fellow).post(f"{base}/answer", data=data)
    assert answer.status_code == 422
    assert "ยังส่งไม่ได้ เหลืออีก 1 ข้อ" in answer.text
    assert "อยากให้มีตัวอย่างจริง" in answer.text
    assert answer.text.count(" checked") == len(data) - 1
    assert of(cast.fellow).after_at is None


def test_a_level_out_of_range_is_no_answer(login_as, cast, base, opened):
    answer = login_as(cast.fellow).post(f"{base}/answer", data=right_answers(after0="9"))
    assert answer.status_code == 422


def test_who_only_came_to_a_session_may_answer(login_as, cast, base, opened):
    assert login_as(cast.outsider).get(f"{base}/answer").status_code == 404
    Attendance.create(session=factories.make_session(cast.community), employee=cast.outsider)
    assert login_as(cast.outsider).get(f"{base}/answer").status_code == 200


def test_answering_needs_a_sign_in_that_leads_back(client, base, opened):
    answer = client.get(f"{base}/answer")
    assert "/login?next=" in answer.headers["Location"]
    assert client.post(f"{base}/answer", data=right_answers()).status_code == 401


def test_there_is_no_evaluation_of_a_community_that_is_not_there(login_as, cast):
    assert login_as(cast.author).get("/communities/987654/evaluation").status_code == 404


def test_stages_are_changed_by_posting_alone(login_as, cast, base, opened):
    assert login_as(cast.author).get(f"{base}/stage").status_code == 405


# ---- who sees what -------------------------------------------------------------------------------------------------


def test_s0_198_one_persons_result_is_theirs_and_their_facilitators(login_as, cast, base, opened):
    login_as(cast.fellow).post(f"{base}/answer", data=right_answers())
    address = f"{base}/people/{of(cast.fellow).id}"
    assert "เยี่ยมลูกค้าเมื่อใด" in login_as(cast.author).get(address).text
    for other in (cast.fellow, cast.coordinator, cast.officer, cast.administrator, cast.outsider):
        assert login_as(other).get(address).status_code == 403
    page = login_as(cast.officer).get(base).text
    assert "เกศินี มานะ" in page  # who is missing is seen
    assert "จะแสดงค่าเฉลี่ยเมื่อมีผู้ตอบครบ 3 คน" in page
    assert "อยากให้มีตัวอย่างจริง" not in page
    assert login_as(cast.outsider).get(base).status_code == 403


def test_s0_41_the_facilitator_evaluates_and_the_community_sees_how_far_it_came(login_as, cast, base, opened):
    third = factories.make_employee("แก้ว ใหม่มา", cast.branch)
    factories.make_membership(cast.community, third)
    for person in (cast.author, cast.fellow, third):
        login_as(person).post(f"{base}/answer", data=right_answers(before0="2", after0="4", satisfaction="5"))
    facilitator, row = login_as(cast.author), of(cast.fellow)
    said = {"version": str(row.version), "rating": "4", "rating_note": "กล้าถามขึ้น"}
    assert facilitator.post(f"{base}/people/{row.id}", data=said).status_code == 303
    facilitator.post(f"{base}/stage", data=stage("closed"))
    page = login_as(third).get(base).text
    assert "ค่าเฉลี่ยของชุมชน ก่อนและหลัง" in page and "พอใจกับการเรียนรู้ครั้งนี้ 5.0 จาก 5 (3 คน)" in page


def test_a_member_sees_no_names_of_those_who_are_missing(login_as, cast, base, opened):
    page = login_as(cast.fellow).get(base).text
    assert "0 จาก 2 คน" in page
    assert "กมล ใจดี" not in page


def test_facilitator_rates_and_writes_a_note_the_person_reads(login_as, cast, base, opened):
    login_as(cast.fellow).post(f"{base}/answer", data=right_answers())
    row, client = of(cast.fellow), login_as(cast.author)
    data = {"version": str(row.version), "rating": "4", "rating_note": "กล้าถามขึ้นมาก"}
    answer = client.post(f"{base}/people/{row.id}", data=data)
    assert answer.status_code == 303
    assert (of(cast.fellow).rating, of(cast.fellow).rated_by) == (4, cast.author)
    assert "กล้าถามขึ้นมาก" in login_as(cast.fellow).get(base).text
    answer = client.post(f"{base}/people/{row.id}", data=data | {"rating": "1"})
    assert answer.status_code == 409
    assert of(cast.fellow).rating == 4


def test_a_score_that_is_no_number_keeps_what_was_typed(login_as, cast, base, opened):
    evaluation.set_up(
        cast.author, cast.community, Evaluation.get().version, methods=["score"], points=opened.points, full_score=10
    )
    row = of(cast.fellow)
    answer = login_as(cast.author).post(f"{base}/people/{row.id}", data={"version": "1", "score_after": "เกือบเต็ม"})
    assert answer.status_code == 422
    assert 'value="เกือบเต็ม"' in answer.text
    answer = login_as(cast.author).post(f"{base}/people/{row.id}", data={"version": "1", "score_after": "๗.๕"})
    assert of(cast.fellow).score_after == 7.5


def test_excusing_and_taking_it_back(login_as, cast, base, opened):
    client, address = login_as(cast.coordinator), f"{base}/people/{of(cast.fellow).id}/excuse"
    client.post(address, data={"reason": "ลาคลอด"})
    page = client.get(base).text
    assert "ลาคลอด" in page
    assert "0 จาก 1 คน" in page
    client.post(address, data={"reason": ""})
    assert of(cast.fellow).excused_reason == ""


def test_an_assessment_of_another_community_is_not_found(login_as, cast, base, opened):
    other = factories.make_community("ชุมชนอื่น", cast.author)
    factories.make_membership(other, cast.author, "facilitator")
    address = f"/communities/{other.id}/evaluation/people/{of(cast.fellow).id}"
    assert login_as(cast.author).get(address).status_code == 404


# ---- links for everybody -------------------------------------------------------------------------------------------


@pytest.fixture
def guest(cast, opened):
    Attendance.create(session=factories.make_session(cast.community), guest_name="ครูวิลาวัณย์")
    evaluation.enrol(opened)
    return Assessment.get(Assessment.guest_name != "")


def test_a_guest_answers_by_their_own_link_without_an_account(login_as, client, cast, base, guest):
    page = login_as(cast.author).get(f"{base}/links").text
    address = f"/guest/{guest_links.token_of(guest)}"
    assert address in page
    assert page.count("data:image/png;base64,") == 2
    form = client.get(address)
    assert "ครูวิลาวัณย์" in form.text
    assert form.headers["X-Robots-Tag"] == "noindex"
    answer = client.post(address, data=right_answers(), follow_redirects=True)
    assert "ขอบคุณ คุณตอบแล้ว" in answer.text
    assert Assessment.get_by_id(guest.id).test_after == 1


def test_a_guests_incomplete_answer_keeps_the_rest(client, guest):
    answer = client.post(f"/guest/{guest_links.token_of(guest)}", data={"suggestion": "ขอบคุณครับ"})
    assert answer.status_code == 422
    assert "ขอบคุณครับ" in answer.text


def test_a_link_expires_kindly_and_a_forged_one_is_not_found(client, guest, day):
    token = guest_links.token_of(guest)
    assert client.get("/guest/a1.zzz.zzz").status_code == 404
    assert client.post("/guest/a1.zzz.zzz").status_code == 404
    day.advance(days=46)
    for answer in (client.get(f"/guest/{token}"), client.post(f"/guest/{token}", data=right_answers())):
        assert answer.status_code == 410
        assert "ลิงก์นี้หมดอายุแล้ว" in answer.text


# ---- files and counts ----------------------------------------------------------------------------------------------


def sheets(answer):
    return {sheet.title: list(sheet.values) for sheet in load_workbook(io.BytesIO(answer.data))}


def test_the_workbook_shows_single_answers_to_the_facilitator_alone(login_as, cast, base, opened):
    login_as(cast.fellow).post(f"{base}/answer", data=right_answers())
    told = sheets(login_as(cast.author).get(f"{base}/results.xlsx"))
    assert told["ภาพรวม"][1][:3] == ("แบบทดสอบ", None, 1)
    assert "ทดสอบหลัง" in told["รายคน"][0]
    others = sheets(login_as(cast.coordinator).get(f"{base}/results.xlsx"))
    assert "ทดสอบหลัง" not in others["รายคน"][0]
    assert len(others["ภาพรวม"]) == 1


def test_the_page_asks_a_fixed_number_of_questions(login_as, cast, base, opened):
    client = login_as(cast.author)
    client.get(base)
    with count_queries() as few:
        client.get(base)
    for n in range(10):
        factories.make_membership(cast.community, factories.make_employee(f"สมาชิก ที่{n}", cast.branch))
    client.get(base)  # counts them in
    with count_queries() as many:
        client.get(base)
    assert len(many) == len(few) <= 12


def test_the_communitys_page_shows_what_waits_and_how_far_it_is(login_as, cast, base, opened):
    page = login_as(cast.fellow).get(f"/communities/{cast.community.id}").text
    assert f'href="{base}/answer"' in page
    assert "ประเมินครบ 0 จาก 2 คน" in page
    assert "ประเมินและติดตามผล" not in login_as(cast.outsider).get(f"/communities/{cast.community.id}").text


# ---- a whole year --------------------------------------------------------------------------------------------------


def test_the_overview_shows_who_has_most_missing_first(login_as, cast, base, opened):
    """Followed up, evaluated and reported by those who coordinate (S0-206)."""
    quiet = factories.make_community("ชุมชนยังไม่เริ่ม", cast.author)
    elsewhere = factories.make_community("ชุมชนต่างถิ่น", cast.outsider)
    page = login_as(cast.coordinator).get("/evaluations/").text
    assert page.index(cast.community.name) < page.index(quiet.name)
    assert "0/2" in page
    assert elsewhere.name not in page
    assert elsewhere.name in login_as(cast.executive).get("/evaluations/").text
    told = sheets(login_as(cast.officer).get("/evaluations/export.xlsx"))
    assert (cast.community.name, 2, 0) in {(row[0], row[3], row[4]) for row in told["ประเมินและติดตาม"]}


def test_the_overview_counts_who_uses_it_once(cast):
    """Whoever says after one month and after three that they use it is one person."""
    for months in (1, 3):
        said = {"months": months, "due_on": clock.today(), "used": "used", "answered_at": clock.now()}
        FollowUp.create(community=cast.community, person_key="e:1", employee=cast.fellow, **said)
    (row,) = evaluation_overview.of_year(cast.community.fiscal_year_id, None)
    assert row.uses == 1 and (row.followed_up.done, row.followed_up.expected) == (2, 2)


def test_the_overview_asks_a_fixed_number_of_questions(login_as, cast, opened):
    client = login_as(cast.officer)
    client.get("/evaluations/")
    with count_queries() as few:
        client.get("/evaluations/")
    for n in range(10):
        factories.make_community(f"ชุมชนที่ {n}", cast.author)
    with count_queries() as many:
        client.get("/evaluations/")
    assert len(many) == len(few) <= 10


def test_an_executive_sees_figures_without_names(login_as, cast, base, opened):
    page = login_as(cast.executive).get(base).text
    assert "0 จาก 2 คน" in page
    assert "เกศินี มานะ" not in page


def test_an_excused_person_who_answers_all_the_same_counts(cast, login_as):
    """The form was open on the phone when the facilitator excused them: nothing typed is lost, no false zero stands."""
    plan = {"methods": ["self"], "points": "ฟังลูกค้า", "full_score": 10}
    row = evaluation.set_up(cast.author, cast.community, 0, **plan)
    evaluation.move_to(cast.author, row, "after")
    mine = Assessment.get(Assessment.employee == cast.fellow)
    assessing.excuse(cast.author, mine, "ลาคลอด")
    client, address = login_as(cast.fellow), f"/communities/{cast.community.id}/evaluation/answer"
    empty = client.post(address, data={"suggestion": "ดีมาก"})
    assert empty.status_code == 422 and "ดีมาก" in empty.text
    data = {"before0": "2", "after0": "4", "satisfaction": "5", "suggestion": "ดีมาก"}
    assert client.post(address, data=data).status_code == 303
    mine = Assessment.get_by_id(mine.id)
    assert (mine.self_before, mine.self_after, mine.suggestion, mine.excused_reason) == (2, 4, "ดีมาก", "")
