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

from kc.search import build, language, schema
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
        self._damaged: Path | None = None  # found so by ``check``

    # -- reading

    def snapshot(self) -> Snapshot:
        """The index as it stands now; the same object until it changes. Raises Unusable."""
        snapshot = self._snapshot
        if snapshot is not None and self._holds():
            return snapshot
        with self._opening:
            if self._snapshot is None or not self._holds():
                self._live, self._signature, self._snapshot = self._open()
                language.use(_words_of(self._live))
            return self._snapshot

    def _holds(self) -> bool:
        live = self._live
        return live is not None and live != self._damaged and (self._pointer(), self._lists(live)) == self._signature

    def words_digest(self) -> str:
        """Which own words the live index was made with. Raises Unusable."""
        return language.digest_of(_words_of(self._live_folder()))

    def _pointer(self) -> tuple[int, ...]:
        try:
            pointer = os.stat(self.folder / "current")
        except FileNotFoundError:
            return ()
        return pointer.st_mtime_ns, pointer.st_ino

    @staticmethod
    def _lists(live: Path) -> list[str]:
        """The names of the lists of segments: each commit writes one. Not the time of the folder: it moves in steps of
        several milliseconds, and two commits fit into one."""
        try:
            return sorted(name for name in os.listdir(live) if name.endswith(".toc"))
        except FileNotFoundError:
            return []

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
        live = self.folder / name
        if "/" in name or live == self._damaged or not live.is_dir():
            raise Unusable("broken")
        return live

    def _open(self) -> tuple[Path, tuple[Any, ...], Snapshot]:
        why: Exception = Unusable("broken")
        for attempt in range(10):
            try:
                pointer = self._pointer()  # looked at before it is read: what changes meanwhile is noticed next time
                live = self._live_folder()
                signature, before = (pointer, self._lists(live)), self._snapshot if live == self._live else None
                return live, signature, Snapshot(whoosh_index.open_dir(live, _NAME), before)
            except (FileNotFoundError, whoosh_index.EmptyIndexError) as error:
                why = error  # a writer replaced segments, or all of it, between the list and the opening
            except Unusable as error:
                if error.reason != "broken" or self._damaged:
                    raise
                why = error
            except Exception as error:
                why = error
                break
            time.sleep(0.01 * attempt)
        log.warning("search index cannot be opened: %s: %s", type(why).__name__, why)
        raise Unusable("broken") from why

    def check(self, everything: bool = False) -> None:
        """Compare the segments that were not compared yet (or all) with the sums they were written with; Raises
        Unusable, now and from then on, when one is damaged. Reads whole files: for the background.
        """
        snapshot = self.snapshot()
        for leaf in snapshot.by_segment.values():
            if (everything or not leaf.checked) and not build.is_sound(leaf.path):
                log.warning("search index is damaged: %s", leaf.path.name)
                self._damaged = self._live
                raise Unusable("broken")
            leaf.checked = True

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
            build.move(scratch, live)
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
            numbers = [int(n) for key in keys for n in leaf.lists.read("key", key)[0]]
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
            build.move(scratch, live)
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
