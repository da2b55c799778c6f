"""The year's circular: what it says for each unit, and how it is written, announced and extended (S0-114, S0-176)."""

from datetime import date, timedelta

import pytest

from kc import clock, fiscal
from kc.errors import Conflict, DomainError
from kc.models import AuditEntry, Notice, Round, RoundInvitation, YearClosing
from kc.services import communities, round_standing, rounds
from tests import factories

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def june():
    with clock.freeze(TODAY):
        yield


def values(**overrides):
    return {
        "number": "ที่ ฝพบ. 42/2569",
        "dated_on": date(2026, 5, 1),
        "title": "ขอเชิญสมัคร",
        "text": "",
        "opens_on": date(2026, 5, 1),
        "closes_on": date(2026, 6, 30),
        "publish_by": date(2027, 3, 31),
    } | overrides


def told(employee, kind):
    return Notice.select().where((Notice.employee == employee) & (Notice.kind == kind)).count()


def test_s0_114_a_draft_invites_all_units_of_the_chosen_kinds(cast):
    made = rounds.draft(cast.officer, factories.make_year(), ["branch"], **values())
    invited = {row.unit.name for row in RoundInvitation.select().where(RoundInvitation.round == made)}
    assert invited == {"สาขาบ้านนา", "สาขาปลายน้ำ"}
    assert rounds.of_year(made.fiscal_year) is None, "a draft holds for nobody"
    assert AuditEntry.select().where(AuditEntry.action == "round.drafted").count() == 1


def test_a_year_has_one_circular(cast):
    rounds.draft(cast.officer, factories.make_year(), ["branch"], **values())
    with pytest.raises(DomainError) as refusal:
        rounds.draft(cast.officer, factories.make_year(), ["branch"], **values())
    assert refusal.value.field == "year"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"closes_on": date(2026, 4, 1)}, "closes_on"), ({"publish_by": date(2026, 6, 1)}, "publish_by")],
)
def test_days_in_disorder_are_refused_beside_their_field(cast, changes, field):
    with pytest.raises(DomainError) as refusal:
        rounds.draft(cast.officer, factories.make_year(), ["branch"], **values(**changes))
    assert refusal.value.field == field


def test_announcing_tells_coordinators_and_keepers_once(cast):
    made = rounds.draft(cast.officer, factories.make_year(), ["branch"], **values())
    rounds.announce(cast.officer, made)
    rounds.announce(cast.officer, made)
    assert told(cast.coordinator, "round.announced") == told(cast.author, "round.announced") == 1
    assert told(cast.fellow, "round.announced") == told(cast.officer, "round.announced") == 0
    assert rounds.of_year(made.fiscal_year) == made


def test_a_circular_that_invites_nobody_is_not_announced(cast):
    made = rounds.draft(cast.officer, factories.make_year(), [], **values())
    with pytest.raises(DomainError):
        rounds.announce(cast.officer, made)


def test_a_year_without_topics_is_not_announced(cast):
    """The year's topics are there before anybody is asked for knowledge (S0-184)."""
    made = rounds.draft(cast.officer, next_year(), ["branch"], **values())
    with pytest.raises(DomainError):
        rounds.announce(cast.officer, made)
    factories.make_topic(year=next_year())
    rounds.announce(cast.officer, made)


def test_days_changed_after_announcing_are_told_words_are_not(cast):
    made = factories.make_round(cast.officer, [cast.branch])
    kept = {name: getattr(made, name) for name in rounds.FIELDS}
    rounds.change(cast.officer, made, made.version, **kept | {"title": "เรื่องเดิม แก้คำผิด"})
    assert told(cast.coordinator, "round.changed") == 0
    rounds.change(cast.officer, made, made.version, **kept | {"closes_on": made.closes_on + timedelta(days=3)})
    rounds.change(cast.officer, made, made.version, **kept | {"closes_on": made.closes_on + timedelta(days=5)})
    assert told(cast.coordinator, "round.changed") == 1, "many changes, one notice"


