"""The blueprint that the rooms of the administration share."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")
