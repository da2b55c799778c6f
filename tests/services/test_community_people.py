"""Who keeps a community going: deputies, handing over, asking, inviting, guests, connections, history."""

from datetime import time, timedelta

import pytest

from kc import clock, policy
from kc.errors import DomainError
from kc.models import AuditEntry, CommunityChange, CommunityLink, Guest, Invitation, JoinRequest, Membership, Notice
from kc.models import Session as Meeting
from kc.services import (
    bringing_in,
    communities,
    community_history,
    community_people,
    connections,
    guests,
    handing_over,
    joining,
    renewing,
    series,
    waiting,
)
from tests import factories


def held(community, employee):
    rows = community.current_members().where(Membership.employee == employee)
    return sorted((m.role, m.is_deputy) for m in rows)


def told(employee):
    return [n.kind for n in Notice.select().where(Notice.employee == employee).order_by(Notice.id)]


def facilitates(cast):
    return Membership.get((Membership.community == cast.community) & (Membership.employee == cast.author))


# ---- deputies and handing over -------------------------------------------------------------------------------------


def test_s0_052_every_role_may_have_a_deputy(cast):
    for role in policy.ORGANISERS:
        handing_over.set_deputy(cast.author, cast.community, role, cast.fellow)
    assert {(role, True) for role in policy.ORGANISERS} <= set(held(cast.community, cast.fellow))
    assert "community.deputy" in told(cast.fellow)
    assert policy.can_edit_community(cast.fellow, cast.community)


def make_by_role(cast):
    communities.add_member(cast.coordinator, cast.community, cast.coordinator, "facilitator")


def make_deputy(cast):
    handing_over.set_deputy(cast.coordinator, cast.community, "facilitator", cast.coordinator)


def invite_oneself(cast):
    joining.invite(cast.coordinator, cast.community, cast.coordinator, "facilitator")
    joining.respond(cast.coordinator, Invitation.get(), True)


def take_over(cast):
    handing_over.hand_over(cast.coordinator, facilitates(cast), cast.coordinator, "leaves")


@pytest.mark.parametrize("make", [make_by_role, make_deputy, invite_oneself, take_over])
def test_facilitators_know_who_made_themselves_one(cast, make):
    """A facilitator sees every participant's own evaluation, so nobody becomes one behind the others' backs."""
    make(cast)
    assert "community.self_facilitator" in told(cast.author)
    assert "community.self_facilitator" not in told(cast.coordinator) + told(cast.fellow)


def test_only_who_makes_themselves_a_facilitator_is_told_of(cast):
    communities.add_member(cast.author, cast.community, cast.fellow, "facilitator")
    communities.add_member(cast.coordinator, cast.community, cast.coordinator, "historian")
    assert "community.self_facilitator" not in told(cast.author)
    make_by_role(cast)
    make_by_role(cast)  # who is it already is not told of again
    assert Notice.get((Notice.employee == cast.author) & (Notice.kind == "community.self_facilitator")).times == 1


def test_who_holds_a_role_is_not_its_deputy(cast):
    with pytest.raises(DomainError, match="ทำหน้าที่นี้อยู่แล้ว"):
        handing_over.set_deputy(cast.author, cast.community, "facilitator", cast.author)


def test_a_member_needs_no_deputy(cast):
    with pytest.raises(DomainError):
        handing_over.set_deputy(cast.author, cast.community, "member", cast.fellow)


def test_s0_302_one_person_alone_is_said(cast):
    team = community_people.team_of(cast.community.current_members())
    assert team.is_alone and team.duties[1].needs_deputy
    handing_over.set_deputy(cast.author, cast.community, "facilitator", cast.fellow)
    team = community_people.team_of(cast.community.current_members())
    assert not team.is_alone and not team.duties[1].needs_deputy


def test_s0_302_whoever_left_the_organisation_runs_nothing(cast):
    handing_over.set_deputy(cast.author, cast.community, "facilitator", cast.fellow)
    cast.author.is_active = False
    cast.author.save()
    assert community_people.team_of(cast.community.current_members()).is_alone
    assert community_people.organisers(cast.community) == [cast.fellow]
    with pytest.raises(DomainError, match="อย่างน้อยหนึ่งคน"):
        communities.leave(cast.fellow, cast.community)


def test_s0_302_nothing_is_locked_to_one_account(cast):
    """The coordinator's account is closed: who asks to join still reaches somebody, and the role still moves."""
    cast.author.is_active = False
    cast.author.save()
    assert community_people.carers(cast.community) == [cast.coordinator]
    joining.ask(cast.outsider, cast.community)
    assert told(cast.coordinator) == ["community.asked"]
    handing_over.hand_over(cast.coordinator, facilitates(cast), cast.fellow, "leaves")
    assert held(cast.community, cast.fellow) == [("facilitator", False), ("member", False)]


