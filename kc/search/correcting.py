"""One fault of typing, found by what the likeliest documents say in its place; and the wrong keyboard layout.

No list of words is needed, and no guess where words begin: the question's letters run along a document's text until one
letter disagrees, and go on agreeing after it. Such a place is a fault only when what was typed there stands in no
document at all (so ขาว is never taken for ข่าว where ขาว is known), and only when the question so mended is answered
clearly better: ``CORRECT`` weighs the signs, fitted to questions with and without a fault.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kc.search import analyzer
from kc.search.engine import Engine
from kc.search.query import Query, parse
from kc.search.schema import ENCODING, encode
from kc.search.snapshot import Snapshot
from kc.search.text import fold
from kc.thai.repair import MARKS, THAI
from kc.thai.typing import KEYS_BESIDE, keyboard_swap

MOST_READ = 16  # documents
MOST_WEIGHED, MOST_TRIED = 40, 2
SHORTEST = 4  # letters of a run that is looked at
AGREEING = 3  # letters that must agree on one side of a fault
CONTEXT = 4  # letters that must agree on both sides together, and more count for no more than ``ENOUGH_CONTEXT`` a side
ENOUGH_CONTEXT = 12
FEWEST = 3  # letters that words have at the mean
SURE, SURE_IF_LONG = 4, 2  # a known word of so many letters was meant; in a question of more than ``LONG`` words
LONG = 8
AROUND = 3  # letters on each side that must stand nowhere together with what was typed

# Likeness of sound or shape: groups whose members are taken for one another.
_ALIKE = "ทธฑฒถฐ สศษซ นณ ยญ พภผ ดฎ ตฏ คฆข รลฬฤ ใไ ิีึื ุู าะๅ เแ ่้๊๋็ ชฉฌ ฟฝ".split()
_SOUNDS = frozenset((a, b) for group in _ALIKE for a in group for b in group if a != b)
_RUN = re.compile(f"[{THAI}]+")
_MARK = re.compile(f"[{MARKS}]")
_MARKS = frozenset(code for code in range(256) if _MARK.match(bytes([code]).decode(ENCODING, "replace")))


@dataclass(frozen=True, slots=True)
class Fault:
    """``typed`` at ``start`` should be ``meant``. ``context``: letters that agree around it; ``documents`` say so."""

    start: int
    typed: str
    meant: str
    context: int
    documents: int

    def mended(self, text: str) -> str:
        """The text with the fault put right."""
        return text[: self.start] + self.meant + text[self.start + len(self.typed) :]

    def surprise(self, text: str) -> float:
        """How unlikely such a slip is: 0 for a neighbouring key, a sound-alike, a forgotten mark, a doubled letter."""
        if len(self.typed) == 2:
            return 0.5
        marks = all(_MARK.match(letter) for letter in self.typed + self.meant)
        if self.typed and self.meant:
            pair = self.typed, self.meant
            return 0.0 if pair in _SOUNDS or pair in KEYS_BESIDE else 1.0 if marks else 2.5
        if self.meant:
            return 0.0 if marks else 1.0
        doubled = self.typed in text[max(self.start - 1, 0) : self.start] + text[self.start + 1 : self.start + 2]
        return 0.0 if doubled else 1.0 if marks else 2.5


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a correction, before the mended question is tried."""

    fault: Fault
    gain: float  # how much likelier the words are, in natural logarithms of their rarity

    def likelihood(self, text: str) -> float:
        fault = self.fault
        return self.gain + 0.3 * fault.context + math.log(fault.documents) - 1.5 * fault.surprise(text)


# Weights of: gain, context, documents (logarithm), surprise; and of how much better the best answer is in coverage,
# near, anywhere, close (see ``engine.WEIGHTS``). Above zero: corrected.
CORRECT = (0.14, 0.23, 0.32, -1.84), (2.1, 5.0, 11.8, -3.6), -3.2


