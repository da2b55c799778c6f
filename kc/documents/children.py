"""Processes that may die instead of us: each opens one file that somebody brought, held to limits, with no secret."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
    "TESSDATA_PREFIX",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)

Stream = int | IO[Any]


def start(
    module: str, *arguments: str, folder: str, stdin: Stream = subprocess.DEVNULL, stdout: Stream = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """`python -m module` in `folder`, in a session of its own. Raises OSError when no process can be started."""
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", module, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )


def _environment(folder: str) -> dict[str, str]:
    """Only what such a process needs: no secret of the application stands in it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
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


def end(child: "subprocess.Popen[bytes]") -> int:
    """End the child and whatever it started; its exit code."""
    if child.returncode is None:
        kill(child)
    return child.wait()


def kill(child: "subprocess.Popen[bytes]") -> None:
    """Without waiting for it: for a timer."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (AttributeError, ProcessLookupError, PermissionError):
        child.kill()


def why(code: int) -> str:
    """What a child that said nothing died of: "too_slow", "too_big", "memory", else "damaged" (the file)."""
    if code == -getattr(signal, "SIGXCPU", 24):
        return "too_slow"
    if code == -getattr(signal, "SIGXFSZ", 25):
        return "too_big"
    return "memory" if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)) else "damaged"
