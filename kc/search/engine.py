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

Score = BM25F of words (title weighted) + parts of compounds + likeness of letter pieces, a term at a time over all
documents; then the best ``READ_AGAIN`` are put in order once more by reading their text (see ``passages``).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from kc import clock
from kc.search import analyzer, passages
from kc.search.postings import Array
from kc.search.query import Concept, Query
from kc.search.schema import encode
from kc.search.snapshot import Snapshot
from kc.search.text import PIECE_LENGTH, fold, grams, squeeze
from kc.thai.repair import repair

ENOUGH = 0.6
ALIKE = 0.5
NEARLY_BEST = 0.9
LIKENESS = 0.3
WINDOW = 20
PART = 0.25  # what a part of a compound is worth beside a whole word
OTHERWISE = 0.8  # … and what another word for the same
PIECE, PIECE_IF_UNKNOWN = 0.45, 0.7
SURE_LENGTH = 4  # a shorter Thai word is worth less: often it is only a fragment of a name
READ_AGAIN = 20
PROMISING = 0.4  # … but none that scores less than this share of the best of its kind: it never comes first
MOST_PIECES = 34  # the rarest: more change no answer

# What each kind of evidence adds, in shares of the best document's: fitted to people's questions.
WORDS, PIECES, HAVING, NEAR, ANYWHERE, CLOSE, HEAD, LEAD, LENGTH = 4.8, 3.1, 3.7, 2.7, 2.3, 2.1, 2.3, 2.7, -1.0
WEIGHTS = np.array([WORDS, PIECES, HAVING, NEAR, ANYWHERE, CLOSE, HEAD, LEAD, LENGTH])

# A person's or a file's document has a dozen words, an article's has a thousand: a word in the short one says less
# about what it is about than the formula believes. So a short kind's score is worth less, the more so when its title
# has not every word of the question: what a question names comes first, who only took part after the knowledge.
WORTH_OF_KIND = {"person": (1.0, 0.5), "community": (0.8, 0.55), "session": (0.6, 0.45), "attachment": (0.45, 0.4)}
WORTH_OF_KIND |= {"question": (0.9, 0.6)}
NAMED = 0.95
READ_OF_KIND = 6  # of each short kind so many are read again, beside those of knowledge

# Of the twenty that a perfect answer scores. Half as fresh after ``FRESH_DAYS``; more uses than 2 ** ``MOST_USED`` are
# no better.
FRESH, USED, FRESH_DAYS, MOST_USED = 0.4, 0.4, 730, 10


@dataclass(slots=True)
class Ranking:
    """All hits as a set, the best of them in order, and every document's score for when somebody pages that far."""

    hits: Array
    total: int = 0
    best: list[tuple[int, float]] = field(default_factory=list)
    scores: Array | None = None
    fuzzy: bool = False  # nothing has the words: these are alike
    relaxed: bool = False  # the quoted phrase stands nowhere: its words were looked for

    def ordered(self, hits: Array, count: int) -> list[tuple[int, float]]:
        """The best ``count`` of ``hits`` (some of all hits), in order."""
        first = [(document, score) for document, score in self.best if hits[document]]
        if len(first) < count and self.scores is not None:
            rest = hits.copy()
            rest[[document for document, _ in self.best]] = False
            lowest = self.best[-1][1] if self.best else 0.0
            top = _highest(self.scores, rest, count - len(first))
            # Below the best that were read again, on one scale with them.
            most = float(self.scores[top[0]]) if len(top) else 1.0
            first += [(int(d), lowest * float(self.scores[d]) / most if most else 0.0) for d in top]
        return first[:count]


@dataclass(slots=True)
class Meaning:
    """A concept as this index knows it."""

    concept: Concept
    whole: Array  # documents that have it as a word
    part: Array  # … inside a compound
    inside: Array | None = None  # … as letters
    otherwise: Array | None = None  # … said otherwise
    having: Array = field(init=False)  # … at all
    idf: float = 0.0

    def __post_init__(self) -> None:
        self.having = self.whole | self.part

    def add(self, documents: Array) -> Array:
        """Count these as having it too; returns those that had not."""
        new = documents & ~self.having
        self.having |= new
        return new


def _highest(scores: Array, among: Array, count: int) -> Array:
    """The numbers of the ``count`` best of ``among``, best first; equal scores in order of number."""
    numbers = np.flatnonzero(among)
    values = scores[numbers]
    if len(numbers) > count:
        least = np.partition(values, len(values) - count)[len(values) - count]
        numbers = numbers[values >= least]
        values = scores[numbers]
    return numbers[np.lexsort((numbers, -values))][:count]


