"""One-time codes: one, shown once; or a sheet of slips to cut, for everybody of a unit who has not activated yet."""

import peewee as pw
from flask import Response, g, request
from flask_login import login_required

from kc import policy
from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.people import SlipsForm
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit
from kc.services import codes
from kc.web import auth, choices
from kc.web.access import get_employee_to_look_after, require_administration
from kc.web.admin.blueprint import bp
from kc.web.admin.employees import page_of
from kc.web.htmx import render
from kc.web.links import link

MOST = 1000


@bp.post("/employees/<int:employee_id>/code")
@login_required
def issue_code(employee_id: int) -> Response:
    """The only page that ever shows the code."""
    employee = get_employee_to_look_after(employee_id)
    slip = codes.issue(g.employee, employee, auth.rules())
    return _unkept(page_of(employee, slip=slip))


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _waiting_by_unit() -> dict[int, int]:
    """How many people of each unit could be given a slip by who asks."""
    return dict(
        Employee.select(Employee.unit, pw.fn.COUNT(Employee.id))
        .where(codes.waiting_for_activation(), policy.code_receivers(g.employee))
        .group_by(Employee.unit)
        .tuples()
    )


@bp.get("/slips")
@login_required
def choose_slips() -> Response:
    require_administration()
    return _choose_page(SlipsForm(unit=request.args.get("unit", ""), below=True))


def _choose_page(form: SlipsForm, status: int = 200) -> Response:
    units = OrgUnit.select().where(OrgUnit.is_active).order_by(OrgUnit.sort_key)
    within = policy.issuable_units(g.employee)
    waiting = _waiting_by_unit()
    labelled = [
        (value, f"{text} ({waiting[int(value)]})" if waiting.get(int(value)) else text)
        for value, text in choices.units(units if within is None else units.where(within))
    ]
    form.unit.choices = picks([("", _("เลือกหน่วยงาน")), *labelled])
    return render("admin/slips_choose.html", status=status, form=form, waiting=sum(waiting.values()))


@bp.post("/slips")
@login_required
def print_slips() -> Response:
    """Fresh codes, laid out for the printer. Codes handed out before stop working."""
    require_administration()
    form = SlipsForm(request.form)
    try:
        chosen, slips = _slips(form)
    except DomainError as why:
        form.refuse(why)
        return _choose_page(form, 422)
    address = link("")
    return _unkept(render("admin/slips.html", unit=chosen, slips=slips, address=address))


def _slips(form: SlipsForm) -> tuple[OrgUnit, list[codes.Slip]]:
    unit = OrgUnit.get_or_none(OrgUnit.id == choices.whole(form.unit.data))
    if unit is None or not (policy.is_administrator(g.employee) or policy.coordinates(g.employee, unit)):
        raise DomainError(_("โปรดเลือกหน่วยงานที่คุณดูแล"), field="unit")
    ids = [row.id for row in unit.subtree()] if form.below.data else [unit.id]
    waiting = _waiting_by_unit()
    count = sum(waiting.get(unit_id, 0) for unit_id in ids)
    if not count:
        raise DomainError(_("บุคลากรของหน่วยงานนี้เปิดใช้บัญชีครบแล้ว"), field="unit")
    if count > MOST:
        raise DomainError(_("มี %(n)d คน โปรดพิมพ์ทีละหน่วยงานย่อย ครั้งละไม่เกิน %(most)d คน", n=count, most=MOST), field="unit")
    return unit, codes.issue_for_units(g.employee, ids, auth.rules())