def corrected(engine: Engine) -> tuple[str, Engine] | None:
    """What was probably meant, and the engine that has answered it; nothing when what was typed may stand.

    ``engine``: has ranked the question as typed.
    """
    query, snapshot = engine.query, engine.snapshot
    if query.phrases or query.excluded or query.excluded_phrases or engine.ranking.relaxed or not engine.doubtful:
        return None
    if len(engine.meanings) > LONG and all(meaning.idf for meaning in engine.meanings):
        return None  # so many known words find their document whatever is wrong with one of them
    other = _other_layout(engine)
    if other:
        return other
    texts = [snapshot.text(document) for document, _ in engine.read[:MOST_READ]]
    best: tuple[float, str, Engine] | None = None
    for signs in _likeliest(snapshot, query, texts):
        text = signs.fault.mended(query.readable)
        tried = Engine(snapshot, parse(text), engine.permitted)
        tried.rank()
        worth = _worth(signs, engine, tried)
        if worth > 0 and (best is None or worth > best[0]):
            best = worth, text, tried
    return best[1:] if best else None


def _worth(signs: Signs, typed: Engine, tried: Engine) -> float:
    fault = signs.fault
    known = signs.gain, fault.context, math.log(fault.documents), fault.surprise(typed.query.readable)
    better = tried.best_evidence - typed.best_evidence
    of_signs, of_answer, bias = CORRECT
    return (
        sum(weight * value for weight, value in zip(of_signs, known, strict=True))
        + float(sum(weight * value for weight, value in zip(of_answer, better, strict=True)))
        + bias
    )


def _other_layout(engine: Engine) -> tuple[str, Engine] | None:
    """8;k,i^h is ความรู้ on the other layout: taken so when something typed is known nowhere, and all of the other is."""
    if all(meaning.idf for meaning in engine.meanings) and not _fragments(engine):
        return None
    text = keyboard_swap(engine.query.typed)
    tried = Engine(engine.snapshot, parse(text), engine.permitted)
    if not tried.meanings or _fragments(tried) or not all(meaning.whole.any() for meaning in tried.meanings):
        return None
    return (text, tried) if tried.rank().total else None


def _fragments(engine: Engine) -> bool:
    """Whether the words are so short that they are hardly words."""
    lengths = [len(meaning.concept.text) for meaning in engine.meanings]
    return sum(lengths) < FEWEST * max(len(lengths), 1)


# -- which faults there may be


def _likeliest(snapshot: Snapshot, query: Query, texts: Sequence[bytes]) -> list[Signs]:
    """The few likeliest faults of the question, best first."""
    found: list[Signs] = []
    folded, sure = fold(query.readable), SURE_IF_LONG if len(query.concepts) > LONG else SURE
    for run in _RUN.finditer(folded):
        doubtful = [place for place, weak in enumerate(_weak_places(snapshot, run[0], sure)) if weak]
        if len(run[0]) >= SHORTEST and doubtful:
            first = max(doubtful[0] - ENOUGH_CONTEXT, 0)
            found += _in_run(snapshot, run.start() + first, run[0][first : doubtful[-1] + ENOUGH_CONTEXT], texts, sure)
    found.sort(key=lambda signs: -signs.likelihood(folded))
    tried: list[Signs] = []
    for signs in found[: 3 * MOST_TRIED]:
        if len(tried) < MOST_TRIED and _stands_nowhere(snapshot, folded, signs.fault):
            tried.append(signs)
    return tried


def _in_run(snapshot: Snapshot, start: int, run: str, texts: Sequence[bytes], sure: int) -> Iterator[Signs]:
    cost = _cost(snapshot, run)
    for fault in _faults(run, _weak_places(snapshot, run, sure), texts)[:MOST_WEIGHED]:
        gain = cost - _cost(snapshot, fault.mended(run))
        if gain > 0:
            yield Signs(replace(fault, start=start + fault.start), gain)


def _known(snapshot: Snapshot, word: str) -> float:
    return snapshot.count_of("word", word) + 0.3 * snapshot.count_of("part", word)


def _cost(snapshot: Snapshot, run: str) -> float:
    """How unlikely the words of a run are: rare ones, unknown ones, many fragments."""
    return sum(math.log((snapshot.count + 1) / (_known(snapshot, t.text) + 0.05)) + 1 for t in analyzer.tokens(run))


