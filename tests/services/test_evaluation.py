"""Learning evaluation (S0-198, S0-199): the plan, the test, answers, states of everyone, results, reminders."""

from datetime import date, timedelta

import pytest

from kc import clock, together
from kc.errors import Conflict, DomainError
from kc.models import Assessment, Attendance, AuditEntry, Evaluation, FollowUp, Notice
from kc.services import assessing, evaluation, evaluation_results, evaluation_todos, reminders
from kc.services.participants import participants
from tests import factories
from tests.conftest import count_queries

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def day():
    with clock.freeze(TODAY) as frozen:
        yield frozen


def planned(cast, *methods, points="ฟังก่อนเสนอทางออก\nทำตารางเงินสด", full_score=10):
    wanted = list(methods or ("test", "self"))
    row = evaluation.set_up(cast.author, cast.community, 0, methods=wanted, points=points, full_score=full_score)
    if "test" in wanted:
        for text in ("เยี่ยมลูกค้าเมื่อใด", "ถามอะไรก่อน"):
            evaluation.write_question(cast.author, row, text, ["ก่อนครบกำหนด", "", "หลังค้างชำระ"], 0)
    return row


def answers(row, right=2):
    asked = evaluation.questions_of(row)
    return {str(q.id): q.right if n < right else 1 - q.right for n, q in enumerate(asked)}


def answer(row, person, right=2, ratings=((2, 4), (3, 5)), satisfaction=5, suggestion=""):
    mine = assessing.mine(person, row)
    given = {"answers": answers(row, right), "ratings": [list(pair) for pair in ratings]}
    questions = evaluation.questions_of(row)
    return assessing.answer(mine, questions, satisfaction=satisfaction, suggestion=suggestion, **given)


def states(row):
    return {p.name: p.state for p in evaluation.enrol(row)}


# ---- whom it is about ----------------------------------------------------------------------------------------------


def test_s0_198_participants_are_members_attendees_and_guests(cast):
    session = factories.make_session(cast.community)
    called_off = factories.make_session(cast.community, cancelled_at=clock.now())
    Attendance.create(session=session, employee=cast.outsider)
    Attendance.create(session=session, employee=cast.fellow)
    Attendance.create(session=session, guest_name="ครูวิลาวัณย์")
    Attendance.create(session=called_off, guest_name="คนที่ไม่ได้มา")
    with count_queries() as sent:
        found = participants(cast.community)
    assert len(sent) == 3
    assert [(p.name, p.is_member, p.attended) for p in found] == [
        ("กมล ใจดี", True, 0),
        ("เกศินี มานะ", True, 1),
        ("ไกรสร ห่างไกล", False, 1),
        ("ครูวิลาวัณย์", False, 1),
    ]


def test_s0_198_every_participant_has_a_state(cast):
    Attendance.create(session=factories.make_session(cast.community), guest_name="ครูวิลาวัณย์")
    row = planned(cast)
    assert states(row) == {"กมล ใจดี": "preparing", "เกศินี มานะ": "preparing", "ครูวิลาวัณย์": "preparing"}
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=7))
    answer(row, cast.fellow)
    guest = Assessment.get(Assessment.guest_name == "ครูวิลาวัณย์")
    assessing.excuse(cast.author, guest, "มาบรรยาย")
    assert states(row) == {"กมล ใจดี": "waiting", "เกศินี มานะ": "done", "ครูวิลาวัณย์": "excused"}
    assert evaluation_results.coverage(evaluation.assessments(row)) == evaluation_results.Coverage(1, 2)
    evaluation.move_to(cast.author, row, "closed")
    assert states(row)["กมล ใจดี"] == "missed"


def test_who_leaves_the_organisation_is_not_waited_for(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    cast.fellow.is_active = False
    cast.fellow.save()
    assert evaluation_results.coverage(evaluation.assessments(row)).expected == 1


def test_who_was_added_by_mistake_goes_and_who_answered_stays(cast):
    extra = factories.make_membership(cast.community, cast.outsider)
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow)
    extra.delete_instance()
    cast.community.memberships.where(cast.community.memberships.model.employee == cast.fellow).get().delete_instance()
    assert set(states(row)) == {"กมล ใจดี", "เกศินี มานะ"}


