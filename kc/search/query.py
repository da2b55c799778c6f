"""What a person typed, understood. People type words, not a query language: nothing typed is an error.

``"…"`` is looked for letter by letter, ``-word`` excludes; everything else is words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kc.search import analyzer, language
from kc.search.analyzer import Token
from kc.search.text import fold, grams, squeeze
from kc.thai.repair import repair

LONGEST = 1_000  # letters of a question that are read: a pasted page is cut, not refused
MOST_CONCEPTS = 40
MOST_PIECES = 160
LONGEST_TERM = 8  # words of a term that may be said otherwise
BUDDHIST, FIRST_YEAR, LAST_YEAR = 543, 1960, 2060
MOST_BESIDE_QUOTES = 4  # a pasted headline has quotation marks too: beside more words than this they are only marks

_QUOTED = re.compile(r'(?P<not>(?<!\S)-)?["“”„«»]([^"“”„«»]*)["“”„«»]')
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\s\d-])(\S+)")


@dataclass(slots=True)
class Concept:
    """A word of the question that means something, with the words inside it."""

    text: str
    parts: tuple[str, ...] = ()
    thai: bool = False
    start: int = 0


@dataclass(slots=True)
class Same:
    """Words of the question (by their place among the concepts) that may as well be said otherwise."""

    concepts: tuple[int, ...]
    otherwise: tuple[str, ...]


@dataclass(slots=True)
class Query:
    typed: str
    readable: str = ""  # as it was understood: repaired, cut
    concepts: list[Concept] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    same: list[Same] = field(default_factory=list)
    excluded: list[Concept] = field(default_factory=list)
    excluded_phrases: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    squeezed: str = ""

    @property
    def empty(self) -> bool:
        return not (self.concepts or self.phrases or self.pieces)


def parse(typed: str) -> Query:
    """Never raises; long input is cut."""
    query = Query(typed)
    query.readable = repair(typed[: LONGEST * 2])[:LONGEST]
    text = fold(query.readable)
    text = _QUOTED.sub(lambda m: _take_phrase(query, m), text)
    text = _EXCLUDED.sub(lambda m: _take_excluded(query, m[1]), text)
    query.squeezed = squeeze(text)
    found: dict[str, Concept] = {}
    tokens = list(analyzer.tokens(text))
    for token in tokens:
        if token.text not in found:
            found[token.text] = Concept(token.text, token.parts, token.thai, token.start)
    stop = analyzer.stop_words()
    meant = [c for c in found.values() if c.text not in stop] or list(found.values())
    query.concepts = meant[:MOST_CONCEPTS]
    query.same = list(_said_otherwise(text, tokens, query.concepts))
    quoted = " ".join(query.phrases)
    if sum(concept.text not in quoted for concept in meant) > MOST_BESIDE_QUOTES:
        query.phrases = []
    query.pieces = list(dict.fromkeys(grams(query.squeezed)))[:MOST_PIECES]
    return query


def _said_otherwise(text: str, tokens: list[Token], concepts: list[Concept]) -> Iterator[Same]:
    """What the organisation calls the same (the longest term at each place), and years of the other era."""
    places = {concept.text: number for number, concept in enumerate(concepts)}
    alike = language.current().alike
    at = 0
    while at < len(tokens):
        count, otherwise = _longest_term(text, tokens[at : at + LONGEST_TERM], alike) if alike else (1, ())
        if count == 1 and (year := _other_era(tokens[at].text)):
            otherwise = (*otherwise, year)
        said = tuple(places[token.text] for token in tokens[at : at + count] if token.text in places)
        if otherwise and said:
            yield Same(said, otherwise)
        at += count


def _longest_term(text: str, tokens: list[Token], alike: Mapping[str, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """How many of these words make up the longest term that is said otherwise, and how; (1, ()) for none."""
    for count in range(len(tokens), 0, -1):
        otherwise = alike.get(squeeze(text[tokens[0].start : tokens[count - 1].end]))
        if otherwise:
            return count, otherwise
    return 1, ()


def _other_era(term: str) -> str | None:
    """2568 is 2025: a number that looks like a year of our time, in the other era."""
    if len(term) == 4 and term.isascii() and term.isdigit():
        year = int(term)
        if FIRST_YEAR <= year <= LAST_YEAR:
            return str(year + BUDDHIST)
        if FIRST_YEAR <= year - BUDDHIST <= LAST_YEAR:
            return str(year - BUDDHIST)
    return None


def _take_phrase(query: Query, quoted: re.Match[str]) -> str:
    phrase = squeeze(quoted[2])
    if not phrase:
        return " "
    (query.excluded_phrases if quoted["not"] else query.phrases).append(phrase)
    return " " if quoted["not"] else f" {quoted[2]} "


def _take_excluded(query: Query, word: str) -> str:
    query.excluded += [Concept(t.text, t.parts, t.thai) for t in analyzer.tokens(word)]
    return " "
