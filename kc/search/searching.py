"""One search from what was typed to what is shown. Never raises to the page."""

import datetime as dt
import heapq
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from kc.search import bits, snippets
from kc.search.engine import Engine, Ranking
from kc.search.query import Query, parse
from kc.search.snapshot import Snapshot

log = logging.getLogger(__name__)

FACETS = {"topic": "topic", "year": "year", "unit": "unit", "kind": "article_kind", "source": "kind"}
_NUMBERS = ("topic", "year", "unit")
_MOST_PER_PAGE = 200


@dataclass(frozen=True)
class Filters:
    """What to narrow a search to; None means everything.

    kind: what is found ("knowledge"); topic: a topic series; year: a fiscal year's number; units: unit ids, sub-units
    included by the caller; article_kind: one of the article kinds; since, until: first and last day.
    """

    kind: str | None = None
    topic: int | None = None
    year: int | None = None
    units: frozenset[int] | None = None
    article_kind: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Index filter name to the values wanted, any of them."""
        wanted: dict[str, Iterable[Any] | None] = {
            "kind": None if self.kind is None else (self.kind,),
            "topic": None if self.topic is None else (self.topic,),
            "year": None if self.year is None else (self.year,),
            "unit": self.units,
            "article_kind": None if self.article_kind is None else (self.article_kind,),
        }
        return {name: tuple(str(v) for v in values) for name, values in wanted.items() if values is not None}


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
    facets: dict[str, dict[Any, int]] = field(default_factory=dict)
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
    permitted = _any(snapshot, "see", visible_to)
    groups = _groups(snapshot, filters)
    within = _all_of(groups, permitted)
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
        chosen = ranking.ordered(hits, first + per_page)[first:]
    shown = _show(snapshot, query, chosen) if with_snippets else [_bare(snapshot, d, s) for d, s in chosen]
    return Results(
        hits=shown,
        total=total,
        facets=_facets(snapshot, ranking.hits & permitted, groups),
        alike=ranking.fuzzy,
        unquoted=ranking.relaxed,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _any(snapshot: Snapshot, name: str, values: Iterable[str]) -> int:
    having = snapshot.filter_values.get(name, {})
    found = 0
    for value in values:
        found |= having.get(value, 0)
    return found


def _groups(snapshot: Snapshot, filters: Filters) -> dict[str, int]:
    """Each filter that is on, as the documents it lets through."""
    groups = {name: _any(snapshot, name, values) for name, values in filters.chosen().items()}
    if filters.since or filters.until:
        low = filters.since.toordinal() if filters.since else 1
        high = filters.until.toordinal() if filters.until else 10**7
        days = (d for d in bits.to_ids(snapshot.alive) if low <= snapshot.day(d) <= high)
        groups["day"] = bits.from_ids(days, snapshot.size)
    return groups


def _all_of(groups: dict[str, int], start: int, but: str = "") -> int:
    for name, having in groups.items():
        if name != but:
            start &= having
    return start


def _facets(snapshot: Snapshot, hits: int, groups: dict[str, int]) -> dict[str, dict[Any, int]]:
    facets: dict[str, dict[Any, int]] = {}
    for shown, name in FACETS.items():
        within = _all_of(groups, hits, but=name)
        counts = {v: (within & having).bit_count() for v, having in snapshot.filter_values.get(name, {}).items()}
        facets[shown] = {int(v) if shown in _NUMBERS else v: n for v, n in counts.items() if n}
    return facets


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
