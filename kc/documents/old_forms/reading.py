"""Reads an old form in a child process of its own, held to limits: the file may do to it whatever it likes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kc.documents.old_forms.model import Found, FoundPicture, OldForm

ROOT = Path(__file__).resolve().parents[3]
KINDS = ("docx", "pdf")
SECONDS, CPU_SECONDS, MEMORY_MB, DISK_MB = 40.0, 30, 700, 80
MOST_ANSWER = 64 * 1024 * 1024
MOST_PICTURES = 60
MOST_PICTURE_BYTES = 200 * 1024 * 1024
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")


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
        child = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "kc.documents.old_forms.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    except OSError:
        return "memory"
    try:
        child.communicate(json.dumps(wanted).encode(), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "too_slow"
    finally:
        _end(child)
    return None if child.returncode == 0 else _why(child.returncode)


def _end(child: subprocess.Popen[bytes]) -> None:
    """The child and whatever it started."""
    if child.returncode is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (AttributeError, ProcessLookupError, PermissionError):
            child.kill()
    child.wait()


def _environment(folder: str) -> dict[str, str]:
    """Only what a reader needs: no secret of the application stands in it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHAINLP_READ_ONLY": "1",
        "PYTHAINLP_OFFLINE": "1",
        "HOME": folder,
        "TMPDIR": folder,
    }


def _why(code: int) -> str:
    """What a child that said nothing died of."""
    if code == -getattr(signal, "SIGXCPU", 24):
        return "too_slow"
    if code == -getattr(signal, "SIGXFSZ", 25):
        return "too_big"
    return "memory" if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)) else "damaged"


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
