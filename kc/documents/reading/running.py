"""Starts the reader of one file as a child process, holds it to its limits, and takes its answer."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from kc.documents.reading.model import DEFAULT, Limits, Page, Reading, failed

ROOT = Path(__file__).resolve().parents[3]
_KEEP = (
    "PATH",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
    "TESSDATA_PREFIX",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)


def read(file: Path, media_type: str, limits: Limits = DEFAULT) -> Reading:
    """The text of a file, page by page; never raises for what the file is or does to its reader (S0-173, D2)."""
    try:
        size = os.path.getsize(file)
    except OSError:
        return failed("damaged")
    if not size:
        return failed("empty")
    if size > limits.file_mb * 1024 * 1024:
        return failed("too_big")
    with tempfile.TemporaryDirectory(prefix="kc-reading-", ignore_cleanup_errors=True) as folder:
        return _run(Path(file).resolve(), media_type, limits, folder)


def _run(file: Path, media_type: str, limits: Limits, folder: str) -> Reading:
    try:
        child = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "kc.documents.reading.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    except OSError:
        return failed("memory")
    wanted = {"file": str(file), "media_type": media_type, "limits": {n: getattr(limits, n) for n in Limits.__slots__}}
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(child)

    timer = threading.Timer(limits.seconds, stop)
    timer.start()
    most = limits.output_mb * 1024 * 1024 * 3  # text, raw text, and what stands around them
    answer = b""
    try:
        answer = _exchange(child, json.dumps(wanted).encode(), most)
    finally:
        timer.cancel()
        _kill(child)
        code = child.wait()
    if late.is_set():
        return failed("too_slow")
    if len(answer) > most:
        return failed("too_big")
    return _understood(answer) or failed(_why(code))


def _exchange(child: "subprocess.Popen[bytes]", question: bytes, most: int) -> bytes:
    assert child.stdin is not None and child.stdout is not None
    with child.stdin, child.stdout:
        try:
            child.stdin.write(question)
            child.stdin.close()
        except OSError:
            return b""
        return child.stdout.read(most + 1)


def _environment(folder: str) -> dict[str, str]:
    """Only what a reader needs: no secret of the application stands in it."""
    kept = {name: os.environ[name] for name in _KEEP if name in os.environ}
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHAINLP_READ_ONLY": "1",
        "PYTHAINLP_OFFLINE": "1",
        "HOME": folder,
        "TMPDIR": folder,
        "OMP_THREAD_LIMIT": "1",
    }


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """The child and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (AttributeError, ProcessLookupError, PermissionError):
        child.kill()


def _why(code: int) -> str:
    """What a child that said nothing died of."""
    if code == -getattr(signal, "SIGXCPU", 24):
        return "too_slow"
    if code in (-getattr(signal, "SIGXFSZ", 25),):
        return "too_big"
    return "memory" if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)) else "damaged"


def _understood(answer: bytes) -> Reading | None:
    """The child's answer; None when it is not whole."""
    try:
        said: dict[str, Any] = json.loads(answer)
        pages = tuple(Page(**page) for page in said["pages"])
        return Reading(said["state"], pages, said["known"], said["reason"])
    except (ValueError, TypeError, KeyError):
        return None
