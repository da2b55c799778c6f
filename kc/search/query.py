"""What a person typed, understood. People type words, not a query language: nothing typed is an error.

``"…"`` is looked for letter by letter, ``-word`` excludes; everything else is words.
"""

import re
from dataclasses import dataclass, field

from kc.search import analyzer
from kc.search.text import fold, grams, repair, squeeze

LONGEST = 1_000  # letters of a question that are read: a pasted page is cut, not refused
MOST_CONCEPTS = 40
MOST_PIECES = 160
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
class Query:
    typed: str
    readable: str = ""  # as it was understood: repaired, cut
    concepts: list[Concept] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    excluded: list[Concept] = field(default_factory=list)
    excluded_phrases: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    squeezed: str = ""

    @property
    def empty(self) -> bool:
        return not (self.concepts or self.phrases or self.pieces)

    @property
    def only_excludes(self) -> bool:
        return self.empty and bool(self.excluded or self.excluded_phrases)


def parse(typed: str) -> Query:
    """Never raises; long input is cut."""
    query = Query(typed)
    query.readable = repair(typed[: LONGEST * 2])[:LONGEST]
    text = fold(query.readable)
    text = _QUOTED.sub(lambda m: _take_phrase(query, m), text)
    text = _EXCLUDED.sub(lambda m: _take_excluded(query, m[1]), text)
    query.squeezed = squeeze(text)
    found: dict[str, Concept] = {}
    for token in analyzer.tokens(text):
        if token.text not in found:
            found[token.text] = Concept(token.text, token.parts, token.thai, token.start)
    stop = analyzer.stop_words()
    meant = [c for c in found.values() if c.text not in stop] or list(found.values())
    query.concepts = meant[:MOST_CONCEPTS]
    quoted = " ".join(query.phrases)
    if sum(concept.text not in quoted for concept in meant) > MOST_BESIDE_QUOTES:
        query.phrases = []
    query.pieces = list(dict.fromkeys(grams(query.squeezed)))[:MOST_PIECES]
    return query


def _take_phrase(query: Query, quoted: re.Match[str]) -> str:
    phrase = squeeze(quoted[2])
    if not phrase:
        return " "
    (query.excluded_phrases if quoted["not"] else query.phrases).append(phrase)
    return " " if quoted["not"] else f" {quoted[2]} "


def _take_excluded(query: Query, word: str) -> str:
    query.excluded += [Concept(t.text, t.parts, t.thai) for t in analyzer.tokens(word)]
    return " "
