"""Browser tests: `chromium` (started once) and `new_context` (a fresh browser session) for every module here."""

from tests.browser.chromium import chromium, new_context

__all__ = ["chromium", "new_context"]