def test_without_a_coordinator_the_km_team_answers(cast):
    cast.author.is_active = cast.coordinator.is_active = False
    cast.author.save()
    cast.coordinator.save()
    assert community_people.carers(cast.community) == [cast.officer]


@pytest.mark.parametrize(
    ("afterwards", "stays"), [("deputy", [("facilitator", True)]), ("member", [("member", False)]), ("leaves", [])]
)
def test_s0_302_a_role_goes_over_in_one_step(cast, afterwards, stays):
    today = clock.today()
    ahead = factories.make_session(cast.community, held_on=today + timedelta(days=9), facilitator=cast.author)
    past = factories.make_session(cast.community, held_on=today - timedelta(days=9), facilitator=cast.author)
    handing_over.hand_over(cast.author, facilitates(cast), cast.fellow, afterwards)
    assert held(cast.community, cast.author) == stays
    assert ("facilitator", False) in held(cast.community, cast.fellow)
    ahead, past = Meeting.get_by_id(ahead.id), Meeting.get_by_id(past.id)
    assert ahead.facilitator == cast.fellow and past.facilitator == cast.author
    assert ahead.deputy == (cast.author if afterwards == "deputy" else None)
    assert told(cast.fellow) == ["community.handed_over"]
    assert AuditEntry.select().where(AuditEntry.action == "community.handed_over").count() == 1


@pytest.mark.parametrize(("afterwards", "stands_in"), [("deputy", True), ("leaves", False)])
def test_meetings_that_a_series_will_make_are_led_by_the_next_too(cast, afterwards, stands_in):
    lines = {"place": "ห้องเล็ก", "link": "", "topic": "คุยกัน", "technique": "dialogue", "presenter_name": ""}
    people = {"presenter": None, "facilitator": cast.author, "deputy": None}
    at = {"held_on": clock.today() + timedelta(days=1), "starts": time(9), "ends": None}
    until = clock.today() + timedelta(days=200)
    series.begin(cast.author, cast.community, "key", "weekly", until, **at, **lines, **people)
    handing_over.hand_over(cast.author, facilitates(cast), cast.fellow, afterwards)
    with clock.freeze(clock.today() + timedelta(days=40)):
        series.go_on()
    led = {(row.facilitator, row.deputy) for row in Meeting.select()}
    assert led == {(cast.fellow, cast.author if stands_in else None)}


def test_a_deputy_becomes_the_holder(cast):
    handing_over.set_deputy(cast.author, cast.community, "facilitator", cast.fellow)
    handing_over.hand_over(cast.author, facilitates(cast), cast.fellow)
    assert ("facilitator", False) in held(cast.community, cast.fellow)
    assert held(cast.community, cast.author) == [("facilitator", True)]


@pytest.mark.parametrize(
    ("change", "match"), [({"to": "author"}, "คนเดียวกับ"), ({"afterwards": "x"}, "หลังส่งมอบ"), ({"gone": True}, "พ้นสภาพ")]
)
def test_what_cannot_be_handed_over(cast, change, match):
    cast.fellow.is_active = not change.get("gone")
    to = getattr(cast, change.get("to", "fellow"))
    with pytest.raises(DomainError, match=match):
        handing_over.hand_over(cast.author, facilitates(cast), to, change.get("afterwards", "deputy"))
    assert held(cast.community, cast.author) == [("facilitator", False)]


def test_nobody_hands_over_being_a_member(cast):
    member = Membership.get((Membership.community == cast.community) & (Membership.employee == cast.fellow))
    with pytest.raises(DomainError, match="ส่งมอบไม่ได้"):
        handing_over.hand_over(cast.author, member, cast.outsider)


# ---- asking and inviting -------------------------------------------------------------------------------------------


def asking_first(cast):
    cast.community.asks_to_join = True
    cast.community.save()
    return cast.community


def test_s0_115_a_community_may_want_to_be_asked(cast):
    community = asking_first(cast)
    with pytest.raises(DomainError, match="ส่งคำขอก่อน"):
        communities.join(cast.outsider, community)
    joining.ask(cast.outsider, community, "อยากมาฟัง")
    joining.ask(cast.outsider, community)
    assert JoinRequest.select().count() == 1 and told(cast.author) == ["community.asked"]
    assert "ตอบคำขอ" in [todo.button for todo in waiting.for_employee(cast.author)]
    joining.answer(cast.author, JoinRequest.get(), True)
    assert held(community, cast.outsider) == [("member", False)] and told(cast.outsider) == ["community.let_in"]
    with pytest.raises(DomainError, match="ตอบไปแล้ว"):
        joining.answer(cast.author, JoinRequest.get(), False)


