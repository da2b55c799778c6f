"""The thread that reads files in the background: one in a process, one file at a time, in a process of its own."""

from kc.services import reading
from kc.services.background import Background


class Reader(Background):
    """Reads whatever waits, until it is stopped."""

    name = "file-reading"
    poll_seconds = 5.0  # others queue files, too: another server, a command
    end_seconds = 5.0

    def begin(self) -> None:
        self.once(reading.enqueue_missing)

    def turn(self) -> None:
        self.all_of(reading.read_next)


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
