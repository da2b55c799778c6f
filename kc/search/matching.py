"""Which of some documents a question finds: saved searches are told of what is new without anybody waiting for it."""

from collections.abc import Collection, Iterable

import numpy as np

from kc.search.engine import Engine
from kc.search.filters import Filters, all_of, any_of, groups_of
from kc.search.postings import Array
from kc.search.query import Query, parse
from kc.search.schema import key_of
from kc.search.snapshot import Snapshot

Pair = tuple[str, int]
SHORT = 3  # words of a question that must all be there
MOST = 0.6  # of the words of a longer one


def places(snapshot: Snapshot, pairs: Iterable[Pair]) -> dict[Pair, int]:
    """The documents of these (kind, id) pairs, where they stand in the index at all."""
    found = {}
    for pair in pairs:
        for offset, leaf in snapshot.leaves:
            for number in leaf.lists.read("key", key_of(*pair))[0]:
                if snapshot.alive[offset + number]:
                    found[pair] = int(offset + number)
    return found


def matching(snapshot: Snapshot, text: str, visible_to: Collection[str], filters: Filters, among: Array) -> Array:
    """Those of ``among`` that the search page would show for this question, and that have its words.

    Nobody should be called for a likeness: every word of a short question must be there, most of a long one. So most
    questions cost a few look-ups, not a search.
    """
    permitted = any_of(snapshot, "see", visible_to)
    within = all_of(groups_of(snapshot, filters), permitted & among)
    if not within.any():
        return within
    query = parse(text)
    if query.empty:
        return Engine(snapshot, query, permitted).permitted_by_phrases() & within
    if not _may_have_words(snapshot, query, within):
        return snapshot.none()
    engine = Engine(snapshot, query, permitted)
    having = _enough([meaning.having for meaning in engine.meanings], within)
    if not having.any():
        return having
    ranking = engine.rank()
    return snapshot.none() if ranking.fuzzy or ranking.relaxed else ranking.hits & having


def _enough(havings: list[Array], within: Array) -> Array:
    """The documents that have every word of a few, most of many."""
    words = np.zeros(len(within), np.uint8)
    for having in havings:
        words += having
    count = len(havings)
    return within & (words >= (count if count <= SHORT else MOST * count))


def _may_have_words(snapshot: Snapshot, query: Query, within: Array) -> bool:
    """A cheap look first: what may be said otherwise may be there."""
    otherwise = {number for same in query.same for number in same.concepts}
    havings = [
        within if number in otherwise else snapshot.having("word", concept.text) | snapshot.having("part", concept.text)
        for number, concept in enumerate(query.concepts)
    ]
    return bool(_enough(havings, within).any())


def may_find(snapshot: Snapshot, text: str, filters: Filters, among: Array) -> bool:
    """Whether any of ``among`` has the words, whoever asks. A cheap look: yes may turn out to be no."""
    within = all_of(groups_of(snapshot, filters), among)
    if not within.any():
        return False
    query = parse(text)
    return query.empty or _may_have_words(snapshot, query, within)


def set_of(snapshot: Snapshot, documents: Iterable[int]) -> Array:
    """These documents, as a set."""
    found = snapshot.none()
    found[list(documents)] = True
    return found


def found_among(
    snapshot: Snapshot, text: str, visible_to: Collection[str], filters: Filters, documents: dict[Pair, int]
) -> set[Pair]:
    """As ``matching``, by (kind, id)."""
    hits = matching(snapshot, text, visible_to, filters, set_of(snapshot, documents.values()))
    return {pair for pair, document in documents.items() if hits[document]}
