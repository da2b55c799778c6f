"""Files of articles and sessions: taken in safely, described, taken away (S0-173…177)."""

import io
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import peewee as pw

from kc import filetypes, storage
from kc.db import db, hold
from kc.errors import DomainError
from kc.filetypes import FileType
from kc.i18n import gettext as _
from kc.models import Attachment, Employee, KnowledgeArticle, Session, SessionNote, Trial
from kc.models.knowledge import ATTACHMENT_KINDS, INFECTED, WAITING
from kc.services import audit, findable, pictures, reading, virus_scan

MB = 1024 * 1024

# thai-data: words of a file's name
SUMMARY_WORDS = re.compile(r"สรุป|one[\s_-]*page|summary|infographic|อินโฟ", re.I)
FORM_WORDS = re.compile(r"แบบฟอร์ม|แลกเปลี่ยนเรียนรู้|exchange[\s_-]*form|form", re.I)  # thai-data


@dataclass(frozen=True)
class Limits:
    """What is said before people choose files, and held to afterwards."""

    max_mb: int = 50
    max_files: int = 20
    total_mb: int = 500

    @property
    def max_bytes(self) -> int:
        return self.max_mb * MB

    @property
    def total_bytes(self) -> int:
        return self.total_mb * MB


@dataclass(frozen=True)
class Arrival:
    """A file that was taken in. `notices`: sentences its sender should read."""

    row: Attachment
    notices: tuple[str, ...] = ()


_limits = Limits()
_names_and_bytes = threading.Lock()  # a file must not be taken away while a row that names it is being written


def configure(data_dir: Path, max_mb: int, max_files: int, total_mb: int = Limits.total_mb) -> None:
    """Where files are kept, how large and many they may be, and how large all of one article together."""
    global _limits
    storage.configure(data_dir)
    _limits = Limits(max_mb, max_files, total_mb)


def limits() -> Limits:
    return _limits


def store(source: BinaryIO | bytes, filename: str, **where: Any) -> Attachment:
    """As `take`, for those who have nobody to tell about it."""
    return take(source, filename, **where).row


def take(
    source: BinaryIO | bytes,
    filename: str,
    *,
    by: Employee | None,
    article: KnowledgeArticle | None = None,
    session: Session | None = None,
    note: SessionNote | None = None,
    trial: Trial | None = None,
    kind: str = "",
    alt_text: str = "",
    unlimited: bool = False,
) -> Arrival:
    """Attach a file to an article, to a session (and one of its notes), or to a trial. Its content decides what it is.

    `kind`: one of ATTACHMENT_KINDS, guessed from name and type when empty. `unlimited`: no limit of number and of all
    together (imports, our own documents). The same bytes again are told of and not kept twice.
    Raises DomainError, naming the file: empty, too large, damaged, disguised, of a kind we do not take, too many, a
    virus in it.
    """
    ready = prepare(source, filename, by)
    return attach(
        ready,
        by=by,
        article=article,
        session=session,
        note=note,
        trial=trial,
        kind=kind,
        alt_text=alt_text,
        unlimited=unlimited,
    )


@dataclass(frozen=True)
class Prepared:
    """A file that was looked at, tidied and kept, which no row names yet: an hour is left to `attach` it."""

    sha256: str
    size: int
    filetype: FileType
    name: str
    scan: str
    is_locked: bool = False
    width: int | None = None
    height: int | None = None


def prepare(source: BinaryIO | bytes, filename: str, by: Employee | None) -> Prepared:
    """All of taking a file in that takes time: looking, scanning, writing anew, the disk. DomainError as `take`.

    Whoever writes more than a file in one transaction prepares the files before it: SQLite has one writer, and others
    wait for it only so long.
    """
    with _arrived(source, filename, by) as came:
        sha256 = storage.keep(came.staged)
        return Prepared(
            sha256, came.staged.size, came.filetype, came.name, came.scan, came.is_locked, came.width, came.height
        )


