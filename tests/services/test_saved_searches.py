"""Searches kept and remembered, and what is new for them: exact, honest, cheap, and their owner's alone."""

import datetime as dt
import io
from types import SimpleNamespace

import pytest
from flask import Flask
from PIL import Image

from kc import clock, search
from kc.errors import DomainError
from kc.models import IndexedChange, RecentSearch, SavedSearch, SavedSearchFind
from kc.services import alerts, attachments, findable, language, recent_searches, saved_searches
from tests import factories
from tests.conftest import count_queries


@pytest.fixture
def cast(app: Flask, cast: factories.Cast) -> factories.Cast:
    factories.make_article("ติดตามหนี้ค้างชำระ", cast.author, status="published")
    search.rebuild()
    return cast


def publish(cast: factories.Cast, title: str, **overrides: object):
    """An article appears, is indexed, and compared with the saved searches."""
    row = factories.make_article(title, cast.author, status="published", **overrides)
    tell(row)
    return row


def tell(row) -> None:
    findable.article(row)
    search.catch_up()
    alerts.find_new()


def new_of(row: SavedSearch) -> int:
    return SavedSearch.get_by_id(row.id).new_count


# ---- recent ---------------------------------------------------------------------------------------------------------


def texts_of(employee) -> list[str]:
    return [row.text for row in recent_searches.of(employee)]


def test_the_last_eight_different_ones_newest_first(cast):
    for n in range(10):
        recent_searches.remember(cast.fellow, f"เรื่องที่ {n}")
    recent_searches.remember(cast.fellow, "  เรื่องที่   5 ")
    assert texts_of(cast.fellow) == [f"เรื่องที่ {n}" for n in (5, 9, 8, 7, 6, 4, 3, 2)]
    assert RecentSearch.select().count() == 8


@pytest.mark.parametrize("text", ["", "  ", "ก", "ย" * 201])
def test_what_is_no_search_is_not_remembered(cast, text):
    recent_searches.remember(cast.fellow, text)
    assert texts_of(cast.fellow) == []


def test_everybody_has_their_own(cast):
    recent_searches.remember(cast.fellow, "หนี้")
    recent_searches.remember(cast.outsider, "หนี้")
    recent_searches.forget_all(cast.fellow)
    assert texts_of(cast.fellow) == [] and texts_of(cast.outsider) == ["หนี้"]


# ---- saved ----------------------------------------------------------------------------------------------------------


def test_a_question_is_kept_once_whatever_its_spaces(cast):
    first = saved_searches.save(cast.fellow, "หนี้ ค้าง", {"year": "2569", "page": "3", "sort": "relevance", "x": "y"})
    again = saved_searches.save(cast.fellow, " หนี้  ค้าง ", {"year": "2569"}, "ชื่ออื่น")
    other = saved_searches.save(cast.fellow, "หนี้ ค้าง", {})
    assert first.id == again.id != other.id
    assert (first.name, first.chosen) == ("หนี้ ค้าง", {"year": "2569"})
    assert (
        saved_searches.address(first)
        == "/search?q=%E0%B8%AB%E0%B8%99%E0%B8%B5%E0%B9%89+%E0%B8%84%E0%B9%89%E0%B8%B2%E0%B8%87&year=2569"
    )


def test_filters_alone_can_be_kept_but_nothing_cannot(cast):
    assert saved_searches.save(cast.fellow, "", {"year": "2569"}).name == "ค้นหาตามตัวกรอง"
    for filters in ({}, {"sort": "newest"}, {"year": " "}):
        with pytest.raises(DomainError):
            saved_searches.save(cast.fellow, " ", filters)


