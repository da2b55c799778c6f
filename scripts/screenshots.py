"""Take the pictures of docs/screenshots anew: the demo organisation in a temporary folder, served and looked at.

    .venv/bin/python scripts/screenshots.py

Needs what the tests need and a Chromium (KC_TEST_CHROMIUM names one that is not found by itself).
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 780}
COLOURS = 200  # enough for flat surfaces and letters; a quarter of the size

sys.path.insert(0, str(ROOT))


@contextmanager
def served_demo() -> Iterator[str]:
    """`kc serve --demo` with folders of its own; yields its address."""
    with tempfile.TemporaryDirectory(prefix="kc-screens-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KC_")}
        own = {"KC_DATA_DIR": f"{folder}/var", "KC_SEARCH_DIR": f"{folder}/index", "KC_LOG_LEVEL": "ERROR"}
        names = {"KC_ORG_NAME": "ธนาคารรวงทองเพื่อชุมชน", "KC_ORG_SHORT_NAME": "ธ.ร.ช."}
        command = [sys.executable, "-m", "kc", "serve", "--demo", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=kept | own | names, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit("the server did not start")
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("the server does not answer")


def password_of(role: str) -> tuple[str, str]:
    from kc.demo import source

    member = next(member for member in source.cast() if member.role == role)
    return member.employee_id, member.password


class Camera:
    """Somebody of the demo's cast, with a window of a size."""

    def __init__(self, browser: Browser, address: str, role: str, size: dict[str, int], scheme: str = "light") -> None:
        context = browser.new_context(viewport=size, locale="th-TH", color_scheme=scheme, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        self.page: Page = context.new_page()
        self.address = address
        employee_id, password = password_of(role)
        self.open("/login")
        self.page.fill("input[name=employee_id]", employee_id)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(address + "/")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.page.evaluate("document.fonts.ready")

    def take(self, name: str) -> None:
        self.page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        file = FOLDER / f"{name}.png"
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
        print(f"{file.relative_to(ROOT)}: {picture.width} × {picture.height}, {file.stat().st_size // 1024} KB")


def take_all(browser: Browser, address: str) -> None:
    staff = Camera(browser, address, "member", WIDE)
    staff.take("home")
    staff.open("/search?q=ลดหนี้ค้างชำระ")
    staff.take("search")
    first = staff.page.locator("[data-hit] a").first.get_attribute("href")
    staff.open(str(first))
    staff.take("article")
    staff.open("/communities/new")
    staff.page.fill("[name=knowledge_title]", "คุยกับลูกค้าเรื่องหนี้ก่อนถึงวันครบกำหนด")
    staff.page.select_option("[name=topic]", index=1)
    staff.take("sign-up")
    historian = Camera(browser, address, "historian", PHONE)
    historian.open(last_session(historian))
    historian.page.fill("#composer textarea", "ลุงชาญบอกว่าปีนี้ตัดน้อยหน่ารุ่นสองช้าไปสามสัปดาห์ ขอเลื่อนงวดเป็นหลังวันที่ 15")
    historian.page.wait_for_timeout(2500)  # saved as typed: the line that says so
    historian.page.locator("#composer").scroll_into_view_if_needed()
    historian.take("notes-phone")
    Camera(browser, address, "member", WIDE, "dark").take("home-dark")


def last_session(historian: Camera) -> str:
    """The newest session with notes of a community of theirs."""
    historian.open("/communities/?mine=1")
    paths = historian.page.locator("main a[href^='/communities/']").evaluate_all(
        "links => links.map(a => a.getAttribute('href')).filter(h => /^\\/communities\\/\\d+$/.test(h))"
    )
    historian.open(paths[0])
    sessions = historian.page.locator("main a[href*='/sessions/']").evaluate_all(
        "links => links.map(a => a.getAttribute('href')).filter(h => /sessions\\/\\d+$/.test(h))"
    )
    for path in sessions:
        historian.open(path)
        if historian.page.locator("[data-note], .note").count() > 2:
            return path
    return sessions[0]


def main() -> None:
    program = os.environ.get("KC_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise SystemExit("no Chromium found; name one in KC_TEST_CHROMIUM")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take_all(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
