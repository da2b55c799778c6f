"""The notification centre: what happened, by day; read one by one or all at once; how often it comes by e-mail."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, g, make_response, render_template, request
from flask_login import login_required

from kc import clock, thai
from kc.addresses import is_own_path
from kc.errors import DomainError
from kc.forms.notices import PreferencesForm, for_headings
from kc.i18n import gettext as _
from kc.models import Notice
from kc.services import mail, notice_choices, notice_letter, notice_wording, notices
from kc.services.notice_kinds import HEADINGS
from kc.web.access import get_notice
from kc.web.htmx import go, render, render_block, wants_fragment
from kc.web.paging import paginate

bp = Blueprint("notices", __name__, url_prefix="/notices")

ICONS = {
    "communities": "people",
    "sessions": "calendar-event",
    "duties": "patch-check",
    "questions": "question-circle",
    "knowledge": "journal-text",
}
PER_PAGE = 30


# ---- the centre ----------------------------------------------------------------------------------------------------


@bp.get("/")
@login_required
def index() -> Response:
    """All of one's notices, the latest first; `show=unread`, `heading`."""
    return render("notices/index.html", block="centre", **_centre())


def _centre() -> dict[str, Any]:
    chosen = request.values.get("heading", "")
    heading = chosen if chosen in HEADINGS else ""
    unread_only = request.values.get("show") == "unread"
    now = clock.now()
    page = paginate(notices.of(g.employee, unread_only=unread_only, heading=heading), PER_PAGE)
    return {
        "page": page,
        "days": _by_day(page),
        "say": notice_wording.sentence,
        "path_of": notice_letter.path_of,
        "icons": ICONS,
        "headings": HEADINGS,
        "heading": heading,
        "unread_only": unread_only,
        "here": _here(heading, unread_only),
        "page_url": lambda number: _here(heading, unread_only, page=number),
        "until": now.isoformat(),
    }


def _here(heading: str, unread_only: bool, **more: int) -> str:
    """The address of the list as it is narrowed."""
    asked = {"heading": heading, "show": "unread" if unread_only else ""} | more
    query = urlencode({name: value for name, value in asked.items() if value})
    return "/notices/" + (f"?{query}" if query else "")


def _by_day(rows: Iterable[Notice]) -> list[tuple[str, list[Notice]]]:
    """Notices under the local day on which they last changed, the day in words."""
    days: dict[date, list[Notice]] = {}
    for row in rows:
        days.setdefault(clock.to_local(row.updated_at).date(), []).append(row)
    return [(_day(day), found) for day, found in days.items()]


def _day(day: date) -> str:
    distance = (clock.today() - day).days
    said = thai.format_date(day)
    return {0: _("วันนี้ %(day)s", day=said), 1: _("เมื่อวานนี้ %(day)s", day=said)}.get(distance, said)


@bp.get("/<int:notice_id>")
@login_required
def show(notice_id: int) -> Response:
    """Read it, and go on to what it is about. The link of a message (`to`) leads there also when the notice is gone, or
    is somebody else's: the page there decides who may see it."""
    there = request.args.get("to", "")
    if is_own_path(there):
        notices.mark_read(g.employee, notice_id, there)
        return go(there)
    row = get_notice(notice_id)
    notices.mark_read(g.employee, row.id)
    return go(row.url)


@bp.post("/<int:notice_id>/read")
@login_required
def mark_read(notice_id: int) -> Response:
    notices.mark_read(g.employee, get_notice(notice_id).id)
    return _answer()


@bp.post("/read-all")
@login_required
def mark_all_read() -> Response:
    """All that was there when the page was made (`until`); what came since stays new."""
    try:
        until: datetime | None = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = None
    count = notices.mark_all_read(g.employee, until)
    if not wants_fragment():
        flash(_("อ่านแล้ว %(n)d เรื่อง", n=count) if count else _("ไม่มีเรื่องที่ยังไม่ได้อ่าน"), "success")
    return _answer()


def _answer() -> Response:
    """The list as it is now, and the bell with it; or back to the page."""
    context = _centre()
    if not wants_fragment():
        return go(context["here"])
    g.employee.__dict__["unread_notices"] = notices.unread(g.employee)
    listed = render_block("notices/index.html", "centre", **context)
    return make_response(listed + render_template("layout/_bell.html", out_of_band=True))


# ---- by e-mail -----------------------------------------------------------------------------------------------------


@bp.get("/preferences")
@login_required
def preferences() -> Response:
    return _preferences(for_headings(HEADINGS)(data=notice_choices.of(g.employee)))


def _preferences(form: PreferencesForm, status: int = 200) -> Response:
    return render(
        "notices/preferences.html",
        status=status,
        form=form,
        icons=ICONS,
        mail_is_on=mail.is_on(),
        hour=f"{current_app.config['KC_DIGEST_HOUR']:02d}:00",
    )


@bp.post("/preferences")
@login_required
def choose() -> Response:
    form = for_headings(HEADINGS)(request.form)
    if not form.validate():
        return _preferences(form, 422)
    try:
        notice_choices.change(g.employee, form.chosen())
    except DomainError as why:
        form.refuse(why)
        return _preferences(form, 422)
    flash(_("บันทึกแล้ว ระบบจะส่งอีเมลตามที่เลือก"), "success")
    return go("/notices/preferences")
