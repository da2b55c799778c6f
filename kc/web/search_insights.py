"""For the KM team: what is missing, what is searched for, and how well searching goes. Without names."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, request, url_for
from flask_login import login_required

from kc import clock, fiscal, labels, thai
from kc.errors import Conflict, DomainError
from kc.forms.search_gaps import GapForm
from kc.i18n import gettext as _
from kc.models import SearchGap
from kc.models.search import NEW
from kc.services import search_gaps, search_insights
from kc.services.search_insights import Asked, Period
from kc.web import choices
from kc.web.access import get_search_gap, require_search_insights
from kc.web.downloads import columns, send_workbook
from kc.web.htmx import go, render
from kc.workbook import Sheet

bp = Blueprint("search_insights", __name__, url_prefix="/search/insights")

DAYS = (7, 30, 90)
USUAL = 30


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    url: str
    here: bool


def asked_period() -> Period:
    """The period of the address (`?period=`): 7, 30 or 90 days, or a fiscal year; nonsense means the usual one."""
    number = choices.whole(request.args.get("period"))
    if number in (fiscal.calendar().current(), fiscal.calendar().current() - 1):
        return search_insights.fiscal_year(number)
    return search_insights.last_days(number if number in DAYS else USUAL)


def _periods(period: Period) -> list[Choice]:
    names = {str(days): _("%(n)d วันล่าสุด", n=days) for days in DAYS}
    year = fiscal.calendar().current()
    names |= {str(number): fiscal.calendar().label_for(number) for number in (year, year - 1)}
    here = request.endpoint or ""
    return [Choice(name, label, url_for(here, period=name), name == period.name) for name, label in names.items()]


def _page(template: str, period: Period, **context: Any) -> Response:
    shown: dict[str, Any] = {"period": period, "periods": _periods(period), "quality": search_insights.quality(period)}
    days = {"named": current_app.config["KC_SEARCH_LOG_NAMED_DAYS"], "kept": current_app.config["KC_SEARCH_LOG_DAYS"]}
    return render(template, **shown, days=days, **context)


@bp.get("")
@login_required
def index() -> Response:
    """What is missing: sought in vain, or asked for; `?state=answered`: what was, and is there now."""
    require_search_insights()
    period, answered = asked_period(), request.args.get("state") == "answered"
    rows = {"answered": search_gaps.answered()} if answered else {"missing": search_gaps.missing(period)}
    return _page("search_insights/index.html", period, **{"missing": None, "answered": None} | rows)


@bp.get("/searches")
@login_required
def searches() -> Response:
    """What is searched for most, found but not opened, searched for again in other words; and how near hits stand."""
    require_search_insights()
    period = asked_period()
    return _page(
        "search_insights/searches.html",
        period,
        frequent=search_insights.frequent(period, 15),
        abandoned=search_insights.abandoned(period, 10),
        again=search_insights.searched_again(period),
        places=search_insights.places(period),
        months=[(_month(first), figures) for first, figures in search_insights.by_month()],
        last_place=search_insights.LAST_PLACE,
    )


def _month(first: dt.date) -> str:
    return f"{thai.month_name(first.month, short=True)} {thai.format_year(thai.buddhist_year(first))}"


@bp.post("/gaps")
@login_required
def take_up() -> Response:
    """Begin to look after what was sought in vain (`q`)."""
    require_search_insights()
    gap = search_gaps.take_up(g.employee, request.form.get("q", ""))
    return go(f"/search/insights/gaps/{gap.id}")


@bp.get("/gaps/<int:gap_id>")
@login_required
def show(gap_id: int) -> Response:
    """One thing that is missing: who asked, what can be done about it, how far it is."""
    gap = get_search_gap(gap_id)
    article = f"/knowledge/{gap.article_id}" if gap.article_id else ""
    return _gap_page(gap, GapForm(version=gap.version, state=gap.state, note=gap.note, article=article))


def _gap_page(gap: SearchGap, form: GapForm, status: int = 200, theirs: SearchGap | None = None) -> Response:
    searched, in_vain = search_insights.count_of(gap.key, search_insights.last_days(90))
    asked = search_gaps.asked_by(gap)
    context: dict[str, Any] = {"gap": gap, "form": form, "requests": asked, "searched": searched, "in_vain": in_vain}
    return render("search_insights/gap.html", status=status, theirs=theirs, **context)


@bp.post("/gaps/<int:gap_id>")
@login_required
def mark(gap_id: int) -> Response:
    gap, form = get_search_gap(gap_id), GapForm(request.form)
    try:
        if form.validate():
            state, note, article = form.state.data or "", form.note.data or "", form.article.data or ""
            search_gaps.mark(g.employee, gap, form.version.data, state=state, note=note, article=article)
            flash(_("บันทึกแล้ว"), "success")
            return go("/search/insights")
    except Conflict as conflict:  # both versions are shown; sending again saves over theirs, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _gap_page(gap, form, 409, theirs=conflict.theirs)
    except DomainError as why:
        form.refuse(why)
    return _gap_page(gap, form, 422)


# ---- as a workbook -------------------------------------------------------------------------------------------------


@bp.get("/export.xlsx")
@login_required
def export() -> Response:
    """The tables of the period as an Excel file."""
    require_search_insights()
    period = asked_period()
    return send_workbook(_("ความรู้ที่ขาดและการค้นหา %(period)s", period=period.name), _sheets(period))


def _sheets(period: Period) -> list[Sheet]:
    words = columns(_("คำค้น"), _("ครั้ง"), _("คน"), _("เปิดอ่าน"), (_("ครั้งล่าสุด"), "day"))
    quality = search_insights.quality(period)
    figures: list[list[Any]] = [
        [_("จำนวนการค้นหา"), quality.searches],
        [_("ไม่พบสิ่งที่ค้น"), quality.failed],
        [_("เปิดอ่านผลการค้นหา"), quality.opened],
        [_("ความใกล้อันดับแรก (MRR)"), round(quality.mrr, 4) if quality.mrr else None],
    ]
    missing = [
        [
            *_cells(row),
            str(labels.GAP_STATES[row.gap.state if row.gap else NEW]),
            row.requests,
            row.gap.note if row.gap else "",
        ]
        for row in search_gaps.missing(period)
    ]
    again = [[pair.text, pair.better, pair.count] for pair in search_insights.searched_again(period, 200)]
    more = columns(_("สถานะ"), _("ผู้แจ้ง"), _("หมายเหตุ"))
    pairs = columns(_("คำค้น"), _("แล้วค้นใหม่ว่า"), _("คน"))
    return [
        Sheet(_("สรุป"), columns(_("รายการ"), _("จำนวน")), figures),
        Sheet(_("ความรู้ที่ขาด"), [*words, *more], missing),
        Sheet(_("ค้นบ่อย"), words, [_cells(row) for row in search_insights.frequent(period, 200)]),
        Sheet(_("พบแต่ไม่ได้เปิดอ่าน"), words, [_cells(row) for row in search_insights.abandoned(period, 200)]),
        Sheet(_("ค้นใหม่ด้วยคำอื่น"), pairs, again),
    ]


def _cells(row: Asked) -> list[Any]:
    return [row.text, row.count, row.people, row.opened, clock.to_local(row.last_at).date()]
