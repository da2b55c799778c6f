"""The real server: `kc serve` as a process of its own; its start, its memory, its answers over HTTP under load."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks import documents
from benchmarks.baselines import bare_start
from benchmarks.measure import Row, Times, resident_mb, timed
from benchmarks.organisation import ME, PASSWORD, Objects, Place

SERVER = "Server process (kc serve)"
MOST_SECONDS, MOST_MB, MOST_MB_FULL = 3.0, 300.0, 400.0
MOST_ABOVE_ENGINE = 20.0  # milliseconds of a search page that are not the engine's
VISITORS = 8


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    seconds: float  # from process start to the first 200


@contextmanager
def serving(patience: float = 120) -> Iterator[Server]:
    """Start `kc serve` on a free port and wait for its first 200; stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kc", "serve", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ.copy())
    try:
        while not is_up(port):
            if process.poll() is not None or time.perf_counter() - began > patience:
                raise RuntimeError("kc serve does not answer")
            time.sleep(0.01)
        yield Server(process, port, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


def is_up(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Browser:
    """One kept connection, signed in as a person does it: the page, its token, the form."""

    def __init__(self, port: int, employee_id: str = ME) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""
        page = self.ask("/login").decode()
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
        form = {"employee_id": employee_id, "password": PASSWORD, "csrf_token": token}
        self.ask("/login", urlencode(form), expected=303)

    def ask(self, path: str, form: str | None = None, expected: int = 200) -> bytes:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form is not None else "GET", path, form, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        if answer.status != expected:
            raise RuntimeError(f"{path} answered {answer.status}, not {expected}")
        return body


def server_rows(place: Place, number: int, things: Objects, say: Callable[[str], None]) -> list[Row]:
    """A second start, search over HTTP one after another, then several people at once, and memory before and after."""
    count = len(place.made)
    say("starting the server")
    bare = bare_start()
    limited = count <= 10_000
    most_mb = MOST_MB if limited else MOST_MB_FULL if count <= 50_000 else None
    with serving() as server:
        idle = resident_mb(server.process.pid)
        browser = Browser(server.port)
        paths = ["/search?" + urlencode({"q": q.text}) for q in documents.questions(number, place.made)]
        say("searching over HTTP")
        times = timed((lambda p=p: browser.ask(p) for p in [*paths[:12], *paths]), warm=12)
        say(f"{VISITORS} people at once")
        loaded, rate = _several_at_once(server.port, place, things, number)
        busy = resident_mb(server.process.pid)
    fts, engine = place.facts.get("fts_p50"), place.facts.get("engine_p50", 0)
    return [
        Row(SERVER, "Start to first 200", count, value=server.seconds, unit="s",
            limit=MOST_SECONDS if limited else None, ratio=server.seconds / bare,
            baseline=f"Python with Flask imported {bare:.2f} s"),
        Row(SERVER, "Resident memory, idle", count, value=idle, unit="MB", limit=most_mb),
        Row(SERVER, "Search page over HTTP", count, times.p50, times.p95, None, times.per_second,
            baseline=f"FTS5 trigram in process {fts:.2f} ms" if fts else "", ratio=times.p50 / fts if fts else None),
        Row(SERVER, "Search page over HTTP, above the engine", count, value=times.p50 - engine, unit="ms",
            baseline=f"engine in process {engine:.2f} ms", limit=MOST_ABOVE_ENGINE),
        Row(SERVER, f"Pages over HTTP, {VISITORS} people at once", count, loaded.p50, loaded.p95, None, rate),
        Row(SERVER, "Resident memory, after load", count, value=busy, unit="MB", limit=most_mb),
    ]  # fmt: skip


def _several_at_once(port: int, place: Place, things: Objects, number: int) -> tuple[Times, float]:
    """Every visitor opens home, searches, reads articles and communities, without a pause: times, pages/s."""
    words = documents.questions(number, place.made)
    browsers = [Browser(port) for _ in range(VISITORS)]

    def visit(who: int) -> list[float]:
        paths = []
        for n in range(number // 8):
            at = who * 31 + n
            paths += [
                "/",
                "/search?" + urlencode({"q": words[at % len(words)].text}),
                f"/knowledge/{things.articles[at % len(things.articles)]}",
                f"/communities/{things.communities[at % len(things.communities)]}",
            ]
        return timed(lambda p=p: browsers[who].ask(p) for p in paths).wall

    began = time.perf_counter()
    with ThreadPoolExecutor(VISITORS) as pool:
        wall = [ms for times in pool.map(visit, range(VISITORS)) for ms in times]
    return Times(wall, wall), len(wall) / (time.perf_counter() - began)


def first_start_row() -> Row:
    """The very first start: an empty folder, so the database is made too."""
    with serving() as server:
        return Row(SERVER, "First start, empty folder", 0, value=server.seconds, unit="s")
