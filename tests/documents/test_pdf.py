"""The form and the poster as PDF: every sentence can be read back, nothing typed is obeyed (S0-162..172, S0-175)."""

import re
import shutil
import subprocess
import time

import pypdfium2
import pytest

from kc.documents import Measure, Picture, exchange_form_pdf, one_page_pdf
from kc.documents.coverage import covered, drawable
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


def stick_out(pdf, margin=14):
    """Texts and pictures nearer to the edge of their page than `margin` points, or beyond it."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            text = page.get_textpage()
            boxes = [text.get_rect(n) for n in range(text.count_rects())]
            boxes += [item.get_bounds() for item in page.get_objects() if item.type == 3]
            out = [b for b in boxes if b[0] < margin or b[2] > width - margin or b[1] < 0 or b[3] > height]
            found += [(number, *map(round, box)) for box in out]
        return found
    finally:
        document.close()


ENDLESS = "กกกงงงจจจฉฉฉ" * 12  # no dictionary can break it
LONG_TITLE = (
    "การพัฒนากระบวนการติดตามและเยี่ยมลูกหนี้ก่อนครบกำหนดชำระสี่สิบห้าวันเพื่อลดหนี้ค้างชำระใหม่ของลูกค้าผู้ปลูกอ้อย"
    "และมันสำปะหลังในพื้นที่อำเภอปากช่องและอำเภอสีคิ้ว จังหวัดนครราชสีมา ประจำปีบัญชี 2567 (ระยะที่ 2)"
)
EVERYWHERE = dict.fromkeys(
    (
        "title",
        "community",
        "branch",
        "division",
        "topic",
        "fiscal_year",
        "organisation",
        "summary",
        "background",
        "goals",
    ),
    ENDLESS,
)
HUGE = EVERYWHERE | {
    "method": f"| {ENDLESS} | ข | ค |\n|---|---|---|\n| {ENDLESS} | {'x' * 300} | 1 |\n\n- {ENDLESS}",
    "results": "ผลดีมาก " * 900 + "y" * 300,
    "measures": (Measure(*[ENDLESS] * 5),) * 12,
    "authors": (ENDLESS,) * 30,
    "address": "https://kc.example.org/" + "knowledge/" * 30,
    "pictures": (Picture(picture((3000, 120)), ENDLESS), Picture(picture((120, 3000)), ENDLESS)),
    "signatures": True,
}


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


@pytest.mark.parametrize("how", [[], ["-raw"], ["-layout"]])
def test_pdftotext_reads_every_sentence_back_too(form, tmp_path, how):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler) is not installed here")
    (tmp_path / "form.pdf").write_bytes(exchange_form_pdf(form))
    done = subprocess.run(["pdftotext", *how, str(tmp_path / "form.pdf"), "-"], capture_output=True, check=True)
    text = squeezed(done.stdout.decode())
    assert [sentence for sentence in SENTENCES if squeezed(sentence) not in text] == []


@pytest.mark.parametrize(
    "changes", [{}, {"title": LONG_TITLE, "division": LONG_TITLE}, HUGE], ids=["usual", "long", "huge"]
)
@pytest.mark.parametrize("make", [exchange_form_pdf, one_page_pdf])
def test_nothing_sticks_out_of_the_page(make, changes):
    assert stick_out(make(make_form(**changes))) == []


def test_the_long_title_is_whole_on_the_form():
    text, _pages, _pictures = read(exchange_form_pdf(make_form(title=LONG_TITLE)))
    assert squeezed(LONG_TITLE) in text


def test_pages_are_counted_and_heads_repeated():
    rows = "\n".join(f"| {n} | เยี่ยมลูกค้าและบันทึกผล |" for n in range(120))
    text, pages, _pictures = read(exchange_form_pdf(make_form(method=f"| ลำดับงาน | ทำอะไร |\n|---|---|\n{rows}")))
    assert pages > 3 and all(f"หน้า{n}/{pages}" in text for n in range(1, pages + 1))
    assert text.count("ลำดับงาน") >= 3


def test_goals_stand_beside_results(form):
    """What was wanted and what came of it stand side by side (S0-169)."""
    text, _pages, _pictures = read(exchange_form_pdf(form))
    assert "ตัวชี้วัดหน่วยก่อนทำกิจกรรมเป้าหมายผลลัพธ์" in text


def test_places_to_sign_only_where_asked_for(form):
    without, _pages, _pictures = read(exchange_form_pdf(form))
    signed, _pages, _pictures = read(exchange_form_pdf(make_form(signatures=True)))
    assert "ลงชื่อ" not in without
    assert signed.count("ลงชื่อ") == 2 and "(นายสมชายกล้าหาญ)" in signed and "ผู้บังคับบัญชา" in signed


def test_for_the_archive_it_is_pdf_a(form):
    usual, archive = exchange_form_pdf(form), exchange_form_pdf(form, archive=True)
    assert b"pdfaid:part>2</pdfaid:part" in archive and b"pdfaid" not in usual
    assert read(archive)[0] == read(usual)[0]


STRANGE = "→ ✓ ★ ≥ 😀 漢字 \ue000 \u0378 \u200b ก๎"


@pytest.mark.parametrize("archive", [False, True])
def test_signs_are_drawn_and_what_no_font_has_breaks_nothing(archive):
    text, _pages, _pictures = read(exchange_form_pdf(make_form(title=STRANGE, background=STRANGE), archive=archive))
    assert text.count("→✓★≥") == 2
    assert not archive or "□" in text


def test_every_drawable_letter_is_known_to_be():
    assert {ord(letter) for letter in "กฺฯ๛฿A→✓★≥α□“”…–"} <= covered() and ord("漢") not in covered()
    assert drawable("ก→\u200b😀\n") == "ก→\u200b□\n"


def test_the_poster_has_a_code_that_leads_to_the_article(form):
    """From the notice board into the system (S0-191)."""
    text, _pages, _pictures = read(one_page_pdf(form))
    assert "สแกนเพื่ออ่านฉบับเต็ม" in text and "https://kc.example.org/knowledge/12" in text
    without, _pages, _pictures = read(one_page_pdf(make_form(address="")))
    assert "สแกน" not in without


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
        {"title": LONG_TITLE, "summary": LONG_TITLE * 4, "method": "\n".join(f"- {LONG_TITLE}" for _n in range(20))},
        HUGE,
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
