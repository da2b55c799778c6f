"""Units: the tree, and one of them to add, change, close or open again."""

from flask import Response, flash, g, request, url_for
from flask_login import login_required

from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.people import EditUnitForm, UnitForm
from kc.i18n import gettext as _
from kc.models import OrgUnit
from kc.services import units
from kc.web import choices
from kc.web.access import get_unit_to_administer, require_administrator
from kc.web.admin.blueprint import bp
from kc.web.htmx import go, render


@bp.get("/units/")
@login_required
def units_index() -> Response:
    require_administrator()
    tree = units.tree()
    shown = tree if request.args.get("closed") else [unit for unit in tree if unit.is_active]
    return render("admin/units.html", units=shown, closed=len(tree) - sum(unit.is_active for unit in tree))


def _parents(form: UnitForm, below: OrgUnit | None = None) -> None:
    """Choices for the parent: every open unit but the one being moved and what is under it."""
    rows = OrgUnit.select().where(OrgUnit.is_active).order_by(OrgUnit.sort_key)
    if below is not None:
        rows = rows.where(~OrgUnit.path.startswith(below.path))
    form.parent.choices = picks([("", _("ไม่มี (ระดับบนสุด)")), *choices.units(rows)])


def _parent_of(form: UnitForm) -> OrgUnit | None:
    return OrgUnit.get_or_none(OrgUnit.id == choices.whole(form.parent.data))


def _form_page(form: UnitForm, unit: OrgUnit | None, status: int = 200) -> Response:
    _parents(form, unit)
    return render("admin/unit.html", status=status, form=form, unit=unit)


@bp.get("/units/new")
@login_required
def new_unit() -> Response:
    require_administrator()
    return _form_page(UnitForm(parent=request.args.get("parent", "")), None)


@bp.post("/units/new")
@login_required
def create_unit() -> Response:
    require_administrator()
    form = UnitForm(request.form)
    _parents(form)
    if not form.validate():
        return _form_page(form, None, 422)
    try:
        unit = units.create(g.employee, form.code.data, form.name.data, form.kind.data, _parent_of(form))
    except DomainError as why:
        form.refuse(why)
        return _form_page(form, None, 422)
    flash(_("เพิ่มหน่วยงาน “%(name)s” แล้ว", name=unit.name), "success")
    return go(url_for(".units_index"))


@bp.get("/units/<int:unit_id>")
@login_required
def show_unit(unit_id: int) -> Response:
    unit = get_unit_to_administer(unit_id)
    return _form_page(EditUnitForm(name=unit.name, kind=unit.kind, parent=str(unit.parent_id or "")), unit)


@bp.post("/units/<int:unit_id>")
@login_required
def update_unit(unit_id: int) -> Response:
    unit = get_unit_to_administer(unit_id)
    form = EditUnitForm(request.form)
    _parents(form, unit)
    if not form.validate():
        return _form_page(form, unit, 422)
    try:
        units.update(g.employee, unit, form.name.data, form.kind.data, _parent_of(form))
    except DomainError as why:
        form.refuse(why)
        return _form_page(form, unit, 422)
    flash(_("บันทึกหน่วยงาน “%(name)s” แล้ว", name=unit.name), "success")
    return go(url_for(".units_index"))


@bp.post("/units/<int:unit_id>/close")
@login_required
def close_unit(unit_id: int) -> Response:
    unit = get_unit_to_administer(unit_id)
    units.deactivate(g.employee, unit)
    flash(_("ปิดหน่วยงาน “%(name)s” แล้ว งานเดิมของหน่วยงานยังอยู่ครบ", name=unit.name), "success")
    return go(url_for(".units_index"))


@bp.post("/units/<int:unit_id>/reopen")
@login_required
def reopen_unit(unit_id: int) -> Response:
    unit = get_unit_to_administer(unit_id)
    units.reopen(g.employee, unit)
    flash(_("เปิดหน่วยงาน “%(name)s” อีกครั้งแล้ว", name=unit.name), "success")
    return go(url_for(".show_unit", unit_id=unit.id))
