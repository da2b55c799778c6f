"""Asking and answering on the webboard (S0-257). Who hides their name stays unnamed in all that is written (S0-265).

The one who asks is told of by nothing but `Question.asker` (and `Answer.author` of what they add): audit lines and
notices of what they do to their own question carry no actor.
"""

from datetime import datetime

import peewee as pw

from kc import clock, policy, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Answer, Community, Employee, Question, QuestionFollower, Topic
from kc.services import audit, findable, notices, question_helpers

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON = 300, 10_000, 500
SHORTEST_TITLE = 5  # letters: less asks nothing


def ask(
    asker: Employee,
    title: str,
    text: str = "",
    *,
    topic: Topic | None = None,
    community: Community | None = None,
    is_members_only: bool = False,
    is_hidden_name: bool = False,
    form_key: str,
) -> Question:
    """Put a question on the board and tell those who may know; sending the same form again returns the same question.

    DomainError: nothing asked or too much, a community that was cancelled, "members only" asked by somebody else.
    """
    title, text = thai.clean_line(title), thai.clean_text(text).strip()
    _check(title, text)
    _check_community(asker, community, is_members_only)
    topic = topic or (community.topic if community is not None else None)
    is_members_only = is_members_only and community is not None
    likely = question_helpers.likely_to_know(asker, f"{title} {text}"[:300], topic, community, is_members_only)
    try:
        with db.atomic():
            question = Question.create(
                title=title,
                text=text,
                asker=asker,
                is_hidden_name=is_hidden_name,
                community=community,
                is_members_only=is_members_only,
                topic=topic,
                form_key=form_key,
            )
            audit.record(_actor(asker, question), "question.asked", question)
            question_helpers.tell(question, likely)
            findable.question(question)
    except pw.IntegrityError:
        return Question.get((Question.form_key == form_key) & (Question.asker == asker))
    return question


def _check(title: str, text: str) -> None:
    if len(title) < SHORTEST_TITLE:
        raise DomainError(_("โปรดพิมพ์สิ่งที่อยากถาม"), field="title")
    if len(title) > LONGEST_TITLE:
        raise DomainError(_("คำถามยาวเกินไป ใส่ใจความสั้น ๆ แล้วเล่าต่อในช่องถัดไป"), field="title")
    if len(text) > LONGEST_TEXT:
        raise DomainError(_("ข้อความยาวเกินไป โปรดย่อลง"), field="text")


def _check_community(asker: Employee, community: Community | None, is_members_only: bool) -> None:
    if community is None:
        return
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว โปรดถามที่อื่น"), field="community")
    if is_members_only and not policy.can_see_among(asker, community):
        raise DomainError(_("ถามเฉพาะสมาชิกได้เมื่อคุณอยู่ในชุมชนนี้"), field="is_members_only")


def _actor(employee: Employee, question: Question) -> Employee | None:
    """Who did something, as it may be written down: nobody, when it is who asked and hides their name."""
    return None if question.is_hidden_name and policy.is_asker(employee, question) else employee


def change(by: Employee, question: Question, based_on: int, *, title: str, text: str, topic: Topic | None) -> None:
    """Say it better. Conflict when it was saved elsewhere after version `based_on`."""
    title, text = thai.clean_line(title), thai.clean_text(text).strip()
    _check(title, text)
    with db.atomic():
        _save(question, based_on, title=title, text=text, topic=topic, edited_at=clock.now())
        audit.record(_actor(by, question), "question.changed", question)
        findable.question(question)


def _save(row: Question | Answer, based_on: int, **values: object) -> None:
    if not row.save_version(based_on, **values):
        raise Conflict(_("มีการบันทึกไปก่อนแล้ว สิ่งที่คุณพิมพ์ยังอยู่ครบ"), type(row).get_by_id(row.id))


# ---- answers -------------------------------------------------------------------------------------------------------


def answer(by: Employee, question: Question, text: str, *, form_key: str) -> Answer:
    """Answer, or add to one's own question; the same form again returns the same answer."""
    text = _checked_answer(text)
    if not policy.can_answer(by, question):
        raise DomainError(_("คำถามนี้ถูกซ่อนจากกระดานแล้ว"))
    now = clock.now()
    try:
        with db.atomic():
            made = Answer.create(question=question, author=by, text=text, form_key=form_key, created_at=now)
            Question.update(active_at=now).where(Question.id == question.id).execute()
            _count(question)
            audit.record(_actor(by, question), "question.answered", question)
            _tell_of_answer(by, question)
            findable.question(question)
    except pw.IntegrityError:
        return Answer.get((Answer.form_key == form_key) & (Answer.author == by))
    return made


def _checked_answer(text: str) -> str:
    text = thai.clean_text(text).strip()
    if not text:
        raise DomainError(_("โปรดพิมพ์คำตอบ"), field="text")
    if len(text) > LONGEST_TEXT:
        raise DomainError(_("ข้อความยาวเกินไป โปรดย่อลง"), field="text")
    return text


def _count(question: Question) -> None:
    """How many others answered and when first: one statement, so that two answers at once are both counted."""
    theirs = (Answer.question == question.id) & Answer.removed_at.is_null() & (Answer.author != question.asker_id)
    count = Answer.select(pw.fn.COUNT(Answer.id)).where(theirs)
    first = Answer.select(pw.fn.MIN(Answer.created_at)).where(theirs)
    Question.update(answer_count=count, first_answer_at=first).where(Question.id == question.id).execute()


def _tell_of_answer(by: Employee, question: Question) -> None:
    """Who asked and who follow are told of an answer; who answered before are told when who asked says more."""
    about, url = f"question:{question.id}", question.url
    if policy.is_asker(by, question):
        told = question_helpers.answerers(question) + question_helpers.followers(question)
        others = [person for person in told if person.id != by.id]
        notices.tell(others, "question.said_more", url, about=about, title=question.title)
        return
    told = [question.asker, *question_helpers.followers(question)]
    notices.tell(told, "question.answered", url, actor=by, about=about, title=question.title)


