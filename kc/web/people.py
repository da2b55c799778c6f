"""Colleagues: suggestions while typing a name, and everybody's page."""

from flask import Blueprint, Response, request
from flask_login import login_required

from kc.services import people_lookup
from kc.web.htmx import render

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/suggest")
@login_required
def suggest() -> Response:
    """Options for a combobox: colleagues whose name or ID begins with what stands in the (only) field sent."""
    typed = next(iter(request.args.values()), "")
    return render("people/_options.html", people=people_lookup.suggest(typed), typed=typed.strip())
