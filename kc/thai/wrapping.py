"""Where a line of Thai may end: for printed documents, whose line breakers cut words such as พฤษ|ภาคม.

The search engine has its own, finer idea of words; here compounds stay together (พนักงาน, ลูกค้า), because that is how
people break lines (REQUIREMENTS 5, "Line breaking").
"""

from __future__ import annotations

import os
import re
from functools import cache
from itertools import cycle

from kc.thai.clusters import MARKS, SARA_AM, graphemes, truncate

MOST_CLUSTERS = 24  # no dictionary word that matters is longer
MOST_KEPT = 14  # longer ones may still break, lest they stick out of a narrow column
UNKNOWN = 3  # an unknown cluster costs as much as three words: known words win, names stay in one piece

_THAI_RUN = re.compile("[\u0e01-\u0e4e]+")
_CLOSING = "”’')]}»”.,:;!?%ๆฯ…"
_OPENING = "“‘'([{«"
_HANGING = re.compile(f"[ๆฯ{MARKS}{SARA_AM}]")  # what never begins a line
_SPACES = re.compile(r"(\s+)")
# An abbreviation (สนจ., ม.ค.), a run of Thai, or anything else.
_PARTS = re.compile("((?<![\u0e01-\u0e4e])(?:(?:[ก-ฮ]{1,4}|เม|มิ|มี)[.])+)|([\u0e01-\u0e4e]+)|([^\u0e01-\u0e4e]+)")


@cache
def _words() -> frozenset[str]:
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")  # else it makes a folder in the home directory
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())


def split_words(run: str) -> list[str]:
    """Words of a run of Thai letters: the fewest dictionary words, never cutting a mark from its consonant.

    Of equally few, the longer last word: ทำ|ตาราง, not ทำตา|ราง.
    """
    clusters = graphemes(run)
    known = _words()
    count = len(clusters)
    # best[i]: (cost of the clusters before i, where the last word began, whether that word is unknown)
    best: list[tuple[int, int, bool]] = [(0, 0, False)] + [(10**9, 0, False)] * count
    for start in range(count):
        cost, _begin, unknown = best[start]
        strange = (cost + UNKNOWN, best[start][1] if unknown else start, True)
        if strange[0] < best[start + 1][0]:
            best[start + 1] = strange
        word = ""
        for end in range(start + 1, min(count, start + MOST_CLUSTERS) + 1):
            word += clusters[end - 1]
            if word in known and cost + 1 < best[end][0]:
                best[end] = (cost + 1, start, False)
    words: list[str] = []
    end = count
    while end:
        start = best[end][1]
        words.append("".join(clusters[start:end]))
        end = start
    return words[::-1]


def _glued(parts: list[str]) -> list[str]:
    """Closing signs join the word before them, opening ones the word after."""
    glued: list[str] = []
    for part in parts:
        opened = bool(glued) and glued[-1][-1] in _OPENING and not _THAI_RUN.search(glued[-1])
        if glued and (opened or _HANGING.match(part) or not part.strip(_CLOSING)):
            glued[-1] += part
        else:
            glued.append(part)
    return glued


def _parts(chunk: str) -> list[str]:
    parts: list[str] = []
    for short, thai, other in _PARTS.findall(chunk):
        if short or thai:
            parts += [short] if short else split_words(thai)
            continue
        tail = other.lstrip(_CLOSING) if parts else other  # "...ดี)และ": the bracket belongs to ดี
        head, body = other[: len(other) - len(tail)], tail.rstrip(_OPENING)
        parts += [part for part in (head, body, tail[len(body) :]) if part]
    return _glued(parts)


def line_pieces(text: str) -> list[tuple[str, bool]]:
    """(piece, whether it must stay on one line): lines may end between pieces; "".join gives the text back."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for chunk in _SPACES.split(_curled(text)):
        for part in _parts(chunk) if _THAI_RUN.search(chunk) else filter(None, [chunk]):
            start, end = end, end + len(part)
            whole = bool(_THAI_RUN.search(part)) and len(graphemes(part)) <= MOST_KEPT
            if pieces and not whole and not pieces[-1][1]:
                pieces[-1] = (pieces[-1][0] + text[start:end], False)
            else:
                pieces.append((text[start:end], whole))
    return pieces


def _curled(text: str) -> str:
    """Straight quotes made to show which of them open, letter for letter."""
    opening = cycle((True, False))
    return re.sub('"', lambda _quote: "“" if next(opening) else "”", text)


def shorten(text: str, length: int) -> str:
    """At most about `length` clusters, cut between words, with "…" when something was left out."""
    if len(graphemes(text)) <= length:
        return text
    kept, count = "", 1
    for piece, _whole in line_pieces(text):
        count += len(graphemes(piece))
        if count > length:
            break
        kept += piece
    return (kept.rstrip(" “‘\"'(") or truncate(text, length - 1).rstrip("…")) + "…"
