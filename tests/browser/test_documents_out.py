"""In a real browser: both required files by one click, lists to Excel as filtered, pages on paper."""

import io
import re

import pypdfium2
import pytest
from openpyxl import load_workbook

from tests import factories
from tests.browser.live import DESK, PHONE, give_password

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_both_required_files_by_one_click(world, open_page, javascript, size):
    give_password(world.author)
    article = factories.make_article("เยี่ยมก่อนครบกำหนด", world.author, community=world.community, unit=world.branch)
    page = open_page(world.author, javascript=javascript, size=size)
    for _again in range(2):
        page.goto(f"/knowledge/{article.id}/edit")
        page.get_by_role("button", name="สร้างและแนบเอกสารที่ต้องมีทั้งสองไฟล์").click()
        page.get_by_text("สร้างและแนบแบบฟอร์มกับสรุปหนึ่งหน้าแล้ว").wait_for()
    assert page.locator("#files .file-name").count() == 2
    page.goto(f"/knowledge/{article.id}")
    assert page.get_by_text("เนื้อหาครบ เผยแพร่ได้").is_visible()


def test_the_list_goes_to_excel_as_it_was_filtered(world, open_page):
    give_password(world.fellow)
    factories.make_community("คนรักกาแฟ", world.outsider)
    page = open_page(world.fellow)
    page.goto("/communities/")
    page.wait_for_function("window.htmx")
    page.fill("#q", "กาแฟ")
    page.locator("#results[data-total='1']").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ดาวน์โหลด Excel").click()
    file = waiting.value
    assert re.fullmatch(r"ชุมชนนักปฏิบัติ \d{4}-\d\d-\d\d\.xlsx", file.suggested_filename)
    with open(file.path(), "rb") as stream:
        rows = list(load_workbook(io.BytesIO(stream.read())).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["ชื่อชุมชน", "คนรักกาแฟ"]


def printed(page):
    """Text of each sheet; Chromium's own doubles some Thai syllables, so figures and short words are asked for."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    try:
        assert all(abs(sheet.get_width() - 595) < 2 for sheet in document)  # A4
        return [re.sub(r"\s", "", sheet.get_textpage().get_text_range()) for sheet in document]
    finally:
        document.close()


def test_a_long_table_on_paper(world, open_page):
    give_password(world.administrator)
    for n in range(25):
        factories.make_employee(f"มานะ คนที่{n:02d}", world.branch, employee_id=f"77{n:05d}")
    page = open_page(world.administrator)
    page.goto("/admin/employees/?q=มานะ")
    sheets = printed(page)
    assert len(sheets) > 1 and all("ตำแหน่ง" in sheet for sheet in sheets)  # the head on every sheet
    assert all(f"77{n:05d}" in "".join(sheets) for n in range(24))
    assert all(f"{number}/{len(sheets)}" in sheet for number, sheet in enumerate(sheets, start=1))
    page.emulate_media(media="print")
    for furniture in (".site-header", ".site-footer", "form[method=get]", ".actions", "#results .result-head a"):
        assert not page.locator(furniture).first.is_visible(), furniture


def test_knowledge_on_paper_is_the_official_form(world, open_page):
    give_password(world.fellow)
    method = "ดูวิธีที่ [ระเบียบ](https://rules.example.org/a)\n\n" + "ทำทีละขั้น\n\n" * 60
    article = factories.make_article("เรื่องหนึ่ง", world.author, status="published", method=method)
    page = open_page(world.fellow)
    page.goto(f"/knowledge/{article.id}")
    assert "(https://rules.example.org/a)" in "".join(printed(page))
    page.emulate_media(media="print")
    assert page.get_by_text("แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)").is_visible()
    for furniture in (".site-header", ".print-options", "nav.toc", "#files-h ~ .chips a"):
        assert not page.locator(furniture).first.is_visible(), furniture