def test_two_who_edit_it_see_both_versions(cast):
    made = factories.make_round(cast.officer, [cast.branch])
    rounds.change(cast.officer, made, 1, **values(title="ของคนแรก"))
    with pytest.raises(Conflict) as conflict:
        rounds.change(cast.administrator, Round.get_by_id(made.id), 1, **values(title="ของคนที่สอง"))
    assert conflict.value.theirs.title == "ของคนแรก"


def test_what_was_announced_cannot_be_thrown_away(cast):
    with pytest.raises(DomainError):
        rounds.discard(cast.officer, factories.make_round(cast.officer))
    rounds.discard(
        cast.officer, draft := factories.make_round(cast.officer, announced_at=None, fiscal_year=next_year())
    )
    assert not Round.select().where(Round.id == draft.id).exists()


def next_year():
    return factories.make_year(fiscal.calendar().current() + 1)


# ---- extensions ----------------------------------------------------------------------------------------------------


def test_s0_176_an_extension_holds_for_the_unit_and_all_below_it(cast):
    made = factories.make_round(cast.officer, [cast.branch, cast.other_branch])
    longer = made.closes_on + timedelta(days=10)
    rounds.extend(cast.officer, made, cast.office, longer, None, "น้ำท่วม")
    assert rounds.sign_up_until(cast.branch, made.fiscal_year) == longer
    assert rounds.sign_up_until(cast.other_branch, made.fiscal_year) == made.closes_on
    assert rounds.publish_by(cast.community) == made.publish_by, "only the day that was given"
    assert told(cast.coordinator, "round.extended") == told(cast.author, "round.extended") == 1


def test_the_longest_extension_counts_and_none_shortens(cast):
    made = factories.make_round(cast.officer, [cast.branch])
    rounds.extend(cast.officer, made, cast.office, made.closes_on + timedelta(days=10), None, "จังหวัด")
    rounds.extend(cast.officer, made, cast.branch, made.closes_on + timedelta(days=5), None, "สาขา")
    assert rounds.sign_up_until(cast.branch, made.fiscal_year) == made.closes_on + timedelta(days=10)
    Round.update(closes_on=made.closes_on + timedelta(days=30)).execute()
    assert rounds.sign_up_until(cast.branch, made.fiscal_year) == made.closes_on + timedelta(days=30)


@pytest.mark.parametrize(("days", "field"), [((None, None), "sign_up_until"), ((-1, None), "sign_up_until")])
def test_an_extension_needs_a_later_day(cast, days, field):
    made = factories.make_round(cast.officer, [cast.branch])
    until = made.closes_on + timedelta(days=days[0]) if days[0] else None
    with pytest.raises(DomainError) as refusal:
        rounds.extend(cast.officer, made, cast.branch, until, None, "ขอ")
    assert refusal.value.field == field


def test_an_extension_ends(cast):
    made = factories.make_round(cast.officer, [cast.branch])
    rounds.extend(cast.officer, made, cast.branch, made.closes_on + timedelta(days=5), None, "ขอ")
    rounds.extend(cast.officer, made, cast.branch, made.closes_on + timedelta(days=9), None, "ขออีก")
    assert made.extensions.count() == 1
    rounds.end_extension(cast.officer, made, cast.branch)
    assert rounds.sign_up_until(cast.branch, made.fiscal_year) == made.closes_on


def test_without_a_circular_there_is_no_deadline(cast):
    assert rounds.deadlines(factories.make_year()) is None
    assert (
        rounds.sign_up_until(cast.branch, factories.make_year()) is None and rounds.publish_by(cast.community) is None
    )


