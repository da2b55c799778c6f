"""Reads the best documents' text once more: words that stand together say more than words far apart.

How much of the question, letter by letter (its trigrams, marks included), stands within one passage: within a few times
the question's own length, and within its very length.
"""

from collections.abc import Iterable

from kc.search.schema import ENCODING
from kc.search.text import LOOK_ALIKES, MARKS_LOST

NEAR, CLOSE = 5, 1  # passage lengths, in lengths of the question
_MOST_NEEDLES = 64
_MARKS = MARKS_LOST.encode(ENCODING, "ignore")
_ALIKE = bytes.maketrans(*(letters.encode(ENCODING) for letters in LOOK_ALIKES))


class Passages:
    """Measures texts against one question. ``question``: its searched form (see ``schema.encode``).

    ``forgiving``: the close passage is compared by its bare letters, marks and look-alikes aside.
    """

    def __init__(self, question: bytes, forgiving: bool = False) -> None:
        whole = question.replace(b" ", b"")
        self._near, self._near_width = _needles(whole), NEAR * len(whole) + 10
        self._forgiving = forgiving
        bare = _bare(whole) if forgiving else whole
        self._close, self._close_width = _needles(bare), CLOSE * len(bare) + 10

    def likeness(self, text: bytes) -> tuple[float, float]:
        """Share of the question found in the best near and in the best close passage: two numbers from 0 to 1."""
        places = sorted(_places(text, self._near))
        near = _densest(places, self._near_width, len(self._near))
        if self._forgiving:
            places = sorted(_places(_bare(text), self._close))
        return near, _densest(places, self._close_width, len(self._close))


def _needles(whole: bytes) -> list[bytes]:
    found = list(dict.fromkeys(whole[i : i + 3] for i in range(len(whole) - 2)))
    step = -(-len(found) // _MOST_NEEDLES)  # of a long question every second or third is enough
    return found[::step] if step > 1 else found


def _bare(text: bytes) -> bytes:
    """``text.skeleton`` for encoded text."""
    return text.translate(_ALIKE, _MARKS)


def _places(text: bytes, needles: Iterable[bytes]) -> Iterable[tuple[int, int]]:
    for number, needle in enumerate(needles):
        at = text.find(needle)
        while at >= 0:
            yield at, number
            at = text.find(needle, at + 1)


def _densest(places: list[tuple[int, int]], width: int, count: int) -> float:
    """The largest share of all needles within ``width`` letters."""
    if not count:
        return 0.0
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
    return best / count