def change_answer(by: Employee, row: Answer, based_on: int, text: str) -> None:
    """Conflict when it was saved elsewhere after version `based_on`."""
    text = _checked_answer(text)
    with db.atomic():
        _save(row, based_on, text=text, edited_at=clock.now())
        audit.record(_actor(by, row.question), "question.answer_changed", row, question=row.question_id)
        findable.question(row.question)


def remove_answer(by: Employee, row: Answer, reason: str = "") -> None:
    """Its author takes it off the page, or a moderator, who says why; it can be brought back. Twice is no error."""
    question = row.question
    reason = "" if row.author_id == by.id else thai.clean_line(reason)[:LONGEST_REASON]
    if row.author_id != by.id and not reason:
        raise DomainError(_("โปรดบอกเหตุผล ผู้ตอบจะได้เข้าใจ"), field="reason")
    gone = {"removed_at": clock.now(), "removed_reason": reason, "accepted_at": None}
    with db.atomic():
        # Only what stands: its author cannot put "no reason" in the place of a moderator's either.
        if not Answer.update(**gone).where((Answer.id == row.id) & Answer.removed_at.is_null()).execute():
            return
        if row.accepted_at is not None:
            Question.update(accepted_at=None).where(Question.id == question.id).execute()
        _count(question)
        audit.record(_actor(by, question), "question.answer_removed", row, question=question.id, reason=reason)
        if reason:
            facts = {"title": question.title, "reason": reason}
            notices.tell([row.author], "question.answer_removed", question.url, actor=_actor(by, question), **facts)
        findable.question(question)


def bring_answer_back(by: Employee, row: Answer) -> None:
    question = row.question
    with db.atomic():
        Answer.update(removed_at=None, removed_reason="").where(Answer.id == row.id).execute()
        _count(question)
        audit.record(_actor(by, question), "question.answer_restored", row, question=question.id)
        findable.question(question)


def accept(by: Employee, row: Answer) -> None:
    """This answer helped: it stands first, and instead of any that was accepted before."""
    if row.removed_at is not None:
        raise DomainError(_("คำตอบนี้ถูกซ่อนแล้ว"))
    now, question = clock.now(), row.question
    with db.atomic():
        Answer.update(accepted_at=None).where((Answer.question == question) & (Answer.id != row.id)).execute()
        Answer.update(accepted_at=now).where(Answer.id == row.id).execute()
        Question.update(accepted_at=now).where(Question.id == question.id).execute()
        audit.record(_actor(by, question), "question.accepted", row, question=question.id)
        if not row.is_by_asker and row.author_id != by.id:
            about = f"answer:{row.id}"
            notices.tell([row.author], "question.accepted", question.url, about=about, title=question.title)
        findable.question(question)


def open_again(by: Employee, question: Question) -> None:
    """None of the answers is accepted any longer."""
    with db.atomic():
        Answer.update(accepted_at=None).where(Answer.question == question).execute()
        Question.update(accepted_at=None).where(Question.id == question.id).execute()
        audit.record(_actor(by, question), "question.opened_again", question)
        findable.question(question)


# ---- looking after the board ---------------------------------------------------------------------------------------


def remove(by: Employee, question: Question, reason: str = "") -> None:
    """Off the board: by who asked, as long as nobody answered; else by a moderator, who says why. Twice is no error."""
    reason = thai.clean_line(reason)[:LONGEST_REASON]
    if not policy.can_moderate_question(by, question):
        if question.answer_count:
            raise DomainError(_("มีผู้ตอบแล้ว ลบไม่ได้ หากจำเป็นโปรดแจ้งทีมจัดการความรู้"))
    elif not policy.is_asker(by, question) and not reason:
        raise DomainError(_("โปรดบอกเหตุผล ผู้ถามจะได้เข้าใจ"), field="reason")
    with db.atomic():
        if not _set_removed(question, clock.now(), reason):
            return
        audit.record(_actor(by, question), "question.removed", question, reason=reason)
        if not policy.is_asker(by, question):
            facts = {"title": question.title, "reason": reason}
            notices.tell([question.asker], "question.removed", question.url, actor=by, **facts)
        findable.question(question)


def bring_back(by: Employee, question: Question) -> None:
    with db.atomic():
        _set_removed(question, None, "")
        audit.record(_actor(by, question), "question.restored", question)
        findable.question(question)


def _set_removed(question: Question, at: datetime | None, reason: str) -> bool:
    """False: it is so already. Who asked cannot put "no reason" in the place of a moderator's."""
    otherwise = (Question.id == question.id) & Question.removed_at.is_null(at is not None)
    done = Question.update(removed_at=at, removed_reason=reason).where(otherwise).execute()
    if done:
        question.removed_at, question.removed_reason = at, reason
    return bool(done)


def name_of_asker(by: Employee, question: Question) -> Employee:
    """Who asked, for the KM team; that they looked is written down."""
    with db.atomic():
        audit.record(by, "question.asker_seen", question)
    return question.asker


def follow(employee: Employee, question: Question, wanted: bool) -> None:
    """Have the same problem, or no longer (S0-266); twice is no error. Who asked follows anyway, and is not noted."""
    if policy.is_asker(employee, question):
        return
    with db.atomic():
        if wanted:
            QuestionFollower.insert(
                question=question, employee=employee, since=clock.now()
            ).on_conflict_ignore().execute()
        else:
            mine = (QuestionFollower.question == question) & (QuestionFollower.employee == employee)
            QuestionFollower.delete().where(mine).execute()
