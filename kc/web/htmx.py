"""One view, one template: the whole page for a browser, one named block of it for htmx."""

from typing import Any

from flask import Response, current_app, make_response, redirect, request
from flask.templating import render_template


def wants_fragment() -> bool:
    """True for an htmx request that swaps a region; boosted links and history restores want the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(template: str, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page, or only its block when `block` is given and htmx asks for a region."""
    if block is None or not wants_fragment():
        return make_response(render_template(template, **context), status)
    return make_response(render_block(template, block, **context), status)


def render_block(template: str, block: str, **context: Any) -> str:
    """One `{% block %}` of a template; it sees only `context`, context processors and globals."""
    current_app.update_template_context(context)
    page = current_app.jinja_env.get_template(template)
    return "".join(page.blocks[block](page.new_context(context)))


def go(url: str) -> Response:
    """Send the browser on after a good POST: 303, or HX-Redirect for htmx."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)  # type: ignore[return-value]
