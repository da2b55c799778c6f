"""One analyzer for what is written and what is asked.

Latin, numbers, addresses and document numbers are cut here by rule; only runs of Thai letters go to the dictionary
tokenizer (newmm). A dictionary word that is itself made of words also yields its parts, so that สหกรณ์ is found inside
ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร and การจัดการความรู้ wherever the tokenizer cut it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

# Before the first import: the library would otherwise create a folder in the home directory, or try to download.
os.environ["PYTHAINLP_READ_ONLY"] = "1"
os.environ["PYTHAINLP_OFFLINE"] = "1"

from kc.search import language  # noqa: E402
from kc.search.text import ABBREVIATION, fold  # noqa: E402
from kc.thai.repair import MARKS, THAI, repair  # noqa: E402

VERSION = "newmm-5.4.0/1"

_LONGEST_RUN = 400  # a longer run without any break is cut before the tokenizer sees it: bounded time whatever comes
_LONGEST_TERM = 60
_COMPOUND = 6  # parts shorter than this are not taken apart again: ธรรม is not ธร and รม
_PIECES = re.compile(
    rf"(?P<mail>[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    rf"|(?P<thai>[{THAI}]+)"
    rf"|(?P<latin>[^\W_{THAI}]+(?:[-./'’&+][^\W_{THAI}]+)*)"
)
_ATOMS = re.compile(rf"[^\W\d_{THAI}]+|\d+")
_THAI_RUN = re.compile(rf"[{THAI}]+")
_MARKS = frozenset(chr(code) for code in range(0x0E00, 0x0E60) if re.match(f"[{MARKS}]", chr(code)))
_ONE_LETTER = re.compile(rf"[{THAI}][{MARKS}]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it stands in the folded text. ``parts`` are the words inside it."""

    text: str
    start: int
    end: int
    parts: tuple[str, ...] = ()
    thai: bool = False


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words

    return frozenset(word for word in thai_words() if len(word) > 1)


def is_word(text: str) -> bool:
    """Whether the dictionary or the organisation knows the word: then ``words_inside`` finds it."""
    return text in _dictionary() or text in language.tokenizer_words()


def words_inside(squeezed: str) -> set[str]:
    """Every known word whose letters stand anywhere in a squeezed text, whatever the tokenizer makes of them."""
    trie = _trie()
    found: set[str] = set()
    for run in _THAI_RUN.findall(squeezed):
        size = len(run)
        for start in range(size - 1):
            for word in trie.prefixes(run, start):
                end = start + len(word)
                if len(word) > 1 and (end == size or run[end] not in _MARKS):
                    found.add(word)
    return found


def _trie() -> Any:
    """The words to cut with: the library's, and the organisation's own."""
    if own := language.tokenizer_words():
        return _own_trie(own)
    from pythainlp.tokenize import word_dict_trie

    return word_dict_trie()


@lru_cache(maxsize=4)
def _own_trie(own: frozenset[str]) -> Any:
    """The dictionary with the organisation's own words."""
    from kc.search.dictionary import WithOwnWords

    return WithOwnWords(own)


@lru_cache(maxsize=4_000)
def _cut_with(run: str, own: frozenset[str]) -> tuple[str, ...]:
    from pythainlp.tokenize.newmm import segment

    words: list[str] = []
    for start in range(0, len(run), _LONGEST_RUN):
        words += segment(run[start : start + _LONGEST_RUN], _trie())
    return tuple(_join_fragments(words))


def _cut(run: str) -> tuple[str, ...]:
    return _cut_with(run, language.tokenizer_words())


def _join_fragments(words: Iterable[str]) -> Iterator[str]:
    """Lone letters are what is left of a name the dictionary does not know: given back to their neighbour."""
    held = ""
    for word in words:
        if _ONE_LETTER.fullmatch(word) and word not in "ณฯๆ":
            held += word
            continue
        if held:
            yield held
            held = ""
        yield word
    if held:
        yield held


