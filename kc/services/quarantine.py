"""Files that wait for the virus scanner, which was silent when they came: nobody opens them until it has spoken."""

import logging
import time

from kc import storage
from kc.db import db
from kc.models import Attachment
from kc.models.knowledge import INFECTED, WAITING
from kc.services import attachments, audit, virus_scan

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds between two tries
AT_MOST = 10.0  # seconds of one try: the thread has other things to do

_tried_at = -EVERY


def now_and_then() -> None:
    """Try again what waits; called by the background thread. Without a scanner nothing is let out of its quarantine."""
    global _tried_at
    if virus_scan.is_on() and time.monotonic() - _tried_at >= EVERY:
        _tried_at = time.monotonic()
        try_again()


def try_again() -> int:
    """Have the scanner look at the files that wait; returns how many now have a verdict."""
    until, decided, last = time.monotonic() + AT_MOST, 0, 0
    waiting = Attachment.select().where(Attachment.scan == WAITING).order_by(Attachment.id)
    while time.monotonic() < until and not virus_scan.is_silent():
        row = waiting.where(Attachment.id > last).first()
        if row is None:
            break
        path, last = storage.path_of(row.sha256), row.id
        virus = virus_scan.virus_in(path) if path.exists() else None
        if virus is not None:
            _decide(row, virus)
            decided += 1
    return decided


def _decide(row: Attachment, virus: str) -> None:
    """Let the file out, or take its bytes away and leave its name, so that whoever sent it learns why."""
    with db.atomic():
        row.scan = INFECTED if virus else ""
        changed = Attachment.update(scan=row.scan).where((Attachment.id == row.id) & (Attachment.scan == WAITING))
        if not changed.execute():  # taken away meanwhile
            return
        if virus:
            audit.record(row.uploaded_by, "attachment.infected", row, filename=row.filename, virus=virus)
        else:
            attachments.given_out(row)
    if virus:
        log.warning("virus scanner: %s in attachment %s: taken away", virus, row.id)
        attachments.take_bytes(row.sha256)
