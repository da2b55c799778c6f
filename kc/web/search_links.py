"""Which hits are opened: a hit's link says so to the log on its way to the hit's own page, without any script.

The link carries a small signed parameter: search, place, what is opened. Any page of ours that is asked for with it
notes the opening and sends the browser on to the same address without it. The signature holds the page and the person:
a link that was altered, copied to somebody else, or is too old leads to the page just the same and counts for nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, redirect, request

from kc import search
from kc.services import search_help, search_log
from kc.services.search_filters import Question
from kc.services.search_help import Nearest
from kc.web.search_hits import Found

PARAMETER = "opened"


def note(
    text: str,
    question: Question,
    results: search.Results | None,
    page: int = 1,
    typing: bool = False,
    by_api: bool = False,
) -> int | None:
    """Write down what was searched for and found; returns the id for `noted`. `typing`: the question may go on;
    `by_api`: another system asked."""
    if results is None or results.unanswered:
        return None
    searched = search_log.Searched(
        text=text,
        words=question.words,
        total=results.total,
        filters={narrowing.name: narrowing.label for narrowing in question.narrowings},
        corrected=results.corrected or "",
        alike=results.alike,
        page=page,
        took_ms=results.took_ms,
        typing=typing,
        by_api=by_api,
    )
    return search_log.note(g.employee, searched)


def help_for(question: Question, results: search.Results | None) -> Nearest | None:
    """Whom to ask when nothing was found."""
    if results is None or results.unanswered or results.total:
        return None
    return search_help.nearest(g.employee, question)


def noted(hit_url: Callable[[Found], str], search_id: int | None) -> Callable[[Found], str]:
    """`hit_url` for the hits of one search that was written down; as it is when it was not."""
    if search_id is None:
        return hit_url
    return lambda found: with_mark(hit_url(found), search_id, found.kind, found.row.id, found.place)


def with_mark(url: str, search_id: int, kind: str, object_id: int, place: int) -> str:
    """The address, marked for the person who is signed in."""
    parts = urlsplit(url)
    facts = f"{search_id}.{place}.{kind}.{object_id}"
    mark = urlencode({PARAMETER: f"{facts}.{_signature(facts, parts.path)}"})
    return urlunsplit(parts._replace(query=f"{parts.query}&{mark}" if parts.query else mark))


def _signature(facts: str, path: str) -> str:
    secret = hashlib.sha256(f"hit {current_app.secret_key!r}".encode()).digest()
    made = hmac.new(secret, f"{g.employee.id} {facts} {path}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made)[:14].decode()


def note_and_go_on() -> Response | None:
    """Note what the address says was opened, then the same address without that."""
    if PARAMETER not in request.args or request.url_rule is None or g.get("employee") is None:
        return None
    if request.method not in ("GET", "HEAD"):
        return None
    if request.method == "GET" and not _is_prefetch():
        _note(request.args[PARAMETER])
    rest = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER])
    here = "/" + f"{request.script_root}{request.path}".lstrip("/")  # never to another host
    return redirect(f"{here}?{rest}" if rest else here, 303)  # type: ignore[return-value]


def _is_prefetch() -> bool:
    """A browser that reads ahead: nobody has opened anything yet."""
    asked = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    return any(
        "prefetch" in request.headers.get(name, "") or "preview" in request.headers.get(name, "") for name in asked
    )


def _note(mark: str) -> None:
    facts, _, signature = mark.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(facts, request.path).encode()):
        return
    search_id, place, kind, object_id = facts.split(".")
    search_log.note_opening(int(search_id), kind, int(object_id), int(place))


def init_app(app: Flask) -> None:
    """To be called after the sign-in is known."""
    app.before_request(note_and_go_on)
