"""Search, sealed: what others may use stands in ``__all__``; Whoosh and the Thai tokenizer live in here only.

``init`` once when the application is made; ``queue`` inside the transaction that changed something; ``search`` to ask.
The database is the truth: the index can be deleted at any time and is built again from it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kc.db import db
from kc.search import explaining, language, matching, suggestions, wording
from kc.search.explaining import Explanation, Reason
from kc.search.filters import any_of
from kc.search.indexing import Differences, Indexer
from kc.search.searching import Filters, Hit, Results, answer, marked_in, run
from kc.search.store import Unusable
from kc.search.suggestions import Suggested, Suggestion, letters, marked

if TYPE_CHECKING:
    from kc.models import Employee

log = logging.getLogger(__name__)

EVERYBODY = ("all",)
NARROW = ("question",)  # kinds of which not all are for all staff

_indexer: Indexer | None = None
_sees: Callable[[Employee | None], tuple[str, ...]] | None = None  # see `sees`


def init(directory: Path, *, background: bool) -> None:
    """Use the index in ``directory``. ``background``: index in a thread of its own, not right after each commit."""
    global _indexer
    stop()
    language.configure(Path(directory))
    _indexer = Indexer(Path(directory), background)
    if background:
        _indexer.ensure_running()


def stop() -> None:
    """Index nothing more in the background of this process."""
    if _indexer is not None:
        _indexer.stop()


def _current() -> Indexer:
    if _indexer is None:
        raise RuntimeError("search.init() was not called")
    return _indexer


def queue(kind: str, object_id: int) -> None:
    """Tell search that a record changed, appeared or went; inside the transaction. Indexed after the commit."""
    _current().queue(kind, object_id)


def changed() -> None:
    """Many outbox rows were written at once: index them after the commit."""
    _current().changed()


def language_changed() -> None:
    """The organisation's words change in this transaction: after the commit they hold at once. Changed own words also
    need a whole new index: made in the background while the old one answers (or at once, without a background)."""
    db.after_commit(_current().language_changed)


def catch_up(progress: Callable[[int], None] | None = None) -> int:
    """Index what waits in the outbox, now; returns how many records. Never raises. ``progress``: told each few done."""
    return _current().catch_up(progress)


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Build the whole index anew beside the live one and swap it in; returns the number of documents."""
    return _current().rebuild(progress)


def rebuild_if_needed(progress: Callable[[int], None] | None = None) -> bool:
    """Build the index if it is missing, broken or of another version, else catch up; True when it was built."""
    return _current().rebuild_if_needed(progress)


def repair() -> Differences:
    """Make the index equal to the database without building it anew; returns what was different."""
    return _current().repair()


def differences() -> Differences:
    """The index against the rows, by key such as "knowledge:12"; empty (false) when they agree."""
    return _current().differences()


def status() -> dict[str, Any]:
    """For /healthz: ``ok``, ``reason`` when not, ``preparing``, ``documents``, ``waiting``; ``adjusting`` while a new
    index is being made for changed own words (the old one answers meanwhile)."""
    return _current().status()


def search(
    text: str,
    *,
    viewer: Employee | None = None,
    filters: Filters | None = None,
    sort: str = "relevance",
    page: int = 1,
    per_page: int = 10,
    exactly: bool = False,
) -> Results:
    """Find what ``viewer`` may see. Empty text lists everything within the filters, newest first.

    ``sort``: relevance, newest or oldest. ``exactly``: never search for anything but what was typed. A page past the
    end has no hits and the right total. Never raises: while there is no index the results say ``preparing``, when
    something goes wrong ``failed``.
    """
    indexer = _current()
    try:
        if not indexer.usable():
            return Results(preparing=True)
        snapshot, sight = indexer.store.snapshot(), _sight(viewer)
        return run(snapshot, text, sight, filters or Filters(), sort, page, per_page, exactly=exactly)
    except Unusable:
        return Results(preparing=True)
    except Exception:
        log.exception("search failed")
        indexer.doubt()
        return Results(failed=True)


