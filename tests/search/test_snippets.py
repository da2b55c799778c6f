"""Snippets: safe HTML, marked words, and no torn Thai."""

import html
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc.search import snippets
from kc.search.analyzer import word_places
from kc.search.snippets import Finder, marked
from kc.search.text import fold
from kc.thai.repair import MARKS

LONG = (
    "สาขาจัดประชุมทุกเช้าวันจันทร์เพื่อเล่าเรื่องที่พบในสัปดาห์ก่อน " * 6
    + "วิธีที่ได้ผลคือเยี่ยมลูกหนี้ก่อนวันครบกำหนดหนึ่งสัปดาห์และตกลงวันชำระหนี้ใหม่ร่วมกัน "
    + "หลังจากนั้นเจ้าหน้าที่จดบันทึกแล้วส่งต่อให้ทีมอื่นอ่าน " * 6
)


def snippet(text: str, finder: Finder) -> str:
    return snippets.snippet(text, finder, np.array([start for start, _ in word_places(fold(text))], int))


def visible(fragment: str) -> str:
    return html.unescape(re.sub(r"</?mark>", "", fragment))


def test_the_best_passage_is_shown_with_its_words_marked() -> None:
    shown = snippet(LONG, Finder(["ลูกหนี้", "ชำระหนี้"]))
    assert "<mark>ลูกหนี้</mark>" in shown and "<mark>ชำระหนี้</mark>" in shown
    assert shown.startswith("…") and shown.endswith("…")
    assert len(visible(shown)) < 330


def test_html_is_escaped() -> None:
    shown = snippet('<script>alert("x")</script> ข้าว & น้ำ', Finder(["ข้าว", "script"]))
    assert "<script" not in shown
    assert "&lt;<mark>script</mark>&gt;" in shown and "&amp;" in shown and "<mark>ข้าว</mark>" in shown


def test_a_mark_is_never_cut_from_its_consonant() -> None:
    assert marked("ที่นี่", Finder(["ที"])) == "ที่นี่"  # ที is not ที่
    assert marked("ปี ๒๕๖๘", Finder(["2568"])) == "ปี <mark>๒๕๖๘</mark>"


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("ธ.ก.ส. สาขาเมือง", "ธกส", "<mark>ธ.ก.ส</mark>. สาขาเมือง"),
        ("การ จัดการ", "การจัดการ", "<mark>การ จัดการ</mark>"),
        ("NPLs ลดลง", "npl", "<mark>NPLs</mark> ลดลง"),
        ("nplx", "npl", "nplx"),
        ("ไม่มีคำนั้น", "หนี้", "ไม่มีคำนั้น"),
    ],
)
def test_marked_forms(text: str, word: str, shown: str) -> None:
    assert snippet(text, Finder([word])) == shown


def test_without_a_match_the_beginning_is_shown() -> None:
    shown = snippet(LONG, Finder(["ควอนตัม"]))
    assert visible(shown).startswith("สาขาจัดประชุม") and "<mark>" not in shown


def test_a_snippet_starts_and_ends_at_words() -> None:
    run = "การจัดการความรู้เพื่อพัฒนาองค์กรอย่างต่อเนื่อง" * 12 + "ลูกหนี้" + "เจ้าหน้าที่บันทึกเหตุการณ์สำคัญ" * 12
    shown = visible(snippet(run, Finder(["ลูกหนี้"]))).strip("…")
    assert re.match("การ|จัดการ|ความรู้|เพื่อ|พัฒนา|องค์กร|อย่าง|ต่อเนื่อง", shown)
    assert re.search("(เจ้าหน้าที่|บันทึก|เหตุการณ์|สำคัญ)$", shown)


TEXT = st.text(alphabet="กขคงนมรลาำิีุูเแ่้์ ๆ\n<&a1.", max_size=600)


@given(TEXT, st.lists(st.text(alphabet="กขคงนมรลาำิีุูเแ่้a1", min_size=1, max_size=5), max_size=4))
def test_any_snippet_is_whole_and_honest(text: str, words: list[str]) -> None:
    found = Finder(words)
    shown = snippet(text, found)
    assert shown.count("<mark>") == shown.count("</mark>")
    body = visible(shown).strip("…").strip()
    flat = re.sub(r"\s+", " ", text)
    assert body in flat
    for piece in re.findall("<mark>(.*?)</mark>", shown):
        assert found.places(fold(html.unescape(piece)))
    for torn in re.finditer(f"<mark>[{MARKS}]|</mark>[{MARKS}]", shown):
        # only where the text itself has a mark that stands on nothing
        assert re.search(f"(^|[^ก-ฮ{MARKS}])[{MARKS}]", text), torn


@given(TEXT)
def test_marking_changes_nothing_but_marks(text: str) -> None:
    assert visible(marked(text, Finder(["กา", "นม"]))) == re.sub(r"\s+", " ", text)
