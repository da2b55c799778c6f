"""The signed memo itself, kept beside the circular's own words."""

from typing import BinaryIO

from kc import filetypes, storage
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, Round, RoundFile
from kc.models.knowledge import WAITING
from kc.services import audit, virus_scan

MOST_MB = 10
GROUPS = ("pdf", "word", "picture")


def attach(by: Employee, round_: Round, stream: BinaryIO, filename: str) -> None:
    """Keep the memo (PDF, Word or a picture); another replaces it. DomainError on `file` when it cannot be kept."""
    try:
        with storage.stage(stream, MOST_MB * 1024 * 1024) as staged:
            filetype, name = filetypes.examine(staged.path, filename)
            if filetype.group not in GROUPS:
                raise DomainError(_("รับเฉพาะ PDF, Word หรือรูปภาพของบันทึก"))
            if virus_scan.look_at(staged.path, name, by) == WAITING:
                raise DomainError(_("ตัวตรวจไวรัสยังไม่ตอบ โปรดแนบไฟล์อีกครั้งในอีกสักครู่"))
            _keep(by, round_, staged.path.read_bytes(), name, filetype.content_type)
    except storage.TooLarge:
        raise DomainError(_("ไฟล์บันทึกใหญ่เกิน %(mb)d MB", mb=MOST_MB), field="file") from None
    except DomainError as why:
        raise DomainError(why.message, field="file") from None


def _keep(by: Employee, round_: Round, data: bytes, name: str, content_type: str) -> None:
    with db.atomic():
        RoundFile.delete().where(RoundFile.round == round_).execute()
        RoundFile.create(
            round=round_, filename=name, content_type=content_type, size=len(data), data=data, uploaded_by=by
        )
        audit.record(by, "round.file_attached", round_, filename=name)


def remove(by: Employee, round_: Round) -> None:
    with db.atomic():
        if RoundFile.delete().where(RoundFile.round == round_).execute():
            audit.record(by, "round.file_removed", round_)


def of(round_: Round) -> RoundFile | None:
    """What is kept, without its bytes."""
    columns = (RoundFile.id, RoundFile.filename, RoundFile.content_type, RoundFile.size)
    return RoundFile.select(*columns).where(RoundFile.round == round_).first()


def with_data(round_: Round) -> RoundFile | None:
    return RoundFile.get_or_none(RoundFile.round == round_)
