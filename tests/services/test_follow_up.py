"""Follow-up of use (S0-200, S0-203): all are asked at 1, 3 and 6 months; answers feed "used by" (S0-195, S0-202)."""

import logging
from datetime import date, datetime, timedelta

import pytest

from kc import clock, config
from kc.errors import DomainError
from kc.models import Attendance, FollowUp, FollowUpPlan, KnowledgeUse, Notice
from kc.services import evaluation_todos, follow_up, follow_up_results, guest_links, reminders, uses
from kc.together import answer
from tests import factories
from tests.conftest import count_queries

TODAY = date(2026, 11, 21)
USED = {
    "used": "used",
    "place": "สาขาบ้านนา",
    "outcomes": "faster,cover",
    "outcome_text": "จาก 3 วันเหลือ 1 วัน",
    "hindrances": "",
    "hindrance_text": "",
    "show_name": False,
}
NOT_YET = USED | {"used": "not_yet", "place": "", "outcomes": "", "outcome_text": "", "hindrances": "time,tools"}


@pytest.fixture(autouse=True)
def day():
    with clock.freeze(TODAY) as frozen:
        yield frozen


def begun(cast, on=TODAY):
    return follow_up.begin(cast.author, cast.community, on)


def mine(employee, months=1):
    return FollowUp.get((FollowUp.employee == employee) & (FollowUp.months == months))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 7, 15), 6, date(2027, 1, 15)),
        (date(2026, 11, 21), -1, date(2026, 10, 21)),
    ],
)
def test_months_are_counted_as_people_count_them(day, months, then):
    assert follow_up.months_after(day, months) == then


def test_s0_200_everyone_gets_a_due_day_for_each_month(cast):
    Attendance.create(session=factories.make_session(cast.community), guest_name="ครูวิลาวัณย์")
    begun(cast)
    begun(cast)  # twice is no error
    assert FollowUp.select().count() == 9
    assert mine(cast.fellow, 3).due_on == date(2027, 2, 21)


def test_the_months_are_a_setting():
    assert config.read_settings({})["KC_FOLLOW_UP_MONTHS"] == (1, 3, 6)
    assert config.read_settings({"KC_FOLLOW_UP_MONTHS": " 12,2 "})["KC_FOLLOW_UP_MONTHS"] == (2, 12)
    for nonsense in ("", "0", "a", "1,,2", "-1", "25", "๑"):
        with pytest.raises(config.SettingError):
            config.read_settings({"KC_FOLLOW_UP_MONTHS": nonsense})


def test_another_day_moves_what_nobody_answered(cast):
    begun(cast, TODAY - timedelta(days=40))
    follow_up.answer(mine(cast.fellow), None, **USED)
    follow_up.start_on(cast.author, cast.community, TODAY - timedelta(days=35))
    assert mine(cast.fellow).due_on == follow_up.months_after(TODAY - timedelta(days=40), 1)
    assert mine(cast.author).due_on == follow_up.months_after(TODAY - timedelta(days=35), 1)
    with pytest.raises(DomainError):
        follow_up.start_on(cast.author, cast.community, date(2020, 1, 1))


# ---- answering -----------------------------------------------------------------------------------------------------


def test_s0_195_an_answer_shows_who_uses_the_knowledge(cast):
    article = factories.make_article("เยี่ยมก่อน", cast.author, community=cast.community, status="published")
    begun(cast, TODAY - timedelta(days=40))
    follow_up.answer(mine(cast.fellow), article, **USED)
    (use,) = uses.of(article)
    assert (use.place, use.employee, use.outcome_list) == ("สาขาบ้านนา", cast.fellow, ["faster", "cover"])
    follow_up.answer(mine(cast.fellow), article, **USED | {"place": "สาขาปลายน้ำ"})  # put right
    assert [use.place for use in uses.of(article)] == ["สาขาปลายน้ำ"]
    follow_up.answer(mine(cast.fellow), article, **NOT_YET)
    assert uses.of(article) == []


