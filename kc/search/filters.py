"""What a search is narrowed to, and how many there are of everything else: set arithmetic over filter terms.

A group is a filter that is on, as the set of documents it lets through. A facet counts as if its own filter were off,
so that people see what another choice would bring.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kc.search.postings import Array
from kc.search.snapshot import Snapshot

# What others call a facet, and the filter terms it counts.
FACETS = {
    "topic": "topic",
    "year": "year",
    "unit": "unit",
    "kind": "article_kind",
    "source": "kind",
    "author": "author",
    "file": "file",
    "sharing": "sharing",
}
_NUMBERS = ("topic", "year", "unit", "author")


@dataclass(frozen=True)
class Filters:
    """What to narrow a search to; None means everything, several values mean any of them.

    kind: what is found ("knowledge", "person" …); topic: topic series; year: fiscal years by number; units: unit ids,
    each with all units below it; article_kind: kinds of knowledge; authors: employee ids; file: groups of file types
    ("pdf", "word" …); sharing: "yes", people who say that they gladly share; since, until: first and last day.
    """

    kind: str | Collection[str] | None = None
    topic: int | Collection[int] | None = None
    year: int | Collection[int] | None = None
    units: Collection[int] | None = None
    article_kind: str | Collection[str] | None = None
    authors: Collection[int] | None = None
    file: str | Collection[str] | None = None
    sharing: str | Collection[str] | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Index filter name to the values wanted, any of them."""
        wanted: dict[str, Any] = {
            "kind": self.kind,
            "topic": self.topic,
            "year": self.year,
            "unit": self.units,
            "article_kind": self.article_kind,
            "author": self.authors,
            "file": self.file,
            "sharing": self.sharing,
        }
        return {name: _texts(values) for name, values in wanted.items() if values is not None}

    def of_facet(self, facet: str) -> tuple[str, ...]:
        """The values of one of FACETS that are wanted; none: all."""
        return self.chosen().get(FACETS[facet], ())


def _texts(values: Any) -> tuple[str, ...]:
    if isinstance(values, str | int):
        return (str(values),)
    return tuple(sorted(str(value) for value in values))


def any_of(snapshot: Snapshot, name: str, values: Iterable[str]) -> Array:
    """The set of living documents that have one of the values."""
    having, found = snapshot.values_of(name), snapshot.none()
    for value in values:
        if value in having:
            found[having[value]] = True
    return found & snapshot.alive


def groups_of(snapshot: Snapshot, filters: Filters) -> dict[str, Array]:
    """Each filter that is on, as the set of documents it lets through."""
    groups = {name: any_of(snapshot, name, values) for name, values in filters.chosen().items()}
    if filters.since or filters.until:  # what has no day is not among them
        first = filters.since.toordinal() if filters.since else 1
        last = filters.until.toordinal() if filters.until else dt.date.max.toordinal()
        groups["day"] = (snapshot.days >= first) & (snapshot.days <= last)
    return groups


def all_of(groups: dict[str, Array], start: Array, but: str = "") -> Array:
    """What every group but one lets through of ``start``."""
    for name, having in groups.items():
        if name != but:
            start = start & having
    return start


class Facets(Mapping[str, dict[Any, int]]):
    """Facet to value to number of hits, each as if its own filter were off; values without any are left out.

    Counted when looked at: an organisation has thousands of authors, and most searches are not asked about them.
    """

    def __init__(self, snapshot: Snapshot, hits: Array, groups: dict[str, Array]) -> None:
        self._snapshot, self._hits, self._groups = snapshot, hits, groups
        self._counted: dict[str, dict[Any, int]] = {}

    def __getitem__(self, shown: str) -> dict[Any, int]:
        if shown not in self._counted:
            self._counted[shown] = self._count(shown, FACETS[shown])
        return self._counted[shown]

    def _count(self, shown: str, name: str) -> dict[Any, int]:
        within = all_of(self._groups, self._hits, but=name)
        values = self._snapshot.values_of(name)
        counts = {value: int(np.count_nonzero(within[having])) for value, having in values.items()}
        return {int(value) if shown in _NUMBERS else value: n for value, n in counts.items() if n}

    def __iter__(self) -> Iterator[str]:
        return iter(FACETS)

    def __len__(self) -> int:
        return len(FACETS)
