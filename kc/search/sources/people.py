"""Colleagues who work here now: who they are, and what they can be asked about."""

import peewee as pw

from kc import labels
from kc.models import ArticleAuthor, Community, Employee, KnowledgeArticle, Membership, OrgUnit
from kc.models.communities import CANCELLED
from kc.models.knowledge import PUBLISHED
from kc.search.schema import Document
from kc.search.sources.source import Source, numbers, places_of, stamped, text_of


def _ids() -> list[int]:
    return numbers(Employee.select(Employee.id).where(Employee.is_active).order_by(Employee.id))


def _load(ids: list[int]) -> list[Document]:
    rows = Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id.in_(ids) & Employee.is_active)
    done = _done(ids)
    return [_document(row, done.get(row.id, [])) for row in rows]


def _done(ids: list[int]) -> dict[int, list[str]]:
    """What everybody took part in and wrote, as their pages show it; three statements' worth for all of them."""
    done: dict[int, list[str]] = {}
    for employee_id, community, about, role in _memberships(ids).tuples():
        done.setdefault(employee_id, []).extend((community, about, str(labels.COMMUNITY_ROLES[role])))
    for employee_id, title in _titles(ids).tuples():
        done.setdefault(employee_id, []).append(title)
    # A community of three years is not three times what somebody knows.
    return {employee_id: [" · ".join(dict.fromkeys(said))] for employee_id, said in done.items()}


def _memberships(ids: list[int]) -> pw.ModelSelect:
    return (
        Membership.select(Membership.employee, Community.name, Community.knowledge_title, Membership.role)
        .join(Community)
        .where(Membership.employee.in_(ids) & Membership.left_at.is_null() & (Community.status != CANCELLED))
        .order_by(Membership.employee, Community.id.desc(), Membership.id)
    )


def _titles(ids: list[int]) -> pw.ModelSelect:
    return (
        ArticleAuthor.select(ArticleAuthor.employee, KnowledgeArticle.title)
        .join(KnowledgeArticle)
        .where(ArticleAuthor.employee.in_(ids) & (KnowledgeArticle.status == PUBLISHED))
        .order_by(ArticleAuthor.employee, KnowledgeArticle.published_on.desc(), KnowledgeArticle.id.desc())
    )


def _document(row: Employee, done: list[str]) -> Document:
    expertise = " · ".join(row.expertise.splitlines())
    work = " ".join(word for word in (row.title, row.position, row.level) if word)
    reached = " · ".join(fact for fact in (work, row.unit.name, row.phone, row.email) if fact)
    offered = " ".join(row.shares_about.split()) if row.is_sharing else ""
    return stamped(
        Document(
            kind="person",
            id=row.id,
            title=row.name,
            text=text_of(expertise, offered, *done, reached),
            filters={"unit": places_of(row.unit)} | ({"sharing": ("yes",)} if row.is_sharing else {}),
        )
    )


SOURCE = Source("person", _ids, _load)
