"""The search page: the same view answers the whole page, or its results while somebody types."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask_login import login_required

from kc import labels, policy, search
from kc.models import FiscalYear, KnowledgeArticle, OrgUnit, Topic
from kc.web import choices
from kc.web.htmx import render
from kc.web.paging import Page, page_url, requested_page

bp = Blueprint("search", __name__)

PER_PAGE = 10
SORTS = ("relevance", "newest", "oldest")
LONGEST = 10_000  # characters of a question that are read at all


def asked_filters() -> dict[str, str]:
    """The filters of the address, as typed; nonsense means "not filtered"."""
    return {name: request.args.get(name, "") for name in ("topic", "year", "unit", "kind", "sort")}


def to_engine(filters: dict[str, str]) -> search.Filters:
    """What the engine filters by: a unit stands for all units below it."""
    unit = OrgUnit.get_or_none(OrgUnit.id == choices.whole(filters["unit"])) if filters["unit"] else None
    units = frozenset(row.id for row in unit.subtree().select(OrgUnit.id)) if unit else None
    kind = filters["kind"] if filters["kind"] in labels.ARTICLE_KINDS else None
    return search.Filters(
        topic=choices.whole(filters["topic"]) or None,
        year=_year(filters["year"]),
        units=units,
        article_kind=kind,
    )


def _year(text: str) -> int | None:
    return choices.whole(text) or None


@bp.get("/search")
@login_required
def index() -> Response:
    """Results of `q` within the filters; an empty question with a filter lists everything in it, newest first."""
    text = request.args.get("q", "")[:LONGEST]
    filters = asked_filters()
    sort = filters["sort"] if filters["sort"] in SORTS else "relevance"
    asked = bool(text.strip()) or any(filters[name] for name in ("topic", "year", "unit", "kind"))
    results = None
    if asked:
        results = search.search(
            text,
            viewer=g.employee,
            filters=to_engine(filters),
            sort=sort,
            page=requested_page(),
            per_page=PER_PAGE,
        )
    return render(
        "search/index.html",
        block="results",
        q=text,
        filters=filters,
        sort=sort,
        results=results,
        articles=_rows(results),
        page=_page(results),
        url=page_url(),
        facets=_facets(results),
        link=_link,
        years=choices.years(),
        units=choices.units(),
        topics=choices.topic_series(),
    )


def _page(results: Any) -> Page:
    total = results.total if results else 0
    return Page([], requested_page(), max(1, -(-total // PER_PAGE)), total)


def _rows(results: Any) -> dict[int, KnowledgeArticle]:
    """The articles of the hits by id: what is shown comes from the database, not from the index."""
    ids = [hit.id for hit in results.hits if hit.kind == "knowledge"] if results else []
    rows = (
        KnowledgeArticle.select(KnowledgeArticle, OrgUnit, Topic, FiscalYear)
        .left_outer_join(OrgUnit)
        .switch(KnowledgeArticle)
        .left_outer_join(Topic)
        .switch(KnowledgeArticle)
        .left_outer_join(FiscalYear, on=(KnowledgeArticle.fiscal_year == FiscalYear.id))
        .where(KnowledgeArticle.id.in_(ids) & policy.visible_articles(g.employee))
    )
    return {article.id: article for article in rows}


def _facets(results: Any) -> list[dict[str, Any]]:
    """Groups of links that narrow the results, each with its count."""
    if results is None:
        return []
    topics = dict(choices.topic_series())
    years = dict(choices.years())
    groups = [
        ("topic", {str(k): (topics.get(str(k), ""), n) for k, n in results.facets.get("topic", {}).items()}),
        ("year", {str(k): (years.get(str(k), str(k)), n) for k, n in results.facets.get("year", {}).items()}),
        ("kind", {k: (labels.ARTICLE_KINDS.get(k, k), n) for k, n in results.facets.get("kind", {}).items()}),
    ]
    return [
        {"name": name, "values": sorted(values.items(), key=lambda v: (-v[1][1], str(v[1][0])))}
        for name, values in groups
        if values
    ]


def _link(**changes: str) -> str:
    """This search with some filters changed, from its first page."""
    kept = {k: v for k, v in request.args.items() if k != "page" and v} | changes
    return url_for(".index", **{k: v for k, v in kept.items() if v})
