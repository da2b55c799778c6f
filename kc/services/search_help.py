"""When nothing was found: who knows about the nearest thing, and where it is talked about (D6, S0-254)."""

import re
from dataclasses import dataclass, field

import peewee as pw

from kc import fiscal, search, thai
from kc.models import (
    ArticleAuthor,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    OrgUnit,
    RoleAssignment,
    Topic,
)
from kc.models.communities import ACTIVE
from kc.models.knowledge import PUBLISHED
from kc.models.people import COORDINATOR, KNOWLEDGE_OFFICER
from kc.services.search_filters import Question

PEOPLE, COMMUNITIES, ARTICLES = 4, 3, 3
SHORTEST_HALF = 4  # letters that still say what somebody was after
WROTE, COORDINATES, LOOKS_AFTER = "wrote", "coordinates", "looks_after"


@dataclass(frozen=True)
class Helper:
    """Somebody to ask, and why: `wrote` about the nearest thing (`about`), `coordinates` the unit, `looks_after` KM."""

    employee: Employee
    why: str
    about: str = ""


@dataclass
class Nearest:
    """`without_filters`: how many things the same words find everywhere."""

    without_filters: int = 0
    articles: list[KnowledgeArticle] = field(default_factory=list)
    people: list[Helper] = field(default_factory=list)
    communities: list[Community] = field(default_factory=list)


def nearest(employee: Employee, question: Question) -> Nearest:
    """Help for somebody whose search found nothing; at most four statements, however much there is."""
    found = Nearest()
    chosen = question.filters.chosen().get("topic", ())
    series = {int(topic) for topic in chosen}
    if question.words.strip():
        hits = _near(employee, question, found)
        authors = _authors([hit.id for hit in hits if hit.kind == "knowledge"])
        found.articles = list({row.article_id: row.article for row in authors}.values())[:ARTICLES]
        found.people = _writers_of(found.articles, authors, employee)
        series = series or {article.topic.series for article in found.articles if article.topic_id}
    if not found.people and series:
        found.people = _writers_within(series, employee)
    found.people += _keepers(employee, PEOPLE - len(found.people), {helper.employee.id for helper in found.people})
    found.communities = _communities(employee, series)
    return found


def _near(employee: Employee, question: Question, found: Nearest) -> list[search.Hit]:
    """The nearest there is: the words without filters, else without signs, else what half of their letters find."""
    if question.narrowings:
        wider = search.search(question.words, viewer=employee, per_page=10)
        found.without_filters = wider.total
        if wider.total:
            return wider.hits
    for words in fewer(question.words):
        near = search.search(words, viewer=employee, per_page=10, exactly=True)
        if near.total:
            return near.hits
    return []


def fewer(words: str) -> list[str]:
    """Less and less of what was typed: without quotation marks and what was not wanted, then each half."""
    plain = " ".join(re.sub(r"(?<!\S)-\S+|[\"“”„«»]", " ", words).split())
    letters = thai.graphemes(plain)
    half = len(letters) // 2
    halves = ["".join(letters[:half]), "".join(letters[half:])] if half >= SHORTEST_HALF else []
    return [text for text in ([plain] if plain != words.strip() else []) + halves if text]


def _authors(ids: list[int]) -> list[ArticleAuthor]:
    """Who wrote these articles, as far as they are published: in their order, with article, topic, person and unit."""
    if not ids:
        return []
    rows = (
        ArticleAuthor.select(ArticleAuthor, KnowledgeArticle, Topic, Employee, OrgUnit)
        .join_from(ArticleAuthor, KnowledgeArticle)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .join_from(ArticleAuthor, Employee)
        .join_from(Employee, OrgUnit)
        .where(KnowledgeArticle.id.in_(ids), KnowledgeArticle.status == PUBLISHED)
        .order_by(ArticleAuthor.id)
    )
    return sorted(rows, key=lambda row: ids.index(row.article_id))


def _writers_of(articles: list[KnowledgeArticle], authors: list[ArticleAuthor], employee: Employee) -> list[Helper]:
    """Some who wrote them, the nearest article's first."""
    shown = {article.id for article in articles}
    helpers: dict[int, Helper] = {}
    for row in authors:
        if row.article_id in shown and row.employee.is_active and row.employee_id != employee.id:
            helpers.setdefault(row.employee_id, Helper(row.employee, WROTE, row.article.title))
    return list(helpers.values())[: PEOPLE - 1]


def _writers_within(series: set[int], employee: Employee) -> list[Helper]:
    """Who wrote most within the topics."""
    written, title = pw.fn.COUNT(ArticleAuthor.id), pw.fn.MAX(KnowledgeArticle.title)
    rows = (
        Employee.select(Employee, OrgUnit, written.alias("n"), title.alias("about"))
        .join_from(Employee, OrgUnit)
        .join_from(Employee, ArticleAuthor)
        .join_from(ArticleAuthor, KnowledgeArticle)
        .join_from(KnowledgeArticle, Topic)
        .where(Topic.series.in_(series), KnowledgeArticle.status == PUBLISHED)
        .where(Employee.is_active, Employee.id != employee.id)
        .group_by(Employee, OrgUnit)
        .order_by(pw.SQL("n").desc(), Employee.sort_key)
        .limit(PEOPLE - 1)
    )
    return [Helper(row, WROTE, row.about) for row in rows]


def _keepers(employee: Employee, wanted: int, but: set[int]) -> list[Helper]:
    """Whoever coordinates the unit, the nearest first; then the KM team. There is always somebody to ask."""
    mine = employee.unit.ancestor_ids()
    rows = (
        RoleAssignment.select(RoleAssignment, Employee, OrgUnit)
        .join(Employee)
        .join(OrgUnit)
        .where(
            Employee.is_active,
            Employee.id.not_in([*but, employee.id]),
            ((RoleAssignment.role == COORDINATOR) & RoleAssignment.unit.in_(mine))
            | (RoleAssignment.role == KNOWLEDGE_OFFICER),
        )
        .order_by(Employee.sort_key)
    )
    found = sorted(rows, key=lambda row: -mine.index(row.unit_id) if row.role == COORDINATOR else 1)
    helpers: dict[int, Helper] = {}
    for row in found:
        helpers.setdefault(
            row.employee_id, Helper(row.employee, COORDINATES if row.role == COORDINATOR else LOOKS_AFTER)
        )
    return list(helpers.values())[:wanted]


def _communities(employee: Employee, series: set[int]) -> list[Community]:
    """This year's that learn about the topics; without topics, those of one's own unit."""
    near = Topic.series.in_(series) if series else Community.unit == employee.unit_id
    this_year = FiscalYear.year == fiscal.calendar().current()
    return list(Community.listing().where(near, this_year, Community.status == ACTIVE).limit(COMMUNITIES))
