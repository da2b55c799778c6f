"""knowledge"""

from flask import Blueprint

bp = Blueprint("knowledge", __name__)


@bp.get("/knowledge")
def index() -> str:
    return ""
