"""Several kinds of things in one order.

A person's or a file's document has a dozen words, an article's has a thousand: a word in the short one says less about
what it is about than the formula believes, and short documents would fill the first pages. So each kind is ranked among
its own, and the short kinds' scores are taken down before the lists are merged: whom or what a question names comes
first, who only took part comes after the knowledge itself. An article holds the names of its files and authors.
"""

import heapq

from kc.search.engine import Engine, Ranking
from kc.search.query import Query
from kc.search.snapshot import Snapshot
from kc.search.text import fold

# What a score is worth when the title has every word of the question, and when it has not.
WEIGHTS = {"person": (1.0, 0.5), "community": (0.8, 0.55), "session": (0.6, 0.45), "attachment": (0.45, 0.4)}
_LOOKED_AT = 20  # titles of each kind that are read


def ordered(
    snapshot: Snapshot, query: Query, permitted: int, ranking: Ranking, hits: int, count: int
) -> list[tuple[int, float]]:
    """The best ``count`` of ``hits`` (some of the ranking's): the best of each kind, merged."""
    kinds = {k: having for k, having in snapshot.filter_values.get("kind", {}).items() if having & ranking.hits}
    if len(kinds) < 2:
        return ranking.ordered(hits, count)
    lists = []
    for kind, having in kinds.items():
        if having & hits:
            among_its_own = Engine(snapshot, query, permitted & having).rank()
            best = among_its_own.ordered(having & hits, max(count, _LOOKED_AT))
            lists.append(_weighed(snapshot, query, best, *WEIGHTS[kind]) if kind in WEIGHTS else best)
    return list(heapq.merge(*lists, key=lambda found: -found[1]))[:count]


def _weighed(
    snapshot: Snapshot, query: Query, best: list[tuple[int, float]], named: float, mentioned: float
) -> list[tuple[int, float]]:
    """Best first, as before where nothing is named. The same first ones are looked at whatever page is shown."""
    words = [concept.text for concept in query.concepts]
    weighed = []
    for document, score in best[:_LOOKED_AT]:
        title = fold(snapshot.stored(document)[2])
        weighed.append((document, score * (named if all(word in title for word in words) else mentioned)))
    weighed.sort(key=lambda found: (-found[1], found[0]))
    return weighed + [(document, score * mentioned) for document, score in best[_LOOKED_AT:]]
