"""Cross-site requests are refused here, once, for every route: no exemptions.

A write must carry the token of its browser session (hidden field `csrf_token` or header `X-CSRF-Token`) and must not
come from another site (`Sec-Fetch-Site`, `Origin`). A token that has gone stale, from our own page, is no attack: the
person is shown what they typed and sends it again (kc/web/resume.py).
"""

import hmac
import secrets
from urllib.parse import urlparse

from flask import Flask, Response, abort, request
from flask import session as browser_session
from markupsafe import Markup

from kc.web import resume

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def token() -> str:
    """This browser session's token, made on first use."""
    if "csrf" not in browser_session:
        browser_session["csrf"] = secrets.token_urlsafe(24)
    return browser_session["csrf"]


def field() -> Markup:
    """The hidden input every posting form contains."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token())


def _origin_of_request() -> str:
    """same | other | unknown: where the browser says the request was made."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return "same" if site in ("same-origin", "none") else "other"
    origin = request.headers.get("Origin")
    if origin:
        return "same" if urlparse(origin).netloc == request.host else "other"
    return "unknown"


def _token_is_right() -> bool:
    expected = browser_session.get("csrf", "")
    # Only a request that fails the header is parsed as a form: a large upload should be refused unread.
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


def protect() -> Response | None:
    """Before every request: None to let it pass, a response otherwise."""
    if request.method in SAFE_METHODS or request.headers.get("Authorization", "").startswith("Bearer "):
        return None
    origin = _origin_of_request()
    if origin == "other":
        abort(403)
    if _token_is_right():
        return None
    if origin == "same":
        return resume.after_stale_token()
    abort(400)


def init_app(app: Flask) -> None:
    app.before_request(protect)
    app.jinja_env.globals.update(csrf_token=token, csrf_field=field)
