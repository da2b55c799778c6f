"""Is the server able to answer? For load balancers and people with a terminal; needs no sign-in, tells no secrets."""

from flask import Blueprint, Response, jsonify

from kc import __version__, db, search

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> tuple[Response, int]:
    reasons = {}
    try:
        db.db.execute_sql("SELECT 1")
        if db.pending_migrations():
            reasons["database"] = "the schema is older than the program: run kc migrate"
    except Exception as error:  # whatever is wrong, the answer is 503 and its kind
        reasons["database"] = type(error).__name__
    index = search.status()
    if not index["ok"]:
        reasons["search"] = index["reason"]
    body = {"status": "unavailable" if reasons else "ok", "version": __version__, "search": index}
    return jsonify(body | ({"reasons": reasons} if reasons else {})), 503 if reasons else 200
