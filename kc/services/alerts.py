"""What is new for saved searches: found by the indexing thread, so that no page ever waits for it.

The index notes what it learns (`IndexedChange`); every minute or so that is compared, all at once, with every saved
search that wants to know. The same question of many people is asked once, and only of what is new.
"""

import datetime as dt
import json
import logging
import time
from collections.abc import Iterator

import peewee as pw

from kc import search
from kc.db import db
from kc.models import Employee, IndexedChange, OrgUnit, SavedSearch, SavedSearchFind, SearchOutbox
from kc.services import search_filters

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds between two looks
_CHANGES_AT_ONCE = 20_000
_SEARCHES_AT_ONCE = 500
_IDS_AT_ONCE = 500

Pair = tuple[str, int]
_looked_at = -EVERY


def now_and_then() -> None:
    """Look for what is new, unless that was done a moment ago; called by the indexing thread."""
    global _looked_at
    if time.monotonic() - _looked_at >= EVERY and IndexedChange.select().exists():
        _looked_at = time.monotonic()
        find_new()


def find_new() -> int:
    """Compare everything the index learnt with the saved searches; returns how many finds were noted.

    Run twice it finds nothing twice. While there is no index, it waits.
    """
    found = 0
    try:
        while rows := list(_indexed().order_by(IndexedChange.id).limit(_CHANGES_AT_ONCE)):
            found += _compare(rows)
            for start in range(0, len(rows), _IDS_AT_ONCE):
                ids = [row.id for row in rows[start : start + _IDS_AT_ONCE]]
                IndexedChange.delete().where(IndexedChange.id.in_(ids)).execute()
    except search.Unusable:
        log.info("alerts: the index is being prepared; what is new waits")
    return found


def _indexed() -> pw.ModelSelect:
    """Changes that stand in the index by now: whoever indexes notes them first, and may still be at it."""
    waits = SearchOutbox.select().where(
        (SearchOutbox.kind == IndexedChange.kind) & (SearchOutbox.object_id == IndexedChange.object_id)
    )
    return IndexedChange.select().where(~pw.fn.EXISTS(waits))


def _compare(rows: list[IndexedChange]) -> int:
    new = {(row.kind, row.object_id): row.at for row in rows if row.is_new}
    _take_back([(row.kind, row.object_id) for row in rows])
    if not new:
        return 0
    keys = _worth_asking(list(new))
    found = 0
    for start in range(0, len(keys), _IDS_AT_ONCE):
        asking = SavedSearch.question_key.in_(keys[start : start + _IDS_AT_ONCE])
        found += sum(_note(searches, new) for searches in _searches(asking))
    return found


def _worth_asking(new: list[Pair]) -> list[str]:
    """The questions whose words stand in something new, each once however many people ask it."""
    columns = (SavedSearch.question_key, SavedSearch.text, SavedSearch.filters)
    rows = SavedSearch.select(*columns).where(SavedSearch.alert, SavedSearch.deleted_at.is_null()).distinct()
    directory = search_filters.Directory()
    asked = {key: search_filters.ask(text, json.loads(chosen), directory) for key, text, chosen in rows.tuples()}
    answers = search.may_find([(question.words, question.filters) for question in asked.values()], new)
    return [key for key, answer in zip(asked, answers, strict=True) if answer]


def _searches(*which: pw.Expression) -> Iterator[list[SavedSearch]]:
    """Saved searches that want to know, with their owners, some hundred at a time."""
    last = 0
    while True:
        some = list(
            SavedSearch.select(SavedSearch, Employee, OrgUnit)
            .join(Employee)
            .join(OrgUnit)
            .where(
                SavedSearch.id > last, SavedSearch.alert, SavedSearch.deleted_at.is_null(), Employee.is_active, *which
            )
            .order_by(SavedSearch.id)
            .limit(_SEARCHES_AT_ONCE)
        )
        if not some:
            return
        yield some
        last = some[-1].id


def _found(searches: list[SavedSearch], documents: list[Pair]) -> list[set[Pair]]:
    """For each saved search what of the documents its page would show."""
    directory, understood = search_filters.Directory(), {}
    directory.look_up(saved.chosen.get("author", "") for saved in searches)
    for saved in searches:
        if saved.question_key not in understood:
            understood[saved.question_key] = search_filters.ask(saved.text, saved.chosen, directory)
    asked = [understood[saved.question_key] for saved in searches]
    questions = [(s.employee, q.words, q.filters) for s, q in zip(searches, asked, strict=True)]
    found = search.found_among(questions, documents)
    return [_worth_telling(pairs, question.filters) for pairs, question in zip(found, asked, strict=True)]


def _worth_telling(found: set[Pair], filters: search.Filters) -> set[Pair]:
    """An article with four files is one thing that is new: files count only for who asks for files."""
    if filters.file or "attachment" in (filters.kind or ()):
        return found
    return {pair for pair in found if pair[0] != "attachment"}


def _note(searches: list[SavedSearch], new: dict[Pair, dt.datetime]) -> int:
    """Note finds that came after the owner last looked."""
    finds = [
        {"saved_search": saved.id, "kind": kind, "object_id": number}
        for saved, pairs in zip(searches, _found(searches, list(new)), strict=True)
        for kind, number in sorted(pairs)
        if new[kind, number] >= saved.opened_at
    ]
    with db.atomic():
        for start in range(0, len(finds), _IDS_AT_ONCE):
            SavedSearchFind.insert_many(finds[start : start + _IDS_AT_ONCE]).on_conflict_ignore().execute()
        _count({find["saved_search"] for find in finds})
    return len(finds)


def _take_back(changed: list[Pair]) -> None:
    """What was found and no longer matches (withdrawn, rewritten, hidden) is not new to anybody."""
    for kind in {kind for kind, _ in changed}:
        ids = [number for its_kind, number in changed if its_kind == kind]
        for start in range(0, len(ids), _IDS_AT_ONCE):
            _take_back_some(kind, ids[start : start + _IDS_AT_ONCE])


def _take_back_some(kind: str, ids: list[int]) -> None:
    these = (SavedSearchFind.kind == kind) & SavedSearchFind.object_id.in_(ids)
    finders = SavedSearchFind.select(SavedSearchFind.saved_search).where(these)
    pairs = [(kind, number) for number in ids]
    for searches in _searches(SavedSearch.id.in_(finders)):
        for saved, still in zip(searches, _found(searches, pairs), strict=True):
            gone = these & (SavedSearchFind.saved_search == saved)
            if still:
                gone &= SavedSearchFind.object_id.not_in([number for _, number in still])
            if SavedSearchFind.delete().where(gone).execute():
                _count({saved.id})


def _count(ids: set[int]) -> None:
    """Bring the stored counts in step with the finds."""
    finds = SavedSearchFind.select(pw.fn.COUNT(SavedSearchFind.id)).where(
        SavedSearchFind.saved_search == SavedSearch.id
    )
    wanted = sorted(ids)
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        some = SavedSearch.id.in_(wanted[start : start + _IDS_AT_ONCE])
        SavedSearch.update(new_count=finds).where(some).execute()
