"""The pages of the follow-up of use (S0-200, S0-203): a minute on a phone, coverage of everyone, "used by" (S0-195)."""

import io
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from kc import clock
from kc.models import Attendance, FollowUp, KnowledgeUse
from kc.services import follow_up, guest_links
from tests import factories
from tests.conftest import STATEMENTS, count_queries

TODAY = date(2026, 11, 21)
KEPT = ("place", "outcomes", "outcome_text", "hindrances", "hindrance_text")


@pytest.fixture(autouse=True)
def day():
    with clock.freeze(TODAY) as frozen:
        yield frozen


@pytest.fixture
def base(cast):
    return f"/communities/{cast.community.id}/follow-up"


@pytest.fixture
def begun(cast):
    """A month after the learning: the first questions are due."""
    return follow_up.begin(cast.author, cast.community, TODAY - timedelta(days=32))


@pytest.fixture
def article(cast):
    return factories.make_article("เยี่ยมก่อนครบกำหนด", cast.author, community=cast.community, status="published")


def mine(employee, months=1):
    return FollowUp.get((FollowUp.employee == employee) & (FollowUp.months == months))


def used(**overrides):
    return {
        "used": "used",
        "place": "สาขาบ้านนา งานนัดชำระหนี้",
        "outcomes": ["faster", "cover"],
        "outcome_text": "จาก 3 วันเหลือ 1 วัน",
    } | overrides


# ---- the minute ----------------------------------------------------------------------------------------------------


def test_s0_200_a_participant_answers_and_the_knowledge_page_says_so(login_as, cast, begun, article):
    client, address = login_as(cast.fellow), f"/follow-up/{mine(cast.fellow).id}"
    page = client.get(address).text
    assert "ได้นำไปใช้ในงานหรือยัง" in page
    assert f'value="{cast.branch.name}"' in page  # a place to begin from
    answer = client.post(address, data=used())
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    shown = login_as(cast.outsider).get(f"/knowledge/{article.id}").text
    assert "นำไปใช้แล้ว 1 คน" in shown
    assert "จาก 3 วันเหลือ 1 วัน" in shown
    assert "เกศินี มานะ" not in shown  # not asked to be named
    client.post(address, data=used(show_name="y"))
    assert "เกศินี มานะ" in login_as(cast.outsider).get(f"/knowledge/{article.id}").text