def test_there_is_a_most(cast, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST", 2)
    rows = [saved_searches.save(cast.fellow, text, {}) for text in ("หนึ่ง", "สอง")]
    with pytest.raises(DomainError):
        saved_searches.save(cast.fellow, "สาม", {})
    saved_searches.delete(rows[0])
    saved_searches.save(cast.fellow, "สาม", {})
    assert SavedSearch.get_or_none(SavedSearch.id == rows[0].id) is None, "what was deleted before is gone for good"


def test_deleted_it_can_be_brought_back(cast):
    row = saved_searches.save(cast.fellow, "หนี้", {})
    saved_searches.delete(row)
    assert list(saved_searches.of(cast.fellow)) == []
    saved_searches.restore(row)
    assert [r.id for r in saved_searches.of(cast.fellow)] == [row.id]


@pytest.mark.parametrize("name", ["", "   ", "ย" * 121])
def test_a_name_is_needed(cast, name):
    with pytest.raises(DomainError) as why:
        saved_searches.rename(saved_searches.save(cast.fellow, "หนี้", {}), name)
    assert why.value.field == "name"


# ---- what is new ----------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(cast) -> SimpleNamespace:
    return SimpleNamespace(
        debt=saved_searches.save(cast.fellow, "หนี้ค้างชำระ", {}),
        debt_of_outsider=saved_searches.save(cast.outsider, "หนี้ค้างชำระ", {}),
        old_year=saved_searches.save(cast.fellow, "หนี้ค้างชำระ", {"year": "2550"}),
        typed=saved_searches.save(cast.fellow, "หนี้ค้างชำระ ปี:2550", {}),
        excluded=saved_searches.save(cast.fellow, "หนี้ค้างชำระ -ผักสด", {}),
        phrase=saved_searches.save(cast.fellow, '"หนี้ค้างชำระ"', {}),
        other=saved_searches.save(cast.fellow, "จักรยาน", {}),
    )


def counts(saved: SimpleNamespace) -> dict[str, int]:
    return {name: new_of(row) for name, row in vars(saved).items() if new_of(row)}


def test_what_came_since_is_counted_where_it_matches(cast, saved):
    """What is new comes to whoever asked for it (S0-196)."""
    publish(cast, "ลดหนี้ค้างชำระก่อนฤดูเก็บเกี่ยว", background="", results="ขายผักสดทุกเช้า")
    assert counts(saved) == {"debt": 1, "debt_of_outsider": 1, "phrase": 1}
    publish(cast, "คุยเรื่องหนี้ค้างชำระ")
    assert counts(saved) == {"debt": 2, "debt_of_outsider": 2, "phrase": 2, "excluded": 1}
    assert saved_searches.unseen(cast.fellow) == 5


def test_what_was_there_before_is_not_new_when_it_is_edited(cast, saved):
    old = factories.make_article("หนี้ค้างชำระเรื่องเก่า", cast.author, status="published")
    search.rebuild()
    old.title = "หนี้ค้างชำระเรื่องเก่า แก้ไขแล้ว"
    old.save()
    tell(old)
    assert counts(saved) == {}


def test_drafts_are_new_to_nobody(cast, saved):
    tell(factories.make_article("หนี้ค้างชำระฉบับร่าง", cast.author, status="draft"))
    assert counts(saved) == {} and not IndexedChange.select().exists()


def test_something_is_new_once(cast, saved):
    row = publish(cast, "หนี้ค้างชำระเรื่องใหม่")
    tell(row)
    alerts.find_new()
    assert new_of(saved.debt) == 1


def test_looking_makes_it_seen_for_oneself_only(cast, saved):
    publish(cast, "หนี้ค้างชำระเรื่องใหม่")
    saved_searches.opened(saved.debt)
    assert (new_of(saved.debt), new_of(saved.debt_of_outsider)) == (0, 1)
    publish(cast, "หนี้ค้างชำระอีกเรื่อง")
    assert (new_of(saved.debt), new_of(saved.debt_of_outsider)) == (1, 2)


def test_what_came_before_it_was_saved_or_opened_is_not_new(app, cast):
    with clock.freeze(dt.datetime(2026, 5, 1, 3)) as time:
        row = saved_searches.save(cast.fellow, "หนี้ค้างชำระ", {})
        article = factories.make_article("หนี้ค้างชำระเรื่องใหม่", cast.author, status="published")
        findable.article(article)
        search.catch_up()
        time.advance(minutes=1)
        saved_searches.opened(row)
        alerts.find_new()
        assert new_of(row) == 0
        time.advance(minutes=1)
        publish(cast, "หนี้ค้างชำระหลังจากนั้น")
        assert new_of(row) == 1


def test_what_is_withdrawn_or_rewritten_is_taken_back(cast, saved):
    first, second = publish(cast, "หนี้ค้างชำระเรื่องแรก"), publish(cast, "หนี้ค้างชำระเรื่องที่สอง", background="")
    assert new_of(saved.debt) == 2
    first.status = "retired"
    first.save()
    tell(first)
    assert new_of(saved.debt) == new_of(saved.debt_of_outsider) == 1
    for field in ("title", "background", "goals", "target_group", "method", "results"):
        setattr(second, field, "ปลูกกุหลาบ")
    second.save()
    tell(second)
    assert new_of(saved.debt) == 0 and not SavedSearchFind.select().exists()


def test_no_alert_is_no_alert(cast, saved):
    publish(cast, "หนี้ค้างชำระเรื่องแรก")
    saved_searches.set_alert(saved.debt, False)
    publish(cast, "หนี้ค้างชำระเรื่องที่สอง")
    assert new_of(saved.debt) == 0
    saved_searches.set_alert(saved.debt, True)
    publish(cast, "หนี้ค้างชำระเรื่องที่สาม")
    assert new_of(saved.debt) == 1


def test_an_article_with_its_files_is_one_new_thing_but_for_those_who_ask_for_files(cast, saved):
    files = saved_searches.save(cast.fellow, "หนี้ค้างชำระ", {"file": "picture"})
    row = factories.make_article("หนี้ค้างชำระพร้อมภาพ", cast.author, status="published")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    attachments.store(out.getvalue(), "หนี้ค้างชำระ.png", by=cast.author, article=row)
    tell(row)
    assert (new_of(saved.debt), new_of(files)) == (1, 1)


def test_those_who_left_are_not_searched_for(cast, saved):
    cast.outsider.is_active = False
    cast.outsider.save()
    publish(cast, "หนี้ค้างชำระเรื่องใหม่")
    assert (new_of(saved.debt), new_of(saved.debt_of_outsider)) == (1, 0)


def test_a_likeness_is_no_find(cast):
    rows = [saved_searches.save(cast.fellow, text, {}) for text in ("ทุเรี่ยน", "หนี้ ทุเรียน มังคุด", "จักรยาน 20")]
    publish(cast, "ทุเรียนกับหนี้ร้อยละ 20")
    assert [new_of(row) for row in rows] == [0, 0, 0]


def test_what_the_organisation_calls_the_same_is_told_too(cast):
    language.create_group(cast.officer, ["ทุเรียน", "หมอนทอง"], "synonym")
    row = saved_searches.save(cast.fellow, "ทุเรียน", {})
    publish(cast, "ขายหมอนทองก่อนฤดู")
    assert new_of(row) == 1


def test_killed_before_it_compared_it_compares_later(cast, saved):
    row = factories.make_article("หนี้ค้างชำระเรื่องใหม่", cast.author, status="published")
    findable.article(row)
    search.catch_up()
    assert counts(saved) == {} and IndexedChange.select().where(IndexedChange.is_new).count() == 1
    alerts.find_new()
    assert new_of(saved.debt) == 1


def test_where_nobody_asks_nothing_is_noted(cast):
    publish(cast, "หนี้ค้างชำระเรื่องใหม่")
    row = saved_searches.save(cast.fellow, "หนี้ค้างชำระ", {})
    alerts.find_new()
    assert new_of(row) == 0 and not IndexedChange.select().exists()


def test_many_searches_cost_few_statements_and_the_same_question_is_asked_once(cast, monkeypatch):
    people = [factories.make_employee(unit=cast.branch) for _ in range(30)]
    for person in people:
        saved_searches.save(person, "หนี้ค้างชำระ", {})
        saved_searches.save(person, f"จักรยานคันที่ {person.id}", {})
    asked = []
    from kc.search import matching

    real = matching.found_among
    monkeypatch.setattr(matching, "found_among", lambda *what: asked.append(what[1]) or real(*what))
    factories.make_article("หนี้ค้างชำระเรื่องใหม่", cast.author, status="published")
    row = factories.make_article("หนี้ค้างชำระอีกเรื่อง", cast.author, status="published")
    findable.article(row)
    search.catch_up()
    with count_queries() as sent:
        alerts.find_new()
    assert SavedSearchFind.select().count() == 30
    assert asked.count("หนี้ค้างชำระ") == 1
    assert len(sent) < 30, sent
