"""What every request goes through: an id, a database connection, a language, security headers, one log line."""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request
from flask import session as browser_session

from kc import i18n, logs
from kc.db import db

log = logging.getLogger("kc.request")

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}
SOUND_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def begin() -> None:
    """Give the request its id (a trusted proxy may bring one) and note when it began."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if SOUND_ID.fullmatch(given) else secrets.token_hex(8)
    g.began = time.perf_counter()
    logs.request_id.set(g.request_id)
    if request.endpoint != "static":
        db.connect(reuse_if_open=True)


def choose_language(default: str) -> None:
    """The person's own choice, else the browser session's, else the organisation's."""
    employee = g.get("employee")
    chosen = (employee.language if employee else "") or browser_session.get("language", "") or default
    i18n.set_language(chosen if chosen in i18n.LANGUAGES else default)
    theme = (employee.theme if employee else "") or browser_session.get("theme", "")
    g.theme = theme if theme in ("light", "dark") else ""


def finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.get("request_id", "-")
    if request.endpoint != "static":
        response.vary.add("HX-Request")
        response.headers.setdefault("Cache-Control", "private, no-cache")
    _log(response)
    return response


def _log(response: Response) -> None:
    level = logging.DEBUG if request.endpoint in ("static", "health.show") else logging.INFO
    if log.isEnabledFor(level):
        employee = g.get("employee")
        facts = {
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            # On the webboard who asks may not be known: there the log names nobody.
            "employee": employee.id if employee and request.blueprint != "questions" else "-",
        }
        # The path only: what people search for and their one-time codes do not belong in a log.
        # A calendar's address is itself the secret.
        path = str(request.url_rule) if request.endpoint == "calendars.feed" else request.path
        log.log(level, "%s %s", request.method, path, extra=facts)


def close(_: BaseException | None) -> None:
    if not db.is_closed():
        db.close()


def init_app(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(finish)
    app.teardown_appcontext(close)


def init_language(app: Flask) -> None:
    """To be called after the sign-in is known."""
    app.before_request(lambda: choose_language(app.config["KC_LANGUAGE"]))
