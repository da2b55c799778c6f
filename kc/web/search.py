"""search"""

from flask import Blueprint

bp = Blueprint("search", __name__)


@bp.get("/search")
def index() -> str:
    return ""