def test_use_without_an_article_counts_for_what_the_community_publishes_later(cast):
    begun(cast, TODAY - timedelta(days=40))
    follow_up.answer(mine(cast.fellow), None, **USED)
    ours = factories.make_article("เรื่องเรา", cast.author, community=cast.community, status="published")
    other = factories.make_article("เรื่องอื่น", cast.author, status="published")
    assert len(uses.of(ours)) == 1
    assert uses.of(other) == []


def test_one_person_answering_three_times_is_one_user(cast, day):
    article = factories.make_article("เยี่ยมก่อน", cast.author, community=cast.community, status="published")
    begun(cast)
    for months in (1, 3, 6):
        day.move_to(datetime(2027, 6, 1))
        follow_up.answer(mine(cast.fellow, months), article, **USED | {"place": f"รอบ {months}"})
    assert [use.place for use in uses.of(article)] == ["รอบ 6"]


def test_nobody_answers_before_it_is_due_or_long_after(cast, day):
    begun(cast)
    with pytest.raises(DomainError):
        follow_up.answer(mine(cast.fellow), None, **USED)
    day.advance(days=31)
    follow_up.answer(mine(cast.fellow), None, **USED)
    day.advance(days=61)
    with pytest.raises(DomainError):
        follow_up.answer(mine(cast.fellow), None, **NOT_YET)
    assert mine(cast.fellow).used == "used"


def test_s0_203_the_summary_counts_answers_outcomes_and_hindrances(cast):
    factories.make_membership(cast.community, cast.outsider)
    begun(cast, TODAY - timedelta(days=40))
    follow_up.answer(mine(cast.fellow), None, **USED)
    follow_up.answer(mine(cast.outsider), None, **NOT_YET)
    rows = follow_up.rows_of(cast.community)
    first = follow_up_results.months(rows)[0]
    assert (first.coverage.done, first.coverage.expected, first.used, first.not_yet) == (2, 3, 1, 1)
    assert follow_up_results.outcomes(rows) == [("faster", 1), ("cover", 1)]  # S0-202: can cover for each other
    assert follow_up_results.hindrances(rows) == [("time", 1), ("tools", 1)]
    assert follow_up_results.users(rows).done == 1


def test_s0_202_standing_in_for_each_other_and_the_units_figures_are_among_what_is_asked(cast):
    factories.make_membership(cast.community, cast.outsider)
    begun(cast, TODAY - timedelta(days=40))
    follow_up.answer(mine(cast.fellow), None, **USED | {"outcomes": "cover,kpi"})
    follow_up.answer(mine(cast.outsider), None, **USED | {"outcomes": "cover"})
    assert follow_up_results.outcomes(follow_up.rows_of(cast.community)) == [("cover", 2), ("kpi", 1)]


def test_the_excused_and_the_departed_are_not_waited_for(cast):
    begun(cast, TODAY - timedelta(days=40))
    follow_up.excuse(cast.author, mine(cast.fellow), "ลาคลอด")
    cast.author.is_active = False
    cast.author.save()
    first = follow_up_results.months(follow_up.rows_of(cast.community))[0]
    assert first.coverage.expected == 0
    assert follow_up.remind(cast.author, cast.community) == 0
    assert answer(evaluation_todos.todos(cast.fellow)) == []


# ---- it runs itself ------------------------------------------------------------------------------------------------


def test_s0_200_the_daily_round_asks_reminds_and_says_who_is_missing(cast, day):
    begun(cast)
    told = []
    for days in range(60):
        with clock.freeze(TODAY + timedelta(days=days)):
            reminders.make("follow_up")
        found = Notice.select().where(Notice.employee == cast.fellow).count()
        told.append(found)
    asked_on = [n for n in range(1, 60) if told[n] > told[n - 1]]
    assert asked_on == [30, 37, 51]  # 21 December, a week after, three weeks after
    missing = Notice.get(Notice.kind == "follow_up.missing")
    assert (missing.employee, missing.said["n"]) == (cast.author, 2)


