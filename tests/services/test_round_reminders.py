"""What the calendar says by itself: near, late, quiet; each told once, to those whom it concerns (S0-176, S0-159)."""

from datetime import date, timedelta

import pytest

from kc import clock
from kc.models import Community, FiscalYear, Notice, Round, Session, Topic
from kc.services import health, reminders, round_reminders, round_todos, rounds, year_end, years
from kc.together import answer
from tests import factories

FIRST = date(2026, 5, 1)


@pytest.fixture
def made(cast):
    with clock.freeze(FIRST):
        factories.grant(cast.author, "coordinator", cast.other_branch)
        return factories.make_round(
            cast.officer,
            [cast.branch, cast.other_branch],
            fiscal_year=cast.community.fiscal_year,
            opens_on=FIRST,
            closes_on=date(2026, 6, 30),
            publish_by=date(2027, 2, 28),
        )


@pytest.fixture(autouse=True)
def may(request):
    with clock.freeze(FIRST):
        yield


def kinds(employee):
    return [row.kind for row in Notice.select().where(Notice.employee == employee).order_by(Notice.id)]


def of_the_round(employee):
    return [kind for kind in kinds(employee) if kind.startswith("round.")]


def look(day):
    with clock.freeze(day):
        round_reminders.look()


def test_s0_176_a_sign_up_that_comes_near_is_told_once_at_each_step(cast, made):
    look(date(2026, 6, 1))
    assert of_the_round(cast.author) == []
    for day in (16, 17, 18, 23, 24, 29, 30):  # fourteen, seven days and one before the end
        look(date(2026, 6, day))
    assert of_the_round(cast.author) == ["round.sign_up_near"] * 3
    assert of_the_round(cast.coordinator) == [], "all of theirs have signed up"
    said = Notice.get((Notice.employee == cast.author) & Notice.kind.startswith("round")).said
    assert said["count"] == 1 and said["days"] == 14 and said["on"] == "2026-06-30"


def test_a_missed_sign_up_is_told_once_and_then_left_alone(cast, made):
    for day in (date(2026, 7, 1), date(2026, 7, 2), date(2026, 9, 1)):
        look(day)
    assert of_the_round(cast.author) == ["round.sign_up_late"]


def test_an_extension_moves_the_reminders(cast, made):
    rounds.extend(cast.officer, made, cast.other_branch, date(2026, 7, 31), None, "ขอ")
    Notice.delete().execute()
    look(date(2026, 6, 29))
    assert of_the_round(cast.author) == []
    look(date(2026, 7, 30))
    assert "round.sign_up_near" in kinds(cast.author)


def test_publishing_is_reminded_of_and_its_lateness_told_kindly(cast, made):
    for day in (date(2027, 1, 29), date(2027, 2, 14), date(2027, 2, 15), date(2027, 2, 28), date(2027, 3, 1)):
        look(day)
    mine = [kind for kind in kinds(cast.author) if kind.startswith("round.publish")]
    assert mine == ["round.publish_near"] * 3 + ["round.publish_late"]
    assert of_the_round(cast.fellow) == []


def test_who_has_published_is_left_in_peace(cast, made):
    factories.make_article("ได้ผล", cast.author, community=cast.community, status="published")
    look(date(2027, 2, 28))
    assert not [kind for kind in kinds(cast.author) if kind.startswith("round.publish")]


def test_s0_159_a_quiet_community_is_told_to_its_keepers_once(cast, made):
    factories.make_session(cast.community, held_on=FIRST)
    for weeks in (5, 6, 7):
        look(FIRST + timedelta(weeks=weeks))
    assert kinds(cast.author).count("community.quiet") == 1 and "community.quiet" not in kinds(cast.fellow)
    Session.update(held_on=FIRST + timedelta(weeks=8)).execute()
    look(FIRST + timedelta(weeks=14))
    assert kinds(cast.author).count("community.quiet") == 2, "quiet once more, after they had met"


