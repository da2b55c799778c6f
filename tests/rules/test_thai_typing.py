"""What fingers do is forgiven, and nothing visible is lost (REQUIREMENTS 4 "Search", 5 "Keyboard", 6B)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc.thai import (
    clean_line,
    clean_text,
    employee_id_readings,
    fix_layout_digits,
    forgive_employee_id,
    graphemes,
    keyboard_swap,
    same_name_key,
    truncate,
)

TRICKY = st.text(
    alphabet=st.sampled_from("กนมสทเแโไาำะัิีืุู็่้๊๋์ํฺ \t\n\r\u200b\u200d\u00a0\ufeff๑1aé\u0301👨👩🏽🇹🇭\uf70b\x07"), max_size=30
)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("นํ้า", "น้ำ"),
        ("น้ํา", "น้ำ"),
        ("ทํางาน", "ทำงาน"),
        ("เเกง", "แกง"),
        ("เพ่ือ", "เพื่อ"),
        ("ท่่าน", "ท่าน"),
        ("ได\uf70bรับ", "ได้รับ"),
        ("ฝ\uf703กอบรม", "ฝึกอบรม"),
        ("การ\u200bจัดการ\u200b\ufeff", "การจัดการ"),
        ("หนึ่ง  \r\nสอง\t\rสาม", "หนึ่ง\nสอง\nสาม"),
        ("ก\x00\x07ข", "กข"),
        ("\n\nย่อหน้า\n\n  ต่อ\n\n", "ย่อหน้า\n\n  ต่อ"),
        ("ก\u00a0ข", "ก ข"),
        ("ครอบครัว 👨\u200d👩\u200d👧", "ครอบครัว 👨\u200d👩\u200d👧"),
        ("ปู่ญี่ปุ่น ที่นี่ สิทธิ์ ก็ เล่ห์", "ปู่ญี่ปุ่น ที่นี่ สิทธิ์ ก็ เล่ห์"),
    ],
)
def test_typed_text_is_put_right(typed, clean):
    assert clean_text(typed) == clean


@given(TRICKY)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_clean_text_is_composed_and_can_be_stored(text):
    clean = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    clean.encode("utf-8")
    assert "\r" not in clean and "\0" not in clean


@given(st.text(alphabet=st.sampled_from("กขคงนำาเแโอ ะ12abcABC.,()\"'"), max_size=30))
def test_sound_letters_all_stay(text):
    assert clean_text(text).replace("แ", "เเ").replace(" ", "") == text.replace("แ", "เเ").replace(" ", "")


def test_same_names_are_recognised():
    assert same_name_key("CoP สาขา ๑") == same_name_key(" cop  สาขา1 ") == same_name_key("“CoP” สาขา-1")
    assert same_name_key("สาขาเก่า") != same_name_key("สาขาเกา")
    assert same_name_key("C++") != same_name_key("C")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0012345", "0012345"),
        ("  00 123 45 ", "0012345"),
        ("-0012345-", "0012345"),
        ("๐๐๑๒๓๔๕", "0012345"),
        ("จๅ/-ภถุึคต", "0123456789"),
        ("จจๅ/-ภถ", "0012345"),
        (" จจ ๅ/-ภถ ", "0012345"),
        ("00ๅ/-ภถ", "0012345"),  # zeros from the numeric pad
        ("๗๗+๑๒๓๔", "0012345"),  # the upper row with Caps Lock on
        ("+๑๒๓๔ู฿๕๖๗", "1234567890"),
        ("//-", "223"),
        ("12-345", "12-345"),
        ("EMP-001", "EMP-001"),
        ("ำทยจจๅ", "emp001"),
        ("ฎ?ญ๗๗+", "EMP001"),
        ("", ""),
    ],
)
def test_employee_ids_are_forgiven(typed, meant):
    assert forgive_employee_id(typed) == meant


@given(st.text(alphabet="0123456789", min_size=1, max_size=12))
def test_an_id_survives_every_way_of_typing_it(digits):
    thai_digits = digits.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert forgive_employee_id(digits) == digits
    assert forgive_employee_id(f" {thai_digits}\u200b ") == digits
    wrong_layout = digits.translate(str.maketrans("0123456789", "จๅ/-ภถุึคต"))
    if set(digits) - set("3"):  # threes alone are dashes, which stand around IDs
        assert forgive_employee_id(wrong_layout) == digits
        assert fix_layout_digits(wrong_layout) == digits


def test_an_organisation_with_thai_letters_in_its_ids_can_try_both_readings():
    assert employee_id_readings("พ1234") == ("พ1234", "r1234")
    assert employee_id_readings("0012345") == ("0012345",)
    assert employee_id_readings(" ") == ()


def test_the_other_layout():
    assert keyboard_swap("8;k,i^h") == "ความรู้"
    assert keyboard_swap("ความรู้") == "8;k,i^h"
    assert keyboard_swap("sovpohk") == "หนอยน้า"


@given(st.text(alphabet=st.sampled_from("กขคงนมรสหอาเแโไ"), min_size=1, max_size=20))
def test_swapping_twice_comes_back(text):
    assert keyboard_swap(keyboard_swap(text)) == text


def test_clusters():
    assert graphemes("เก่าน้ำที่") == ["เก่", "า", "น้ำ", "ที่"]
    assert graphemes("👨\u200d👩\u200d👧🇹🇭👍🏽é") == ["👨\u200d👩\u200d👧", "🇹🇭", "👍🏽", "é"]


@given(TRICKY)
def test_clusters_join_back_and_no_mark_stands_alone(text):
    clusters = graphemes(text)
    assert "".join(clusters) == text
    for cluster in clusters[1:]:
        assert unicodedata.category(cluster[0]) != "Mn" and cluster[0] != "ำ"


@given(TRICKY, st.integers(0, 20))
def test_truncated_text_is_short_enough_and_whole_clusters(text, length):
    short = truncate(text, length)
    assert len(graphemes(short)) <= length
    if short != text and length:
        assert short.endswith("…")
        kept = short[:-1]
        rest = text[len(kept) :]
        assert text.startswith(kept)
        assert not kept or not rest or unicodedata.category(rest[0]) != "Mn"


def test_truncating_prefers_a_late_space():
    assert truncate("การแลกเปลี่ยนเรียนรู้ ในชุมชนนักปฏิบัติ", 17) == "การแลกเปลี่ยนเรียนรู้…"
    assert truncate("สั้น", 10) == "สั้น"
