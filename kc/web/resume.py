"""Nothing typed is lost when a sign-in has expired: the posted fields travel through the sign-in page and back.

A form posted by a signed-out browser is answered with the sign-in page that carries the fields along, hidden. After
signing in, the person sees that their text is still there and sends it on its way with a fresh token. This needs no
JavaScript, no storage on the server, and works for every form. Files cannot travel this way; the page says so.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from kc.addresses import is_own_path
from kc.web.htmx import wants_fragment

OWN_FIELDS = ("csrf_token", "carry_path", "carry_fields")
SECRET_FIELDS = ("password", "again", "current")  # typed again rather than carried through pages


def safe_next(path: str | None) -> str:
    """Where to go after signing in: `path` if it is ours and not the sign-in itself, else home."""
    home = url_for("home.index")
    if not is_own_path(path) or urlsplit(path).path in (url_for("auth.login"), url_for("auth.logout")):
        return home
    return str(path)


def carried() -> dict[str, Any] | None:
    """What the request carries along from an earlier form: {"path", "fields": [[name, value], …]}, if it is sound."""
    path = request.form.get("carry_path")
    if not is_own_path(path):
        return None
    try:
        fields = json.loads(request.form.get("carry_fields", "[]"))
        pairs = [(str(name), str(value)) for name, value in fields]
    except (ValueError, TypeError):
        return None
    if not _takes_posts(path):
        return None
    return {"path": path, "fields": pairs, "json": json.dumps(pairs, ensure_ascii=False)}


def _takes_posts(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(urlsplit(path).path, method="POST")
    except HTTPException:
        return False
    return True


def _from_this_request() -> dict[str, Any]:
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS + SECRET_FIELDS]
    path = request.full_path.rstrip("?")
    return {
        "path": path,
        "fields": pairs,
        "json": json.dumps(pairs, ensure_ascii=False),
        "had_files": any(f.filename for f in request.files.values()),
    }


def signed_out() -> Response:
    """The answer to a request that needs a sign-in."""
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return Response('{"error": "sign in first"}', 401, mimetype="application/json")
    if request.method == "POST":
        if request.headers.get("HX-Request") == "true":
            return Response(status=401)  # kc.js sends the form again as an ordinary one
        return show_sign_in(_from_this_request())
    if wants_fragment():
        here = request.headers.get("HX-Current-URL", "")
        back = here.removeprefix(request.host_url.rstrip("/")) if here.startswith(request.host_url) else request.path
        return Response(status=401, headers={"HX-Redirect": url_for("auth.login", next=back)})
    return Response(status=303, headers={"Location": url_for("auth.login", next=request.full_path.rstrip("?"))})


def show_sign_in(carry: dict[str, Any]) -> Response:
    from kc.forms.auth import SignInForm

    page = render_template("auth/login.html", form=SignInForm(), carry=carry, next_path="")
    return make_response(page, 401)


def show_carried(carry: dict[str, Any]) -> Response:
    """Signed in again: what was typed, with a button that sends it to where it was going."""
    return make_response(render_template("auth/resume.html", carry=carry))


def after_stale_token() -> Response:
    """A form from our own page whose token is no longer known (cookie gone, signed in anew in another tab)."""
    if request.path == url_for("auth.login"):
        return Response(status=303, headers={"Location": url_for("auth.login", stale=1)})
    if request.headers.get("HX-Request") == "true":
        return Response(status=401)
    if request.accept_mimetypes.best == "application/json":
        return Response('{"error": "stale page"}', 401, mimetype="application/json")
    if not _takes_posts(request.path):
        abort(404)
    carry = _from_this_request()
    return show_carried(carry) if current_user.is_authenticated else show_sign_in(carry)
