"""What search has to read again when something changes, others' documents included.

Names stand in many documents: a community's in its knowledge, its sessions and its members' pages. Each function is
called inside the transaction that made the change and writes the outbox in a statement or two, however much it is.
"""

from collections.abc import Collection

import peewee as pw

from kc import clock, search
from kc.db import db
from kc.models import (
    ArticleAuthor,
    Attachment,
    Community,
    Employee,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Question,
    SearchOutbox,
    Session,
    Topic,
)
from kc.models.knowledge import PUBLISHED


def _queue(kind: str, ids: pw.ModelSelect, wake: bool = True) -> None:
    """Queue all that a query (of one id) selects. `wake`: have it indexed after the commit."""
    rows = ids.select_extend(pw.Value(kind), pw.Value(clock.now()))
    columns = [SearchOutbox.object_id, SearchOutbox.kind, SearchOutbox.queued_at]
    SearchOutbox.insert_from(rows, columns).execute()
    if wake:
        db.after_commit(search.changed)


def _queue_articles(condition: pw.Expression) -> None:
    """Published articles and their files; whatever else is not in the index."""
    articles = KnowledgeArticle.select(KnowledgeArticle.id).where(condition & (KnowledgeArticle.status == PUBLISHED))
    _queue("knowledge", articles)
    _queue("attachment", Attachment.select(Attachment.id).where(Attachment.article.in_(articles)))


def article(row: KnowledgeArticle, also_of: Collection[int] = ()) -> None:
    """An article appeared, changed or went: it, its files, and its authors, on whose pages it stands.

    `also_of`: employees who were its authors before.
    """
    articles([row.id], also_of)


def articles(ids: Collection[int], also_of: Collection[int] = (), wake: bool = True) -> None:
    """As `article`, for some hundred at once. `wake`: False when whoever imports them lets the index catch up."""
    _queue("knowledge", KnowledgeArticle.select(KnowledgeArticle.id).where(KnowledgeArticle.id.in_(ids)), wake)
    _queue("attachment", Attachment.select(Attachment.id).where(Attachment.article.in_(ids)), wake)
    authors = ArticleAuthor.select(ArticleAuthor.employee).where(ArticleAuthor.article.in_(ids))
    _queue("person", Employee.select(Employee.id).where(Employee.id.in_(authors) | Employee.id.in_(also_of)), wake)


def attachment(row: Attachment) -> None:
    """A file appeared, changed or went: it, and its article, where its name stands."""
    if row.article_id is not None and row.article.is_published:
        search.queue("knowledge", row.article_id)
        search.queue("attachment", row.id)


def people(ids: Collection[int], *, renamed: bool = False) -> None:
    """People appeared, changed or went. `renamed`: their names stand in knowledge, communities and sessions too."""
    _queue("person", Employee.select(Employee.id).where(Employee.id.in_(ids)))
    if renamed:
        written = ArticleAuthor.select(ArticleAuthor.article).where(ArticleAuthor.employee.in_(ids))
        _queue_articles(KnowledgeArticle.id.in_(written))
        joined = Membership.select(Membership.community).where(Membership.employee.in_(ids))
        _queue("community", Community.select(Community.id).where(Community.id.in_(joined)))
        held = Session.presenter.in_(ids) | Session.facilitator.in_(ids) | Session.deputy.in_(ids)
        _queue("session", Session.select(Session.id).where(held))


def people_numbered(employee_ids: Collection[str]) -> None:
    """People with these employee IDs appeared or changed (names aside, see `people`)."""
    _queue("person", Employee.select(Employee.id).where(Employee.employee_id.in_(employee_ids)))


def community(row: Community) -> None:
    """A community appeared, changed, was cancelled or reopened: its knowledge, sessions and members say its name."""
    search.queue("community", row.id)
    _queue_articles(KnowledgeArticle.community == row)
    _queue("session", Session.select(Session.id).where(Session.community == row))
    _queue("question", Question.select(Question.id).where(Question.community == row))
    members = Membership.select(Membership.employee).where(Membership.community == row)
    _queue("person", Employee.select(Employee.id).where(Employee.id.in_(members)))


def membership(row: Community, employee: Employee) -> None:
    """Someone took up or gave up a role: it stands on both pages."""
    search.queue("community", row.id)
    search.queue("person", employee.id)


def session(row: Session) -> None:
    """A session was planned, changed, called off or taken back."""
    search.queue("session", row.id)


def question(row: Question) -> None:
    """A question or one of its answers appeared, changed or went."""
    search.queue("question", row.id)


def topic(row: Topic) -> None:
    """A topic has another name: its knowledge and its communities say it."""
    _queue_articles(KnowledgeArticle.topic == row)
    _queue("community", Community.select(Community.id).where(Community.topic == row))
    _queue("question", Question.select(Question.id).where(Question.topic == row))


def units_below(path: str) -> None:
    """A unit has another name or place: all that belongs to it or to units below it."""
    units = OrgUnit.select(OrgUnit.id).where(OrgUnit.path.startswith(path))
    communities = Community.select(Community.id).where(Community.unit.in_(units))
    _queue_articles(KnowledgeArticle.unit.in_(units))
    _queue("community", communities)
    _queue("session", Session.select(Session.id).where(Session.community.in_(communities)))
    _queue("question", Question.select(Question.id).where(Question.community.in_(communities)))
    _queue("person", Employee.select(Employee.id).where(Employee.unit.in_(units)))
