"""Files of articles and sessions: taken in safely, described, taken away (S0-173…177)."""

import io
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kc import filetypes, storage
from kc.db import db
from kc.errors import DomainError
from kc.filetypes import FileType
from kc.i18n import gettext as _
from kc.models import Attachment, Employee, KnowledgeArticle, Session, SessionNote
from kc.models.knowledge import ATTACHMENT_KINDS
from kc.services import audit, findable, pictures

# thai-data: words of a file's name
SUMMARY_WORDS = re.compile(r"สรุป|one[\s_-]*page|summary|infographic|อินโฟ", re.I)
FORM_WORDS = re.compile(r"แบบฟอร์ม|แลกเปลี่ยนเรียนรู้|exchange[\s_-]*form|form", re.I)  # thai-data


@dataclass(frozen=True)
class Limits:
    """What is said before people choose files, and held to afterwards."""

    max_mb: int = 50
    max_files: int = 20

    @property
    def max_bytes(self) -> int:
        return self.max_mb * 1024 * 1024


_limits = Limits()
_names_and_bytes = threading.Lock()  # a file must not be taken away while a row that names it is being written


def configure(data_dir: Path, max_mb: int, max_files: int) -> None:
    """Where files are kept and how large and many they may be."""
    global _limits
    storage.configure(data_dir)
    _limits = Limits(max_mb, max_files)


def limits() -> Limits:
    return _limits


def store(
    source: BinaryIO | bytes,
    filename: str,
    *,
    by: Employee | None,
    article: KnowledgeArticle | None = None,
    session: Session | None = None,
    note: SessionNote | None = None,
    kind: str = "",
    alt_text: str = "",
    unlimited: bool = False,
) -> Attachment:
    """Attach a file to an article, or to a session (and one of its notes). Its content decides what it is.

    `kind`: one of ATTACHMENT_KINDS, guessed from name and type when empty. `unlimited`: no limit of number (imports).
    Raises DomainError, naming the file: empty, too large, damaged, disguised, of a kind we do not take, too many.
    """
    with _arrived(source, filename) as (staged, filetype, name):
        row = Attachment(
            article=article,
            session=session or (note.session if note is not None else None),
            note=note,
            kind=kind if kind in ATTACHMENT_KINDS else guess_kind(name, filetype),
            filename=name,
            content_type=filetype.content_type,
            size=staged.size,
            sha256=staged.sha256,
            alt_text=alt_text,
            uploaded_by=by,
        )
        with _names_and_bytes:
            storage.keep(staged)
            _save(row, by, unlimited)
    return row


@contextmanager
def _arrived(source: BinaryIO | bytes, filename: str) -> Iterator[tuple[storage.Staged, FileType, str]]:
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with storage.stage(stream, _limits.max_bytes) as staged:
            filetype, name = filetypes.examine(staged.path, filename)
            if filetype.group != "picture":
                yield staged, filetype, name
                return
            with storage.stage(pictures.tidy(staged.path, filetype, name), _limits.max_bytes) as tidied:
                yield tidied, filetype, name
    except storage.TooLarge:
        name = filetypes.clean_name(filename)
        raise DomainError(_("“%(name)s” ใหญ่เกิน %(mb)d MB", name=name, mb=_limits.max_mb)) from None


def _save(row: Attachment, by: Employee | None, unlimited: bool) -> None:
    with db.atomic():
        if not unlimited and _siblings(row).count() >= _limits.max_files:
            raise DomainError(_("“%(name)s” แนบเพิ่มไม่ได้ แนบได้ไม่เกิน %(n)d ไฟล์", name=row.filename, n=_limits.max_files))
        same = _siblings(row).where((Attachment.sha256 == row.sha256) & (Attachment.filename == row.filename)).first()
        if same is not None:  # a double click, or the same file chosen again: it is there already
            row.__data__.update(same.__data__)
            return
        row.save(force_insert=True)
        audit.record(by, "attachment.added", row, filename=row.filename, size=row.size, article=row.article_id)
        findable.attachment(row)


def _siblings(row: Attachment):  # type: ignore[no-untyped-def]
    owner = Attachment.article == row.article_id if row.article_id else Attachment.session == row.session_id
    return Attachment.select().where(owner)


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


def _forget(sha256: str) -> None:
    # Another process may be between keeping these bytes and writing its row: young ones wait for sweep().
    if not Attachment.select().where(Attachment.sha256 == sha256).exists() and not storage.is_young(sha256):
        storage.remove(sha256)


def unused() -> list[str]:
    """Hashes of kept files that no row names (a save that broke off), an hour old at least."""
    named = {sha for (sha,) in Attachment.select(Attachment.sha256).distinct().tuples()}
    return [sha for sha in storage.kept() if sha not in named and not storage.is_young(sha)]


def missing() -> list[Attachment]:
    """Rows whose bytes are not there."""
    return [row for row in Attachment.select() if not storage.path_of(row.sha256).exists()]


def sweep() -> int:
    """Remove what `unused()` lists; returns how many."""
    with _names_and_bytes:
        stray = unused()
        for sha256 in stray:
            storage.remove(sha256)
    return len(stray)
