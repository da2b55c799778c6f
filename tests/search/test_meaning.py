"""What the organisation calls the same, years of both eras, small boosts, and why something was found."""

import datetime as dt

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from kc import clock, search
from kc.db import db
from kc.models import SynonymGroup, SynonymTerm
from kc.search import analyzer, language, query, wording
from kc.search.schema import Document
from kc.search.searching import Filters, run
from kc.search.store import Store
from kc.search.text import fold, squeeze
from kc.thai.repair import repair
from tests import factories
from tests.search.conftest import TEXTS


def same(*terms: str) -> SynonymGroup:
    made = SynonymGroup.create()
    for place, term in enumerate(terms):
        SynonymTerm.create(group=made, text=term, key=language.key(term), position=place)
    language.changed()
    return made


def found(text: str) -> list[int]:
    return [hit.id for hit in search.search(text, filters=Filters(kind="knowledge"), per_page=50).hits]


@pytest.fixture
def articles(app: Flask) -> dict[str, int]:
    author = factories.make_employee("ผู้เขียน เรื่องจริง")
    texts = {
        "short": ("อบรม KM รุ่นที่สอง", "ผู้เข้าอบรมเล่าวิธีที่ใช้จริง"),
        "long": ("การจัดการความรู้ของสาขา", "ประชุมทุกเช้าวันจันทร์"),
        "bank": ("โครงการของ ธ.ก.ส. ปี 2568", "สินเชื่อเพื่อชาวนา"),
        "other": ("ปลูกผักหลังบ้าน", "เริ่มเมื่อปี ค.ศ. 2025"),
    }
    made = {name: factories.make_article(t, author, status="published", body=b).id for name, (t, b) in texts.items()}
    search.rebuild()
    return made


def test_either_word_finds_both_and_the_one_typed_comes_first(articles: dict[str, int]) -> None:
    assert found("KM") == [articles["short"]]
    same("KM", "การจัดการความรู้")
    assert found("KM") == [articles["short"], articles["long"]]
    assert found("การจัดการความรู้") == [articles["long"], articles["short"]]


