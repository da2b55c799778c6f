"""What is written down of searches: settled ones, without names in time, never in the way of a search."""

import datetime as dt
import logging
import random
import sqlite3
import time

import pytest

from kc import clock, db
from kc.models import Employee, RecentSearch, SearchLog, SearchMonth, SearchOpening
from kc.services import recent_searches, search_log
from kc.services.search_log import INSTEAD, NEW, SAME, Searched
from tests import factories
from tests.conftest import POSTGRES, count_queries

NOON = dt.datetime(2026, 11, 20, 5)


def searched(text, **given):
    return Searched(**{"text": text, "words": text, "total": 3} | given)


def texts():
    return [row.text for row in SearchLog.select().order_by(SearchLog.id)]


@pytest.fixture
def someone(app):
    return factories.make_employee()


def test_a_search_is_kept_as_typed_with_what_it_found(someone):
    with clock.freeze(NOON):
        number = search_log.note(
            someone, searched("ลดหนี้ ปี:2569", words="ลดหนี้ ", filters={"year": "2569"}, total=12, page=2, took_ms=1.25)
        )
    row = SearchLog.get_by_id(number)
    assert (row.text, row.key, row.total, row.page, row.took_ms) == ("ลดหนี้ ปี:2569", "ลดหนี้", 12, 2, 1.2)
    assert (row.employee, row.searched_at, row.chosen) == (someone, NOON, {"year": "2569"})


@pytest.mark.parametrize(
    ("one", "other"), [("ลด หนี้", "ลดหนี้"), ("ธ.ก.ส.", "ธกส"), ("ปี ๒๕๖๙", "ปี2569"), ("COVID", "covid"), ("เเม่", "แม่")]
)
def test_the_same_words_typed_differently_have_one_key(one, other):
    assert search_log.key_of(one) == search_log.key_of(other) != ""


@pytest.mark.parametrize("nothing", ["", "  ", "-", "“”", "1234567890123"])
def test_what_has_no_words_is_not_kept(someone, nothing):
    assert search_log.note(someone, searched(nothing)) is None
    assert texts() == []


@pytest.mark.parametrize("number", ["1234567890123", "1-2345-67890-12-3", "๑๒๓๔๕๖๗๘๙๐๑๒๓", "1 2345 67890 12 3"])
def test_a_number_like_a_national_id_is_never_stored(someone, number):
    search_log.note(someone, searched(f"สินเชื่อของ {number}", filters={"author": number}, corrected=number))
    row = SearchLog.get()
    stored = " ".join((row.text, row.key, row.filters, row.corrected))
    assert "สินเชื่อของ" in row.text and not any(letter in stored for letter in "1234567890๑๒๓๔๕๖๗๘๙๐")
    assert search_log.masked("ปี 2569 และ 081-234-5678") == "ปี 2569 และ 081-234-5678"


# ---- half words ----


def test_typing_leaves_one_row_with_the_words_it_ended_in(someone):
    with clock.freeze(NOON) as now:
        for typed in ("การ", "การจัดกา", "การจัดการหน", "การจัดการหนี้"):
            search_log.note(someone, searched(typed, typing=True))
            now.advance(seconds=1)
        search_log.note(someone, searched("การจัดการหนี้"))
    assert texts() == ["การจัดการหนี้"] and not SearchLog.get().typing


def test_any_text_typed_in_any_pieces_is_one_search(someone):
    chance = random.Random(7)
    for text in ("ติดตามหนี้ค้างชำระ", "ออมทรัพย์ในหมู่บ้าน ปีที่แล้ว", "NPLs หลังฤดูเก็บเกี่ยว"):
        for _round in range(5):
            SearchLog.delete().execute()
            with clock.freeze(NOON) as now:
                at = 0
                while at < len(text):
                    at = min(len(text), at + chance.randint(1, 5))
                    if chance.random() < 0.3 and at > 2:  # a letter taken back
                        search_log.note(someone, searched(text[: at - 1], typing=True))
                        now.advance(seconds=chance.random() * 2)
                    search_log.note(someone, searched(text[:at], typing=True))
                    now.advance(seconds=chance.random() * 9)
            assert texts() == [text]


