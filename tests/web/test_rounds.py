"""The year's circular on the page: written, announced, read, extended (S0-114, S0-176)."""

import io
from datetime import date, timedelta

import openpyxl
import pytest

from kc import clock
from kc.models import Notice, Round, RoundExtension, RoundFile, RoundInvitation
from kc.services import rounds
from tests import factories
from tests.conftest import STATEMENTS, count_queries
from tests.factories import make_pdf

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def june():
    with clock.freeze(TODAY):
        yield


def typed(**overrides):
    return {
        "year": "2569",
        "number": "ที่ ฝพบ. 42/2569",
        "dated_on": "1 พ.ค. 69",
        "title": "ขอเชิญสมัครชุมชน",
        "text": "ทุกสาขาสมัครภายในกำหนด",
        "opens_on": "1/5/2569",
        "closes_on": "30/6/2569",
        "publish_by": "31 มี.ค. 2570",
        "kinds": ["branch"],
    } | overrides


# ---- writing -------------------------------------------------------------------------------------------------------


def test_an_organisation_without_a_circular_is_guided_to_its_first(login_as, cast):
    assert "ออกบันทึกเวียนฉบับแรก" in login_as(cast.officer).get("/rounds/").text
    page = login_as(cast.outsider).get("/rounds/").text
    assert "สมัครชุมชนได้ตลอด" in page and "/rounds/new" not in page


def test_the_form_comes_with_days_filled_in(login_as, cast):
    page = login_as(cast.officer).get("/rounds/new").text
    assert 'value="10/6/2569"' in page and 'value="31/3/2570"' in page and "ปีบัญชี 2569" in page


def test_s0_114_a_draft_is_saved_then_announced(login_as, cast):
    client = login_as(cast.officer)
    answer = client.post("/rounds/new", data=typed())
    made = Round.get()
    assert answer.status_code == 303 and answer.headers["Location"] == f"/rounds/{made.id}"
    assert made.closes_on == date(2026, 6, 30) and made.dated_on == date(2026, 5, 1) and not made.is_announced
    assert login_as(cast.outsider).get(f"/rounds/{made.id}").status_code == 404
    client = login_as(cast.officer)
    assert "ฉบับร่าง" in client.get(f"/rounds/{made.id}").text
    assert client.post(f"/rounds/{made.id}/announce").status_code == 303
    assert "ทุกสาขาสมัครภายในกำหนด" in login_as(cast.outsider).get(f"/rounds/{made.id}").text
    assert Notice.select().where(Notice.kind == "round.announced").count() == 2


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", " ", "โปรดระบุเรื่อง"),
        ("closes_on", "31 ก.พ. 69", "ขอเชิญสมัครชุมชน"),
        ("closes_on", "1/1/2569", "วันปิดรับสมัครต้องไม่มาก่อน"),
        ("kinds", [], "โปรดเลือกอย่างน้อยหนึ่งประเภท"),
        ("year", "2590", "โปรดเลือกปี"),
    ],
)
def test_a_mistake_is_said_and_keeps_the_typing(login_as, cast, field, value, says):
    answer = login_as(cast.officer).post("/rounds/new", data=typed(**{field: value}))
    assert answer.status_code == 422 and says in answer.text and "ทุกสาขาสมัครภายในกำหนด" in answer.text
    assert Round.select().count() == 0


def test_the_memo_is_kept_and_given_out_whole(login_as, cast):
    memo = make_pdf("บันทึกเวียน")
    client = login_as(cast.officer)
    client.post("/rounds/new", data=typed(file=(io.BytesIO(memo), "บันทึกเวียน ๔๒.pdf")))
    made = Round.get()
    client.post(f"/rounds/{made.id}/announce")
    answer = login_as(cast.outsider).get(f"/rounds/{made.id}/file")
    assert answer.data == memo and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    login_as(cast.officer).post(f"/rounds/{made.id}/file/remove")
    assert RoundFile.select().count() == 0


def test_a_bad_file_loses_nothing_else(login_as, cast):
    client = login_as(cast.officer)
    answer = client.post(
        "/rounds/new", data=typed(file=(io.BytesIO(b"MZ\x00"), "x.exe")), follow_redirects=True
    )  # fmt: skip
    assert answer.status_code == 200 and "ยังไม่ได้แนบไฟล์" in answer.text and Round.select().count() == 1


