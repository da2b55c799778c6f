"""Units of the organisation: a tree that is renamed and rearranged without losing what hangs on it (S0-102)."""

import peewee as pw

from kc import thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit
from kc.models.people import UNIT_KINDS
from kc.services import audit, findable

LONGEST_CODE, LONGEST_NAME = 32, 200


def clean_code(typed: str) -> str:
    """A unit's code: no spaces, Arabic digits. DomainError when there is none."""
    code = "".join(thai.to_arabic_digits(thai.clean_line(typed)).split())
    if not code or len(code) > LONGEST_CODE:
        raise DomainError(_("โปรดระบุรหัสหน่วยงานไม่เกิน %(n)d ตัวอักษร", n=LONGEST_CODE), field="code")
    return code


def clean_name(typed: str) -> str:
    name = thai.clean_line(typed)
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("โปรดระบุชื่อหน่วยงานไม่เกิน %(n)d ตัวอักษร", n=LONGEST_NAME), field="name")
    return name


def create(actor: Employee | None, code: str, name: str, kind: str, parent: OrgUnit | None = None) -> OrgUnit:
    """Add a unit below `parent`. DomainError when the code is taken."""
    code, name = clean_code(code), clean_name(name)
    _check_kind(kind)
    with db.atomic():
        if OrgUnit.select().where(OrgUnit.code == code).exists():
            raise DomainError(_("มีหน่วยงานรหัส %(code)s อยู่แล้ว", code=code), field="code")
        unit = OrgUnit.create(code=code, name=name, kind=kind, parent=parent, sort_key=thai.sort_key(name))
        unit.path = path_below(parent, unit.id)
        OrgUnit.update(path=unit.path).where(OrgUnit.id == unit.id).execute()
        audit.record(actor, "unit.created", unit, code=code, name=name)
    return unit


def _check_kind(kind: str) -> None:
    if kind not in UNIT_KINDS:
        raise DomainError(_("โปรดเลือกประเภทหน่วยงาน"), field="kind")


def path_below(parent: OrgUnit | None, unit_id: int) -> str:
    return f"{parent.path if parent else '/'}{unit_id}/"


def update(actor: Employee, unit: OrgUnit, name: str, kind: str, parent: OrgUnit | None) -> None:
    """Rename a unit or hang it elsewhere, its subtree with it. DomainError when it would hang below itself."""
    name = clean_name(name)
    _check_kind(kind)
    if parent is not None and parent.path.startswith(unit.path):
        raise DomainError(_("หน่วยงานจะสังกัดตัวเองหรือหน่วยงานที่อยู่ใต้ตัวเองไม่ได้"), field="parent")
    old_path, new_path = unit.path, path_below(parent, unit.id)
    before = {"name": unit.name, "kind": unit.kind, "parent": unit.parent_id}
    after = {"name": name, "kind": kind, "parent": parent.id if parent else None}
    if before == after:
        return
    with db.atomic():
        unit.name, unit.kind, unit.parent, unit.sort_key = name, kind, parent, thai.sort_key(name)
        unit.save(only=[OrgUnit.name, OrgUnit.kind, OrgUnit.parent, OrgUnit.sort_key])
        if new_path != old_path:
            move_subtree(old_path, new_path)
            unit.path = new_path
        changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        audit.record(actor, "unit.updated", unit, **changed)
        findable.units_below(new_path)


def move_subtree(old_path: str, new_path: str) -> None:
    """Give every path that begins with `old_path` its new beginning."""
    rest = pw.fn.SUBSTR(OrgUnit.path, len(old_path) + 1)
    OrgUnit.update(path=pw.Value(new_path).concat(rest)).where(OrgUnit.path.startswith(old_path)).execute()


def deactivate(actor: Employee, unit: OrgUnit) -> None:
    """Close a unit: nothing new is registered for it, what it did stays. DomainError while people work below it."""
    below = OrgUnit.select(OrgUnit.id).where(OrgUnit.path.startswith(unit.path))
    if Employee.select().where(Employee.unit.in_(below), Employee.is_active).exists():
        raise DomainError(_("ยังมีบุคลากรสังกัดหน่วยงานนี้หรือหน่วยงานภายใต้ โปรดย้ายบุคลากรก่อนปิดหน่วยงาน"))
    with db.atomic():
        OrgUnit.update(is_active=False).where(OrgUnit.path.startswith(unit.path)).execute()
        unit.is_active = False
        audit.record(actor, "unit.closed", unit)


def reopen(actor: Employee, unit: OrgUnit) -> None:
    """Open a closed unit again, and those above it."""
    with db.atomic():
        OrgUnit.update(is_active=True).where(OrgUnit.id.in_(unit.ancestor_ids())).execute()
        unit.is_active = True
        audit.record(actor, "unit.reopened", unit)


def tree(within: pw.Expression | None = None) -> list[OrgUnit]:
    """Units in reading order (parents first, siblings in Thai order), each with `depth` and `staff` (people there now).

    Two statements, whatever the size.
    """
    rows = OrgUnit.select()
    units = {unit.id: unit for unit in (rows.where(within) if within is not None else rows)}
    counts = dict(
        Employee.select(Employee.unit, pw.fn.COUNT(Employee.id))
        .where(Employee.is_active)
        .group_by(Employee.unit)
        .tuples()
    )
    keys = {unit.id: unit.sort_key for unit in units.values()}

    def place(unit: OrgUnit) -> list[tuple[str, int]]:
        return [(keys.get(number, ""), number) for number in unit.ancestor_ids()]

    ordered = sorted(units.values(), key=place)
    for unit in ordered:
        unit.depth = sum(number in units for number in unit.ancestor_ids()) - 1
        unit.staff = counts.get(unit.id, 0)
    return ordered
