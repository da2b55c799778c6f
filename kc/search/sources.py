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

from kc import labels
from kc.i18n import use_language
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
        KnowledgeArticle.select(KnowledgeArticle, Topic, OrgUnit, FiscalYear, Community)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, Community, pw.JOIN.LEFT_OUTER, on=KnowledgeArticle.community == Community.id)
        .join_from(KnowledgeArticle, OrgUnit, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, FiscalYear, pw.JOIN.LEFT_OUTER, on=KnowledgeArticle.fiscal_year == FiscalYear.id)
        .where(KnowledgeArticle.id.in_(ids) & (KnowledgeArticle.status == PUBLISHED))
    )
    beside = _texts_beside(ids)
    with use_language("th"):  # the index does not depend on who happens to save
        return [_article(row, beside.get(row.id, [])) for row in rows]


def _texts_beside(ids: list[int]) -> dict[int, list[str]]:
    """What an article's page shows that stands in other tables: authors, goals with results, names of files."""
    measure = ArticleMeasure
    wanted = (
        ArticleAuthor.select(ArticleAuthor.article, Employee.name)
        .join(Employee)
        .where(ArticleAuthor.article.in_(ids))
        .order_by(ArticleAuthor.article, ArticleAuthor.position),
        measure.select(measure.article, measure.measure, measure.unit, measure.before, measure.target, measure.after)
        .where(measure.article.in_(ids))
        .order_by(measure.article, measure.position),
        Attachment.select(Attachment.article, Attachment.filename, Attachment.alt_text)
        .where(Attachment.article.in_(ids))
        .order_by(Attachment.article, Attachment.id),
    )
    texts: dict[int, list[str]] = {}
    for query in wanted:
        for article_id, *words in query.tuples():
            texts.setdefault(article_id, []).append(" ".join(word for word in words if word))
    return texts


def _article(row: KnowledgeArticle, beside: list[str]) -> Document:
    """Everything a reader sees of an article finds it: its text and parts, and who, where and what it is about."""
    topic = row.topic if row.topic_id else None
    unit = row.unit if row.unit_id else None
    seen = [row.summary, *(to_plain(getattr(row, part)) for part in PARTS), to_plain(row.body)]
    names = [topic.name if topic else "", unit.name if unit else "", row.community.name if row.community_id else ""]
    about = [*names, str(labels.ARTICLE_KINDS.get(row.kind, "")), *beside]
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
