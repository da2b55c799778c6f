"""The picture of a chain: lines end between words, nothing overlaps, every card is there (S0-142)."""

import pytest

from kc import loop
from kc.loop import Card

LONG = "เขียนตารางเงินสดต่อหน้าทั้งคู่สมรสเสมอ ถ้ามาคนเดียวให้นัดใหม่ และเตรียมเวลาไว้หนึ่งชั่วโมงครึ่งต่อราย " * 3


def chain_of(rounds, text=LONG):
    cards = [Card(stage, "หัว", text, "18 มิ.ย. 69", "/x") for stage in loop.STAGES]
    return [(f"รอบที่ {n}", cards) for n in range(1, rounds + 1)]


@pytest.mark.parametrize("width", [120, 158, 314])
def test_every_line_fits_and_none_begins_with_a_mark(width):
    lines = loop.wrapped(LONG, width, loop.SIZE, 99)
    assert "".join(lines).replace(" ", "") == LONG.replace(" ", "")
    assert all(loop.width_of(line, loop.SIZE) <= width and line[0] not in loop.MARKS + "ำๆฯ" for line in lines)


def test_words_stay_whole():
    lines = loop.wrapped("พนักงานสินเชื่อโทรนัดลูกค้าก่อนครบกำหนด", 100, loop.SIZE, 9)
    assert len(lines) > 2 and not any(line.endswith(("พนัก", "สินเชื่", "ลูก", "ครบกำ")) for line in lines)


def test_what_has_no_room_ends_in_dots():
    lines = loop.wrapped(LONG, 158, loop.SIZE, 4)
    assert len(lines) == 4 and lines[3].endswith("…") and loop.width_of(lines[3], loop.SIZE) <= 158


@pytest.mark.parametrize("text", ["ก" * 300, "https://example.org/" + "a" * 200, "๏" * 90, "👩‍🌾" * 40])
def test_a_word_wider_than_a_line_is_cut_between_letters(text):
    lines = loop.wrapped(text, 158, loop.SIZE, 99)
    assert "".join(lines) == text and all(loop.width_of(line, loop.SIZE) <= 158 for line in lines)


def test_nothing_is_no_line():
    assert loop.wrapped("  ", 158, loop.SIZE, 4) == []


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("rounds", [1, 3])
def test_cards_stand_inside_the_picture_and_apart(wide, rounds):
    last = Card("knowledge", "องค์ความรู้", LONG, url="/k")
    drawing = loop.draw(chain_of(rounds), last, wide=wide)
    boxes = drawing.boxes
    assert len(boxes) == 4 * rounds + 1 and len(drawing.arrows) == 4 * rounds
    assert [box.over for box in boxes if box.over] == [f"รอบที่ {n}" for n in range(1, rounds + 1)]
    for box in boxes:
        assert box.x >= 0 and box.x + box.width <= drawing.width and box.y + box.height <= drawing.height
        bottom = box.foot_at - 17 if box.foot else box.y + box.height
        assert not box.lines or box.line_at(len(box.lines) - 1) < bottom
    for one in boxes:
        for other in boxes:
            apart = one.x + one.width <= other.x or one.y + one.height <= other.y
            assert one is other or apart or other.x + other.width <= one.x or other.y + other.height <= one.y


def test_cards_of_a_row_are_equally_tall():
    cards = [Card("talk", "คุย", "สั้น"), Card("try", "ลอง", LONG), Card("result", "ผล", ""), Card("improve", "ปรับ", "ก")]
    drawing = loop.draw([("รอบที่ 1", cards)], wide=True)
    assert len({box.height for box in drawing.boxes}) == 1
