"""static/js on a page of its own: asking first, once only, suggestions by keyboard, uploads, an expired sign-in."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, render_template_string, request
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html><html lang="th" class="js"><head><meta charset="utf-8"><title>t</title>
<meta name="csrf-token" content="the-token">
<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"responseHandling":[{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"401","swap":false},{"code":"[45]..","swap":false,"error":true}]}'>
<script src="/static/vendor/htmx-2.0.11.min.js" defer></script></head><body data-employee="7">
<form id="ask" action="/note" method="post" data-confirm="ลบหรือไม่"><button name="do" value="delete">ลบ</button></form>
<form id="once" action="/slow" method="post" hx-post="/slow" hx-swap="none" data-once><input name="a" value="1"><button name="do" value="save">บันทึก</button></form>
<form id="hx" action="/signed-out" method="post" hx-post="/signed-out" hx-target="#out" hx-swap="innerHTML"><textarea name="text">ยาว</textarea><button>ส่ง</button></form>
<form id="bad" action="/broken" method="post" hx-post="/broken" hx-target="#out" hx-swap="innerHTML"><button>พัง</button></form>
<div id="out"></div>
<div class="combobox"><input id="who" aria-label="ใคร" name="who" data-combobox="list" data-combobox-value="who-id" hx-get="/people" hx-target="#list" hx-trigger="input changed delay:50ms" hx-swap="innerHTML">
<input type="hidden" id="who-id" name="id"><ul id="list" class="listbox" role="listbox" aria-label="คน"></ul></div>
<form id="up" action="/files" method="post" enctype="multipart/form-data" data-upload data-upload-stay data-max-bytes="50">
<input type="hidden" name="kind" value="summary"><div data-dropzone><input type="file" name="files" multiple></div><ul data-upload-list></ul><button>อัปโหลด</button></form>
<form id="keys" action="/note" method="post"><textarea name="line" data-submit-keys></textarea></form>
<form id="dirty" action="/note" method="post" data-dirty><input name="d"></form>
<input type="password" id="secret"><button type="button" data-reveal="secret" aria-label="แสดง">o</button><textarea id="counted" maxlength="50" data-count></textarea>
<input data-search-box aria-label="ค้นหา"><details data-menu><summary>เมนู</summary><a href="/">x</a></details>
<div id="toasts" class="toasts" role="status"></div>
{% include "layout/_phrases.html" %}
{% for name in ("kc", "forms", "combobox", "upload-send", "upload") %}<script type="module" src="/static/js/{{ name }}.js"></script>{% endfor %}
</body></html>"""  # noqa: E501


class Server:
    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
        app.jinja_env.globals["_"] = lambda text, **values: text % values if values else text
        app.add_url_rule("/", view_func=lambda: render_template_string(PAGE))
        app.add_url_rule("/people", view_func=self.people)
        for path in ("/note", "/slow", "/signed-out", "/broken", "/files"):
            app.add_url_rule(path, path, self.take, methods=["POST"])
        self.http = make_server("127.0.0.1", 0, app, threaded=True)
        self.address = f"http://127.0.0.1:{self.http.server_port}"

    def people(self) -> str:
        names = ("กนกวรรณ", "เอกชัย")
        return "".join(f'<li role="option" data-value="{n}">{name}</li>' for n, name in enumerate(names, 1))

    def take(self) -> Response | tuple[Response, int] | tuple[str, int]:
        names = [file.filename or "" for file in request.files.values()]
        told = request.form.to_dict() | ({"file": names[0]} if names else {})
        told |= {"token": request.headers.get("X-CSRF-Token", "")}
        self.seen.append((request.path, told))
        if request.path == "/signed-out":
            if request.headers.get("HX-Request"):
                return Response(status=401)
            return f"<h1>sign in</h1><p>{request.form['text']}</p>", 401
        if request.path == "/slow":
            time.sleep(0.3)
        if request.path == "/broken":
            return "<main><h1>ระบบขัดข้อง</h1></main>", 500
        if request.path == "/files":
            return (jsonify(error="ไฟล์นี้เปิดไม่ได้"), 422) if "bad" in told["file"] else jsonify(id=1)
        return Response("done", status=204 if request.path == "/slow" else 200)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.http.serve_forever, daemon=True).start()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def page(server: Server, new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context().new_page()
    page.goto(server.address)
    page.wait_for_function("window.kc && window.htmx")
    return page


def test_a_dialog_asks_before_deleting(server: Server, page: Page) -> None:
    page.click("#ask button")
    expect(page.get_by_role("dialog")).to_contain_text("ลบหรือไม่")
    page.get_by_role("button", name="ยกเลิก").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.seen == []
    page.click("#ask button")
    with page.expect_navigation():
        page.get_by_role("button", name="ยืนยัน").click()
    assert server.seen == [("/note", {"do": "delete", "token": ""})], "the pressed button's value is sent"


def test_a_double_click_sends_once(server: Server, page: Page) -> None:
    page.dblclick("#once button")
    page.wait_for_timeout(900)
    assert server.seen == [("/slow", {"a": "1", "do": "save", "token": "the-token"})]


def test_an_expired_sign_in_carries_the_typing_to_the_sign_in_page(server: Server, page: Page) -> None:
    with page.expect_navigation():
        page.click("#hx button")
    expect(page.locator("h1")).to_have_text("sign in")
    expect(page.locator("p")).to_have_text("ยาว")
    assert [path for path, _ in server.seen] == ["/signed-out", "/signed-out"]
    assert server.seen[0][1]["token"] == "the-token"
    assert server.seen[1][1] == {"text": "ยาว", "csrf_token": "the-token", "token": ""}


def test_a_broken_server_says_so_in_a_toast(page: Page) -> None:
    page.click("#bad button")
    toast = page.get_by_role("alert")
    expect(toast).to_contain_text("ระบบขัดข้อง")
    toast.get_by_role("button").click()
    expect(toast).to_have_count(0)


def test_suggestions_by_keyboard(page: Page) -> None:
    page.fill("#who", "ก")
    field, options = page.locator("#who"), page.locator("#list [role=option]")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "list-1")
    page.keyboard.press("Enter")
    expect(field).to_have_value("เอกชัย")
    expect(page.locator("#who-id")).to_have_value("2")
    expect(page.locator("#list")).to_be_hidden()
    page.locator("#who").press_sequentially("x")
    expect(page.locator("#who-id")).to_have_value("")


