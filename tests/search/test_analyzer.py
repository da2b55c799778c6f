"""The analyzer as a table: a text and the words it is made of; and what the words are made of."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc.search.analyzer import parts_of, tokens, words
from kc.search.text import fold
from kc.thai.repair import repair


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("การจัดการความรู้", ["การ", "จัดการ", "ความรู้"]),
        ("ชุมชนนักปฏิบัติ", ["ชุมชน", "นัก", "ปฏิบัติ"]),
        ("ขาว ข่าว ข้าว", ["ขาว", "ข่าว", "ข้าว"]),
        ("ธ.ก.ส. และ ธกส", ["ธกส", "และ", "ธกส"]),
        ("รมต.อนุชา", ["รมต", "อนุชา"]),
        ("ตาม พ.ร.บ.งบประมาณ", ["ตาม", "พรบ", "งบประมาณ"]),
        ("จ.น่าน", ["จ", "น่าน"]),
        ("ปี ๒๕๖๘", ["ปี", "2568"]),
        ("COVID-19", ["covid-19"]),
        ("NPLs ลดลง", ["npls", "ลดลง"]),
        ("e-Form", ["e-form"]),
        ("กค 0408.4/ว45", ["กค", "0408.4", "ว", "45"]),
        ("a.b@example.go.th", ["a.b@example.go.th"]),
        ("ทํางานเเละเพ่ือ", ["ทำงาน", "และ", "เพื่อ"]),  # ํ+า, เ+เ, tone before vowel
        ("ความรู ้ และ", ["ความรู้", "และ"]),  # a mark that came loose
        ("ค\u200bวาม\u200bรู้", ["ความรู้"]),
        ("\uf70a", []),  # a lone mark from an old font
        ("ต่างๆ ฯลฯ", ["ต่าง", "ฯล"]),
        ("", []),
        ("!!! … “”", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("word", "inside"),
    [
        ("ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", {"เกษตร", "สหกรณ์", "ธนาคาร", "การเกษตร"}),
        ("นครศรีธรรมราช", {"นคร", "ศรี", "ธรรม", "ราช"}),
        ("ข้าว", set()),
        ("ธรรม", set()),  # not ธร and รม
    ],
)
def test_words_inside_a_word(word: str, inside: set[str]) -> None:
    assert inside <= set(parts_of(word))
    assert inside or not parts_of(word)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("COVID-19", {"covid", "19", "covid19"}),
        ("NPLs", {"npl"}),
        ("somchai.j@example.go.th", {"somchai", "example", "go", "th"}),
        ("ศบค.มท. สั่ง", {"ศบค", "มท"}),
    ],
)
def test_parts_of_mixed_words(text: str, parts: set[str]) -> None:
    first = next(tokens(fold(repair(text))))
    assert parts <= set(first.parts)


@given(st.text(max_size=200))
def test_any_text_is_cut_and_places_are_true(text: str) -> None:
    folded = fold(repair(text))
    last = 0
    for token in tokens(folded):
        assert last <= token.start < token.end <= len(folded)
        last = token.end
        if token.thai and "." not in folded[token.start : token.end]:
            assert folded[token.start : token.end].rstrip("ฯๆ") == token.text


@given(st.text(alphabet="กขคงาิีุูเแโ่้๊๋์ำะ. \n", max_size=2_000))
def test_long_nonsense_is_cut_in_time(text: str) -> None:
    assert isinstance(words(text), list)


def test_the_tokenizer_keeps_off_the_home_directory() -> None:
    assert os.environ["PYTHAINLP_READ_ONLY"] == os.environ["PYTHAINLP_OFFLINE"] == "1"
