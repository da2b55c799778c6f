"""Dictionary order, titles and initials (REQUIREMENTS 5, "Sorting" and "Names")."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kc.thai import initials, sort_key, strip_title

THAI = st.text(alphabet=st.sampled_from("กขคงจนมรสหอเแโใไาะัำิีุู็่้๊๋์ 12ๆฯab"), max_size=12)

ORDERS = [
    "กา เกา เก่า แกง ไก่ ขา ข่า ข้า เขา โขน นา นำ น้ำ",
    "กก กกข กข กะ กัน กา กำ กิน กี่ กึ่ง กุ้ง กู้ เก แก โก ใก ไก",
    "ปา ป่า ป้า ป๊า ป๋า",
    "เก เก็ง เก่ง เก้ง เกณฑ์ เกม",
    "กมล กรรณิการ์ เกษม แก้ว ขวัญ ธนา ธีร์ มาลี สมชาย สมศรี อรุณ โอภาส ไอริณ",
]


@pytest.mark.parametrize("order", ORDERS)
def test_dictionary_order(order):
    words = order.split()
    shuffled = random.Random(7).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


def test_code_points_alone_would_be_wrong():
    words = ORDERS[0].split()
    assert sorted(words) != words


def test_given_name_alone_stands_before_longer_names():
    names = ["สม ใจดี", "สมชาย กล้าหาญ", "สมชาย ใจดี", "สมชาย แก้วมณี", "สมชัย ก้อนทอง"]
    assert sorted(names, key=sort_key) == ["สม ใจดี", "สมชัย ก้อนทอง", "สมชาย กล้าหาญ", "สมชาย แก้วมณี", "สมชาย ใจดี"]


def test_numbers_stand_in_order_of_value_whichever_digits():
    """Digits of both kinds sort together (S0-297)."""
    assert sorted(["สาขา ๑๐", "สาขา 9", "สาขา 100", "สาขา ๐๒"], key=sort_key) == [
        "สาขา ๐๒",
        "สาขา 9",
        "สาขา ๑๐",
        "สาขา 100",
    ]


def test_case_quotes_and_spelling_of_sara_am_do_not_part_neighbours():
    assert sort_key("CoP") == sort_key("cop") == sort_key('"COP"')
    assert sort_key("นํ้า") == sort_key("น้ำ")


@given(THAI, THAI)
def test_marks_matter_only_between_words_of_the_same_letters(one, other):
    def letters(text):
        return sort_key("".join(c for c in text if c not in "็่้๊๋์"))

    if letters(one) < letters(other):
        assert sort_key(one) < sort_key(other)


@given(st.text())
def test_keys_are_plain_text_that_any_database_holds(text):
    key = sort_key(text)
    assert "\0" not in key
    assert all(c > " " or c == " " for c in key if c.isascii())


@pytest.mark.parametrize(
    ("name", "title", "rest"),
    [
        ("นายสมชาย ใจดี", "นาย", "สมชาย ใจดี"),
        ("นางสาวมาลี ใจดี", "นางสาว", "มาลี ใจดี"),
        ("นาง มาลี  ใจดี", "นาง", "มาลี  ใจดี"),
        ("น.ส.มาลี ใจดี", "น.ส.", "มาลี ใจดี"),
        ("ว่าที่ ร.ต. ก้อง กล้าหาญ", "ว่าที่ ร.ต.", "ก้อง กล้าหาญ"),
        ("ว่าที่ร้อยตรีหญิง กมล สุข", "ว่าที่ร้อยตรีหญิง", "กมล สุข"),
        ("ผศ.ดร.อรุณ แก้ว", "ผศ.ดร.", "อรุณ แก้ว"),
        ("รศ. นพ. เอก ชัย", "รศ. นพ.", "เอก ชัย"),
        ("พญ.ใจ งาม", "พญ.", "ใจ งาม"),
        ("พล.ต.อ.เอก ชัย", "พล.ต.อ.", "เอก ชัย"),
        ("จ.ส.อ. มี มาก", "จ.ส.อ.", "มี มาก"),
        ("ดร. สม ใจ", "ดร.", "สม ใจ"),
        ("Dr. Jane Doe", "Dr.", "Jane Doe"),
        ("คุณ สม ใจ", "คุณ", "สม ใจ"),
        # Names that only look as if they had a title.
        ("คุณากร ดีงาม", "", "คุณากร ดีงาม"),
        ("นายิกา ดี", "", "นายิกา ดี"),
        ("พลอย ดี", "", "พลอย ดี"),
        ("ดร", "", "ดร"),
        ("นายก", "", "นายก"),
        ("", "", ""),
    ],
)
def test_titles(name, title, rest):
    assert strip_title(name) == (title, rest)


@given(THAI)
def test_stripping_never_loses_a_name(name):
    title, rest = strip_title(name)
    assert (title + rest).replace(" ", "") == name.strip().replace(" ", "")
    assert rest or not name.strip()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("นายสมชาย ใจดี", "สจ"),
        ("เอก ไชยา", "อช"),
        ("ผศ.ดร.อรุณ ณ เชียงใหม่", "อช"),
        ("มาลี", "ม"),
        ("jane doe", "JD"),
        ("…", ""),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters
