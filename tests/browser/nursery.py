"""Servers without the wait for Python to read the product: one process reads it once and forks each server from itself.

Each server is a process of its own, runs `kc serve` from its first line to its end, and dies by `kill -9` as any other.
Run as `python -m tests.browser.nursery`: a line of JSON in (arguments, environment, log), a line out (the process id).
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from kc.config import ROOT

CAN_FORK = hasattr(os, "fork")
_nursery: subprocess.Popen[bytes] | None = None


class Born:
    """A server's process: as much of Popen as the tests use."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"process {self.pid} does not end")
            time.sleep(0.005)


def serve(arguments: list[str], environment: dict[str, str], log: str) -> Born:
    """Start `kc serve` with these arguments, in this environment; what it says goes into the log."""
    global _nursery
    if _nursery is None or _nursery.poll() is not None:
        command = [sys.executable, "-m", "tests.browser.nursery"]
        quiet = {name: value for name, value in os.environ.items() if not name.startswith("KC_")}
        _nursery = subprocess.Popen(
            command, cwd=ROOT, env=quiet | {"PYTHONWARNINGS": "ignore"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    assert _nursery.stdin is not None and _nursery.stdout is not None
    asked = {"arguments": arguments, "environment": environment, "log": log}
    _nursery.stdin.write(json.dumps(asked).encode() + b"\n")
    _nursery.stdin.flush()
    return Born(int(_nursery.stdout.readline()))


def _read_the_product() -> None:
    import waitress  # noqa: F401

    import kc.web  # noqa: F401
    from kc.cli import main  # noqa: F401
    from kc.search import analyzer  # noqa: F401


def _become_server(asked: dict[str, object]) -> None:
    from kc.cli import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(str(asked["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[arg-type]
    with _clock(os.environ.get("KC_TEST_NOW")):
        main(["serve", *asked["arguments"]], prog_name="kc")  # type: ignore[misc]


def _clock(moment: str | None) -> AbstractContextManager[object]:
    """The machine's clock, or one that runs on from this moment (LiveServer.go_on_at)."""
    from kc import clock

    return clock.freeze(datetime.fromisoformat(moment), runs=True) if moment else nullcontext()


def run() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    _read_the_product()
    for line in iter(sys.stdin.buffer.readline, b""):
        child = os.fork()
        if child == 0:
            _become_server(json.loads(line))
            return
        os.write(1, b"%d\n" % child)


if __name__ == "__main__":
    run()
