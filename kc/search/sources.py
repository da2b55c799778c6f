"""What can be found: one registration for each kind, turning a row into a document of the index.

A new kind (people, communities, the webboard …) is a new ``Source`` in ``SOURCES`` and nothing else.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import peewee as pw

from kc.models import ArticleAuthor, Employee, FiscalYear, KnowledgeArticle, OrgUnit, Topic
from kc.models.knowledge import PARTS, PUBLISHED
from kc.search.schema import Document, key_of

_AT_ONCE = 200  # rows read together


@dataclass(frozen=True)
class Source:
    """How one kind is read: the ids that belong in the index, and the documents of some ids."""

    kind: str
    ids: Callable[[], Iterable[int]]
    load: Callable[[list[int]], list[Document]]


def _published_ids() -> Iterable[int]:
    rows = KnowledgeArticle.select(KnowledgeArticle.id).where(KnowledgeArticle.status == PUBLISHED)
    return [row_id for (row_id,) in rows.order_by(KnowledgeArticle.id).tuples()]


def _articles(ids: list[int]) -> list[Document]:
    rows = (
        KnowledgeArticle.select(KnowledgeArticle, Topic, OrgUnit, FiscalYear)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, OrgUnit, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, FiscalYear, pw.JOIN.LEFT_OUTER, on=KnowledgeArticle.fiscal_year == FiscalYear.id)
        .where(KnowledgeArticle.id.in_(ids) & (KnowledgeArticle.status == PUBLISHED))
    )
    authors = _authors(ids)
    return [_article(row, authors.get(row.id, [])) for row in rows]


def _authors(ids: list[int]) -> dict[int, list[str]]:
    rows = (
        ArticleAuthor.select(ArticleAuthor.article, Employee.name)
        .join(Employee)
        .where(ArticleAuthor.article.in_(ids))
        .order_by(ArticleAuthor.article, ArticleAuthor.position)
        .tuples()
    )
    names: dict[int, list[str]] = {}
    for article_id, name in rows:
        names.setdefault(article_id, []).append(name)
    return names


def _article(row: KnowledgeArticle, authors: list[str]) -> Document:
    """Everything a reader sees of an article finds it: its text and parts, and who, where and what it is about."""
    topic = row.topic if row.topic_id else None
    unit = row.unit if row.unit_id else None
    seen = [row.summary, *(getattr(row, part) for part in PARTS), row.body]
    about = [topic.name if topic else "", unit.name if unit else "", *authors]
    filters: dict[str, tuple[Any, ...]] = {"article_kind": (row.kind,)}
    if topic:
        filters["topic"] = (topic.series or topic.id,)
    if unit:
        filters["unit"] = (unit.id,)
    if row.fiscal_year_id:
        filters["year"] = (row.fiscal_year.year,)
    document = Document(
        kind="knowledge",
        id=row.id,
        title=row.title,
        text="\n".join(part for part in (*seen, *about) if part),
        external_id=row.external_id or "",
        date=row.published_on or row.results_on,
        filters=filters,
    )
    document.stamp = _stamp(document)
    return document


def _stamp(document: Document) -> str:
    """A digest of everything the index holds of a document, so that drift is seen whatever caused it."""
    whole = [
        document.title,
        document.text,
        document.external_id,
        str(document.date),
        sorted(document.filters.items()),
        document.visible_to,
    ]
    return hashlib.blake2b(json.dumps(whole, ensure_ascii=False).encode(), digest_size=12).hexdigest()


SOURCES: dict[str, Source] = {
    source.kind: source for source in (Source(kind="knowledge", ids=_published_ids, load=_articles),)
}


def load(wanted: Iterable[tuple[str, int]]) -> Iterator[Document]:
    """The documents of these (kind, id) pairs that belong in the index now; the rest is simply not among them."""
    by_kind: dict[str, list[int]] = {}
    for kind, number in wanted:
        by_kind.setdefault(kind, []).append(number)
    for kind, ids in by_kind.items():
        source = SOURCES.get(kind)
        if source is None:
            continue
        several = iter(ids)
        while some := list(islice(several, _AT_ONCE)):
            yield from source.load(some)


def everything() -> Iterator[tuple[str, int]]:
    """Every (kind, id) that belongs in the index."""
    for source in SOURCES.values():
        for number in source.ids():
            yield source.kind, number


def stamps() -> Iterator[tuple[str, str]]:
    """Key and stamp of every document that belongs in the index."""
    for document in load(everything()):
        yield key_of(document.kind, document.id), document.stamp
