"""The search box in a real browser: keys, suggestions, results as one types, what is remembered and kept; without
scripts too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kc import search
from kc.models import SavedSearch
from kc.services import findable, recent_searches, saved_searches
from tests import factories
from tests.browser.live import AXE, DESK, PHONE, WCAG, check_axe, give_password
from tests.factories import Cast

pytestmark = pytest.mark.browser

TITLES = ("หนี้ก้อนแรกของชาวนา", "หนี้ก้อนที่สองหลังพักชำระ", "ลดหนี้ค้างชำระด้วยการเยี่ยม", "ออมทรัพย์วันขายข้าว")


@pytest.fixture
def library(world: Cast) -> Cast:
    give_password(world.fellow, world.author)
    for title in TITLES:
        factories.make_article(title, world.author, status="published")
    search.rebuild()
    return world


@pytest.fixture
def page(library: Cast, open_page: Callable[..., Page]) -> Page:
    return open_page(library.fellow)


def options(page: Page, place: str):
    return page.locator(f"#{place}-list [role=option]")


def check_box(page: Page) -> None:
    """No violation in the box as it stands open; what lies half under it is not looked at."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run('.search-box', {runOnly: tags})", WCAG)
    assert not found["violations"], [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]


def active(page: Page) -> str:
    """The text of the option that is active, as a screen reader finds it."""
    return page.evaluate(
        "id => document.getElementById(document.getElementById(id).getAttribute('aria-activedescendant') ?? '')"
        "?.querySelector('.suggest-text').textContent ?? ''",
        page.evaluate("document.activeElement.id"),
    )


# ---- keys -----------------------------------------------------------------------------------------------------------


def test_slash_arrows_enter_and_escape(page: Page) -> None:
    page.goto("/communities/")
    box = page.locator("#q-header")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("หนี้ก้อน", delay=30)
    expect(options(page, "q-header")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#q-header-status")).to_have_text("มีคำแนะนำ 2 รายการ")
    check_box(page)
    assert active(page) == ""
    for key, text in (("ArrowDown", TITLES[1]), ("ArrowDown", TITLES[0]), ("ArrowUp", TITLES[1]), ("ArrowUp", "")):
        page.keyboard.press(key)
        assert active(page) == text
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("หนี้ก้อน")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    page.keyboard.type("หนี้ก้อน", delay=30)
    expect(page.locator("#q-header-panel")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(TITLES[1])


def test_slash_is_a_letter_in_a_field_and_the_same_key_in_thai(page: Page) -> None:
    page.goto("/communities/")
    page.fill("main [name=q]", "")
    page.locator("main [name=q]").press("/")
    expect(page.locator("main [name=q]")).to_have_value("/")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ฝ', code: 'Slash', bubbles: true}))")
    expect(page.locator("#q-header")).to_be_focused()


def test_enter_searches_what_was_typed_and_nothing_opens_afterwards(page: Page) -> None:
    page.goto("/")
    page.locator("#q-home").press_sequentially("ออมทรัพย์", delay=10)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator("[data-hit=knowledge]")).to_have_count(1)
    expect(page.locator("#q-panel")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("ออมทรัพย์")


def test_while_an_input_method_composes_no_key_is_taken(page: Page) -> None:
    page.goto("/communities/")
    page.locator("#q-header").press_sequentially("หนี้ก้อน", delay=10)
    expect(options(page, "q-header")).to_have_count(2)
    page.evaluate(
        """() => { const box = document.getElementById('q-header');
        for (const key of ['ArrowDown', 'Enter', 'Escape'])
          window[key] = box.dispatchEvent(
            new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true, cancelable: true})); }"""
    )
    assert page.evaluate("[ArrowDown, Enter, Escape]") == [True, True, True]
    expect(page.locator("#q-header-panel")).to_be_visible()


# ---- as one types ---------------------------------------------------------------------------------------------------


def test_results_follow_the_typing_and_the_caret_stays(page: Page) -> None:
    page.goto("/search")
    box = page.locator("#q")
    expect(box).to_be_focused()
    page.keyboard.type("หนี้", delay=40)
    expect(page.locator("[data-hit=knowledge]")).to_have_count(4)
    page.wait_for_url("**/search?q=*")
    assert page.evaluate("decodeURIComponent(location.search)") == "?q=หนี้", "an address to share, nothing empty in it"
    page.keyboard.press("Home")
    page.keyboard.type("ลด", delay=40)
    expect(page.locator("#results")).to_contain_text("ลดหนี้”")
    expect(box).to_have_value("ลดหนี้")
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == ["q", 2]
    expect(page.locator("#q-status")).to_contain_text("พบ ")
    assert page.locator("#results [role=status]").count() == 0, "one live region says the count"
    check_axe(page)


def test_down_from_the_box_goes_through_suggestions_and_hits_and_back_comes_back(page: Page) -> None:
    page.goto("/search?q=หนี้")
    box, links = page.locator("#q"), page.locator("[data-hit=knowledge] .hit-title a")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    title = links.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)
    page.go_back()
    expect(page.locator("#q")).to_have_value("หนี้")
    expect(links).to_have_count(4)
    links.nth(0).focus()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == 4, "to type on"
    box.fill("ชุมชนคน")
    expect(page.locator("#q-panel")).to_be_visible()
    expect(page.locator("#results")).to_contain_text("“ชุมชนคน”")
    for _ in range(options(page, "q").count()):
        page.keyboard.press("ArrowDown")
    assert active(page), "the last suggestion"
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hit] a").first).to_be_focused()


