"""auth"""

from flask import Blueprint

bp = Blueprint("auth", __name__)


@bp.get("/login")
def login() -> str:
    return ""


@bp.post("/logout")
def logout() -> str:
    return ""