def _weak_places(snapshot: Snapshot, run: str, sure: int) -> list[bool]:
    """For every letter (and the end) whether it may be a fault: not inside a long word that is known here, nor where
    two such words meet.
    """
    weak = [True] * (len(run) + 1)
    known = 0  # where the long known words so far end, when they follow one another
    for token in analyzer.tokens(run):
        if len(token.text) >= sure and _known(snapshot, token.text) >= 1:
            first = token.start + (known != token.start)
            weak[first : token.end] = [False] * (token.end - first)
            known = token.end
    return weak


def _stands_nowhere(snapshot: Snapshot, folded: str, fault: Fault) -> bool:
    end = fault.start + len(fault.typed)
    around = "".join(_RUN.findall(folded[max(fault.start - AROUND, 0) : fault.start])[-1:])
    around += folded[fault.start : end] + "".join(_RUN.findall(folded[end : end + AROUND])[:1])
    return not snapshot.has_letters(around)


def _faults(run: str, weak: Sequence[bool], texts: Sequence[bytes]) -> list[Fault]:
    """Where one fault makes the run agree with what some text says; the longest agreement first."""
    letters, size = encode(run), len(run)
    places = [place for place in range(size + 1) if weak[place]]
    backwards, from_end = (
        letters[::-1],
        sorted({size - place for place in places} | {size - p - 1 for p in places} - {-1}),
    )
    found: dict[tuple[int, bytes, bytes], list[int]] = {}
    for text in texts:
        here = set(_disagreements(letters, places, text, True))
        for place, typed, meant, context in _disagreements(backwards, from_end, text[::-1], False):
            here.add((size - place - len(typed), typed[::-1], meant[::-1], context))
        for place, typed, meant, context in here:
            if any(weak[place : place + max(len(typed), 1)]):
                known = found.setdefault((place, typed, meant), [0, 0])
                known[0], known[1] = max(known[0], context), known[1] + 1
    faults = [
        Fault(start, typed.decode(ENCODING), meant.decode(ENCODING), context, documents)
        for (start, typed, meant), (context, documents) in found.items()
    ]
    return sorted(faults, key=lambda fault: (-fault.context, -fault.documents, fault.start))


_Place = tuple[int, bytes, bytes, int]


def _disagreements(letters: bytes, places: Sequence[int], text: bytes, forwards: bool) -> Iterator[_Place]:
    """Where the text leaves the run at one of ``places`` after agreeing for a while, and comes back after one fault."""
    for place in places:
        if place < AGREEING:
            continue
        needle = letters[place - AGREEING : place]
        at = text.find(needle)
        while at >= 0:
            end = at + AGREEING
            if end < len(text) and text[end : end + 1] != letters[place : place + 1]:
                before = AGREEING + _agree_before(letters, place - AGREEING, text, at)
                yield from _faults_at(letters, place, text, end, before, forwards)
            at = text.find(needle, at + 1)


def _agree_before(letters: bytes, place: int, text: bytes, at: int) -> int:
    most = min(place, at, ENOUGH_CONTEXT - AGREEING)
    same = 0
    while same < most and letters[place - same - 1] == text[at - same - 1]:
        same += 1
    return same


def _agree(letters: bytes, start: int, text: bytes, at: int) -> int:
    most = min(len(letters) - start, len(text) - at, ENOUGH_CONTEXT)
    same = 0
    while same < most and letters[start + same] == text[at + same]:
        same += 1
    return same


# How many letters of the run, and of the text, a fault takes: another, a missing, a needless one, two in wrong order.
_KINDS = ((1, 1), (0, 1), (1, 0), (2, 2))


def _faults_at(letters: bytes, place: int, text: bytes, at: int, before: int, forwards: bool) -> Iterator[_Place]:
    for typed, meant in _KINDS:
        left = len(letters) - place - typed
        if left < 0 or b"\n" in text[at : at + meant]:
            continue
        if typed == 2 and letters[place : place + 2] != text[at : at + 2][::-1]:
            continue
        # A mark of the text that is missing where the run goes another way is a fault, whatever stands after it.
        mark = forwards and not typed and text[at] in _MARKS
        after = _agree(letters, place + typed, text, at + meant)
        if (left or typed or mark) and (after or mark or not left) and before + after >= min(CONTEXT, len(letters) - 1):
            yield place, letters[place : place + typed], text[at : at + meant], before + after
