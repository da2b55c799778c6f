"""static/js/autosave.js against a server that fails in every way it names: nothing typed may be lost."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, render_template_string, request
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
FIRST = "นัดลูกค้าที่ศาลากลางบ้าน"
PAGE = """<!doctype html><html lang="th" class="js"><head><meta charset="utf-8"><title>t</title>
<meta name="csrf-token" content="the-token"></head><body data-employee="7">
{% if done %}<p data-autosave-done="article-12"></p>{% endif %}
<form action="/save" method="post" data-autosave="article-12"{% if local %} data-autosave-local{% endif %}>
<input type="hidden" name="csrf_token" value="the-token"><input type="hidden" name="version" value="{{ version }}">
<label for="text">text</label><textarea id="text" name="text">{{ text }}</textarea>
<label><input type="checkbox" name="ready" value="1">ready</label><input type="password" name="secret" value="x">
<span class="save-state" data-save-state></span><button>send</button></form><div id="toasts"></div>
{% include "layout/_phrases.html" %}
{% for name in ("kc", "forms", "autosave") %}<script type="module" src="/static/js/{{ name }}.js"></script>{% endfor %}
</body></html>"""


class Desk:
    """A server for one text, told how to answer."""

    def __init__(self) -> None:
        self.mode, self.text, self.version = "ok", "", 1
        self.posts: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
        self.app.jinja_env.globals["_"] = lambda text, **values: text % values if values else text
        self.app.add_url_rule("/", view_func=self.show)
        self.app.add_url_rule("/save", view_func=self.save, methods=["POST"])
        self.server: BaseWSGIServer | None = None
        self.port = 0

    def show(self) -> str:
        return render_template_string(
            PAGE,
            text=self.text,
            version=self.version,
            local="local" in request.args,
            done="done" in request.args,
        )

    def save(self) -> Response | tuple[Response, int]:
        self.posts.append(request.form.to_dict())
        self.headers.append(dict(request.headers))
        if self.mode == "500":
            return Response("<h1>broken</h1>"), 500
        if self.mode == "page":
            return Response("<h1>some page</h1>")
        if self.mode == "401":
            return jsonify(error="sign in"), 401
        if self.mode == "422":
            return jsonify(error="ยาวเกินไป"), 422
        if int(request.form["version"]) != self.version:
            return jsonify(theirs={"text": self.text}, version=self.version, by="เอกชัย"), 409
        self.text, self.version = request.form["text"], self.version + 1
        return jsonify(saved_at="14:02", version=self.version)

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(desk: Desk, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{desk.port}/")
    return page


def state(page: Page) -> object:
    return page.locator("[data-save-state]")


def local_copy(page: Page) -> str | None:
    return page.evaluate("localStorage.getItem('kc-draft:7:article-12')")


def test_saves_as_typed_and_says_when_the_server_confirmed(desk: Desk, page: Page) -> None:
    page.fill("#text", FIRST)
    assert FIRST in (local_copy(page) or "")
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.posts == [{"text": FIRST, "version": "1"}], "no password, no token among the fields"
    assert desk.headers[0]["X-Csrf-Token"] == "the-token" and desk.headers[0]["X-Autosave"] == "1"
    assert local_copy(page) is None
    page.check("[name=ready]")
    expect(page.locator("[name=version]")).to_have_value("3")
    assert desk.posts[1] == {"text": FIRST, "ready": "1", "version": "2"}


@pytest.mark.parametrize("mode", ["500", "page"])
def test_a_failing_server_is_tried_again_and_never_called_saved(desk: Desk, page: Page, mode: str) -> None:
    desk.mode = mode
    page.fill("#text", FIRST)
    expect(state(page)).to_have_attribute("data-state", "error")
    assert FIRST in (local_copy(page) or "")
    desk.mode = "ok"
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.text == FIRST and local_copy(page) is None


def test_a_dead_network_is_waited_for(desk: Desk, context: BrowserContext, page: Page) -> None:
    context.set_offline(True)
    page.fill("#text", FIRST)
    expect(state(page)).to_have_attribute("data-state", "offline")
    page.fill("#text", FIRST + " ตอนเย็น")
    context.set_offline(False)
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.text == FIRST + " ตอนเย็น"


def test_text_survives_a_reload_while_the_server_is_broken(desk: Desk, page: Page) -> None:
    desk.mode = "500"
    page.fill("#text", FIRST)
    expect(state(page)).to_have_attribute("data-state", "error")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#text")).to_have_value(FIRST)
    expect(page.locator("[data-restored]")).to_be_visible()
    desk.mode = "ok"
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    expect(page.locator("[data-restored]")).to_have_count(0)


def test_text_survives_a_restart_of_the_server(desk: Desk, page: Page) -> None:
    desk.stop()
    page.fill("#text", FIRST)
    expect(state(page)).to_have_attribute("data-state", "offline")
    desk.start()
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.text == FIRST


def test_restored_text_can_be_thrown_away(desk: Desk, page: Page) -> None:
    desk.mode = "500"
    page.fill("#text", FIRST)
    expect(state(page)).to_have_attribute("data-state", "error")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.click("[data-restored] button")
    expect(page.locator("[data-restored]")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("")


def test_a_signed_out_person_is_asked_to_sign_in_and_keeps_the_text(desk: Desk, page: Page) -> None:
    desk.mode = "401"
    page.fill("#text", FIRST)
    link = page.locator("[data-save-state] a")
    expect(link).to_have_text("เข้าสู่ระบบอีกครั้งเพื่อบันทึก")
    expect(link).to_have_attribute("href", "/login?next=%2F")
    page.fill("#text", FIRST + " ตอนเย็น")
    page.wait_for_timeout(1500)
    assert len(desk.posts) == 1, "nothing more is sent until the page is opened anew"
    desk.mode = "ok"
    page.reload()
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.text == FIRST + " ตอนเย็น"


def test_a_refusal_is_shown_with_its_reason(desk: Desk, page: Page) -> None:
    desk.mode = "422"
    page.fill("#text", FIRST)
    expect(state(page)).to_have_text("ยาวเกินไป")
    assert FIRST in (local_copy(page) or "")


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("เก็บฉบับของฉัน", FIRST),
        ("ใช้ฉบับที่บันทึกไว้แล้ว", "ของเอกชัย"),
        ("เก็บทั้งสองฉบับต่อกัน", f"{FIRST}\n\nของเอกชัย"),
    ],
)
def test_two_writers_see_both_texts_and_choose(desk: Desk, page: Page, choice: str, kept: str) -> None:
    desk.text, desk.version = "ของเอกชัย", 5
    page.fill("#text", FIRST)
    box = page.locator("[data-conflict]")
    expect(box).to_contain_text(FIRST)
    expect(box).to_contain_text("ของเอกชัย")
    assert desk.text == "ของเอกชัย", "nothing is overwritten unasked"
    box.get_by_role("button", name=choice).click()
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.text.replace("\r\n", "\n") == kept
    expect(box).to_have_count(0)


def test_a_copy_typed_on_an_older_version_is_not_sent_over_a_newer_one(desk: Desk, page: Page) -> None:
    desk.mode = "500"
    page.fill("#text", FIRST)
    expect(state(page)).to_have_attribute("data-state", "error")
    desk.mode, desk.text, desk.version = "ok", "ของเอกชัย", 9
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[data-conflict]")).to_contain_text("ของเอกชัย")
    assert desk.text == "ของเอกชัย"


def test_a_form_for_a_new_thing_keeps_only_a_local_copy_until_it_is_done(desk: Desk, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{desk.port}/?local=1")
    page.fill("#text", FIRST)
    page.reload()
    expect(page.locator("#text")).to_have_value(FIRST)
    assert desk.posts == []
    page.goto(f"http://127.0.0.1:{desk.port}/?local=1&done=1")
    expect(page.locator("#text")).to_have_value("")
    assert local_copy(page) is None


def test_typing_on_while_a_save_is_under_way_is_saved_too(desk: Desk, page: Page) -> None:
    page.route("**/save", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.fill("#text", FIRST)
    with page.expect_response("**/save"):
        page.evaluate("window.kcAutosave(document.forms[0]).send()")
        page.evaluate(
            "text => { const t = document.getElementById('text'); t.value = text; "
            "t.dispatchEvent(new Event('input', {bubbles: true})) }",
            FIRST + " ต่อ",
        )
    expect(page.locator("[name=version]")).to_have_value("3")
    expect(state(page)).to_have_text("บันทึกแล้ว 14:02")
    assert desk.text == FIRST + " ต่อ" and local_copy(page) is None
    assert [post["text"] for post in desk.posts] == [FIRST, FIRST + " ต่อ"]
