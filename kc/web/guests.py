"""What a guest without an account sees: the one form their signed link opens, for as long as the link works."""

from flask import Blueprint, Response, abort, url_for
from flask import session as browser_session
from flask_login import current_user

from kc.models import Assessment, FollowUp
from kc.models.communities import CANCELLED
from kc.services import guest_links
from kc.web import evaluations, follow_ups
from kc.web.htmx import render

bp = Blueprint("guests", __name__, url_prefix="/guest")


def _row(token: str) -> Assessment | FollowUp:
    row = guest_links.row_of(token) or abort(404)
    community = row.evaluation.community if isinstance(row, Assessment) else row.community
    return row if community.status != CANCELLED else abort(404)


def _expired(refusal: guest_links.Expired) -> Response:
    return render("evaluations/expired.html", status=410, message=refusal.message)


@bp.after_request
def unseen(response: Response) -> Response:
    """No search engine keeps such a page."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/<token>")
def answer(token: str) -> Response:
    """Signed, not signed in: the link itself says whose form it is."""
    try:
        row = _row(token)
    except guest_links.Expired as refusal:
        return _expired(refusal)
    if not current_user.is_authenticated:
        browser_session.permanent = True  # a phone that put the page aside can still send what was typed
    here = url_for(".answer", token=token)
    if isinstance(row, Assessment):
        return evaluations.show_answer(row, evaluations.answer_form(row), here)
    return follow_ups.show_use(row, follow_ups.use_form(row), here)


@bp.post("/<token>")
def send(token: str) -> Response:
    try:
        row = _row(token)
    except guest_links.Expired as refusal:
        return _expired(refusal)
    here = url_for(".answer", token=token)
    if isinstance(row, Assessment):
        return evaluations.keep_answer(row, here)
    return follow_ups.keep_use(row, here)
