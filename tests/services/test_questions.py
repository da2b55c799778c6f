"""The webboard: who is told, who waits, what is accepted; and that a hidden name is written nowhere (S0-257)."""

import json
from datetime import timedelta

import pytest

from kc import clock, policy, search
from kc.db import db
from kc.errors import DomainError
from kc.models import Answer, AuditEntry, Employee, Notice, Question, QuestionHelper, SearchOutbox
from kc.services import communities, notice_wording, question_lists, question_reminders, questions, reminders, topics
from kc.together import answer
from tests import factories

TITLE = "ลูกค้าสวนทุเรียนขอเลื่อนชำระหลังพายุ ใช้เอกสารอะไรบ้าง"


def ask(by, **values):
    return questions.ask(by, values.pop("title", TITLE), form_key=values.pop("form_key", "k1"), **values)


def told(kind: str) -> set[str]:
    return {notice.employee.name for notice in Notice.select().where(Notice.kind == kind)}


def found(viewer, words: str = "ทุเรียน") -> list[int]:
    results = search.search(words, viewer=viewer, filters=search.Filters(kind="question"))
    assert results.total == len(results.hits) == results.facets["source"].get("question", 0)
    return [hit.id for hit in results.hits]


# ---- asking --------------------------------------------------------------------------------------------------------


def test_s0_257_experts_of_the_topic_and_the_community_are_told(cast):
    """S0-257: the webboard has experts at its core: they are told, and so are the authors of the topic."""
    expert, writer = factories.make_employee("เชี่ยว ชาญจริง"), factories.make_employee("เขียน ไว้มาก")
    other = factories.make_community(creator=expert)
    factories.make_membership(other, expert, "expert")
    factories.make_article("เลื่อนชำระ", writer, status="published")
    question = ask(cast.fellow, community=cast.community)
    assert question.topic == cast.community.topic
    assert told("question.asked") == {"เชี่ยว ชาญจริง", "เขียน ไว้มาก", cast.author.name}
    whys = {row.employee.name: row.why for row in QuestionHelper.select()}
    assert whys == {"เชี่ยว ชาญจริง": "expert", "เขียน ไว้มาก": "wrote", cast.author.name: "organiser"}


def test_for_members_only_nobody_else_is_told(cast):
    expert = factories.make_employee("เชี่ยว ชาญจริง")
    factories.make_membership(factories.make_community(creator=expert), expert, "expert")
    ask(cast.fellow, community=cast.community, is_members_only=True)
    assert told("question.asked") == {cast.author.name}


def test_there_is_always_somebody_to_ask(cast):
    ask(cast.fellow)
    assert told("question.asked") == {cast.officer.name}


def test_the_nearest_knowledges_author_is_told_when_no_topic_is_said(cast):
    factories.make_article("ทุเรียนหลังพายุ", cast.outsider, status="published")
    search.rebuild()
    ask(cast.fellow, title="ทุเรียนหลังพายุ")
    assert told("question.asked") == {cast.outsider.name}


def test_the_same_form_twice_is_one_question(cast):
    assert ask(cast.fellow).id == ask(cast.fellow).id
    assert Question.select().count() == Notice.select().count() == 1


@pytest.mark.parametrize(("title", "field"), [("", "title"), ("ใคร", "title"), ("ก" * 301, "title")])
def test_what_asks_nothing_is_refused(cast, title, field):
    with pytest.raises(DomainError) as refusal:
        ask(cast.fellow, title=title)
    assert refusal.value.field == field


def test_only_members_ask_members_only_and_nobody_asks_the_cancelled(cast):
    with pytest.raises(DomainError):
        ask(cast.outsider, community=cast.community, is_members_only=True)
    assert ask(cast.outsider, community=cast.community).community == cast.community
    cast.community.status = "cancelled"
    with pytest.raises(DomainError):
        ask(cast.fellow, community=cast.community, form_key="k2")


# ---- the hidden name -----------------------------------------------------------------------------------------------


