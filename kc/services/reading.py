"""The text of attached files: what waits to be read, is being read, was read, and why not.

A row is queued in the transaction that attached the file. Whoever reads takes one row with a compare-and-set and holds
it for a while; a process that was killed loses its hold, and the next one begins anew. What it had not finished left
nothing behind: state, pages and the search outbox are written in one transaction, and only by who still holds the row.
"""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable, Iterable

import peewee as pw

from kc import clock, filetypes, search, storage
from kc.db import db
from kc.documents import reading as reader
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Attachment, Employee, FilePage, FileReading, KnowledgeArticle
from kc.models.knowledge import PUBLISHED
from kc.models.reading import FAILED, READING, UNREAD, WAITING
from kc.services import audit, page_images

log = logging.getLogger(__name__)

HOLD = dt.timedelta(seconds=180)  # three times what one file may take (kc.documents.reading.Limits)
MOST_ATTEMPTS = 3  # of a file at which the process that read it died each time
SWEEP_EVERY = 3600.0
_ROWS = 100  # pages written at once

_wake: Callable[[], None] | None = None
_swept_at = time.monotonic()


def when_queued(wake: Callable[[], None] | None) -> None:
    """Have `wake` called after each commit that queued a file (the reading thread)."""
    global _wake
    _wake = wake


def can_be_read(row: Attachment) -> bool:
    found = filetypes.type_of(row.content_type)
    return found is not None and found.group != "video"


def enqueue(row: Attachment) -> None:
    """Have the file read, unless the same bytes were or wait already. In the transaction that gives it out."""
    if can_be_read(row):
        FileReading.insert(
            sha256=row.sha256, content_type=row.content_type, state=WAITING, queued_at=clock.now()
        ).on_conflict_ignore().execute()
        db.after_commit(_tell)


def _tell() -> None:
    if _wake is not None:
        _wake()


def enqueue_missing() -> int:
    """Queue files that nobody queued: those from before there was a reader. Returns how many."""
    known = FileReading.select(FileReading.sha256)
    queued: set[str] = set()
    with db.atomic():
        for row in Attachment.select().where(Attachment.open_ones(), Attachment.sha256.not_in(known)):
            if row.sha256 not in queued and can_be_read(row):
                enqueue(row)
                queued.add(row.sha256)
    return len(queued)


def with_states(files: pw.ModelSelect) -> list[Attachment]:
    """The files of a query, each with its `reading` (None when nobody asked for it), in the same one statement."""
    same = Attachment.sha256 == FileReading.sha256
    rows = files.select_extend(FileReading).join_from(
        Attachment, FileReading, pw.JOIN.LEFT_OUTER, on=same, attr="reading"
    )
    found = list(rows)
    for file in found:
        known = getattr(file, "reading", None)
        file.reading = known if known is not None and known.id else None
    return found


def of(row: Attachment) -> FileReading | None:
    return FileReading.get_or_none(FileReading.sha256 == row.sha256)


def retry(by: Employee, row: Attachment) -> None:
    """Read a file again that could not be read, or gave no text before (a reader of pictures may be there by now)."""
    if not can_be_read(row):
        raise DomainError(_("ไฟล์ชนิดนี้ไม่มีข้อความให้อ่าน"))
    with db.atomic():
        enqueue(row)
        again = FileReading.update(state=WAITING, reason="", attempts=0, claim="", queued_at=clock.now())
        if again.where((FileReading.sha256 == row.sha256) & FileReading.state.in_(UNREAD)).execute():
            audit.record(by, "attachment.read_again", row, filename=row.filename)


def retry_failed() -> int:
    """All that could not be read, or had no text, wait again; returns how many."""
    again = FileReading.update(state=WAITING, reason="", attempts=0, claim="")
    return int(again.where(FileReading.state.in_(UNREAD)).execute())


# ---- reading -------------------------------------------------------------------------------------------------------


def read_next() -> bool:
    """Take one file that waits and read it; False when nothing waits."""
    row = _claim()
    if row is None:
        return False
    path = storage.path_of(row.sha256)
    try:
        came = reader.read(path, row.content_type) if path.exists() else reader.Reading("failed", reason="damaged")
    except Exception:  # a fault of ours: said, tried again, never the end of the thread
        log.exception("reading %s failed", row.sha256)
        came = reader.Reading("failed", reason="interrupted")
    if _finish(row, came) and row.content_type == page_images.PDF and came.pages:
        page_images.first_of(row.sha256)
    return True


