"""System roles: given and taken back by administrators (PRODUCT 1). The last administrator stays."""

import peewee as pw

from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit, RoleAssignment
from kc.models.people import ADMINISTRATOR, COORDINATOR, SYSTEM_ROLES
from kc.services import audit


def grant(actor: Employee | None, employee: Employee, role: str, unit: OrgUnit | None = None) -> RoleAssignment:
    """Give `role`; coordinators get it for `unit` and what is below it. Giving twice is no error."""
    if role not in SYSTEM_ROLES:
        raise DomainError(_("ไม่มีบทบาทนี้ในระบบ"), field="role")
    if not employee.is_active:
        raise DomainError(_("บุคคลนี้พ้นจากงานแล้ว จึงให้บทบาทไม่ได้"), field="role")
    if role == COORDINATOR and unit is None:
        raise DomainError(_("โปรดเลือกหน่วยงานที่ผู้ประสานงานดูแล"), field="unit")
    unit = unit if role == COORDINATOR else None
    with db.atomic():
        # Asked first: the unique index lets several rows without a unit stand side by side.
        same_unit = RoleAssignment.unit.is_null() if unit is None else RoleAssignment.unit == unit
        held = RoleAssignment.get_or_none(RoleAssignment.employee == employee, RoleAssignment.role == role, same_unit)
        if held is not None:
            return held
        row = RoleAssignment.create(employee=employee, role=role, unit=unit, granted_by=actor)
        audit.record(actor, "role.granted", employee, role=role, unit=unit.code if unit else None)
    employee.__dict__.pop("_held_roles", None)
    return row


def revoke(actor: Employee | None, assignment: RoleAssignment) -> None:
    """Take a role back; DomainError for the last administrator's."""
    if assignment.role == ADMINISTRATOR:
        keep_one_administrator(assignment.employee)
    with db.atomic():
        unit = assignment.unit
        assignment.delete_instance()
        audit.record(actor, "role.revoked", assignment.employee, role=assignment.role, unit=unit.code if unit else None)
    assignment.employee.__dict__.pop("_held_roles", None)


def held_by(employee: Employee) -> pw.ModelSelect:
    """Role assignments with their units, for showing."""
    return (
        RoleAssignment.select(RoleAssignment, OrgUnit)
        .join(OrgUnit, pw.JOIN.LEFT_OUTER)
        .where(RoleAssignment.employee == employee)
        .order_by(RoleAssignment.role, RoleAssignment.id)
    )


def administrators() -> pw.ModelSelect:
    """Ids of those who can administer now."""
    return (
        RoleAssignment.select(RoleAssignment.employee)
        .join(Employee, on=(RoleAssignment.employee == Employee.id))
        .where(RoleAssignment.role == ADMINISTRATOR, Employee.is_active, Employee.locked_reason == "")
    )


def keep_one_administrator(employee: Employee) -> None:
    """DomainError when nobody could administer the system without `employee`."""
    ids = {row.employee_id for row in administrators()}
    if ids == {employee.id}:
        raise DomainError(_("ต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคน โปรดให้บทบาทผู้ดูแลระบบแก่ผู้อื่นก่อน"))