def test_a_day_on_which_nothing_ran_loses_no_reminder(cast, day):
    begun(cast)
    for days in (32, 33):  # the server stood still on the day it was due
        with clock.freeze(TODAY + timedelta(days=days)):
            reminders.make("follow_up")
    assert Notice.select().where(Notice.employee == cast.fellow).count() == 1


def test_who_joins_meanwhile_is_asked_too(cast):
    begun(cast)
    factories.make_membership(cast.community, cast.outsider)
    reminders.make("follow_up")
    assert FollowUp.select().where(FollowUp.employee == cast.outsider).count() == 3


def test_who_joins_later_is_not_missing_among_those_who_were_asked_before(cast, day):
    begun(cast, TODAY - timedelta(days=40))
    factories.make_membership(cast.community, cast.outsider)
    reminders.make("follow_up")
    assert [row.months for row in FollowUp.select().where(FollowUp.employee == cast.outsider)] == [3, 6]


def told_of(employee, kind="follow_up.due"):
    return Notice.select().where((Notice.kind == kind) & (Notice.employee == employee)).count()


def test_s0_200_another_day_asks_anew(cast, day):
    """And the facilitator hears anew who is missing."""
    begun(cast, TODAY - timedelta(days=31))
    for days in (0, 14):
        with clock.freeze(TODAY + timedelta(days=days)):
            reminders.make("follow_up")
    assert told_of(cast.fellow) == 1 and told_of(cast.author, "follow_up.missing") == 1
    with clock.freeze(TODAY + timedelta(days=15)):
        follow_up.start_on(cast.author, cast.community, TODAY + timedelta(days=15))
        reminders.make("follow_up")
    assert told_of(cast.fellow) == 1, "not due any more"
    due_on = mine(cast.fellow).due_on
    for days in (0, 7, 14, 21):
        with clock.freeze(due_on + timedelta(days=days)):
            reminders.make("follow_up")
    assert told_of(cast.fellow) == 4 and told_of(cast.author, "follow_up.missing") == 2


@pytest.mark.parametrize("since", [40, 120, 300])
def test_a_start_long_ago_is_asked_about_once_and_then_reminded_of(cast, day, since):
    """The newest question alone: three at once are two too many. Reminders count from the day of asking."""
    begun(cast, TODAY - timedelta(days=since))
    told = []
    for days in range(25):
        with clock.freeze(TODAY + timedelta(days=days)):
            reminders.make("follow_up")
        told.append(told_of(cast.fellow))
    assert [n for n in range(25) if told[n] > (told[n - 1] if n else 0)] == [0, 7, 21]
    newest = FollowUp.select().where((FollowUp.employee == cast.fellow) & (FollowUp.due_on <= TODAY))
    last = newest.order_by(FollowUp.due_on.desc()).first()
    assert {row.url for row in Notice.select().where(Notice.employee == cast.fellow)} == {f"/follow-up/{last.id}"}
    assert told_of(cast.author, "follow_up.missing") >= 1


def test_whoever_need_not_answer_is_asked_once_they_must(cast, day):
    begun(cast, TODAY - timedelta(days=40))
    follow_up.excuse(cast.author, mine(cast.fellow), "ลาคลอด")
    reminders.make("follow_up")
    assert told_of(cast.fellow) == 0
    follow_up.excuse(cast.author, mine(cast.fellow), "")
    with clock.freeze(TODAY + timedelta(days=30)):
        reminders.make("follow_up")
    assert told_of(cast.fellow) == 1


