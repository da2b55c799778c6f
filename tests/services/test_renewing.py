"""Going on into another year with what is chosen; nothing is renewed silently (S0-112)."""

import pytest

from kc.errors import DomainError
from kc.models import AuditEntry, Community, CommunityLink, Membership, Notice, Topic
from kc.services import communities, connections, guests, renewing, year_end
from kc.services.renewing import Along, Choice
from tests import factories


@pytest.fixture
def next_year(cast):
    return factories.make_year(cast.community.fiscal_year.year + 1)


@pytest.fixture
def topic(cast, next_year):
    return factories.make_topic(year=next_year, series=cast.community.topic.series)


def roles(community):
    return {(m.employee.name, m.role) for m in Membership.select().where(Membership.community == community)}


def test_s0_112_members_roles_and_words_go_along_and_everybody_is_told(cast, next_year, topic):
    cast.community.goals = "ลดหนี้ค้าง"
    cast.community.save()
    Membership.update(is_deputy=True).where(Membership.employee == cast.fellow).execute()
    new = renewing.renew(cast.author, cast.community, next_year, topic)
    assert roles(new) == {("กมล ใจดี", "facilitator"), ("เกศินี มานะ", "member")} and new.goals == "ลดหนี้ค้าง"
    assert Membership.get((Membership.community == new) & (Membership.employee == cast.fellow)).is_deputy
    assert [n.kind for n in Notice.select().where(Notice.employee == cast.fellow)] == ["community.renewed"]
    assert Notice.select().where(Notice.employee == cast.author).count() == 0
    assert AuditEntry.select().where(AuditEntry.action == "community.renewed").count() == 1


def test_only_what_is_chosen_goes_along(cast, next_year, topic):
    cast.community.goals = "ลดหนี้ค้าง"
    cast.community.save()
    choice = Choice(name="ชุมชนใหม่", knowledge_title="เรื่องใหม่", people={cast.author.id}, with_text=False)
    new = renewing.renew(cast.author, cast.community, next_year, topic, choice)
    assert (new.name, new.knowledge_title, new.goals) == ("ชุมชนใหม่", "เรื่องใหม่", "")
    assert roles(new) == {("กมล ใจดี", "facilitator")}


def test_renewing_twice_returns_the_first(cast, next_year, topic):
    first = renewing.renew(cast.author, cast.community, next_year, topic)
    assert renewing.renew(cast.fellow, cast.community, next_year, topic) == first


def test_a_renewal_that_was_cancelled_does_not_stand_in_the_way(cast, next_year, topic):
    first = renewing.renew(cast.author, cast.community, next_year, topic)
    communities.cancel(cast.author, first, "ผิดเรื่อง")
    second = renewing.renew(cast.author, cast.community, next_year, topic)
    assert second != first and not second.is_cancelled


def test_who_renews_for_others_takes_no_role(cast, next_year, topic):
    new = renewing.renew(cast.officer, cast.community, next_year, topic)
    assert roles(new) == {("กมล ใจดี", "facilitator"), ("เกศินี มานะ", "member")}


def test_but_keeps_it_when_nobody_else_can(cast, next_year, topic):
    new = renewing.renew(cast.officer, cast.community, next_year, topic, Choice(people={cast.fellow.id}))
    assert ("คมสัน จัดการ", "coordinator") in roles(new)


def test_who_left_the_organisation_stays_behind(cast, next_year, topic):
    cast.fellow.is_active = False
    cast.fellow.save()
    assert ("เกศินี มานะ", "member") not in roles(renewing.renew(cast.author, cast.community, next_year, topic))


@pytest.mark.parametrize("case", ["same year", "cancelled"])
def test_what_cannot_be_renewed(cast, next_year, topic, case):
    if case == "cancelled":
        communities.cancel(cast.author, cast.community, "ย้าย")
    year = cast.community.fiscal_year if case == "same year" else next_year
    with pytest.raises(DomainError):
        renewing.renew(cast.author, cast.community, year, topic)


def test_other_areas_bring_their_own_along_when_chosen(cast, next_year, topic, monkeypatch):
    carried = []
    trials = Along("trials", "การทดลองที่ยังไม่จบ", lambda c: 2, lambda by, old, new: carried.append((old.id, new.id)))
    monkeypatch.setattr(renewing, "ALONG", (trials,))
    new = renewing.renew(cast.author, cast.community, next_year, topic)
    assert carried == [(cast.community.id, new.id)]
    communities.cancel(cast.author, new, "ลองอีกแบบ")
    renewing.renew(cast.author, cast.community, next_year, topic, Choice(along=()))
    assert len(carried) == 1


