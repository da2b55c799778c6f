"""Joining, leaving, adding and removing people; the list and its filters."""

import pytest

from kc.models import Membership
from kc.services import communities
from tests import factories
from tests.conftest import STATEMENTS, count_queries


def roles(community, employee):
    held = Membership.select().where(
        (Membership.community == community) & (Membership.employee == employee) & Membership.left_at.is_null()
    )
    return sorted(m.role for m in held)


def test_outsider_joins_in_one_click(login_as, cast):
    """Somebody of another unit becomes a member: a community may span units (S0-125, S0-271)."""
    answer = login_as(cast.outsider).post(f"/communities/{cast.community.id}/join")
    assert answer.status_code == 303 and roles(cast.community, cast.outsider) == ["member"]


def test_s0_124_one_person_is_a_member_of_several_communities(login_as, cast):
    """And of communities of another unit, beside those of their own (S0-125, S0-271)."""
    own = factories.make_community("ชุมชนคนปลายน้ำ", cast.outsider)
    client = login_as(cast.outsider)
    for community in (own, cast.community):
        assert client.post(f"/communities/{community.id}/join").status_code == 303
    page = client.get("/communities/?mine=1").text
    assert "ชุมชนคนปลายน้ำ" in page and "ชุมชนคนบ้านนา" in page
    assert "สาขาปลายน้ำ" in client.get(f"/communities/{cast.community.id}/people").text


def test_s0_117_s0_119_participants_and_experts_are_listed_by_name(login_as, cast):
    """Experts may be several, and of other units (S0-60)."""
    client, address = login_as(cast.author), f"/communities/{cast.community.id}"
    second = factories.make_employee("แก้ว รู้จริง", cast.other_branch)
    for person in (cast.outsider, second):
        client.post(f"{address}/members", data={"person": person.employee_id, "role": "expert"})
    page = login_as(cast.executive).get(f"{address}/people").text
    experts, members = page.split("ผู้เชี่ยวชาญ (2 คน)")[1].split("สมาชิก (คุณกิจ) (1 คน)")
    assert "ไกรสร ห่างไกล" in experts and "แก้ว รู้จริง" in experts and "เกศินี มานะ" not in experts
    assert "เกศินี มานะ" in members and "แก้ว รู้จริง" not in members


def test_joining_by_htmx_answers_with_the_members_alone(login_as, cast, htmx):
    answer = login_as(cast.outsider).post(f"/communities/{cast.community.id}/join", headers=htmx)
    assert answer.status_code == 200 and "<html" not in answer.text and "ไกรสร ห่างไกล" in answer.text


def test_joining_twice_is_no_error(login_as, cast):
    client = login_as(cast.outsider)
    client.post(f"/communities/{cast.community.id}/join")
    assert client.post(f"/communities/{cast.community.id}/join").status_code == 303
    assert roles(cast.community, cast.outsider) == ["member"]


def test_member_leaves_and_may_come_back(login_as, cast):
    client = login_as(cast.fellow)
    client.post(f"/communities/{cast.community.id}/leave")
    assert roles(cast.community, cast.fellow) == []
    client.post(f"/communities/{cast.community.id}/join")
    assert roles(cast.community, cast.fellow) == ["member"]


def test_the_last_organiser_cannot_leave_before_handing_over(login_as, cast):
    answer = login_as(cast.author).post(f"/communities/{cast.community.id}/leave")
    assert answer.status_code == 422 and "มอบบทบาทให้ผู้อื่นก่อน" in answer.text
    assert roles(cast.community, cast.author) == ["facilitator"]


@pytest.mark.parametrize(
    "typed", ["0000003", " ๐๐๐๐๐๐๓ ", "ไกรสร ห่างไกล", "นายไกรสร ห่างไกล", "ไกรสร ห่างไกล 0000003 · สาขาปลายน้ำ"]
)
def test_facilitator_adds_someone_as_typed(login_as, cast, typed):
    answer = login_as(cast.author).post(
        f"/communities/{cast.community.id}/members", data={"person": typed, "role": "expert"}
    )
    assert answer.status_code == 303 and roles(cast.community, cast.outsider) == ["expert"]


def test_two_people_of_one_name_are_offered_to_choose(login_as, cast):
    twin = factories.make_employee("ไกรสร ห่างไกล", cast.office)
    answer = login_as(cast.author).post(
        f"/communities/{cast.community.id}/members", data={"person": "ไกรสร ห่างไกล", "role": "member"}
    )
    assert answer.status_code == 422 and "มีหลายคน" in answer.text and f'value="{twin.employee_id}"' in answer.text


def test_nobody_of_that_name_is_said_and_kept(login_as, cast):
    answer = login_as(cast.author).post(
        f"/communities/{cast.community.id}/members", data={"person": "ไม่มีตัวตน", "role": "member"}
    )
    assert answer.status_code == 422 and "ไม่พบพนักงาน" in answer.text and 'value="ไม่มีตัวตน"' in answer.text


@pytest.mark.parametrize(
    ("who", "status"), [("fellow", 403), ("outsider", 403), ("executive", 403), ("coordinator", 303), ("officer", 303)]
)
def test_who_may_add_people(login_as, cast, who, status):
    answer = login_as(getattr(cast, who)).post(
        f"/communities/{cast.community.id}/members", data={"person": "0000003", "role": "member"}
    )
    assert answer.status_code == status


