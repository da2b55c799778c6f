"""One search from what was typed to what is shown. Never raises to the page."""

import datetime as dt
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from markupsafe import Markup

from kc.search import snippets
from kc.search.correcting import corrected
from kc.search.engine import Engine
from kc.search.filters import Facets, Filters, all_of, any_of, groups_of
from kc.search.postings import Array
from kc.search.query import Query, parse
from kc.search.snapshot import Snapshot
from kc.search.text import fold
from kc.thai.repair import repair

log = logging.getLogger(__name__)

_MOST_PER_PAGE = 200


@dataclass(frozen=True)
class Hit:
    """Something found. ``snippet`` and ``title_marked`` are safe HTML."""

    kind: str
    id: int
    external_id: str
    title: str
    title_marked: Markup
    snippet: Markup
    score: float
    on: dt.date | None = None


@dataclass(frozen=True)
class Results:
    """A page of hits; ``total`` is exact. ``facets``: name to value to count, each as if its own filter were off."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: Mapping[str, dict[Any, int]] = field(default_factory=dict)
    corrected: str | None = None  # what was searched for instead of what was typed
    alike: bool = False  # nothing has the words; these are written alike
    unquoted: bool = False  # the quoted phrase stands nowhere; its words were looked for
    took_ms: float = 0.0
    preparing: bool = False


def run(
    snapshot: Snapshot,
    text: str,
    visible_to: Iterable[str],
    filters: Filters,
    sort: str,
    page: int,
    per_page: int,
    with_snippets: bool = True,
    exactly: bool = False,
) -> Results:
    """Search one snapshot. ``visible_to``: whose documents may be seen; ``sort``: relevance, newest or oldest;
    ``exactly``: never search for anything but what was typed.
    """
    started = time.perf_counter()
    per_page = min(max(per_page, 1), _MOST_PER_PAGE)
    first = (max(page, 1) - 1) * per_page
    permitted = any_of(snapshot, "see", visible_to)
    groups = groups_of(snapshot, filters)
    engine, instead = answer(snapshot, text, permitted, exactly)
    ranking = engine.ranking
    if engine.query.empty and sort not in ("newest", "oldest"):
        sort = "newest"
    hits = all_of(groups, ranking.hits)
    total = int(np.count_nonzero(hits))
    if first >= total:
        chosen: list[tuple[int, float]] = []
    elif sort in ("newest", "oldest"):
        chosen = _by_day(snapshot, hits, first + per_page, sort == "newest")[first:]
    else:
        chosen = ranking.ordered(hits, first + per_page)[first:]
    return Results(
        hits=_show(snapshot, engine.query, chosen) if with_snippets else [_bare(snapshot, *each) for each in chosen],
        total=total,
        facets=Facets(snapshot, ranking.hits, groups),
        corrected=instead,
        alike=ranking.fuzzy,
        unquoted=ranking.relaxed,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def answer(snapshot: Snapshot, text: str, permitted: Array, exactly: bool = False) -> tuple[Engine, str | None]:
    """The engine that has ranked the question, and what was searched for instead of what was typed, if anything."""
    engine = Engine(snapshot, parse(text), permitted)
    engine.rank()
    instead = None if exactly else corrected(engine)
    return (instead[1], instead[0]) if instead else (engine, None)


def _by_day(snapshot: Snapshot, hits: Array, count: int, newest: bool) -> list[tuple[int, float]]:
    numbers = np.flatnonzero(hits)
    days = snapshot.days[numbers]
    order = np.lexsort((-numbers, -days) if newest else (numbers, days))[:count]
    return [(int(number), 0.0) for number in numbers[order]]


def _show(snapshot: Snapshot, query: Query, chosen: list[tuple[int, float]]) -> list[Hit]:
    found = snippets.Finder(_words_to_mark(query))
    return [_hit(snapshot, document, score, found) for document, score in chosen]


def _words_to_mark(query: Query) -> Iterator[str]:
    yield from query.phrases
    for concept in query.concepts:
        yield concept.text
    for same in query.same:
        for term in same.otherwise:
            yield fold(repair(term))


def _hit(snapshot: Snapshot, document: int, score: float, found: snippets.Finder) -> Hit:
    key, external_id, title, text, beside = snapshot.stored(document)
    kind, _, number = key.partition(":")
    day = int(snapshot.days[document])
    return Hit(
        kind=kind,
        id=int(number),
        external_id=external_id,
        title=title,
        title_marked=Markup(snippets.marked(title, found)),
        snippet=Markup(snippets.snippet(text, found, snapshot.breaks(document), beside)),
        score=score,
        on=dt.date.fromordinal(day) if day > 0 else None,
    )


def _bare(snapshot: Snapshot, document: int, score: float) -> Hit:
    key, external_id, title, *_ = snapshot.stored(document)
    kind, _, number = key.partition(":")
    return Hit(kind, int(number), external_id, title, Markup(""), Markup(""), score)