def test_an_answer_can_be_put_right_and_shows_what_was_said(login_as, cast, begun, article):
    client, address = login_as(cast.fellow), f"/follow-up/{mine(cast.fellow).id}"
    client.post(address, data=used())
    page = client.get(address).text
    assert "งานนัดชำระหนี้" in page
    assert page.count(" checked") == 3
    client.post(address, data={"used": "not_yet", "place": "ไม่ถูกใช้", "hindrances": ["time", "made-up"]})
    row = mine(cast.fellow)
    assert (row.used, row.place, row.hindrances, row.outcomes) == ("not_yet", "", "time", "")
    assert KnowledgeUse.select().count() == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "โปรดเลือกหนึ่งข้อ"),
        ({"used": "perhaps"}, "โปรดเลือกหนึ่งข้อ"),
        ({"used": "used", "place": " "}, "โปรดบอกว่าใช้ที่ไหน"),
    ],
)
def test_an_incomplete_answer_keeps_the_typing(login_as, cast, begun, data, said):
    answer = login_as(cast.fellow).post(
        f"/follow-up/{mine(cast.fellow).id}", data=data | {"outcome_text": "เร็วขึ้นชัดเจน"}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "เร็วขึ้นชัดเจน" in answer.text
    assert mine(cast.fellow).answered_at is None


def test_answering_with_htmx_leads_on(login_as, cast, begun, htmx):
    address = f"/follow-up/{mine(cast.fellow).id}"
    answer = login_as(cast.fellow).post(address, data=used(), headers=htmx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, address)


def test_which_knowledge_is_asked_when_there_are_several(login_as, cast, begun, article):
    other = factories.make_article("อีกเรื่อง", cast.author, community=cast.community, status="published")
    foreign = factories.make_article("เรื่องของกลุ่มอื่น", cast.author, status="published")
    client, address = login_as(cast.fellow), f"/follow-up/{mine(cast.fellow).id}"
    assert "อีกเรื่อง" in client.get(address).text
    client.post(address, data=used(article=str(other.id)))
    assert KnowledgeUse.get().article == other
    client.post(address, data=used(article=str(foreign.id)))
    assert KnowledgeUse.get().article is None


def test_a_question_is_hidden_from_everybody_else(login_as, client, cast, begun):
    address = f"/follow-up/{mine(cast.fellow).id}"
    for other in (cast.author, cast.outsider, cast.administrator):
        assert login_as(other).get(address).status_code == 404
    assert login_as(cast.author).get("/follow-up/987654").status_code == 404
    assert "/login?next=" in client.get(address).headers["Location"]
    assert client.post(address, data=used()).status_code == 401


def test_too_early_says_when(login_as, cast, begun):
    page = login_as(cast.fellow).get(f"/follow-up/{mine(cast.fellow, 6).id}").text
    assert "ยังไม่ถึงเวลาถาม" in page
    assert 'name="used"' not in page
    answer = login_as(cast.fellow).post(f"/follow-up/{mine(cast.fellow, 6).id}", data=used())
    assert answer.status_code == 422


def test_one_link_leads_everybody_to_their_own_question(login_as, cast, base, begun):
    answer = login_as(cast.fellow).get(f"{base}/mine")
    assert answer.headers["Location"] == f"/follow-up/{mine(cast.fellow).id}"
    answer = login_as(cast.outsider).get(f"{base}/mine")
    assert answer.headers["Location"] == f"/communities/{cast.community.id}"


# ---- the community's page ------------------------------------------------------------------------------------------


def test_an_empty_page_says_how_it_begins(login_as, cast, base):
    page = login_as(cast.author).get(base).text
    assert "ยังไม่ได้เริ่มติดตาม" in page
    answer = login_as(cast.author).post(f"{base}/start", data={"starts_on": "๑/๑๑/๖๙"})
    assert answer.status_code == 303
    assert mine(cast.fellow).due_on == date(2026, 12, 1)


@pytest.mark.parametrize("typed", ["", "วันไหนสักวัน", "1/1/2550"])
def test_a_bad_day_is_said_beside_its_field(login_as, cast, base, typed):
    answer = login_as(cast.author).post(f"{base}/start", data={"starts_on": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert FollowUp.select().count() == 0


def test_s0_200_organisers_see_who_is_missing_members_how_many(login_as, cast, base, begun):
    login_as(cast.fellow).post(f"/follow-up/{mine(cast.fellow).id}", data=used())
    page = login_as(cast.author).get(base).text
    assert "1 จาก 2 คน" in page
    assert "รอคำตอบ" in page
    assert "จาก 3 วันเหลือ 1 วัน" in page
    page = login_as(cast.fellow).get(base).text
    assert "1 จาก 2 คน" in page
    assert "กมล ใจดี" not in page
    assert login_as(cast.outsider).get(base).status_code == 403
    assert login_as(cast.fellow).post(f"{base}/remind").status_code == 403
    assert login_as(cast.author).get(f"{base}/remind").status_code == 405


def test_reminding_and_excusing(login_as, cast, base, begun):
    client = login_as(cast.coordinator)
    assert "ส่งลิงก์ถึงคนที่ยังไม่ตอบ 2 คนแล้ว" in client.post(f"{base}/remind", follow_redirects=True).text
    client.post(f"/follow-up/{mine(cast.fellow).id}/excuse", data={"reason": "ไปช่วยราชการ"})
    assert "ไปช่วยราชการ" in client.get(base).text


def test_the_workbook_has_everyone(login_as, cast, base, begun):
    login_as(cast.fellow).post(f"/follow-up/{mine(cast.fellow).id}", data=used())
    book = load_workbook(io.BytesIO(login_as(cast.author).get(f"{base}/results.xlsx").data))
    rows = list(book["รายคน"].values)
    assert len(rows) == 7
    assert ("เกศินี มานะ", "งานเร็วขึ้น, ทำงานแทนกันได้") in {(row[0], row[7]) for row in rows}
    assert {row[4] for row in rows[1:]} == {None, datetime(2026, 11, 21, 12)}  # as the wall clock showed it
    assert list(book["ภาพรวม"].values)[1][2:5] == (2, 1, 1)


def test_a_guest_answers_by_their_own_link(login_as, client, cast, base, article):
    Attendance.create(session=factories.make_session(cast.community), guest_name="ครูวิลาวัณย์")
    follow_up.begin(cast.author, cast.community, TODAY - timedelta(days=32))
    row = FollowUp.get((FollowUp.guest_name != "") & (FollowUp.months == 1))
    address = f"/guest/{guest_links.token_of(row)}"
    page = login_as(cast.author).get(f"{base}/links").text
    assert address in page
    assert "mailto:" in page
    form = client.get(address).text
    assert "ครูวิลาวัณย์" in form
    assert 'name="show_name"' not in form
    assert client.post(address, data={"place": "โรงเรียน"}).status_code == 422
    answer = client.post(address, data=used(place="โรงเรียนบ้านนา"), follow_redirects=True)
    assert "ขอบคุณ" in answer.text
    shown = login_as(cast.outsider).get(f"/knowledge/{article.id}").text
    assert "โรงเรียนบ้านนา" in shown
    assert "ครูวิลาวัณย์" not in shown


def test_pages_ask_a_fixed_number_of_questions(login_as, cast, base, begun, article):
    client = login_as(cast.author)

    def sent():
        told = []
        for address in (base, f"/knowledge/{article.id}", f"/communities/{cast.community.id}"):
            client.get(address)
            with count_queries() as asked:
                client.get(address)
            told.append(len(asked))
        return told

    few = sent()
    for n in range(10):
        person = factories.make_employee(f"สมาชิก ที่{n}", cast.branch)
        factories.make_membership(cast.community, person)
    follow_up.enrol(begun)
    for row in FollowUp.select().where(FollowUp.months == 1):
        follow_up.answer(row, article, **dict.fromkeys(KEPT, ""), used="used", show_name=True)
    assert sent() == few
    assert max(few) <= STATEMENTS


def test_home_says_what_waits(login_as, cast, begun):
    page = login_as(cast.fellow).get("/").text
    assert f"/follow-up/{mine(cast.fellow).id}" in page
