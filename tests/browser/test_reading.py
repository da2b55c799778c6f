"""A PDF sent up, seen to become readable, found by a sentence of its third page and opened there."""

import os
from pathlib import Path

import pytest

from kc.models import Attachment
from tests import factories
from tests.browser.live import DESK, PHONE, check_axe, give_password

pytestmark = pytest.mark.browser

TABLE = "#table(columns: 2, [เดือน], [ยอดขาย], [มกราคม], [๑๒,๕๐๐ บาท], [กุมภาพันธ์], [๑๘,๐๐๐ บาท])"
PAGES = (
    "= คู่มือกลุ่มจักสาน\n" + "กลุ่มแม่บ้านรวมตัวกันสานตะกร้าเมื่อว่างจากงานในไร่ " * 12,
    "= การหาตลาด\n" + "สมาชิกนำสินค้าไปเสนอร้านค้าในอำเภอและตลาดออนไลน์ " * 12,
    "= ผลที่ได้\nตะกร้าหวายใบใหญ่ขายดีที่สุดในตลาดเช้าวันเสาร์ และลูกค้าสั่งจองล่วงหน้าสองเดือน\n" + TABLE,
)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_sent_up_read_found_and_opened_at_its_page(open_page, world, size):
    give_password(world.officer, world.outsider)
    article = factories.make_article(
        "กลุ่มจักสานบ้านนา", world.author, community=world.community, unit=world.branch, status="published"
    )
    page = open_page(world.officer, size=size)
    page.goto(f"/knowledge/{article.id}/edit")
    file = {"name": "คู่มือกลุ่มจักสาน ปี ๒๕๖๙.pdf", "mimeType": "application/pdf", "buffer": factories.make_pdf(*PAGES)}
    page.set_input_files("#upload-files", [file])
    page.wait_for_selector(".file-reading")
    page.wait_for_selector(".file-reading.is-readable >> text=อ่านได้", timeout=60_000)  # by itself
    check_axe(page)
    _look(page, f"edit-{size['width']}")
    row = Attachment.get()

    reader = open_page(world.outsider, size=size)
    reader.goto("/search?q=ตะกร้าหวายใบใหญ่ขายดี")
    reader.wait_for_selector(".hit-page >> text=หน้า 3")
    check_axe(reader)
    _look(reader, f"found-{size['width']}")
    reader.click("[data-hit=attachment] .hit-title a")
    reader.wait_for_selector("h2 >> text=หน้า 3")
    assert f"/attachments/{row.id}/view?page=3" in reader.url
    reader.wait_for_function("() => document.querySelector('.viewer-image img').naturalWidth === 1200")
    assert reader.inner_text(".viewer-words mark").startswith("ตะกร้าหวาย")
    assert reader.evaluate("document.documentElement.scrollWidth") <= size["width"]
    check_axe(reader)
    _look(reader, f"view-{size['width']}")
    reader.click("a[rel=prev]")
    reader.wait_for_selector("h2 >> text=หน้า 2")
    reader.fill("#page-number", "1")
    reader.keyboard.press("Enter")
    reader.wait_for_selector("h2 >> text=หน้า 1")
    reader.goto(f"/knowledge/{article.id}")
    reader.wait_for_function("() => document.querySelector('.file-page').naturalWidth > 100")
    check_axe(reader)
    _look(reader, f"article-{size['width']}")


def test_without_scripts(open_page, world):
    give_password(world.officer)
    article = factories.make_article("ไม่มีสคริปต์", world.author, community=world.community, status="published")
    page = open_page(world.officer, javascript=False)
    page.goto(f"/knowledge/{article.id}/edit")
    page.set_input_files(
        "#upload-files", [{"name": "ก.pdf", "mimeType": "application/pdf", "buffer": factories.make_pdf(*PAGES)}]
    )
    page.click(".upload button[type=submit]")
    for _ in range(60):
        page.goto(f"/knowledge/{article.id}/edit")
        if page.locator(".file-reading.is-readable").count():
            break
        page.wait_for_timeout(500)
    page.click("#file-list a.file")
    page.click("a[rel=next]")
    assert "การหาตลาด" in page.inner_text(".viewer-words")


def _look(page, name: str) -> None:
    """Pictures of the walk, for whoever asks for them."""
    if folder := os.environ.get("KC_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
