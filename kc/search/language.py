"""The organisation's language as search reads it: words that mean the same, and own words for the tokenizer.

``current()`` is asked at every search, so it costs no statement: what was read is kept until it changes. Whoever
changes it says so after the commit; other processes see it by a small file in the index folder, and, should that have
gone wrong, by looking again now and then.

Own words are another matter: an index is made with the words of its day, and must be asked with the same. The index
folder keeps them, ``use`` tells which they are, and a whole new index is made when they are no longer the wanted ones.
"""

import contextlib
import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from kc import db as database
from kc.models import OwnWord, SynonymGroup, SynonymTerm
from kc.search.text import fold, squeeze
from kc.thai.repair import repair

log = logging.getLogger(__name__)

_STAMP = "language.stamp"
_LOOK_AGAIN_SECONDS = 30.0
_TRY_AGAIN_SECONDS = 1.0
_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def key(text: str) -> str:
    """Equal for what search takes for the same word: ธ.ก.ส. and ธกส, KPI and kpi, ๕ส and 5ส. Idempotent."""
    known = text
    for _ in range(8):  # twice nearly always; "กก.." loses its dots one at a time
        before, known = known, squeeze(fold(repair(known)))
        if known == before:
            break
    return known


def digest_of(words: Iterable[str]) -> str:
    """A name for a set of own words; "" for none."""
    ordered = "\n".join(sorted(words))
    return hashlib.sha256(ordered.encode()).hexdigest()[:16] if ordered else ""


@dataclass(frozen=True, slots=True)
class Language:
    """What holds now. ``alike``: key of a term -> the other terms of its group as written; ``words``: own words."""

    groups: tuple[tuple[str, ...], ...] = ()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    words: frozenset[str] = frozenset()
    digest: str = ""  # of the words alone: the index has to be made anew when it changes


class _Kept:
    """What this process read last, and by which stamp."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.folder: Path | None = None
        self.language = Language()
        self.stamp: object = None
        self.sure = False  # whether it could be read
        self.tried_at = 0.0
        self.changes = 0  # counted here, so that this process need not wait for the file

    def holds(self, stamp: object) -> bool:
        """Whether what was read is what there is; what could not be read is tried again, but not all the time."""
        return stamp == self.stamp and (self.sure or time.monotonic() - self.tried_at < _TRY_AGAIN_SECONDS)


_kept = _Kept()
_in_use: frozenset[str] = frozenset()
_here: ContextVar[frozenset[str] | None] = ContextVar("words_of_the_index_being_made", default=None)


def configure(folder: Path) -> None:
    """Begin anew, for the database and the index folder of another application."""
    global _kept, _in_use
    _kept, _in_use = _Kept(), frozenset()
    _kept.folder = folder


def current() -> Language:
    """What holds now. Never raises: without a database what was last known holds, or nothing."""
    kept = _kept
    if not kept.holds(_stamp(kept)):
        with kept.lock:
            stamp = _stamp(kept)
            if not kept.holds(stamp):
                _read(kept, stamp)
    return kept.language


def _stamp(kept: _Kept) -> tuple[int, int]:
    """Another one whenever somebody changed something, in this process or another."""
    try:
        return kept.changes, os.stat(kept.folder / _STAMP).st_mtime_ns if kept.folder else 0
    except OSError:
        return kept.changes, 0


def _read(kept: _Kept, stamp: object) -> None:
    """Read it all anew; when that fails, what is known stays."""
    try:
        with database.connection():
            kept.language, kept.sure = _load(), True
    except Exception as why:  # no table before the first migration; a database that is away
        kept.sure = False
        log.info("search: the organisation's words cannot be read: %s", why)
    kept.stamp, kept.tried_at = stamp, time.monotonic()


def _load() -> Language:
    rows = (
        SynonymTerm.select(SynonymTerm.group, SynonymTerm.text, SynonymTerm.key)
        .join(SynonymGroup)
        .where(SynonymGroup.is_active, SynonymGroup.deleted_at.is_null(), SynonymTerm.key.is_null(False))
        .order_by(SynonymTerm.group, SynonymTerm.position, SynonymTerm.id)
        .tuples()
    )
    groups: dict[int, list[tuple[str, str]]] = {}
    for group, text, term_key in rows:
        groups.setdefault(group, []).append((text, term_key))
    alike = {
        term_key: tuple(other for other, other_key in terms if other_key != term_key)
        for terms in groups.values()
        for _text, term_key in terms
    }
    own = OwnWord.select(OwnWord.key).where(OwnWord.is_active, OwnWord.key.is_null(False)).tuples()
    words = frozenset(word for (word,) in own)
    written = tuple(tuple(text for text, _key in terms) for terms in groups.values())
    return Language(written, MappingProxyType(alike), words, digest_of(words))


def changed() -> None:
    """Something was committed: it holds at once here, and at their next look in the other processes."""
    kept = _kept
    kept.changes += 1
    if kept.folder is None:
        return
    try:
        kept.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = kept.folder / _STAMP
        stamp.touch()
        os.utime(stamp, ns=(time.time_ns(), time.time_ns()))
    except OSError as why:
        log.warning("search: other processes see the changed words only in a while: %s", why)


def look_again() -> None:
    """Now and then, in the background: read anew, should a change have been missed."""
    if time.monotonic() - _kept.tried_at > _LOOK_AGAIN_SECONDS:
        _kept.changes += 1
        current()


# ---- own words: those wanted, and those the index at hand was made with ----------------------------------------------


def wanted() -> tuple[frozenset[str], str] | None:
    """The own words an index should be made with, and their digest; None while the database does not say."""
    language = current()
    return (language.words, language.digest) if _kept.sure else None


def tokenizer_words() -> frozenset[str]:
    """The own words to cut with, here and now: of the index being made in this context, else of the live index.

    The same object as long as the words are the same, so that what is derived from them can be kept by them.
    """
    making = _here.get()
    return _in_use if making is None else making


def use(words: Iterable[str]) -> None:
    """The live index was made with these words (or this worker process makes one with them)."""
    global _in_use
    fresh = frozenset(words)
    if fresh != _in_use:
        _in_use = fresh


@contextlib.contextmanager
def cutting_with(words: frozenset[str]) -> Iterator[None]:
    """Cut with these words in this thread: a new index is made while the old one goes on answering."""
    token = _here.set(_in_use if words == _in_use else words)
    try:
        yield
    finally:
        _here.reset(token)


__all__ = [
    "Language",
    "changed",
    "configure",
    "current",
    "cutting_with",
    "digest_of",
    "key",
    "look_again",
    "tokenizer_words",
    "use",
    "wanted",
]
