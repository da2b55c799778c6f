"""Who may know the answer: experts and authors of the topic, the community's organisers, else the KM team (S0-258)."""

from collections.abc import Iterable

import peewee as pw

from kc import clock, policy, search
from kc.models import (
    Answer,
    ArticleAuthor,
    Community,
    Employee,
    KnowledgeArticle,
    Membership,
    Question,
    QuestionFollower,
    QuestionHelper,
    RoleAssignment,
    Topic,
)
from kc.models.communities import ACTIVE
from kc.models.communities import EXPERT as EXPERT_ROLE
from kc.models.knowledge import PUBLISHED
from kc.models.people import KNOWLEDGE_OFFICER
from kc.models.questions import EXPERT, ORGANISER, TEAM, WROTE
from kc.services import notices

MOST = 8  # who is told of one question
AUTHORS = 3

Likely = list[tuple[Employee, str]]


def likely_to_know(
    asker: Employee, words: str, topic: Topic | None, community: Community | None, is_members_only: bool
) -> Likely:
    """Whom to tell of a question, and why each, the nearest first. `is_members_only`: the community's people alone."""
    found: Likely = []
    if community is not None:
        found += _of_community(community)
    if not is_members_only:
        if topic is not None:
            found += _experts_of(topic) + _authors_of(topic)
        if not found:
            found += _authors_about(asker, words)
    found = _without(asker, found)
    return found or _without(asker, team())


def _without(asker: Employee, found: Likely) -> Likely:
    firsts: dict[int, tuple[Employee, str]] = {}
    for person, why in found:
        if person.id != asker.id and person.is_active:
            firsts.setdefault(person.id, (person, why))
    return list(firsts.values())[:MOST]


def _of_community(community: Community) -> Likely:
    """Its experts, then its organisers."""
    rows = (
        Membership.select(Membership, Employee)
        .join(Employee)
        .where(
            (Membership.community == community)
            & Membership.left_at.is_null()
            & Membership.role.in_((EXPERT_ROLE, *policy.ORGANISERS))
        )
        .order_by(pw.Case(Membership.role, [(EXPERT_ROLE, 0)], 1), Membership.id)
    )
    return [(row.employee, EXPERT if row.role == EXPERT_ROLE else ORGANISER) for row in rows]


def _experts_of(topic: Topic) -> Likely:
    """Experts of communities that learn about it, in whatever year; the newest first."""
    rows = (
        Membership.select(Membership, Employee)
        .join_from(Membership, Employee)
        .join_from(Membership, Community)
        .join_from(Community, Topic)
        .where(
            (Topic.series == topic.series)
            & (Community.status == ACTIVE)
            & (Membership.role == EXPERT_ROLE)
            & Membership.left_at.is_null()
            & Employee.is_active
        )
        .order_by(Community.id.desc(), Membership.id)
        .limit(MOST * 3)  # some stand in several years' communities
    )
    return [(row.employee, EXPERT) for row in rows]


def _authors_of(topic: Topic) -> Likely:
    """Who wrote most of what is published about it."""
    written = pw.fn.COUNT(ArticleAuthor.id)
    rows = (
        Employee.select(Employee)
        .join_from(Employee, ArticleAuthor)
        .join_from(ArticleAuthor, KnowledgeArticle)
        .join_from(KnowledgeArticle, Topic)
        .where((Topic.series == topic.series) & (KnowledgeArticle.status == PUBLISHED) & Employee.is_active)
        .group_by(Employee)
        .order_by(written.desc(), Employee.sort_key)
        .limit(AUTHORS + 1)  # one of them may be who asks
    )
    return [(row, WROTE) for row in rows]


def _authors_about(asker: Employee, words: str) -> Likely:
    """Who wrote the nearest things that search finds."""
    hits = search.search(words, viewer=asker, filters=search.Filters(kind="knowledge"), per_page=AUTHORS).hits
    ids = [hit.id for hit in hits]
    rows = (
        ArticleAuthor.select(ArticleAuthor, Employee)
        .join(Employee)
        .where(ArticleAuthor.article.in_(ids) & Employee.is_active)
        .order_by(ArticleAuthor.id)
    )
    found = sorted(rows, key=lambda row: ids.index(row.article_id)) if ids else []
    return [(row.employee, WROTE) for row in found][:AUTHORS]


def team() -> Likely:
    """The KM team: there is always somebody to ask."""
    held = RoleAssignment.select(RoleAssignment.employee).where(RoleAssignment.role == KNOWLEDGE_OFFICER)
    rows = Employee.select().where(Employee.id.in_(held) & Employee.is_active).order_by(Employee.sort_key)
    return [(row, TEAM) for row in rows.limit(MOST)]


def tell(question: Question, likely: Iterable[tuple[Employee, str]]) -> None:
    """Note who is asked to answer, and tell them; within the caller's transaction."""
    likely = list(likely)
    now = clock.now()
    rows = [{"question": question, "employee": person, "why": why, "told_at": now} for person, why in likely]
    if rows:
        QuestionHelper.insert_many(rows).on_conflict_ignore().execute()
    people = [person for person, _why in likely]
    once = f"question:{question.id}:asked"
    notices.tell(people, "question.asked", question.url, once=once, title=question.title)


def of(question: Question) -> list[QuestionHelper]:
    """Who was asked to answer, with the people, in the order they were told."""
    rows = QuestionHelper.select(QuestionHelper, Employee).join(Employee)
    return list(rows.where(QuestionHelper.question == question).order_by(QuestionHelper.id))


def answerers(question: Question) -> list[Employee]:
    """Others than the asker whose answers stand."""
    wrote = Answer.select(Answer.author).where((Answer.question == question) & Answer.removed_at.is_null())
    return list(Employee.select().where(Employee.id.in_(wrote) & (Employee.id != question.asker_id)))


def followers(question: Question) -> list[Employee]:
    """Those with the same problem who may still see it."""
    rows = QuestionFollower.select(QuestionFollower.employee).where(QuestionFollower.question == question)
    people = list(Employee.select().where(Employee.id.in_(rows)))
    return [person for person in people if policy.can_see_question(person, question)]
