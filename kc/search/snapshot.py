"""One state of the index, opened for reading by many threads at once.

Document numbers run through all segments ("leaves"); every set of documents is one whole number (see ``bits``). What is
read from a segment is kept while the segment lives: an added document opens a new small segment and leaves the rest
warm.
"""

import json
import math
import re
from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from whoosh.reading import SegmentReader

from kc.search import bits, postings
from kc.search.schema import ENCODING

_NO_MARK_NEXT = b"(?![" + f"ั{''.join(map(chr, range(0x0E34, 0x0E3B)))}็่้๊๋์ํ".encode(ENCODING) + b"])"
Array = Any  # array.array; it takes no type parameters before Python 3.12

K1, B = 1.2, 0.9
_STEP = 1.02
_KEPT_BYTES = 48_000_000  # of decoded postings and sets, per segment


class Leaf:
    """One segment: postings, sets and columns, decoded once."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.size: int = reader.doc_count_all()
        self.lengths = array("I", (reader.doc_field_length(i, "word", 1) for i in range(self.size)))
        self.total_length = sum(self.lengths)
        self.days: Any = reader.column_reader("day") if reader.has_column("day") else None
        self.texts = postings.texts(reader, "text")
        self._sets: dict[tuple[str, str], int] = {}
        self._scores: dict[tuple[str, str], tuple[Array, Array]] = {}
        self._scored_for = 0.0
        self._norms: list[float] = []
        self._kept = 0

    def ids(self, field: str, term: str) -> int:
        """The set of documents that have the term."""
        key = (field, term)
        found = self._sets.get(key)
        if found is None:
            found = bits.from_ids(postings.read(self.reader, field, term)[0], self.size)
            self._keep(found.bit_length() // 8 + 150)
            self._sets[key] = found
        return found

    def scores(self, field: str, term: str, average: float) -> tuple[Array, Array]:
        """Documents with the term and how much of it they have, 0 to K1 + 1, long documents discounted."""
        if average != self._scored_for:
            self._scores, self._scored_for = {}, average
            self._norms = [K1 * (1 - B + B * length / average) for length in self.lengths]
        key = (field, term)
        found = self._scores.get(key)
        if found is None:
            ids, weights = postings.read(self.reader, field, term)
            norms = self._norms
            values = (
                [(K1 + 1) / (1 + norms[i]) for i in ids]
                if weights is None
                else [w * (K1 + 1) / (w + norms[i]) for i, w in zip(ids, weights, strict=True)]
            )
            found = array("I", ids), array("f", values)
            self._keep(8 * len(ids) + 250)
            self._scores[key] = found
        return found

    def piece_norms(self, average: float) -> Array:
        """How much a document's likeness counts: long documents have more of every piece by chance."""
        return array("f", (2.2 / (1.6 + 0.6 * length / average) for length in self.lengths))

    def _keep(self, size: int) -> None:
        self._kept += size
        if self._kept > _KEPT_BYTES:
            self._sets, self._scores, self._kept = {}, {}, 0


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
            leaf = known.get(name) or Leaf(SegmentReader(index.storage, toc.schema, segment))
            self.by_segment[name] = leaf
            self.leaves.append((self.size, leaf))
            dead += [self.size + number for number in segment.deleted_docs()]
            self.size += leaf.size
        self.alive = ((1 << self.size) - 1) & ~bits.from_ids(dead, self.size)
        self.count = self.alive.bit_count()
        total = sum(leaf.total_length for _, leaf in self.leaves)
        average = max(total / self.size, 1.0) if self.size else 1.0
        # Rounded, so that one more document does not throw away what is kept.
        self.average = _STEP ** round(math.log(average, _STEP))
        self.piece_norms = array("f")
        for _, leaf in self.leaves:
            self.piece_norms.extend(leaf.piece_norms(self.average))
        self.inside: dict[str, int] = {}  # what ``Engine`` found by reading texts, kept for the next page

    def ids(self, field: str, term: str) -> int:
        """Living documents that have the term."""
        found = 0
        for offset, leaf in self.leaves:
            found |= leaf.ids(field, term) << offset
        return found & self.alive

    def scores(self, field: str, term: str) -> Iterator[tuple[int, Array, Array]]:
        """Per segment: offset, document numbers within it, scores. Dead documents included."""
        for offset, leaf in self.leaves:
            ids, values = leaf.scores(field, term, self.average)
            if ids:
                yield offset, ids, values

    def place(self, document: int) -> tuple[Leaf, int]:
        """The segment a document stands in, and its number there."""
        for offset, leaf in reversed(self.leaves):
            if document >= offset:
                return leaf, document - offset
        raise IndexError(document)

    def day(self, document: int) -> int:
        leaf, number = self.place(document)
        return leaf.days[number] if leaf.days is not None else 0

    def text(self, document: int) -> bytes:
        """The searched text (``schema.encode``)."""
        leaf, number = self.place(document)
        return leaf.texts[number]

    def stored(self, document: int) -> tuple[str, str, str, str]:
        """Key, external id, title and text as they are shown."""
        leaf, number = self.place(document)
        fields = leaf.reader.stored_fields(number)
        external_id, title, text = json.loads(fields["shown"])
        return fields["key"], external_id, title, text

    def stamps(self) -> dict[str, str]:
        """Every living document's key with its stamp: what ``repair`` compares with the rows."""
        found = {}
        for offset, leaf in self.leaves:
            for number in range(leaf.size):
                if self.alive >> (offset + number) & 1:
                    fields = leaf.reader.stored_fields(number)
                    found[fields["key"]] = fields["stamp"]
        return found

    def containing(self, needle: bytes, among: int) -> int:
        """Those of ``among`` whose searched text has these letters; หนี does not stand in หนี้."""
        whole = re.compile(re.escape(needle) + _NO_MARK_NEXT)
        found: list[int] = []
        for offset, leaf in self.leaves:
            texts = leaf.texts
            for number in bits.to_ids(among >> offset & ((1 << leaf.size) - 1)):
                text = texts[number]
                if needle in text and whole.search(text):
                    found.append(offset + number)
        return bits.from_ids(found, self.size) if found else 0

    @cached_property
    def filter_values(self) -> dict[str, dict[str, int]]:
        """For every filter its values, each with the documents that have it: facets and filters alike."""
        values: dict[str, dict[str, int]] = {}
        for _, leaf in self.leaves:
            for term in leaf.reader.field_terms("filter"):
                name, _, value = term.partition("=")
                if value not in values.setdefault(name, {}):
                    values[name][value] = self.ids("filter", term)
        return values
