"""Communities that need care, for those who look after them; as a page and as an Excel file."""

from flask import Blueprint, Response, g, request
from flask_login import login_required

from kc import labels
from kc.i18n import gettext as _
from kc.services import health, years
from kc.services.health import Health
from kc.web.downloads import columns, send_workbook
from kc.web.htmx import render
from kc.web.paging import Page, page_url, requested_page
from kc.workbook import Sheet

bp = Blueprint("community_health", __name__, url_prefix="/communities/health")

PER_PAGE = 30


@bp.get("/")
@login_required
def index() -> Response:
    """Communities that one keeps or looks after and that need care, the gravest first; `?kind=` narrows them."""
    everyone = _everyone()
    kind = request.args.get("kind", "")
    found = _asked(everyone, kind)
    number = requested_page()
    return render(
        "communities/health.html",
        block="results",
        page=Page(
            found[(number - 1) * PER_PAGE : number * PER_PAGE], number, max(1, -(-len(found) // PER_PAGE)), len(found)
        ),
        url=page_url(),
        counts={name: sum(name in one.kinds for one in everyone) for name in health.KINDS},
        total=len(everyone),
        unwell=sum(bool(one.findings) for one in everyone),
        kind=kind,
        year=years.current(),
    )


def _everyone() -> list[Health]:
    return health.looked_after(health.in_scope(g.employee))


def _asked(everyone: list[Health], kind: str) -> list[Health]:
    """Those with findings, the gravest first; of one kind when it is asked for."""
    found = [one for one in everyone if (kind in one.kinds if kind in health.KINDS else one.findings)]
    return sorted(found, key=lambda one: health.KINDS.index(one.kinds[0]))


@bp.get("/export.xlsx")
@login_required
def export() -> Response:
    heads = columns(
        _("ชื่อชุมชน"),
        _("สังกัด"),
        _("เรื่องที่ควรดูแล"),
        _("สิ่งที่ทำได้"),
        (_("ตั้งแต่"), "day"),
        (_("คน"), "number"),
        (_("ผู้ดูแล"), "number"),
        (_("พบกันล่าสุด"), "day"),
        (_("นัดครั้งถัดไป"), "day"),
    )
    cells = (
        [
            one.community.name,
            one.community.unit_name,
            f"{labels.HEALTH_KINDS[finding.kind]}: {finding.says}",
            finding.do,
            finding.since,
            one.people,
            one.keepers,
            one.last_met,
            one.next_meeting,
        ]
        for one in _asked(_everyone(), request.args.get("kind", ""))
        for finding in one.findings
    )
    return send_workbook(_("ชุมชนที่ควรดูแล"), [Sheet(_("ชุมชนที่ควรดูแล"), heads, cells)])
