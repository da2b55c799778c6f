"""Published articles are found, and only those: outbox, index and rows together."""

import datetime as dt
import shutil
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from kc import clock, db, search
from kc.models import ArticleAuthor, KnowledgeArticle, SearchOutbox
from kc.search.indexing import Indexer
from tests import factories
from tests.conftest import count_queries


def publish(title: str, body: str = "", **columns: object) -> KnowledgeArticle:
    with db.db.atomic():
        article = KnowledgeArticle.create(
            **{
                "title": title,
                "body": body,
                "status": "published",
                "published_on": clock.today(),
                "form_key": f"key-{title}-{time.perf_counter_ns()}",
            }
            | columns
        )
        search.queue("knowledge", article.id)
    return article


def ids(text: str, **how: object) -> list[int]:
    found = search.search(text, **how).hits  # type: ignore[arg-type]
    return [hit.id for hit in found if hit.kind == "knowledge"]


def test_saved_is_found_changed_is_changed_and_gone_is_gone(app: Flask) -> None:
    article = publish("ลดหนี้ค้างชำระ", "เยี่ยมลูกหนี้ก่อนวันครบกำหนด")
    assert ids("ลูกหนี้") == [article.id]
    assert SearchOutbox.select().count() == 0
    with db.db.atomic():
        article.body = "ปลูกข้าวหอมมะลิ"
        article.save()
        search.queue("knowledge", article.id)
    assert ids("ครบกำหนด") == [] and ids("หอมมะลิ") == [article.id]
    with db.db.atomic():
        article.status = "retired"
        article.save()
        search.queue("knowledge", article.id)
    assert ids("หอมมะลิ") == []


def test_a_rolled_back_save_is_not_indexed(app: Flask) -> None:
    with pytest.raises(RuntimeError), db.db.atomic():
        article = KnowledgeArticle.create(title="ยังไม่เสร็จ", status="published", form_key="x")
        search.queue("knowledge", article.id)
        raise RuntimeError
    assert ids("เสร็จ") == [] and SearchOutbox.select().count() == 0


def test_drafts_are_not_found(app: Flask) -> None:
    publish("ร่างความรู้เรื่องข้าว", status="draft")
    assert search.search("ข้าว").total == 0
    assert search.search("").total == 0


def test_every_part_and_everything_about_it_finds_an_article(app: Flask) -> None:
    unit = factories.make_unit("สาขาทุ่งกุลา")
    topic = factories.make_topic("ธุรกิจชุมชน")
    person = factories.make_employee("ดวงใจ รักษ์ป่า")
    article = publish(
        "เรื่องหนึ่ง",
        background="ภัยแล้งซ้ำซาก",
        goals="รายได้เพิ่ม",
        target_group="กลุ่มแม่บ้าน",
        method="ทดลองปลูกถั่ว",
        results="ขายได้จริง",
        unit=unit,
        topic=topic,
    )
    with db.db.atomic():
        ArticleAuthor.create(article=article, employee=person)
        search.queue("knowledge", article.id)
    for word in ("ภัยแล้ง", "รายได้", "แม่บ้าน", "ปลูกถั่ว", "ขายได้จริง", "ทุ่งกุลา", "ธุรกิจชุมชน", "ดวงใจ"):
        assert ids(word) == [article.id], word


def test_filters_by_series_year_unit_and_kind(app: Flask) -> None:
    parent = factories.make_unit("ฝ่ายเหนือ")
    child = factories.make_unit("สาขาเหนือ", parent=parent)
    old = factories.make_topic("เงินฝาก", year=factories.make_year(2566))
    new = factories.make_topic("เงินฝากและออมทรัพย์", year=factories.make_year(2567), series=old.series)
    one = publish("ออมเงินหนึ่ง", topic=old, unit=child, fiscal_year=old.fiscal_year, kind="story")
    two = publish("ออมเงินสอง", topic=new, unit=parent, fiscal_year=new.fiscal_year, kind="manual")
    publish("ออมเงินสาม")
    by = search.Filters
    assert set(ids("ออมเงิน", filters=by(topic=old.series))) == {one.id, two.id}
    assert ids("ออมเงิน", filters=by(year=2566)) == [one.id]
    assert ids("ออมเงิน", filters=by(units=frozenset({child.id}))) == [one.id]
    assert ids("ออมเงิน", filters=by(article_kind="manual")) == [two.id]
    facets = search.search("ออมเงิน").facets
    assert facets["topic"] == {old.series: 2}
    assert facets["year"] == {2566: 1, 2567: 1}
    assert facets["kind"] == {"story": 1, "manual": 1, "best_practice": 1}


