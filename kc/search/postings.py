"""Writes and reads a term's whole posting list at once.

Whoosh offers postings one document at a time through matcher objects, which costs far more than the arithmetic done
with them. So Whoosh keeps the segments, their terms and columns; what stands behind a term is laid out here: a byte for
two types, the steps from one document number to the next, and the weights when they are not all one. A list of one
document needs nothing but its term's entry. Whoosh's own matchers cannot read these lists.
"""

import os
import struct
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3FieldWriter, W3TermInfo, W3TermsReader
from whoosh.filedb import compound
from whoosh.filedb.structfile import BufferFile
from whoosh.system import pack_ushort

Array = np.ndarray[Any, Any]

TermList = tuple[bytes, Array, Array | None]  # a term, the documents that have it, how often (nothing: once each)

_NOTHING: Array = np.zeros(0, np.int32)
_ENTRIES = 4096  # of terms that are kept
_ENTRY = struct.Struct(W3TermInfo._struct.format + "qi")
_TYPES = (None, np.dtype("u1"), np.dtype("<u2"), np.dtype("<u4"))
_SIZES = (0, 1, 2, 4)


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


class TermLists:
    """Gathers the postings of many documents in memory, so that each term's list can be written at once.

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
                found = lists[term] = array("I"), array("H")
            ids, weights = found
            if weight != 1.0 or weights:  # most weights are one: noted from the first that is not
                weights.extend([1] * (len(ids) - len(weights)))
                weights.append(min(int(weight), 0xFFFF))
            ids.append(document)
            self.count += 1

    def fields(self) -> Iterator[tuple[str, Iterator[TermList]]]:
        """The fields in order, each with its terms in order, as ``write`` takes them."""
        for name, lists in sorted(self._fields.items()):
            yield name, _in_order(lists)


def _in_order(lists: dict[bytes, tuple[Any, Any]]) -> Iterator[TermList]:
    for term in sorted(lists):
        ids, weights = lists[term]
        yield term, np.frombuffer(ids, np.uint32), np.frombuffer(weights, np.uint16) if weights else None


def write(writer: W3FieldWriter, schema: Any, fields: Iterable[tuple[str, Iterable[TermList]]]) -> None:
    """Write fields and their terms, both in order, each term with its whole list."""
    for name, terms in fields:
        writer.start_field(name, schema[name])
        number = pack_ushort(writer._fieldid)
        for term, ids, weights in terms:
            writer._tindex.add(number + term, _put(writer._postfile, ids, weights))
        writer.finish_field()


def _put(file: Any, ids: Array, weights: Array | None) -> bytes:
    """Write a list; returns the entry of its term, which is ``W3TermInfo``'s with our place and size at the end."""
    count, first, last = len(ids), int(ids[0]), int(ids[-1])
    heaviest = 1.0 if weights is None else float(weights.max())
    total = float(count) if weights is None else float(weights.sum())
    at = size = 0
    if count > 1:
        steps = ids.copy()
        steps[1:] -= ids[:-1]
        of_steps, of_weights = _kind(int(steps.max())), _kind(int(heaviest)) if heaviest > 1 else 0
        data = bytes((of_steps | of_weights << 2,)) + steps.astype(_TYPES[of_steps]).tobytes()
        if of_weights and weights is not None:
            data += weights.astype(_TYPES[of_weights]).tobytes()
        at, size = file.tell(), len(data)
        file.write(data)
    return _ENTRY.pack(0, total, count, 0, 0, heaviest, first, last, at, size)


def _kind(most: int) -> int:
    return 1 if most < 1 << 8 else 2 if most < 1 << 16 else 3


Fetch = Callable[[int, int], bytes]  # from where, how many bytes


