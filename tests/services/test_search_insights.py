"""Figures out of the search log, and what is missing."""

import datetime as dt

import pytest

from kc import clock, fiscal
from kc.errors import Conflict, DomainError
from kc.models import AuditEntry, SearchGap, SearchLog, SearchRequest
from kc.services import search_gaps, search_insights, search_log
from kc.services.search_log import Searched
from tests import factories
from tests.conftest import count_queries

TODAY = dt.datetime(2026, 11, 20, 5)


@pytest.fixture
def people(app):
    search_insights.forget_answers()
    with clock.freeze(TODAY) as now:
        yield [factories.make_employee() for _ in range(4)], now


def look(employee, text, *, total=5, opens=None, days_ago=1, minute=0, alike=False, filters=None):
    """Somebody searched, and opened the hit at a place."""
    with clock.freeze(TODAY - dt.timedelta(days=days_ago) + dt.timedelta(minutes=minute)):
        number = search_log.note(employee, Searched(text, text, total, filters or {}, alike=alike))
        if opens:
            search_log.note_opening(number, "knowledge", 40 + opens, opens)
    return number


def test_quality_counts_what_was_opened_and_how_near_it_stood(people):
    (a, b, c, d), _now = people
    look(a, "หนี้", opens=1)
    look(b, "หนี้", opens=4)
    look(c, "หนี้")
    look(d, "มังกร", total=0)
    look(a, "นานมาแล้ว", opens=1, days_ago=40)
    found = search_insights.quality(search_insights.last_days(30))
    assert (found.searches, found.failed, found.opened, found.mrr) == (4, 1, 2, (1 + 1 / 4) / 2)
    assert (found.share_opened, found.share_failed) == (0.5, 0.25)
    assert search_insights.quality(search_insights.last_days(90)).searches == 5


def test_without_searches_there_is_no_mean(people):
    found = search_insights.quality(search_insights.last_days(7))
    assert found.mrr is None and found.share_opened == found.share_failed == 0


def test_a_fiscal_year_has_all_of_its_days_and_no_other(people):
    (a, *_), _now = people
    first, last = fiscal.calendar().bounds(2568)
    for n, day in enumerate((first - dt.timedelta(days=1), first, last, last + dt.timedelta(days=1))):
        with clock.freeze(day):
            search_log.note(a, Searched(f"วันที่ {n}", f"วันที่ {n}", 1))
    found = search_insights.frequent(search_insights.fiscal_year(2568))
    assert sorted(row.text for row in found) == ["วันที่ 1", "วันที่ 2"]


def test_frequent_puts_the_same_words_together(people):
    (a, b, c, _d), _now = people
    for who, text in ((a, "ลดหนี้"), (b, "ลด หนี้"), (c, "ลดหนี้"), (a, "เงินฝาก")):
        look(who, text, opens=2 if who is a else None)
    first, second = search_insights.frequent(search_insights.last_days(30))
    assert (first.key, first.count, first.people, first.opened, first.place) == ("ลดหนี้", 3, 3, 1, 2)
    assert second.text == "เงินฝาก" and first.last_at == TODAY - dt.timedelta(days=1)


def test_people_are_not_counted_where_names_are_gone(people):
    (a, *_), _now = people
    look(a, "หนี้")
    assert search_insights.frequent(search_insights.fiscal_year(2569))[0].people is None


def test_failed_are_those_that_nothing_has(people):
    (a, b, _c, _d), _now = people
    look(a, "มังกร", total=0)
    look(b, "มังกร", alike=True)
    look(a, "เขียนคล้าย", alike=True, opens=3, minute=30)
    look(b, "มังกรในปีก่อน", total=0, filters={"year": "2560"}, minute=30)
    assert [(row.text, row.count) for row in search_insights.failed(search_insights.last_days(30))] == [("มังกร", 2)]


def test_abandoned_are_those_found_but_left_unless_searched_better_afterwards(people):
    (a, b, c, _d), _now = people
    look(a, "หนี้เสีย")
    look(a, "เอ็นพีแอล", minute=3)
    look(a, "NPLs", opens=1, minute=6)
    look(b, "ค่าไฟ")
    look(c, "มังกร", total=0)
    assert [row.text for row in search_insights.abandoned(search_insights.last_days(30))] == ["ค่าไฟ"]


def test_searched_again_tells_what_helped_several_people(people):
    (a, b, c, _d), _now = people
    for who in (a, b):
        look(who, "หนี้เสีย", total=0)
        look(who, "NPLs", opens=1, minute=2)
    look(c, "ค่าไฟ")
    look(c, "ประหยัดพลังงาน", opens=1, minute=2)
    found = search_insights.searched_again(search_insights.last_days(30))
    assert [(pair.text, pair.better, pair.count) for pair in found] == [("หนี้เสีย", "NPLs", 2)]


