"""The audit log, by who, what and when."""

from flask import Response, request
from flask_login import login_required

from kc.forms.audit import AuditFilterForm
from kc.forms.fields import picks
from kc.i18n import gettext as _
from kc.services import audit_trail, signin
from kc.web import choices
from kc.web.access import require_administrator
from kc.web.admin import deeds, words
from kc.web.admin.blueprint import bp
from kc.web.htmx import render
from kc.web.paging import page_url, paginate

PER_PAGE = 50


@bp.get("/audit")
@login_required
def audit_index() -> Response:
    require_administrator()
    form = AuditFilterForm(request.args)
    form.area.choices = picks(
        [("", _("ทุกเรื่อง")), *((area, deeds.AREAS.get(area, area)) for area in audit_trail.areas())]
    )
    form.validate()
    who = form.who.data or ""
    actor = signin.find(who) if who else None
    entries = audit_trail.listing(
        actor=actor,
        area=form.area.data or "",
        kind=request.args.get("kind", ""),
        object_id=choices.whole(request.args.get("id")),
        since=form.since.data,
        until=form.until.data,
    )
    page = paginate(entries, PER_PAGE)
    unknown = bool(who) and actor is None
    return render(
        "admin/audit.html", block="results", form=form, page=page, url=page_url(), unknown=unknown, words=words
    )
