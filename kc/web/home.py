"""Home: the search box first, then what is due for me, my communities, what is new and what is read, topics."""

from flask import Blueprint, Response, g
from flask_login import login_required

from kc.services import home as home_page
from kc.web.htmx import render

bp = Blueprint("home", __name__)


@bp.get("/")
@login_required
def index() -> Response:
    return render("home/index.html", **home_page.for_employee(g.employee))
