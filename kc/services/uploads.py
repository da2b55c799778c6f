"""Large files piece by piece, so that a dropped connection costs a piece and not the file.

create -> (append)* -> finish. What has safely arrived is told by the bytes on the disk and by nothing else, so a server
that was killed or started anew goes on where it stopped. A file that stops half-way is kept for some hours.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import peewee as pw

from kc import clock, filetypes, storage
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Attachment, Employee, KnowledgeArticle, Session, SessionNote, Upload
from kc.models.knowledge import ATTACHMENT_KINDS
from kc.services import attachments

log = logging.getLogger(__name__)

PIECE = 1024 * 1024  # bytes the script sends at once: some seconds of a slow line
LARGEST_PIECE = 8 * PIECE
MOST_AT_ONCE = 40  # files of one person on their way
SWEEP_EVERY = 900.0  # seconds

_keep_hours = 48
_swept_at = -SWEEP_EVERY
_busy: set[str] = set()
_busy_changed = threading.Condition()


class WrongOffset(Exception):
    """The piece does not begin where the last one ended; `offset` is where it has to begin."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def configure(keep_hours: int) -> None:
    global _keep_hours
    _keep_hours = keep_hours


def create(
    by: Employee,
    filename: str,
    size: int,
    *,
    article: KnowledgeArticle | None = None,
    session: Session | None = None,
    note: SessionNote | None = None,
    kind: str = "",
    modified: str = "",
) -> Upload:
    """Begin a file; or go on with the same one (name, size, last change) that stopped half-way.

    Raises DomainError before a byte is sent: empty, too large, too many, no room.
    """
    name = filetypes.clean_name(filename)
    if size <= 0:
        raise DomainError(_("“%(name)s” เป็นไฟล์ว่าง ไม่มีข้อมูลอยู่ข้างใน", name=name))
    if size > attachments.limits().max_bytes:
        raise DomainError(attachments.too_large(name))
    here = _unfinished(by, article, session)
    again = here.where((Upload.filename == name) & (Upload.size == size) & (Upload.modified == modified)).first()
    if again is not None:
        return again
    attachments.require_room(name, size, article.id if article else None, session.id if session else None)
    if _unfinished(by).count() >= MOST_AT_ONCE:
        raise DomainError(_("มีไฟล์ที่ส่งค้างอยู่มากเกินไป โปรดส่งต่อหรือยกเลิกไฟล์เหล่านั้นก่อน แล้วแนบ “%(name)s” อีกครั้ง", name=name))
    return Upload.create(
        key=storage.new_key(),
        employee=by,
        article=article,
        session=session,
        note=note,
        kind=kind if kind in ATTACHMENT_KINDS else "",
        filename=name,
        size=size,
        modified=modified[:40],
    )


def _unfinished(
    by: Employee, article: KnowledgeArticle | None = None, session: Session | None = None
) -> pw.ModelSelect:
    rows = Upload.select().where((Upload.employee == by) & ~Upload.is_done)
    if article is not None:
        rows = rows.where(Upload.article == article)
    return rows.where(Upload.session == session) if session is not None else rows


def unfinished(by: Employee, article: KnowledgeArticle | None, session: Session | None) -> list[tuple[Upload, int]]:
    """One's own files that stopped half-way here, each with how much of it has arrived."""
    rows = _unfinished(by, article, session).order_by(Upload.id)
    return [(row, got) for row in rows if (got := storage.arrived(row.key))]


def offset(upload: Upload) -> int:
    """How many bytes are safely here; all of them once it is finished."""
    return upload.size if upload.is_done else storage.arrived(upload.key)


def append(upload: Upload, at: int, stream: BinaryIO) -> int:
    """Add a piece that begins at `at`; returns where the next one begins.

    Raises WrongOffset, and storage.TooLarge when more comes than was said or than a piece may be.
    """
    with _alone(upload.key):
        here = offset(_again(upload))
        if at != here:
            raise WrongOffset(here)
        now = storage.append(upload.key, stream, min(upload.size - here, LARGEST_PIECE))
        Upload.update(touched_at=clock.now()).where(Upload.id == upload.id).execute()
        return now


def finish(upload: Upload) -> attachments.Arrival:
    """All is here: attach the file. Asked again, because the answer was lost, it says the same again.

    Raises WrongOffset when something is missing, DomainError when the file is refused.
    """
    with _alone(upload.key):
        upload = _again(upload)
        if upload.is_done:
            return _said_before(upload)
        here = storage.arrived(upload.key)
        if here != upload.size:
            raise WrongOffset(here)
        try:
            arrival = _attach(upload)
        except DomainError as refusal:
            _end(upload, None, refusal.message)
            raise
        _end(upload, arrival.row, "\n".join(arrival.notices))
        return arrival


def _again(upload: Upload) -> Upload:
    """As it stands now that nobody else is at it."""
    fresh = Upload.get_or_none(Upload.id == upload.id)
    if fresh is None:
        raise DomainError(_("การส่ง “%(name)s” ถูกยกเลิกแล้ว โปรดแนบใหม่", name=upload.filename))
    return fresh


def _attach(upload: Upload) -> attachments.Arrival:
    with storage.piece_of(upload.key).open("rb") as file:
        return attachments.take(
            file,
            upload.filename,
            by=upload.employee,
            article=upload.article,
            session=upload.session,
            note=upload.note,
            kind=upload.kind,
        )


def _end(upload: Upload, row: Attachment | None, sentence: str) -> None:
    # The row first: killed between the two, the pieces are a leftover for the sweep.
    done = Upload.update(is_done=True, attachment=row, sentence=sentence, touched_at=clock.now())
    done.where(Upload.id == upload.id).execute()
    storage.drop(upload.key)


def _said_before(upload: Upload) -> attachments.Arrival:
    if upload.attachment is None:
        raise DomainError(upload.sentence or _("ไฟล์นี้ถูกลบไปแล้ว โปรดแนบใหม่"))
    return attachments.Arrival(upload.attachment, tuple(upload.sentence.splitlines()))


def cancel(upload: Upload) -> None:
    """Not this file after all: what came of it is thrown away. One that is attached stays attached."""
    with _alone(upload.key):
        Upload.delete().where(Upload.id == upload.id).execute()
        storage.drop(upload.key)


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """One request at a time for one file: the next piece of an impatient sender waits for the one before."""
    with _busy_changed:
        _busy_changed.wait_for(lambda: key not in _busy)
        _busy.add(key)
    try:
        yield
    finally:
        with _busy_changed:
            _busy.discard(key)
            _busy_changed.notify_all()


# ---- leftovers -----------------------------------------------------------------------------------------------------


def now_and_then() -> None:
    """Called by the background thread."""
    global _swept_at
    if time.monotonic() - _swept_at >= SWEEP_EVERY:
        _swept_at = time.monotonic()
        sweep()


def sweep() -> int:
    """Throw away what nobody sent on in time, and what killed processes left; returns how many files that were."""
    old = Upload.touched_at < clock.now() - dt.timedelta(hours=_keep_hours)
    with db.atomic():
        Upload.delete().where(old).execute()
    here = list(storage.pieces())  # before the rows are asked for: a row comes first, then its pieces
    known = {key for (key,) in Upload.select(Upload.key).where(~Upload.is_done).tuples()}
    swept = 0
    for key in here:
        if key not in known and key not in _busy:
            storage.drop(key)
            swept += 1
    for path in storage.leftovers():
        path.unlink(missing_ok=True)
        swept += 1
    if swept:
        log.info("uploads: %d leftovers thrown away", swept)
    return swept
