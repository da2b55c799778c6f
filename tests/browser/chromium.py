"""A real Chromium for the tests marked `browser`; without one they are skipped with a word about it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once. KC_TEST_CHROMIUM names it; KC_REQUIRE_BROWSER makes its absence an error."""
    program = os.environ.get("KC_TEST_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        if os.environ.get("KC_REQUIRE_BROWSER"):
            pytest.fail("no Chromium found; install one or name it in KC_TEST_CHROMIUM")
        pytest.skip("no Chromium on this machine (nor in KC_TEST_CHROMIUM): browser tests were not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """new_context(**options) -> a fresh browser session; closed after the test."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(locale="th-TH", **options)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