def test_sorting_by_day(app: Flask) -> None:
    days = [dt.date(2024, 1, 5), dt.date(2026, 3, 1), dt.date(2025, 7, 9)]
    made = [publish(f"ข้าว {n}", published_on=day).id for n, day in enumerate(days)]
    assert ids("ข้าว", sort="newest") == [made[1], made[2], made[0]]
    assert ids("ข้าว", sort="oldest") == [made[0], made[2], made[1]]
    assert ids("", per_page=1, page=2) == [made[2]]


def test_a_deleted_index_is_built_again(app: Flask, settings: dict[str, str]) -> None:
    article = publish("ปลูกข้าว")
    shutil.rmtree(settings["KC_SEARCH_DIR"])
    assert ids("ข้าว") == [article.id]
    assert search.status()["ok"]


def test_differences_are_found_and_repaired(app: Flask) -> None:
    changed, gone, kept = publish("ข้าวหนึ่ง"), publish("ข้าวสอง"), publish("ข้าวสาม")
    assert not search.differences()
    KnowledgeArticle.update(title="ถั่วหนึ่ง").where(KnowledgeArticle.id == changed.id).execute()
    KnowledgeArticle.update(status="retired").where(KnowledgeArticle.id == gone.id).execute()
    missing = KnowledgeArticle.create(title="ข้าวสี่", status="published", form_key="y")
    found = search.differences()
    assert found.outdated == [f"knowledge:{changed.id}"]
    assert found.extra == [f"knowledge:{gone.id}"]
    assert found.missing == [f"knowledge:{missing.id}"]
    assert search.repair().count == 3
    assert not search.differences()
    assert set(ids("ข้าว")) == {kept.id, missing.id} and ids("ถั่ว") == [changed.id]


def test_a_failed_index_write_never_fails_the_save(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("ข้าวหนึ่ง")

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("kc.search.store.Store.apply", fail)
        article = publish("ข้าวสอง")
    assert SearchOutbox.select().count() == 1
    assert search.status()["waiting"] == 1
    assert search.catch_up() == 1
    assert article.id in ids("ข้าว")


def test_an_outdated_index_is_prepared_in_the_background(app: Flask, settings: dict[str, str]) -> None:
    article = publish("ปลูกข้าว")
    Path(settings["KC_SEARCH_DIR"], "current").write_text('{"folder": "index-x", "version": "old"}')
    search.init(Path(settings["KC_SEARCH_DIR"]), background=True)
    try:
        deadline = time.monotonic() + 20
        while not search.status()["ok"] and time.monotonic() < deadline:
            assert search.search("ข้าว").preparing
            time.sleep(0.05)
        assert ids("ข้าว") == [article.id]
        later = publish("ปลูกข้าวโพด")
        while later.id not in ids("ข้าวโพด") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert ids("ข้าวโพด") == [later.id]
    finally:
        search.init(Path(settings["KC_SEARCH_DIR"]), background=False)


def test_two_indexers_on_one_folder(app: Flask, settings: dict[str, str]) -> None:
    """Two processes of a server, here as two indexers: both may work off the outbox, neither loses anything."""
    folder = Path(settings["KC_SEARCH_DIR"])
    one, other = Indexer(folder, background=False), Indexer(folder, background=False)
    one.rebuild()
    for n in range(10):
        article = KnowledgeArticle.create(title=f"ข้าว {n}", status="published", form_key=f"k{n}")
        SearchOutbox.create(kind="knowledge", object_id=article.id)

    def work(indexer: Indexer) -> None:
        with db.connection():
            indexer.catch_up()

    workers = [threading.Thread(target=work, args=(indexer,)) for indexer in (one, other)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert SearchOutbox.select().count() == 0
    assert one.store.snapshot().count == other.store.snapshot().count == 10


def test_searching_asks_the_database_nothing(app: Flask) -> None:
    publish("ปลูกข้าว")
    search.search("ข้าว")
    with count_queries() as sent:
        search.search("ข้าว", filters=search.Filters(year=2567), sort="newest")
    assert sent == []
