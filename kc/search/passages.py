"""Reads the best documents' text once more: words that stand together say more than words far apart.

How much of the question, letter by letter (its trigrams, marks included), stands within one passage: within a few times
the question's own length, and within its very length.
"""

from collections.abc import Iterable

NEAR, CLOSE = 5, 1  # passage lengths, in lengths of the question
_MOST_NEEDLES = 64


class Passages:
    """Measures texts against one question. ``question``: its searched form (see ``schema.encode``)."""

    def __init__(self, question: bytes) -> None:
        whole = question.replace(b" ", b"")
        needles = list(dict.fromkeys(whole[i : i + 3] for i in range(len(whole) - 2)))
        step = -(-len(needles) // _MOST_NEEDLES)  # of a long question every second or third is enough
        self.needles = needles[::step] if step > 1 else needles
        self.length = len(whole)

    def likeness(self, text: bytes) -> tuple[float, float]:
        """Share of the question found in the best near and in the best close passage: two numbers from 0 to 1."""
        if not self.needles:
            return 0.0, 0.0
        places = sorted(_places(text, self.needles))
        count = len(self.needles)
        return (
            _densest(places, NEAR * self.length + 10, count) / count,
            _densest(places, CLOSE * self.length + 10, count) / count,
        )


def _places(text: bytes, needles: Iterable[bytes]) -> Iterable[tuple[int, int]]:
    for number, needle in enumerate(needles):
        at = text.find(needle)
        while at >= 0:
            yield at, number
            at = text.find(needle, at + 1)


def _densest(places: list[tuple[int, int]], width: int, count: int) -> int:
    """The most different needles within ``width`` letters."""
    inside = [0] * count
    first = best = different = 0
    for at, number in places:
        if not inside[number]:
            different += 1
        inside[number] += 1
        while places[first][0] < at - width:
            gone = places[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                different -= 1
            first += 1
        if different > best:
            best = different
    return best
