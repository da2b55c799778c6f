"""Lines of printed Thai end between words (REQUIREMENTS 5, "Line breaking")."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc.thai import graphemes
from kc.thai.wrapping import line_pieces, shorten, split_words

THAI = st.text(alphabet=st.sampled_from("กขคงจนมรสหอเแโไาะัิีุู่้์ำๆฯ \"'().,:-12ab“”"), max_size=40)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("เดือนพฤษภาคม", "เดือน พฤษภาคม"),
        ("พนักงานต้องเก็บตัวเลข", "พนักงาน ต้อง เก็บ ตัวเลข"),
        ("ค่าน้ำมัน", "ค่า น้ำมัน"),
        ("วันที่ทำตาราง", "วันที่ ทำ ตาราง"),
        ("โรงเรียนลูกค้า", "โรงเรียน ลูกค้า"),
    ],
)
def test_compounds_stay_together(run, words):
    assert split_words(run) == words.split()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ('แต่ "เกรงใจ" และ"คำพูด"ต่อ', 'แต่| |"เกรงใจ"| |และ|"คำพูด"|ต่อ'),
        ("ต่างๆ (ทดลอง) ฯลฯ", "ต่างๆ| |(ทดลอง)| |ฯลฯ"),
        ("ช่วง ม.ค.-เม.ย. ที่ สนจ. แจ้ง", "ช่วง| |ม.ค.|-|เม.ย.| |ที่| |สนจ.| |แจ้ง"),
        ("ลดจาก 67 ราย", "ลด|จาก| 67 |ราย"),
        ("see https://example.org/a now", "see https://example.org/a now"),
        ("", ""),
    ],
)
def test_where_lines_may_end(text, pieces):
    assert "|".join(piece for piece, _whole in line_pieces(text)) == pieces


@given(THAI)
def test_nothing_is_lost_and_no_piece_begins_with_a_mark_or_closing_sign(text):
    pieces = line_pieces(text)
    assert "".join(piece for piece, _whole in pieces) == text
    for before, (piece, whole) in zip([" ", *(piece for piece, _whole in pieces)], pieces, strict=False):
        if whole and not before[-1].isspace():
            assert piece[0] not in ")”.,:ๆฯ"
            assert unicodedata.category(before[-1]) == "Mn" or unicodedata.category(piece[0]) != "Mn"


@given(THAI, st.integers(2, 30))
def test_shortened_text_is_short(text, length):
    short = shorten(text, length)
    assert len(graphemes(short)) <= length
    assert short == text or short.endswith("…")


def test_shortening_cuts_between_words():
    assert shorten("พนักงานต้องเก็บตัวเลขทุกวัน", 14) == "พนักงานต้องเก็บ…"
