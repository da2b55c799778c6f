"""Going on into another year: chosen, told, never silently (S0-112)."""

import re
from datetime import date

import pytest

from kc import clock
from kc.models import Community, FiscalYear, Membership, Notice, Topic, YearClosing
from kc.services import connections, guests
from tests import factories

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def june():
    with clock.freeze(TODAY):
        yield


@pytest.fixture
def old(cast):
    """Last year's community of the author, with the topic that goes on this year."""
    before = factories.make_year(2568)
    topic = factories.make_topic("สินเชื่อ", before)
    factories.make_topic("สินเชื่อ", factories.make_year(2569), series=topic.series)
    made = factories.make_community("ชุมชนปีก่อน", cast.author, fiscal_year=before, topic=topic)
    for person, role in ((cast.author, "facilitator"), (cast.fellow, "member")):
        factories.make_membership(made, person, role)
    return made


def chosen(cast, **overrides):
    topic = Topic.get((Topic.fiscal_year == factories.make_year(2569)) & (Topic.name == "สินเชื่อ"))
    return {
        "chosen": "1",
        "year": "2569",
        "name": "ชุมชนปีก่อน",
        "knowledge_title": "เรื่องของปีใหม่",
        "topic": str(topic.id),
        "people": [str(cast.author.id)],
        "with_text": "y",
    } | overrides


def renewed():
    return Community.get_or_none((Community.name == "ชุมชนปีก่อน") & (Community.fiscal_year == factories.make_year(2569)))


def test_the_page_shows_what_would_go_along_and_does_nothing(login_as, cast, old):
    page = login_as(cast.author).get(f"/communities/{old.id}/renew").text
    assert "เกศินี มานะ" in page and "หัวหน้าชุมชน (คุณอำนวย)" in page and page.count("checked") >= 3
    assert renewed() is None


@pytest.mark.parametrize("how", ["browser", "htmx"])
def test_only_the_chosen_people_go_along(login_as, cast, old, htmx, how):
    headers = htmx if how == "htmx" else {}
    answer = login_as(cast.author).post(f"/communities/{old.id}/renew", data=chosen(cast), headers=headers)
    new = renewed()
    assert answer.status_code == (204 if how == "htmx" else 303) and new.knowledge_title == "เรื่องของปีใหม่"
    assert [m.employee for m in Membership.select().where(Membership.community == new)] == [cast.author]


def test_one_click_takes_everything_and_tells_everybody(login_as, cast, old):
    assert login_as(cast.author).post(f"/communities/{old.id}/renew").status_code == 303
    assert Membership.select().where(Membership.community == renewed()).count() == 2
    assert Notice.get(Notice.employee == cast.fellow).kind == "community.renewed"


def test_guests_are_offered_but_asked_first(login_as, cast, old):
    guests.add(cast.author, old, "ครูแดง ใจงาม", organisation="โรงเรียน", contact="", brings="")
    connections.connect(cast.author, old, cast.community)
    client = login_as(cast.author)
    page = client.get(f"/communities/{old.id}/renew").text
    assert " checked" in box(page, "links") and " checked" not in box(page, "guests")
    assert client.post(f"/communities/{old.id}/renew").status_code == 303
    assert guests.of(renewed()) == [] and len(connections.links_of(renewed())) == 1


def box(page, value):
    return re.search(rf'<input[^>]* value="{value}"[^>]*>', page)[0]


def test_a_mistake_keeps_the_typing(login_as, cast, old):
    data = chosen(cast, topic="", knowledge_title="พิมพ์ไว้แล้ว")
    answer = login_as(cast.author).post(f"/communities/{old.id}/renew", data=data)
    assert answer.status_code == 422 and "โปรดเลือกประเด็นเรียนรู้" in answer.text and "พิมพ์ไว้แล้ว" in answer.text
    factories.make_community("ชื่อซ้ำ", cast.author)
    answer = login_as(cast.author).post(f"/communities/{old.id}/renew", data=chosen(cast, name="ชื่อซ้ำ"))
    assert answer.status_code == 422 and "มีชุมชนชื่อนี้แล้ว" in answer.text


