"""The form and the poster as PDF: every sentence can be read back, nothing typed is obeyed (S0-162..172, S0-175)."""

import re
import time

import pypdfium2
import pytest

from kc.documents import Measure, Picture, exchange_form_pdf, one_page_pdf
from tests.documents.conftest import make_form, picture


def read(pdf):
    """(text of all pages without white space, number of pages, number of pictures)."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
        pictures = sum(item.type == 3 for page in document for item in page.get_objects())
        return re.sub(r"\s", "", text), len(document), pictures
    finally:
        document.close()


def squeezed(text):
    return re.sub(r"\s", "", text)


SENTENCES = [
    "แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)",
    "ชุมชนนักปฏิบัติเรื่อง เยี่ยมก่อนครบกำหนด 45 วัน ลดหนี้ค้างชำระใหม่ของลูกค้าไร่อ้อย",
    "1. ที่มาของการทำกิจกรรม CoPs",
    'เราถามว่า "เรารู้ตัวเมื่อไร" น้ำ ปู่ ญี่ปุ่น ที่นี่ กตัญญู ฐานะ',
    "2. เป้าหมายที่ต้องการ",
    "หนี้ค้างชำระใหม่ไม่เกิน 30 ราย",
    "3. กลุ่มเป้าหมายที่จะนำความรู้จากการทำกิจกรรมไปใช้",
    "4. วิธีการดำเนินกิจกรรม (อธิบายรายละเอียดแต่ละกิจกรรมให้ชัดเจน พร้อมยกตัวอย่างและรูปภาพประกอบ)",
    "ใช้รายงานหนี้ถึงกำหนดล่วงหน้าของระบบสินเชื่อ แล้วเติมสามช่องเองใน Excel",
    "ถามซ้ำเมื่อจบ",
    "ถามก่อน แล้วค่อยเขียน",
    "5. ผลลัพธ์ที่เกิดจากกิจกรรม CoPs (เปรียบเทียบกับเป้าหมายให้ชัดเจน)",
    "R&D <b>ไม่ใช่ตัวหนา</b> #eval(1) $x$",
    "ผลลัพธ์ ณ วันที่ 31 มกราคม 2568",
    "นายสมชาย กล้าหาญ",
]


def test_every_sentence_of_the_form_can_be_read_back_in_order(form):
    text, _pages, pictures = read(exchange_form_pdf(form))
    places = [text.find(squeezed(sentence)) for sentence in SENTENCES]
    assert -1 not in places, SENTENCES[places.index(-1)]
    assert places == sorted(places)
    for words in ("สาขาปากช่อง", "ฝ่าย/สำนัก/สนจ.สนจ.นครราชสีมา", "เคยช้าไม่เกิน30วัน", "11,300"):
        assert words in text
    assert pictures == 2


def test_the_font_is_our_own_and_inside(form):
    pdf = exchange_form_pdf(form)
    assert b"Laksaman" in pdf and b"DejaVu" not in pdf


def test_thai_digits_where_the_system_writes_them():
    text, _pages, _pictures = read(exchange_form_pdf(make_form(thai_digits=True)))
    for words in ("๑.ที่มา", "๓๑มกราคม๒๕๖๘", "๑๑,๓๐๐", "หน้า๑/", "ปีบัญชี๒๕๖๗"):
        assert words in text
    assert "412ราย" in text  # what people wrote stays as they wrote it


def test_an_empty_form_can_be_printed_and_filled_in_by_hand():
    empty = dict.fromkeys(("background", "goals", "target_group", "method", "results", "branch", "division"), "")
    text, pages, _pictures = read(exchange_form_pdf(make_form(**empty, measures=(), pictures=(), authors=())))
    assert pages == 1 and "5.ผลลัพธ์ที่เกิดจากกิจกรรมCoPs" in text


def test_a_damaged_picture_does_not_spoil_the_document():
    text, _pages, pictures = read(
        exchange_form_pdf(make_form(pictures=(Picture(b"broken", "เสีย", "/attachments/7/a.jpg"),)))
    )
    assert pictures == 0 and "ถามซ้ำเมื่อจบ" in text


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"measures": (), "pictures": (), "summary": "", "results_on": None, "authors": (), "address": ""},
        {"background": "เราเคยภูมิใจกับตัวเลขปรับโครงสร้างหนี้ " * 200, "results": "ผลดีมาก " * 300},
        {"title": "ชื่อยาวมาก" * 20, "goals": "\n".join(f"- ข้อ {n} " + "ยาว" * 60 for n in range(9))},
        {"measures": tuple(Measure("ตัวชี้วัดที่มีชื่อยาวพอสมควร" * 3, "ร้อยละ", "มาก", "น้อย", "ปานกลาง") for _n in range(5))},
        {"pictures": (Picture(picture((400, 3000)), "สูงมาก"),)},
    ],
)
def test_the_poster_is_one_page_whatever_was_written(changes):
    text, pages, _pictures = read(one_page_pdf(make_form(**changes)))
    assert pages == 1
    assert squeezed(changes.get("title", "เยี่ยมก่อนครบกำหนด 45 วัน"))[:20] in text


def test_the_poster_shows_figures_and_steps(form):
    text, _pages, _pictures = read(one_page_pdf(form))
    for words in ("ดึงรายชื่อให้เสร็จก่อนครบกำหนด75วัน", "แบ่งสามสี", "บรรลุเป้าหมาย", "11,300", "นายสมชายกล้าหาญ"):
        assert words in text


def test_making_them_is_quick(form):
    exchange_form_pdf(form)  # fonts and words are read once
    started = time.process_time()
    exchange_form_pdf(form)
    one_page_pdf(form)
    assert time.process_time() - started < 2
