"""The thread that reads files in the background: one in a process, one file at a time, in a process of its own."""

import logging
import os
import threading
from collections.abc import Callable

from kc import db
from kc.services import reading

log = logging.getLogger(__name__)

POLL_SECONDS = 5.0  # others queue files, too: another server, a command


class Reader:
    """Reads whatever waits, until it is stopped."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()

    def wake(self) -> None:
        self.ensure_running()
        self._wake.set()

    def ensure_running(self) -> None:
        """Start the thread when there is none in this process (a forked process has to start its own)."""
        with self._starting:
            if self._thread is not None and self._thread.is_alive() and self._pid == os.getpid():
                return
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self.run, name="file-reading", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread after the file it has in hand."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=5)

    def run(self) -> None:
        self._once(reading.enqueue_missing)
        while not self._stopped.is_set():
            while not self._stopped.is_set() and self._once(reading.read_next):
                pass
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def _once(self, work: Callable[[], int]) -> int:
        try:
            with db.connection():
                return work()
        except Exception:
            log.exception("reading: the thread goes on after an error")
            return 0


_reader: Reader | None = None


def start() -> None:
    """Read in this process from now on."""
    global _reader
    stop()
    _reader = Reader()
    reading.when_queued(_reader.wake)
    _reader.ensure_running()


def stop() -> None:
    """Read no more in this process."""
    global _reader
    reading.when_queued(None)
    if _reader is not None:
        _reader.stop()
        _reader = None
