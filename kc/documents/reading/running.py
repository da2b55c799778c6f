"""Starts the reader of one file as a child process, holds it to its limits, and takes its answer."""

import json
import os
import subprocess
import tempfile
import threading
from pathlib import Path
from subprocess import PIPE
from typing import Any

from kc.documents import children
from kc.documents.reading.model import DEFAULT, Limits, Page, Reading, failed


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
        child = children.start("kc.documents.reading.child", folder=folder, stdin=PIPE, stdout=PIPE)
    except OSError:
        return failed("memory")
    wanted = {"file": str(file), "media_type": media_type, "limits": {n: getattr(limits, n) for n in Limits.__slots__}}
    late = threading.Event()

    def stop() -> None:
        late.set()
        children.kill(child)

    timer = threading.Timer(limits.seconds, stop)
    timer.start()
    most = limits.output_mb * 1024 * 1024 * 3  # text, raw text, and what stands around them
    answer = b""
    try:
        answer = _exchange(child, json.dumps(wanted).encode(), most)
    finally:
        timer.cancel()
        code = children.end(child)
    if late.is_set():
        return failed("too_slow")
    if len(answer) > most:
        return failed("too_big")
    return _understood(answer) or failed(children.why(code))


def _exchange(child: "subprocess.Popen[bytes]", question: bytes, most: int) -> bytes:
    assert child.stdin is not None and child.stdout is not None
    with child.stdin, child.stdout:
        try:
            child.stdin.write(question)
            child.stdin.close()
        except OSError:
            return b""
        return child.stdout.read(most + 1)


def _understood(answer: bytes) -> Reading | None:
    """The child's answer; None when it is not whole."""
    try:
        said: dict[str, Any] = json.loads(answer)
        pages = tuple(Page(**page) for page in said["pages"])
        return Reading(said["state"], pages, said["known"], said["reason"])
    except (ValueError, TypeError, KeyError):
        return None
