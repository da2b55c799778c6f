"""Nobody waits forgotten (S0-258): reminders of questions without an answer, and what waits on the home page."""

from datetime import datetime, timedelta

import peewee as pw

from kc import clock, policy
from kc.i18n import gettext as _
from kc.models import Answer, Employee, Question, QuestionHelper
from kc.services import notices, question_helpers
from kc.services.piecemeal import Each, by_hand
from kc.services.todos import Todo
from kc.together import Asking

REMIND = timedelta(days=2)  # those who were asked are reminded
WIDEN = timedelta(days=5)  # the KM team is asked too
CHOOSE = timedelta(days=7)  # after the first answer, who asked is asked which one helped
FORGET = timedelta(days=60)  # older ones are not spoken of any more
ASKED = (Question.id, Question.title, Question.answer_count, Question.created_at)
MOST_TODOS = (2, 3)  # of one's own questions, of those one is asked


def remind(each: Each = by_hand) -> None:
    """The day's look at the board; repeating it tells nothing twice."""
    each(_unanswered(REMIND), _remind_helpers)
    each(_unanswered(WIDEN), _ask_the_team)
    each(_unchosen(), _ask_to_choose)


def _ask_to_choose(question: Question) -> None:
    once = f"question:{question.id}:choose"
    notices.tell([question.asker], "question.choose", question.url, once=once, title=question.title)


def _unanswered(since: timedelta) -> list[Question]:
    now = clock.now()
    waits = (Question.answer_count == 0) & Question.accepted_at.is_null() & Question.removed_at.is_null()
    asked = Question.created_at.between(now - FORGET, now - since)
    return list(Question.select().where(waits & asked).order_by(Question.id))


def _remind_helpers(question: Question) -> None:
    people = [row.employee for row in question_helpers.of(question)]
    people = [person for person in people if policy.can_see_question(person, question)]
    _tell_it_waits(question, people, "wait")


def _ask_the_team(question: Question) -> None:
    found = [(person, why) for person, why in question_helpers.team() if person.id != question.asker_id]
    _tell_it_waits(question, [person for person, _why in found], "team")
    rows = [{"question": question, "employee": person, "why": why, "told_at": clock.now()} for person, why in found]
    if rows:
        QuestionHelper.insert_many(rows).on_conflict_ignore().execute()


def _tell_it_waits(question: Question, people: list[Employee], step: str) -> None:
    facts = {"title": question.title, "days": days_since(question.created_at)}
    notices.tell(people, "question.waits", question.url, once=f"question:{question.id}:{step}", **facts)


def _unchosen() -> list[Question]:
    """Answered a week ago, and nobody has said which answer helped."""
    now = clock.now()
    rows = Question.select(Question, Employee).join(Employee, on=(Question.asker == Employee.id))
    answered = Question.first_answer_at.between(now - FORGET, now - CHOOSE) & (Question.answer_count > 0)
    return list(rows.where(answered & Question.accepted_at.is_null() & Question.removed_at.is_null()))


def days_since(moment: datetime) -> int:
    return (clock.now() - moment).days


# ---- on the home page ----------------------------------------------------------------------------------------------


def todos(employee: Employee) -> Asking[list[Todo]]:
    """Answers to one's own questions to choose from, and questions one is asked that nobody has answered."""
    mine, asked = yield [_mine(employee), _asked_of(employee)]
    return [_to_choose(row) for row in mine] + [_to_answer(row) for row in asked]


def _mine(employee: Employee) -> pw.ModelSelect:
    wanted = (Question.asker == employee) & (Question.answer_count > 0) & Question.accepted_at.is_null()
    young = Question.active_at >= clock.now() - FORGET
    rows = Question.select(*ASKED).where(wanted & young & Question.removed_at.is_null())
    return rows.order_by(Question.active_at.desc()).limit(MOST_TODOS[0])


def _to_choose(question: Question) -> Todo:
    return Todo(
        title=question.title,
        url=question.url,
        says=_("คำถามของคุณมี %(n)d คำตอบ ข้อใดใช้ได้", n=question.answer_count),
        button=_("อ่านคำตอบ"),
        icon="chat-left-text",
    )


def _asked_of(employee: Employee) -> pw.ModelSelect:
    answered = Answer.select(Answer.question).where((Answer.author == employee) & Answer.removed_at.is_null())
    waits = (Question.answer_count == 0) & Question.accepted_at.is_null() & Question.id.not_in(answered)
    asked = (QuestionHelper.employee == employee) & (Question.created_at >= clock.now() - FORGET)
    rows = Question.select(*ASKED).join(QuestionHelper).where(asked & waits & policy.visible_questions(employee))
    return rows.order_by(Question.created_at).limit(MOST_TODOS[1])


def _to_answer(question: Question) -> Todo:
    days = days_since(question.created_at)
    return Todo(
        title=question.title,
        url=f"{question.url}#answer",
        says=_("รอคำตอบมา %(n)d วัน คุณน่าจะรู้เรื่องนี้", n=days) if days else _("เพื่อนร่วมงานถามวันนี้ คุณน่าจะรู้เรื่องนี้"),
        button=_("ช่วยตอบ"),
        icon="chat-quote",
        late=days >= REMIND.days,
    )
