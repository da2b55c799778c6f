"""Writes and reads a term's whole posting list at once.

Whoosh offers postings one document at a time through matcher objects, which costs far more than the arithmetic done
with them. This module alone knows the layout of its W3 codec; tests/search/test_postings.py compares it with
Whoosh's own matcher, document by document, and fails when the format differs.
"""

import os
import pickle
import struct
import weakref
import zlib
from array import array
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3PostingsWriter, W3TermsReader
from whoosh.filedb import compound
from whoosh.filedb.structfile import BufferFile
from whoosh.reading import TermNotFound
from whoosh.util.numeric import length_to_byte

Array = np.ndarray[Any, Any]

# Large blocks, not compressed: a list is read whole, and the differences of its numbers fit in a byte or two.
CODEC_OPTIONS = {"blocklimit": 1 << 16, "compression": 0}
_NOTHING: Array = np.zeros(0, np.int32)


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
    """The codec to write with."""
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
                found = lists[term] = array("I"), array("H")
            ids, weights = found
            if weight != 1.0 or weights:  # most weights are one: noted from the first that is not
                weights.extend([1] * (len(ids) - len(weights)))
                weights.append(min(int(weight), 0xFFFF))
            ids.append(document)
            self.count += 1

    def write(self, writer: Any, schema: Any) -> None:
        """Write everything with Whoosh's field writer, fields and terms in order."""
        for name in sorted(self._fields):
            field_object = schema[name]
            writer.start_field(name, field_object)
            lists = self._fields[name]
            for term in sorted(lists):
                writer.start_term(term)
                ids, weights = lists[term]
                _write_list(writer._postwriter, np.frombuffer(ids, np.uint32), np.frombuffer(weights, np.uint16))
                writer.finish_term()
            writer.finish_field()


def _write_list(writer: W3PostingsWriter, ids: Array, weights: Array) -> None:
    size = writer._blocklimit
    for start in range(0, len(ids), size):
        _write_block(writer, ids[start : start + size], weights[start : start + size], start + size >= len(ids))


def _write_block(writer: W3PostingsWriter, ids: Array, weights: Array, last: bool) -> None:
    """What Whoosh's ``_write_block`` writes, with arrays where it has tuples of Python numbers."""
    file, heaviest = writer._postfile, float(weights.max()) if len(weights) else 1.0
    if not writer._blockcount:
        file.write(WHOOSH3_HEADER_MAGIC)
    writer._terminfo.add_block(_Block(ids, weights, heaviest))
    steps = np.diff(ids, prepend=np.uint32(0))
    data = pickle.dumps((_packed(steps), _packed_weights(weights), None), 4)
    lengths = length_to_byte(None), length_to_byte(0)
    info = pickle.dumps((len(ids), int(ids[-1]), heaviest, 0, *lengths), 2)
    size = len(info) + len(data)
    file.write_int(-size if last else size)
    file.write(info)
    file.write(data)
    writer._blockcount += 1
    writer._new_block()


class _Block:
    """The statistics of a block, as ``W3TermInfo.add_block`` asks for them."""

    def __init__(self, ids: Array, weights: Array, heaviest: float) -> None:
        self._ids, self._heaviest = ids, heaviest
        self._weights = [float(weights.sum())] if len(weights) else [float(len(ids))]

    def __len__(self) -> int:
        return len(self._ids)

    def min_id(self) -> int:
        return int(self._ids[0])

    def max_id(self) -> int:
        return int(self._ids[-1])

    def min_length(self) -> None:
        return None

    def max_length(self) -> int:
        return 0

    def max_weight(self) -> float:
        return self._heaviest


def _packed(numbers: Array) -> Any:
    """The numbers in the smallest unsigned type that holds them."""
    most = int(numbers.max())
    kind, code = (np.uint8, "B") if most < 1 << 8 else (np.uint16, "H") if most < 1 << 16 else (np.uint32, "I")
    return array(code, numbers.astype(kind).tobytes())


def _packed_weights(weights: Array) -> Any:
    if not len(weights):
        return None
    return float(weights[0]) if (weights == weights[0]).all() else _packed(weights)


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
        mapped = self._terms._postfile
        self._fetch: Fetch = file.part(mapped._buf) if file else mapped.get

    def read(self, field: str, term: str) -> tuple[Array, Array | None]:
        """Document numbers (ascending) and weights of ``term``; no weights: 1 each. Unknown term: empty."""
        try:
            info = self._terms.term_info(field, term.encode())
        except TermNotFound:
            return _NOTHING, None
        if info.is_inlined():
            ids, weights, _ = info.inlined_postings()
            return np.array(ids, np.int32), np.array(weights, np.float32)
        at, (size,) = info.extent()  # Whoosh forgets to take the size out of its tuple
        return _read_blocks(self._fetch(at, size))


def read(reader: Any, field: str, term: str) -> tuple[Array, Array | None]:
    """As ``Lists.read``, for a look or two."""
    return Lists(reader).read(field, term)


_SIZE = struct.Struct("!i")


def _read_blocks(data: bytes) -> tuple[Array, Array | None]:
    if data[:4] != WHOOSH3_HEADER_MAGIC:
        raise UnknownFormat("no posting list stands there")
    at = 4
    blocks: list[tuple[Array, Array | None]] = []
    last = False
    while not last:
        (size,) = _SIZE.unpack_from(data, at)
        last, size = size < 0, abs(size)
        blocks.append(_block(data[at + 4 : at + 4 + size]))
        at += 4 + size
    if len(blocks) == 1:
        return blocks[0]
    ids = np.concatenate([ids for ids, _ in blocks])
    if all(weights is None for _, weights in blocks):
        return ids, None
    return ids, np.concatenate([np.ones(len(i), np.float32) if w is None else w for i, w in blocks])


def _block(block: bytes) -> tuple[Array, Array | None]:
    stream = BytesIO(block)
    count, _, _, compressed, _, _ = pickle.load(stream)
    data = memoryview(block)[stream.tell() :]
    steps, weights, _ = pickle.loads(zlib.decompress(data) if compressed else data)
    ids = np.cumsum(np.asarray(steps), dtype=np.int32)
    if weights is None:
        return ids, None
    if isinstance(weights, float):
        return ids, np.full(count, weights, np.float32)
    return ids, np.asarray(weights, np.float32)