def test_declined_may_ask_again_later(cast):
    community = asking_first(cast)
    joining.ask(cast.outsider, community)
    joining.answer(cast.author, JoinRequest.get(), False, "รอบหน้านะ")
    assert held(community, cast.outsider) == [] and told(cast.outsider) == ["community.not_let_in"]
    assert joining.latest_request(cast.outsider, community).answer == "รอบหน้านะ"
    joining.ask(cast.outsider, community)
    assert len(joining.requests_of(community)) == 1


def test_a_request_can_be_taken_back(cast):
    joining.ask(cast.outsider, asking_first(cast))
    joining.take_back(cast.outsider, cast.community)
    joining.take_back(cast.outsider, cast.community)
    assert joining.requests_of(cast.community) == []


def test_being_added_answers_what_waits(cast):
    joining.ask(cast.outsider, asking_first(cast))
    joining.invite(cast.author, cast.community, cast.outsider)
    communities.add_member(cast.author, cast.community, cast.outsider, "historian")
    assert joining.requests_of(cast.community) == [] == joining.invitations_of(cast.community)
    assert told(cast.outsider)[-1] == "community.added"


def test_s0_115_an_invitation_is_answered_by_the_invited(cast):
    assert joining.invite(cast.author, cast.community, cast.outsider, "expert")
    assert not joining.invite(cast.author, cast.community, cast.outsider, "expert"), "one waits already"
    assert [todo.button for todo in waiting.for_employee(cast.outsider)] == ["ดูคำชวน"]
    joining.respond(cast.outsider, Invitation.get(), True)
    assert held(cast.community, cast.outsider) == [("expert", False)]
    assert told(cast.author) == ["community.invitation_accepted"]


def test_s0_274_nobody_is_made_to(cast):
    joining.invite(cast.author, cast.community, cast.outsider)
    joining.respond(cast.outsider, Invitation.get(), False)
    assert held(cast.community, cast.outsider) == [] and told(cast.author) == ["community.invitation_declined"]
    with pytest.raises(DomainError, match="ตอบหรือยกเลิกไปแล้ว"):
        joining.respond(cast.outsider, Invitation.get(), True)


def test_an_invitation_called_back_is_no_longer_answered(cast):
    joining.invite(cast.author, cast.community, cast.outsider)
    joining.call_back(cast.author, Invitation.get())
    assert joining.my_invitations(cast.outsider, cast.community) == []


def test_who_holds_the_role_is_not_invited_to_it(cast):
    with pytest.raises(DomainError, match="อยู่แล้ว"):
        joining.invite(cast.author, cast.community, cast.fellow)


def test_a_pasted_list_tells_line_by_line_what_could_not_be_done(cast):
    lines = "0000003\n\nไม่มีตัวตน\n0000003\nเกศินี มานะ\tสาขาบ้านนา"
    result = bringing_in.bring_in(cast.author, cast.community, lines, "member")
    assert result.done == [cast.outsider]
    assert [line for line, _why in result.left] == ["ไม่มีตัวตน", "เกศินี มานะ สาขาบ้านนา"]


def test_too_long_a_list_is_refused_whole(cast):
    with pytest.raises(DomainError, match="60"):
        bringing_in.bring_in(cast.author, cast.community, "\n".join(f"คน {n}" for n in range(61)), "member")


# ---- guests --------------------------------------------------------------------------------------------------------


def test_s0_126_a_guest_needs_no_employee_id_and_leaves_no_number_behind(cast):
    kept = {"organisation": "บ้านวังไทร", "contact": "08 0000 0000", "brings": "เล่าเรื่องลูกบ้าน"}
    guest = guests.add(cast.author, cast.community, "ผู้ใหญ่สมหมาย", **kept)
    assert guests.add(cast.author, cast.community, "ผู้ใหญ่สมหมาย", **kept) == guest, "the same form, sent twice"
    with pytest.raises(DomainError, match="อยู่แล้ว"):
        guests.add(cast.author, cast.community, "ผู้ใหญ่สมหมาย", **(kept | {"contact": "08 1111 1111"}))
    assert Guest.select().count() == 1
    guests.remove(cast.author, guest)
    row = Guest.get_by_id(guest.id)
    assert row.contact == "" and row.name == "ผู้ใหญ่สมหมาย" and guests.of(cast.community) == []


# ---- connections ---------------------------------------------------------------------------------------------------


@pytest.fixture
def other(cast):
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    return other