def attach(
    ready: Prepared,
    *,
    by: Employee | None,
    article: KnowledgeArticle | None = None,
    session: Session | None = None,
    note: SessionNote | None = None,
    trial: Trial | None = None,
    kind: str = "",
    alt_text: str = "",
    unlimited: bool = False,
) -> Arrival:
    """Write the row of a prepared file; quick, and part of the caller's transaction. As `take` otherwise."""
    row = Attachment(
        article=article,
        session=session or (note.session if note is not None else None),
        note=note,
        trial=trial,
        kind=kind if kind in ATTACHMENT_KINDS else guess_kind(ready.name, ready.filetype),
        filename=ready.name,
        content_type=ready.filetype.content_type,
        size=ready.size,
        sha256=ready.sha256,
        alt_text=alt_text,
        uploaded_by=by,
        scan=ready.scan,
        width=ready.width,
        height=ready.height,
    )
    same = _save(row, by, unlimited)
    if same is not None:
        return Arrival(same, (_there_already(ready.name, same),))
    return Arrival(row, tuple(_told(ready)))


def _there_already(name: str, same: Attachment) -> str:
    if name == same.filename:
        return _("มีไฟล์นี้อยู่แล้ว: “%(name)s” จึงไม่ได้เก็บซ้ำ", name=name)
    return _("มีไฟล์นี้อยู่แล้วในชื่อ “%(same)s” จึงไม่ได้เก็บ “%(name)s” ซ้ำ", name=name, same=same.filename)


def _told(came: Prepared) -> Iterator[str]:
    if came.scan == WAITING:
        yield _("“%(name)s” รอตรวจไวรัส เก็บไว้ให้แล้ว จะเปิดได้เมื่อตรวจเสร็จ", name=came.name)
    if came.is_locked:
        yield _("“%(name)s” ตั้งรหัสผ่านไว้ เก็บไว้ให้แล้ว แต่อาจค้นหาข้อความข้างในไม่ได้", name=came.name)


@dataclass
class _Came:
    """A file that arrived whole and was looked at, not kept yet."""

    staged: storage.Staged
    filetype: FileType
    name: str
    scan: str
    is_locked: bool = False
    width: int | None = None
    height: int | None = None


@contextmanager
def _arrived(source: BinaryIO | bytes, filename: str, by: Employee | None) -> Iterator[_Came]:
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with storage.stage(stream, _limits.max_bytes) as staged:
            filetype, name = filetypes.examine(staged.path, filename)
            scan = virus_scan.look_at(staged.path, name, by)
            if filetype.group != "picture":
                yield _Came(staged, filetype, name, scan, filetypes.is_locked(staged.path, filetype))
                return
            tidied = pictures.tidy(staged.path, filetype, name)
            with storage.stage(tidied.stream, _limits.max_bytes) as clean:
                yield _Came(clean, filetype, name, scan, width=tidied.width, height=tidied.height)
    except storage.TooLarge:
        raise DomainError(too_large(filetypes.clean_name(filename))) from None


def too_large(name: str) -> str:
    return _("“%(name)s” ใหญ่เกิน %(mb)d MB", name=name, mb=_limits.max_mb)


def _save(row: Attachment, by: Employee | None, unlimited: bool) -> Attachment | None:
    """Write the row; or return the one that has the same bytes already."""
    with db.atomic():
        _hold_owner(row)  # the same file from many at once is one
        same = files_of(row.article_id, row.session_id, row.trial_id).where(Attachment.sha256 == row.sha256).first()
        if same is not None:  # a double click, an answer that was lost, or the same file chosen again
            return same
        if not unlimited:
            require_room(row.filename, row.size, row.article_id, row.session_id, row.trial_id)
        row.save(force_insert=True)
        audit.record(by, "attachment.added", row, filename=row.filename, size=row.size, article=row.article_id)
        if not row.is_quarantined:
            given_out(row)
    return None


def _hold_owner(row: Attachment) -> None:
    for owner, number in ((KnowledgeArticle, row.article_id), (Session, row.session_id), (Trial, row.trial_id)):
        if number:
            hold(owner.select(owner.id).where(owner.id == number))


def given_out(row: Attachment) -> None:
    """A file may be opened now: whatever reads files and finds them hears of it. In the transaction of the change."""
    reading.enqueue(row)
    findable.attachment(row)