def test_a_departed_colleague_cannot_be_added(cast):
    cast.outsider.is_active = False
    with pytest.raises(Exception, match="พ้นสภาพ"):
        communities.add_member(cast.author, cast.community, cast.outsider)


def test_removing_someone_elses_membership_by_number_does_nothing(login_as, cast):
    other = factories.make_community("ชุมชนอื่น", cast.outsider)
    theirs = factories.make_membership(other, cast.outsider, "facilitator")
    login_as(cast.author).post(f"/communities/{cast.community.id}/members/{theirs.id}/remove")
    assert roles(other, cast.outsider) == ["facilitator"]


def test_cancelled_stays_on_record_and_frees_its_name(login_as, cast):
    client = login_as(cast.author)
    client.post(f"/communities/{cast.community.id}/cancel", data={"reason": "ย้ายสาขา"})
    assert "ชุมชนนี้ยกเลิกแล้ว" in client.get(f"/communities/{cast.community.id}").text
    again = communities.sign_up(
        cast.author,
        unit=cast.branch,
        year=cast.community.fiscal_year,
        name=cast.community.name,
        knowledge_title="เรื่องใหม่",
        topic=factories.make_topic(),
    )
    assert again.id != cast.community.id
    assert client.post(f"/communities/{cast.community.id}/reopen").status_code == 422


def test_both_versions_are_shown_when_somebody_saved_first(login_as, cast):
    client = login_as(cast.author)
    data = {"version": 1, "name": cast.community.name, "topic": cast.community.topic_id, "knowledge_title": "ของฉัน"}
    communities.change(
        cast.fellow,
        cast.community,
        1,
        name=cast.community.name,
        knowledge_title="ของเพื่อน",
        topic=cast.community.topic,
        goals="",
        agreement="",
    )
    answer = client.post(f"/communities/{cast.community.id}/edit", data=data)
    assert answer.status_code == 409 and "ของฉัน" in answer.text and "ของเพื่อน" in answer.text
    assert client.post(f"/communities/{cast.community.id}/edit", data=data | {"version": 2}).status_code == 303


def test_renewal_brings_members_along_once(login_as, cast):
    last = factories.make_year(cast.community.fiscal_year.year - 1)
    topic = factories.make_topic("NPLs", last)
    old = factories.make_community("ชุมชนเดิม", cast.author, fiscal_year=last, topic=topic)
    for person, role in ((cast.author, "facilitator"), (cast.fellow, "historian")):
        factories.make_membership(old, person, role)
    factories.make_topic("NPLs", cast.community.fiscal_year, series=topic.series)
    client = login_as(cast.author)
    first = client.post(f"/communities/{old.id}/renew").headers["Location"]
    assert client.post(f"/communities/{old.id}/renew").headers["Location"] == first
    page = client.get(first).text
    assert "เกศินี มานะ" in page and "เลขานุการ" in page


def test_suggestions_come_in_thai_order(login_as, cast):
    for name in ("แก้ว ทดสอบ", "กาญจนา ทดสอบ", "เกษม ทดสอบ", "ไก่ ทดสอบ"):
        factories.make_employee(name, cast.branch)
    text = login_as(cast.author).get("/people/suggest?person=ทดสอบ").text
    shown = [text.index(name) for name in ("กาญจนา", "เกษม", "แก้ว", "ไก่")]
    assert shown == sorted(shown)


def test_list_filters_by_year_unit_topic_and_words(login_as, cast):
    client = login_as(cast.outsider)
    assert "ชุมชนคนบ้านนา" in client.get(f"/communities/?unit={cast.office.id}").text
    assert "ชุมชนคนบ้านนา" not in client.get(f"/communities/?unit={cast.other_branch.id}").text
    assert "ชุมชนคนบ้านนา" not in client.get("/communities/?year=2560").text
    assert "ชุมชนคนบ้านนา" in client.get("/communities/?q=คนบ้าน").text
    assert "คุณยังไม่ได้อยู่ในชุมชนใด" in client.get("/communities/?mine=1").text


@pytest.mark.parametrize(
    "query", ["year=abc", "unit=-1", "topic=%00", "page=99999999999", "q=" + "%" * 300, "year=99999"]
)
def test_nothing_in_the_address_breaks_the_list(login_as, cast, query):
    assert login_as(cast.author).get(f"/communities/?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/communities/", "/communities/{id}"])
def test_statements_do_not_grow_with_rows(login_as, cast, path):
    client = login_as(cast.author)
    path = path.format(id=cast.community.id)
    client.get(path)
    with count_queries() as before:
        client.get(path)
    for _ in range(10):
        factories.make_membership(cast.community, factories.make_employee(unit=cast.branch))
        factories.make_community(creator=cast.author)
    with count_queries() as after:
        client.get(path)
    assert len(after) == len(before) <= STATEMENTS


def test_a_missing_community_is_404_and_a_get_cannot_join(login_as, cast):
    client = login_as(cast.author)
    assert client.get("/communities/999999").status_code == 404
    assert client.get(f"/communities/{cast.community.id}/join").status_code == 405
