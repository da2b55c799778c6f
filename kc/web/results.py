"""What came of the year, for everybody who is signed in (S0-284)."""

from flask import Blueprint, Response, g
from flask_login import login_required

from kc import thai
from kc.services import results
from kc.web.htmx import render

bp = Blueprint("results", __name__, url_prefix="/results")


@bp.get("/")
@login_required
def index() -> Response:
    """System, output and benefit: the organisation and one's own unit, this year and the last."""
    found = results.of_year(g.employee.unit)
    heads = [thai.format_year(year) for year in (found.year, found.year - 1)]
    return render("results/index.html", results=found, levels=results.LEVELS, heads=heads)
