"""Browser tests: `chromium` (started once) and `new_context` (a fresh browser session); `live`, `world` and `open_page`
(the whole product, served by a process of its own)."""

from tests.browser.chromium import chromium, new_context
from tests.browser.live import live, open_page, world

__all__ = ["chromium", "live", "new_context", "open_page", "world"]