def test_an_answer_to_older_letters_never_overwrites_a_newer_one(page: Page) -> None:
    page.goto("/communities/")
    slow = []

    def handle(route) -> None:
        if "q=%E0%B8%AD" in route.request.url:  # อ: answered late
            slow.append(route)
        else:
            route.continue_()

    page.route("**/search/suggest*", handle)
    box = page.locator("#q-header")
    box.press_sequentially("ออม", delay=10)
    page.wait_for_timeout(500)
    box.fill("หนี้ก้อน")
    expect(options(page, "q-header")).to_have_count(2)
    assert slow
    for route in slow:
        route.abort()
    page.wait_for_timeout(200)
    expect(options(page, "q-header")).to_have_count(2)
    expect(page.locator(".toast")).to_have_count(0)


# ---- remembered and kept --------------------------------------------------------------------------------------------


def test_what_one_stayed_with_is_remembered_and_can_be_forgotten(page: Page, library: Cast) -> None:
    page.goto("/search")
    page.keyboard.type("ออมทรัพย์", delay=10)
    expect(page.locator("[data-hit=knowledge]")).to_have_count(1)
    assert not list(recent_searches.of(library.fellow)), "a pause is no search"
    page.locator("[data-hit=knowledge] a").first.click()
    expect(page.locator("h1")).to_contain_text(TITLES[3])
    recent_searches.remember(library.fellow, "ค่าไฟ")
    page.goto("/")
    page.locator("#q-home").click()
    expect(options(page, "q-home")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    assert active(page) == "ค่าไฟ"
    page.keyboard.press("Delete")
    expect(options(page, "q-home")).to_have_count(1)
    expect(page.locator("#q-home-status")).to_contain_text("ลบออกจากรายการค้นหาล่าสุดแล้ว")
    page.locator("[data-forget-button]").click()
    expect(page.locator("#q-home-panel")).to_be_hidden()
    page.goto("/search/saved")
    expect(page.locator("#recent")).to_contain_text("ยังไม่มีรายการ")


def test_a_search_is_kept_and_tells_of_what_is_new(page: Page, library: Cast) -> None:
    page.goto("/search?q=หนี้ก้อน")
    page.get_by_role("button", name="บันทึกการค้นหานี้").click()
    expect(page.locator(".save-search")).to_contain_text("บันทึกแล้ว")
    row = SavedSearch.get()
    article = factories.make_article("หนี้ก้อนใหม่ล่าสุด", library.author, status="published")
    findable.article(article)
    search.catch_up()
    for _ in range(40):  # the server's own thread finds it
        if SavedSearch.get_by_id(row.id).new_count:
            break
        page.wait_for_timeout(250)
    page.goto("/")
    home = page.locator("section", has=page.get_by_role("heading", name="ค้นหาที่บันทึกไว้"))
    expect(home).to_contain_text("ใหม่ 1")
    page.locator("header details.menu summary").last.click()
    menu = page.locator("header .menu-panel a", has_text="ค้นหาที่บันทึกไว้")
    expect(menu).to_contain_text("ใหม่ 1")
    check_axe(page)
    menu.click()
    page.locator(".saved-search a", has_text="หนี้ก้อน").click()
    expect(page.locator("[data-hit=knowledge] .hit-title").first).to_have_text("หนี้ก้อนใหม่ล่าสุด")
    page.goto("/search/saved")
    expect(page.locator("main")).not_to_contain_text("ใหม่ 1")
    page.get_by_role("button", name="ลบ หนี้ก้อน").click()
    expect(page.get_by_role("status").filter(has_text="ลบ “หนี้ก้อน” แล้ว")).to_be_visible()
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.locator(".saved-search a", has_text="หนี้ก้อน")).to_be_visible()