def test_s0_302_those_who_look_after_communities_are_told_monthly(cast, made):
    for day in (date(2026, 7, 1), date(2026, 7, 15), date(2026, 8, 1)):
        look(day)
    assert kinds(cast.coordinator).count("communities.need_care") == 2
    assert kinds(cast.officer).count("communities.need_care") == 2


def test_the_months_number_is_true_until_it_is_read(cast, made):
    """Told once a month, with the first day's number; an unread notice says today's."""

    def number():
        (row,) = Notice.select().where((Notice.kind == "communities.need_care") & (Notice.employee == cast.officer))
        return row.said["count"]

    look(date(2026, 7, 1))
    assert number() == 1
    with clock.freeze(FIRST):
        factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    look(date(2026, 7, 2))
    assert number() == 2
    Notice.update(read_at=clock.now()).execute()
    Community.update(status="cancelled").where(Community.name == "ชุมชนปลายน้ำ").execute()
    look(date(2026, 7, 3))
    assert number() == 2, "what was read stays as it was read"


def test_the_round_is_one_of_the_daily_ones(cast, made):
    with clock.freeze(date(2026, 6, 29)):
        assert reminders.make("rounds") and not reminders.make("rounds")


# ---- the home page -------------------------------------------------------------------------------------------------


def todos(employee, day):
    with clock.freeze(day):
        return [todo for todo in answer(round_todos.todos(employee)) if todo.icon != "heart"]


def test_keepers_are_asked_to_publish_a_month_before(cast, made):
    assert todos(cast.author, date(2027, 1, 1)) == []
    (todo,) = todos(cast.author, date(2027, 2, 1))
    assert todo.title == "ชุมชนคนบ้านนา" and "เหลืออีก 27 วัน" in todo.says and not todo.late
    (todo,) = todos(cast.author, date(2027, 3, 2))
    assert todo.late and "เลยกำหนดมา 2 วัน" in todo.says
    assert todos(cast.fellow, date(2027, 2, 1)) == []


def test_a_coordinator_sees_how_many_have_not_signed_up(cast, made):
    (todo,) = todos(cast.author, date(2026, 6, 25))
    assert "ยังไม่สมัครชุมชน 1 หน่วยงาน" in todo.title and todo.url == f"/rounds/{made.id}/units/?state=open"


def test_s0_114_a_year_begins_with_its_circular(cast):
    """The KM team, and nobody else, is led to it until it is announced: without it nobody is invited to anything."""
    day = date(2026, 6, 1)
    (todo,) = todos(cast.officer, day)
    assert todo.url == "/rounds/new" and "ปีบัญชี 2569" in todo.title
    assert not any(todo.icon == "flag" for who in (cast.author, cast.outsider) for todo in todos(who, day))
    with clock.freeze(FIRST):
        draft = factories.make_round(cast.officer, [cast.branch], announced_at=None)
    (todo,) = todos(cast.officer, day)
    assert todo.url == f"/rounds/{draft.id}" and todo.button == "ตรวจและประกาศ"
    Round.update(announced_at=clock.now()).execute()
    assert not any(todo.icon == "flag" for todo in todos(cast.officer, day))


def test_s0_115_who_is_in_no_community_is_invited(cast, made):
    (todo,) = todos(cast.outsider, date(2026, 6, 25))
    assert todo.url == "/communities/new" and "เหลืออีก 5 วัน" in todo.says
    assert todos(cast.outsider, date(2026, 7, 1)) == []
    assert todos(cast.fellow, date(2026, 6, 25)) == [], "already in one"


def test_last_years_community_is_offered_to_be_renewed(cast):
    with clock.freeze(date(2026, 5, 1)):
        before = factories.make_year(2568)
        old = factories.make_community("ชุมชนปีก่อน", cast.outsider, fiscal_year=before)
        factories.make_membership(old, cast.outsider, "facilitator")
        factories.make_round(cast.officer, [cast.other_branch], fiscal_year=factories.make_year(2569))
    (todo,) = todos(cast.outsider, date(2026, 5, 10))
    assert todo.url == f"/communities/{old.id}/renew" and todo.title == "ชุมชนปีก่อน"