def test_guests_go_along_only_when_that_is_chosen(cast, next_year, topic):
    known = {"organisation": "โรงเรียนบ้านนา", "contact": "08 1111 1111", "brings": "ทำแปลงผัก"}
    guests.add(cast.author, cast.community, "ครูแดง ใจงาม", **known)
    gone = guests.add(cast.author, cast.community, "ลุงดำ", organisation="", contact="", brings="")
    guests.remove(cast.author, gone)
    new = renewing.renew(cast.author, cast.community, next_year, topic)
    assert guests.of(new) == []
    communities.cancel(cast.author, new, "ลองอีกแบบ")
    new = renewing.renew(cast.author, cast.community, next_year, topic, Choice(along={"guests"}))
    (guest,) = guests.of(new)
    assert guest.name == "ครูแดง ใจงาม" and known == {name: getattr(guest, name) for name in known}
    assert [guest.name for guest in guests.of(cast.community)] == ["ครูแดง ใจงาม"]


def test_connected_communities_stay_connected_in_the_new_year(cast, next_year, topic):
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    ended = factories.make_community("ชุมชนที่เลิกไป", cast.outsider, status="cancelled")
    connections.connect(cast.author, cast.community, other, "ลูกค้าชุดเดียวกัน")
    CommunityLink.create(one=cast.community, other=ended)
    new = renewing.renew(cast.author, cast.community, next_year, topic)
    assert partners(new) == [other], "which has not renewed yet"
    assert Notice.select().where(Notice.employee == cast.outsider).count() == 2
    other_new = renewing.renew(cast.outsider, other, next_year, topic)
    assert partners(new) == [other_new] and partners(other_new) == [new]
    assert partners(other) == [cast.community] and other in partners(cast.community)
    (link, _partner) = connections.links_of(new)[0]
    assert link.why == "ลูกค้าชุดเดียวกัน"


def partners(community):
    return [other for _link, other in connections.links_of(community)]


# ---- many at once, at the end of a year ----------------------------------------------------------------------------


def test_many_at_once_one_refusal_keeps_no_other_from_going_on(cast, next_year, topic):
    lone = factories.make_community("ชุมชนประเด็นเลิกใช้", cast.author, topic=factories.make_topic("FBI"))
    done = year_end.renew_chosen(cast.officer, next_year, [lone, cast.community], year_end.EVERYBODY, True, [])
    assert [bool(one.new) for one in done] == [False, True] and "ประเด็นเรียนรู้" in done[0].refusal


@pytest.mark.parametrize(
    ("people", "names"),
    [
        (year_end.EVERYBODY, {"กมล ใจดี", "เกศินี มานะ"}),
        (year_end.KEEPERS_ONLY, {"กมล ใจดี"}),
        (year_end.NOBODY, {"คมสัน จัดการ"}),
    ],
)
def test_who_goes_on_is_chosen_for_all(cast, next_year, topic, people, names):
    (one,) = year_end.renew_chosen(cast.officer, next_year, [cast.community], people, True, [])
    assert {name for name, _role in roles(one.new)} == names


def test_keepers_are_asked_and_nothing_is_renewed(cast, next_year, topic):
    assert year_end.ask_keepers(cast.officer, next_year, [cast.community]) == 1
    notice = Notice.get(Notice.employee == cast.author)
    assert notice.kind == "community.renewal_asked" and notice.url.endswith(f"/renew?year={next_year.year}")
    assert Community.select().where(Community.fiscal_year == next_year).count() == 0


def test_s0_89_chosen_topics_are_copied_and_keep_their_line(cast, next_year):
    kept, left = factories.make_topic("เงินฝาก"), factories.make_topic("FBI")
    offered = year_end.topics_left(cast.community.fiscal_year, next_year)
    assert {kept.id, left.id} <= {topic.id for topic in offered}
    assert year_end.copy_topics(cast.officer, cast.community.fiscal_year, next_year, {kept.id}) == 1
    (copied,) = Topic.select().where(Topic.fiscal_year == next_year)
    assert copied.name == "เงินฝาก" and copied.series == kept.series


def test_a_year_is_closed_once_and_opened_again(cast):
    year = cast.community.fiscal_year
    year_end.close(cast.officer, year, "ปีแรก")
    year_end.close(cast.administrator, year, "อีกครั้ง")
    assert year_end.closing_of(year).note == "ปีแรก" and year_end.closing_of(year).closed_by == cast.officer
    year_end.reopen(cast.officer, year)
    assert year_end.closing_of(year) is None


def test_what_the_year_brought(cast):
    session = factories.make_session(cast.community)
    session.attendances.model.create(session=session, employee=cast.fellow)
    factories.make_article("ได้ผล", cast.author, community=cast.community, status="published")
    found = year_end.summary(cast.community.fiscal_year, cast.coordinator)
    assert (found.communities, found.with_knowledge, found.articles, found.sessions, found.people) == (1, 1, 1, 1, 1)
    assert year_end.summary(cast.community.fiscal_year, cast.outsider).communities == 0
