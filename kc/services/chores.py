"""What is to be done now and then: by the indexing thread, so that no page ever waits for it."""

from kc.services import alerts, page_images, quarantine, reading, search_log, uploads


def now_and_then() -> None:
    """Each chore knows itself when it is its turn again."""
    alerts.now_and_then()
    search_log.now_and_then()
    quarantine.now_and_then()
    uploads.now_and_then()
    reading.now_and_then()
    page_images.now_and_then()
