"""One state of the index, opened for reading by many threads at once.

Document numbers run through all segments ("leaves"); a set of documents is an array with one yes or no for each. What
is read from a segment is kept while the segment lives: an added document opens a new small segment and leaves the rest
warm.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader

from kc.search import postings
from kc.search.postings import Array
from kc.search.schema import ENCODING, encode, unpack
from kc.search.text import PIECE_LENGTH, grams

_MARKS = frozenset(f"ั{''.join(map(chr, range(0x0E34, 0x0E3B)))}็่้๊๋์ํ".encode(ENCODING))

K1, B = 1.0, 0.9  # BM25, tuned for texts of very different length
_PIECE_SHORT, _PIECE_LONG = 1.6, 0.6  # the same for letter pieces, counted once a document
_KEPT_BYTES = 10_000_000  # of decoded postings, per segment; of sets

Postings = tuple[Array, Array | None]


def stands_in(needle: bytes, text: bytes) -> bool:
    """Whether the letters stand in the searched text, and not as a part of the last one: หนี does not stand in หนี้."""
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        if end >= len(text) or text[end] not in _MARKS:
            return True
        at = text.find(needle, at + 1)
    return False


class Kept(dict[Any, Any]):
    """What was read, until it is too much: then what was not asked for since the last time is forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._half, self._bytes, self._older = most // 2, 0, dict[Any, Any]()

    def __missing__(self, key: Any) -> Any:
        value = self._older.get(key)
        if value is not None:
            self.keep(key, value)
        return value

    def keep(self, key: Any, value: Any) -> None:
        """Keep a tuple of arrays (or None)."""
        self._bytes += 200 + sum(part.nbytes for part in value if part is not None)
        if self._bytes > self._half:
            self._older, self._bytes = dict(self), 0
            self.clear()
        self[key] = value


class Leaf:
    """One segment: postings and columns, decoded once."""

    def __init__(self, reader: Any, path: Path) -> None:
        self.reader = reader
        file = postings.SegmentFile(path)
        self.size: int = reader.doc_count_all()
        self.lengths = np.array([reader.doc_field_length(i, "word", 1) for i in range(self.size)], np.float32)
        days = reader.column_reader("day") if reader.has_column("day") else [0] * self.size
        self.days = np.array([days[i] for i in range(self.size)], np.int32)
        uses = reader.column_reader("uses") if reader.has_column("uses") else [0] * self.size
        self.uses = np.array([uses[i] for i in range(self.size)], np.int32)
        self.texts = postings.Texts(reader, "text", file)
        self.breaks = postings.Texts(reader, "breaks", file)
        self.shown = postings.Texts(reader, "shown", file)
        self.lists = postings.Lists(reader, file)
        self._kept = Kept(_KEPT_BYTES)

    @cached_property
    def filters(self) -> dict[str, dict[str, Array]]:
        """Filter, value, numbers of the documents that have it: read once, for filters and facets alike."""
        found: dict[str, dict[str, Array]] = {}
        for term in self.reader.field_terms("filter"):
            name, _, value = term.partition("=")
            found.setdefault(name, {})[value] = self.lists.read("filter", term)[0]
        return found

    def postings(self, field: str, term: str) -> Postings:
        """Numbers of the documents that have the term, and how often (nothing: once each)."""
        key = field, term
        found = self._kept[key]
        if found is None:
            found = self.lists.read(field, term)
            self._kept.keep(key, found)
        return found

    def count_of(self, field: str, term: str) -> int:
        """In how many documents the term stands."""
        found = self._kept[field, term]
        return len(found[0]) if found is not None else self.lists.count(field, term)