def test_two_editors_see_both(login_as, cast):
    made = factories.make_round(cast.officer, [cast.branch])
    login_as(cast.administrator).post(f"/rounds/{made.id}/edit", data=typed(version="1", title="ของคนแรก"))
    answer = login_as(cast.officer).post(f"/rounds/{made.id}/edit", data=typed(version="1", title="ของคนที่สอง"))
    assert answer.status_code == 409 and "ของคนแรก" in answer.text and "ของคนที่สอง" in answer.text
    again = login_as(cast.officer).post(f"/rounds/{made.id}/edit", data=typed(version="2", title="ของคนที่สอง"))
    assert again.status_code == 303 and Round.get().title == "ของคนที่สอง"


def test_signed_out_goes_to_the_sign_in(client, cast):
    made = factories.make_round(cast.officer)
    assert client.get(f"/rounds/{made.id}").headers["Location"].startswith("/login")
    assert client.get(f"/rounds/{made.id}/units/").headers["Location"].startswith("/login")


def test_addresses_that_are_not_there(login_as, cast):
    client = login_as(cast.officer)
    assert client.get("/rounds/999").status_code == 404 and client.get("/rounds/years/2400/").status_code == 404
    made = factories.make_round(cast.officer)
    assert client.get(f"/rounds/{made.id}/announce").status_code == 405
    assert client.get(f"/rounds/{made.id}/units/9999/extension").status_code == 404


# ---- what it says --------------------------------------------------------------------------------------------------

SAID = {
    "will_do": "รวมกลุ่มแลกเปลี่ยนเรื่องหน้างาน",
    "benefit": "- งานเร็วขึ้น\n- ไม่ลองผิดซ้ำ",
    "take_part": "สมัครเป็นกลุ่ม หรือ**ขอเข้าร่วม**",
}


def test_s0_278_the_form_asks_three_questions_and_the_circular_answers_them(login_as, cast):
    """What the organisation will do, what good it does for everyone, how each can take part (S0-278)."""
    client = login_as(cast.officer)
    form = client.get("/rounds/new").text
    asked = ["องค์กรจะทำอะไร", "ทุกคนจะได้ประโยชน์อะไร", "แต่ละคนมีส่วนร่วมได้อย่างไร"]
    assert all(f">{question}" in form for question in asked)
    client.post("/rounds/new", data=typed(will_do=SAID["will_do"]))
    made = Round.get()
    draft = client.get(f"/rounds/{made.id}").text
    assert "ยังไม่ได้บอก:" in draft and "ทุกคนจะได้ประโยชน์อะไร · แต่ละคนมีส่วนร่วมได้อย่างไร" in draft
    assert client.post(f"/rounds/{made.id}/edit", data=typed(version="1", **SAID)).status_code == 303
    assert "ยังไม่ได้บอก:" not in client.get(f"/rounds/{made.id}").text
    client.post(f"/rounds/{made.id}/announce")
    page = login_as(cast.outsider).get(f"/rounds/{made.id}").text
    places = [page.index(question) for question in asked]
    assert places == sorted(places) and page.index("ทุกสาขาสมัครภายในกำหนด") > places[-1]
    assert "<li>ไม่ลองผิดซ้ำ</li>" in page and "<strong>ขอเข้าร่วม</strong>" in page


def test_s0_278_what_is_not_answered_has_no_heading_and_no_form_is_lost(login_as, cast):
    client = login_as(cast.officer)
    made = factories.make_round(cast.officer, [cast.branch])
    assert "ทุกคนจะได้ประโยชน์อะไร" not in client.get(f"/rounds/{made.id}").text
    answer = client.post(f"/rounds/{made.id}/edit", data=typed(version="1", **SAID | {"benefit": "ก" * 3001}))
    assert answer.status_code == 422 and SAID["will_do"] in answer.text and "ก" * 3001 in answer.text
    assert Round.get().will_do == ""


def test_s0_278_two_editors_see_each_others_answers(login_as, cast):
    made = factories.make_round(cast.officer, [cast.branch])
    theirs = typed(version="1", benefit="ของคนแรก")
    login_as(cast.administrator).post(f"/rounds/{made.id}/edit", data=theirs)
    answer = login_as(cast.officer).post(f"/rounds/{made.id}/edit", data=typed(version="1", benefit="ของคนที่สอง"))
    assert answer.status_code == 409 and "ของคนแรก" in answer.text and "ของคนที่สอง" in answer.text


# ---- who has signed up ---------------------------------------------------------------------------------------------


@pytest.fixture
def made(cast):
    return factories.make_round(cast.officer, [cast.office, cast.branch, cast.other_branch])


