"""Reads an old form in a child process of its own, held to limits: the file may do to it whatever it likes."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from kc.documents import children
from kc.documents.old_forms.model import Found, FoundPicture, OldForm

KINDS = ("docx", "pdf")
SECONDS, CPU_SECONDS, MEMORY_MB, DISK_MB = 40.0, 30, 700, 80
MOST_ANSWER = 64 * 1024 * 1024
MOST_PICTURES = 60
MOST_PICTURE_BYTES = 200 * 1024 * 1024


def read(file: Path, kind: str) -> Found:
    """What an exchange form says, or the text of another document; never raises for what the file is (D11).

    `kind`: "docx" or "pdf", told by content.
    """
    if kind not in KINDS:
        return Found(reason="unsupported")
    with tempfile.TemporaryDirectory(prefix="kc-form-", ignore_cleanup_errors=True) as folder:
        reason = _run(Path(file).resolve(), kind, folder)
        if reason:
            return Found(reason=reason)
        try:
            return _answer(Path(folder))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Found(reason="damaged")


def _run(file: Path, kind: str, folder: str) -> str | None:
    wanted = {"file": str(file), "kind": kind, "cpu_seconds": CPU_SECONDS, "memory_mb": MEMORY_MB, "disk_mb": DISK_MB}
    try:
        child = children.start("kc.documents.old_forms.child", folder=folder, stdin=subprocess.PIPE)
    except OSError:
        return "memory"
    try:
        child.communicate(json.dumps(wanted).encode(), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "too_slow"
    finally:
        children.end(child)
    return None if child.returncode == 0 else children.why(child.returncode)


def _answer(folder: Path) -> Found:
    answer = folder / "answer.json"
    if answer.stat().st_size > MOST_ANSWER:
        return Found(reason="too_big")
    said: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    if said["reason"]:
        return Found(reason=str(said["reason"]))
    pictures, left = [], MOST_PICTURE_BYTES
    for picture in said["pictures"][:MOST_PICTURES]:
        path = folder / Path(picture["file"]).name
        left -= path.stat().st_size
        pictures.append(FoundPicture(str(picture["name"]), path.read_bytes() if left > 0 else b""))
    forms = [OldForm.from_json(form) for form in said["forms"]]
    lost = int(said["lost"]) + len(said["pictures"]) - len(pictures)
    return Found(forms, str(said["text"]), pictures, lost)
