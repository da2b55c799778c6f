"""The search page: the same view answers the whole page, or its results while somebody types."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask_login import login_required

from kc import fiscal, labels, search
from kc.services import recent_searches, saved_searches, search_filters
from kc.services.search_filters import CHOSEN, Directory, Question
from kc.web import choices, search_links
from kc.web.htmx import render
from kc.web.paging import Page, page_url, requested_page
from kc.web.search_hits import found_in, hit_url

bp = Blueprint("search", __name__)

PER_PAGE = 10
MOST_SAVED = 6  # shown before anything is searched for
SORTS = ("relevance", "newest", "oldest")
LONGEST = 10_000  # characters of a question that are read at all
ASKED = ("q", *CHOSEN, "sort", "exact")  # what an address of ours says about a search; anything else is left behind


def asked_filters() -> dict[str, str]:
    """The filters of the address, as they stand there; nonsense means "not filtered"."""
    given = _given()
    return {name: given.get(name, "") for name in (*CHOSEN, "sort")}


def _given() -> dict[str, str]:
    """What the address says; `kind` may name a kind of thing too, which is what `in` is for."""
    given = {name: value for name in ASKED if (value := request.args.get(name))}
    if given.get("kind") in labels.FOUND_KINDS:
        given["in"] = given.pop("kind")
    return given


def asked_sort(filters: dict[str, str]) -> str:
    return filters["sort"] if filters["sort"] in SORTS else "relevance"


def is_exact() -> bool:
    """Whether to search for exactly what was typed: somebody chose that over what search took it for."""
    return bool(request.args.get("exact"))


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
    searched = search_links.note(text, question, results, requested_page(), is_typing())
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
        found=found_in(results, first=(requested_page() - 1) * PER_PAGE + 1, question=question.words)
        if results
        else [],
        hit_url=search_links.noted(hit_url, searched),
        nearest=search_links.help_for(question, results),
        page=_page(results),
        url=page_url(),
        tabs=_tabs(results, question),
        facets=_facets(results, question, directory, years),
        on=[(n, _link(q=question.without(n)) if n.typed else _link(**{n.name: ""})) for n in question.narrowings],
        filter_labels=search_filters.LABELS,
        link=_link,
        why=_why_link if question.words.strip() else None,
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
        exactly=is_exact(),
    )


@bp.get("/search/why")
@login_required
def why() -> Response:
    """Why a search finds one of its hits: `q` and what else stood in the address, `hit` (a kind) and `id`."""
    question = search_filters.ask(request.args.get("q", "")[:LONGEST], asked_filters(), Directory())
    kind, number = request.args.get("hit", ""), choices.whole(request.args.get("id", ""))
    explanation = search.explain(question.words, kind, number, viewer=g.employee, exactly=is_exact())
    return render(
        "search/why.html",
        block="reasons",
        explanation=explanation,
        q=request.args.get("q", ""),
        back=_link(page=request.args.get("page", "")),
    )


def _why_link(hit: search.Hit) -> str:
    """Where it is said why this hit was found."""
    here = _given() | {"page": request.args.get("page", ""), "hit": hit.kind, "id": str(hit.id)}
    return url_for(".why", **{name: value for name, value in here.items() if value})  # type: ignore[arg-type]


def _page(results: search.Results | None) -> Page:
    total = results.total if results else 0
    return Page([], requested_page(), max(1, -(-total // PER_PAGE)), total)


def _tabs(results: search.Results | None, question: Question) -> list[tuple[str, str, bool, int]]:
    """Everything, and each kind that there is: name, address, whether it is shown, how many."""
    counts = results.facets.get("source", {}) if results else {}
    here = question.filters.of_facet("source")
    kinds = [kind for kind in labels.FOUND_KINDS if counts.get(kind) or kind in here]
    if len(kinds) < 2 and not here:
        return []
    every = [(str(labels.FOUND_EVERYTHING), _choose(question, "in", ""), not here, sum(counts.values()))]
    return every + [
        (str(labels.FOUND_KINDS[kind]), _choose(question, "in", kind), kind in here, counts.get(kind, 0))
        for kind in kinds
    ]


def _facets(
    results: search.Results | None, question: Question, directory: Directory, years: choices.Choices
) -> dict[str, list[tuple[str, str, bool, int]]]:
    """What else the results can be narrowed to: by facet, as for `_tabs`; the most frequent first."""
    if results is None:
        return {}
    names: dict[str, dict[Any, Any]] = {
        "topic": directory.topic_names,
        "year": {int(year): label for year, label in years},
        "kind": labels.ARTICLE_KINDS,
        "unit": {unit.id: unit.name for unit in directory.units},
        "file": labels.FILE_GROUPS,
        "sharing": labels.SHARING,
    }
    groups = {}
    for name, known in names.items():
        here = question.filters.of_facet(name)
        groups[name] = [
            (str(known[v]), _choose(question, name, "" if str(v) in here else str(v)), str(v) in here, n)
            for v, n in sorted(results.facets.get(name, {}).items(), key=lambda item: (-item[1], str(item[0])))
            if v in known
        ]
    return groups


def _choose(question: Question, name: str, value: str) -> str:
    """This search with one filter set to one value, or off, however it was on before."""
    return _link(**{name: value, "q": question.without_all(name)})


def _link(**changes: str) -> str:
    """This search with some things changed, from its first page."""
    kept = _given() | changes
    return url_for(".index", **{k: v for k, v in kept.items() if v})  # type: ignore[arg-type]
