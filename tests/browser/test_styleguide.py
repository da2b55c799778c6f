"""Every component on one page: accessible, not scrolling sideways, without console errors, nothing from elsewhere."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from werkzeug.serving import make_server

from tests import factories

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")
WIDTHS = (320, 390, 1280)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def cookie(cast: factories.Cast, login_as: Callable[..., FlaskClient]) -> str:
    """The browser session of an administrator."""
    kept = login_as(cast.administrator).get_cookie("kc")
    assert kept is not None
    return kept.value


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_is_accessible_and_fits(
    address: str, cookie: str, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    context = new_context(color_scheme=scheme)
    context.add_cookies([{"name": "kc", "value": cookie, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(address) else complaints.append(f"asked elsewhere: {r.url}"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.goto(f"{address}/styleguide").status == 200
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.documentElement.scrollWidth") == width, f"scrolls sideways at {width}"
        if width == 320:
            continue
        page.evaluate("document.querySelectorAll('.header-tools details').forEach(menu => menu.open = true)")
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")["violations"]
        assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == [], width
    assert complaints == []
    face = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (face == "rgb(26, 23, 20)") == (scheme == "dark")


def test_thai_marks_are_not_cut_by_the_line_height(
    address: str, cookie: str, new_context: Callable[..., BrowserContext]
) -> None:
    """Text with a mark above and one below stays within its line wherever it is set."""
    context = new_context(viewport={"width": 1280, "height": 844})
    context.add_cookies([{"name": "kc", "value": cookie, "url": address}])
    page = context.new_page()
    assert page.goto(f"{address}/styleguide").status == 200
    tight = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /[\\u0e01-\\u0e5b]{3}/.test(n.data)))
            .filter(e => !e.matches(".avatar"))
            .map(e => [e, getComputedStyle(e)])
            .filter(([e, s]) => parseFloat(s.lineHeight) < 1.3 * parseFloat(s.fontSize))
            .map(([e]) => e)
            .map(e => e.className || e.tagName)"""
    )
    assert tight == []


def test_fields_side_by_side_stand_on_one_line(
    address: str, cookie: str, new_context: Callable[..., BrowserContext]
) -> None:
    """Whatever hint stands above one of them, or error below; under one another on a phone."""
    context = new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "kc", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(address + "/styleguide")
    tops = """() => [...document.querySelectorAll(".field-row")].map((row) =>
      [...row.querySelectorAll("input:not([type=hidden]), select")].map((e) =>
        Math.round(e.getBoundingClientRect().top)))"""
    rows = [row for row in page.evaluate(tops) if len(row) > 1]
    assert rows and all(len(set(row)) == 1 for row in rows)
    page.evaluate(
        """() => document.querySelectorAll(".field-row .hint").forEach((hint, n) => n % 2 && hint.remove())"""
    )
    page.evaluate(
        """() => document.querySelector(".field-row .field")
          .insertAdjacentHTML("beforeend", '<p class="field-error">x</p>')"""
    )
    assert all(len(set(row)) == 1 for row in page.evaluate(tops) if len(row) > 1)
    page.set_viewport_size({"width": 390, "height": 800})
    assert all(sorted(set(row)) == row for row in page.evaluate(tops))