def test_s0_265_a_hidden_name_is_written_nowhere_but_in_its_own_column(cast):
    """S0-265: neither audit, notices nor the index say who asked, whatever the asker does to their own question."""
    question = ask(cast.fellow, is_hidden_name=True, community=cast.community)
    given = questions.answer(cast.author, question, "ใช้ใบรับรองความเสียหาย", form_key="a1")
    questions.answer(cast.fellow, question, "ขอบคุณ ลองแล้วได้ผล", form_key="a2")
    question = Question.get_by_id(question.id)
    questions.change(cast.fellow, question, question.version, title=TITLE + "ครับ", text="", topic=None)
    questions.accept(cast.fellow, Answer.get_by_id(given.id))
    questions.open_again(cast.fellow, question)
    for entry in AuditEntry.select().where(AuditEntry.object_kind.in_(["question", "answer"])):
        assert entry.actor_id in (None, cast.author.id), entry.action
        assert cast.fellow.name not in entry.details and cast.fellow.employee_id not in entry.details
    for notice in Notice.select():
        assert notice.actor_id != cast.fellow.id and cast.fellow.name not in notice.facts, notice.kind
    assert told("question.said_more") == told("question.accepted") == {cast.author.name}
    assert found(cast.officer, cast.fellow.name) == []
    assert found(cast.officer) == [question.id]


def test_s0_265_only_the_team_may_ask_for_the_name_and_that_is_written_down(cast):
    question = ask(cast.fellow, is_hidden_name=True, community=cast.community)
    curious = [p.name for p in Employee.select() if policy.can_ask_for_name(p, question)]
    assert sorted(curious) == sorted([cast.officer.name, cast.administrator.name])
    assert questions.name_of_asker(cast.officer, question) == cast.fellow
    assert AuditEntry.get(AuditEntry.action == "question.asker_seen").actor == cast.officer


def test_who_does_not_hide_is_named(cast):
    question = ask(cast.fellow)
    assert AuditEntry.get(AuditEntry.action == "question.asked").actor == cast.fellow
    questions.answer(cast.author, question, "เคยทำ", form_key="a1")
    assert json.loads(Notice.get(Notice.kind == "question.answered").facts)["actor"] == cast.author.name


# ---- who sees it ---------------------------------------------------------------------------------------------------


def test_permission_is_inside_the_query(cast):
    """What is for members is found, counted and explained only to them and to those who look after them."""
    question = ask(cast.fellow, community=cast.community, is_members_only=True)
    people = [getattr(cast, role) for role in ("author", "fellow", "outsider", "coordinator", "officer", "executive")]
    for person in people:
        sees = policy.can_see_question(person, question)
        assert sees is (person not in (cast.outsider, cast.executive))
        assert found(person) == ([question.id] if sees else []), person.name
        assert question_lists.board(person, "all").count() == sees
        assert (search.explain("ทุเรียน", "question", question.id, viewer=person) is not None) is sees
        both = search.found_among([(person, "ทุเรียน", search.Filters())], [("question", question.id)])
        assert both == [{("question", question.id)} if sees else set()]
    assert found(None) == []


def test_every_verb_reaches_the_index(cast):
    question = ask(cast.fellow, community=cast.community, is_members_only=True)
    given = questions.answer(cast.author, question, "ขอหนังสือรับรองจากอำเภอ", form_key="a1")
    assert found(cast.fellow, "หนังสือรับรอง") == [question.id] and not search.differences()
    questions.remove_answer(cast.author, given)
    assert found(cast.fellow, "หนังสือรับรอง") == [] and not search.differences()
    questions.bring_answer_back(cast.author, Answer.get_by_id(given.id))
    communities.cancel(cast.officer, cast.community, "ย้าย")
    assert not search.differences()
    topics.change(cast.officer, cast.community.topic, name="ชื่อใหม่ของประเด็น", description="")
    assert not search.differences()
    questions.remove(cast.officer, question, "ซ้ำกับข้ออื่น")
    assert found(cast.fellow) == [] and not search.differences()
    questions.bring_back(cast.officer, question)
    assert found(cast.fellow) == [question.id] and not search.differences()
    assert SearchOutbox.select().count() == 0


# ---- answers -------------------------------------------------------------------------------------------------------


