"""Saved searches: kept from the results page, opened, renamed, told of what is new, deleted and brought back."""

from typing import Any

from flask import Blueprint, Response, flash, g, request
from flask_login import login_required

from kc.errors import DomainError
from kc.forms.saved_searches import RenameForm
from kc.i18n import gettext as _
from kc.models import SavedSearch
from kc.services import recent_searches, saved_searches, search_filters, search_log
from kc.web import choices
from kc.web.access import get_saved_search
from kc.web.htmx import go, render, wants_fragment

bp = Blueprint("saved_searches", __name__, url_prefix="/search/saved")


def _page(status: int = 200, **given: Any) -> Response:
    rows = list(saved_searches.of(g.employee))
    directory = search_filters.Directory()
    directory.look_up(row.chosen.get("author", "") for row in rows)
    context = {
        "saved": rows,
        "narrowed": {row.id: search_filters.ask("", row.chosen, directory).narrowings for row in rows if row.chosen},
        "recent": list(recent_searches.of(g.employee)),
        "deleted": saved_searches.just_deleted(g.employee, choices.whole(request.args.get("deleted"))),
        "are_recent_kept": search_log.names_are_kept(),
        "editing": choices.whole(request.args.get("edit")),
        "form": None,
    }
    return render("search/saved.html", status=status, **context | given)


@bp.get("")
@login_required
def index() -> Response:
    """What I keep, what is new there, and what I searched lately."""
    return _page()


@bp.post("")
@login_required
def save() -> Response:
    """Keep the search that is being shown: `q` and the filters, as they stand in its address."""
    asked = {name: value for name, value in request.form.items() if name not in ("csrf_token", "q", "name")}
    try:
        row = saved_searches.save(g.employee, request.form.get("q", ""), asked, request.form.get("name", ""))
    except DomainError as why:
        if wants_fragment():
            raise
        flash(str(why), "warning")
        return go("/search/saved")
    if wants_fragment():
        return render("search/_kept.html", row=row)
    flash(_("บันทึกการค้นหา “%(name)s” แล้ว", name=row.name), "success")
    return go(saved_searches.address(row))


@bp.get("/<int:saved_id>")
@login_required
def show(saved_id: int) -> Response:
    """Its results, as they are now; what was new is seen then, and stands at the top this once."""
    row = get_saved_search(saved_id)
    there = saved_searches.address(row, newest_first=row.new_count > 0)
    saved_searches.opened(row)
    return go(there)


@bp.post("/<int:saved_id>")
@login_required
def rename(saved_id: int) -> Response:
    row = get_saved_search(saved_id)
    form = RenameForm(request.form)
    try:
        if form.validate():
            saved_searches.rename(row, form.name.data)
            return go("/search/saved")
    except DomainError as why:
        form.refuse(why)
    return _page(422, editing=row.id, form=form)


@bp.post("/<int:saved_id>/alert")
@login_required
def alert(saved_id: int) -> Response:
    """Tell me of new things, or stop (`on` is 1 or 0)."""
    saved_searches.set_alert(get_saved_search(saved_id), request.form.get("on") == "1")
    return go("/search/saved")


@bp.post("/<int:saved_id>/delete")
@login_required
def delete(saved_id: int) -> Response:
    row = get_saved_search(saved_id)
    saved_searches.delete(row)
    return go(f"/search/saved?deleted={row.id}")


@bp.post("/<int:saved_id>/restore")
@login_required
def restore(saved_id: int) -> Response:
    row: SavedSearch = get_saved_search(saved_id, deleted=True)
    saved_searches.restore(row)
    flash(_("นำการค้นหา “%(name)s” กลับมาแล้ว", name=row.name), "success")
    return go("/search/saved")
