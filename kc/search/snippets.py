"""The passage that shows why a hit is a hit: escaped, marked, and cut where a reader of Thai would not stumble."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

import numpy as np

from kc.search.postings import Array
from kc.search.text import fold
from kc.thai.repair import MARKS, THAI

LENGTH = 240  # letters
_BEFORE = 60  # of which so many may stand before the first found word
_ELLIPSIS = "…"
_MOST_MATCHES = 400
_MOST_WINDOWS = 80
_GAP = r"[\s.]{0,3}"
_THAI = re.compile(f"[{THAI}]")
_MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
_LATIN = re.compile("[a-z0-9]")


class Finder:
    """Finds any of the words in folded text, longest first; if there are none, with blanks or dots inside too."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({w for w in words if w.strip() and w[0] not in _MARKS}, key=len, reverse=True)[:60]
        self._thai = [bool(_THAI.search(word)) for word in self._words]

    def places(self, folded: str, gaps: bool = True) -> list[tuple[int, int]]:
        """Where the first few hundred of each word stand. ``gaps``: if none does, with blanks or dots inside."""
        found: list[tuple[int, int]] = []
        for word, thai in zip(self._words, self._thai, strict=True):
            found += islice(_thai_places(word, folded) if thai else _other_places(word, folded), _MOST_MATCHES)
        if not found and gaps and self._gappy is not None:
            found = [match.span() for match in islice(self._gappy.finditer(folded), _MOST_MATCHES)]
        return found

    @cached_property
    def _gappy(self) -> re.Pattern[str] | None:
        words = [_GAP.join(map(re.escape, word)) for word, thai in zip(self._words, self._thai, strict=True) if thai]
        return re.compile(f"(?:{'|'.join(words)})(?![{MARKS}])") if words else None


def _thai_places(word: str, folded: str) -> Iterator[tuple[int, int]]:
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        if folded[end : end + 1] not in _MARKS:
            yield at, end
        at = folded.find(word, at + 1)


def _other_places(word: str, folded: str) -> Iterator[tuple[int, int]]:
    """A word of Latin letters or digits stands alone; a plural is it as well."""
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        end += folded[end : end + 1] == "s"
        if not _LATIN.match(folded[at - 1 : at] if at else "") and not _LATIN.match(folded[end : end + 1]):
            yield at, end
        at = folded.find(word, at + 1)


def spans(text: str, folded: str, finder: Finder, gaps: bool = True) -> list[tuple[int, int]]:
    """Where the words stand in a readable text. A span never ends between a consonant and its marks."""
    places: list[tuple[int, int]] = []
    for start, stop in sorted(finder.places(folded, gaps), key=lambda place: (place[0], -place[1])):
        end = _past_marks(text, stop)
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _past_marks(text: str, end: int) -> int:
    while end < len(text) and text[end] in _MARKS:
        end += 1
    return end


def marked(text: str, finder: Finder) -> str:
    """The whole text as HTML with the words marked: for titles."""
    folded = fold(text)
    return _mark(text, spans(text, folded, finder, gaps="." in text), 0, len(text))


def snippet(text: str, finder: Finder, words: Array, beside: str = "", length: int = LENGTH) -> str:
    """The best passage of the text as HTML: the one with most different words, nearest the beginning.

    ``words``: where the text's words begin, ascending: the passage begins and ends at such places. ``beside``: what is
    shown when the words stand only there, or there is no text.
    """
    folded = fold(text)
    places = spans(text, folded, finder)
    if beside and not places:
        others = fold(beside)
        found = spans(beside, others, finder)
        if found or not text:
            text, folded, places, words = beside, others, found, words[:0]
    start, end = _window(folded, places, length)
    start, end = _clean_start(text, start, places, words), _clean_end(text, end, places, words)
    body = _mark(text, places, start, end)
    return (_ELLIPSIS if text[:start].strip() else "") + body.strip() + (_ELLIPSIS if text[end:].strip() else "")


def _window(folded: str, places: list[tuple[int, int]], length: int) -> tuple[int, int]:
    if not places:
        return 0, min(length, len(folded))
    words = [folded[start:end] for start, end in places]
    worth_of = {word: len(word) ** 0.5 for word in set(words)}
    inside: Counter[str] = Counter()
    best, chosen, last, different = -1.0, places[0][0], 0, 0.0
    for first, (start, _) in enumerate(places[:_MOST_WINDOWS]):
        while last < len(places) and places[last][1] <= start + length - _BEFORE:
            different += worth_of[words[last]] * (not inside[words[last]])
            inside[words[last]] += 1
            last += 1
        worth = different + 0.05 * (last - first)
        if worth > best + 1e-9:
            best, chosen = worth, start
        if last == first:  # a single word longer than the passage
            last = first + 1
            continue
        inside[words[first]] -= 1
        different -= worth_of[words[first]] * (not inside[words[first]])
    start = max(0, chosen - _BEFORE)
    return start, min(len(folded), start + length)


def _clean_start(text: str, start: int, places: list[tuple[int, int]], words: Array) -> int:
    """Begin at a word: after a blank if one is near, else where a word begins; never inside a marked one."""
    if start == 0:
        return 0
    limit = next((place for place, _ in places if place >= start), start + _BEFORE)
    for place, end in places:
        if place < start < end:
            return place
    blank = re.search(r"\s", text[start : min(limit, start + 40)])
    if blank:
        return start + blank.end()
    after = int(np.searchsorted(words, start))
    if after < len(words) and words[after] <= limit:
        return int(words[after])
    while start < len(text) and start < limit and re.match(f"[{MARKS}าำะๆฯ]", text[start]):
        start += 1
    return start


def _clean_end(text: str, end: int, places: list[tuple[int, int]], words: Array) -> int:
    """End at a word, and never inside a marked one or between a consonant and its marks."""
    if end >= len(text):
        return len(text)
    for place, stop in places:
        if place < end < stop:
            return stop
    blank = max(text.rfind(" ", end - 30, end), text.rfind("\n", end - 30, end))
    before = int(np.searchsorted(words, end, side="right")) - 1
    boundary = int(words[before]) if before >= 0 and words[before] > end - 60 else 0
    for cut in (blank, boundary):
        if cut > 0 and not any(place < cut < stop for place, stop in places):
            return cut
    return _past_marks(text, end)


def _mark(text: str, places: list[tuple[int, int]], start: int, end: int) -> str:
    out, at = [], start
    for place, stop in places:
        if stop <= start or place >= end:
            continue
        place, stop = max(place, start), min(stop, end)
        out += [html.escape(text[at:place]), "<mark>", html.escape(text[place:stop]), "</mark>"]
        at = stop
    out.append(html.escape(text[at:end]))
    return re.sub(r"\s+", " ", "".join(out))
