"""The official words and the reading of figures and texts (S0-162..170)."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kc.documents import Measure
from kc.documents.blocks import key_points, read_blocks
from kc.documents.pictures import printable
from kc.markdown import to_plain
from tests.documents.conftest import METHOD, make_form, picture


def test_parts_stand_in_the_official_order_and_words():
    assert [f"{part.heading} {part.note}".strip() for part in make_form().parts] == [
        "1. ที่มาของการทำกิจกรรม CoPs",
        "2. เป้าหมายที่ต้องการ",
        "3. กลุ่มเป้าหมายที่จะนำความรู้จากการทำกิจกรรมไปใช้",
        "4. วิธีการดำเนินกิจกรรม (อธิบายรายละเอียดแต่ละกิจกรรมให้ชัดเจน พร้อมยกตัวอย่างและรูปภาพประกอบ)",
        "5. ผลลัพธ์ที่เกิดจากกิจกรรม CoPs (เปรียบเทียบกับเป้าหมายให้ชัดเจน)",
    ]
    assert make_form(thai_digits=True).parts[4].heading.startswith("๕. ")
    assert make_form(thai_digits=True).results_day == "๓๑ มกราคม ๒๕๖๘"
    assert make_form(results_on=None).results_day == ""


@pytest.mark.parametrize(
    ("before", "target", "after", "reached"),
    [
        ("67", "30", "21", True),  # less was wanted
        ("67", "30", "31", False),
        ("22", "100", "100", True),
        ("22", "100", "99.5", False),
        ("", "ไม่เกิน 30 ราย", "๒๑", True),
        ("", "อย่างน้อยร้อยละ ๙๐", "85", False),
        ("", "ไม่น้อยกว่า 1,200", "1,200", True),
        ("", "30", "21", None),  # nobody said which way is better
        ("67", "30", "ลดลงมาก", None),
        ("67", "ลดลงร้อยละ 20", "21", None),  # a change cannot be compared with a level
        ("67", "ลดลงเหลือ 30", "21", True),
        ("5", "", "6", None),
        ("5", "3-4", "3", None),
    ],
)
def test_reached_is_said_only_when_the_figures_tell(before, target, after, reached):
    assert Measure("ก", "ราย", before, target, after).reached is reached


def test_bare_figures_get_their_comma():
    measure = Measure("ก", "บาท", "7900", "อย่างน้อย 9000", "11300.50")
    assert [measure.shown(name) for name in ("before", "target", "after")] == ["7,900", "อย่างน้อย 9000", "11,300.50"]


def test_blocks_of_a_real_text():
    blocks = read_blocks(METHOD)
    kinds = [block.kind for block in blocks]
    assert kinds == ["heading", "paragraph", "heading", "table", "picture", "item", "item", "item", "quote"]
    assert blocks[0].text == "1. ดึงรายชื่อให้เสร็จก่อนครบกำหนด 75 วัน"
    assert [run.text for run in blocks[1].runs if run.italic] == ["สามช่อง"]
    assert [(block.marker, block.level) for block in blocks if block.kind == "item"] == [("1.", 1), ("2.", 1), ("•", 2)]
    assert len(blocks[3].rows) == 3 and blocks[3].rows[2][0][0].text == "เหลือง"
    assert (blocks[4].path, blocks[4].text) == ("/attachments/7/a.jpg", "แฟ้มบนโต๊ะ")


@given(st.text(alphabet=st.sampled_from("กข่า1 \n\n*_`[]()>#|-+~\\."), max_size=80))
def test_blocks_hold_every_word_the_page_shows(text):
    words = []
    for block in read_blocks(text):
        rows = "\t".join("".join(run.text for run in cell) for row in block.rows for cell in row)
        words += (block.text + " " + rows).split()
    assert "".join(words) == "".join(to_plain(text).split())


def test_key_points_prefer_headings_then_items_then_paragraphs():
    assert key_points(METHOD, 2) == ["ดึงรายชื่อให้เสร็จก่อนครบกำหนด 75 วัน", "แบ่งสามสี"]
    assert key_points("เกริ่น\n\n- ก\n- ข", 5) == ["ก", "ข"]
    assert key_points("ย่อหน้าหนึ่ง\n\nย่อหน้าสอง", 1) == ["ย่อหน้าหนึ่ง"]
    assert key_points("", 3) == []


def test_pictures_lose_their_hidden_data_and_stand_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    exif[0x010E] = "13.7563,100.5018"
    ready = printable(picture((1000, 500), exif=exif))
    assert (ready.width, ready.height) == (500, 1000)
    assert not Image.open(io.BytesIO(ready.data)).getexif()
    assert printable(b"not a picture") is None
    assert max(printable(picture((5000, 100))).width, 0) == 1600