@lru_cache(maxsize=20_000)
def parts_of(word: str) -> tuple[str, ...]:
    """The dictionary words a Thai word is made of, parts of parts included; nothing for a simple word."""
    cut = _split(word)
    found: dict[str, None] = {}
    for piece in cut:
        found[piece] = None
        if len(piece) >= _COMPOUND:
            found.update(dict.fromkeys(parts_of(piece)))
    return tuple(found)


def _split(word: str) -> list[str]:
    """Fewest dictionary words that make up ``word`` completely, itself excepted."""
    if not 5 <= len(word) <= _LONGEST_TERM:
        return []
    known, size = _dictionary(), len(word)
    best: list[tuple[int, int]] = [(0, 0)] + [(size + 1, 0)] * size
    for end in range(2, size + 1):
        for start in range(end - 1):
            if best[start][0] + 1 < best[end][0] and (start or end < size) and word[start:end] in known:
                best[end] = (best[start][0] + 1, start)
    if best[size][0] > size:
        return []
    pieces, end = [], size
    while end:
        start = best[end][1]
        pieces.append(word[start:end])
        end = start
    return pieces[::-1]


def _latin(text: str, start: int) -> Token:
    atoms = _ATOMS.findall(text)
    parts = dict.fromkeys(atoms) if len(atoms) > 1 else {}
    if len(atoms) > 1:
        parts["".join(atoms)] = None
    for atom in atoms:
        if len(atom) > 3 and atom.endswith("s") and atom.isascii():  # NPLs and NPL
            parts[atom[:-1]] = None
    parts.pop(text, None)
    return Token(text, start, start + len(text), tuple(parts))


def tokens(folded: str) -> Iterator[Token]:
    """The words of a folded, repaired text with their places. Never raises."""
    at = 0
    for short in ABBREVIATION.finditer(folded):
        yield from _plain(folded, at, short.start())
        yield _abbreviation(short)
        at = short.end()
    yield from _plain(folded, at, len(folded))


def _plain(folded: str, start: int, end: int) -> Iterator[Token]:
    for piece in _PIECES.finditer(folded, start, end):
        if piece.lastgroup == "thai":
            yield from _thai(piece[0], piece.start())
        elif len(piece[0]) <= _LONGEST_TERM:
            yield _latin(piece[0], piece.start())


def _thai(run: str, start: int) -> Iterator[Token]:
    for word in _cut(run):
        end = start + len(word)
        bare = word.rstrip("ฯๆ")
        if bare and len(bare) <= _LONGEST_TERM:
            yield Token(bare, start, end, parts_of(bare), thai=True)
        start = end


def _abbreviation(short: re.Match[str]) -> Token:
    """ธ.ก.ส. is ธกส; a chain of abbreviations (ศบค.มท.) is also each of them."""
    groups = short[0].replace(" ", "").split(".")
    parts = tuple(group for group in groups if len(group) > 1) if len(groups) > 2 else ()
    return Token("".join(groups), short.start(), short.end(), parts, thai=True)


def word_places(folded: str) -> Iterator[tuple[int, int]]:
    """Where words begin and end: cheaper than ``tokens`` when nothing else is asked."""
    for piece in _PIECES.finditer(folded):
        start = piece.start()
        if piece.lastgroup != "thai":
            yield start, piece.end()
            continue
        for word in _cut(piece[0]):
            yield start, start + len(word)
            start += len(word)


def words(text: str) -> list[str]:
    """Whole words of any text, repaired and folded first: the analyzer in one call."""
    return [token.text for token in tokens(fold(repair(text)))]


QUESTION_WORDS = frozenset(
    "อะไร ใคร ที่ไหน ไหน ใด เมื่อใด เมื่อไร เมื่อไหร่ เท่าไร เท่าไหร่ เท่าใด กี่ อย่างไร ยังไง ทำไม หรือไม่ ไหม มั้ย บ้าง คือ ว่า".split()  # noqa: E501
)

ERAS = frozenset(("พศ", "คศ"))  # beside a year they add nothing: years of both eras are the same


@cache
def stop_words() -> frozenset[str]:
    """Words that say little in a question. They are never left out of the index."""
    from pythainlp.corpus import thai_stopwords

    return QUESTION_WORDS | ERAS | frozenset(thai_stopwords())
