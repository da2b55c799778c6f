"""The small JSON interface for other systems of the organisation: search."""

from flask import Blueprint, Response, g, jsonify, request
from flask_login import login_required

from kc import search
from kc.services import search_filters
from kc.web import search_links
from kc.web.search import LONGEST, asked_filters, is_exact
from kc.web.search_hits import found_in, hit_url

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MOST = 100
RETRY_AFTER = 10  # seconds


def _not_now(results: search.Results) -> tuple[Response, int, dict[str, str]]:
    """The question was not answered: "nothing found" would be untrue."""
    error = "searching failed: try again" if results.failed else "search is being prepared: try again"
    return jsonify(error=error, preparing=results.preparing), 503, {"Retry-After": str(RETRY_AFTER)}


def _bad(reason: str) -> tuple[Response, int]:
    return jsonify(error=reason), 400


@bp.get("/search")
@login_required
def find() -> Response | tuple[Response, int] | tuple[Response, int, dict[str, str]]:
    """GET ?q=&limit= (1…100, default 10) and the page's filters, given or typed; exact=1: only what was typed.

    Same engine and ranking as the page; written down like there, under the name of who is signed in. 503 with
    Retry-After while there is no index.
    """
    text = request.args.get("q", "")
    limit = request.args.get("limit", "10")
    if not text.strip():
        return _bad("q is missing: say what to search for")
    if len(text) > LONGEST:
        return _bad(f"q is longer than {LONGEST} characters")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST):
        return _bad(f"limit must be a whole number from 1 to {MOST}")
    question = search_filters.ask(text, asked_filters())
    results = search.search(
        question.words, viewer=g.employee, filters=question.filters, per_page=int(limit), exactly=is_exact()
    )
    if results.unanswered:
        return _not_now(results)
    search_links.note(text, question, results, by_api=True)
    return jsonify(
        query=text,
        total=results.total,
        took_ms=round(results.took_ms, 2),
        corrected=results.corrected,
        results=[
            {
                "kind": found.kind,
                "id": found.hit.id,
                "external_id": found.hit.external_id,
                "title": found.hit.title,
                "url": hit_url(found),
                "snippet": str(found.hit.snippet),
                **({"page": found.hit.page} if found.hit.page else {}),
                "score": round(found.hit.score, 4),
            }
            for found in found_in(results)
        ],
    )