def row(key, typing=False, opened_place=None):
    return SearchLog(key=key, filters="{}", typing=typing, opened_place=opened_place)


@pytest.mark.parametrize(
    ("before", "key", "filters", "seconds", "how"),
    [
        (row("หนี้"), "หนี้", "{}", 600, SAME),
        (row("หนี้"), "หนี้", "{}", 3600, NEW),
        (row("หนี้"), "หนี้", '{"year": "2569"}', 60, NEW),
        (row("หนี้"), "หนี้ครัวเรือน", "{}", 4, INSTEAD),
        (row("หนี้ครัวเรือน"), "หนี้", "{}", 4, INSTEAD),
        (row("หนี้"), "หนี้ครัวเรือน", "{}", 60, NEW),
        (row("หนี้", opened_place=1), "หนี้ครัวเรือน", "{}", 4, NEW),
        (row("หน", typing=True), "เงินฝาก", "{}", 1, INSTEAD),
        (row("หนี้", typing=True), "เงินฝาก", "{}", 5, NEW),
        (row("หนี้"), "เงินฝาก", "{}", 1, NEW),
    ],
)
def test_how_a_search_stands_to_the_one_before(before, key, filters, seconds, how):
    assert search_log.turn(before, key, filters, dt.timedelta(seconds=seconds)) == how


def test_another_page_is_the_same_search_and_the_furthest_counts(someone):
    numbers = {search_log.note(someone, searched("หนี้", page=page)) for page in (1, 3, 2)}
    assert len(numbers) == 1 and SearchLog.get().page == 3


def test_two_people_do_not_replace_each_other(someone):
    search_log.note(someone, searched("หนี้", typing=True))
    search_log.note(factories.make_employee(), searched("หนี้ครัวเรือน", typing=True))
    assert texts() == ["หนี้", "หนี้ครัวเรือน"]


def test_searches_one_after_the_other_are_one_sitting(someone):
    with clock.freeze(NOON) as now:
        for text, minutes in (("หนี้เสีย", 1), ("NPL", 20), ("เงินฝาก", 0)):
            search_log.note(someone, searched(text))
            now.advance(minutes=minutes)
    first, second, third = SearchLog.select().order_by(SearchLog.id)
    assert first.sitting == second.sitting != third.sitting


# ---- in nobody's way ----


def test_it_asks_two_statements_and_takes_no_time(someone):
    search_log.note(someone, searched("อุ่นเครื่อง"))
    with count_queries() as sent:
        search_log.note(someone, searched("หนี้"))
    assert len(sent) <= (2 if not POSTGRES else 3)
    took = []
    for n in range(50):
        began = time.perf_counter()
        search_log.note(someone, searched(f"คำที่ {n} ไม่ซ้ำ"))
        took.append(time.perf_counter() - began)
    assert sorted(took)[25] < 0.02  # 0.4 ms on a quiet machine


