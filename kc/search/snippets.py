"""The passage that shows why a hit is a hit: escaped, marked, and cut where a reader of Thai would not stumble."""

import html
import re
from collections.abc import Iterable

from kc.search.analyzer import tokens
from kc.search.text import MARKS, THAI, fold

LENGTH = 240  # letters
_BEFORE = 60  # of which so many may stand before the first found word
_ELLIPSIS = "…"
_MOST_MATCHES = 400
_GAP = r"[\s.]{0,3}"
_AFTER_MARKS = re.compile(rf"[{MARKS}]*")


def pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the words in folded text, longest first, whatever blanks or abbreviation dots stand in them."""
    wanted = sorted({word for word in words if word.strip()}, key=len, reverse=True)[:60]
    if not wanted:
        return None
    return re.compile("|".join(_spelled(word) for word in wanted))


def _spelled(word: str) -> str:
    if not re.search(f"[{THAI}]", word):
        return rf"(?<![a-z0-9]){re.escape(word)}s?(?![a-z0-9])"
    return _GAP.join(re.escape(letter) for letter in word) + f"(?![{MARKS}])"


def spans(text: str, found: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Where the words stand in a readable text. A span never ends between a consonant and its marks."""
    if found is None:
        return []
    places: list[tuple[int, int]] = []
    for match in found.finditer(fold(text)):
        start, end = match.start(), _AFTER_MARKS.match(text, match.end()).end()  # type: ignore[union-attr]
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
        if len(places) >= _MOST_MATCHES:
            break
    return places


def marked(text: str, found: re.Pattern[str] | None) -> str:
    """The whole text as HTML with the words marked: for titles."""
    return _mark(text, spans(text, found), 0, len(text))


def snippet(text: str, found: re.Pattern[str] | None, length: int = LENGTH) -> str:
    """The best passage of the text as HTML: the one with most different words, nearest the beginning."""
    places = spans(text, found)
    start, end = _window(text, places, length)
    start, end = _clean_start(text, start, places), _clean_end(text, end, places)
    body = _mark(text, places, start, end)
    return (_ELLIPSIS if text[:start].strip() else "") + body.strip() + (_ELLIPSIS if text[end:].strip() else "")


def _window(text: str, places: list[tuple[int, int]], length: int) -> tuple[int, int]:
    if not places:
        return 0, min(length, len(text))
    folded = fold(text)
    best, chosen = -1.0, places[0][0]
    for i, (start, _) in enumerate(places):
        inside = []
        for j in range(i, len(places)):
            if places[j][1] > start + length - _BEFORE:
                break
            inside.append(folded[slice(*places[j])])
        worth = sum(len(word) ** 0.5 for word in set(inside)) + 0.05 * len(inside)
        if worth > best + 1e-9:
            best, chosen = worth, start
    start = max(0, chosen - _BEFORE)
    return start, min(len(text), start + length)


def _clean_start(text: str, start: int, places: list[tuple[int, int]]) -> int:
    """Begin at a word: after a blank if one is near, else where the tokenizer sees a word begin."""
    if start == 0:
        return 0
    limit = next((place for place, _ in places if place >= start), start + _BEFORE)
    for place, end in places:
        if place < start < end:
            return place
    blank = re.search(r"\s", text[start : min(limit, start + 40)])
    if blank:
        return start + blank.end()
    return _word_start(text, start, limit)


def _word_start(text: str, start: int, limit: int) -> int:
    """The first word boundary between ``start`` and ``limit``, judged with some text before it."""
    back = max(0, start - 40)
    for token in tokens(fold(text[back : limit + 20])):
        if start <= back + token.start <= limit:
            return back + token.start
    while start < len(text) and start < limit and re.match(f"[{MARKS}าำะๆฯ]", text[start]):
        start += 1
    return start


def _clean_end(text: str, end: int, places: list[tuple[int, int]]) -> int:
    """End at a word, and never inside a marked one or between a consonant and its marks."""
    if end >= len(text):
        return len(text)
    for place, stop in places:
        if place < end < stop:
            return stop
    blank = max(text.rfind(" ", end - 30, end), text.rfind("\n", end - 30, end))
    if blank > 0 and not any(place < blank < stop for place, stop in places):
        return blank
    back = max(0, end - 60)
    boundary = [back + token.end for token in tokens(fold(text[back : end + 30])) if back + token.end <= end]
    if boundary and not any(place < boundary[-1] < stop for place, stop in places):
        end = boundary[-1]
    return _AFTER_MARKS.match(text, end).end()  # type: ignore[union-attr]


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