def test_s0_302_keepers_see_at_home_that_their_community_is_quiet(cast):
    """With and without a circular."""
    with clock.freeze(FIRST + timedelta(weeks=7)):
        (todo,) = answer(round_todos.todos(cast.author))
        assert answer(round_todos.todos(cast.fellow)) == []
    assert todo.title == "ชุมชนคนบ้านนา" and "สัปดาห์" in todo.says and todo.button == "นัดกิจกรรม"


# ---- the year is over ----------------------------------------------------------------------------------------------


@pytest.fixture
def at_the_end(cast):
    """A circular with the usual last day of publishing; today is the second day of the next year."""
    year = cast.community.fiscal_year
    with clock.freeze(FIRST):
        factories.make_round(cast.officer, [cast.branch], fiscal_year=year, publish_by=year.ends_on)
    with clock.freeze(year.ends_on + timedelta(days=2)):
        yield year


def late_for(employee):
    return [one.community.name for one in health.looked_after(health.in_scope(employee)) if "late" in one.kinds]


def test_s0_176_late_at_the_years_end_is_seen_by_all_whom_it_concerns(cast, at_the_end):
    round_reminders.look()
    assert [
        ("round.publish_late" in kinds(p), "communities.need_care" in kinds(p))
        for p in (cast.author, cast.coordinator, cast.officer)
    ] == [(True, False), (False, True), (False, True)]
    for person in (cast.author, cast.coordinator, cast.officer):
        assert late_for(person) == ["ชุมชนคนบ้านนา"]
    assert late_for(cast.fellow) == []
    (todo,) = [todo for todo in answer(round_todos.todos(cast.author)) if todo.icon == "journal-plus"]
    assert todo.late and "เลยกำหนด" in todo.says
    assert [one.kind for one in answer(round_todos.panel(cast.community, cast.author)).findings] == ["late"]


def test_of_a_year_that_is_over_only_that_is_said(cast, at_the_end):
    """Quiet, with one keeper and unpublished: two of the three do not matter any more."""
    (found,) = health.looked_after(health.in_scope(cast.officer))
    assert found.kinds == ["late"]
    factories.make_article("ได้ผล", cast.author, community=cast.community, status="published")
    assert health.looked_after(health.in_scope(cast.officer)) == []


def no_longer_late(cast):
    return late_for(cast.officer) == [] and not [
        t for t in answer(round_todos.todos(cast.author)) if t.icon == "journal-plus"
    ]


def test_what_went_on_in_the_new_year_is_late_no_more(cast, at_the_end):
    Community.update(renewed_from=cast.community).where(
        Community.id == factories.make_community("ชุมชนใหม่", cast.author, fiscal_year=years.current()).id
    ).execute()
    assert no_longer_late(cast)


def test_a_closed_year_asks_for_nothing_more(cast, at_the_end):
    year_end.close(cast.officer, at_the_end, "ครบแล้ว")
    assert no_longer_late(cast)


def test_who_has_longer_than_the_year_is_not_late_but_reminded(cast, at_the_end):
    round_ = rounds.of_year(at_the_end)
    rounds.extend(cast.officer, round_, cast.branch, None, clock.today() + timedelta(days=14), "ขอ")
    assert late_for(cast.officer) == []
    (todo,) = [todo for todo in answer(round_todos.todos(cast.author)) if todo.icon == "journal-plus"]
    assert not todo.late and "เหลืออีก 14 วัน" in todo.says


def test_years_long_past_are_left_in_peace(cast, at_the_end):
    with clock.freeze(at_the_end.ends_on + timedelta(days=370)):
        assert no_longer_late(cast) and not answer(round_todos.panel(cast.community, cast.author)).findings


def test_a_year_opened_early_begins_with_last_years_topics(cast):
    """Whoever prepares next year's circular opens the year; on its first day there must be topics to choose."""
    factories.make_year(2570)
    look(date(2027, 4, 1))
    assert Topic.select().join(FiscalYear).where(FiscalYear.year == 2570).count() == 1