def explain(
    text: str, kind: str, object_id: int, *, viewer: Employee | None = None, exactly: bool = False
) -> Explanation | None:
    """Why a search for ``text`` finds this thing; None when it does not, or when ``viewer`` may not see the thing."""
    try:
        snapshot = _current().store.snapshot()
        document = matching.places(snapshot, [(kind, object_id)]).get((kind, object_id))
        permitted = any_of(snapshot, "see", _sight(viewer))
        if document is None or not permitted[document]:
            return None
        engine, instead = answer(snapshot, text, permitted, exactly)
        return explaining.explain(snapshot, engine, document, instead) if engine.ranking.hits[document] else None
    except Unusable:
        return None


def suggest(typed: str, *, viewer: Employee | None = None, limit: int = 5) -> Suggested:
    """What may be meant by what was typed so far, of what ``viewer`` may see; nothing while there is no index."""
    indexer = _current()
    try:
        if not typed.strip() or not indexer.usable():
            return Suggested()
        snapshot = indexer.store.snapshot()
        return suggestions.suggest(snapshot, typed, any_of(snapshot, "see", EVERYBODY), limit)
    except Unusable:
        return Suggested()
    except Exception:
        log.exception("suggesting failed")
        return Suggested()


def found_among(
    questions: Iterable[tuple[Employee | None, str, Filters]], documents: Iterable[tuple[str, int]]
) -> list[set[tuple[str, int]]]:
    """For each (viewer, text, filters) those of ``documents``, given as (kind, id), that its search would show.

    The same question asked by people who see the same is asked once. Raises Unusable while there is no index.
    """
    snapshot, documents = _current().store.snapshot(), list(documents)
    there = matching.places(snapshot, documents)
    narrow = any(kind in NARROW for kind, _ in documents)  # the rest is seen by all: nobody's circles are asked for
    known: dict[Any, set[tuple[str, int]]] = {}
    answers = []
    for viewer, text, filters in questions:
        sight = _sight(viewer) if narrow else EVERYBODY
        key = (text, sight, str(sorted(filters.chosen().items())), filters.since, filters.until)
        if key not in known:
            known[key] = matching.found_among(snapshot, text, sight, filters, there)
        answers.append(known[key])
    return answers


def may_find(questions: Iterable[tuple[str, Filters]], documents: Iterable[tuple[str, int]]) -> list[bool]:
    """For each (text, filters) whether it is worth asking ``found_among``, whoever asks. Raises Unusable."""
    snapshot = _current().store.snapshot()
    among = matching.set_of(snapshot, matching.places(snapshot, documents).values())
    return [matching.may_find(snapshot, text, filters, among) for text, filters in questions]


def when_indexed(work: Callable[[], object]) -> None:
    """Have ``work`` done now and then by the indexing thread, after what waited was indexed."""
    _current().after_indexing = work


def sees(circles: Callable[[Employee | None], tuple[str, ...]]) -> None:
    """Let ``circles`` say whose documents somebody may see, in the words of the documents' ``visible_to``."""
    global _sees
    _sees = circles


def _sight(viewer: Employee | None) -> tuple[str, ...]:
    """Whose documents someone may see: until somebody says more (``sees``), what is for all staff."""
    return _sees(viewer) if _sees is not None else EVERYBODY


__all__ = [
    "Differences",
    "Explanation",
    "Filters",
    "Hit",
    "Reason",
    "Results",
    "Suggested",
    "Suggestion",
    "Unusable",
    "catch_up",
    "changed",
    "differences",
    "explain",
    "found_among",
    "init",
    "language_changed",
    "letters",
    "marked",
    "marked_in",
    "may_find",
    "queue",
    "rebuild",
    "rebuild_if_needed",
    "repair",
    "search",
    "sees",
    "status",
    "suggest",
    "when_indexed",
    "wording",
]
