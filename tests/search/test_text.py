"""Repair, folding, squeezing and letter pieces."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kc.search.text import fold, grams, skeleton, squeeze
from kc.thai.mending import lost_marks, restored
from kc.thai.repair import is_damaged, repair

THAI_TEXT = st.text(alphabet="กขคงจนมปรลวสหอะัาำิีืุูเแโไ็่้๊๋์ํๆฯ๑๒ .\nabA1", max_size=120)

SOUND = (
    "ทีมงานของสาขาเล่าว่า ปัญหาที่พบบ่อยคือผู้กู้ไม่ได้รับข่าวสารเรื่องกำหนดชำระ จึงได้จัดทำปฏิทินแจกให้ทุกบ้าน "
    "แล้วนัดพบกันที่ศาลาหมู่บ้านทุกวันที่ห้าของเดือน เมื่อครบหกเดือนหนี้ค้างชำระลดลงมากกว่าครึ่งหนึ่ง "
    "และผู้กู้เป็นฝ่ายโทรศัพท์มาหาเจ้าหน้าที่ก่อน ซึ่งไม่เคยเกิดขึ้นมาก่อนเลย"
)


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("ทํางาน", "ทำงาน"),
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("เเผน", "แผน"),
        ("เพ่ือ", "เพื่อ"),
        ("ที ่ประชุม", "ที่ประชุม"),
        ("ได\uf70bรับ", "ได้รับ"),
        ("ฝ\uf703กอบรม", "ฝึกอบรม"),
        ("ดี้้", "ดี้"),
        ("ความ\u200bรู้\ufeff", "ความรู้"),
    ],
)
def test_repair_of_single_faults(damaged: str, sound: str) -> None:
    assert repair(damaged) == sound


def test_swapped_am_is_mended_line_by_line() -> None:
    damaged = "กำรจัดกำรควำมรู้เพื่อพัฒนำงำนสำขำ และกำรท ำงำนเป็นทีม น ำไปใช้ได้จริง"
    assert is_damaged(damaged)
    assert repair(damaged) == "การจัดการความรู้เพื่อพัฒนางานสาขา และการทำงานเป็นทีม นำไปใช้ได้จริง"


def test_split_am_is_closed() -> None:
    assert repair("การท างานและน าเสนอ จ านวนสิบเรื่อง") == "การทำงานและนำเสนอ จำนวนสิบเรื่อง"


def test_lost_marks_are_put_back() -> None:
    robbed = "".join(letter for letter in SOUND if letter not in "่้๊๋์็")
    assert lost_marks(robbed)
    mended = restored(repair(robbed))
    for word in ("ปัญหาที่พบ", "ไม่ได้รับข่าวสารเรื่อง", "แล้วนัดพบกันที่", "ค้างชำระ", "เจ้าหน้าที่ก่อน"):
        assert word in mended


def test_sound_text_is_left_alone() -> None:
    assert not is_damaged(SOUND)
    assert not lost_marks(SOUND)
    assert restored(repair(SOUND)) == SOUND


@given(THAI_TEXT)
@example("ก ้า\nำ")
def test_repair_and_squeeze_settle(text: str) -> None:
    squeezed = squeeze(fold(repair(text)))
    assert squeeze(squeezed) == squeezed


@given(st.text(max_size=200))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=200))
def test_nothing_breaks_the_text_rules(text: str) -> None:
    grams(squeeze(fold(repair(text))))
    restored(repair(text))


@pytest.mark.parametrize(("one", "other"), [("ปฏิบัติ", "ปฎิบัติ"), ("เว็บไซต์", "เวบไซต"), ("ศาลา", "ษาลา"), ("ข้าว", "ข่าว")])
def test_skeletons_of_look_and_sound_alikes(one: str, other: str) -> None:
    assert set(grams(one)) & set(grams(other))
    assert skeleton(one)[:3] == skeleton(other)[:3]


def test_pieces_leave_latin_and_digits_out() -> None:
    assert grams("covid19 กขคง 2568") == ["กขค", "ขคง"]
