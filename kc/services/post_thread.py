"""The thread that reminds people and sends e-mail in the background: one in a process."""

import logging
import os
import threading
from collections.abc import Callable

from kc import db
from kc.services import mail, notice_mail, reminders

log = logging.getLogger(__name__)

POLL_SECONDS = 10.0


class Postman:
    """Makes the day's rounds, gathers notices into messages, and sends what waits, until it is stopped."""

    def __init__(self, sends: bool) -> None:
        self._sends = sends
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
            self._thread = threading.Thread(target=self.run, name="post", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread after what it has in hand."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=10)

    def run(self) -> None:
        while not self._stopped.is_set():
            self._once(reminders.now_and_then)
            if self._sends:
                self._once(notice_mail.now_and_then)
                while not self._stopped.is_set() and self._once(mail.send_waiting):
                    pass
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def _once(self, work: Callable[[], int | None]) -> int:
        try:
            with db.connection():
                return work() or 0
        except Exception:
            log.exception("post: the thread goes on after an error")
            return 0


_postman: Postman | None = None


def start(*, sends: bool) -> None:
    """Remind in this process from now on, and send when `sends`."""
    global _postman
    stop()
    _postman = Postman(sends)
    mail.when_queued(_postman.wake if sends else None)
    _postman.ensure_running()


def stop() -> None:
    """Do neither any more in this process."""
    global _postman
    mail.when_queued(None)
    if _postman is not None:
        _postman.stop()
        _postman = None
