"""Reads a term's whole posting list out of a Whoosh segment at once.

Whoosh offers postings one document at a time through matcher objects, which costs far more than the arithmetic done
with them. This module alone knows the layout of its W3 codec; tests/search/test_postings.py compares it with
Whoosh's own matcher, document by document, and fails when the format differs.
"""

import pickle
import zlib
from array import array
from collections.abc import Iterable
from io import BytesIO
from itertools import accumulate, repeat
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3PostingsWriter, W3TermsReader
from whoosh.filedb import compound
from whoosh.filedb.structfile import BufferFile
from whoosh.reading import TermNotFound

CODEC_OPTIONS = {"blocklimit": 4096, "compression": 1}


class _MappedFile(BufferFile):
    """A file inside a segment, read from the memory map. Whoosh's own also copies all of it to the heap on opening."""

    def __init__(self, buf: Any, name: str | None = None, onclose: Any = None) -> None:
        self._buf, self._name, self.onclose = buf, name, onclose
        self._copy: BytesIO | None = None
        self.is_real = self.is_closed = False

    @property
    def file(self) -> BytesIO:
        if self._copy is None:
            self._copy = BytesIO(self._buf)
        return self._copy

    def close(self) -> None:
        self._copy, self.is_closed = None, True


compound.BufferFile = _MappedFile


class UnknownFormat(Exception):
    """The segment was not written in the layout this module reads."""


def codec() -> W3Codec:
    """The codec to write with: whole lists are read, so large blocks cost least."""
    return W3Codec(**CODEC_OPTIONS)


class TermLists:
    """Gathers the postings of many documents in memory and writes each term's list at once.

    Whoosh's own way handles every posting as a Python object several times and is some ten times slower.
    """

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, tuple[Any, Any]]] = {}
        self.count = 0

    def add(self, field: str, document: int, terms: Iterable[tuple[bytes, float]]) -> None:
        """Note the terms of one document; documents must come in ascending order."""
        lists = self._fields.setdefault(field, {})
        for term, weight in terms:
            found = lists.get(term)
            if found is None:
                found = lists[term] = array("I"), array("f")
            found[0].append(document)
            found[1].append(weight)
            self.count += 1

    def write(self, writer: Any, schema: Any) -> None:
        """Write everything with Whoosh's field writer, fields and terms in order."""
        for name in sorted(self._fields):
            field_object = schema[name]
            writer.start_field(name, field_object)
            lists = self._fields[name]
            for term in sorted(lists):
                writer.start_term(term)
                self._write_list(writer._postwriter, *lists[term])
                writer.finish_term()
            writer.finish_field()

    @staticmethod
    def _write_list(writer: W3PostingsWriter, ids: Any, weights: Any) -> None:
        size = writer._blocklimit
        for start in range(0, len(ids), size):
            writer._new_block()
            writer._ids, writer._weights = ids[start : start + size], weights[start : start + size]
            writer._maxweight = max(writer._weights)
            if start + size < len(ids):
                writer._write_block()


class Texts:
    """A column of byte strings, looked into without copying the file."""

    def __init__(self, column: Any) -> None:
        self._starts, self._lengths = column._offsets, column._lengths
        self._base: int = column._basepos
        self._bytes: memoryview = column._dbfile._buf

    def __getitem__(self, document: int) -> bytes:
        start = self._base + self._starts[document]
        return bytes(self._bytes[start : start + self._lengths[document]])


def texts(reader: Any, field: str) -> Texts:
    """The column ``field`` of a segment."""
    return Texts(reader._perdoc.column_reader(field, reader.schema[field].column_type))


def read(reader: Any, field: str, term: str) -> tuple[list[int], list[float] | None]:
    """Document numbers and weights of ``term`` in one segment; no weights means 1.0 each. Unknown term: two empties."""
    terms: W3TermsReader = reader._terms
    try:
        info = terms.term_info(field, term.encode())
    except TermNotFound:
        return [], None
    if info.is_inlined():
        ids, weights, _ = info.inlined_postings()
        return list(ids), list(weights)
    return _read_blocks(terms._postfile, info.extent()[0])


def _read_blocks(file: Any, at: int) -> tuple[list[int], list[float] | None]:
    if bytes(file.get(at, 4)) != WHOOSH3_HEADER_MAGIC:
        raise UnknownFormat(f"no posting list at {at}")
    at += 4
    ids: list[int] = []
    weights: list[float] = []
    weighted = False
    last = False
    while not last:
        size = file.get_int(at)
        last, size = size < 0, abs(size)
        block = bytes(file.get(at + 4, size))
        at += 4 + size
        stream = BytesIO(block)
        count, _, _, compressed, _, _ = pickle.load(stream)
        data = block[stream.tell() :]
        deltas, block_weights, _ = pickle.loads(zlib.decompress(data) if compressed else data)
        ids.extend(accumulate(deltas))
        if block_weights is None:
            weights.extend(repeat(1.0, count))
        elif isinstance(block_weights, float):
            weights.extend(repeat(block_weights, count))
            weighted = True
        else:
            weights.extend(block_weights)
            weighted = True
    return ids, weights if weighted else None
