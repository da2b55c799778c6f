"""One place where refusals become pages or fragments, in Thai, with a way back."""

import logging

from flask import Flask, Response, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from kc import i18n
from kc.errors import DomainError
from kc.web.htmx import wants_fragment

log = logging.getLogger("kc.errors")
PAGES = (400, 403, 404, 405, 413, 429, 500, 503)


def refused(error: DomainError) -> Response:
    """A service said no: its sentence, where the person is looking."""
    if wants_fragment():
        response = make_response(render_template("errors/_refused.html", message=error.message), 422)
        response.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
        return response
    return make_response(render_template("errors/refused.html", message=error.message), 422)


def failed(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    if request.path.startswith("/api/"):
        return make_response({"error": error.description}, code)
    page = code if code in PAGES else (500 if code >= 500 else 400)
    response = make_response(_page(page), code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    if wants_fragment():
        response.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return response


def _page(code: int) -> str:
    """The error's page. From 500 on it asks nothing of the database, which may be what broke: no context processors."""
    about = {"request_id": g.get("request_id", "-")}
    if code < 500:
        return render_template(f"errors/{code}.html", **about)
    shell = {
        "language": i18n.current_language(),
        "theme": g.get("theme", ""),
        "organisation": current_app.config["KC_ORG_NAME"],
    }
    return current_app.jinja_env.get_template(f"errors/{code}.html").render(about | shell)


def broken(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log.error("unexpected: %s", type(error).__name__, exc_info=error)
    return failed(InternalServerError(original_exception=error))


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(Exception, broken)
