"""Who is invited, who has signed up, who has not; inviting, extending, reminding; as a page and as an Excel file."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import labels, policy
from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.rounds import ExtensionForm, InviteForm
from kc.i18n import gettext as _
from kc.models import OrgUnit, Round, RoundExtension, RoundInvitation
from kc.services import round_standing, rounds
from kc.services.round_standing import Standing
from kc.web import choices
from kc.web.access import get_round_to_follow, get_round_to_manage, get_unit
from kc.web.downloads import columns, send_workbook
from kc.web.htmx import go, render, wants_fragment
from kc.web.paging import Page, page_url, requested_page
from kc.workbook import Sheet

bp = Blueprint("round_units", __name__, url_prefix="/rounds/<int:round_id>/units")

PER_PAGE = 40
OPEN = "open"  # all that have not signed up, late or not
OWING, EXTENDED = "owing", "extended"


@bp.get("/")
@login_required
def index(round_id: int) -> Response:
    return _show(get_round_to_follow(round_id))


def _show(row: Round, status: int = 200, form: InviteForm | None = None) -> Response:
    everyone = round_standing.of_round(row, round_standing.paths_followed(g.employee))
    found = _asked(everyone)
    number = requested_page()
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    can_manage = policy.can_manage_rounds(g.employee)
    form = form or InviteForm()
    if can_manage and not wants_fragment():
        invited = {one.unit.id for one in everyone}
        offered = [pair for pair in choices.units() if int(pair[0]) not in invited]
        form.unit.choices = picks([("", _("เลือกหน่วยงาน")), *offered])
    return render(
        "rounds/units.html",
        block="results",
        status=status,
        round=row,
        page=Page(shown, number, max(1, -(-len(found) // PER_PAGE)), len(found)),
        url=page_url(),
        counts=round_standing.counts(everyone),
        invited=len(everyone),
        state=request.args.get("state", ""),
        q=request.args.get("q", ""),
        form=form,
        can_manage=can_manage,
    )


def _asked(standings: list[Standing]) -> list[Standing]:
    """What the address narrows the list to: `state` and words of the unit's name."""
    state, words = request.args.get("state", ""), request.args.get("q", "").casefold().split()
    return [one for one in standings if _is_in(one, state) and all(word in one.unit.name.casefold() for word in words)]


def _is_in(one: Standing, state: str) -> bool:
    if state == OPEN:
        return not one.communities
    if state == OWING:
        return one.owes_knowledge
    if state == EXTENDED:
        return one.is_extended
    return not state or one.state == state


@bp.get("/export.xlsx")
@login_required
def export(round_id: int) -> Response:
    """The list as shown, all pages."""
    row = get_round_to_follow(round_id)
    heads = columns(
        (_("รหัสหน่วยงาน"), "text"),
        _("หน่วยงาน"),
        _("ประเภท"),
        _("สถานะ"),
        (_("สมัครเมื่อ"), "day"),
        (_("สมัครได้ถึง"), "day"),
        (_("ชุมชน"), "number"),
        _("ชื่อชุมชน"),
        (_("เผยแพร่แล้ว"), "number"),
        (_("เผยแพร่ภายใน"), "day"),
        _("การเผยแพร่"),
        _("ขยายเวลา"),
    )
    found = _asked(round_standing.of_round(row, round_standing.paths_followed(g.employee)))
    cells = (
        [
            one.unit.code,
            one.unit.name,
            str(labels.UNIT_KINDS[one.unit.kind]),
            str(labels.ROUND_STATES[one.state]),
            one.signed_up_on,
            one.sign_up_until,
            len(one.communities),
            ", ".join(community.name for community in one.communities),
            one.published,
            one.publish_by,
            _("เลยกำหนด") if one.owes_knowledge else "",
            _("ขยายแล้ว") if one.is_extended else "",
        ]
        for one in found
    )
    return send_workbook(_("การสมัครชุมชน"), [Sheet(_("การสมัครชุมชน"), heads, cells)])


# ---- inviting ------------------------------------------------------------------------------------------------------


@bp.post("/")
@login_required
def invite(round_id: int) -> Response:
    row = get_round_to_manage(round_id)
    form = InviteForm(request.form)
    unit = OrgUnit.get_or_none((OrgUnit.id == choices.whole(form.unit.data)) & OrgUnit.is_active)
    if unit is None:
        form.refuse(DomainError(_("โปรดเลือกหน่วยงาน"), field="unit"))
        return _show(row, 422, form)
    rounds.invite(g.employee, row, [unit.id])
    flash(_("เชิญ %(unit)s แล้ว", unit=unit.name), "success")
    return go(url_for(".index", round_id=row.id))


@bp.post("/<int:unit_id>/uninvite")
@login_required
def uninvite(round_id: int, unit_id: int) -> Response:
    row, unit = get_round_to_manage(round_id), get_unit(unit_id)
    rounds.uninvite(g.employee, row, unit)
    flash(_("ไม่เชิญ %(unit)s แล้ว ชุมชนที่สมัครไว้ยังอยู่", unit=unit.name), "success")
    return go(url_for(".index", round_id=row.id))


@bp.post("/remind")
@login_required
def remind(round_id: int) -> Response:
    """Tell the coordinators of units that have not signed up; once a day."""
    row = get_round_to_manage(round_id)
    count = round_standing.remind(g.employee, row)
    flash(_("แจ้งผู้ประสานงาน %(n)d คนแล้ว", n=count), "success")
    return go(url_for(".index", round_id=row.id, state=OPEN))


# ---- extending -----------------------------------------------------------------------------------------------------


@bp.get("/<int:unit_id>/extension")
@login_required
def extension(round_id: int, unit_id: int) -> Response:
    row, unit = get_round_to_manage(round_id), get_unit(unit_id)
    return _show_extension(row, unit, ExtensionForm(obj=_granted(row, unit)))


def _granted(row: Round, unit: OrgUnit) -> RoundExtension | None:
    return RoundExtension.get_or_none((RoundExtension.round == row) & (RoundExtension.unit == unit))


def _show_extension(row: Round, unit: OrgUnit, form: ExtensionForm, status: int = 200) -> Response:
    below = OrgUnit.path.startswith(unit.path) & (OrgUnit.id != unit.id)
    inside = RoundInvitation.select().join(OrgUnit).where((RoundInvitation.round == row) & below).count()
    return render(
        "rounds/extension.html",
        status=status,
        round=row,
        unit=unit,
        form=form,
        granted=_granted(row, unit),
        inside=inside,
    )


@bp.post("/<int:unit_id>/extension")
@login_required
def extend(round_id: int, unit_id: int) -> Response:
    row, unit = get_round_to_manage(round_id), get_unit(unit_id)
    form = ExtensionForm(request.form)
    if not form.validate():
        return _show_extension(row, unit, form, 422)
    try:
        rounds.extend(g.employee, row, unit, form.sign_up_until.data, form.publish_by.data, form.reason.data)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_extension(row, unit, form, 422)
    flash(_("ขยายเวลาให้ %(unit)s แล้ว ผู้เกี่ยวข้องได้รับแจ้ง", unit=unit.name), "success")
    return go(url_for(".index", round_id=row.id))


@bp.post("/<int:unit_id>/extension/end")
@login_required
def end_extension(round_id: int, unit_id: int) -> Response:
    row, unit = get_round_to_manage(round_id), get_unit(unit_id)
    rounds.end_extension(g.employee, row, unit)
    flash(_("ยกเลิกการขยายเวลาแล้ว ใช้กำหนดตามบันทึกเวียน"), "success")
    return go(url_for(".index", round_id=row.id))