def test_answers_are_counted_without_the_askers_own(cast):
    question = ask(cast.fellow)
    questions.answer(cast.fellow, question, "เล่าเพิ่ม", form_key="a1")
    assert Question.get_by_id(question.id).is_waiting
    first = questions.answer(cast.author, question, "คำตอบ", form_key="a2")
    assert questions.answer(cast.author, question, "คำตอบ", form_key="a2").id == first.id
    row = Question.get_by_id(question.id)
    assert (row.answer_count, row.first_answer_at) == (1, first.created_at)
    questions.remove_answer(cast.author, first)
    assert Question.get_by_id(question.id).is_waiting


def test_one_answer_is_accepted_and_stands_first(cast):
    question = ask(cast.fellow)
    made = [questions.answer(cast.author, question, f"ข้อ {n}", form_key=f"a{n}") for n in range(3)]
    questions.accept(cast.fellow, made[1])
    questions.accept(cast.fellow, made[2])
    assert [row.text for row in question_lists.answers_of(question)] == ["ข้อ 2", "ข้อ 0", "ข้อ 1"]
    assert Answer.select().where(Answer.accepted_at.is_null(False)).count() == 1
    questions.remove_answer(cast.author, Answer.get_by_id(made[2].id))
    assert Question.get_by_id(question.id).accepted_at is None


def test_s0_266_those_with_the_same_problem_are_told_too(cast):
    question = ask(cast.fellow)
    for _ in range(2):
        questions.follow(cast.outsider, question, True)
    questions.follow(cast.fellow, question, True)  # who asked is not noted: it would name them
    assert question_lists.followers(cast.outsider, question) == question_lists.Followers(1, True)
    questions.answer(cast.author, question, "เคยทำ", form_key="a1")
    assert told("question.answered") == {cast.fellow.name, cast.outsider.name}
    questions.follow(cast.outsider, question, False)
    assert question_lists.followers(cast.outsider, question).count == 0


def test_an_answered_question_stays_and_a_moderator_says_why(cast):
    question = ask(cast.fellow)
    questions.answer(cast.author, question, "เคยทำ", form_key="a1")
    question = Question.get_by_id(question.id)
    with pytest.raises(DomainError):
        questions.remove(cast.fellow, question)
    with pytest.raises(DomainError):
        questions.remove(cast.officer, question)
    questions.remove(cast.officer, question, "มีชื่อลูกค้า")
    assert told("question.removed") == {cast.fellow.name}
    assert not policy.can_see_question(cast.outsider, question) and policy.can_see_question(cast.fellow, question)


def test_what_a_moderator_took_off_is_a_moderators_to_bring_back(cast):
    question = ask(cast.fellow)
    row = questions.answer(cast.author, question, "คำหยาบ", form_key="a1")
    with pytest.raises(DomainError) as refusal:
        questions.remove_answer(cast.officer, row)
    assert refusal.value.field == "reason" and told("question.answer_removed") == set()
    questions.remove_answer(cast.officer, row, "ไม่สุภาพ")
    assert told("question.answer_removed") == {cast.author.name}
    assert "ไม่สุภาพ" in notice_wording.sentence(Notice.get(Notice.kind == "question.answer_removed"))
    questions.remove_answer(cast.author, Answer.get())  # once more, by its author, who gives no reason
    row = Answer.get()
    assert row.removed_reason == "ไม่สุภาพ" and not policy.can_bring_answer_back(cast.author, row)
    assert policy.can_bring_answer_back(cast.officer, row)
    questions.bring_answer_back(cast.officer, row)
    questions.remove_answer(cast.author, Answer.get())
    assert policy.can_bring_answer_back(cast.author, Answer.get()), "their own doing"
    assert Notice.select().where(Notice.kind == "question.answer_removed").count() == 1


def test_s0_265_a_moderator_who_hides_their_name_stays_hidden_when_taking_an_answer_off(cast):
    question = ask(cast.officer, is_hidden_name=True)
    questions.remove_answer(cast.officer, questions.answer(cast.author, question, "คำหยาบ", form_key="a1"), "ไม่สุภาพ")
    assert AuditEntry.get(AuditEntry.action == "question.answer_removed").actor is None
    assert cast.officer.name not in Notice.get(Notice.kind == "question.answer_removed").facts


