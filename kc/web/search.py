"""The search page: the same view answers the whole page, or its results while somebody types."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask_login import login_required

from kc import fiscal, labels, search
from kc.services import recent_searches, saved_searches, search_filters
from kc.services.search_filters import CHOSEN, Directory, Question
from kc.web import choices
from kc.web.htmx import render
from kc.web.paging import Page, page_url, requested_page
from kc.web.search_hits import found_in, hit_url

bp = Blueprint("search", __name__)

PER_PAGE = 10
MOST_SAVED = 6  # shown before anything is searched for
SORTS = ("relevance", "newest", "oldest")
LONGEST = 10_000  # characters of a question that are read at all


def asked_filters() -> dict[str, str]:
    """The filters of the address, as they stand there; nonsense means "not filtered"."""
    return {name: request.args.get(name, "") for name in (*CHOSEN, "sort")}


def asked_sort(filters: dict[str, str]) -> str:
    return filters["sort"] if filters["sort"] in SORTS else "relevance"


def is_typing() -> bool:
    """Whether these results are for a question that is still being typed (static/js/search.js says so)."""
    return "X-Search-Typing" in request.headers


@bp.get("/search")
@login_required
def index() -> Response:
    """Results of `q` within the filters; an empty question with a filter lists everything in it, newest first."""
    text = request.args.get("q", "")[:LONGEST]
    filters, directory = asked_filters(), Directory()
    question = search_filters.ask(text, filters, directory)
    results = None if question.is_empty else _search(question, asked_sort(filters))
    years = [(str(year), fiscal.calendar().label_for(year)) for year in directory.years]
    if results is not None and requested_page() == 1 and not is_typing():
        recent_searches.remember(g.employee, text)
    return render(
        "search/index.html",
        block="results",
        q=text,
        filters=filters,
        question=question,
        results=results,
        recent=list(recent_searches.of(g.employee)) if results is None else [],
        saved=list(saved_searches.of(g.employee).limit(MOST_SAVED)) if results is None else [],
        found=found_in(results, first=(requested_page() - 1) * PER_PAGE + 1) if results else [],
        hit_url=hit_url,
        page=_page(results),
        url=page_url(),
        tabs=_tabs(results, filters),
        facets=_facets(results, directory, years),
        on=[(n, _link(q=n.without) if n.without is not None else _link(**{n.name: ""})) for n in question.narrowings],
        filter_labels=search_filters.LABELS,
        link=_link,
        years=years,
        units=choices.units([unit for unit in directory.units if unit.is_active]),
        topics=[(str(series), name) for series, name in directory.topic_names.items()],
    )


def _search(question: Question, sort: str) -> search.Results:
    return search.search(
        question.words,
        viewer=g.employee,
        filters=question.filters,
        sort=sort,
        page=requested_page(),
        per_page=PER_PAGE,
    )


def _page(results: search.Results | None) -> Page:
    total = results.total if results else 0
    return Page([], requested_page(), max(1, -(-total // PER_PAGE)), total)


def _tabs(results: search.Results | None, filters: dict[str, str]) -> list[tuple[str, str, bool, int]]:
    """Everything, and each kind that there is: name, address, whether it is shown, how many."""
    counts = results.facets.get("source", {}) if results else {}
    here = filters["in"] if filters["in"] in labels.FOUND_KINDS else ""
    kinds = [kind for kind in labels.FOUND_KINDS if counts.get(kind) or kind == here]
    if len(kinds) < 2 and not here:
        return []
    every = [("", labels.FOUND_EVERYTHING, sum(counts.values()))]
    every += [(kind, labels.FOUND_KINDS[kind], counts.get(kind, 0)) for kind in kinds]
    return [(str(label), _link(**{"in": kind}), kind == here, n) for kind, label, n in every]


def _facets(results: search.Results | None, directory: Directory, years: choices.Choices) -> list[dict[str, Any]]:
    """Groups of links that narrow the results, each with its count; the most frequent first."""
    if results is None:
        return []
    names: dict[str, dict[Any, Any]] = {
        "topic": directory.topic_names,
        "year": {int(year): label for year, label in years},
        "kind": labels.ARTICLE_KINDS,
        "unit": {unit.id: unit.name for unit in directory.units},
        "file": labels.FILE_GROUPS,
    }
    groups = []
    for name, known in names.items():
        counts = [(str(v), str(known[v]), n) for v, n in results.facets.get(name, {}).items() if v in known]
        counts.sort(key=lambda value: (-value[2], value[1]))
        groups.append({"name": name, "values": counts, "many": len(counts) > 1})
    return groups


def _link(**changes: str) -> str:
    """This search with some filters changed, from its first page."""
    kept = {k: v for k, v in request.args.items() if k != "page" and v} | changes
    return url_for(".index", **{k: v for k, v in kept.items() if v})