def test_places_are_told_apart_up_to_ten(people):
    (a, b, c, d), _now = people
    for who, place in ((a, 1), (b, 1), (c, 3), (d, 25)):
        look(who, "หนี้", opens=place)
    counts = dict(search_insights.places(search_insights.last_days(30)))
    assert (counts[1], counts[2], counts[3], counts[10], counts[11]) == (2, 0, 1, 0, 1)


def test_months_go_on_after_the_words_are_gone(people):
    (a, b, *_), _now = people
    look(a, "หนี้", opens=2, days_ago=60)
    look(b, "หนี้", total=0, days_ago=1)
    before = search_insights.by_month()
    search_log.configure(90, 30)
    search_log.forget_old()
    search_log.configure(90, 400)
    assert search_insights.by_month() == before and SearchLog.select().count() == 1
    assert [(m.month, q.searches) for m, q in before if q.searches] == [(9, 1), (11, 1)] and len(before) == 12


# ---- for others ----


def test_popular_is_what_several_people_found_and_opened(people):
    (a, b, c, d), _now = people
    for who in (a, b, c):
        look(who, "ลดหนี้ครัวเรือน", opens=1)
    for who in (a, b, c, d):
        look(who, "ลดค่าไฟ", opens=1, minute=30)
        look(who, "ลดน้ำหนัก", total=0, minute=60)
    for _time in range(5):
        look(a, "ลดโทษของคนชื่อนั้น", opens=1, minute=90 + 20 * _time)
    assert search_insights.popular("ลด") == ["ลดค่าไฟ", "ลดหนี้ครัวเรือน"]
    assert search_insights.popular("ลดห") == ["ลดหนี้ครัวเรือน"] and search_insights.popular("ลด", 1) == ["ลดค่าไฟ"]
    with count_queries() as sent:
        search_insights.popular("ล")
    assert sent == []


def test_what_one_person_typed_beside_the_words_is_not_suggested_to_others(people):
    (a, b, c, d), _now = people
    for who, text in ((a, "สินเชื่อบ้าน"), (b, "สินเชื่อ บ้าน"), (c, "สินเชื่อบ้าน")):
        look(who, text, opens=1)
    with clock.freeze(TODAY):
        typed = Searched("author:สมหญิง สินเชื่อบ้าน", "สินเชื่อบ้าน", 5, {"author": "สมหญิง"})
        search_log.note_opening(search_log.note(d, typed), "knowledge", 41, 1)
    assert search_insights.popular(search_log.key_of("สินเชื่อ")) == ["สินเชื่อบ้าน"]
    assert search_insights.frequent(search_insights.last_days(30))[0].text == "สินเชื่อ บ้าน"


def test_two_people_and_one_with_a_filter_are_not_enough(people):
    (a, b, c, _d), _now = people
    for who, filters in ((a, None), (b, None), (c, {"year": "2569"})):
        look(who, "สินเชื่อบ้าน", opens=1, filters=filters)
    assert search_insights.popular("ส") == []


def test_one_person_searching_again_twice_is_not_several(people):
    (a, *_), _now = people
    for days_ago in (3, 1):
        look(a, "หนี้เสีย", total=0, days_ago=days_ago)
        look(a, "NPLs", opens=1, minute=2, days_ago=days_ago)
    assert search_insights.searched_again(search_insights.last_days(30)) == []


def test_what_helped_is_known_after_the_names_are_gone(people):
    (a, b, *_), _now = people
    look(a, "หนี้เสีย", days_ago=100)
    look(a, "NPLs", opens=1, minute=3, days_ago=100)
    look(b, "ค่าไฟ", days_ago=100)
    search_log.forget_old(TODAY)
    year = search_insights.Period("", TODAY - dt.timedelta(days=200))
    assert [row.text for row in search_insights.abandoned(year)] == ["ค่าไฟ"]


def test_filters_alone_and_other_systems_count_only_where_they_say_something(people):
    (a, b, *_), _now = people
    look(a, "", filters={"year": "2569"})
    with clock.freeze(TODAY):
        search_log.note(b, Searched("มังกร", "มังกร", 0, by_api=True))
        search_log.note(b, Searched("หนี้", "หนี้", 3, by_api=True))
    month = search_insights.last_days(30)
    assert [row.text for row in search_insights.failed(month)] == ["มังกร"]
    assert search_insights.quality(month).searches == 1
    assert {row.text for row in search_insights.frequent(month)} == {"มังกร", "หนี้"}
    assert search_insights.abandoned(month) == []


# ---- what is missing ----


def test_the_second_to_mark_a_gap_is_told_of_the_first(people):
    (a, b, *_), _now = people
    number = search_gaps.take_up(a, "มังกร").id
    one, other = SearchGap.get_by_id(number), SearchGap.get_by_id(number)
    search_gaps.mark(a, one, one.version, state="working", note="ของคนแรก", article="")
    with pytest.raises(Conflict) as why:
        search_gaps.mark(b, other, other.version, state="working", note="ของคนที่สอง", article="")
    assert why.value.theirs.note == SearchGap.get().note == "ของคนแรก"


