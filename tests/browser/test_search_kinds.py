"""The results page in a real browser: kinds, filters and chips, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from kc import search
from tests import factories
from tests.browser.live import DESK, PHONE, check_axe, give_password

pytestmark = pytest.mark.browser


@pytest.fixture
def orchard(world):
    """Knowledge of two years, people and a community about ลำไย."""
    give_password(world.fellow)
    world.author.expertise = "ลำไยนอกฤดู"
    world.author.save()
    earlier = factories.make_year(2567)
    community = factories.make_community("ชุมชนคนลำไย", world.author)
    factories.make_session(community, topic="ตัดแต่งกิ่งลำไย")
    factories.make_article("ลำไยปีนี้", world.author, status="published", kind="manual")
    factories.make_article("ลำไยปีก่อน", world.outsider, status="published", kind="story", fiscal_year=earlier)
    search.rebuild()
    return world


def kinds(page):
    return set(page.locator("[data-hit]").evaluate_all("hits => hits.map(hit => hit.dataset.hit)"))


def test_a_tab_changes_results_and_address_and_leaves_the_page_standing(open_page, orchard):
    page = open_page(orchard.fellow)
    page.goto("/search?q=ลำไย")
    assert kinds(page) == {"knowledge", "person", "community", "session"}
    page.evaluate("window.stays = true")
    page.get_by_role("navigation", name="แยกตามสิ่งที่พบ").get_by_role("link", name=re.compile("^องค์ความรู้")).click()
    expect(page.locator("#results")).to_have_attribute("data-total", "2")
    assert kinds(page) == {"knowledge"} and "in=knowledge" in page.url and page.evaluate("window.stays")
    page.select_option("#f-kind", "story")
    expect(page.locator("#results")).to_have_attribute("data-total", "1")
    assert "in=knowledge" in page.url and "kind=story" in page.url, "the tab is still on"
    page.get_by_role("link", name="เอาตัวกรอง ชนิดความรู้ เรื่องเล่า ออก").click()
    expect(page.locator("#results")).to_have_attribute("data-total", "2")
    page.go_back()
    expect(page.locator("#results")).to_have_attribute("data-total", "1")
    assert page.locator("#f-kind").input_value() == "story"


def test_a_chip_sets_the_filter_beside_the_results_too(open_page, orchard):
    page = open_page(orchard.fellow)
    page.goto("/search?q=ลำไย")
    page.get_by_role("navigation", name="แยกตามปี").get_by_role("link", name=re.compile("2567")).click()
    expect(page.locator("#results")).to_have_attribute("data-total", "1")
    assert page.locator("#f-year").input_value() == "2567" and page.input_value("#q") == "ลำไย"
    page.select_option("#f-year", "")
    expect(page.locator("#results")).not_to_have_attribute("data-total", "1")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_typed_filters_are_shown_explained_and_taken_back(open_page, orchard, size):
    page = open_page(orchard.fellow, size=size)
    page.goto("/search")
    page.fill("#q", "ลำไย ปี:๒๕๖๗ ประเภท:ความรู้ หน่วยงาน:ดาวอังคาร")
    page.keyboard.press("Enter")
    chip = page.get_by_role("link", name="เอาตัวกรอง ปี 2567 ออก")
    expect(chip).to_be_visible()
    expect(page.get_by_text("ไม่พบ “ดาวอังคาร”")).to_be_visible()
    check_axe(page)
    chip.click()
    expect(page.locator("#q")).to_have_value("ลำไย ประเภท:ความรู้ หน่วยงาน:ดาวอังคาร")
    page.get_by_text("วิธีค้นให้ตรงใจ").click()
    expect(page.get_by_text("ไฟล์:pdf")).to_be_visible()
    check_axe(page)


def test_without_scripts_every_link_and_filter_works(open_page, orchard):
    page = open_page(orchard.fellow, javascript=False)
    page.goto("/search?q=ลำไย")
    page.get_by_role("link", name=re.compile("^บุคลากร")).click()
    assert kinds(page) == {"person"}
    page.goto("/search?q=ลำไย")
    page.select_option("#f-year", "2567")
    page.get_by_role("button", name="ใช้ตัวกรอง").click()
    assert page.locator("#results").get_attribute("data-total") == "1"
