"""Saying that something is missing, in one step from a search that found nothing; and what became of it."""

from flask import Blueprint, Response, flash, g, request
from flask_login import login_required

from kc.errors import DomainError
from kc.forms.search_gaps import AskForm
from kc.i18n import gettext as _
from kc.services import search_gaps
from kc.web.access import get_search_request
from kc.web.htmx import go, render

bp = Blueprint("search_requests", __name__, url_prefix="/search/requests")


def _page(form: AskForm, status: int = 200) -> Response:
    return render("search/requests.html", status=status, form=form, requests=list(search_gaps.requests_of(g.employee)))


@bp.get("")
@login_required
def index() -> Response:
    """What I asked for and how far it is; `q` begins another."""
    return _page(AskForm(q=request.args.get("q", "")[:200]))


@bp.post("")
@login_required
def ask() -> Response:
    form = AskForm(request.form)
    try:
        if form.validate():
            search_gaps.ask(g.employee, form.q.data or "", form.details.data or "")
            flash(_("แจ้งทีมจัดการความรู้แล้ว ดูความคืบหน้าได้ที่หน้านี้"), "success")
            return go("/search/requests")
    except DomainError as why:
        form.refuse(why)
    return _page(form, 422)


@bp.post("/<int:request_id>/withdraw")
@login_required
def withdraw(request_id: int) -> Response:
    row = get_search_request(request_id)
    search_gaps.withdraw(row)
    flash(_("ถอนเรื่อง “%(text)s” แล้ว", text=row.text), "success")
    return go("/search/requests")