def test_a_stranger_has_no_assessment(cast):
    row = planned(cast)
    assert assessing.mine(cast.outsider, row) is None


# ---- the plan ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"methods": []}, "methods"), ({"methods": ["magic"]}, "methods"), ({"points": "ก\n" * 7}, "points")],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(cast, changes, field):
    plan = {"methods": ["self"], "points": "", "full_score": 10} | changes
    with pytest.raises(DomainError) as refused:
        evaluation.set_up(cast.author, cast.community, 0, **plan)
    assert refused.value.field == field
    assert Evaluation.select().count() == 0


def test_self_rating_without_points_is_about_the_communitys_knowledge(cast):
    assert planned(cast, "self", points="").point_list == [cast.community.knowledge_title]


def test_two_people_planning_at_once_see_both(cast):
    row = planned(cast, "self")
    based_on = row.version
    evaluation.set_up(cast.author, cast.community, based_on, methods=["test"], points="", full_score=10)
    with pytest.raises(Conflict):
        evaluation.set_up(cast.fellow, cast.community, based_on, methods=["score"], points="", full_score=10)
    assert Evaluation.get().methods == "test"


def test_points_stay_once_somebody_rated_themselves(cast):
    row = planned(cast, "self")
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow)
    row = evaluation.of(cast.community)
    with pytest.raises(DomainError):
        evaluation.set_up(cast.author, cast.community, row.version, methods=["self"], points="อื่น", full_score=10)


@pytest.mark.parametrize(
    ("text", "choices", "right", "field"),
    [
        ("", ["ก", "ข"], 0, "text"),
        ("ถาม", ["ก", ""], 0, "choices"),
        ("ถาม", ["ก", "ก"], 0, "choices"),
        ("ถาม", ["ก", "ข"], -1, "right"),
        ("ถาม", ["ก", "ข", ""], 2, "right"),
    ],
)
def test_a_question_nobody_could_answer_is_refused(cast, text, choices, right, field):
    row = planned(cast, "self")
    with pytest.raises(DomainError) as refused:
        evaluation.write_question(cast.author, row, text, choices, right)
    assert refused.value.field == field


def test_the_right_choice_is_kept_when_empty_lines_go(cast):
    row = planned(cast, "self")
    question = evaluation.write_question(cast.author, row, "ถาม", ["", "ผิด", "", "ถูก"], 3)
    assert question.choice_list[question.right] == "ถูก"


def test_questions_stay_once_somebody_took_the_test(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "before")
    answer(row, cast.fellow)
    question = evaluation.questions_of(row)[0]
    with pytest.raises(DomainError):
        evaluation.write_question(cast.author, row, "เปลี่ยน", ["ก", "ข"], 0, question.id)
    with pytest.raises(DomainError):
        evaluation.remove_question(cast.author, row, question.id)


# ---- stages --------------------------------------------------------------------------------------------------------


def test_opening_tells_everyone_but_who_opened(cast):
    row = planned(cast)
    told = evaluation.move_to(cast.author, row, "before", TODAY + timedelta(days=3))
    notice = Notice.get()
    assert (told, Notice.select().count()) == (1, 1)
    assert (notice.employee, notice.kind) == (cast.fellow, "evaluation.open")
    assert notice.url == f"/communities/{cast.community.id}/evaluation/answer"


@pytest.mark.parametrize("stage", ["", "preparing", "nonsense"])
def test_there_is_no_such_stage(cast, stage):
    with pytest.raises(DomainError):
        evaluation.move_to(cast.author, planned(cast), stage)


def test_a_test_without_questions_cannot_be_opened(cast):
    row = evaluation.set_up(cast.author, cast.community, 0, methods=["test"], points="", full_score=10)
    with pytest.raises(DomainError):
        evaluation.move_to(cast.author, row, "after")