def require_room(
    name: str, size: int, article_id: int | None, session_id: int | None, trial_id: int | None = None
) -> None:
    """Refuse one file more when there are too many, or all together would be too large, or the disk is full."""
    here = files_of(article_id, session_id, trial_id).select(pw.fn.COUNT(Attachment.id), pw.fn.SUM(Attachment.size))
    count, total = here.tuples().first()
    if count >= _limits.max_files:
        raise DomainError(_("“%(name)s” แนบเพิ่มไม่ได้ แนบได้ไม่เกิน %(n)d ไฟล์", name=name, n=_limits.max_files))
    if (total or 0) + size > _limits.total_bytes:
        raise DomainError(_("“%(name)s” แนบเพิ่มไม่ได้ ไฟล์ทั้งหมดรวมกันได้ไม่เกิน %(mb)d MB", name=name, mb=_limits.total_mb))
    if not storage.has_room_for(size):
        raise DomainError(_("พื้นที่เก็บไฟล์ของระบบใกล้เต็ม ยังแนบ “%(name)s” ไม่ได้ โปรดแจ้งผู้ดูแลระบบ", name=name))


def files_of(article_id: int | None, session_id: int | None, trial_id: int | None = None) -> pw.ModelSelect:
    """Files of an article, session or trial, those with a virus aside: only their names are left."""
    owner = Attachment.article == article_id if article_id else Attachment.session == session_id
    if trial_id:
        owner = Attachment.trial == trial_id
    return Attachment.select().where(owner & (Attachment.scan != INFECTED))


def guess_kind(name: str, filetype: FileType) -> str:
    """What a file most likely is: the form and the summary by their names, slides are summaries, pictures pictures."""
    if filetype.group == "picture" and not SUMMARY_WORDS.search(name):
        return "picture"
    if SUMMARY_WORDS.search(name):
        return "summary"
    if FORM_WORDS.search(name) and filetype.group in ("pdf", "word"):
        return "exchange_form"
    return "summary" if filetype.group == "slides" else "other"


def describe(by: Employee, row: Attachment, *, kind: str, alt_text: str) -> None:
    """Say what a file is, and for those who cannot see a picture, what it shows."""
    if kind not in ATTACHMENT_KINDS:
        raise DomainError(_("ไม่รู้จักประเภทไฟล์นี้"), "kind")
    with db.atomic():
        row.kind, row.alt_text = kind, alt_text[:500]
        row.save(only=[Attachment.kind, Attachment.alt_text])
        audit.record(by, "attachment.described", row, kind=kind)
        findable.attachment(row)


def remove(by: Employee, row: Attachment) -> None:
    """Take a file away for good; its bytes too, unless another row has the same ones."""
    with _names_and_bytes:
        with db.atomic():
            audit.record(by, "attachment.removed", row, filename=row.filename, article=row.article_id)
            row.delete_instance()
            findable.attachment(row)
        _forget(row.sha256)


def forget(hashes: Iterable[str]) -> None:
    """After rows were deleted: take away the bytes that nobody names any more."""
    with _names_and_bytes:
        for sha256 in set(hashes):
            _forget(sha256)


def take_bytes(sha256: str) -> None:
    """Take bytes away at once that nobody may have; rows that were given out keep them."""
    with _names_and_bytes:
        if not Attachment.select().where((Attachment.sha256 == sha256) & (Attachment.scan != INFECTED)).exists():
            storage.remove(sha256)


def _forget(sha256: str) -> None:
    # Another process may be between keeping these bytes and writing its row: young ones wait for sweep().
    named = Attachment.select().where((Attachment.sha256 == sha256) & (Attachment.scan != INFECTED))
    if not named.exists() and not storage.is_young(sha256):
        storage.remove(sha256)


def unused() -> list[str]:
    """Hashes of kept files that no row names (a save that broke off), an hour old at least."""
    rows = Attachment.select(Attachment.sha256).where(Attachment.scan != INFECTED)
    named = {sha for (sha,) in rows.distinct().tuples()}
    return [sha for sha in storage.kept() if sha not in named and not storage.is_young(sha)]


def missing() -> list[Attachment]:
    """Rows whose bytes are not there, though they should be."""
    return [
        row
        for row in Attachment.select().where(Attachment.scan != INFECTED)
        if not storage.path_of(row.sha256).exists()
    ]


def sweep() -> int:
    """Remove what `unused()` lists; returns how many."""
    with _names_and_bytes:
        stray = unused()
        for sha256 in stray:
            storage.remove(sha256)
    return len(stray)