# ---- a phone, and without scripts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_by_touch(library: Cast, open_page: Callable[..., Page], dark: bool) -> None:
    page = open_page(library.fellow, size=PHONE, dark=dark)
    page.goto("/")
    page.locator("#q-home").click()
    page.keyboard.type("หนี้", delay=30)
    expect(options(page, "q-home").first).to_be_visible()
    assert page.evaluate(
        "[...document.querySelectorAll('#q-home-list [role=option]')].every(o => o.clientHeight >= 44)"
    )
    panel = page.evaluate("document.getElementById('q-home-panel').getBoundingClientRect().toJSON()")
    assert panel["left"] >= 0 and panel["right"] <= 390 and panel["bottom"] <= 844
    on_top = page.evaluate(
        "([x, y]) => document.getElementById('q-home-panel').contains(document.elementFromPoint(x, y))",
        [195, panel["bottom"] - 20],
    )
    assert on_top, "the menu at the bottom lies over the suggestions"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    check_box(page)
    options(page, "q-home").first.click()
    expect(page.locator("h1")).to_contain_text(TITLES[1])


def test_with_the_keyboard_of_a_phone_up_it_still_fits(library: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(library.fellow, size={"width": 390, "height": 480})
    page.goto("/search")
    page.keyboard.type("หนี้", delay=30)
    page.wait_for_timeout(800)
    page.locator("#q").fill("")
    recent_searches.remember(library.fellow, "หนี้ในระบบ")
    page.locator("#q").fill("หนี้ใ")
    expect(page.locator("#q-panel")).to_be_visible()
    assert page.evaluate("document.getElementById('q-panel').getBoundingClientRect().bottom") <= 480


def test_without_scripts_everything_is_there(library: Cast, open_page: Callable[..., Page]) -> None:
    recent_searches.remember(library.fellow, "ค่าไฟ")
    page = open_page(library.fellow, javascript=False, size=DESK)
    page.goto("/")
    page.fill("#q-home", "หนี้ก้อน")
    page.click(".hero .search-box button")
    expect(page.locator("[data-hit=knowledge]")).to_have_count(2)
    expect(page.locator("#q-panel")).to_be_hidden()
    page.click(".save-search button")
    expect(page.locator("main")).to_contain_text("บันทึกการค้นหา “หนี้ก้อน” แล้ว")
    page.goto("/search")
    page.get_by_role("link", name="ค่าไฟ").click()
    expect(page.locator("#q")).to_have_value("ค่าไฟ")
    page.goto("/search/saved")
    page.get_by_role("link", name="เปลี่ยนชื่อ หนี้ก้อน").click()
    page.fill("#name", "เรื่องหนี้ของฉัน")
    page.get_by_role("button", name="บันทึกชื่อ").click()
    expect(page.get_by_role("link", name="เรื่องหนี้ของฉัน", exact=True)).to_be_visible()
    page.get_by_role("button", name="หยุดเตือน").click()
    expect(page.locator("main")).to_contain_text("ไม่เตือน")
    page.get_by_role("button", name="ลบ เรื่องหนี้ของฉัน").click()
    page.get_by_role("button", name="เลิกทำ").click()
    page.get_by_role("button", name="ล้างทั้งหมด").click()
    expect(page.locator("#recent")).to_contain_text("ยังไม่มีรายการ")
    assert saved_searches.of(library.fellow).count() == 1