class Snapshot:
    """What the engine asks of the index. ``leaves`` come largest first; each starts at its ``offset``."""

    def __init__(self, index: Any, before: "Snapshot | None" = None) -> None:
        toc = index._read_toc()
        self.generation: int = toc.generation
        known = before.by_segment if before else {}
        self.by_segment: dict[str, Leaf] = {}
        self.leaves: list[tuple[int, Leaf]] = []
        self.size = 0
        dead: list[int] = []
        for segment in sorted(toc.segments, key=lambda s: -s.doc_count_all()):
            name = segment.segment_id()
            leaf = known.get(name) or Leaf(
                SegmentReader(index.storage, toc.schema, segment),
                Path(index.storage.folder) / segment.make_filename(segment.COMPOUND_EXT),
            )
            self.by_segment[name] = leaf
            self.leaves.append((self.size, leaf))
            dead += [self.size + number for number in segment.deleted_docs()]
            self.size += leaf.size
        self.alive = np.ones(self.size, bool)
        self.alive[dead] = False
        self.count = int(self.alive.sum())
        lengths = self._joined([leaf.lengths for _, leaf in self.leaves], np.float32)
        share = lengths / max(float(lengths.mean()), 1.0) if self.size else lengths
        self._norms: Array = K1 * (1 - B + B * share)
        self.piece_norms: Array = (_PIECE_SHORT + _PIECE_LONG) / (_PIECE_SHORT + _PIECE_LONG * share)
        self.days = self._joined([leaf.days for _, leaf in self.leaves], np.int32)
        self.uses = self._joined([leaf.uses for _, leaf in self.leaves], np.int32)
        self.inside = Kept(_KEPT_BYTES // 4)  # what ``Engine`` found by reading texts, kept for the next page
        self._values: dict[str, dict[str, Array]] = {}
        self._sets = Kept(_KEPT_BYTES)
        self._kept = Kept(_KEPT_BYTES)

    @staticmethod
    def _joined(parts: list[Array], kind: Any) -> Array:
        return np.concatenate(parts) if parts else np.zeros(0, kind)

    def none(self) -> Array:
        """The empty set."""
        return np.zeros(self.size, bool)

    def postings(self, field: str, term: str) -> Postings:
        """Numbers of the documents that have the term (dead ones too), and how often; see ``Leaf.postings``."""
        if len(self.leaves) == 1:
            return self.leaves[0][1].postings(field, term)
        key = field, term
        found = self._kept[key]
        if found is None:
            found = self._join([(offset, *leaf.postings(field, term)) for offset, leaf in self.leaves])
            self._kept.keep(key, found)
        return found

    @staticmethod
    def _join(parts: list[tuple[int, Array, Array | None]]) -> Postings:
        ids = np.concatenate([np.zeros(0, np.int32), *(ids + np.int32(offset) for offset, ids, _ in parts)])
        if all(often is None for _, _, often in parts):
            return ids, None
        often = [np.ones(len(ids), np.float32) if often is None else often for _, ids, often in parts]
        return ids, np.concatenate(often)

    def having(self, field: str, term: str) -> Array:
        """The set of living documents that have the term. Not to be changed."""
        kept = self._sets[field, term]
        if kept is None:
            found = self.none()
            found[self.postings(field, term)[0]] = True
            kept = (found & self.alive,)
            self._sets.keep((field, term), kept)
        return kept[0]

    def count_of(self, field: str, term: str) -> int:
        """In how many documents the term stands, dead ones included: cheap."""
        return sum(leaf.count_of(field, term) for _, leaf in self.leaves)

    def add_scores(self, scores: Array, field: str, term: str, weight: float) -> None:
        """Add ``weight`` times the BM25 of the term to the score of each document that has it."""
        ids, often = self.postings(field, term)
        norms = self._norms[ids]
        # A document number stands in a list once, so adding in place is right.
        if often is None:
            scores[ids] += weight * (K1 + 1) / (1 + norms)
        else:
            scores[ids] += weight * (K1 + 1) * often / (often + norms)

    def place(self, document: int) -> tuple[Leaf, int]:
        """The segment a document stands in, and its number there."""
        for offset, leaf in reversed(self.leaves):
            if document >= offset:
                return leaf, int(document - offset)
        raise IndexError(document)

    def text(self, document: int) -> bytes:
        """The searched text (``schema.encode``): title, a line end, the rest."""
        leaf, number = self.place(document)
        return leaf.texts[number]

    def breaks(self, document: int) -> Array:
        """Where words begin in the text that is shown."""
        leaf, number = self.place(document)
        return np.cumsum(np.frombuffer(leaf.breaks[number], np.uint8))

    def stored(self, document: int) -> tuple[str, str, str, str, str]:
        """Key, external id, title, text and what stands beside it, as they are shown."""
        leaf, number = self.place(document)
        key, external_id, title, text, beside = unpack(leaf.shown[number])
        return key, external_id, title, text, beside

    def stamps(self) -> dict[str, str]:
        """Every living document's key with its stamp: what ``repair`` compares with the rows."""
        found = {}
        for document in np.flatnonzero(self.alive).tolist():
            leaf, number = self.place(document)
            fields = leaf.reader.stored_fields(number)
            found[fields["key"]] = fields["stamp"]
        return found

    def with_letters(self, letters: str, among: Array) -> Array:
        """Those of ``among`` whose searched text has these letters; หนี does not stand in หนี้."""
        found, needle = self.none(), encode(letters)
        for offset, leaf, numbers in self._with_pieces(letters, among):
            for number in numbers:
                if stands_in(needle, leaf.texts[number]):
                    found[offset + number] = True
        return found

    def has_letters(self, letters: str) -> bool:
        """Whether the letters stand in any living document."""
        needle = encode(letters)
        return any(
            stands_in(needle, leaf.texts[number])
            for _, leaf, numbers in self._with_pieces(letters, self.alive)
            for number in numbers
        )

    def _with_pieces(self, letters: str, found: Array) -> Iterator[tuple[int, Leaf, list[int]]]:
        """By segment, the documents of ``found`` that have all letter pieces: those whose texts must be read."""
        pieces = {piece: self.count_of("piece", piece) for piece in grams(letters) if len(piece) == PIECE_LENGTH}
        for piece in sorted(pieces, key=pieces.__getitem__):
            if not found.any():
                return
            found = found & self.having("piece", piece)
        for offset, leaf in self.leaves:
            yield offset, leaf, np.flatnonzero(found[offset : offset + leaf.size]).tolist()

    @cached_property
    def kinds(self) -> tuple[list[str], Array]:
        """The kinds there are, and for every document which of them it is."""
        having = self.values_of("kind")
        numbers = np.zeros(self.size, np.uint8)
        for number, name in enumerate(sorted(having)):
            numbers[having[name]] = number
        return sorted(having), numbers

    def values_of(self, name: str) -> dict[str, Array]:
        """The values of a filter, each with the numbers of the documents that have it, dead ones too."""
        known = self._values.get(name)
        if known is None:
            parts: dict[str, list[Array]] = {}
            for offset, leaf in self.leaves:
                for value, ids in leaf.filters.get(name, {}).items():
                    parts.setdefault(value, []).append(ids + np.int32(offset) if offset else ids)
            known = {value: ids[0] if len(ids) == 1 else np.concatenate(ids) for value, ids in parts.items()}
            self._values[name] = known
        return known