def test_without_a_test_there_is_nothing_to_ask_before(cast):
    with pytest.raises(DomainError):
        evaluation.move_to(cast.author, planned(cast, "self"), "before")


def test_a_day_gone_by_is_refused(cast):
    with pytest.raises(DomainError) as refused:
        evaluation.move_to(cast.author, planned(cast), "after", TODAY - timedelta(days=1))
    assert refused.value.field == "due_on"


def test_a_stage_changed_by_who_saw_an_older_plan_changes_nothing(cast):
    row = planned(cast, "self")
    stale = evaluation.of(cast.community)
    evaluation.set_up(cast.officer, cast.community, row.version, methods=["self"], points="ฟัง", full_score=20)
    with pytest.raises(Conflict) as refused:
        evaluation.move_to(cast.author, stale, "after")
    now = Evaluation.get()
    assert refused.value.theirs == now and (now.stage, now.points, now.full_score) == ("preparing", "ฟัง", 20)
    assert Notice.select().count() == 0


def test_s0_200_closing_begins_the_follow_up(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    evaluation.move_to(cast.author, row, "closed")
    due = {(f.employee_id, f.months): f.due_on for f in FollowUp.select()}
    assert due[cast.fellow.id, 1] == date(2026, 12, 21)
    assert due[cast.author.id, 6] == date(2027, 5, 21)
    assert len(due) == 6


# ---- answering -----------------------------------------------------------------------------------------------------


def test_s0_198_before_and_after_are_kept_and_compared(cast):
    """How much more a person understands is measured (S0-198, S0-202)."""
    row = planned(cast)
    evaluation.move_to(cast.author, row, "before")
    assert answer(row, cast.fellow, right=1)
    evaluation.move_to(cast.author, row, "after")
    assert answer(row, cast.fellow, right=2, suggestion="อยากให้มีตัวอย่าง")
    mine = Assessment.get(Assessment.employee == cast.fellow)
    assert (mine.test_before, mine.test_after, mine.self_before, mine.self_after) == (1, 2, 2.5, 4.5)
    assert mine.done_at is not None
    mine.evaluation = row
    lines = evaluation_results.of_person(mine, 2)
    assert [(line.before, line.after, line.full) for line in lines] == [(1, 2, 2), (2.5, 4.5, 5)]
    assert lines[0].change == 50.0


def test_sending_twice_keeps_the_first(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    assert answer(row, cast.fellow, right=2)
    assert not answer(row, cast.fellow, right=0)
    assert Assessment.get(Assessment.employee == cast.fellow).test_after == 2


def test_nothing_is_taken_before_it_opens_or_after_it_closed(cast):
    row = planned(cast)
    with pytest.raises(DomainError):
        answer(row, cast.fellow)
    evaluation.move_to(cast.author, row, "after")
    evaluation.move_to(cast.author, row, "closed")
    with pytest.raises(DomainError):
        answer(row, cast.fellow)


def test_s0_198_the_facilitators_score_and_rating_are_needed_when_planned(cast):
    row = planned(cast, "self", "score", "rating", full_score=20)
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow)
    assert states(row)["เกศินี มานะ"] == "to_rate"
    theirs = next(p for p in evaluation.assessments(row) if p.employee == cast.fellow)
    with pytest.raises(DomainError) as refused:
        assessing.rate(cast.author, theirs, 1, score_before=3.0, score_after=21.0, rating=4, rating_note="")
    assert refused.value.field == "score_after"
    assessing.rate(cast.author, theirs, 1, score_before=3.0, score_after=15.0, rating=4, rating_note="กล้าถามขึ้น")
    assert states(row)["เกศินี มานะ"] == "done"
    with pytest.raises(Conflict):
        assessing.rate(cast.author, theirs, 1, score_before=None, score_after=1.0, rating=1, rating_note="")


def test_the_audit_line_names_no_answer(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow, suggestion="เรื่องส่วนตัว")
    line = AuditEntry.get(AuditEntry.action == "evaluation.answered")
    assert line.actor == cast.fellow
    assert "ส่วนตัว" not in line.details


# ---- results -------------------------------------------------------------------------------------------------------


def results(row, everything=False):
    rows = evaluation.enrol(row)
    return evaluation_results.of_community(row, rows, evaluation.questions_of(row), everything=everything)


def test_s0_199_means_of_fewer_than_three_are_for_the_facilitator_alone(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow)
    answer(row, cast.author)
    assert results(row).hidden
    assert results(row).lines == []
    assert results(row, everything=True).lines[0].after == 2
    factories.make_membership(cast.community, cast.outsider)
    answer(row, cast.outsider, right=1, satisfaction=2, suggestion="ขอเวลาถามมากขึ้น")
    told = results(row)
    assert not told.hidden
    assert told.lines[1].n == 3
    assert (told.satisfaction, told.satisfied, told.suggestions) == (4, 3, ["ขอเวลาถามมากขึ้น"])
    assert [line.label for line in told.points] == ["ฟังก่อนเสนอทางออก", "ทำตารางเงินสด"]
    assert [q.after for q in told.questions] == [100, 67]


def test_s0_199_a_point_few_rated_themselves_on_is_not_shown_to_others(cast):
    factories.make_membership(cast.community, cast.outsider)
    row = planned(cast, "self", "rating")
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow)
    for theirs in evaluation.enrol(row):  # all are rated, one has answered
        assessing.rate(cast.author, theirs, 1, score_before=None, score_after=None, rating=4, rating_note="")
    told = results(row)
    assert [line.label for line in told.lines] == ["คุณอำนวยประเมิน"]
    assert told.points == []
    assert told.satisfaction is None


