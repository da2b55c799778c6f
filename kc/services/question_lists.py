"""What the webboard lists: questions by what someone needs, answers in their order, similar ones, usual waits."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import peewee as pw

from kc import clock, policy, search
from kc.i18n import gettext as _
from kc.models import (
    Answer,
    Community,
    Employee,
    OrgUnit,
    Question,
    QuestionFollower,
    QuestionHelper,
    Topic,
)
from kc.services import search_help
from kc.together import Asking

TABS = ("waiting", "all", "mine", "for_me")
SIMILAR = 6
SIMILAR_KINDS = ("question", "knowledge", "community")
LOOKED_AT = 60  # answered questions whose waits say what is usual
SHORTEST = 4  # letters that are worth looking for similar questions
ON_PANEL = 4


def listing() -> pw.ModelSelect:
    """Questions as lists show them, with topic, community and who asked (see `policy.can_know_asker`)."""
    outer = pw.JOIN.LEFT_OUTER
    return (
        Question.select(Question, Topic, Community, Employee)
        .join_from(Question, Topic, outer)
        .join_from(Question, Community, outer)
        .join_from(Question, Employee, on=(Question.asker == Employee.id))
    )


def board(viewer: Employee, tab: str, topic: int = 0, community: int = 0) -> pw.ModelSelect:
    """What `viewer` sees of a tab; waiting ones in the order they wait, the rest by what happened last.

    `topic`: a series; `community`: an id; 0: all.
    """
    query = listing().where(policy.visible_questions(viewer))
    if topic:
        query = query.where(Topic.series == topic)
    if community:
        query = query.where(Question.community == community)
    if tab == "mine":
        answered = Answer.select(Answer.question).where((Answer.author == viewer) & Answer.removed_at.is_null())
        query = query.where((Question.asker == viewer) | Question.id.in_(answered))
    elif tab == "for_me":
        asked = QuestionHelper.select(QuestionHelper.question).where(QuestionHelper.employee == viewer)
        query = query.where(Question.id.in_(asked))
    elif tab == "waiting":
        waits = (Question.answer_count == 0) & Question.accepted_at.is_null()
        return query.where(waits).order_by(Question.created_at, Question.id)
    return query.order_by(Question.active_at.desc(), Question.id.desc())


def one(question_id: int) -> Question | None:
    """A question with what deciding about it needs: its community and that one's unit."""
    query = (
        Question.select(Question, Topic, Community, OrgUnit, Employee)
        .join_from(Question, Topic, pw.JOIN.LEFT_OUTER)
        .join_from(Question, Community, pw.JOIN.LEFT_OUTER)
        .join_from(Community, OrgUnit, pw.JOIN.LEFT_OUTER)
        .join_from(Question, Employee, on=(Question.asker == Employee.id))
    )
    return query.where(Question.id == question_id).first()


def answers_of(question: Question) -> list[Answer]:
    """Its answers with their authors, removed ones too (the page shows them to whoever may bring them back): the
    accepted one first, then as they were written."""
    rows = (
        Answer.select(Answer, Employee, OrgUnit)
        .join_from(Answer, Employee)
        .join_from(Employee, OrgUnit)
        .where(Answer.question == question)
        .order_by(Answer.accepted_at.is_null(), Answer.id)
    )
    found = list(rows)
    for row in found:
        row.question = question
    return found


@dataclass(frozen=True)
class Followers:
    count: int
    is_one: bool  # whether the viewer is among them


def followers(viewer: Employee, question: Question) -> Followers:
    mine = pw.fn.MAX(pw.Case(None, [(QuestionFollower.employee == viewer, 1)], 0))
    rows = QuestionFollower.select(pw.fn.COUNT(QuestionFollower.id), mine)
    count, is_one = rows.where(QuestionFollower.question == question).tuples().get()
    return Followers(count, bool(is_one))


# ---- similar ones --------------------------------------------------------------------------------------------------


def similar(viewer: Employee, text: str, but: int = 0) -> list[search.Hit]:
    """Questions, knowledge and communities about the same, as far as `viewer` may see them (S0-266); no statement.

    `but`: the question that is being looked at.
    """
    text = " ".join(text.split())[:300]
    if len(text) < SHORTEST:
        return []
    filters = search.Filters(kind=SIMILAR_KINDS)
    for words in [text, *search_help.fewer(text)]:
        results = search.search(words, viewer=viewer, filters=filters, per_page=SIMILAR + 1)
        hits = [hit for hit in results.hits if (hit.kind, hit.id) != ("question", but)]
        if hits:
            return sorted(hits[:SIMILAR], key=lambda hit: SIMILAR_KINDS.index(hit.kind))
    return []


# ---- waiting -------------------------------------------------------------------------------------------------------


def usual_wait(topic: Topic | None = None) -> timedelta | None:
    """How long the first answer usually takes, of late; None when there were too few to say."""
    query = Question.select(Question.created_at, Question.first_answer_at).where(
        Question.first_answer_at.is_null(False)
    )
    if topic is not None:
        query = query.join(Topic).where(Topic.series == topic.series)
    rows = list(query.order_by(Question.id.desc()).limit(LOOKED_AT).tuples())
    return median(answered - asked for asked, answered in rows) if len(rows) >= 3 else None


def waited(question: Question) -> timedelta:
    """How long it waited for its first answer, or has been waiting."""
    return (question.first_answer_at or clock.now()) - question.created_at


def in_words(wait: timedelta) -> str:
    """A wait as people say it."""
    hours = int(wait.total_seconds() // 3600)
    if hours < 1:
        return _("ไม่ถึงชั่วโมง")
    if hours < 24:
        return _("%(n)d ชั่วโมง", n=hours)
    return _("%(n)d วัน", n=hours // 24)


# ---- on a community's page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    questions: list[Question]
    more: bool


def panel(community: Community, viewer: Employee) -> Asking[Panel]:
    """The community's questions, those that wait first."""
    settled = pw.Case(None, [((Question.answer_count == 0) & Question.accepted_at.is_null(), 0)], 1)
    query = board(viewer, "all", community=community.id).order_by(settled, Question.active_at.desc())
    (found,) = yield [query.limit(ON_PANEL + 1)]
    return Panel(found[:ON_PANEL], len(found) > ON_PANEL)
