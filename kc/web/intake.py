"""How many files are looked at at once. A picture takes a second of work; whoever reads a page must not wait behind it.

Some threads of the server take files in, a few more may wait for them; the rest serve pages. A script that comes when
both are full is asked to come again in a moment (503, Retry-After), which it does by itself; a plain form waits.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.exceptions import ServiceUnavailable

AGAIN_AFTER = 1  # seconds

_turn = threading.Condition()
_most = {"working": 3, "waiting": 1}
_now = {"working": 0, "waiting": 0}


def init_app(app: Flask) -> None:
    threads = app.config["KC_THREADS"]
    _most.update(working=max(1, threads * 3 // 8), waiting=max(0, threads // 8))


@contextmanager
def taking(patient: bool) -> Iterator[None]:
    """Within the block a file is taken in. `patient`: wait however many do; else ServiceUnavailable when it is full."""
    with _turn:
        if _now["working"] >= _most["working"]:
            if not patient and _now["waiting"] >= _most["waiting"]:
                raise ServiceUnavailable(retry_after=AGAIN_AFTER)
            _now["waiting"] += 1
            _turn.wait_for(lambda: _now["working"] < _most["working"])
            _now["waiting"] -= 1
        _now["working"] += 1
    try:
        yield
    finally:
        with _turn:
            _now["working"] -= 1
            _turn.notify()