def test_who_asked_cannot_undo_a_moderators_removal_by_removing_again(cast):
    question = ask(cast.fellow)
    questions.remove(cast.officer, question, "มีชื่อลูกค้า")
    questions.remove(cast.fellow, Question.get())
    assert Question.get().removed_reason == "มีชื่อลูกค้า"


# ---- waiting -------------------------------------------------------------------------------------------------------


def days_later(n: int):
    return clock.freeze(clock.now() + timedelta(days=n))


def test_s0_258_who_waits_is_not_forgotten(cast):
    """S0-258: after two days those who were asked are reminded, after five the KM team is asked; each once."""
    ask(cast.fellow, community=cast.community)
    with days_later(1):
        question_reminders.remind()
        assert told("question.waits") == set()
    with days_later(2):
        question_reminders.remind()
        question_reminders.remind()
        assert told("question.waits") == {cast.author.name}
    with days_later(5):
        question_reminders.remind()
        assert told("question.waits") == {cast.author.name, cast.officer.name}
    assert Notice.select().where(Notice.kind == "question.waits").count() == 2
    with days_later(90):
        question_reminders.remind()
    assert Notice.select().where(Notice.kind == "question.waits").count() == 2
    assert "questions" in reminders.ROUNDS


def test_who_asked_is_asked_once_which_answer_helped(cast):
    question = ask(cast.fellow)
    questions.answer(cast.author, question, "เคยทำ", form_key="a1")
    with days_later(8):
        question_reminders.remind()
        question_reminders.remind()
    assert Notice.select().where(Notice.kind == "question.choose").count() == 1
    assert told("question.choose") == {cast.fellow.name} and told("question.waits") == set()


def test_todos_say_what_to_answer_and_what_to_choose(cast):
    question = ask(cast.fellow, community=cast.community)
    with days_later(3):
        [todo] = answer(question_reminders.todos(cast.author))
        assert todo.late and "3" in todo.says and todo.url.startswith(question.url)
    assert answer(question_reminders.todos(cast.fellow)) == []
    questions.answer(cast.author, question, "เคยทำ", form_key="a1")
    assert answer(question_reminders.todos(cast.author)) == []
    [todo] = answer(question_reminders.todos(cast.fellow))
    assert todo.url == question.url
    questions.accept(cast.fellow, Answer.get())
    assert answer(question_reminders.todos(cast.fellow)) == []


def test_the_usual_wait_is_the_median_of_enough(cast):
    now = clock.now()
    for hours in (1, 2, 60):
        assert question_lists.usual_wait() is None
        factories.make_question(created_at=now, first_answer_at=now + timedelta(hours=hours), answer_count=1)
    assert question_lists.usual_wait() == timedelta(hours=2)
    assert question_lists.in_words(timedelta(hours=2)) == "2 ชั่วโมง"
    assert question_lists.in_words(timedelta(days=3, hours=5)) == "3 วัน"
    assert question_lists.in_words(timedelta(minutes=3)) == "ไม่ถึงชั่วโมง"


def test_s0_266_similar_questions_are_those_one_may_see(cast):
    private = ask(cast.fellow, community=cast.community, is_members_only=True)
    public = ask(cast.fellow, title="ทุเรียนหลังพายุ ขอเลื่อนชำระ", form_key="k2")
    words = "ทุเรียน"
    assert {hit.id for hit in question_lists.similar(cast.fellow, words)} == {private.id, public.id}
    assert [hit.id for hit in question_lists.similar(cast.outsider, words)] == [public.id]
    assert [hit.id for hit in question_lists.similar(cast.fellow, words, but=public.id)] == [private.id]
    assert question_lists.similar(cast.fellow, "ก") == []


def test_the_migration_goes_both_ways(app):
    from playhouse.migrations import Runner

    from kc.db import MIGRATIONS

    runner = Runner(db.obj, str(MIGRATIONS))
    before = set(db.get_tables())
    assert {"question", "answer", "question_helper", "question_follower"} <= before
    runner.down("0018_questions")  # and what came after it
    assert not {"question", "answer"} & set(db.get_tables())
    runner.up()
    assert set(db.get_tables()) == before