def test_files_go_one_by_one_and_a_refused_one_can_be_tried_again(server: Server, page: Page) -> None:
    names = ("แบบฟอร์ม.pdf", "bad.pdf", "สรุป.pdf")
    files = [{"name": name, "mimeType": "application/pdf", "buffer": b"x"} for name in names]
    big = {"name": "ใหญ่.pdf", "mimeType": "application/pdf", "buffer": b"x" * 99}
    page.set_input_files("#up input[type=file]", [*files, big])
    page.click("#up button")
    lines = page.locator("#up [data-upload-list] li")
    expect(lines).to_have_count(4)
    expect(lines.nth(1)).to_contain_text("ไฟล์นี้เปิดไม่ได้")
    expect(lines.nth(2)).to_contain_text("อัปโหลดแล้ว")
    expect(lines.nth(3)).to_contain_text("ใหญ่เกิน")
    told = [told for _, told in server.seen]
    assert sorted(t["file"] for t in told) == sorted(names)
    assert all(t == {"kind": "summary", "file": t["file"], "token": "the-token"} for t in told)
    expect(page.locator("#up [role=status]")).to_have_text("แนบแล้ว 2 ไฟล์ แนบไม่ได้ 2 ไฟล์")
    lines.nth(1).get_by_role("button", name="ลองอีกครั้ง bad.pdf").click()
    expect(lines.nth(1)).to_contain_text("ไฟล์นี้เปิดไม่ได้")
    expect(page.locator("#up")).not_to_have_attribute("data-busy", "")
    assert [told["file"] for _, told in server.seen][3:] == ["bad.pdf"]
    lines.nth(3).get_by_role("button", name="เอาออก ใหญ่.pdf").click()
    expect(lines).to_have_count(3)


def test_enter_sends_a_note_and_shift_enter_does_not(server: Server, page: Page) -> None:
    page.focus("#keys textarea")
    page.keyboard.press("Enter")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    assert server.seen == [], "an empty note is not sent, and a new line sends nothing"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert server.seen[0][1]["line"].splitlines() == ["one", "two"]


def test_leaving_with_unsaved_typing_is_asked(page: Page) -> None:
    page.locator("#dirty input").press_sequentially("x")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]


def test_slash_finds_the_search_box_and_escape_closes_menus(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("[data-search-box]")).to_be_focused()
    page.click("summary")
    page.keyboard.press("Escape")
    expect(page.locator("details")).not_to_have_attribute("open", "")
    expect(page.locator("summary")).to_be_focused()


def test_a_hidden_password_is_shown_and_hidden_again(page: Page) -> None:
    field, button = page.locator("#secret"), page.locator("[data-reveal]")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(field).to_have_attribute("type", "password")


def test_what_is_typed_is_counted_once(page: Page) -> None:
    page.fill("#counted", "ความรู้")
    expect(page.locator(".counter")).to_have_text("7 / 50")
