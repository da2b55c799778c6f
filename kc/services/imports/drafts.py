"""Rows of an upload, kept between the preview and the confirmation: on disk, for a day, without any national ID."""

import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee
from kc.services.imports.report import SourceRow

KEPT_SECONDS = 24 * 3600
_KEY = re.compile(r"[A-Za-z0-9_-]{20,40}")


def save(folder: Path, owner: Employee, kind: str, filename: str, rows: list[SourceRow]) -> str:
    """Keep the rows; returns the key they are found again by."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    key = secrets.token_urlsafe(18)
    content = {"owner": owner.id, "kind": kind, "filename": filename, "rows": [row.as_json() for row in rows]}
    with os.fdopen(os.open(folder / f"{key}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(content, out, ensure_ascii=False)
    return key


def load(folder: Path, owner: Employee, kind: str, key: str) -> tuple[str, list[SourceRow]]:
    """(file name, rows) of one's own upload; DomainError when it is gone."""
    file = folder / f"{key}.json"
    if not _KEY.fullmatch(key) or not file.is_file() or _is_old(file):
        raise _gone()
    content = json.loads(file.read_text(encoding="utf-8"))
    if content["owner"] != owner.id or content["kind"] != kind:
        raise _gone()
    return content["filename"], [SourceRow(**row) for row in content["rows"]]


def discard(folder: Path, key: str) -> None:
    """Forget an upload that was written or given up."""
    if _KEY.fullmatch(key):
        (folder / f"{key}.json").unlink(missing_ok=True)


def _gone() -> DomainError:
    return DomainError(_("ไม่พบไฟล์ที่อัปโหลดไว้ หรือเก็บไว้เกินหนึ่งวันแล้ว โปรดอัปโหลดใหม่"))


def _sweep(folder: Path) -> None:
    for file in _old_files(folder):
        file.unlink(missing_ok=True)


def _old_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.glob("*.json") if _is_old(file))


def _is_old(file: Path) -> bool:
    return time.time() - file.stat().st_mtime > KEPT_SECONDS
