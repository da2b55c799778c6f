"""Finds and ranks. Exact: every document is scored by the same formula, nothing is sampled or cut short.

What counts as a hit (so that ``total`` means something):
1. A document *has* a word when it stands there as a word, as part of a compound, or (in short questions) as letters
   inside another word. Its coverage is the share of the question's information (idf) in the words it has.
2. Hits are the documents whose coverage is at least ``ENOUGH`` of the best coverage there is: every word where
   a document has every word of a short question, most words in long ones.
3. Only when the question's words are not all in one document, the few documents whose letters are most alike
   (scoring at least ``ALIKE`` of the best, ``WINDOW`` at most) are hits too: typing faults and damaged text. Otherwise,
   for more than one word, only those scoring ``NEARLY_BEST``. Where nothing has any of the words, at least ``LIKENESS``
   of the question's letter pieces must be there.

Score = BM25F of words (title weighted) + parts of compounds + likeness of letter pieces; then the best
``READ_AGAIN`` are put in order once more by reading their text (see ``passages``).
"""

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kc.search import bits
from kc.search.passages import Passages
from kc.search.query import Concept, Query
from kc.search.schema import encode
from kc.search.snapshot import Snapshot
from kc.search.text import PIECE_LENGTH, grams

ENOUGH = 0.6
ALIKE = 0.5
NEARLY_BEST = 0.9
LIKENESS = 0.3
WINDOW = 24
PART = 0.25  # what a part of a compound is worth beside a whole word
PIECE, PIECE_IF_UNKNOWN = 0.45, 0.7
READ_AGAIN = 20
NEAR, CLOSE, HAVING = 0.8, 0.4, 0.15  # what passages and coverage add, in scores of the best document
_PIECE_MOST = 2.2 / 1.6
_FINE = 4  # idf is counted in quarters where it must be a whole number


@dataclass(slots=True)
class Ranking:
    """All hits as a set, the best of them in order, and how to put the rest in order when somebody pages that far."""

    hits: int = 0
    total: int = 0
    best: list[tuple[int, float]] = field(default_factory=list)
    score: Callable[[int], float] = lambda document: 0.0
    fuzzy: bool = False  # nothing has the words: these are alike
    relaxed: bool = False  # the quoted phrase stands nowhere: its words were looked for

    def ordered(self, hits: int, count: int) -> list[tuple[int, float]]:
        """The best ``count`` of ``hits`` (some of all hits), in order."""
        first = [(document, score) for document, score in self.best if hits >> document & 1]
        if len(first) < count:
            for document, _ in first:
                hits &= ~(1 << document)
            rest = ((document, self.score(document)) for document in bits.to_ids(hits))
            first += heapq.nlargest(count - len(first), rest, key=lambda item: (item[1], -item[0]))
        return first[:count]


@dataclass(slots=True)
class Meaning:
    """A concept as this index knows it."""

    concept: Concept
    whole: int
    having: int
    idf: float