def test_an_abbreviation_and_its_full_name(articles: dict[str, int]) -> None:
    same("ธ.ก.ส.", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร")
    for typed in ("ธกส", "ธ.ก.ส.", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "สินเชื่อ ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร"):
        assert found(typed)[0] == articles["bank"], typed


def test_a_pair_that_is_taken_away_holds_no_more(articles: dict[str, int]) -> None:
    made = same("KM", "การจัดการความรู้")
    with db.atomic():
        SynonymGroup.update(is_active=False).where(SynonymGroup.id == made.id).execute()
        search.language_changed()
    assert found("KM") == [articles["short"]]


@pytest.mark.parametrize("typed", ["2568", "๒๕๖๘", "2025", "ปี ค.ศ. 2025", "พ.ศ. ๒๕๖๘"])
def test_years_of_both_eras_are_the_same(articles: dict[str, int], typed: str) -> None:
    assert {articles["bank"], articles["other"]} <= set(found(typed))


def test_a_sum_of_money_is_no_year(articles: dict[str, int]) -> None:
    assert not found("1482")


def test_what_is_new_and_used_comes_before_its_equal(tmp_path: object) -> None:
    store = Store(tmp_path / "index")  # type: ignore[operator]
    old = clock.today() - dt.timedelta(days=3000)
    documents = [
        Document("knowledge", 1, "ปุ๋ยหมัก", "ทำเองได้", date=old),
        Document("knowledge", 2, "ปุ๋ยหมัก", "ทำเองได้", date=clock.today()),
        Document("knowledge", 3, "ปุ๋ยหมัก", "ทำเองได้", date=old, uses=64),
        Document("knowledge", 4, "ปุ๋ยหมัก ปุ๋ยหมัก ปุ๋ยหมัก", "ปุ๋ยหมักทำเองได้ ปุ๋ยหมักดีจริง", date=old),
    ]
    with store.building(1), store.writing():
        store.swap(store.rebuild(documents))
    hits = run(store.snapshot(), "ปุ๋ยหมัก", ("all",), Filters(), "relevance", 1, 10).hits
    order = [hit.id for hit in hits]
    assert order.index(2) < order.index(1) and order.index(3) < order.index(1)


# ---- why -----------------------------------------------------------------------------------------------------------


def test_it_is_said_how_each_word_was_found(articles: dict[str, int]) -> None:
    same("KM", "การจัดการความรู้")
    explanation = search.explain("อบรม KM ปีหน้า", "knowledge", articles["short"])
    assert explanation is not None
    how = {reason.word: (reason.how, reason.in_title) for reason in explanation.reasons}
    assert how["อบรม"] == ("word", True) and how["km"] == ("word", True)
    other = search.explain("KM", "knowledge", articles["long"])
    assert other is not None and other.reasons[0].how == "otherwise"
    assert other.reasons[0].otherwise == ("การจัดการความรู้",)


def test_letters_of_a_longer_word_are_not_counted_as_the_word(app: Flask) -> None:
    author = factories.make_employee("ผู้เขียน เรื่องจริง")
    row = factories.make_article("หนี้ก้อนแรก", author, status="published", body="หนี้ หนี้ หนี หนี้")
    search.rebuild()
    explanation = search.explain("หนี", "knowledge", row.id, exactly=True)
    assert explanation is not None
    assert [(reason.word, reason.times, reason.in_title) for reason in explanation.reasons] == [("หนี", 1, False)]


def test_a_term_of_many_words_is_widened_in_a_search_as_on_the_page_that_tries_it(app: Flask) -> None:
    term = "ผลขาดทุนด้านเครดิตที่คาดว่าจะเกิดขึ้น"
    same(term, "ECL")
    assert len(list(analyzer.tokens(term))) > 8
    assert [widening.others for widening in wording.widenings(term)] == [("ECL",)]
    assert [alike.otherwise for alike in query.parse(term).same] == [("ECL",)]


def test_being_new_is_among_the_reasons_as_long_as_it_helps(articles: dict[str, int]) -> None:
    now = clock.today()
    new = search.explain("ปลูกผัก", "knowledge", articles["other"])
    assert new is not None and new.new_on == now
    with clock.freeze(now + dt.timedelta(days=400)):
        old = search.explain("ปลูกผัก", "knowledge", articles["other"])
    assert old is not None and old.new_on is None


def test_a_correction_is_said_too(articles: dict[str, int]) -> None:
    explanation = search.explain("ประชุมทุกเช้าวัจันทร์", "knowledge", articles["long"])
    assert explanation is not None and explanation.corrected == "ประชุมทุกเช้าวันจันทร์"


def test_nothing_is_said_of_what_is_not_found_or_not_there(articles: dict[str, int]) -> None:
    assert search.explain("ปลูกผัก", "knowledge", articles["long"]) is None
    assert search.explain("ปลูกผัก", "knowledge", 987_654) is None
    assert search.explain("ปลูกผัก", "", 0) is None


# ---- every word of what is shown finds it ----------------------------------------------------------------------------


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_any_run_of_whole_words_finds_its_text(find, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    """D1: every substring made of whole words, however the tokenizer cuts it when it stands alone."""
    number = data.draw(st.integers(0, len(TEXTS) - 1))
    text = fold(repair("\n".join(TEXTS[number])))
    words = list(analyzer.tokens(text))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 5, len(words) - 1)))
    typed = text[words[first].start : words[last].end]
    hits = find(typed, visible_to=("all", "unit:7"), per_page=50).hits
    assert number + 1 in [hit.id for hit in hits], typed


@given(st.text(max_size=60))
def test_folding_squeezing_and_repairing_twice_change_nothing_more(text: str) -> None:
    once = repair(text)
    assert repair(once) == once or repair(repair(once)) == repair(once)
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(fold(text))) == squeeze(fold(text))
