"""Builds segments from many documents: tokenising and writing in worker processes, one part of the index each.

Spawned, not forked, so that it works from a threaded server and on every system; memory is bounded by short queues and
by Whoosh's own spilling to disk. A small number of documents is built here, without any process.
"""

import logging
import multiprocessing
import os
import queue
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index

from kc.search import language, postings, schema
from kc.search.schema import Document

log = logging.getLogger(__name__)

SMALL = 200  # up to so many documents are not worth starting processes for
_CHUNK = 25
_SEGMENT = 12_500  # documents of one segment: what a process holds in memory before it writes
_NAME = "MAIN"


class WorkerFailed(RuntimeError):
    """A worker process ended without finishing its part."""


def build(
    documents: Iterable[Document],
    folder: Path,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> list[Any]:
    """Write segments holding ``documents`` into ``folder``; returns Whoosh's description of each.

    ``progress`` is told how many documents were finished since it was last called.
    """
    several = iter(documents)
    first = list(islice(several, SMALL + 1))
    workers = workers if workers is not None else min(os.cpu_count() or 1, 8)
    if len(first) <= SMALL or workers < 2:
        part = Path(tempfile.mkdtemp(prefix="part-", dir=folder))
        _write_part(part, _counted(chain(first, several), progress))
        return _take(part, folder)
    return _in_processes(chain(first, several), folder, progress, workers)


def _counted(documents: Iterable[Document], progress: Callable[[int], None] | None) -> Iterator[Document]:
    for document in documents:
        yield document
        if progress:
            progress(1)


def _write_part(part: Path, documents: Iterable[Document]) -> None:
    index = whoosh_index.create_in(part, schema.schema(), _NAME)
    several = iter(documents)
    while chunk := list(islice(several, 1)):
        writer = index.writer(codec=postings.codec())
        try:
            _write_segment(writer, chain(chunk, islice(several, _SEGMENT - 1)))
        except BaseException:
            writer.cancel()
            raise


def _write_segment(writer: Any, documents: Iterable[Document]) -> None:
    """What ``add_document`` and ``commit`` do, with the postings written a whole list at a time."""
    lists, of_documents, fields = postings.TermLists(), writer.perdocwriter, writer.schema
    for number, document in enumerate(documents):
        values = schema.prepare(document)
        of_documents.start_doc(number)
        for name in sorted(values):
            _write_field(of_documents, lists, number, name, fields[name], values[name])
        of_documents.finish_doc()
        writer.docnum = number + 1
        writer._added = True
    of_documents.close()
    lists.write(writer.fieldwriter, fields)
    writer.fieldwriter.close()
    writer.pool.cleanup()
    writer._assemble_segment()
    writer._commit_toc([*writer.segments, writer.get_segment()])
    writer._finish()


def _write_field(of_documents: Any, lists: postings.TermLists, number: int, name: str, kind: Any, value: Any) -> None:
    length = 0
    if kind.indexed:
        terms = [(term, weight) for term, _, weight, _ in kind.index(value)]
        lists.add(name, number, terms)
        length = int(sum(weight for _, weight in terms)) if kind.scorable else 0
    of_documents.add_field(name, kind, value if kind.stored else None, length)
    if kind.column_type:
        of_documents.add_column_value(name, kind.column_type, kind.to_column_value(value))


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