# ---- which years ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "last_day", "year"), [("bank", date(2027, 3, 31), 2569), ("government", date(2026, 9, 30), 2569)]
)
def test_s0_112_next_year_can_be_signed_up_for_once_its_window_is_open(app, preset, last_day, year):
    """31 March and 30 September: the year that ends tomorrow, and the one that begins then."""
    fiscal.configure(preset)
    try:
        with clock.freeze(last_day):
            creator = factories.make_employee()
            assert rounds.sign_up_years() == [year]
            following = factories.make_year(year + 1)
            factories.make_round(creator, fiscal_year=following, opens_on=last_day + timedelta(days=1))
            assert rounds.sign_up_years() == [year]
            Round.update(opens_on=last_day).execute()
            assert rounds.sign_up_years() == [year + 1, year]
        with clock.freeze(last_day + timedelta(days=1)):
            assert rounds.sign_up_years() == [year + 1]
    finally:
        fiscal.configure("bank")


def test_nothing_is_signed_up_for_a_closed_year(cast):
    year = factories.make_year()
    YearClosing.create(fiscal_year=year)
    with pytest.raises(DomainError):
        communities.sign_up(
            cast.author,
            unit=cast.branch,
            year=year,
            name="ใหม่",
            knowledge_title="เรื่องใหม่",
            topic=factories.make_topic(),
        )


# ---- who has signed up ---------------------------------------------------------------------------------------------


def test_who_is_invited_who_signed_up_who_has_not(cast):
    made = factories.make_round(cast.officer, [cast.office, cast.branch, cast.other_branch])
    found = {one.unit.name: one for one in round_standing.of_round(made)}
    assert found["สาขาบ้านนา"].state == "signed_up" and found["สาขาปลายน้ำ"].state == "waiting"
    assert found["สนจ. ลำน้ำใส"].state == "waiting", "the branch is invited itself: it counts for itself alone"
    assert [one.name for one in found["สาขาบ้านนา"].communities] == ["ชุมชนคนบ้านนา"]
    mine = round_standing.of_round(made, round_standing.paths_followed(cast.coordinator))
    assert [one.unit.name for one in mine] == ["สนจ. ลำน้ำใส", "สาขาบ้านนา"]


def test_a_community_counts_for_the_invited_unit_above_it(cast):
    made = factories.make_round(cast.officer, [cast.office])
    (one,) = round_standing.of_round(made)
    assert one.state == "signed_up"


def test_late_is_visible_and_an_extension_makes_it_in_time(cast):
    made = factories.make_round(cast.officer, [cast.branch, cast.other_branch], closes_on=TODAY - timedelta(days=1))
    found = {one.unit.name: one.state for one in round_standing.of_round(made)}
    assert found == {"สาขาบ้านนา": "late", "สาขาปลายน้ำ": "missing"}
    rounds.extend(cast.officer, made, cast.branch, TODAY, None, "ขอ")
    rounds.extend(cast.officer, made, cast.other_branch, TODAY, None, "ขอ")
    found = {one.unit.name: one.state for one in round_standing.of_round(made)}
    assert found == {"สาขาบ้านนา": "signed_up", "สาขาปลายน้ำ": "waiting"}


def test_s0_176_owing_knowledge_after_the_day_of_publishing(cast):
    gone = {"opens_on": TODAY - timedelta(days=9), "closes_on": TODAY - timedelta(days=5)}
    made = factories.make_round(cast.officer, [cast.branch], publish_by=TODAY - timedelta(days=1), **gone)
    (one,) = round_standing.of_round(made)
    assert one.owes_knowledge and round_standing.counts([one])["owing"] == 1
    factories.make_article("ได้ผลแล้ว", cast.author, community=cast.community, status="published")
    (one,) = round_standing.of_round(made)
    assert one.published == 1 and not one.owes_knowledge


def test_reminding_tells_the_coordinators_once_a_day(cast):
    factories.grant(coordinator := factories.make_employee("ปราณี ประสาน"), "coordinator", cast.other_branch)
    made = factories.make_round(cast.officer, [cast.branch, cast.other_branch])
    assert round_standing.remind(cast.officer, made) == 1
    assert told(coordinator, "round.reminded") == 1 and told(cast.coordinator, "round.reminded") == 0
    with pytest.raises(DomainError):
        round_standing.remind(cast.officer, made)