def test_a_topic_that_is_gone_is_said_and_another_is_chosen(login_as, cast, old):
    Topic.delete().where((Topic.fiscal_year == factories.make_year(2569)) & (Topic.name == "สินเชื่อ")).execute()
    other = factories.make_topic("นวัตกรรม", factories.make_year(2569))
    assert "ประเด็นเดิม “สินเชื่อ” ไม่มีในปีใหม่" in login_as(cast.author).get(f"/communities/{old.id}/renew").text
    data = {"chosen": "1", "year": "2569", "name": "ชุมชนปีก่อน", "knowledge_title": "ต่อ", "topic": str(other.id)}
    assert login_as(cast.author).post(f"/communities/{old.id}/renew", data=data).status_code == 303


def test_this_years_community_waits_for_next_years_window(login_as, cast):
    answer = login_as(cast.author).get(f"/communities/{cast.community.id}/renew")
    assert answer.status_code == 409 or "ยังไม่เปิดรับสมัคร" in answer.text
    assert "ยังไม่เปิดรับสมัคร" in answer.text


def test_what_was_renewed_leads_to_the_new_one(login_as, cast, old):
    client = login_as(cast.author)
    client.post(f"/communities/{old.id}/renew")
    answer = client.get(f"/communities/{old.id}/renew")
    assert answer.headers["Location"] == f"/communities/{renewed().id}"


# ---- the end of a year ---------------------------------------------------------------------------------------------


def test_the_year_says_what_is_left_to_decide(login_as, cast, old):
    page = login_as(cast.officer).get("/rounds/years/2568/").text
    assert "ชุมชนปีก่อน" in page and "3. ปิดปี" in page and "ไม่มีอะไรต่ออายุเอง" in page
    page = login_as(cast.coordinator).get("/rounds/years/2568/").text
    assert "ชุมชนปีก่อน" in page and "ปิดปี" not in page


def test_looking_at_a_year_opens_no_other(login_as, cast):
    assert "ปีบัญชี 2570" in login_as(cast.officer).get("/rounds/years/2569/").text
    assert FiscalYear.get_or_none(FiscalYear.year == 2570) is None


def test_nothing_is_renewed_without_a_choice(login_as, cast, old):
    answer = login_as(cast.officer).post("/rounds/years/2568/communities", data={"people": "everybody"})
    assert "โปรดเลือกชุมชนอย่างน้อยหนึ่งชุมชน" in answer.text and renewed() is None


def test_the_chosen_are_renewed_and_said(login_as, cast, old):
    data = {"community": [str(old.id)], "people": "keepers", "with_text": "y"}
    page = login_as(cast.coordinator).post("/rounds/years/2568/communities", data=data).text
    assert "ต่ออายุแล้ว 1 ชุมชน" in page
    assert [m.employee for m in Membership.select().where(Membership.community == renewed())] == [cast.author]


def test_asking_first_renews_nothing(login_as, cast, old):
    data = {"community": [str(old.id)], "ask": "1"}
    login_as(cast.officer).post("/rounds/years/2568/communities", data=data)
    assert renewed() is None and Notice.get(Notice.employee == cast.author).kind == "community.renewal_asked"


def test_a_coordinator_renews_only_their_own(login_as, cast, old):
    factories.grant(other := factories.make_employee("ปราณี ประสาน"), "coordinator", cast.other_branch)
    data = {"community": [str(old.id)], "people": "everybody"}
    assert "โปรดเลือกชุมชน" in login_as(other).post("/rounds/years/2568/communities", data=data).text
    assert renewed() is None


def test_topics_are_copied_by_choice_and_the_year_is_closed(login_as, cast, old):
    client = login_as(cast.officer)
    fbi = factories.make_topic("FBI", factories.make_year(2568))
    client.post("/rounds/years/2568/topics", data={"topic": [str(fbi.id)]})
    assert Topic.select().where((Topic.fiscal_year == factories.make_year(2569)) & (Topic.name == "FBI")).exists()
    client.post("/rounds/years/2568/close", data={"note": "ได้ผลดี"})
    assert YearClosing.get().note == "ได้ผลดี" and "ปีนี้ปิดแล้ว" in client.get("/rounds/years/2568/").text
    client.post("/rounds/years/2568/reopen")
    assert YearClosing.select().count() == 0
