"""Signing a community up: two things to type, and nothing typed is ever lost (S0-103…113)."""

import pytest

from kc import clock
from kc.models import AuditEntry, Community, Membership
from tests import factories


def form_of(cast, **overrides):
    topic = factories.make_topic("เงินฝาก")
    return {
        "form_key": "key-of-this-form",
        "knowledge_title": "ออมทรัพย์หมู่บ้าน",
        "topic": str(topic.id),
        "name": "ชุมชนคนรักการออม",
        "unit": str(cast.branch.id),
    } | overrides


def test_s0_103_s0_104_the_menu_leads_to_the_communities_and_on_to_the_sign_up(login_as, cast):
    client = login_as(cast.outsider)
    menu = client.get("/").text.split("</header>")[0]
    assert '<a href="/communities/">ชุมชนนักปฏิบัติ</a>' in menu
    assert 'href="/communities/new"' in client.get("/communities/").text
    screen = client.get("/communities/new").text
    assert 'name="knowledge_title"' in screen and 'name="topic"' in screen


def test_page_comes_filled_in_from_who_is_signed_in(login_as, cast):
    """Year, name and unit come from whoever is signed in (S0-105, S0-106, S0-107, S0-108)."""
    factories.make_topic("เงินฝาก")
    page = login_as(cast.author).get("/communities/new").text
    assert "ชุมชนนักปฏิบัติ สาขาบ้านนา" in page and "สาขาบ้านนา" in page
    assert f"ปีบัญชี {cast.community.fiscal_year.year}" in page


@pytest.mark.parametrize("how", ["browser", "htmx"])
def test_two_inputs_sign_a_community_up(login_as, cast, htmx, how):
    """A title typed and a topic chosen are enough; the rest is derived (S0-107, S0-108, S0-109, S0-110, S0-111)."""
    topic = factories.make_topic("เงินฝาก")
    answer = login_as(cast.author).post(
        "/communities/new",
        data={"knowledge_title": "ออมทรัพย์หมู่บ้าน", "topic": str(topic.id)},
        headers=htmx if how == "htmx" else {},
    )
    community = Community.get(Community.knowledge_title == "ออมทรัพย์หมู่บ้าน")
    where = answer.headers["HX-Redirect"] if how == "htmx" else answer.headers["Location"]
    assert where == f"/communities/{community.id}" and answer.status_code == (204 if how == "htmx" else 303)
    assert community.unit == cast.branch and community.name == "ชุมชนนักปฏิบัติ สาขาบ้านนา"
    assert Membership.get(Membership.community == community).role == "facilitator"
    assert AuditEntry.select().where(AuditEntry.action == "community.signed_up").count() == 1


def test_a_missing_title_keeps_everything_typed(login_as, cast):
    answer = login_as(cast.author).post("/communities/new", data=form_of(cast, knowledge_title="  "))
    assert answer.status_code == 422
    assert "โปรดระบุชื่อองค์ความรู้" in answer.text and "ชุมชนคนรักการออม" in answer.text


def test_a_name_taken_in_the_unit_and_year_is_said_beside_the_name(login_as, cast):
    answer = login_as(cast.author).post("/communities/new", data=form_of(cast, name=" ชุมชน คนบ้านนา "))
    assert answer.status_code == 422 and "มีชุมชนชื่อนี้แล้ว" in answer.text and "ออมทรัพย์หมู่บ้าน" in answer.text


def test_a_retired_topic_is_refused(login_as, cast):
    """The topic is picked from the year's list (S0-101, S0-110)."""
    retired = factories.make_topic("FBI", retired_at=clock.now())
    answer = login_as(cast.author).post("/communities/new", data=form_of(cast, topic=str(retired.id)))
    assert answer.status_code == 422 and "เลิกใช้แล้ว" in answer.text and "ออมทรัพย์หมู่บ้าน" in answer.text


def test_a_double_click_saves_once(login_as, cast):
    client = login_as(cast.author)
    first = client.post("/communities/new", data=form_of(cast))
    second = client.post("/communities/new", data=form_of(cast))
    assert first.headers["Location"] == second.headers["Location"]
    assert Community.select().where(Community.name == "ชุมชนคนรักการออม").count() == 1


def test_an_expired_sign_in_carries_what_was_typed_through_the_sign_in(client, cast):
    answer = client.post("/communities/new", data=form_of(cast))
    assert answer.status_code == 401 and "ออมทรัพย์หมู่บ้าน" in answer.text and "/communities/new" in answer.text


@pytest.mark.parametrize("unit", ["other_branch", "office"])
def test_staff_cannot_sign_up_for_another_unit(login_as, cast, unit):
    answer = login_as(cast.author).post("/communities/new", data=form_of(cast, unit=str(getattr(cast, unit).id)))
    assert answer.status_code == 422 and "สมัครได้เฉพาะสังกัด" in answer.text


def test_a_coordinator_registers_for_a_unit_of_theirs(login_as, cast):
    """Also under a name of its own instead of the unit's (S0-86)."""
    answer = login_as(cast.coordinator).post("/communities/new", data=form_of(cast))
    assert answer.status_code == 303
    made = Community.get(Community.name == "ชุมชนคนรักการออม")
    assert Membership.get(Membership.community == made).role == "coordinator"


@pytest.mark.parametrize("topic", ["", "x", "999999", "9" * 50])
def test_nonsense_for_a_topic_is_a_clear_message(login_as, cast, topic):
    """Whoever signs up has chosen a topic (S0-90)."""
    answer = login_as(cast.author).post("/communities/new", data=form_of(cast, topic=topic))
    assert answer.status_code == 422 and "โปรดเลือกประเด็นเรียนรู้" in answer.text


def test_a_huge_title_is_refused_and_kept(login_as, cast):
    answer = login_as(cast.author).post("/communities/new", data=form_of(cast, knowledge_title="ก" * 5000))
    assert answer.status_code == 422 and "ยาวเกินไป" in answer.text


def test_without_a_token_the_write_is_refused(app, cast):
    assert app.test_client().post("/communities/new", data=form_of(cast)).status_code == 400


def test_from_another_site_the_write_is_refused(login_as, cast):
    answer = login_as(cast.author).post(
        "/communities/new", data=form_of(cast), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_needs_a_sign_in(client):
    assert client.get("/communities/new").headers["Location"].startswith("/login?next=")