def test_only_those_with_both_figures_are_compared(cast):
    row = planned(cast, "test")
    evaluation.move_to(cast.author, row, "before")
    answer(row, cast.fellow, right=0)
    evaluation.move_to(cast.author, row, "after")
    answer(row, cast.fellow, right=2)
    answer(row, cast.author, right=1)
    line = results(row, everything=True).lines[0]
    assert (line.before, line.after, line.n) == (0, 2, 1)


# ---- those who are missing -----------------------------------------------------------------------------------------


def test_reminding_by_hand_tells_each_at_most_once_a_day(cast, day):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    for _again in range(2):
        assert evaluation.remind(cast.author, row) == 1
    assert Notice.select().where(Notice.kind == "evaluation.waiting").count() == 1
    day.advance(days=1)
    evaluation.remind(cast.author, row)
    assert Notice.select().where(Notice.kind == "evaluation.waiting").count() == 2


def test_the_daily_round_reminds_before_and_after_and_tells_the_facilitator(cast, day):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=5))
    answer(row, cast.author)
    told = {}
    for days in range(16):
        with clock.freeze(TODAY + timedelta(days=days)):
            assert reminders.make("evaluation")
            assert not reminders.make("evaluation")
        rows = Notice.select().where(Notice.kind != "evaluation.open")
        told[days] = sorted((n.kind, n.employee.name) for n in rows)
    assert told[2] == []
    assert told[3] == [("evaluation.waiting", "เกศินี มานะ")]
    assert ("evaluation.missing", "กมล ใจดี") in told[6]
    assert len(told[15]) == 5


def test_what_waits_is_among_the_todos_until_answered(cast):
    row = planned(cast)
    assert together.answer(evaluation_todos.todos(cast.fellow)) == []
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=5))
    with count_queries() as sent:
        (todo,) = together.answer(evaluation_todos.todos(cast.fellow))
    assert len(sent) == 1
    assert (todo.url, todo.late) == (f"/communities/{cast.community.id}/evaluation/answer", False)
    answer(row, cast.fellow)
    assert together.answer(evaluation_todos.todos(cast.fellow)) == []


def test_what_is_closed_while_the_round_is_made_is_not_asked_for_any_more(cast):
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=2))
    Notice.delete().execute()

    def each(things, work):
        for thing in list(things):
            evaluation.move_to(cast.author, row, "closed")
            work(thing)

    evaluation.remind_all(each)
    assert not Notice.select().exists()