@pytest.mark.skipif(bool(POSTGRES), reason="one writer at a time is SQLite's")
def test_a_locked_database_drops_the_row_and_not_the_search(someone, settings, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("kc"), "propagate", True)
    caplog.set_level("WARNING", "kc")
    db.db.pragma("synchronous", "full", permanent=True)  # as the product has it
    writer = sqlite3.connect(f"{settings['KC_DATA_DIR']}/kc.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.perf_counter()
    assert search_log.note(someone, searched("หนี้")) is None
    assert time.perf_counter() - began < 2
    assert "not written down" in caplog.text
    writer.execute("ROLLBACK")
    writer.close()
    assert search_log.note(someone, searched("หนี้")) is not None
    assert [db.db.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in ("busy_timeout", "synchronous")] == [
        10_000,
        2,
    ]


# ---- opened ----


def test_an_opened_hit_counts_once_and_the_first_place_stays(someone):
    number = search_log.note(someone, searched("หนี้"))
    assert search_log.note_opening(number, "knowledge", 5, 3)
    assert not search_log.note_opening(number, "knowledge", 5, 3)
    assert search_log.note_opening(number, "person", 5, 1)
    assert SearchLog.get().opened_place == 3 and SearchOpening.select().count() == 2


def test_what_is_opened_a_day_later_does_not_count(someone):
    with clock.freeze(NOON) as now:
        number = search_log.note(someone, searched("หนี้"))
        now.advance(hours=25)
        assert not search_log.note_opening(number, "knowledge", 5, 1)
    assert not search_log.note_opening(999, "knowledge", 5, 1)


# ---- forgetting ----


def test_names_go_first_then_the_words(someone):
    search_log.configure(90, 400)
    with clock.freeze(NOON) as now:
        number = search_log.note(someone, searched("หนี้"))
        search_log.note_opening(number, "knowledge", 5, 2)
        search_log.note(factories.make_employee(), searched("ไม่มีเลย", total=0))
        now.advance(days=89)
        assert search_log.forget_old() == (0, 0) and SearchLog.get_by_id(number).employee == someone
        now.advance(days=2)
        assert search_log.forget_old() == (2, 0)
        assert SearchLog.get_by_id(number).employee is None and texts() == ["หนี้", "ไม่มีเลย"]
        now.advance(days=310)
        assert search_log.forget_old() == (0, 2)
    month = SearchMonth.get()
    assert SearchLog.select().count() == SearchOpening.select().count() == 0
    assert (month.month, month.searches, month.failed, month.opened, month.reciprocal_ranks) == (
        dt.date(2026, 11, 1),
        2,
        1,
        1,
        0.5,
    )


def test_months_are_added_to(someone):
    search_log.configure(1, 30)
    with clock.freeze(NOON) as now:
        for text in ("หนี้", "เงินฝาก"):
            search_log.note(someone, searched(text))
            now.advance(days=1)
        now.move_to(NOON + dt.timedelta(days=30, hours=1))
        search_log.forget_old()
        now.advance(days=2)
        search_log.forget_old()
    assert SearchMonth.get().searches == 2


def test_names_can_be_left_out_altogether(someone):
    search_log.configure(0, 400)
    try:
        with clock.freeze(NOON) as now:
            for typed in ("หนี", "หนี้"):  # still one person typing
                search_log.note(someone, searched(typed, typing=True))
            search_log.note(factories.make_employee(), searched("เงิน"))
            assert texts() == ["หนี้", "เงิน"]
            assert not SearchLog.select().where(SearchLog.employee.is_null(False)).exists()
            assert len({row.visitor for row in SearchLog.select()} - {""}) == 2
            now.advance(days=3)
            search_log.forget_old()
            assert {row.visitor for row in SearchLog.select()} == {""}
    finally:
        search_log.configure(90, 400)


def test_the_chore_runs_once_a_day(someone):
    with clock.freeze(NOON) as now:
        search_log.note(someone, searched("หนี้"))
        now.advance(days=200)
        search_log.now_and_then()
        assert SearchLog.get().employee is None
        SearchLog.update(employee=someone).execute()
        search_log.now_and_then()
        assert SearchLog.get().employee == someone
        now.advance(days=1)
        search_log.now_and_then()
        assert SearchLog.get().employee is None


def test_who_is_deleted_leaves_no_name(someone):
    search_log.note(someone, searched("หนี้"))
    Employee.delete().where(Employee.id == someone.id).execute()
    assert SearchLog.get().employee is None


@pytest.fixture
def nameless():
    search_log.configure(0, 400)
    yield
    search_log.configure(90, 400)


def test_the_same_search_asked_again_tells_the_latest_answer(someone):
    with clock.freeze(NOON) as now:
        number = search_log.note(someone, searched("พร้อมเพย์", total=0))
        now.advance(minutes=1)
        assert search_log.note(someone, searched("พร้อมเพย์", total=4, took_ms=7)) == number
        assert (SearchLog.get().total, SearchLog.get().failed, SearchLog.get().took_ms) == (4, False, 7)
        search_log.note(someone, searched("พร้อมเพย์", total=2, alike=True, corrected="พร้อมจ่าย"))
        assert (SearchLog.get().total, SearchLog.get().alike, SearchLog.get().corrected) == (2, True, "พร้อมจ่าย")
        search_log.note_opening(number, "knowledge", 5, 1)
        search_log.note(someone, searched("พร้อมเพย์", total=0))
    assert (SearchLog.get().total, SearchLog.get().failed) == (2, False), "what was opened was found"


def test_filters_alone_are_a_search_and_do_not_swallow_words(someone):
    with clock.freeze(NOON) as now:
        for filters in ({"year": "2568"}, {"year": "2569"}):  # one chosen after the other
            search_log.note(someone, searched("", filters=filters))
            now.advance(seconds=2)
        search_log.note(someone, searched("หนี้", filters={"year": "2569"}))
    first, second = SearchLog.select().order_by(SearchLog.id)
    assert (first.key, first.chosen, second.key) == ("", {"year": "2569"}, "หนี้")


def test_what_failed_is_forgotten_again_the_same_day(someone, monkeypatch):
    search_log.configure(90, 400)
    with clock.freeze(NOON) as now:
        search_log.note(someone, searched("หนี้"))
        now.advance(days=200)
        with monkeypatch.context() as broken:
            broken.setattr(search_log, "_take_names_off", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                search_log.now_and_then()
        search_log.now_and_then()
    assert SearchLog.get().employee is None


def test_nothing_ties_ones_searches_together_after_the_name_is_gone(someone):
    search_log.configure(90, 400)
    with clock.freeze(NOON) as now:
        for text in ("หนี้เสีย", "NPL"):
            number = search_log.note(someone, searched(text))
            now.advance(minutes=1)
        search_log.note_opening(number, "knowledge", 5, 1)
        now.advance(days=91)
        search_log.forget_old()
    assert [(row.employee, row.sitting, row.helped_later) for row in SearchLog.select().order_by(SearchLog.id)] == [
        (None, "", True),
        (None, "", False),
    ]


def test_other_systems_searches_are_not_counted_by_month(someone):
    with clock.freeze(NOON) as now:
        search_log.note(someone, searched("หนี้"))
        search_log.note(someone, searched("เงินฝาก", by_api=True))
        now.advance(days=500)
        search_log.forget_old()
    assert SearchMonth.get().searches == 1 and SearchLog.select().count() == 0


# ---- recent searches, which have a name too ----


def test_recent_searches_go_with_the_names(someone):
    search_log.configure(90, 400)
    with clock.freeze(NOON) as now:
        recent_searches.remember(someone, "เรื่องเก่า")
        now.advance(days=60)
        recent_searches.remember(someone, "เรื่องใหม่")
        now.advance(days=31)
        search_log.forget_old()
    assert [row.text for row in RecentSearch.select()] == ["เรื่องใหม่"]


def test_without_names_there_are_no_recent_searches(someone, nameless):
    RecentSearch.create(employee=someone, text="ก่อนเปลี่ยน", text_key="ก่อนเปลี่ยน", searched_at=clock.now())
    recent_searches.remember(someone, "หนี้")
    assert [row.text for row in RecentSearch.select()] == ["ก่อนเปลี่ยน"]
    search_log.forget_old()
    assert RecentSearch.select().count() == 0


@pytest.mark.skipif(bool(POSTGRES), reason="one writer at a time is SQLite's")
def test_a_locked_database_does_not_hold_up_what_is_remembered(someone, settings):
    writer = sqlite3.connect(f"{settings['KC_DATA_DIR']}/kc.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.perf_counter()
    recent_searches.remember(someone, "หนี้")
    assert time.perf_counter() - began < 2
    writer.execute("ROLLBACK")
    writer.close()
    recent_searches.remember(someone, "เงินฝาก")
    assert [row.text for row in RecentSearch.select()] == ["เงินฝาก"]