def test_coordinators_see_their_units_the_team_all(login_as, cast, made):
    page = login_as(cast.coordinator).get(f"/rounds/{made.id}/units/").text
    assert "สาขาบ้านนา" in page and "สาขาปลายน้ำ" not in page and "ชุมชนคนบ้านนา" in page
    assert "ขยายเวลา</" not in page and "เชิญหน่วยงานเพิ่ม" not in page
    assert "สาขาปลายน้ำ" in login_as(cast.officer).get(f"/rounds/{made.id}/units/").text


def test_the_list_is_narrowed_by_state_and_words_as_page_and_fragment(login_as, cast, made, htmx):
    client = login_as(cast.officer)
    fragment = client.get(f"/rounds/{made.id}/units/?state=open", headers=htmx).text
    assert fragment.lstrip().startswith("<section") and "<html" not in fragment
    assert "สาขาปลายน้ำ" in fragment and "สาขาบ้านนา" not in fragment
    assert fragment.strip() in client.get(f"/rounds/{made.id}/units/?state=open").text
    assert "ไม่มีหน่วยงานที่ตรงกับที่เลือก" in client.get(f"/rounds/{made.id}/units/?q=ดาวอังคาร").text


def test_the_list_goes_to_excel_as_narrowed(login_as, cast, made):
    answer = login_as(cast.coordinator).get(f"/rounds/{made.id}/units/export.xlsx?state=signed_up")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert len(rows) == 2 and rows[1][1] == "สาขาบ้านนา" and rows[1][3] == "สมัครแล้ว"
    assert rows[1][4].date() == TODAY


def test_units_are_invited_and_taken_off(login_as, cast, made):
    client, more = login_as(cast.officer), factories.make_unit("สาขาใหม่")
    assert client.post(f"/rounds/{made.id}/units/", data={"unit": ""}).status_code == 422
    client.post(f"/rounds/{made.id}/units/", data={"unit": str(more.id)})
    client.post(f"/rounds/{made.id}/units/", data={"unit": str(more.id)})
    assert RoundInvitation.select().where(RoundInvitation.unit == more).count() == 1
    client.post(f"/rounds/{made.id}/units/{more.id}/uninvite")
    assert RoundInvitation.select().where(RoundInvitation.unit == more).count() == 0


def test_s0_176_a_unit_gets_longer(login_as, cast, made):
    client, url = login_as(cast.officer), f"/rounds/{made.id}/units/{cast.branch.id}/extension"
    assert "เดิมถึง 10 กรกฎาคม 2569" in client.get(url).text
    refused = client.post(url, data={"sign_up_until": "1/1/2569", "reason": "น้ำท่วมสาขา"})
    assert refused.status_code == 422 and "ต้องหลังวันปิดรับสมัครเดิม" in refused.text and "น้ำท่วมสาขา" in refused.text
    assert client.post(url, data={"sign_up_until": "20/7/2569"}).status_code == 422
    assert client.post(url, data={"sign_up_until": "20/7/2569", "reason": "น้ำท่วม"}).status_code == 303
    assert RoundExtension.get().sign_up_until == date(2026, 7, 20)
    page = login_as(cast.author).get(f"/rounds/{made.id}").text
    assert "20 กรกฎาคม 2569" in page and "ขยายเวลาแล้ว" in page and "เหลืออีก 40 วัน" in page
    login_as(cast.officer).post(f"{url}/end")
    assert RoundExtension.select().count() == 0


def test_reminding_once_a_day(login_as, cast, made):
    factories.grant(factories.make_employee("ปราณี ประสาน"), "coordinator", cast.other_branch)
    client = login_as(cast.officer)
    answer = client.post(f"/rounds/{made.id}/units/remind", follow_redirects=True)
    assert "แจ้งผู้ประสานงาน 2 คนแล้ว" in answer.text
    assert "วันนี้เตือนไปแล้ว" in client.post(f"/rounds/{made.id}/units/remind").text


def test_the_lists_need_as_many_statements_for_many_units(login_as, cast, made):
    client = login_as(cast.officer)
    client.get(f"/rounds/{made.id}/units/")
    with count_queries() as few:
        client.get(f"/rounds/{made.id}/units/")
    for n in range(15):
        unit = factories.make_unit(f"สาขาที่ {n}")
        RoundInvitation.create(round=made, unit=unit)
        factories.make_community(creator=factories.make_employee(unit=unit))
    with count_queries() as many:
        client.get(f"/rounds/{made.id}/units/")
    assert len(many) == len(few) <= 12
    for url in ("/rounds/", f"/rounds/{made.id}", f"/rounds/years/{made.fiscal_year.year}/"):
        with count_queries() as sent:
            client.get(url)
        assert len(sent) <= 12, url


