"""How communities are: quiet, alone, late, each with what to do next (S0-273, S0-302)."""

from datetime import date, timedelta

import pytest

from kc import clock
from kc.models import Community, Membership
from kc.services import health, rounds
from tests import factories
from tests.conftest import count_queries

FIRST = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def may():
    with clock.freeze(FIRST):
        yield


def kinds(community, day, deadlines=None):
    with clock.freeze(day):
        return health.of_communities(Community.id == community.id, deadlines)[0].kinds


def test_s0_273_neither_meeting_nor_planned_is_quiet_after_six_weeks(cast):
    factories.make_membership(cast.community, cast.fellow, "historian")
    factories.make_session(cast.community, held_on=FIRST + timedelta(days=7))
    assert kinds(cast.community, FIRST + timedelta(days=7 + 41)) == []
    assert kinds(cast.community, FIRST + timedelta(days=7 + 42)) == ["quiet"]
    coming = factories.make_session(cast.community, held_on=FIRST + timedelta(days=60))
    assert kinds(cast.community, FIRST + timedelta(days=7 + 42)) == [], "they have planned to meet"
    coming.cancelled_at = clock.now()
    coming.save()
    assert kinds(cast.community, FIRST + timedelta(days=7 + 42)) == ["quiet"]


def test_a_new_community_has_time_before_it_is_quiet(cast):
    factories.make_membership(cast.community, cast.fellow, "historian")
    assert kinds(cast.community, FIRST + timedelta(days=41)) == []
    with clock.freeze(FIRST + timedelta(days=49)):
        (finding,) = health.of_communities(Community.id == cast.community.id, None)[0].findings
    assert "ยังไม่เคยนัดพบกันเลย 7 สัปดาห์" in finding.says and finding.url.endswith("/sessions/new")


def test_s0_302_one_person_alone_and_one_keeper_alone(cast):
    day = FIRST + timedelta(days=30)
    assert kinds(cast.community, day) == ["one_keeper"]
    Membership.delete().where(Membership.employee == cast.fellow).execute()
    assert kinds(cast.community, day) == ["alone"]
    assert kinds(cast.community, FIRST + timedelta(days=3)) == [], "it has just begun"


def test_s0_302_whoever_left_the_organisation_keeps_nothing(cast):
    cast.author.is_active = False
    cast.author.save()
    assert kinds(cast.community, FIRST + timedelta(days=1)) == ["nobody"]


def test_late_is_a_finding_until_something_is_published(cast):
    factories.make_membership(cast.community, cast.fellow, "historian")
    factories.make_session(cast.community, held_on=FIRST)
    factories.make_round(cast.officer, [cast.branch], publish_by=FIRST + timedelta(days=10))
    known, day = rounds.deadlines(cast.community.fiscal_year), FIRST + timedelta(days=11)
    assert kinds(cast.community, FIRST + timedelta(days=10), known) == []
    assert kinds(cast.community, day, known) == ["late"]
    rounds.extend(cast.officer, known.round, cast.office, None, day, "ขอ")
    assert kinds(cast.community, day, rounds.deadlines(cast.community.fiscal_year)) == []
    factories.make_article("ได้ผล", cast.author, community=cast.community, status="published")
    assert kinds(cast.community, FIRST + timedelta(days=20), known) == []


def test_everyone_sees_the_communities_they_can_help(cast):
    def seen(employee):
        return {one.community.name for one in health.of_communities(health.in_scope(employee), None)}

    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    assert seen(cast.officer) == {"ชุมชนคนบ้านนา", "ชุมชนปลายน้ำ"}
    assert seen(cast.coordinator) == seen(cast.author) == {"ชุมชนคนบ้านนา"}
    assert seen(cast.outsider) == {"ชุมชนปลายน้ำ"} and seen(cast.fellow) == set()


def test_forty_communities_are_looked_at_in_one_statement(cast):
    for _n in range(40):
        factories.make_membership(factories.make_community(creator=cast.author), cast.author, "facilitator")
    with count_queries() as sent:
        assert len(health.of_communities(Community.id.is_null(False), None)) == 41
    assert len(sent) == 1
