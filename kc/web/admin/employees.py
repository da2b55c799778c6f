"""Employees: the list, and one of them with details, roles, account and tries to sign in."""

import peewee as pw
from flask import Response, abort, flash, g, request, url_for
from flask_login import login_required

from kc import policy
from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.people import EmployeeForm, LockForm, NewEmployeeForm, RoleForm
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit, RoleAssignment
from kc.services import people, roles, signin, throttle
from kc.web import auth, choices
from kc.web.access import (
    get_employee_to_administer,
    get_employee_to_look_after,
    require_administration,
    require_administrator,
)
from kc.web.admin.blueprint import bp
from kc.web.htmx import go, render
from kc.web.paging import page_url, paginate

PER_PAGE = 25


@bp.get("/employees/")
@login_required
def employees_index() -> Response:
    require_administration()
    filters = _filters()
    rows = asked_employees()
    return render(
        "admin/employees.html",
        block="results",
        page=paginate(rows, PER_PAGE),
        url=page_url(),
        filters=filters,
        units=choices.units(_my_units()),
        is_administrator=policy.is_administrator(g.employee),
    )


def _filters() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("q", "unit", "state")}


def asked_employees() -> pw.ModelSelect:
    """Whom the list shows: those one administers, narrowed as the address says. For the page and its Excel file."""
    filters = _filters()
    unit = OrgUnit.get_or_none(OrgUnit.id == choices.whole(filters["unit"]))
    mine = policy.administered_employees(g.employee)
    return people.listing(mine, words=filters["q"], unit=unit, state=filters["state"])


def _my_units() -> object:
    units = OrgUnit.select().where(OrgUnit.is_active).order_by(OrgUnit.sort_key)
    within = policy.issuable_units(g.employee)
    return units if within is None else units.where(within)


def _unit_of(form: EmployeeForm) -> OrgUnit:
    unit = OrgUnit.get_or_none((OrgUnit.id == choices.whole(form.unit.data)) & OrgUnit.is_active)
    if unit is None:
        raise DomainError(_("โปรดเลือกสังกัด"), field="unit")
    return unit


@bp.get("/employees/new")
@login_required
def new_employee() -> Response:
    require_administrator()
    return _new_page(NewEmployeeForm(unit=request.args.get("unit", "")))


def _new_page(form: NewEmployeeForm, status: int = 200) -> Response:
    form.unit.choices = picks([("", _("เลือกสังกัด")), *choices.units()])
    return render("admin/employee_new.html", status=status, form=form)


@bp.post("/employees/new")
@login_required
def create_employee() -> Response:
    require_administrator()
    form = NewEmployeeForm(request.form)
    if not form.validate():
        return _new_page(form, 422)
    try:
        employee = people.create(g.employee, form.employee_id.data, _unit_of(form), **form.details())
    except DomainError as why:
        form.refuse(why)
        return _new_page(form, 422)
    flash(_("เพิ่ม %(name)s แล้ว ออกรหัสเปิดใช้บัญชีให้ได้เลย", name=employee.name), "success")
    return go(url_for(".show_employee", employee_id=employee.id))


@bp.get("/employees/<int:employee_id>")
@login_required
def show_employee(employee_id: int) -> Response:
    return page_of(get_employee_to_look_after(employee_id))


def page_of(employee: Employee, status: int = 200, **given: object) -> Response:
    """Everything about one account; coordinators see the part they look after."""
    is_administrator = policy.is_administrator(g.employee)
    context = {"form": _details_form(employee), "role_form": RoleForm(), "lock_form": LockForm(), "slip": None} | given
    units = choices.units() if is_administrator else []
    for form in (context["form"], context["role_form"]):
        form.unit.choices = picks([("", _("เลือกหน่วยงาน")), *units])
    return render(
        "admin/employee.html",
        status=status,
        person=employee,
        held=list(roles.held_by(employee)),
        events=list(signin.recent_events(employee, 15)) if is_administrator else [],
        locked_until=throttle.locked_until(employee, auth.rules()),
        may_issue=policy.can_issue_code(g.employee, employee),
        is_administrator=is_administrator,
        **context,
    )


def _details_form(employee: Employee) -> EmployeeForm:
    kept = {name: getattr(employee, name) for name in EmployeeForm()._fields if name != "unit"}
    return EmployeeForm(unit=str(employee.unit_id), **kept)


