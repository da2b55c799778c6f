"""Builds a segment from many documents: tokenising and writing in worker processes, one part each, then put together.

Spawned, not forked, so that it works from a threaded server and on every system; memory is bounded by short queues and
by Whoosh's own spilling to disk. A small number of documents is built here, without any process.
"""

import heapq
import logging
import multiprocessing
import os
import queue
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader

from kc.search import language, postings, schema
from kc.search.postings import Array
from kc.search.schema import Document

log = logging.getLogger(__name__)

SMALL = 200  # up to so many documents are not worth starting processes for
_CHUNK = 25
_SEGMENT = 12_500  # documents of one segment: what a process holds in memory before it writes
_NAME = "MAIN"


Values = dict[str, Any]  # of one document, by field


class WorkerFailed(RuntimeError):
    """A worker process ended without finishing its part."""


def build(
    documents: Iterable[Document],
    folder: Path,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> list[Any]:
    """Write a segment holding ``documents`` into ``folder``; returns Whoosh's description of it (none: no documents).

    ``progress`` is told how many documents were finished since it was last called.
    """
    several = iter(documents)
    first = list(islice(several, SMALL + 1))
    workers = workers if workers is not None else min(os.cpu_count() or 1, 8)
    if len(first) <= SMALL or workers < 2:
        part = Path(tempfile.mkdtemp(prefix="part-", dir=folder))
        _write_part(part, _counted(chain(first, several), progress))
        segments = _take(part, folder)
    else:
        segments = _in_processes(chain(first, several), folder, progress, workers)
    return segments if len(segments) == 1 else _put_together(segments, folder)


def _put_together(segments: list[Any], folder: Path) -> list[Any]:
    """One segment instead of several: a question then looks each word up once."""
    storage = FileStorage(str(folder))
    merged = merge(storage, segments, folder)
    for segment in segments:
        storage.delete_file(segment.make_filename(segment.COMPOUND_EXT))
    return merged


def _counted(documents: Iterable[Document], progress: Callable[[int], None] | None) -> Iterator[Document]:
    for document in documents:
        yield document
        if progress:
            progress(1)


def _write_part(part: Path, documents: Iterable[Document]) -> None:
    index = whoosh_index.create_in(part, schema.schema(), _NAME)
    several = iter(documents)
    while chunk := list(islice(several, 1)):
        lists = postings.TermLists()
        _write_segment(index, _prepared(chain(chunk, islice(several, _SEGMENT - 1)), lists), lists.fields())


def _prepared(documents: Iterable[Document], lists: postings.TermLists) -> Iterator[tuple[Values, int]]:
    """Each document's values for ``_write_segment``, and its length in words; its terms go into ``lists``."""
    kinds = schema.schema()
    for number, document in enumerate(documents):
        values, length = schema.prepare(document), 0
        for name, kind in kinds.items():
            if kind.indexed:
                terms = [(term, weight) for term, _, weight, _ in kind.index(values[name])]
                lists.add(name, number, terms)
                length += int(sum(weight for _, weight in terms)) if kind.scorable else 0
        yield values, length


def _write_segment(index: Any, documents: Iterable[tuple[Values, int]], terms: Iterable[Any]) -> None:
    """What ``add_document`` and ``commit`` do, with the postings written a whole list at a time.

    ``terms``: the fields' lists (see ``postings.write``), asked for after the last document.
    """
    writer = index.writer()
    try:
        of_documents, kinds = writer.perdocwriter, writer.schema
        for number, (values, length) in enumerate(documents):
            of_documents.start_doc(number)
            for name, kind in kinds.items():
                of_documents.add_field(
                    name, kind, values[name] if kind.stored else None, length if kind.scorable else 0
                )
                if kind.column_type:
                    of_documents.add_column_value(name, kind.column_type, kind.to_column_value(values[name]))
            of_documents.finish_doc()
            writer.docnum, writer._added = number + 1, True
        of_documents.close()
        postings.write(writer.fieldwriter, kinds, terms)
        writer.fieldwriter.close()
        writer.pool.cleanup()
        writer._assemble_segment()
        writer._commit_toc([*writer.segments, writer.get_segment()])
    except BaseException:
        writer.cancel()
        raise
    writer._finish()


def merge(storage: Any, segments: Sequence[Any], folder: Path) -> list[Any]:
    """Write the living documents of segments into one in ``folder``; returns its description (none: nothing lives)."""
    part = Path(tempfile.mkdtemp(prefix="part-", dir=folder))
    readers = [SegmentReader(storage, schema.schema(), segment) for segment in segments]
    numbers, count = [], 0
    for segment in segments:
        alive = np.ones(segment.doc_count_all(), bool)
        alive[list(segment.deleted_docs())] = False
        numbers.append(np.where(alive, np.cumsum(alive) - 1 + count, -1))
        count += int(alive.sum())
    try:
        if count:
            index = whoosh_index.create_in(part, schema.schema(), _NAME)
            _write_segment(index, _copied(readers, numbers), _joined(readers, numbers))
            return _take(part, folder)
    finally:
        for reader in readers:
            reader.close()
        shutil.rmtree(part, ignore_errors=True)
    return []


def _copied(readers: Sequence[Any], numbers: Sequence[Array]) -> Iterator[tuple[Values, int]]:
    names = [name for name, kind in schema.schema().items() if kind.column_type]
    for reader, places in zip(readers, numbers, strict=True):
        columns = {name: reader.column_reader(name) for name in names}
        for number in np.flatnonzero(places >= 0).tolist():
            values = reader.stored_fields(number) | {name: column[number] for name, column in columns.items()}
            yield values, reader.doc_field_length(number, "word") or 0


def _joined(readers: Sequence[Any], numbers: Sequence[Array]) -> Iterator[tuple[str, Iterator[postings.TermList]]]:
    lists = [postings.Lists(reader) for reader in readers]
    for name in sorted(name for name, kind in schema.schema().items() if kind.indexed):
        yield name, _joined_terms(name, lists, numbers)


def _joined_terms(name: str, lists: Sequence[postings.Lists], numbers: Sequence[Array]) -> Iterator[postings.TermList]:
    """The terms of a field in order, each with the new numbers of its living documents from all segments."""
    several = [_renumbered(name, each, places) for each, places in zip(lists, numbers, strict=True)]
    for term, found in groupby(heapq.merge(*several, key=itemgetter(0)), key=itemgetter(0)):
        same = list(found)
        ids = np.concatenate([ids for _, ids, _ in same])
        often = None
        if any(often is not None for *_, often in same):
            often = np.concatenate([np.ones(len(i), np.float32) if o is None else o for _, i, o in same])
        yield term, ids, often


def _renumbered(name: str, lists: postings.Lists, places: Array) -> Iterator[postings.TermList]:
    for term, ids, often in lists.all(name):
        there = places[ids]
        alive = there >= 0
        if alive.all():
            yield term, there, often
        elif alive.any():
            yield term, there[alive], None if often is None else often[alive]


def _take(part: Path, folder: Path) -> list[Any]:
    """Move a part's segments into ``folder`` and forget the part."""
    segments = whoosh_index.open_dir(part, _NAME)._segments()
    for file in part.glob("*.seg"):
        file.replace(folder / file.name)
    shutil.rmtree(part, ignore_errors=True)
    return list(segments)


def _in_processes(
    documents: Iterator[Document], folder: Path, progress: Callable[[int], None] | None, count: int
) -> list[Any]:
    context = multiprocessing.get_context("spawn")
    tasks: Any = context.Queue(maxsize=count * 3)
    done: Any = context.Queue()
    parts = [Path(tempfile.mkdtemp(prefix="part-", dir=folder)) for _ in range(count)]
    words = language.tokenizer_words()
    workers = [context.Process(target=_work, args=(str(p), tasks, done, words), daemon=True) for p in parts]
    for worker in workers:
        worker.start()
    try:
        while chunk := list(islice(documents, _CHUNK)):
            _put(tasks, chunk, workers)
            _report(done, progress)
        for _ in workers:
            _put(tasks, None, workers)
        for worker in workers:
            while worker.is_alive():
                worker.join(0.1)
                _report(done, progress)
            if worker.exitcode:
                raise WorkerFailed(f"a worker ended with {worker.exitcode}")
        _report(done, progress)
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
        tasks.close()
        tasks.cancel_join_thread()
    return [segment for part in parts for segment in _take(part, folder)]


def _put(tasks: Any, chunk: list[Document] | None, workers: list[Any]) -> None:
    while True:
        try:
            return tasks.put(chunk, timeout=1)
        except queue.Full:
            if not all(worker.is_alive() for worker in workers):
                raise WorkerFailed("a worker process ended early") from None


def _report(done: Any, progress: Callable[[int], None] | None) -> None:
    while True:
        try:
            finished = done.get_nowait()
        except queue.Empty:
            return
        if progress:
            progress(finished)


def _work(part: str, tasks: Any, done: Any, words: frozenset[str]) -> None:
    """The body of a worker process: write the documents that come, until told that there are no more."""
    language.use(words)

    def received() -> Iterator[Document]:
        while (chunk := tasks.get()) is not None:
            yield from chunk
            done.put(len(chunk))

    _write_part(Path(part), received())
