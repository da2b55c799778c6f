"""Every page of the product as people meet it, with the demo organisation in it: accessible, never scrolling sideways,
without faults in the console, nothing from elsewhere; by keyboard; in English without Thai labels.

The list is tests/browser/pages.py; a page that it does not know fails here.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from kc import create_app, db, demo
from kc.demo import source
from kc.models import Employee
from tests import conftest
from tests.browser.live import AXE, DESK, FITS, PHONE, WCAG, LiveServer
from tests.browser.pages import BEHIND_A_POST, NOT_PAGES, PAGES, PageOf

pytestmark = pytest.mark.browser

RULES = [*WCAG, "best-practice"]
THAI = re.compile("[\u0e01-\u0e5b]{2}")
LATIN = re.compile("[A-Za-z]{2}")
AT_REST = """async () => {  // fonts there, colours no longer on their way from light to dark
  await document.fonts.ready;
  for (let n = 0; n < 2; n++) await new Promise(done => requestAnimationFrame(done));
  const ends = document.getAnimations().map(moving => moving.finished.catch(() => 0));
  await Promise.race([Promise.all(ends), new Promise(done => setTimeout(done, 1000))]); }"""
NEW_UNITS = "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,หน่วยงานต้นสังกัด\n6000,สนจ.ตรัง,สนจ.,1000\n".encode()


# ---- the bank, opened once ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("every-page")
    return {
        "KC_DATA_DIR": str(folder / "var"),
        "KC_SEARCH_DIR": str(folder / "index"),
        "KC_SECRET_KEY": conftest.SECRET,
        "KC_LOG_LEVEL": "ERROR",
    }


@pytest.fixture(scope="module")
def bank(folders: dict[str, str]) -> Iterator[Flask]:
    """The demo organisation in folders of this module; always SQLite: what is looked at is the pages."""
    made = create_app(folders)
    with made.app_context(), db.connection():
        db.migrate()
        demo.load(made.config)
        yield made


@pytest.fixture(scope="module")
def server(bank: Flask, folders: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    served = LiveServer(folders, tmp_path_factory.mktemp("log") / "server.log")
    served.start()
    yield served
    served.kill()


def sign_in(bank: Flask, role: str | None) -> FlaskClient:
    browser = conftest.Browser(bank)
    if role is None:
        return browser.client
    number = next(member.employee_id for member in source.cast() if member.role == role)
    return browser.sign_in(Employee.get(Employee.employee_id == number))


class Window:
    """A browser session of somebody of the cast; everything it complains about is kept."""

    def __init__(self, context: BrowserContext, own: str) -> None:
        self.context, self.own, self.faults = context, own, []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._listen)
        self.page.on("request", self._watch)

    def _listen(self, message: Any) -> None:
        said_by_us = "the server responded with a status of 4" in message.text  # a 404 page is a page
        if message.type in ("error", "warning") and not said_by_us:
            self.faults.append(f"console: {message.text}")

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((self.own, "data:", "blob:", "about:")):
            self.faults.append(f"a request left the origin: {request.url}")

    def look(self, size: dict[str, int], scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def window(chromium: Chromium, bank: Flask, server: LiveServer) -> Iterator[Callable[[str | None], Window]]:
    """window(role) -> their window, opened once."""
    opened: dict[str | None, Window] = {}

    def of(role: str | None) -> Window:
        if role not in opened:
            context = chromium.new_context(base_url=server.url, locale="th-TH", timezone_id="Asia/Bangkok")
            context.set_default_timeout(20_000)
            cookie = sign_in(bank, role).get_cookie("kc")
            if role and cookie:
                context.add_cookies([{"name": "kc", "value": cookie.value, "url": server.url}])
            opened[role] = Window(context, server.url)
        opened[role].faults.clear()
        return opened[role]

    yield of
    for made in opened.values():
        made.context.close()


# ---- what is right for people ---------------------------------------------------------------------------------------


def violations(page: Page) -> list[str]:
    page.evaluate(AT_REST)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})", RULES
    )
    return [
        f"{v['id']}: {v['help']}\n    " + "\n    ".join(n["html"][:160] for n in v["nodes"][:4])
        for v in found["violations"]
    ]


def check_shape(page: Page) -> None:
    assert page.get_attribute("html", "lang") == "th"
    assert len(page.title().split(" · ")[0]) > 1 and THAI.search(page.title())
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1


def check_page(window: Window, open_: Callable[[Page], None], *, again: bool = False) -> None:
    """On a phone by day and at a desk by night; `again`: a page whose twin was looked at in the dark already."""
    page = window.page
    for size, scheme in ((PHONE, "light"), (DESK, "dark")):
        window.look(size, scheme)
        if size is PHONE or page.locator("[data-open-wide]").count():
            open_(page)
        check_shape(page)
        assert page.evaluate(FITS), f"scrolls sideways at {size['width']}"
        if not (again and scheme == "dark"):
            assert violations(page) == [], f"{size['width']} {scheme}"
        window.look(size, "light" if scheme == "dark" else "dark")
        assert page.evaluate(FITS), f"scrolls sideways at {size['width']}, other colours"
    assert window.faults == []


def test_no_page_is_forgotten(bank: Flask) -> None:
    asked = {rule.rule for rule in bank.url_map.iter_rules() if "GET" in (rule.methods or ())}
    known = {page.rule for page in PAGES} - {""}
    assert asked - known - NOT_PAGES - BEHIND_A_POST == set(), "a page without a line in tests/browser/pages.py"
    assert (known | NOT_PAGES | BEHIND_A_POST) - asked == set(), "a line for a page that is not there"


@pytest.mark.parametrize("of", PAGES, ids=lambda of: f"{of.address} as {of.role or 'anybody'}")
def test_page_is_right(window: Callable[[str | None], Window], of: PageOf) -> None:
    def open_(page: Page) -> None:
        answer = page.goto(of.address)
        assert answer is not None and answer.status == of.status
        assert page.url.endswith(
            page.evaluate("path => new URL(path, location).pathname + location.search", of.address)
        )

    check_page(window(of.role), open_, again=next(p for p in PAGES if p.rule == of.rule) != of)


def test_choosing_the_first_password_is_right(window: Callable[[str | None], Window]) -> None:
    newcomer = next(member for member in source.cast() if member.role == "not_activated")

    def open_(page: Page) -> None:
        page.goto("/activate")
        page.fill("[name=employee_id]", newcomer.employee_id)
        page.fill("[name=code]", newcomer.activation_code)
        page.click("main form [type=submit]")
        page.wait_for_url("**/activate/password")

    check_page(window(None), open_)


def test_looking_before_an_import_is_right(window: Callable[[str | None], Window]) -> None:
    def open_(page: Page) -> None:
        page.goto("/admin/imports/units")
        page.set_input_files("input[type=file]", {"name": "หน่วยงาน.csv", "mimeType": "text/csv", "buffer": NEW_UNITS})
        page.click("main form [type=submit]")
        page.wait_for_url(re.compile(r"/admin/imports/units/.+"))

    check_page(window("administrator"), open_)


@pytest.mark.parametrize(
    ("role", "address"),
    [("member", "/communities/new"), ("facilitator", "/communities/14/sessions/new"), ("member", "/knowledge/new")],
)
def test_a_form_that_is_refused_is_right(window: Callable[[str | None], Window], role: str, address: str) -> None:
    there = window(role)
    there.look(PHONE, "dark")
    there.page.goto(address)
    there.page.click("main form[method=post] [type=submit] >> nth=0")
    there.page.wait_for_selector("main .field-error")
    assert there.page.locator("main [aria-invalid=true]").count() >= 1
    assert violations(there.page) == []


# ---- by keyboard ----------------------------------------------------------------------------------------------------

FOCUS = """async () => { await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  return {name: (e.getAttribute('aria-label') || e.innerText || e.id || e.name || '').trim(), tag: e.tagName,
    seen: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2
      || !!(e.closest('.card-link') || e.closest('.choice')),
    inside: b.width > 0 && b.bottom > 0 && b.top < innerHeight}; }"""


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until what is `wanted` (a selector) has the focus; each stop must be seen and lie in sight."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "BODY":
            continue
        assert stop["seen"], f"no visible focus on {stop}"
        assert stop["inside"], f"focus out of sight: {stop}"
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab does not reach {wanted} in {most} presses")


def test_skip_link_leads_to_the_content(window: Callable[[str | None], Window]) -> None:
    page = window("member").page
    window("member").look(DESK, "light")
    page.goto("/knowledge/6")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    assert page.locator(".skip-link").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize(
    ("role", "address", "wanted"),
    [
        ("member", "/", ".hero [name=q]"),
        ("member", "/communities/", "a[href='/communities/new']"),
        ("member", "/communities/17", "[action$='/join'] button"),
        ("facilitator", "/communities/14", "a[href$='/sessions/new']"),
        ("historian", "/communities/14/sessions/49", "#composer [name=text]"),
        ("knowledge_officer", "/topics/", "a[href^='/topics/']:has(svg)"),
    ],
)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_tab_reaches_what_people_come_for(
    window: Callable[[str | None], Window], role: str, address: str, wanted: str, size: dict[str, int]
) -> None:
    there = window(role)
    there.look(size, "light")
    there.page.goto(address)
    there.page.evaluate("document.activeElement.blur()")
    tab_to(there.page, wanted)


def test_somebody_is_chosen_by_keyboard_alone(window: Callable[[str | None], Window]) -> None:
    there = window("facilitator")
    there.look(PHONE, "light")
    page = there.page
    page.goto("/communities/14")
    page.focus("[name=person]")
    page.keyboard.type("เฉลิม", delay=15)
    options = page.locator("#person-options [role=option]")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#person-options [aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert page.get_attribute("[name=person]", "aria-activedescendant") == chosen.get_attribute("id")
    assert violations(page) == [], "with the list open"
    page.keyboard.press("Enter")
    expect(page.locator("#person-options")).to_be_hidden()
    assert page.input_value("[name=person]")
    page.keyboard.press("Escape")
    assert there.faults == []


def test_menu_closes_by_escape_and_keeps_the_focus(window: Callable[[str | None], Window]) -> None:
    page = window("administrator").page
    window("administrator").look(PHONE, "light")
    page.goto("/")
    page.focus(".bottom-nav summary")
    page.keyboard.press("Enter")
    expect(page.locator(".bottom-nav .menu-panel")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".bottom-nav .menu-panel")).to_be_hidden()
    expect(page.locator(".bottom-nav summary")).to_be_focused()


# ---- in English -----------------------------------------------------------------------------------------------------

LABELS = "//label|//legend|//th[@scope='col']|//nav//a|//button|//summary|//dt|//p[@class='hint']"
CONTENT = (
    "@lang='th' or @class='chip' or @class='chip is-on' or ancestor::*[contains(@class, 'breadcrumbs')]"
    " or ancestor::*[contains(@class, 'picture-menu')]"
)


def in_english(client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as kept:
        kept["language"] = "en"
    return client


def words_of(tree: Any) -> list[str]:
    """Labels of the page, without those that are a name or a text that people gave."""
    marked = [e for e in tree.xpath(LABELS) if not e.xpath(f"boolean(self::*[{CONTENT}])")]
    said = [" ".join(e.text_content().split()) for e in marked if not e.xpath("boolean(.//select|.//ul)")]
    attributes = tree.xpath("//@placeholder|//@data-label|//*[not(contains(@class, 'menu-item'))]/@aria-label")
    return [*said, *map(str, attributes)]


@pytest.mark.parametrize("role", sorted({page.role for page in PAGES if page.role}) + [None], ids=str)
def test_no_thai_label_is_left_in_english(bank: Flask, role: str | None) -> None:
    client = in_english(sign_in(bank, role))
    names = {name for row in Employee.select(Employee.first_name, Employee.last_name).tuples() for name in row}
    left: list[str] = []
    for page in PAGES:
        if page.role != role:
            continue
        tree = html.fromstring(client.get(page.address).get_data())
        assert tree.get("lang") == "en", page.address
        for said in words_of(tree):
            if THAI.search(said) and not LATIN.search(said) and not any(name and name in said for name in names):
                left.append(f"{page.address}: {said[:90]}")
    assert left == [], "\n".join(left)


def test_english_fits_a_phone(chromium: Chromium, bank: Flask, server: LiveServer) -> None:
    cookie = in_english(sign_in(bank, "administrator")).get_cookie("kc")
    context = chromium.new_context(base_url=server.url, viewport=PHONE)  # type: ignore[arg-type]
    context.add_cookies([{"name": "kc", "value": cookie.value, "url": server.url}])  # type: ignore[union-attr]
    page, wide = context.new_page(), []
    for address in {of.rule: of.address for of in PAGES if of.role}.values():
        page.goto(address)
        assert page.get_attribute("html", "lang") == "en", address
        if not page.evaluate(FITS):
            wide.append(address)
    context.close()
    assert wide == []