# ---- where the days matter -----------------------------------------------------------------------------------------


def test_the_sign_up_form_says_how_long_there_is(login_as, cast, made):
    page = login_as(cast.author).get("/communities/new").text
    assert "เหลืออีก 30 วัน" in page and "รับสมัครถึง 10 กรกฎาคม 2569" in page and f"/rounds/{made.id}" in page


def test_a_late_sign_up_is_said_to_be_late_and_saved(login_as, cast, made):
    Round.update(closes_on=TODAY - timedelta(days=2)).execute()
    client, topic = login_as(cast.author), factories.make_topic("เงินฝาก")
    assert "เลยกำหนดรับสมัครแล้ว แต่ยังสมัครได้" in client.get("/communities/new").text
    data = {"knowledge_title": "ออม", "topic": str(topic.id), "name": "ชุมชนมาช้า"}
    page = client.post("/communities/new", data=data, follow_redirects=True).text
    assert "ชุมชนมาช้า" in page and "สมัครหลังกำหนด" in page


def test_next_years_sign_up_is_offered_once_it_is_open(login_as, cast, made):
    following = factories.make_year(2570)
    factories.make_round(cast.officer, [cast.branch], fiscal_year=following, opens_on=TODAY)
    topic = factories.make_topic("เงินฝาก", following)
    client = login_as(cast.author)
    page = client.get("/communities/new").text
    assert '<input type="hidden" name="year" value="2570">' in page and "/communities/new?year=2569" in page
    data = {"knowledge_title": "ออม", "topic": str(topic.id), "name": "ปีหน้า", "year": "2570"}
    page = client.post("/communities/new", data=data, follow_redirects=True).text
    assert "ปีบัญชี 2570" in page


def test_the_community_page_and_the_editor_say_until_when_to_publish(login_as, cast, made):
    client = login_as(cast.author)
    page = client.get(f"/communities/{cast.community.id}").text
    assert "เผยแพร่องค์ความรู้ภายใน 8 ตุลาคม 2569" in page and "เหลืออีก 120 วัน" in page
    draft = factories.make_article("ร่าง", cast.author, community=cast.community)
    editor = client.get(f"/knowledge/{draft.id}/edit").text
    assert "กำหนดเผยแพร่" in editor and "เหลืออีก 120 วัน" in editor
    Round.update(publish_by=TODAY - timedelta(days=3)).execute()
    editor = client.get(f"/knowledge/{draft.id}/edit").text
    assert "เลยกำหนดมา 3 วัน" in editor and "ยังเผยแพร่ได้" in editor


def test_the_editor_knows_of_extensions(login_as, cast, made):
    rounds.extend(cast.officer, made, cast.office, None, date(2026, 12, 1), "น้ำท่วม")
    draft = factories.make_article("ร่าง", cast.author, community=cast.community)
    assert "1 ธันวาคม 2569" in login_as(cast.author).get(f"/knowledge/{draft.id}/edit").text
    alone = factories.make_article("ไม่มีชุมชน", cast.author)
    assert "กำหนดเผยแพร่" not in login_as(cast.author).get(f"/knowledge/{alone.id}/edit").text


def test_home_and_the_community_stay_within_their_statements(login_as, cast, made):
    for person in (cast.author, cast.coordinator, cast.outsider, cast.officer):
        client = login_as(person)
        for url in ("/", f"/communities/{cast.community.id}", "/communities/new"):
            client.get(url)
            with count_queries() as sent:
                client.get(url)
            assert len(sent) <= STATEMENTS, (person.name, url, len(sent))


def test_home_says_what_is_due(login_as, cast, made):
    assert "เหลืออีก 30 วัน" in login_as(cast.outsider).get("/").text
    Round.update(publish_by=TODAY - timedelta(days=3)).execute()
    page = login_as(cast.author).get("/").text
    assert "เลยกำหนดมา 3 วัน" in page and "เลยกำหนด</span>" in page


def test_the_first_year_of_an_organisation_has_none_before_it_to_go_on_from(login_as, cast):
    """No link that leads nowhere; from the second year on it is there."""
    client = login_as(cast.officer)
    year = cast.community.fiscal_year.year
    assert f"/rounds/years/{year - 1}/" not in client.get("/rounds/").text
    assert 'id="source"' not in client.get("/topics/").text, "nothing to copy topics from"
    factories.make_year(year - 1)
    assert f"/rounds/years/{year - 1}/" in client.get("/rounds/").text
    assert client.get(f"/rounds/years/{year - 1}/").status_code == 200
    assert 'id="source"' in client.get("/topics/").text