class Engine:
    """One search over one snapshot. Cheap to make: one per question."""

    def __init__(self, snapshot: Snapshot, query: Query, permitted: int) -> None:
        self.snapshot, self.query, self.permitted = snapshot, query, permitted
        self.meanings = [self._meaning(concept) for concept in query.concepts]

    # -- what the words mean here

    def _idf(self, count: int) -> float:
        return math.log(self.snapshot.count / (count + 1)) + 1 if count else 0.0

    def _meaning(self, concept: Concept) -> Meaning:
        snapshot = self.snapshot
        whole = snapshot.ids("word", concept.text)
        having = whole | snapshot.ids("part", concept.text)
        if concept.thai and (len(self.query.concepts) <= 3 or not having):
            having |= self._inside(concept, having)
        return Meaning(concept, whole, having, max(self._idf(having.bit_count()), 0.1) if having else 0.0)

    def _inside(self, concept: Concept, having: int) -> int:
        """Documents that have the letters somewhere, whatever the tokenizer made of them."""
        kept = self.snapshot.inside
        if concept.text not in kept:
            pieces = [piece for piece in grams(concept.text) if len(piece) == PIECE_LENGTH]
            among = self._with_pieces(pieces, self.snapshot.alive & ~having)
            # Without a whole piece every text would have to be read: only for a word that is the whole question.
            worth_it = len(concept.text) > 1 and (pieces or len(self.query.concepts) == 1)
            found = self.snapshot.containing(encode(concept.text), among) if worth_it else 0
            if not worth_it:
                return found
            kept[concept.text] = found
        return kept[concept.text]

    def _with_pieces(self, pieces: Iterable[str], among: int) -> int:
        for piece in pieces:
            among &= self.snapshot.ids("piece", piece)
        return among

    # -- which documents are hits

    def _coverage(self) -> tuple[bits.Sums, int]:
        sums, most = bits.Sums(self.snapshot.size), 0
        for meaning in self.meanings:
            if meaning.having:
                weight = max(1, round(meaning.idf * _FINE))
                sums.add(meaning.having, weight)
                most += weight
        return sums, most

    def permitted_by_phrases(self) -> int:
        """The permitted documents that have every quoted phrase and nothing that is excluded."""
        allowed = self.permitted
        for phrase in self.query.phrases:
            allowed &= self._with_phrase(phrase, allowed)
        for phrase in self.query.excluded_phrases:
            allowed &= ~self._with_phrase(phrase, allowed)
        for concept in self.query.excluded:
            allowed &= ~(self.snapshot.ids("word", concept.text) | self.snapshot.ids("part", concept.text))
        return allowed

    def _with_phrase(self, phrase: str, among: int) -> int:
        among = self._with_pieces((piece for piece in grams(phrase) if len(piece) == PIECE_LENGTH), among)
        return self.snapshot.containing(encode(phrase), among)

    # -- scores

    def _word_scores(self, allowed: int) -> dict[int, float]:
        found: dict[int, float] = {}
        get = found.get
        last = 0  # the segment begun last
        # The longest list first: where nothing is there yet, it goes in without a step of ours for each document.
        for field_name, term, weight in sorted(self._weighted_terms(), key=lambda item: item[2]):
            for offset, ids, values in self.snapshot.scores(field_name, term):
                numbers = ids if not offset else map(offset.__add__, ids)
                if not found or offset and offset > last:
                    found.update(zip(numbers, map(weight.__mul__, values), strict=True))
                    last = offset
                    continue
                for document, value in zip(numbers, values, strict=True):
                    found[document] = get(document, 0.0) + weight * value
        for meaning in self.meanings:
            inside = meaning.having & ~meaning.whole & ~self.snapshot.ids("part", meaning.concept.text)
            for document in bits.to_ids(inside):
                found[document] = get(document, 0.0) + PART * meaning.idf
        if allowed != (1 << self.snapshot.size) - 1:
            rows = bits.table(allowed, self.snapshot.size)
            found = {d: score for d, score in found.items() if rows[d >> 3] >> (d & 7) & 1}
        return found

    def _weighted_terms(self) -> Iterable[tuple[str, str, float]]:
        seen = set()
        for meaning in self.meanings:
            concept = meaning.concept
            seen.add(concept.text)
            count = meaning.whole.bit_count()
            if count:
                yield "word", concept.text, self._idf(count)
            count = self.snapshot.ids("part", concept.text).bit_count()
            if count:
                yield "part", concept.text, PART * self._idf(count)
        for meaning in self.meanings:
            for part in meaning.concept.parts:
                if part not in seen:
                    seen.add(part)
                    count = self.snapshot.ids("word", part).bit_count()
                    if count:
                        yield "word", part, PART * self._idf(count)

    def _piece_sums(self, allowed: int) -> bits.Sums:
        sums = bits.Sums(self.snapshot.size)
        for piece in self.query.pieces:
            having = self.snapshot.ids("piece", piece)
            if having:
                sums.add(having & allowed, max(1, round(self._idf(having.bit_count()) * _FINE)))
        return sums

    def rank(self) -> Ranking:
        """All hits, exactly counted, and the best of them in order."""
        ranking = self._rank(self.permitted_by_phrases())
        if not ranking.total and self.query.phrases:
            self.query.phrases = []
            ranking = self._rank(self.permitted_by_phrases())
            ranking.relaxed = True
        return ranking

    def _rank(self, allowed: int) -> Ranking:
        ranking = Ranking()
        if not allowed or self.query.empty:
            return ranking
        coverage, whole_question = self._coverage()
        best = coverage.highest(allowed)
        exact = coverage.at_least(max(1, math.ceil(best * ENOUGH)), allowed) if best else 0
        words = self._word_scores(allowed)
        pieces = self._piece_sums(allowed)
        ranking.score = self._scorer(words, pieces)
        alike = self._best(words, pieces, allowed, WINDOW)
        ranking.hits, ranking.fuzzy = exact, not exact
        doubtful = not exact or best < whole_question or self._uncertain()
        if alike and (doubtful or len(self.meanings) > 1):
            least = alike[0][1] * (ALIKE if doubtful else NEARLY_BEST)
            likeness = 0.0 if exact else LIKENESS * self._whole_likeness()
            for document, score in alike:
                if score >= least and pieces.of(document) >= likeness:
                    ranking.hits |= 1 << document
        ranking.total = ranking.hits.bit_count()
        ranking.best = self._reread([(d, s) for d, s in alike if ranking.hits >> d & 1])
        return ranking

    def _reread(self, best: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The first ``READ_AGAIN`` in the order their passages deserve; scores keep their order."""
        if not best:
            return best
        passages = Passages(encode(self.query.squeezed), forgiving=self._misspelt())
        unit = best[0][1]
        worth = []
        for document, score in best[:READ_AGAIN]:
            near, close = passages.likeness(self.snapshot.text(document))
            worth.append((document, score + unit * (NEAR * near + CLOSE * close + HAVING * self._share(document))))
        worth.sort(key=lambda item: (-item[1], item[0]))
        return worth + best[READ_AGAIN:]

    def _share(self, document: int) -> float:
        """The share of the question's information in the words this document has."""
        whole = sum(meaning.idf for meaning in self.meanings)
        having = sum(meaning.idf for meaning in self.meanings if meaning.having >> document & 1)
        return having / whole if whole else 0.0

    def _uncertain(self) -> bool:
        """A long question, or some word unknown here or too short to be trusted (perhaps a typing fault)."""
        return len(self.meanings) > 3 or any(
            not m.having or (m.concept.thai and len(m.concept.text) <= 2) for m in self.meanings
        )

    def _whole_likeness(self) -> int:
        """The piece sum of a text that has every piece of the question; pieces unknown here weigh like rare ones."""
        counts = (self.snapshot.ids("piece", piece).bit_count() for piece in self.query.pieces)
        return sum(max(1, round(self._idf(max(count, 1)) * _FINE)) for count in counts)

    def _piece_worth(self) -> float:
        """What letter pieces are worth beside words: more when a word of a short question is unknown here."""
        return PIECE_IF_UNKNOWN if self._misspelt() else PIECE

    def _misspelt(self) -> bool:
        """Whether a word of a short question stands nowhere here."""
        return len(self.meanings) <= 6 and any(not meaning.having for meaning in self.meanings)

    def _scorer(self, words: dict[int, float], pieces: bits.Sums) -> Callable[[int], float]:
        get, of, norms, factor = words.get, pieces.of, self.snapshot.piece_norms, self._piece_worth() / _FINE
        return lambda d: get(d, 0.0) + factor * norms[d] * of(d)

    def _best(self, words: dict[int, float], pieces: bits.Sums, allowed: int, count: int) -> list[tuple[int, float]]:
        """Exact best ``count`` by words and pieces together, scoring only documents that can be among them.

        A document that is neither among the likest nor good enough by its words, were its likeness just below theirs,
        cannot be among the best.
        """
        score = self._scorer(words, pieces)
        likest = pieces.best(4 * count, allowed)
        enough = sorted(words.values())[-count:][0] if words else 0.0
        seeds = {document for document, value in words.items() if value >= enough}
        seeds.update(bits.to_ids(likest))
        known = {document: score(document) for document in seeds}
        top = heapq.nlargest(count, known.values())
        least = top[-1] if len(top) >= count else 0.0
        factor = self._piece_worth() * _PIECE_MOST / _FINE
        rest = pieces.highest(allowed & ~likest)
        enough = least - factor * rest
        for document, value in words.items():
            if value >= enough and document not in known:
                known[document] = score(document)
        if factor * rest >= least:
            for document in bits.to_ids(pieces.at_least(max(1, math.ceil(least / factor)), allowed)):
                if document not in known:
                    known[document] = score(document)
        return heapq.nlargest(count, known.items(), key=lambda item: (item[1], -item[0]))