@bp.post("/employees/<int:employee_id>")
@login_required
def update_employee(employee_id: int) -> Response:
    get_employee_to_administer(employee_id)
    employee = get_employee_to_look_after(employee_id)
    form = EmployeeForm(request.form)
    if not form.validate():
        return page_of(employee, 422, form=form)
    try:
        people.update(g.employee, employee, _unit_of(form), **form.details())
    except DomainError as why:
        form.refuse(why)
        return page_of(employee, 422, form=form)
    flash(_("บันทึกข้อมูลแล้ว"), "success")
    return _back_to(employee)


def _back_to(employee: Employee) -> Response:
    return go(url_for(".show_employee", employee_id=employee.id))


# ---- account -------------------------------------------------------------------------------------------------------


@bp.post("/employees/<int:employee_id>/lock")
@login_required
def lock_employee(employee_id: int) -> Response:
    get_employee_to_administer(employee_id)
    employee = get_employee_to_look_after(employee_id)
    form = LockForm(request.form)
    if not form.validate():
        return page_of(employee, 422, lock_form=form)
    try:
        people.lock(g.employee, employee, form.reason.data)
    except DomainError as why:
        form.refuse(why)
        return page_of(employee, 422, lock_form=form)
    flash(_("ระงับบัญชีของ %(name)s แล้ว", name=employee.name), "success")
    return _back_to(employee)


@bp.post("/employees/<int:employee_id>/unlock")
@login_required
def unlock_employee(employee_id: int) -> Response:
    employee = get_employee_to_administer(employee_id)
    people.unlock(g.employee, employee)
    flash(_("ปลดระงับบัญชีของ %(name)s แล้ว", name=employee.name), "success")
    return _back_to(employee)


@bp.post("/employees/<int:employee_id>/sign-out")
@login_required
def sign_out_employee(employee_id: int) -> Response:
    employee = get_employee_to_administer(employee_id)
    signin.end_everywhere(g.employee, employee)
    flash(_("ให้ %(name)s ออกจากระบบบนทุกเครื่องแล้ว", name=employee.name), "success")
    return _back_to(employee)


@bp.post("/employees/<int:employee_id>/deactivate")
@login_required
def deactivate_employee(employee_id: int) -> Response:
    employee = get_employee_to_administer(employee_id)
    people.deactivate(g.employee, employee)
    flash(_("ปิดบัญชีของ %(name)s แล้ว งานที่เขียนไว้ยังอยู่ครบ", name=employee.name), "success")
    return _back_to(employee)


@bp.post("/employees/<int:employee_id>/reactivate")
@login_required
def reactivate_employee(employee_id: int) -> Response:
    employee = get_employee_to_administer(employee_id)
    people.reactivate(g.employee, employee)
    flash(_("เปิดบัญชีของ %(name)s อีกครั้งแล้ว โปรดออกรหัสเปิดใช้บัญชีให้ใหม่", name=employee.name), "success")
    return _back_to(employee)


# ---- roles ---------------------------------------------------------------------------------------------------------


@bp.post("/employees/<int:employee_id>/roles")
@login_required
def grant_role(employee_id: int) -> Response:
    get_employee_to_administer(employee_id)
    employee = get_employee_to_look_after(employee_id)
    form = RoleForm(request.form)
    unit = OrgUnit.get_or_none((OrgUnit.id == choices.whole(form.unit.data)) & OrgUnit.is_active)
    try:
        roles.grant(g.employee, employee, form.role.data, unit)
    except DomainError as why:
        form.refuse(why)
        return page_of(employee, 422, role_form=form)
    flash(_("ให้บทบาทแล้ว"), "success")
    return _back_to(employee)


@bp.post("/employees/<int:employee_id>/roles/<int:assignment_id>/revoke")
@login_required
def revoke_role(employee_id: int, assignment_id: int) -> Response:
    employee = get_employee_to_administer(employee_id)
    held = RoleAssignment.get_or_none(RoleAssignment.id == assignment_id, RoleAssignment.employee == employee)
    roles.revoke(g.employee, held or abort(404))
    flash(_("ถอนบทบาทแล้ว"), "success")
    return _back_to(employee)
