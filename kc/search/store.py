"""The index on disk and its life: made aside and swapped in, added to under a lock, opened again when it changed.

In the folder: ``current`` names the live index and the version it was made with; each index has a folder of its own;
``write.lock`` and ``build.lock`` keep writers of all processes apart (released by the system when a process is killed).
An index file is a pickle, that is, code: the folder is private, and nothing in it is ever restored from a backup.
"""

import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage

from kc.search import build, language, postings, schema
from kc.search.schema import VERSION, Document, key_of
from kc.search.snapshot import Snapshot

log = logging.getLogger(__name__)

_NAME = "MAIN"
_WORDS = "words.txt"  # in the folder of an index: the organisation's own words that it was made with
_SMALL_SEGMENT = 500  # segments up to this size are put together when there are many
_MANY_SEGMENTS = 8
_LOCK_WAIT = 60.0


class Busy(Exception):
    """Another process has been writing for longer than we are willing to wait."""


class Unusable(Exception):
    """There is no index that can be read; ``reason`` is ``missing``, ``outdated`` or ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the search index is {reason}")
        self.reason = reason


@contextlib.contextmanager
def locked(path: Path, wait: float = _LOCK_WAIT) -> Iterator[None]:
    """Hold the lock file against other threads and processes; waits, then raises Busy."""
    with open(path, "a+b") as file:
        deadline = time.monotonic() + wait
        while not _try_lock(file):
            if time.monotonic() >= deadline:
                raise Busy(str(path))
            time.sleep(0.02)
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
    import msvcrt

    def _try_lock(file: Any) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: Any) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: Any) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: Any) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class Store:
    """The index folder. One object a process; safe in all its threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opening = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._signature: tuple[Any, ...] = ()
        self._live: Path | None = None

    # -- reading

    def snapshot(self) -> Snapshot:
        """The index as it stands now; the same object until it changes. Raises Unusable."""
        signature = self._look()
        if self._snapshot is not None and signature == self._signature:
            return self._snapshot
        with self._opening:
            signature = self._look()
            if self._snapshot is None or signature != self._signature:
                live = self._live_folder()
                before = self._snapshot if live == self._live else None
                self._snapshot = self._open(live, before)
                self._signature, self._live = signature, live
                language.use(_words_of(live))
            return self._snapshot

    def words_digest(self) -> str:
        """Which own words the live index was made with. Raises Unusable."""
        return language.digest_of(_words_of(self._live_folder()))

    def _look(self) -> tuple[Any, ...]:
        """What changes whenever the index does: a new pointer, or a new file beside the old ones."""
        try:
            pointer = os.stat(self.folder / "current")
            live = os.stat(self._live) if self._live else None
        except FileNotFoundError:
            self._live = None
            return ()
        return pointer.st_mtime_ns, pointer.st_ino, live.st_mtime_ns if live else 0

    def _live_folder(self) -> Path:
        try:
            pointer = json.loads((self.folder / "current").read_text())
            name, version = pointer["folder"], pointer["version"]
        except FileNotFoundError:
            raise Unusable("missing") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise Unusable("broken") from None
        if version != VERSION:
            raise Unusable("outdated")
        if "/" in name or not (self.folder / name).is_dir():
            raise Unusable("broken")
        return self.folder / name

    def _open(self, live: Path, before: Snapshot | None) -> Snapshot:
        for attempt in range(10):
            try:
                return Snapshot(whoosh_index.open_dir(live, _NAME), before)
            except FileNotFoundError:  # a writer replaced segments between the list and the opening
                time.sleep(0.01 * attempt)
            except Exception as error:
                log.warning("search index cannot be opened: %s: %s", type(error).__name__, error)
                raise Unusable("broken") from error
        raise Unusable("broken")

    # -- writing

    def prepare_folder(self) -> None:
        """Make the folder, readable by the owner alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(OSError):
            self.folder.chmod(0o700)

    def writing(self) -> contextlib.AbstractContextManager[None]:
        self.prepare_folder()
        return locked(self.folder / "write.lock")

    def building(self, wait: float) -> contextlib.AbstractContextManager[None]:
        self.prepare_folder()
        return locked(self.folder / "build.lock", wait)

    def apply(
        self,
        documents: Iterable[Document],
        replaced: Iterable[tuple[str, int]],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Take out what stands under the ``replaced`` (kind, id) pairs and put ``documents`` in. Hold ``writing``."""
        self.snapshot()  # another process may have swapped in an index made with other words
        live = self._live_folder()
        scratch = Path(tempfile.mkdtemp(prefix="adding-", dir=self.folder))
        try:
            segments = [s for s in build.build(documents, scratch, progress) if s.doc_count_all()]
            for file in scratch.glob("*.seg"):
                file.replace(live / file.name)
            self._commit(live, {key_of(kind, number) for kind, number in replaced}, segments)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _commit(self, live: Path, keys: set[str], segments: list[Any]) -> None:
        numbers = self._numbers(keys)
        writer = whoosh_index.open_dir(live, _NAME).writer()
        try:
            for segment in writer.segments:
                for number in numbers.get(segment.segment_id(), ()):
                    segment.delete_document(number)
            writer.segments = [s for s in writer.segments if s.deleted_count() < s.doc_count_all()] + segments
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=False)

    def _numbers(self, keys: set[str]) -> dict[str, list[int]]:
        """Where the documents of these keys stand, by segment."""
        snapshot = self.snapshot()
        found: dict[str, list[int]] = {}
        for name, leaf in snapshot.by_segment.items():
            numbers = [int(n) for key in keys for n in postings.read(leaf.reader, "key", key)[0]]
            if numbers:
                found[name] = numbers
        return found

    def tidy(self) -> bool:
        """Put small segments together when there are many of them. Hold ``writing``."""
        live = self._live_folder()
        index = whoosh_index.open_dir(live, _NAME)
        small = sorted((s for s in index._segments() if s.doc_count_all() <= _SMALL_SEGMENT), key=_size)
        if len(small) <= _MANY_SEGMENTS:
            return False
        count = bisect_right(list(accumulate(map(_size, small))), 2 * _SMALL_SEGMENT)
        self._put_together(index, live, small[:count])
        return True

    def _put_together(self, index: Any, live: Path, chosen: list[Any]) -> None:
        scratch = Path(tempfile.mkdtemp(prefix="adding-", dir=self.folder))
        try:
            merged = build.merge(index.storage, chosen, scratch)
            for file in scratch.glob("*.seg"):
                file.replace(live / file.name)
            writer = index.writer()
            names = {segment.segment_id() for segment in chosen}
            writer.segments = [s for s in writer.segments if s.segment_id() not in names] + merged
            writer.commit(merge=False)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def rebuild(self, documents: Iterable[Document], progress: Callable[[int], None] | None = None) -> Path:
        """Make a whole new index beside the live one; ``swap`` makes it the live one. Hold ``building``.

        It is made with the own words wanted now, while the live one is asked with those it was made with.
        """
        self.prepare_folder()
        words = language.current().words
        fresh = Path(tempfile.mkdtemp(prefix="index-", dir=self.folder))
        try:
            (fresh / _WORDS).write_text("\n".join(sorted(words)), encoding="utf-8")
            with language.cutting_with(words):
                segments = [s for s in build.build(documents, fresh, progress) if s.doc_count_all()]
            whoosh_index.TOC(schema.schema(), segments, 1).write(FileStorage(str(fresh)), _NAME)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return fresh

    def swap(self, fresh: Path) -> None:
        """Make ``fresh`` the live index at once, and clear away what was there. Hold ``writing``."""
        pointer = self.folder / f"current.{os.getpid()}.new"
        pointer.write_text(json.dumps({"folder": fresh.name, "version": VERSION}))
        with open(pointer, "r+b") as file:
            os.fsync(file.fileno())
        pointer.replace(self.folder / "current")
        with self._opening:
            self._snapshot, self._signature, self._live = None, (), None
        for old in self.folder.iterdir():  # an interrupted build leaves its folder too; only one builds at a time
            if old.is_dir() and old.name != fresh.name and old.name.startswith(("index-", "adding-")):
                shutil.rmtree(old, ignore_errors=True)


def _words_of(live: Path) -> list[str]:
    try:
        return (live / _WORDS).read_text(encoding="utf-8").split()
    except FileNotFoundError:  # made when there were none
        return []


def _size(segment: Any) -> int:
    return int(segment.doc_count_all())
