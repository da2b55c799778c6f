"""Browser tests: `live`, `world` and `open_page` (the whole product, served by a process of its own)."""

from tests.browser.live import live, open_page, world

__all__ = ["live", "open_page", "world"]
