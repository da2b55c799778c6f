"""Work in the background of a process: a thread that does what waits, sleeps, and is woken."""

import logging
import os
import threading
from collections.abc import Callable

from kc import db

log = logging.getLogger(__name__)


class Background:
    """A thread of which a process has one; what it does is `turn`, again and again until it is stopped."""

    name = ""
    poll_seconds = 10.0  # what waits may come from another process, too
    end_seconds = 10.0  # for what it has in hand

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()

    def begin(self) -> None:
        """What is done once, first."""

    def turn(self) -> None:
        """Do all that waits."""
        raise NotImplementedError

    def wake(self) -> None:
        self.ensure_running()
        self._wake.set()

    def ensure_running(self) -> None:
        """Start the thread when there is none in this process (a forked process has to start its own)."""
        with self._starting:
            if self._thread is not None and self._thread.is_alive() and self._pid == os.getpid():
                return
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread after what it has in hand."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=self.end_seconds)

    def run(self) -> None:
        self.begin()
        while not self._stopped.is_set():
            self.turn()
            self._wake.wait(self.poll_seconds)
            self._wake.clear()

    def all_of(self, work: Callable[[], int]) -> None:
        """Do `work` until it answers 0, or there is no more time."""
        while not self._stopped.is_set() and self.once(work):
            pass

    def once(self, work: Callable[[], int | None]) -> int:
        """What `work` answers, with a connection of its own; 0 after an error, which is logged and ends nothing."""
        try:
            with db.connection():
                return work() or 0
        except Exception:
            log.exception("%s: the thread goes on after an error", self.name)
            return 0
