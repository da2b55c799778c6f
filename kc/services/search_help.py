"""When nothing was found: who knows about the nearest thing, and where it is talked about (D6, S0-254)."""

from dataclasses import dataclass, field

import peewee as pw

from kc import fiscal, search
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
    """Help for somebody whose search found nothing; some statements, however much there is."""
    found = Nearest()
    if question.words.strip() and question.narrowings:
        wider = search.search(question.words, viewer=employee, per_page=10)
        found.without_filters = wider.total
        found.articles = _articles([hit.id for hit in wider.hits if hit.kind == "knowledge"])
    series = _series(question, found.articles)
    found.people = _writers(employee, found.articles, series)
    found.people += _keepers(employee, PEOPLE - len(found.people), {helper.employee.id for helper in found.people})
    found.communities = _communities(employee, series)
    return found


def _articles(ids: list[int]) -> list[KnowledgeArticle]:
    """These, in their order, as far as they are published."""
    if not ids:
        return []
    rows = KnowledgeArticle.select(KnowledgeArticle, Topic).left_outer_join(Topic)
    rows = {row.id: row for row in rows.where(KnowledgeArticle.id.in_(ids), KnowledgeArticle.status == PUBLISHED)}
    return [rows[number] for number in ids if number in rows][:ARTICLES]


def _series(question: Question, articles: list[KnowledgeArticle]) -> set[int]:
    """The topics it is about: those chosen, else those of what is nearest."""
    chosen = question.filters.chosen().get("topic")
    return (
        {int(series) for series in chosen}
        if chosen
        else {article.topic.series for article in articles if article.topic_id}
    )


def _writers(employee: Employee, articles: list[KnowledgeArticle], series: set[int]) -> list[Helper]:
    """Who wrote the nearest articles; else who wrote most within the topics."""
    if not articles and not series:
        return []
    about = KnowledgeArticle.id.in_([article.id for article in articles]) if articles else Topic.series.in_(series)
    rows = (
        Employee.select(
            Employee,
            OrgUnit,
            pw.fn.COUNT(ArticleAuthor.id).alias("n"),
            pw.fn.MAX(KnowledgeArticle.title).alias("about"),
        )
        .join_from(Employee, OrgUnit)
        .join_from(Employee, ArticleAuthor)
        .join_from(ArticleAuthor, KnowledgeArticle)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .where(about, KnowledgeArticle.status == PUBLISHED, Employee.is_active, Employee.id != employee.id)
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
