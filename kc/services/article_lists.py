"""Articles in lists: what is published, what waits, what is mine; each list a few statements however long it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import peewee as pw

from kc import clock, policy
from kc.models import (
    ArticleAuthor,
    ArticleTrial,
    ArticleView,
    Attachment,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Topic,
)
from kc.models.knowledge import ARTICLE_KINDS, DRAFT, PUBLISHED, SUBMITTED
from kc.services import rounds

SORTS = {
    "newest": (KnowledgeArticle.published_on.desc(), KnowledgeArticle.id.desc()),
    "views": (KnowledgeArticle.view_count.desc(), KnowledgeArticle.id.desc()),
    "downloads": (KnowledgeArticle.download_count.desc(), KnowledgeArticle.id.desc()),
}


def rows() -> pw.ModelSelect:
    """Articles with everything that a card or the head of a page shows, in one statement."""
    join = pw.JOIN.LEFT_OUTER
    return (
        KnowledgeArticle.select(KnowledgeArticle, Topic, OrgUnit, FiscalYear, Community)
        .join_from(KnowledgeArticle, Topic, join)
        .join_from(KnowledgeArticle, OrgUnit, join)
        .join_from(KnowledgeArticle, FiscalYear, join)
        .join_from(KnowledgeArticle, Community, join)
    )


def one(article_id: int, reader: Employee) -> KnowledgeArticle | None:
    """One article for its page, in one statement: is `reader` among its authors, did they read it, `publish_by`."""
    today = clock.today()
    mine = ArticleAuthor.select(pw.Value(1)).where(
        (ArticleAuthor.article == KnowledgeArticle.id) & (ArticleAuthor.employee == reader.id)
    )
    seen = ArticleView.select(pw.Value(1)).where(
        (ArticleView.article == KnowledgeArticle.id) & (ArticleView.employee == reader.id) & (ArticleView.day == today)
    )
    tried = ArticleTrial.select(pw.Value(1)).where(ArticleTrial.article == KnowledgeArticle.id)
    usual, longest = rounds.publish_by_columns(KnowledgeArticle.community)
    more = (
        pw.fn.EXISTS(mine).alias("is_mine"),
        pw.fn.EXISTS(seen).alias("is_seen"),
        pw.fn.EXISTS(tried).alias("was_tried"),
        usual.alias("usual_day"),
        longest.alias("longest_day"),
    )
    article = rows().select_extend(*more).where(KnowledgeArticle.id == article_id).first()
    if article is not None:
        article.__dict__["publish_by"] = rounds.latest(article.usual_day, article.longest_day)
        article.__dict__["_is_author"] = {reader.id: bool(article.is_mine)}  # policy.is_author need not ask again
        article.__dict__["_seen_on"] = {(reader.id, today): bool(article.is_seen)}  # article_counts.count_view neither
    return article


@dataclass(frozen=True)
class Filters:
    """What the reader narrows the list to; empty means all."""

    year: int = 0
    unit: int = 0
    topic: int = 0  # a topic's line through the years (series)
    kind: str = ""
    sort: str = "newest"


def published(filters: Filters) -> pw.ModelSelect:
    """Published knowledge, narrowed and sorted."""
    return rows().where(_wanted(filters)).order_by(*SORTS.get(filters.sort, SORTS["newest"]))


def count_published(filters: Filters) -> int:
    """How many articles `published` has, counted without what their cards show."""
    return KnowledgeArticle.select(KnowledgeArticle.id).where(_wanted(filters)).count()


def _wanted(filters: Filters) -> pw.Expression:
    """The filters as a condition on articles alone."""
    wanted = KnowledgeArticle.status == PUBLISHED
    if filters.year:
        years = FiscalYear.select(FiscalYear.id).where(FiscalYear.year == filters.year)
        wanted &= KnowledgeArticle.fiscal_year.in_(years)
    if filters.topic:
        wanted &= KnowledgeArticle.topic.in_(Topic.select(Topic.id).where(Topic.series == filters.topic))
    if filters.kind in ARTICLE_KINDS:
        wanted &= KnowledgeArticle.kind == filters.kind
    unit = OrgUnit.get_or_none(OrgUnit.id == filters.unit) if filters.unit else None
    if unit is not None:
        wanted &= KnowledgeArticle.unit.in_(unit.subtree().select(OrgUnit.id))
    return wanted


def drafts_of(employee: Employee) -> pw.ModelSelect:
    """What someone is writing, alone or with their communities, and what of it waits; last touched first."""
    mine = ArticleAuthor.select(ArticleAuthor.article).where(ArticleAuthor.employee == employee)
    ours = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    return (
        rows()
        .where(KnowledgeArticle.status.in_((DRAFT, SUBMITTED)))
        .where(
            (KnowledgeArticle.created_by == employee)
            | KnowledgeArticle.id.in_(mine)
            | KnowledgeArticle.community.in_(ours)
        )
        .order_by(KnowledgeArticle.updated_at.desc(), KnowledgeArticle.id.desc())
    )


def waiting_for(employee: Employee) -> pw.ModelSelect | None:
    """What waits for someone who may publish, the longest waiting first; None for everybody else."""
    if not (policy.is_knowledge_officer(employee) or policy.is_coordinator(employee)):
        return None
    units = policy.publishable_units(employee)
    query = rows().where(KnowledgeArticle.status == SUBMITTED)
    if units is not None:
        query = query.where(units)
    return query.order_by(KnowledgeArticle.submitted_at, KnowledgeArticle.id)


def units_with_articles() -> pw.ModelSelect:
    """Units that have published something, for the filter, in Thai order."""
    having = KnowledgeArticle.select(KnowledgeArticle.unit).where(KnowledgeArticle.status == PUBLISHED).distinct()
    return OrgUnit.select().where(OrgUnit.id.in_(having)).order_by(OrgUnit.sort_key)


@dataclass
class Extras:
    """What cards show beside the article's own row, by article id."""

    authors: dict[int, list[Employee]] = field(default_factory=dict)
    files: dict[int, int] = field(default_factory=dict)


def extras(articles: Iterable[KnowledgeArticle]) -> Extras:
    """Authors and number of files of these articles: two statements."""
    ids = [article.id for article in articles]
    found = Extras()
    if not ids:
        return found
    authors = (
        ArticleAuthor.select(ArticleAuthor, Employee)
        .join(Employee)
        .where(ArticleAuthor.article.in_(ids))
        .order_by(ArticleAuthor.position, ArticleAuthor.id)
    )
    for row in authors:
        found.authors.setdefault(row.article_id, []).append(row.employee)
    counts = (
        Attachment.select(Attachment.article, pw.fn.COUNT(Attachment.id))
        .where(Attachment.article.in_(ids), Attachment.open_ones())
        .group_by(Attachment.article)
        .tuples()
    )
    found.files = dict(counts)
    return found


def related(article: KnowledgeArticle, limit: int = 4) -> list[KnowledgeArticle]:
    """Others on the same topic, whatever the year: most read first."""
    if article.topic_id is None:
        return []
    return list(
        KnowledgeArticle.select(KnowledgeArticle, FiscalYear)
        .join_from(KnowledgeArticle, Topic)
        .join_from(KnowledgeArticle, FiscalYear, pw.JOIN.LEFT_OUTER)
        .where(
            (KnowledgeArticle.status == PUBLISHED)
            & (Topic.series == article.topic.series)
            & (KnowledgeArticle.id != article.id)
        )
        .order_by(KnowledgeArticle.view_count.desc(), KnowledgeArticle.id.desc())
        .limit(limit)
    )