def test_s0_263_a_pair_is_connected_once_whichever_side_asks(cast, other):
    connections.connect(cast.author, cast.community, other, "ลูกค้าชุดเดียวกัน")
    connections.connect(cast.outsider, other, cast.community)
    assert CommunityLink.select().count() == 1 and told(cast.outsider) == ["community.connected"]
    assert [c for _link, c in connections.links_of(other)] == [cast.community]
    assert [c for _link, c in connections.links_of(cast.community)] == [other]
    connections.disconnect(cast.outsider, other, CommunityLink.get())
    assert connections.links_of(cast.community) == []


def test_a_community_is_not_connected_to_itself(cast):
    with pytest.raises(DomainError, match="ตัวเอง"):
        connections.connect(cast.author, cast.community, cast.community)


def test_s0_266_communities_of_the_same_topic_are_suggested(cast, other):
    assert connections.suggested(cast.community, []) == [other]
    assert connections.suggested(cast.community, [other.id]) == []


def test_s0_263_a_session_held_together_is_everybodys(cast, other):
    session = factories.make_session(cast.community)
    assert not policy.can_read_notes(cast.outsider, session)
    connections.hold_together(cast.author, session, [other])
    cast.outsider.__dict__.pop("_joint_sessions")
    assert policy.can_read_notes(cast.outsider, session) and policy.can_write_notes(cast.outsider, session)
    assert told(cast.outsider) == ["session.joint"]
    assert [s.id for s in connections.sessions_of(other)] == [session.id]
    assert {e.id for e in community_people.people_of_session(session)} == {
        e.id for e in (cast.author, cast.fellow, cast.outsider)
    }
    connections.hold_together(cast.author, session, [other])
    assert told(cast.outsider) == ["session.joint"], "told once"
    connections.hold_together(cast.author, session, [])
    assert connections.partners(session) == []


# ---- history and forms ---------------------------------------------------------------------------------------------


def change(cast, **changes):
    names = ("name", "knowledge_title", "topic", "goals", "agreement")
    values = {name: getattr(cast.community, name) for name in names}
    communities.change(cast.author, cast.community, cast.community.version, **values | changes)


def test_s0_277_another_name_topic_or_rhythm_is_kept(cast):
    """The topic drifts with its history kept (S0-95, S0-277)."""
    change(cast, rhythm="เดือนละครั้ง")
    assert CommunityChange.select().count() == 0, "said for the first time is no change"
    was = cast.community.topic.name
    topic = factories.make_topic("นวัตกรรม")
    change(cast, rhythm="สองสัปดาห์ครั้ง", name="ชุมชนใหม่", topic=topic, why="งานเปลี่ยนฤดู")
    kept = {row.what: (row.before, row.after, row.why) for row in CommunityChange.select()}
    assert kept["rhythm"] == ("เดือนละครั้ง", "สองสัปดาห์ครั้ง", "งานเปลี่ยนฤดู")
    assert kept["topic"][:2] == (was, "นวัตกรรม") and kept["name"][:2] == ("ชุมชนคนบ้านนา", "ชุมชนใหม่")
    assert told(cast.fellow) == ["community.changed"] and told(cast.author) == []


def test_s0_270_a_community_lives_across_years(cast):
    def make(years_ago, renewed_from=None):
        year = factories.make_year(cast.community.fiscal_year.year - years_ago)
        return factories.make_community(f"ชุมชนปี {years_ago}", cast.author, fiscal_year=year, renewed_from=renewed_from)

    first = make(2)
    second = make(1, first)
    cast.community.renewed_from = second
    cast.community.save()
    expected = [cast.community.id, second.id, first.id]
    for community in (first, second, cast.community):
        assert [row.id for row in community_history.years_of(community)] == expected


def test_s0_267_a_community_mixes_several_forms(cast):
    change(cast, forms=["chat", "small", "coffee_council", "small", "nonsense", "grass_roots"])
    assert cast.community.form_keys == ("small", "grass_roots", "coffee_council", "chat")
    change(cast, forms=[])
    assert cast.community.form_keys == ()


def test_renewal_brings_forms_and_deputies_along(cast):
    handing_over.set_deputy(cast.author, cast.community, "facilitator", cast.fellow)
    change(cast, forms=["small"], rhythm="ทุกวันพุธ")
    year = factories.make_year(cast.community.fiscal_year.year + 1)
    new = renewing.renew(cast.author, cast.community, year, factories.make_topic("เงินฝาก", year))
    assert new.form_keys == ("small",) and new.rhythm == "ทุกวันพุธ"
    assert ("facilitator", True) in held(new, cast.fellow)
