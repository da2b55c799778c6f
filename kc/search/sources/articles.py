"""Published knowledge."""

from typing import Any

import peewee as pw

from kc import labels
from kc.markdown import to_plain
from kc.models import (
    ArticleAuthor,
    ArticleMeasure,
    Attachment,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    OrgUnit,
    Topic,
)
from kc.models.knowledge import PARTS, PUBLISHED
from kc.search.schema import Document
from kc.search.sources.source import Source, numbers, places_of, rounded, stamped, text_of


def _ids() -> list[int]:
    rows = KnowledgeArticle.select(KnowledgeArticle.id).where(KnowledgeArticle.status == PUBLISHED)
    return numbers(rows.order_by(KnowledgeArticle.id))


def published() -> pw.ModelSelect:
    """Published articles with topic, unit, year and community."""
    return (
        KnowledgeArticle.select(KnowledgeArticle, Topic, OrgUnit, FiscalYear, Community)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, Community, pw.JOIN.LEFT_OUTER, on=KnowledgeArticle.community == Community.id)
        .join_from(KnowledgeArticle, OrgUnit, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, FiscalYear, pw.JOIN.LEFT_OUTER, on=KnowledgeArticle.fiscal_year == FiscalYear.id)
        .where(KnowledgeArticle.status == PUBLISHED)
    )


def authors_of(ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """Employee id and name of each article's authors, in their order."""
    rows = (
        ArticleAuthor.select(ArticleAuthor.article, ArticleAuthor.employee, Employee.name)
        .join(Employee)
        .where(ArticleAuthor.article.in_(ids))
        .order_by(ArticleAuthor.article, ArticleAuthor.position)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for article_id, employee_id, name in rows.tuples():
        found.setdefault(article_id, []).append((employee_id, name))
    return found


def _load(ids: list[int]) -> list[Document]:
    rows = published().where(KnowledgeArticle.id.in_(ids))
    authors, beside = authors_of(ids), _texts_beside(ids)
    return [_document(row, authors.get(row.id, []), beside.get(row.id, [])) for row in rows]


def _texts_beside(ids: list[int]) -> dict[int, list[str]]:
    """What an article's page shows that stands in other tables: goals with results, names of files."""
    measure = ArticleMeasure
    wanted = (
        measure.select(measure.article, measure.measure, measure.unit, measure.before, measure.target, measure.after)
        .where(measure.article.in_(ids))
        .order_by(measure.article, measure.position),
        Attachment.select(Attachment.article, Attachment.filename, Attachment.alt_text)
        .where(Attachment.article.in_(ids), Attachment.open_ones())
        .order_by(Attachment.article, Attachment.id),
    )
    texts: dict[int, list[str]] = {}
    for query in wanted:
        for article_id, *words in query.tuples():
            texts.setdefault(article_id, []).append(" ".join(word for word in words if word))
    return texts


def filters_of(row: KnowledgeArticle, authors: list[tuple[int, str]]) -> dict[str, tuple[Any, ...]]:
    """What narrows a search to an article, and to its files."""
    filters: dict[str, tuple[Any, ...]] = {"article_kind": (row.kind,)}
    if row.topic_id:
        filters["topic"] = (row.topic.series or row.topic.id,)
    if row.unit_id:
        filters["unit"] = places_of(row.unit)
    if row.fiscal_year_id:
        filters["year"] = (row.fiscal_year.year,)
    if authors:
        filters["author"] = tuple(employee_id for employee_id, _ in authors)
    return filters


def _document(row: KnowledgeArticle, authors: list[tuple[int, str]], beside: list[str]) -> Document:
    """Everything a reader sees of an article finds it: its text and parts, and who, where and what it is about."""
    seen = [row.summary, *(to_plain(getattr(row, part)) for part in PARTS), to_plain(row.body)]
    topic = row.topic.name if row.topic_id else ""
    unit = row.unit.name if row.unit_id else ""
    community = row.community.name if row.community_id else ""
    about = [topic, unit, community, str(labels.ARTICLE_KINDS.get(row.kind, "")), *(name for _, name in authors)]
    return stamped(
        Document(
            kind="knowledge",
            id=row.id,
            title=row.title,
            text=text_of(*seen),
            beside=text_of(*about, *beside),
            external_id=row.external_id or "",
            date=row.published_on or row.results_on,
            filters=filters_of(row, authors),
            uses=rounded(row.view_count),
        )
    )


SOURCE = Source("knowledge", _ids, _load)
