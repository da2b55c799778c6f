"""What was saved is found, whatever indexes at the same time: no row of the outbox is lost, no alert is lost."""

import pytest
from flask import Flask

from kc import search
from kc.models import Employee, IndexedChange, KnowledgeArticle, SavedSearch, SearchOutbox
from kc.search import _current
from kc.search.indexing import Indexer
from kc.search.postings import UnknownFormat
from kc.services import alerts, findable, saved_searches
from tests import factories


@pytest.fixture
def author(app: Flask) -> Employee:
    search.rebuild()
    return factories.make_employee("ผู้เขียน เรื่องจริง")


@pytest.fixture
def waiting(author: Employee, monkeypatch: pytest.MonkeyPatch) -> Indexer:
    """As in a server whose indexing thread has not had its turn yet."""
    indexer = _current()
    monkeypatch.setattr(indexer, "background", True)
    monkeypatch.setattr(indexer, "ensure_running", lambda: None)
    return indexer


def fail(*_args: object, **_how: object) -> None:
    raise UnknownFormat("no posting list stands there")


def publish(title: str, author: Employee) -> KnowledgeArticle:
    row = factories.make_article(title, author, status="published")
    findable.article(row)
    return row


def test_a_row_that_gets_the_number_of_one_worked_off_is_not_taken_for_it(
    waiting: Indexer, author: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        publish(f"เรื่องที่ {number}", author)
    build, repair = waiting.store.rebuild, waiting._repair

    def built(*args):  # type: ignore[no-untyped-def]
        fresh = build(*args)
        SearchOutbox.delete().execute()  # another process worked it off meanwhile
        return fresh

    def repaired():  # type: ignore[no-untyped-def]
        found = repair()
        publish("ประกาศระหว่างสลับดัชนี", author)
        return found

    monkeypatch.setattr(waiting.store, "rebuild", built)
    monkeypatch.setattr(waiting, "_repair", repaired)
    waiting.rebuild()
    last = KnowledgeArticle.select().order_by(KnowledgeArticle.id.desc()).get()
    assert ("knowledge", last.id) in {(row.kind, row.object_id) for row in SearchOutbox.select()}
    waiting.catch_up()
    assert not SearchOutbox.select().exists() and not search.differences()


def test_what_is_published_while_an_index_is_made_is_told_to_saved_searches(waiting: Indexer, author: Employee) -> None:
    saved_searches.save(author, "ฝากเงิน", {})
    publish("วิธีฝากเงินใหม่", author)
    waiting.rebuild()
    assert not SearchOutbox.select().exists()
    assert alerts.find_new() and SavedSearch.get().new_count


def test_a_change_is_compared_only_when_it_stands_in_the_index(
    waiting: Indexer, author: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved_searches.save(author, "ฝากเงิน", {})
    publish("ฝากเงินตัวใหม่", author)
    index = waiting._index

    def indexed(*args):  # type: ignore[no-untyped-def]
        assert IndexedChange.select().exists() and alerts.find_new() == 0  # another process looks just now
        index(*args)

    monkeypatch.setattr(waiting, "_index", indexed)
    waiting.catch_up()
    assert alerts.find_new() and not IndexedChange.select().exists()


def test_a_search_that_fails_says_so_and_a_damaged_index_is_made_anew(
    author: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("วิธีฝากเงินใหม่", author)
    store = _current().store
    assert search.search("ฝากเงิน").total
    for file in store.folder.glob("index-*/*.seg"):
        data = file.read_bytes()
        file.write_bytes(bytes(byte ^ 0xFF for byte in data))
    with monkeypatch.context() as reading:  # what is in memory would still answer
        reading.setattr(search, "run", fail)
        assert search.search("ฝากเงิน").failed
    assert search.search("ฝากเงิน").total, "made anew before the next answer"