class SegmentFile:
    """A segment's file, read piece by piece: what is mapped into memory would count as the process's own."""

    def __init__(self, path: Path) -> None:
        self._number = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._number)

    def part(self, mapped: memoryview) -> Fetch:
        """Reads from that part of the file; safe in many threads at once."""
        if not hasattr(os, "pread"):  # Windows
            return lambda at, size: bytes(mapped[at : at + size])
        number, start = self._number, _address(mapped) - _address(memoryview(mapped.obj))
        return lambda at, size, _keep=self: os.pread(number, size, start + at)  # type: ignore[misc]


def _address(view: memoryview) -> int:
    return int(np.frombuffer(view, np.uint8).ctypes.data) if len(view) else 0


class Texts:
    """A column of byte strings."""

    def __init__(self, reader: Any, field: str, file: SegmentFile) -> None:
        column = reader._perdoc.column_reader(field, reader.schema[field].column_type)
        self._starts = np.asarray(column._offsets, np.int64) + column._basepos
        self._lengths = np.asarray(column._lengths, np.int32)
        self._fetch = file.part(column._dbfile._buf)

    def __getitem__(self, document: int) -> bytes:
        return self._fetch(int(self._starts[document]), int(self._lengths[document]))


class Lists:
    """The posting lists of a segment. Read from ``file``, or from the mapped memory for a look or two."""

    def __init__(self, reader: Any, file: SegmentFile | None = None) -> None:
        self._terms: W3TermsReader = reader._terms
        self._prefixes = {name: pack_ushort(number) for name, number in self._terms._fieldmap.items()}
        mapped = self._terms._postfile
        self._fetch: Fetch = file.part(mapped._buf) if file else mapped.get
        self._entries: dict[tuple[str, str], bytes | None] = {}

    def _entry(self, field: str, term: str) -> bytes | None:
        """Where Whoosh keeps what is known of the term; kept for a while: a question asks for a word several times."""
        key, known = (field, term), self._entries
        if key not in known:
            if len(known) >= _ENTRIES:
                known = self._entries = {}
            prefix = self._prefixes.get(field)
            known[key] = None if prefix is None else self._terms._tindex.get(prefix + term.encode())
        return known[key]

    def count(self, field: str, term: str) -> int:
        """In how many documents the term stands, without reading where."""
        entry = self._entry(field, term)
        return _ENTRY.unpack(entry)[2] if entry else 0

    def read(self, field: str, term: str) -> tuple[Array, Array | None]:
        """Document numbers (ascending) and weights of ``term``; no weights: 1 each. Unknown term: empty."""
        entry = self._entry(field, term)
        return self._list(entry) if entry else (_NOTHING, None)

    def all(self, field: str) -> Iterator[TermList]:
        """Every term of a field, in order, with its list."""
        prefix = self._prefixes.get(field)
        if prefix is None:
            return
        for key, entry in self._terms._tindex.items_from(prefix):
            if not key.startswith(prefix):
                return
            yield key[len(prefix) :], *self._list(entry)

    def _list(self, entry: bytes) -> tuple[Array, Array | None]:
        _, _, count, _, _, heaviest, first, _, at, size = _ENTRY.unpack(entry)
        if count == 1:
            return np.array((first,), np.int32), np.array((heaviest,), np.float32) if heaviest > 1 else None
        return _decoded(self._fetch(at, size), count)


def read(reader: Any, field: str, term: str) -> tuple[Array, Array | None]:
    """As ``Lists.read``, for a look or two."""
    return Lists(reader).read(field, term)


def _decoded(data: bytes, count: int) -> tuple[Array, Array | None]:
    of_steps, of_weights = data[0] & 3, data[0] >> 2
    if not of_steps or of_weights > 3 or len(data) != 1 + count * (_SIZES[of_steps] + _SIZES[of_weights]):
        raise UnknownFormat("no posting list stands there")
    ids = np.frombuffer(data, _TYPES[of_steps], count, 1).cumsum(dtype=np.int32)
    if not of_weights:
        return ids, None
    return ids, np.frombuffer(data, _TYPES[of_weights], count, 1 + count * _SIZES[of_steps]).astype(np.float32)