def test_one_community_that_fails_keeps_no_other_from_being_asked(cast, monkeypatch, caplog):
    """Nor does it leave half of its own."""
    other = factories.make_community("ชุมชนเพื่อนบ้าน", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    for community in (cast.community, other):
        follow_up.begin(cast.author, community, TODAY - timedelta(days=31))
    told = follow_up._tell_facilitators

    def fails(rows, community) -> None:
        assert community != cast.community, "damaged"
        told(rows, community)

    monkeypatch.setattr(follow_up, "_tell_facilitators", fails)
    with caplog.at_level(logging.ERROR):
        assert not reminders.make("follow_up")
    assert told_of(cast.outsider) == 1 and told_of(cast.fellow) == 0 and "damaged" in caplog.text
    monkeypatch.setattr(follow_up, "_tell_facilitators", told)
    assert reminders.make("follow_up") and told_of(cast.outsider) == 1 and told_of(cast.fellow) == 1


def test_many_people_are_counted_in_with_one_statement(cast):
    begun(cast)
    for _n in range(15):
        factories.make_membership(cast.community, factories.make_employee())
    with count_queries() as sent:
        follow_up.enrol(follow_up.of(cast.community))
    assert FollowUp.select().count() == 3 * 17
    assert len([query for query in sent if "INSERT" in str(query)]) == 1


def test_it_begins_by_itself_with_the_first_published_knowledge(cast):
    old = factories.make_community("ชุมชนเก่า", cast.author)
    for community, published_on in ((cast.community, TODAY - timedelta(days=3)), (old, TODAY - timedelta(days=200))):
        factories.make_article("เรื่อง", cast.author, community=community, status="published", published_on=published_on)
    reminders.make("follow_up")
    (plan,) = FollowUpPlan.select()
    assert (plan.community, plan.starts_on, plan.set_by) == (cast.community, TODAY - timedelta(days=3), None)


def test_a_due_question_is_among_the_todos(cast, day):
    begun(cast)
    assert answer(evaluation_todos.todos(cast.fellow)) == []
    day.advance(days=31)
    (todo,) = answer(evaluation_todos.todos(cast.fellow))
    assert todo.url == f"/follow-up/{mine(cast.fellow).id}"


# ---- guests --------------------------------------------------------------------------------------------------------


def test_a_guests_link_opens_their_row_alone_and_expires(cast, day):
    Attendance.create(session=factories.make_session(cast.community), guest_name="ครูวิลาวัณย์")
    begun(cast)
    row = FollowUp.get((FollowUp.guest_name != "") & (FollowUp.months == 1))
    token = guest_links.token_of(row)
    assert guest_links.row_of(token) == row
    assert guest_links.row_of(token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]) is None
    assert guest_links.row_of(token.replace(f"f{row.id}-", f"f{row.id + 1}-")) is None
    assert guest_links.row_of("") is None
    day.advance(days=46)
    with pytest.raises(guest_links.Expired):
        guest_links.row_of(token)


def test_a_link_does_not_open_the_next_guests_form(cast):
    """SQLite gives the id of the last row again once that is gone; the link of who is gone opens nothing."""
    session = factories.make_session(cast.community)
    gone = Attendance.create(session=session, guest_name="ครูวิลาวัณย์")
    plan = begun(cast)
    last = FollowUp.select().order_by(FollowUp.id.desc()).get()
    token = guest_links.token_of(last)
    gone.delete_instance()
    follow_up.enrol(plan)
    values = {"community": cast.community, "person_key": "g:n:ป้าละมัย", "guest_name": "ป้าละมัย", "months": 6}
    after = FollowUp.create(id=last.id, due_on=TODAY, **values)
    assert guest_links.row_of(token) is None
    assert guest_links.row_of(guest_links.token_of(after)) == after


def test_staff_have_no_link_that_opens_without_signing_in(cast):
    begun(cast)
    with pytest.raises(AssertionError):
        guest_links.token_of(mine(cast.fellow))
    forged = guest_links._signer().sign(f"f{mine(cast.fellow).id}-{mine(cast.fellow).salt}").decode()
    assert guest_links.row_of(forged) is None


def test_uses_go_with_their_answer(cast):
    begun(cast, TODAY - timedelta(days=40))
    follow_up.answer(mine(cast.fellow), None, **USED)
    mine(cast.fellow).delete_instance()
    assert KnowledgeUse.select().count() == 0
