"""Filters typed among the words: one meaning everywhere, whatever is typed."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kc.services.search_filters import CHOSEN, MOST, NAMES, WORDS, Directory, ask
from tests import factories
from tests.conftest import count_queries


@pytest.fixture
def names(app: Flask) -> SimpleNamespace:
    """Two provinces, a branch, topics of two years, three people."""
    khon_kaen = factories.make_unit("สนจ. ขอนแก่น", code="K1")
    branch = factories.make_unit("สาขาเมืองขอนแก่น", parent=khon_kaen, code="K2")
    loei = factories.make_unit("สนจ. เลย", code="L1")
    old = factories.make_topic("เงินฝาก", year=factories.make_year(2568))
    new = factories.make_topic("เงินฝากและการออม", year=factories.make_year(2569), series=old.series)
    debt = factories.make_topic("หนี้ค้างชำระ", year=factories.make_year(2569))
    people = [factories.make_employee(name, branch) for name in ("สมศรี ใจดี", "สมศรี สอนสุภาพ", "กมล ใจดี")]
    return SimpleNamespace(khon_kaen=khon_kaen, branch=branch, loei=loei, old=old, new=new, debt=debt, people=people)


@pytest.mark.parametrize(
    ("typed", "words", "field", "wanted"),
    [
        ("ปี:2569 หนี้", "หนี้", "year", {2569}),
        ("หนี้ ปี:๒๕๖๙", "หนี้", "year", {2569}),
        ("year:2026 หนี้", "หนี้", "year", {2569}),
        ("YEAR:69", "", "year", {2569}),
        ("ปีบัญชี:2568 ปี:2569", "", "year", {2568, 2569}),
        ("ปี：2569", "", "year", {2569}),
        ("ชนิด:คู่มือ", "", "article_kind", {"manual"}),
        ("kind:manual", "", "article_kind", {"manual"}),
        ("ชนิด:แนวปฏิบัติที่ดี", "", "article_kind", {"best_practice"}),
        ("ชนิด:นวัต", "", "article_kind", {"innovation"}),
        ("ประเภท:เรื่องเล่า ประเภท:บทเรียน", "", "article_kind", {"story", "lesson_learned"}),
        ("ประเภท:บุคลากร สมศรี", "สมศรี", "kind", {"person"}),
        ("type:community", "", "kind", {"community"}),
        ("ชนิด:การประชุม", "", "kind", {"session"}),
        ("ประเภท:ไฟล์แนบ", "", "kind", {"attachment"}),
        ("ไฟล์:pdf", "", "file", {"pdf"}),
        ("ไฟล์:.DOCX file:รูปภาพ", "", "file", {"word", "picture"}),
        ("หลัง:2568", "", "since", dt.date(2026, 1, 1)),
        ("ตั้งแต่:2568", "", "since", dt.date(2025, 1, 1)),
        ("ก่อน:ค.ศ.2026", "", "until", dt.date(2025, 12, 31)),
        ("ถึง:31/3/2569", "", "until", dt.date(2026, 3, 31)),
        ('หลัง:"1 มี.ค. 2569"', "", "since", dt.date(2026, 3, 2)),
        ("since:2026-03-01", "", "since", dt.date(2026, 3, 1)),
    ],
)
def test_what_each_means(names: SimpleNamespace, typed: str, words: str, field: str, wanted: Any) -> None:
    question = ask(typed)
    assert question.words.split() == words.split() and not question.notices
    assert getattr(question.filters, field) == wanted


def test_names_become_ids(names: SimpleNamespace) -> None:
    def found(typed: str, field: str) -> Any:
        return getattr(ask(typed).filters, field)

    assert found("หน่วยงาน:ขอนแก่น", "units") == {names.khon_kaen.id, names.branch.id}
    assert found("unit:K2", "units") == {names.branch.id}
    assert found('สังกัด:"สนจ. เลย"', "units") == {names.loei.id}
    assert found("สังกัด:“สนจ.เลย” หน่วยงาน:K1", "units") == {names.loei.id, names.khon_kaen.id}
    assert found("ประเด็น:หนี้", "topic") == {names.debt.series}
    assert found("หัวข้อ:การออม", "topic") == {names.old.series}
    assert found("ผู้เขียน:สมศรี", "authors") == {names.people[0].id, names.people[1].id}
    assert found('ผู้เขียน:"นางสมศรี ใจดี"', "authors") == {names.people[0].id}


@pytest.mark.parametrize(
    ("typed", "words", "said"),
    [
        ("หน่วยงาน:ดาวอังคาร หนี้", "ดาวอังคาร หนี้", "ดาวอังคาร"),
        ("ปี:หน้า", "หน้า", "หน้า"),
        ("หลัง:เที่ยง", "เที่ยง", "เที่ยง"),
        ("ผู้เขียน:ไม่มีใคร", "ไม่มีใคร", "ไม่มีใคร"),
        ("สี:แดง", "สี:แดง", "สี"),
    ],
)
def test_what_nobody_knows_is_said_and_searched(names: SimpleNamespace, typed: str, words: str, said: str) -> None:
    question = ask(typed)
    assert question.words == words and not question.narrowings
    assert len(question.notices) == 1 and f"“{said}”" in question.notices[0]


@pytest.mark.parametrize("typed", ["https://example.org/ก:ข", "ปี:", "เวลา 8:30", "-ปี:2569", 'ผู้เขียน:"', ":2569", "a::b"])
def test_what_is_no_filter_stays_as_it_is(names: SimpleNamespace, typed: str) -> None:
    question = ask(typed)
    assert question.words == typed and not question.narrowings


def test_each_is_shown_and_can_be_taken_back(names: SimpleNamespace) -> None:
    question = ask("หนี้ ปี:2569 หน่วยงาน:ขอนแก่น", {"kind": "story", "unit": str(names.loei.id), "sort": "newest"})
    shown = [(n.name, n.label, question.without(n) if n.typed else None) for n in question.narrowings]
    assert shown == [
        ("year", "2569", "หนี้ หน่วยงาน:ขอนแก่น"),
        ("unit", "สนจ. ขอนแก่น และอีก 1", "หนี้ ปี:2569"),
        ("kind", "เรื่องเล่า", None),
        ("unit", "สนจ. เลย", None),
    ]
    assert question.filters.units == {names.khon_kaen.id, names.branch.id, names.loei.id}


def test_a_pasted_page_is_not_lectured(names: SimpleNamespace) -> None:
    pasted = "เรื่อง: ขอเชิญประชุม ที่:กค0408 ถึง:ผู้อำนวยการ " * 20
    assert not ask(pasted).notices


def test_names_are_read_once_and_only_when_needed(names: SimpleNamespace) -> None:
    with count_queries() as sent:
        ask("หนี้ค้างชำระ")
        ask("หนี้ ปี:2569 ไฟล์:pdf หลัง:2568")
    assert not sent
    with count_queries() as sent:
        ask("หน่วยงาน:ขอนแก่น หน่วยงาน:เลย สังกัด:ก ประเด็น:ออม ประเด็น:หนี้")
    assert len(sent) == 2


_texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["2569", "๖๙", "ขอนแก่น", '"สมศรี ใจดี"', "คู่มือ", "บุคคล", "pdf", "31/2/2569", "9999", "0", "%", "_"]),
)
_pieces = st.one_of(
    st.text(max_size=30),
    st.builds("{}:{}".format, st.sampled_from([*NAMES, "foo", "ดี", "-ปี"]), _texts),
    st.sampled_from([" ", '"', "“", ":", "：", "\x00", "่", "ปี:", 'a:"']),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(_pieces, max_size=40),
    chosen=st.dictionaries(st.sampled_from([*CHOSEN, "sort", "q", "junk"]), _texts, max_size=6),
)
def test_nothing_typed_raises(names: SimpleNamespace, pieces: list[str], chosen: dict[str, str]) -> None:
    """… what is left is searched, and reading it again changes nothing; at most MOST filters are read."""
    text = " ".join(pieces)
    question = ask(text, chosen)
    assert len([n for n in question.narrowings if n.typed]) <= MOST
    assert len(question.notices) <= 3 and all(question.notices)
    for narrowing in question.narrowings:
        assert narrowing.label and narrowing.name in {*CHOSEN}
        if narrowing.typed:
            assert len(question.without(narrowing)) < len(text)


def test_no_word_names_two_filters() -> None:
    assert len(NAMES) == sum(len(words.split()) for words in WORDS.values())


def test_everybody_of_a_name_is_meant_however_many(names: SimpleNamespace) -> None:
    namesakes = [factories.make_employee(f"สมชาย นามสกุลที่ {n:03d}", names.branch) for n in range(230)]
    question = ask("ผู้เขียน:สมชาย")
    assert set(question.filters.authors or ()) == {person.id for person in namesakes} and not question.notices


def test_more_people_than_can_be_meant_are_said(names: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kc.services.search_filters.MOST_PEOPLE", 1)
    question = ask("ผู้เขียน:สมศรี")
    assert len(question.filters.authors or ()) == 1 and "นามสกุล" in question.notices[0]
    assert not ask('ผู้เขียน:"กมล ใจดี"').notices


def test_one_crowded_name_hides_no_other(names: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kc.services.search_filters.MOST_PEOPLE", 1)
    directory = Directory()
    directory.look_up(["ส", "กมล"])
    assert [name for _id, name in directory.people("กมล")] == ["กมล ใจดี"]


@pytest.mark.parametrize("text", ["คู่มือ ไฟล์:docx ไฟล์:doc", "ปี:2568 หนี้ ปี:2569", "ไฟล์:pdf x ไฟล์:pdf"])
def test_a_filter_taken_away_leaves_the_others_as_they_were_typed(names: SimpleNamespace, text: str) -> None:
    question = ask(text)
    for narrowing in question.narrowings:
        assert narrowing.typed
        rest = text[: narrowing.at] + text[narrowing.at + len(narrowing.typed) :]
        assert question.without(narrowing) == " ".join(rest.split())
    assert [n.at for n in question.narrowings] == sorted({n.at for n in question.narrowings})
