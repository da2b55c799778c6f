"""One search from what was typed to what is shown. Never raises to the page."""

import datetime as dt
import heapq
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from kc.search import bits, kinds, snippets
from kc.search.engine import Engine, Ranking
from kc.search.filters import Facets, Filters, all_of, any_of, groups_of
from kc.search.query import Query, parse
from kc.search.snapshot import Snapshot

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
) -> Results:
    """Search one snapshot. ``visible_to``: whose documents may be seen; ``sort``: relevance, newest or oldest."""
    started = time.perf_counter()
    per_page = min(max(per_page, 1), _MOST_PER_PAGE)
    first = (max(page, 1) - 1) * per_page
    permitted = any_of(snapshot, "see", visible_to)
    groups = groups_of(snapshot, filters)
    within = all_of(groups, permitted)
    query = parse(text)
    if query.empty:
        permitted = Engine(snapshot, query, permitted).permitted_by_phrases()
        ranking = Ranking(hits=permitted, total=permitted.bit_count())
        sort = sort if sort in ("newest", "oldest") else "newest"
    else:
        ranking = Engine(snapshot, query, permitted).rank()
    hits = ranking.hits & within
    total = hits.bit_count()
    if first >= total:
        chosen: list[tuple[int, float]] = []
    elif sort in ("newest", "oldest"):
        chosen = _by_day(snapshot, hits, first + per_page, sort == "newest")[first:]
    else:
        chosen = kinds.ordered(snapshot, query, permitted, ranking, hits, first + per_page)[first:]
    shown = _show(snapshot, query, chosen) if with_snippets else [_bare(snapshot, d, s) for d, s in chosen]
    return Results(
        hits=shown,
        total=total,
        facets=Facets(snapshot, ranking.hits & permitted, groups),
        alike=ranking.fuzzy,
        unquoted=ranking.relaxed,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _by_day(snapshot: Snapshot, hits: int, count: int, newest: bool) -> list[tuple[int, float]]:
    choose = heapq.nlargest if newest else heapq.nsmallest
    return [(d, 0.0) for _, d in choose(count, ((snapshot.day(d), d) for d in bits.to_ids(hits)))]


def _show(snapshot: Snapshot, query: Query, chosen: list[tuple[int, float]]) -> list[Hit]:
    found = snippets.Finder([*query.phrases, *(concept.text for concept in query.concepts)])
    return [_hit(snapshot, document, score, found) for document, score in chosen]


def _hit(snapshot: Snapshot, document: int, score: float, found: snippets.Finder) -> Hit:
    key, external_id, title, text = snapshot.stored(document)
    kind, _, number = key.partition(":")
    day = snapshot.day(document)
    return Hit(
        kind=kind,
        id=int(number),
        external_id=external_id,
        title=title,
        title_marked=Markup(snippets.marked(title, found)),
        snippet=Markup(snippets.snippet(text, found)),
        score=score,
        on=dt.date.fromordinal(day) if day > 0 else None,
    )


def _bare(snapshot: Snapshot, document: int, score: float) -> Hit:
    key, external_id, title, _ = snapshot.stored(document)
    kind, _, number = key.partition(":")
    return Hit(kind, int(number), external_id, title, Markup(""), Markup(""), score)
