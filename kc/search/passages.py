"""Reads the best documents' text once more: words that stand together say more than words far apart.

Each text is looked through for the question's letters, three at a time, all texts in one sweep over arrays: which of
them stand within one passage, at the beginning, in the title.
"""

from collections.abc import Sequence

import numpy as np

from kc.search.postings import Array
from kc.search.schema import ENCODING
from kc.search.text import LOOK_ALIKES, MARKS_LOST

NEAR, CLOSE = 5, 2  # passage lengths, in lengths of the question
HEAD, LEAD = 300, 60  # letters at the beginning, title included; letters after the title: what a text is about
SHORT = 500  # a text may be as short as this without gaining from it
_MOST_NEEDLES = 64  # one for each bit of a word of the machine
_NONE = 255
_GAP = b"\xff\xff"  # between texts: stands in none
_MARKS = MARKS_LOST.encode(ENCODING, "ignore")
_ALIKE = bytes.maketrans(*(letters.encode(ENCODING) for letters in LOOK_ALIKES))


def measure(question: bytes, texts: Sequence[bytes]) -> tuple[list[Array], Array]:
    """Columns, a row a text: shares of the question's letters in the best ``NEAR`` passage and anywhere; by their bare
    letters (marks and look-alikes aside) in the best ``CLOSE`` passage, in the head, in the lead; and the length.
    Beside them the share of the bare letters that stand in the title.

    ``question``, ``texts``: searched forms (see ``schema.encode``); a text's title ends with a line end.
    """
    whole = question.replace(b" ", b"")
    joined = _GAP.join([*texts, b""])
    bare, bare_joined = _bare(whole), _bare(joined)
    bare_texts = bare_joined.split(_GAP)[:-1]
    as_written, as_meant = _Found(whole, texts, joined), _Found(bare, bare_texts, bare_joined)
    titles = np.array([text.find(b"\n") for text in bare_texts])
    everywhere = np.full(len(texts), 1 << 30)
    columns = [
        as_written.densest(NEAR * len(whole) + 10),
        as_written.before(everywhere),
        as_meant.densest(CLOSE * len(bare) + 10),
        as_meant.before(np.full(len(texts), HEAD)),
        as_meant.before(titles + LEAD),
        np.log(np.maximum([len(text) for text in texts], SHORT) / SHORT),
    ]
    return columns, as_meant.before(titles)


def _bare(text: bytes) -> bytes:
    """``text.skeleton`` for encoded text."""
    return text.translate(_ALIKE, _MARKS)


def _codes(text: bytes) -> Array:
    """A number for every three letters in a row; different letters may share one."""
    letters = np.frombuffer(text, np.uint8).astype(np.uint16)
    return letters[:-2] * np.uint16(4489) + letters[1:-1] * np.uint16(67) + letters[2:]


def _needles(question: bytes) -> list[bytes]:
    found = list(dict.fromkeys(question[at : at + 3] for at in range(len(question) - 2)))
    step = -(-len(found) // _MOST_NEEDLES)  # of a long question every second or third is enough
    return found[::step] if step > 1 else found


def _search(needles: bytes, text: bytes) -> tuple[Array, Array]:
    """Where which needle (of three letters each, joined) stands in the text."""
    number_of = np.full(1 << 16, _NONE, np.uint8)
    number_of[_codes(needles)[::3]] = np.arange(len(needles) // 3)
    numbers = number_of.take(_codes(text))
    at = np.flatnonzero(numbers != _NONE)
    numbers = numbers[at]
    wanted = np.frombuffer(needles, np.uint8).reshape(-1, 3)[numbers]
    letters = np.frombuffer(text, np.uint8)
    same = np.ones(len(at), bool)  # other letters may share a code
    for place in range(3):
        same &= letters[at + place] == wanted[:, place]
    return at[same], numbers[same]


class _Found:
    """Where the question's needles stand in each text."""

    def __init__(self, question: bytes, texts: Sequence[bytes], joined: bytes) -> None:
        needles = _needles(question)
        self.count = len(needles)
        self.lengths = np.array([len(text) + len(_GAP) for text in texts])
        ends = np.cumsum(self.lengths)
        at, numbers = _search(b"".join(needles), joined)
        self.document = np.searchsorted(ends, at, side="right")
        self.at = at - (ends - self.lengths)[self.document]
        self.bits = np.uint64(1) << numbers.astype(np.uint64)

    def densest(self, width: int) -> Array:
        """The largest share of the needles within ``width`` letters (exactly: within four quarters of it in a row)."""
        step = max(width // 4, 1)
        blocks = self.lengths // step + 4
        first = np.cumsum(blocks) - blocks
        inside = self._gather(first[self.document] + self.at // step, int(blocks.sum()))
        within = inside.copy()
        for quarter in (1, 2, 3):
            within[:-quarter] |= inside[quarter:]
        return np.maximum.reduceat(self._shares(within), first)

    def before(self, limits: Array) -> Array:
        """The share of the needles that stand before each text's limit."""
        early = self.at < limits[self.document]
        return self._shares(self._gather(self.document[early], len(self.lengths), early))

    def _gather(self, places: Array, count: int, which: Array | slice = slice(None)) -> Array:
        """All needles at each place (ascending), as bits."""
        found = np.zeros(count, np.uint64)
        if len(places):
            starts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
            found[places[starts]] = np.bitwise_or.reduceat(self.bits[which], starts)
        return found

    def _shares(self, found: Array) -> Array:
        return np.bitwise_count(found) / max(self.count, 1)
