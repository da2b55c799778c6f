"""Pages and posts in process, through the WSGI application, signed in by the real sign-in page."""

import cProfile
import io
import pstats
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks import documents, organisation
from benchmarks.baselines import bare_commit, bare_page
from benchmarks.measure import MOST_STATEMENTS, Row, Times, timed
from benchmarks.organisation import ME, PASSWORD, Objects, Place

PAGES, POSTS = "Pages, in process", "Posts, in process"
MOST_MS = 25.0  # server time at the median, with 10,000 articles


@dataclass(frozen=True)
class Request:
    path: str
    form: dict[str, str] | None = None
    autosave: bool = False
    expected: tuple[int, ...] = (200,)


class Visitor:
    """Somebody signed in: calls the application as a server would, with cookie and token, and reads the answer."""

    def __init__(self, app: Any) -> None:
        self.app = app
        client = app.test_client()
        token = _token(client.get("/login").get_data(as_text=True))
        form = {"employee_id": ME, "password": PASSWORD, "csrf_token": token}
        answer = client.post("/login", data=form)
        assert answer.status_code == 303, f"could not sign in: {answer.status_code}"
        self.token = _token(client.get("/communities/new").get_data(as_text=True))
        self.cookie = f"kc={client.get_cookie('kc').value}"

    def ask(self, request: Request) -> bytes:
        body, status = self._answer(self.environ(request))
        if status not in request.expected:
            raise RuntimeError(f"{request.path} answered {status}, not {request.expected}: {body[:300].decode()}")
        return body

    def _answer(self, environ: dict[str, Any]) -> tuple[bytes, int]:
        chunks, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        return b"".join(chunks), int(status.split()[0])

    def environ(self, request: Request) -> dict[str, Any]:
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.token, "Sec-Fetch-Site": "same-origin"}
        if request.autosave:
            headers["X-Autosave"] = "1"
        path, _, query = request.path.partition("?")
        method = "GET" if request.form is None else "POST"
        built = EnvironBuilder(path, method=method, query_string=query, headers=headers, data=request.form)
        return built.get_environ()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form with a token"
    return found[1]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements sent within the block by this thread (the index has one of its own)."""
    from kc import db

    sent: list[str] = []
    here = threading.get_ident()

    def note(event: Any) -> None:
        if threading.get_ident() == here:
            sent.append(event.sql)

    hooks = db.db.obj.query_hooks
    hooks.append(note)
    try:
        yield sent
    finally:
        hooks.remove(note)


@dataclass
class Measured:
    """One kind of page or post: its name and one request after another."""

    group: str
    name: str
    requests: list[Request]

    def row(self, visitor: Visitor, documents_here: int, yardstick: Times, beside: str) -> Row:
        warm = min(5, len(self.requests) // 3)
        times = timed((lambda r=r: visitor.ask(r) for r in self.requests[:-1]), warm=warm)
        with statements() as sent:
            visitor.ask(self.requests[-1])
        return Row(
            self.group, self.name, documents_here, times.p50, times.p95, times.cpu_p50, times.per_second,
            statements=sum(1 for sql in sent if not sql.startswith(NO_WORK)),
            baseline=f"{beside} {yardstick.p50:.2f} ms", ratio=times.p50 / yardstick.p50, limit=MOST_MS,
        )  # fmt: skip


NO_WORK = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA")  # around statements, not statements of the page


def page_rows(
    place: Place, app: Any, things: Objects, times: int, profile: bool, say: Callable[[str], None]
) -> list[Row]:
    """Every page and post that has a figure to keep."""
    visitor, count = Visitor(app), len(place.made)
    home = visitor.ask(Request("/"))
    bare, commit = bare_page(len(home) // 3), bare_commit(place.folder)
    rows = []
    for kind in (*_pages(place, things, times), *_posts(things, times)):
        say(f"asking for {kind.name.lower()}")
        yardstick, beside = (commit, "one bare commit") if kind.group == POSTS else (bare, "bare Flask answer")
        last = kind.requests[-1]
        row = kind.row(visitor, count, yardstick, beside)
        rows.append(row)
        if profile and row.is_over and kind.group == PAGES:
            print(profiled(visitor, last))
    return rows


def _pages(place: Place, things: Objects, times: int) -> list[Measured]:
    def several(path: Callable[[int], str]) -> list[Request]:
        return [Request(path(n)) for n in range(times + 1)]

    words = [urlencode({"q": question.text}) for question in documents.questions(times + 1, place.made)]
    articles, communities, sessions = things.articles, things.communities, things.sessions
    return [
        Measured(PAGES, "Home", several(lambda n: "/")),
        Measured(PAGES, "Search page", several(lambda n: f"/search?{words[n]}")),
        Measured(PAGES, "Search answer (/api/v1/search)", several(lambda n: f"/api/v1/search?{words[n]}")),
        Measured(PAGES, "Article", several(lambda n: f"/knowledge/{articles[n % len(articles)]}")),
        Measured(PAGES, "Knowledge list", several(lambda n: f"/knowledge/?page={1 + n % 5}")),
        Measured(PAGES, "Communities list", several(lambda n: f"/communities/?page={1 + n % 5}")),
        Measured(PAGES, "Community", several(lambda n: f"/communities/{communities[n % len(communities)]}")),
        Measured(
            PAGES,
            "Session with notes",
            several(lambda n: "/communities/{}/sessions/{}".format(*sessions[n % len(sessions)])),
        ),
        Measured(PAGES, "Sign-up form", several(lambda n: "/communities/new")),
    ]


def _posts(things: Objects, times: int) -> list[Measured]:
    community, session = things.sessions[0]
    notes = f"/communities/{community}/sessions/{session}/notes/"
    publish = [Request(f"/knowledge/{draft}/publish", {}, expected=(303,)) for draft in things.drafts]
    return [
        Measured(
            POSTS,
            "Sign a community up",
            [Request("/communities/new", _sign_up(n, things.topic), expected=(303,)) for n in range(times + 1)],
        ),
        Measured(POSTS, "Save a note (as typed)", [Request(notes, _note(n), autosave=True) for n in range(times + 1)]),
        Measured(POSTS, "Publish an article", publish),
    ]


def _sign_up(number: int, topic: int) -> dict[str, str]:
    return {
        "form_key": secrets.token_hex(8), "knowledge_title": "การติดตามหนี้ค้างชำระอย่างเข้าใจลูกค้า",
        "topic": str(topic), "name": f"ชุมชนวัดความเร็ว {number}",
    }  # fmt: skip


def _note(number: int) -> dict[str, str]:
    return {
        "client_key": secrets.token_hex(8), "writer_key": "bench", "version": "0", "kind": "story",
        "text": f"ลูกค้ารายที่ {number} เล่าว่าปีนี้คิวตัดอ้อยเลื่อนไปปลายเดือน จึงขอแบ่งจ่ายเป็นสองงวด",
    }  # fmt: skip


def findable_row(place: Place, app: Any, drafts: list[int]) -> Row:
    """From pressing publish to the moment another person's search finds a word that only this article has.

    Begun when nothing else waits to be indexed: hundreds of sign-ups and publishings were just measured.
    """
    visitor, took = Visitor(app), []
    _wait_until_indexed()
    for draft in drafts:
        word = organisation.unique_word(draft)
        began = time.perf_counter()
        visitor.ask(Request(f"/knowledge/{draft}/publish", {}, expected=(303,)))
        while f"/knowledge/{draft}" not in visitor.ask(Request(f"/api/v1/search?q={word}")).decode():
            if time.perf_counter() - began > 30:
                raise RuntimeError("an article that was published is not found within 30 s")
            time.sleep(0.002)
        took.append((time.perf_counter() - began) * 1000)
    times = Times(took, took)
    name = "Published → found by another person"
    return Row(POSTS, name, len(place.made), times.p50, times.p95, limit=MOST_FINDABLE, limit_p95=MOST_FINDABLE)


def _wait_until_indexed() -> None:
    from kc import search

    for _ in range(600):
        if not search.status()["waiting"]:
            return
        time.sleep(0.1)
    raise RuntimeError("changes still wait to be indexed after a minute")


MOST_FINDABLE = 1_000.0  # milliseconds, with whatever number of articles


def profiled(visitor: Visitor, request: Request, lines: int = 18) -> str:
    """Where the time of a page goes."""
    profile = cProfile.Profile()
    for _ in range(5):
        profile.runcall(visitor.ask, request)
    said = io.StringIO()
    pstats.Stats(profile, stream=said).sort_stats("cumulative").print_stats(r"kc|templates|peewee|jinja", lines)
    return f"\n--- {request.path} (5 requests)\n{said.getvalue()}"


__all__ = ["MOST_MS", "MOST_STATEMENTS", "Visitor", "findable_row", "page_rows"]
