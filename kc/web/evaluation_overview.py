"""Evaluation and follow-up of a year's communities on one page: for coordinators, the KM team and executives."""

from flask import Blueprint, Response, abort, g, request
from flask_login import login_required

from kc import fiscal, labels, policy
from kc.i18n import gettext as _
from kc.models import FiscalYear
from kc.services import evaluation_overview, years
from kc.services.evaluation_overview import Standing
from kc.web import choices
from kc.web.downloads import columns, send_workbook
from kc.web.htmx import render
from kc.workbook import Sheet

bp = Blueprint("evaluation_overview", __name__, url_prefix="/evaluations")


def _asked() -> tuple[FiscalYear, list[Standing]]:
    """The year of the address (the current one), and the communities this person looks after."""
    if not policy.can_see_evaluation_overview(g.employee):
        abort(403)
    number = choices.whole(request.args.get("year"))
    year = FiscalYear.get_or_none(FiscalYear.year == number) or years.current()
    return year, evaluation_overview.of_year(year.id, policy.overviewed_units(g.employee))


@bp.get("/")
@login_required
def index() -> Response:
    year, standings = _asked()
    evaluated, followed_up = evaluation_overview.total(standings)
    return render(
        "evaluations/index.html",
        year=year,
        years=choices.years(),
        standings=standings,
        unplanned=sum(not row.stage for row in standings),
        evaluated=evaluated,
        followed_up=followed_up,
    )


@bp.get("/export.xlsx")
@login_required
def export() -> Response:
    year, standings = _asked()
    heads = columns(
        _("ชื่อชุมชน"),
        _("สังกัด"),
        _("การประเมิน"),
        (_("ต้องประเมิน (คน)"), "number"),
        (_("ประเมินครบ (คน)"), "number"),
        (_("ครบกำหนดติดตาม (คำตอบ)"), "number"),
        (_("ตอบแล้ว (คำตอบ)"), "number"),
        (_("บอกว่านำไปใช้ (คน)"), "number"),
    )
    rows = (
        [
            row.community.name,
            row.community.unit_name,
            str(labels.EVALUATION_STAGES[row.stage]) if row.stage else _("ยังไม่ได้วางแผน"),
            row.evaluated.expected,
            row.evaluated.done,
            row.followed_up.expected,
            row.followed_up.done,
            row.uses,
        ]
        for row in standings
    )
    label = fiscal.calendar().label_for(year.year)
    return send_workbook(_("ประเมินและติดตาม %(year)s", year=label), [Sheet(_("ประเมินและติดตาม"), heads, rows)])