def test_asking_keeps_the_words_and_the_name(people):
    (a, b, *_), _now = people
    asked = search_gaps.ask(a, " วิธีเลี้ยง มังกร ", "ใช้กับงานแสดง 1-2345-67890-12-3")
    search_gaps.ask(b, "วิธีเลี้ยงมังกร")
    assert (asked.employee, asked.text, asked.details) == (a, "วิธีเลี้ยง มังกร", "ใช้กับงานแสดง ×××××××××××××")
    assert SearchGap.select().count() == 1 and SearchRequest.select().count() == 2
    assert AuditEntry.select().where(AuditEntry.action == "search_gap.asked").count() == 2


def test_asking_twice_changes_what_one_said(people):
    (a, *_), _now = people
    search_gaps.ask(a, "มังกร", "ครั้งแรก")
    search_gaps.ask(a, "มังกร", "ครั้งที่สอง")
    assert [row.details for row in search_gaps.requests_of(a)] == ["ครั้งที่สอง"]


@pytest.mark.parametrize(("text", "details"), [("", ""), ("- -", ""), ("ก" * 201, ""), ("มังกร", "ก" * 1001)])
def test_asking_for_nothing_or_too_much_is_refused(people, text, details):
    (a, *_), _now = people
    with pytest.raises(DomainError):
        search_gaps.ask(a, text, details)
    assert SearchGap.select().count() == 0


def test_missing_is_what_was_sought_in_vain_or_asked_for(people):
    (a, b, c, officer), _now = people
    for who in (a, b):
        look(who, "มังกร", total=0)
    look(a, "ยูนิคอร์น", total=0, minute=30)
    search_gaps.ask(c, "ช้างเผือก")
    month = search_insights.last_days(30)
    assert [(r.text, r.count, r.requests) for r in search_gaps.missing(month)] == [
        ("ช้างเผือก", 0, 1),
        ("มังกร", 2, 0),
        ("ยูนิคอร์น", 1, 0),
    ]
    gap = search_gaps.take_up(officer, "มังกร")
    assert gap.state == "working" and search_gaps.take_up(officer, "มัง กร") == gap
    search_gaps.mark(officer, gap, gap.version, state="answered", note="ไม่มีจริง", article="")
    assert [row.text for row in search_gaps.missing(month)] == ["ช้างเผือก", "ยูนิคอร์น"]
    assert [row.text for row in search_gaps.answered()] == ["มังกร"]
    look(b, "มังกร", total=0, days_ago=-1)
    again = next(row for row in search_gaps.missing(month) if row.text == "มังกร")
    assert again.gap.state == "answered"  # answered, and still not found


@pytest.mark.parametrize("typed", ["{id}", "/knowledge/{id}", "http://kc.local/knowledge/{id}?x=1#part", " {id} "])
def test_an_answer_is_an_article_by_number_or_address(people, typed):
    (a, *_), _now = people
    article = factories.make_article("เลี้ยงมังกร", a, status="published")
    gap = search_gaps.take_up(a, "มังกร")
    search_gaps.mark(a, gap, gap.version, state="answered", note="", article=typed.format(id=article.id))
    assert SearchGap.get().article == article


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"state": "answered"}, "article"),
        ({"article": "999999"}, "article"),
        ({"article": "ไม่ใช่ลิงก์"}, "article"),
        ({"state": "else"}, "state"),
        ({"note": "ก" * 1001}, "note"),
    ],
)
def test_a_mark_that_says_nothing_is_refused(people, values, at):
    (a, *_), _now = people
    gap = search_gaps.take_up(a, "มังกร")
    with pytest.raises(DomainError) as why:
        search_gaps.mark(a, gap, gap.version, **{"state": "working", "note": "", "article": ""} | values)
    assert why.value.field == at and SearchGap.get().state == "working"


def test_a_draft_is_no_answer(people):
    (a, *_), _now = people
    draft = factories.make_article("ร่าง", a)
    with pytest.raises(DomainError):
        search_gaps.mark(a, search_gaps.take_up(a, "มังกร"), 2, state="answered", note="", article=str(draft.id))


def test_asking_again_opens_what_was_answered_and_withdrawing_closes_it(people):
    (a, b, *_), _now = people
    gap = search_gaps.take_up(a, "มังกร")
    search_gaps.mark(a, gap, gap.version, state="answered", note="ไม่มีจริง", article="")
    asked = search_gaps.ask(b, "มังกร")
    assert SearchGap.get().state == "new"
    search_gaps.withdraw(asked)
    assert SearchGap.select().count() == SearchRequest.select().count() == 0
