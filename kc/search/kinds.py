"""Several kinds of things in one order.

A person's or a file's document has a dozen words, an article's has a thousand: a word in the short one says less about
what it is about than the formula believes. So the scores of the short kinds are taken down; the order within each kind
is the engine's own. An article holds the names of its files and people, hence stands before them unless the question
is about them.
"""

import heapq

from kc.search.engine import Ranking
from kc.search.snapshot import Snapshot

WEIGHTS = {"person": 0.7, "community": 0.8, "session": 0.6, "attachment": 0.5}


def ordered(snapshot: Snapshot, ranking: Ranking, hits: int, count: int) -> list[tuple[int, float]]:
    """The best ``count`` of ``hits``, exactly: the best of each kind, merged."""
    having = snapshot.filter_values.get("kind", {})
    several = [(weight, hits & having.get(kind, 0)) for kind, weight in WEIGHTS.items()]
    several = [(weight, those) for weight, those in several if those]
    rest = hits
    for _, those in several:
        rest &= ~those
    if not several or (len(several) == 1 and not rest):
        return ranking.ordered(hits, count)
    lists = [ranking.ordered(rest, count)] if rest else []
    lists += [[(d, weight * score) for d, score in ranking.ordered(those, count)] for weight, those in several]
    return list(heapq.merge(*lists, key=lambda found: -found[1]))[:count]
