"""Pictures of pages for the viewer and for lists: drawn at first need, kept beside the file, within a limit."""

import logging
import os
import threading
import time
from pathlib import Path

from kc import storage
from kc.documents import page_image
from kc.services.pictures import _keep

log = logging.getLogger(__name__)

PDF = "application/pdf"
PAGE, SMALL = 1200, 160  # pixels wide
WIDTHS = (PAGE, SMALL)
PATIENCE = 20.0  # seconds somebody waits for others' pages to be drawn
SWEEP_EVERY = 600.0

_one_at_a_time = threading.Lock()  # memory and processors are for those who read, not for those who draw
_failed: dict[tuple[str, int, int], float] = {}  # not tried again for a while: each try costs a process
_FORGIVE = 600.0
_most_bytes = 500 << 20
_swept_at = time.monotonic()


def configure(most_mb: int) -> None:
    global _most_bytes
    _most_bytes = most_mb << 20


def page(sha256: str, number: int, width: int) -> Path:
    """The picture of a PDF's page (from 1), one of WIDTHS wide. FileNotFoundError when none can be made now."""
    place, key = storage.page_of(sha256, number, width), (sha256, number, width)
    if width not in WIDTHS or number < 1:
        raise FileNotFoundError(place)
    if not place.exists():
        if time.monotonic() - _failed.get(key, -_FORGIVE) < _FORGIVE or not _one_at_a_time.acquire(timeout=PATIENCE):
            raise FileNotFoundError(place)
        try:
            if not place.exists():
                _keep(page_image.draw(storage.path_of(sha256), number, width), place)
        except page_image.CannotDraw:
            if len(_failed) > 1000:
                _failed.clear()
            _failed[key] = time.monotonic()
            raise FileNotFoundError(place) from None
        finally:
            _one_at_a_time.release()
    return place


def first_of(sha256: str) -> None:
    """Draw the small first page, so that no list waits for it. Never raises."""
    try:
        page(sha256, 1, SMALL)
    except OSError:
        log.info("no picture of the first page of %s", sha256)


def now_and_then() -> None:
    """Keep within the limit; called by the background thread."""
    global _swept_at
    if time.monotonic() - _swept_at >= SWEEP_EVERY:
        _swept_at = time.monotonic()
        sweep()


def sweep() -> int:
    """Remove the oldest pictures of pages beyond the limit, down to nine tenths of it; returns how many."""
    found = []
    for path in storage.pages_kept():
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue
        found.append((facts.st_mtime, facts.st_size, path))
    total, removed = sum(size for _at, size, _path in found), 0
    if total <= _most_bytes:
        return 0
    for _at, size, path in sorted(found, key=lambda each: each[:2]):
        if total <= _most_bytes * 0.9:
            break
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        total, removed = total - size, removed + 1
    return removed
