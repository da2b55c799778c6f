"""What the search box shows while somebody types, and the searches it remembers for them."""

from flask import Blueprint, Response, g, request
from flask_login import login_required

from kc.services import recent_searches, suggesting
from kc.web.access import get_recent_search
from kc.web.htmx import go, render, wants_fragment

bp = Blueprint("suggestions", __name__, url_prefix="/search")

LONGEST = 200  # letters of a question that are looked at while it is typed


@bp.get("/suggest")
@login_required
def suggest() -> Response:
    """Options of the box's list, for what stands in it (`q`); `place=page` is the box over the results."""
    typed = request.args.get("q", "")[:LONGEST]
    found = suggesting.suggest(g.employee, typed, beside_results=request.args.get("place") == "page")
    return render("search/_suggestions.html", found=found, place=request.args.get("place", ""))


@bp.post("/recent")
@login_required
def remember() -> Response:
    """Somebody stayed with what they found while typing: that was a search (`q`)."""
    recent_searches.remember(g.employee, request.form.get("q", ""))
    return Response(status=204)


@bp.post("/recent/<int:recent_id>/delete")
@login_required
def forget(recent_id: int) -> Response:
    recent_searches.forget(get_recent_search(recent_id))
    return Response(status=204) if wants_fragment() else go("/search/saved")


@bp.post("/recent/clear")
@login_required
def forget_all() -> Response:
    recent_searches.forget_all(g.employee)
    return go("/search/saved")
