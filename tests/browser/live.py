"""A real server in a process of its own, driven by the real Chromium; every page is watched for faults."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Error, Page

from kc.config import ROOT
from kc.models import Employee
from kc.services import passwords
from tests import conftest
from tests.browser import nursery
from tests.factories import Cast

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"  # never sideways
PASSWORD = "ร่มเย็น-river-2569"  # of everybody who signs in through the page in these tests


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LiveServer:
    """`kc serve` on a free port with the test's own folders; it can be killed and started again on the same port."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **settings, "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"}
        self.log = log
        self.process: subprocess.Popen[bytes] | nursery.Born | None = None

    def start(self) -> None:
        if nursery.CAN_FORK:
            self.process = nursery.serve(["--port", str(self.port)], self.environment, str(self.log))
        else:
            command = [sys.executable, "-m", "kc", "serve", "--port", str(self.port)]
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=out, stderr=out)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + "/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the server did not start:\n" + self.log.read_text()[-3000:])

    def go_on_at(self, moment: datetime) -> None:
        """Start (again) with a clock that runs on from this moment: days and months pass as they do for people."""
        if not nursery.CAN_FORK:
            pytest.skip("servers with another clock are forked")
        self.kill()
        self.environment["KC_TEST_NOW"] = moment.isoformat()
        self.start()

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


OpenPage = Callable[..., Page]


@pytest.fixture
def live(settings: dict[str, str], tmp_path: Path) -> Iterator[LiveServer]:
    """The server, not started yet."""
    server = LiveServer(settings, tmp_path / "server.log")
    yield server
    server.kill()


@pytest.fixture
def world(app: Flask, live: LiveServer, cast: Cast) -> Cast:
    """The fixed cast, in the database of the running server; the test may put in and look at rows meanwhile."""
    live.start()
    return cast


def give_password(*people: Employee) -> None:
    kept = passwords.hash_password(PASSWORD)
    for person in people:
        person.password_hash = kept
        person.save()


@pytest.fixture
def open_page(app: Flask, new_context: Callable[..., BrowserContext], live: LiveServer) -> Iterator[OpenPage]:
    """open_page(employee=None, javascript=True, size=DESK, dark=False) -> a watched page of a browser of its own,
    signed in already: signing in through the page is tests/browser/test_walk.py."""
    faults: list[str] = []

    def open_(
        employee: Employee | None = None, *, javascript: bool = True, size: dict[str, int] = DESK, dark: bool = False
    ) -> Page:
        context = new_context(
            base_url=live.url,
            java_script_enabled=javascript,
            viewport=size,
            color_scheme="dark" if dark else "light",
            timezone_id="Asia/Bangkok",
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: _complain(error, page.url, faults))
        page.on("request", lambda request: _watch(request.url, live.url, faults))
        if employee is not None:
            cookie = conftest.Browser(app).sign_in(employee).get_cookie("kc")
            context.add_cookies([{"name": "kc", "value": cookie.value, "url": live.url}])
        return page

    yield open_
    assert not faults, "\n".join(faults)


def _complain(error: Error, url: str, faults: list[str]) -> None:
    """A script that fails is a fault. Without a server htmx says so itself, and gives up a promise, "undefined"."""
    if str(error) != "undefined":
        faults.append(f"script error on {url}: {error}")


def _watch(asked: str, own: str, faults: list[str]) -> None:
    if not asked.startswith((own, "data:", "blob:", "about:")):
        faults.append(f"a request left the origin: {asked}")


def sign_in(page: Page, employee: Employee) -> None:
    """Through the real page, with the real password."""
    page.goto("/login")
    fill_sign_in(page, employee)
    page.wait_for_url(lambda url: "/login" not in url)


def fill_sign_in(page: Page, employee: Employee) -> None:
    page.fill("[name=employee_id]", employee.employee_id)
    page.fill("[name=password]", PASSWORD)
    page.click("main form [type=submit]")


def check_axe(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})", WCAG
    )
    assert not found["violations"], (
        page.url
        + "\n"
        + "\n".join(
            f"{v['id']} ({v['impact']}): {v['help']}\n    " + "\n    ".join(n["html"][:160] for n in v["nodes"][:4])
            for v in found["violations"]
        )
    )