def _claim() -> FileReading | None:
    """A file that waits, or that was held by somebody who did not come back; now held by us.

    The newest first: whoever just sent one looks at the page and waits, while a whole old library that was brought in
    has nobody waiting for it.
    """
    now = clock.now()
    newest = (FileReading.queued_at.desc(), FileReading.id.desc())
    free = (FileReading.state == WAITING) | ((FileReading.state == READING) & (FileReading.claimed_until < now))
    while (row := FileReading.select().where(free).order_by(*newest).first()) is not None:
        ours = (FileReading.id == row.id) & (FileReading.claim == row.claim) & free
        if row.attempts >= MOST_ATTEMPTS:  # whoever reads it dies
            FileReading.update(state=FAILED, reason="interrupted", claim="").where(ours).execute()
            continue
        claim = secrets.token_hex(8)
        held = {"state": READING, "claim": claim, "claimed_until": now + HOLD, "attempts": row.attempts + 1}
        if FileReading.update(**held).where(ours).execute():
            row.claim = claim
            return row
    return None


def _finish(row: FileReading, came: reader.Reading) -> bool:
    """Write down what came; False when somebody else holds the row meanwhile, or the file is gone."""
    pages = [
        (
            row.id,
            page.number,
            page.kind,
            _clean(page.text),
            page.raw if page.raw is None else _clean(page.raw),
            page.known,
        )
        for page in came.pages
    ]
    columns = [FilePage.reading, FilePage.number, FilePage.kind, FilePage.text, FilePage.raw, FilePage.known]
    with db.atomic():
        written = FileReading.update(
            state=came.state,
            reason=came.reason or "",
            known=came.known,
            page_count=len(pages),
            claim="",
            claimed_until=None,
            attempts=0,
            read_at=clock.now(),
        ).where((FileReading.id == row.id) & (FileReading.claim == row.claim))
        if not written.execute():
            return False
        FilePage.delete().where(FilePage.reading == row.id).execute()
        for batch in pw.chunked(pages, _ROWS):
            FilePage.insert_many(batch, columns).execute()
        _found_anew(row.sha256)
    return True


def _clean(text: str) -> str:
    """PostgreSQL takes no NUL, and no halves of characters go into any database."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _found_anew(sha256: str) -> None:
    files = Attachment.select(Attachment.id).join(KnowledgeArticle).where(KnowledgeArticle.status == PUBLISHED)
    for (number,) in files.where(Attachment.sha256 == sha256).tuples():
        search.queue("attachment", number)


# ---- showing -------------------------------------------------------------------------------------------------------


def page(row: FileReading, number: int) -> FilePage | None:
    return FilePage.get_or_none((FilePage.reading == row) & (FilePage.number == number))


def heads(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], FilePage]:
    """Kind and first letters of pages, by (hash, number), in one statement: what a page is called."""
    pairs = set(wanted)
    if not pairs:
        return {}
    query = (
        FilePage.select(
            FilePage.number, FilePage.kind, pw.fn.SUBSTR(FilePage.text, 1, 60).alias("text"), FileReading.sha256
        )
        .join(FileReading)
        .where(FileReading.sha256.in_({sha for sha, _n in pairs}) & FilePage.number.in_({n for _s, n in pairs}))
    )
    return {(row.reading.sha256, row.number): row for row in query}


def waiting() -> int:
    """How many files wait or are being read."""
    return FileReading.select().where(FileReading.state.in_((WAITING, READING))).count()


def counts() -> dict[str, int]:
    """How many files are in which state."""
    query = FileReading.select(FileReading.state, pw.fn.COUNT(FileReading.id)).group_by(FileReading.state)
    return dict(query.tuples())


def now_and_then() -> None:
    """What files said that are gone is forgotten; called by the background thread."""
    global _swept_at
    if time.monotonic() - _swept_at >= SWEEP_EVERY:
        _swept_at = time.monotonic()
        sweep()


def sweep() -> int:
    """Forget the text of files that no row names any more; returns of how many. One that is being read goes later."""
    named = Attachment.select(Attachment.sha256)
    return int(FileReading.delete().where(FileReading.sha256.not_in(named) & (FileReading.state != READING)).execute())
