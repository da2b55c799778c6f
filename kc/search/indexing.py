"""Keeps the index true to the database: the outbox, the background thread, rebuilding and repairing.

The database is the truth. A change writes an outbox row in its own transaction; after the commit the row is worked off.
Whatever fails here is logged and tried again: never a failed save, never a failed page.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kc import db as database
from kc.db import db
from kc.models import IndexedChange, SavedSearch, SearchOutbox
from kc.search import language, matching, sources, suggestions
from kc.search.schema import VERSION, key_of
from kc.search.snapshot import Snapshot
from kc.search.store import Busy, Store, Unusable

log = logging.getLogger(__name__)

_BATCH = 500
_POLL_SECONDS = 5.0


@dataclass
class Differences:
    """The index against the rows, by key ("knowledge:12")."""

    missing: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.extra)

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.outdated) + len(self.extra)


_Waiting = tuple[int, str, int, datetime]  # a row of the outbox: its number, what is to be indexed, since when


def _wanted(rows: list[_Waiting]) -> dict[tuple[str, int], datetime]:
    """What is to be indexed, each once, and since when."""
    wanted: dict[tuple[str, int], datetime] = {}
    for _, kind, number, queued_at in rows:
        wanted.setdefault((kind, number), queued_at)
    return wanted


class Indexer:
    """Everything that writes to one index folder."""

    def __init__(self, folder: Path, background: bool) -> None:
        self.store = Store(folder)
        self.background = background
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()
        self.rebuilding = self._doubted = False
        self.after_indexing: Callable[[], object] | None = None  # called by the thread, at every turn of it

    # -- after a change

    def queue(self, kind: str, object_id: int) -> None:
        """Note a changed record; called inside the transaction that changed it."""
        SearchOutbox.create(kind=kind, object_id=object_id)
        db.after_commit(self.changed)

    def changed(self) -> None:
        """Something was committed: index it now (commands, tests) or soon (the server)."""
        if self.background:
            self.ensure_running()
            self._wake.set()
        else:
            self.catch_up()

    def catch_up(self, progress: Callable[[int], None] | None = None) -> int:
        """Work off the outbox; returns how many records were brought up to date. Never raises."""
        done = 0
        try:
            if not self.usable():
                return 0
            while worked := self._work_off_some(progress):
                done += worked
            if done:
                with self.store.writing():
                    self.store.tidy()
        except Busy:
            log.info("search: another process is writing; the outbox waits")
        except Exception:
            log.exception("search: indexing failed; the outbox keeps what is left")
        return done

    def _work_off_some(self, progress: Callable[[int], None] | None = None) -> int:
        if not SearchOutbox.select().exists():
            return 0
        with self.store.writing():
            rows = self._waiting(self._batch())
            wanted = _wanted(rows)
            self._note_changes(wanted)
            self._index(set(wanted), progress)
            self._done([row[0] for row in rows])
        return len({row[1:3] for row in rows})

    @staticmethod
    def _done(ids: list[int]) -> None:
        """Exactly these are done. Hold ``writing``: the numbers of rows that are gone may be given out again."""
        for start in range(0, len(ids), _BATCH):
            SearchOutbox.delete().where(SearchOutbox.id.in_(ids[start : start + _BATCH])).execute()

    @staticmethod
    def _waiting(most: int | None = None) -> list[_Waiting]:
        return list(SearchOutbox.select().order_by(SearchOutbox.id).limit(most).tuples())

    def _note_changes(self, wanted: dict[tuple[str, int], datetime]) -> None:
        """For those who saved a search: what is about to change, and what of it is new. Before it is indexed, so that
        a process killed in between loses nothing; ``kc/services/alerts.py`` works it off."""
        if not SavedSearch.select().where(SavedSearch.alert, SavedSearch.deleted_at.is_null()).exists():
            return
        try:
            there = matching.places(self.store.snapshot(), wanted)
        except Unusable:
            return  # what is new cannot be told from what was there before
        changes = [
            {"kind": kind, "object_id": number, "is_new": (kind, number) not in there, "at": since}
            for (kind, number), since in sorted(wanted.items())
        ]
        for start in range(0, len(changes), _BATCH):
            IndexedChange.insert_many(changes[start : start + _BATCH]).execute()

    def _batch(self) -> int:
        """After an import everything is done at once, so that the worker processes have something to do."""
        return 20_000 if SearchOutbox.select().count() > 4 * _BATCH else _BATCH

    def _index(self, wanted: set[tuple[str, int]], progress: Callable[[int], None] | None = None) -> None:
        """Whatever of ``wanted`` belongs in the index is put in; the rest is taken out. Hold ``writing``."""
        self.store.apply(sources.load(sorted(wanted)), wanted, progress)

    # -- the whole index

    def usable(self) -> bool:
        """Whether there is an index to read and write; starts making one when there is not."""
        try:
            self.store.snapshot()
            return True
        except Unusable as why:
            if self.background:
                self.ensure_running()
                self._wake.set()
                return False
            log.info("search: the index is %s and is built now", why.reason)
            self.rebuild()
            return True

    def rebuild(self, progress: Callable[[int], None] | None = None, wait: float = 600.0) -> int:
        """Build a new index beside the live one and swap it in; what changed meanwhile is repaired first."""
        with self.store.building(wait):
            self.rebuilding = True
            try:
                fresh = self.store.rebuild(sources.load(sources.everything()), progress)
                with self.store.writing():
                    rows = self._waiting()
                    self._note_changes(_wanted(rows))
                    self.store.swap(fresh)
                    self._repair()
                    self._done([row[0] for row in rows])
                return self.store.snapshot().count
            finally:
                self.rebuilding = False

    def rebuild_if_needed(self, progress: Callable[[int], None] | None = None) -> bool:
        """Build the index when there is none that fits this version of the program and the organisation's own words.
        True when it was built."""
        try:
            self.store.snapshot()
            if not self.words_differ():
                self.catch_up()
                return False
        except Unusable:
            pass
        self.rebuild(progress)
        return True

    # -- the organisation's own words

    def words_differ(self) -> bool:
        """Whether the index was made with other own words than those wanted now. Raises Unusable."""
        wanted = language.wanted()
        return wanted is not None and self.store.words_digest() != wanted[1]

    def language_changed(self) -> None:
        """The organisation's words were changed and committed: whole new index where that is needed, now (commands,
        tests) or soon, the old one answering meanwhile (the server). Never raises."""
        language.changed()
        if self.background:
            self.ensure_running()
            self._wake.set()
            return
        try:
            self._follow_words(wait=60.0)
        except Unusable:
            pass  # it is made when it is first needed, with the words of then
        except Exception:
            log.exception("search: the index could not be made with the changed words; kc reindex does it")

    def _follow_words(self, wait: float) -> None:
        if self.words_differ():
            log.info("search: the organisation's own words changed; the index is made anew")
            with contextlib.suppress(Busy):  # another process is building it
                self.rebuild(wait=wait)

    def differences(self) -> Differences:
        """The index against the rows. A missing index: every row is missing."""
        try:
            have = self.store.snapshot().stamps()
        except Unusable:
            have = {}
        found = Differences()
        for key, stamp in sources.stamps():
            known = have.pop(key, None)
            if known is None:
                found.missing.append(key)
            elif known != stamp:
                found.outdated.append(key)
        found.extra.extend(sorted(have))
        return found

    def repair(self) -> Differences:
        """Make the index equal to the rows; returns what was different."""
        if not self.usable():
            return Differences()
        with self.store.writing():
            return self._repair()

    def _repair(self) -> Differences:
        found = self.differences()
        if found:
            keys = (*found.missing, *found.outdated, *found.extra)
            self._index({(kind, int(number)) for kind, _, number in (key.partition(":") for key in keys)})
        return found

    # -- the background thread

    def ensure_running(self) -> None:
        """Start the thread when there is none in this process (a forked process has to start its own)."""
        with self._starting:
            if self._thread is not None and self._thread.is_alive() and self._pid == os.getpid():
                return
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self._run, name="search-indexing", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread, if there is one."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with database.connection():
                    self._turn()
            except Exception:
                log.exception("search: the indexing thread goes on after an error")
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()

    def doubt(self) -> None:
        """Searching went wrong: look whether the index is damaged, and make it anew if it is."""
        if self.background:
            self._doubted = True
            self.ensure_running()
            self._wake.set()
            return
        with contextlib.suppress(Unusable):  # it is made anew when it is next needed
            self.store.check(everything=True)

    def _turn(self) -> None:
        everything, self._doubted = self._doubted, False
        try:
            self.store.check(everything)
        except Unusable as why:
            log.warning("search: the index is %s and is built anew", why.reason)
            with contextlib.suppress(Busy):  # another process is building it
                self.rebuild(wait=0)
            return
        language.look_again()
        self._follow_words(wait=0)
        self.catch_up()
        suggestions.warm(self.store.snapshot())
        if self.after_indexing is not None:
            self.after_indexing()

    # -- how it stands

    def status(self) -> dict[str, Any]:
        """For /healthz: ``ok`` and, when not, the ``reason``; how many documents, how many changes wait."""
        waiting = SearchOutbox.select().count()
        try:
            snapshot: Snapshot = self.store.snapshot()
        except Unusable as why:
            if self.usable():
                return self.status()
            return {"ok": False, "reason": f"{why.reason}: being prepared", "preparing": True, "waiting": waiting}
        if self.background:
            self.ensure_running()
        return {
            "ok": True,
            "preparing": False,
            "adjusting": self.rebuilding or self.words_differ(),
            "documents": snapshot.count,
            "waiting": waiting,
            "version": VERSION,
        }


__all__ = ["Differences", "Indexer", "key_of"]