class Engine:
    """One search over one snapshot. Cheap to make: one per question. ``permitted``: the documents that may be seen."""

    def __init__(self, snapshot: Snapshot, query: Query, permitted: Array) -> None:
        self.snapshot, self.query, self.permitted = snapshot, query, permitted
        self.meanings = [self._meaning(concept) for concept in query.concepts]
        for same in query.same:
            documents = snapshot.none()
            for term in same.otherwise:
                documents |= self._saying(term)
            for number in same.concepts:
                self.meanings[number].otherwise = self.meanings[number].add(documents)
        for meaning in self.meanings:
            count = int(np.count_nonzero(meaning.having))
            meaning.idf = max(self._idf(count), 0.1) if count else 0.0
        self.ranking = Ranking(snapshot.none())
        self.doubtful = False  # whether something other may have been meant
        self.read: list[tuple[int, float]] = []  # the documents whose texts were read, in order
        self.best_evidence = np.zeros(4)  # coverage, near, anywhere, close of the best of them

    # -- what the words mean here

    def _idf(self, count: int) -> float:
        return math.log(self.snapshot.count / (count + 1)) + 1 if count else 0.0

    def _meaning(self, concept: Concept) -> Meaning:
        snapshot = self.snapshot
        meaning = Meaning(concept, snapshot.having("word", concept.text), snapshot.having("part", concept.text))
        if concept.thai and (len(self.query.concepts) <= 3 or not meaning.having.any()):
            meaning.inside = meaning.add(self._inside(concept.text, meaning.having))
        return meaning

    def _inside(self, text: str, having: Array) -> Array:
        """Other documents that have the letters somewhere, whatever the tokenizer made of them."""
        if analyzer.is_word(text):
            return self.snapshot.having("inside", text)
        kept = self.snapshot.inside[text]
        if kept is None:
            pieces = any(len(piece) == PIECE_LENGTH for piece in grams(text))
            # Without a whole piece every text would have to be read: only for a word that is the whole question.
            if len(text) < 2 or not (pieces or len(self.query.concepts) == 1):
                return self.snapshot.none()
            kept = (self.snapshot.with_letters(text, self.snapshot.alive & ~having),)
            self.snapshot.inside.keep(text, kept)
        return kept[0]

    def _saying(self, term: str) -> Array:
        """The documents that have a term of one word or several."""
        folded = fold(repair(term))
        words = [token.text for token in analyzer.tokens(folded)]
        found = self.snapshot.alive
        for word in words:
            found = found & (self.snapshot.having("word", word) | self.snapshot.having("part", word))
        if len(words) == 1:
            return found
        return self.snapshot.with_letters(squeeze(folded), found) if words else self.snapshot.none()

    # -- which documents are hits

    def _coverage(self) -> tuple[Array, float]:
        sums, most = np.zeros(self.snapshot.size, np.float32), 0.0
        for meaning in self.meanings:
            if meaning.idf:
                sums += np.float32(meaning.idf) * meaning.having
                most += meaning.idf
        return sums, most

    def permitted_by_phrases(self) -> Array:
        """The permitted documents that have every quoted phrase and nothing that is excluded."""
        allowed = self.permitted & self.snapshot.alive
        for phrase in self.query.phrases:
            allowed = self.snapshot.with_letters(phrase, allowed)
        for phrase in self.query.excluded_phrases:
            allowed = allowed & ~self.snapshot.with_letters(phrase, allowed)
        for concept in self.query.excluded:
            for name in ("word", "part"):
                allowed = allowed & ~self.snapshot.having(name, concept.text)
        return allowed

    # -- scores

    def _word_scores(self) -> Array:
        scores = np.zeros(self.snapshot.size, np.float32)
        for name, term, weight in self._weighted_terms():
            self.snapshot.add_scores(scores, name, term, weight)
        for meaning in self.meanings:
            if meaning.inside is not None:
                scores[meaning.inside] += PART * meaning.idf
            if meaning.otherwise is not None:
                scores[meaning.otherwise] += OTHERWISE * meaning.idf
        return scores

    def _weighted_terms(self) -> Iterable[tuple[str, str, float]]:
        seen = {meaning.concept.text for meaning in self.meanings}
        for meaning in self.meanings:
            concept = meaning.concept
            trust = min(1.0, len(concept.text) / SURE_LENGTH) if concept.thai else 1.0
            for name, worth in (("word", trust), ("part", PART * trust)):
                count = self.snapshot.count_of(name, concept.text)
                if count:
                    yield name, concept.text, worth * self._idf(count)
            for part in concept.parts:
                if part not in seen:
                    seen.add(part)
                    count = self.snapshot.count_of("word", part)
                    if count:
                        yield "word", part, PART * self._idf(count)

    def _piece_scores(self) -> Array:
        counts = {piece: self.snapshot.count_of("piece", piece) for piece in self.query.pieces}
        rarest = sorted((count, piece) for piece, count in counts.items() if count)[:MOST_PIECES]
        sums = np.zeros(self.snapshot.size, np.float32)
        for count, piece in rarest:
            weight = np.float32(self._idf(count))
            sums[self.snapshot.postings("piece", piece)[0]] += weight
        return sums

    def rank(self) -> Ranking:
        """All hits, exactly counted, and the best of them in order. An empty question: everything, in no order."""
        self.ranking = self._rank(self.permitted_by_phrases())
        if not self.ranking.total and self.query.phrases:
            self.query.phrases = []
            self.ranking = self._rank(self.permitted_by_phrases())
            self.ranking.relaxed = True
        return self.ranking

    def _rank(self, allowed: Array) -> Ranking:
        if self.query.empty:
            return Ranking(allowed, int(np.count_nonzero(allowed)))
        if not allowed.any():
            return Ranking(self.snapshot.none())
        coverage, whole_question = self._coverage()
        best = float(coverage[allowed].max())
        hits = allowed & (coverage >= best * ENOUGH) if best else self.snapshot.none()
        exact = bool(best)
        pieces = self._piece_scores()
        alike = pieces * self.snapshot.piece_norms
        words = self._word_scores()
        scores = words + np.float32(self._piece_worth()) * alike
        ranking = Ranking(hits, scores=scores, fuzzy=not exact)
        near = self._nearest(scores, allowed & (scores > 0))
        read = self.read = self._reread(near, words, alike, coverage / max(whole_question, 0.1))
        uncertain = not exact or best < 0.999 * whole_question or self._uncertain()
        if read and (uncertain or len(self.meanings) > 1):
            least = read[0][1] * (ALIKE if uncertain else NEARLY_BEST)
            likeness = 0.0 if exact else LIKENESS * self._whole_likeness()
            hits[[d for d, score in read[:WINDOW] if score >= least and pieces[d] >= likeness]] = True
        self.doubtful = not all(m.idf and read and m.having[read[0][0]] for m in self.meanings)
        ranking.best = [(document, score) for document, score in read if hits[document]]
        ranking.total = int(np.count_nonzero(hits))
        return ranking

    def _nearest(self, scores: Array, among: Array) -> Array:
        """The documents that are read again: the best of every kind."""
        names, numbers = self.snapshot.kinds
        if len(names) == 1:
            return self._promising(scores, among, READ_AGAIN)
        best = [
            self._promising(scores, among & (numbers == number), READ_OF_KIND if name in WORTH_OF_KIND else READ_AGAIN)
            for number, name in enumerate(names)
        ]
        return np.concatenate(best) if best else np.zeros(0, np.intp)

    @staticmethod
    def _promising(scores: Array, among: Array, count: int) -> Array:
        best = _highest(scores, among, count)
        return best[scores[best] >= PROMISING * scores[best[0]]] if len(best) else best

    def _reread(self, read: Array, words: Array, alike: Array, coverage: Array) -> list[tuple[int, float]]:
        """These documents in the order their texts deserve, with scores."""
        if not len(read):
            return []
        evidence, named = self.evidence(read, words, alike, coverage)
        scores = np.maximum(evidence @ WEIGHTS, 0.0) * self._worth_of_kinds(read, named) + self.boosts(read)
        order = np.lexsort((read, -scores))
        self.best_evidence = evidence[order[0]][2:6]
        return [(int(read[i]), float(scores[i])) for i in order]

    def boosts(self, read: Array) -> Array:
        """What is new and what is much used comes a little before its equals."""
        age = np.maximum(clock.today().toordinal() - self.snapshot.days[read], 0)
        fresh = np.where(self.snapshot.days[read] > 0, np.exp2(-age / FRESH_DAYS), 0.0)
        used = np.minimum(np.log2(1.0 + self.snapshot.uses[read]), MOST_USED) / MOST_USED
        return FRESH * fresh + USED * used

    def _worth_of_kinds(self, read: Array, named: Array) -> Array:
        """What each document's score is worth; ``named``: its title has the whole question."""
        names, numbers = self.snapshot.kinds
        worth = np.array([WORTH_OF_KIND.get(name, (1.0, 1.0)) for name in names])[numbers[read]]
        return np.where(named, worth[:, 0], worth[:, 1])

    def evidence(self, read: Array, words: Array, alike: Array, coverage: Array) -> tuple[Array, Array]:
        """One row a document, one column a kind of evidence, each from 0 to 1 (the length: about that); and whether
        its title has the whole question.
        """
        texts = [self.snapshot.text(document) for document in read.tolist()]
        found, titles = passages.measure(encode(self.query.squeezed), texts)
        columns = [
            words[read] / max(float(words[read].max()), 1e-6),
            alike[read] / max(float(alike[read].max()), 1e-6),
            coverage[read],
            *found,
        ]
        return np.column_stack(columns), titles > NAMED

    def _uncertain(self) -> bool:
        """A long question, or some word unknown here or too short to be trusted (perhaps a typing fault)."""
        return len(self.meanings) > 3 or any(
            not m.idf or (m.concept.thai and len(m.concept.text) <= 2) for m in self.meanings
        )

    def _whole_likeness(self) -> float:
        """The piece sum of a text that has every piece of the question; pieces unknown here weigh like rare ones."""
        return sum(self._idf(max(self.snapshot.count_of("piece", piece), 1)) for piece in self.query.pieces)

    def _piece_worth(self) -> float:
        """What letter pieces are worth beside words: more when a word of a short question is unknown here."""
        unknown = len(self.meanings) <= 6 and any(not meaning.idf for meaning in self.meanings)
        return PIECE_IF_UNKNOWN if unknown else PIECE
