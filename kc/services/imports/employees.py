"""Employees from HR's file: new, changed, back again, and gone; work of those who left stays."""

from collections.abc import Iterator, Mapping
from typing import Any

from kc import clock, tabular, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit
from kc.services import audit, digits, findable, people, roles
from kc.services.account_rules import AccountRules
from kc.services.imports.report import BadRow, Change, Options, Plan, SourceRow
from kc.services.imports.writing import BATCH, upsert, write_audit

COLUMNS = dict(tabular.EMPLOYEE_COLUMNS) | {  # thai-data
    "level": ("ระดับ", "ชั้น", "level", "grade"),
    "national_id": (
        "เลขประจำตัวประชาชน",
        "เลขบัตรประชาชน",
        "เลขที่บัตรประชาชน",
        "เลข 4 ตัวท้าย",
        "เลข 4 ตัวท้ายบัตรประชาชน",
        "4 ตัวท้าย",
        "national id",
        "citizen id",
        "id card",
        "last 4 digits",
    ),
}
PERSONAL = ("title", "first_name", "last_name", "position", "level", "email", "phone", "expertise")
COMPARED = (*PERSONAL, "unit", "is_active")
WRITTEN = (*PERSONAL, "name", "sort_key", "unit", "is_active", "departed_on")
# Columns that people keep up themselves: an empty cell is no reason to forget what they wrote.
OWN = ("email", "phone", "expertise")
_GONE_WORDS = (  # thai-data
    "0,no,n,false,inactive,resigned,retired,ลาออก,เกษียณ,เกษียณอายุ,พ้นสภาพ,พ้นจากงาน,พ้นจากตำแหน่ง,ออก,ไล่ออก,เลิกจ้าง,"
    "เสียชีวิต,ถึงแก่กรรม,ไม่ใช้งาน,ยกเลิก"
)
GONE = {thai.same_name_key(word) for word in _GONE_WORDS.split(",")}


def read_employees(data: bytes, filename: str, rules: AccountRules) -> list[SourceRow]:
    """The rows of a file of employees; DomainError when it is no such file at all.

    A national ID goes no further than this: of its last four digits a keyed hash is kept, if the setting asks for it.
    """
    table = tabular.read_table(data, filename)
    present = table.columns(COLUMNS)
    if not {"first_name", "name"} & set(present):
        raise DomainError(_("ไม่พบคอลัมน์ชื่อในไฟล์ (ต้องมี “ชื่อ” และ “นามสกุล” หรือ “ชื่อ-นามสกุล”)"))
    records = table.records(COLUMNS, required=("employee_id", "unit"))
    return [_read_row(record, present, rules) for record in records]


def _read_row(record: tabular.Record, present: Mapping[str, int], rules: AccountRules) -> SourceRow:
    row = SourceRow(record.number, {"unit": record["unit"]})
    given = {field: record[field] for field in (*PERSONAL, "name") if field in present}
    try:
        row.values["employee_id"] = people.clean_employee_id(record["employee_id"])
        details = people.clean_details(**given).columns()
        known = {"first_name", "last_name", *given} | ({"title"} if details["title"] else set())
        row.values |= {field: details[field] for field in PERSONAL if field in known}
    except DomainError as why:
        row.faults.append(why.message)
    row.values["gone"] = "1" if thai.same_name_key(record["active"]) in GONE else ""
    if rules.by_digits and record["national_id"].strip("-– "):
        _read_digits(row, record["national_id"], rules)
    return row


def _read_digits(row: SourceRow, cell: str, rules: AccountRules) -> None:
    try:
        four = digits.last_four(cell)
    except ValueError:
        row.faults.append(_("เลขบัตรประชาชนต้องเป็นเลข 4 ตัวท้าย หรือเลข 13 หลัก"))
    else:
        row.values["digits"] = digits.hashed(row.values.get("employee_id", ""), four, rules)


def plan_employees(rows: list[SourceRow], options: Options) -> Plan:
    """Compare the rows with the people here; writes nothing."""
    here = {employee.employee_id: employee for employee in Employee.select()}
    units = _Units()
    plan = Plan(total=len(rows), active_before=sum(employee.is_active for employee in here.values()))
    seen: dict[str, int] = {}
    for row in rows:
        faults = row.faults + _faults(row, seen, here, units)
        if faults:
            plan.bad.append(BadRow(row.number, " · ".join(faults)))
        else:
            _compare(row, here, units, plan)
        seen.setdefault(row.values.get("employee_id", ""), row.number)
    if not options.keep_missing:
        _find_missing(seen, here, plan)
    plan.note_share()
    return plan


class _Units:
    """Finds the unit a cell names: by code, else by its name when only one unit has it."""

    def __init__(self) -> None:
        self.rows = {unit.id: unit for unit in OrgUnit.select()}
        self.codes = {unit.code: unit for unit in self.rows.values()}
        self.names: dict[str, list[OrgUnit]] = {}
        for unit in self.rows.values():
            if unit.is_active:
                self.names.setdefault(thai.same_name_key(unit.name), []).append(unit)
        self.found: dict[str, OrgUnit | str] = {}

    def find(self, cell: str) -> OrgUnit | str:
        """The unit, or the sentence saying why there is none."""
        if cell not in self.found:
            self.found[cell] = self._find(cell)
        return self.found[cell]

    def _find(self, cell: str) -> OrgUnit | str:
        if not cell:
            return _("ไม่ได้ระบุหน่วยงาน")
        unit = self.codes.get("".join(thai.to_arabic_digits(cell).split()))
        named = self.names.get(thai.same_name_key(cell), []) if unit is None else [unit]
        if len(named) > 1:
            return _("มีหน่วยงานชื่อ “%(name)s” มากกว่าหนึ่งแห่ง โปรดใช้รหัสหน่วยงาน", name=cell)
        if not named:
            return _("ไม่พบหน่วยงาน “%(name)s” ในระบบ โปรดนำเข้าหน่วยงานก่อน", name=cell)
        return named[0] if named[0].is_active else _("หน่วยงาน “%(name)s” ปิดแล้ว", name=cell)


def _faults(row: SourceRow, seen: dict[str, int], here: dict[str, Employee], units: _Units) -> list[str]:
    faults = []
    employee_id = row.values.get("employee_id", "")
    if employee_id and employee_id in seen:
        faults.append(_("รหัสพนักงาน %(id)s ซ้ำกับแถวที่ %(row)d", id=employee_id, row=seen[employee_id]))
    elif employee_id.isdigit() and employee_id not in here and (longer := _with_zeros(employee_id, here)):
        faults.append(
            _(
                "รหัสพนักงาน %(id)s ไม่มีในระบบ แต่มี %(longer)s เลขศูนย์นำหน้าอาจหายไป โปรดจัดคอลัมน์เป็นข้อความ",
                id=employee_id,
                longer=longer,
            )
        )
    if not row.values["gone"]:
        unit = units.find(row.values["unit"])
        if isinstance(unit, str):
            faults.append(unit)
    return faults


def _with_zeros(employee_id: str, here: dict[str, Employee]) -> str:
    """The ID of somebody here that Excel would turn into this one, or ""."""
    longer = (employee_id.zfill(length) for length in range(len(employee_id) + 1, 14))
    return next((candidate for candidate in longer if candidate in here), "")


def _compare(row: SourceRow, here: dict[str, Employee], units: _Units, plan: Plan) -> None:
    employee = here.get(row.values["employee_id"])
    if row.values["gone"]:
        _leave(employee, row, plan)
        return
    unit = units.find(row.values["unit"])
    assert isinstance(unit, OrgUnit)
    after: dict[str, Any] = {field: row.values[field] for field in PERSONAL if field in row.values}
    after |= {"unit": unit.id, "is_active": True, "digits": row.values.get("digits", "")}
    name = f"{after['first_name']} {after['last_name']}".strip()
    if employee is None:
        plan.new.append(Change(row.number, row.values["employee_id"], name, {}))
        plan.values[row.values["employee_id"]] = after
        return
    fields = _differences(employee, after, units)
    if fields:
        plan.changed.append(Change(row.number, employee.employee_id, name, fields))
    elif not (after["digits"] and not employee.is_activated):
        plan.unchanged += 1
        return
    else:
        plan.unchanged += 1  # only the digits are new: nothing to show
    plan.values[employee.employee_id] = after


def _differences(employee: Employee, after: dict[str, Any], units: _Units) -> dict[str, tuple[str, str]]:
    before = {field: getattr(employee, field) for field in (*PERSONAL, "is_active")} | {"unit": employee.unit_id}
    for field in OWN:
        if not after.get(field):
            after.pop(field, None)
    shown = {}
    for field in COMPARED:
        if field in after and before[field] != after[field]:
            pair = (before[field], after[field])
            shown[field] = tuple(units.rows[i].name if field == "unit" else str(i) for i in pair)
    return shown  # type: ignore[return-value]


def _leave(employee: Employee | None, row: SourceRow, plan: Plan) -> None:
    if employee is None or not employee.is_active:
        plan.unchanged += 1
        return
    plan.left.append(Change(row.number, employee.employee_id, employee.name, {}))
    plan.left_ids.append(employee.id)


def _find_missing(seen: dict[str, int], here: dict[str, Employee], plan: Plan) -> None:
    """Whoever is not in a full file has left; administrators stay, or a wrong file could lock everybody out."""
    protected = {employee_id for (employee_id,) in roles.administrators().tuples()}
    kept = [e for e in here.values() if e.is_active and e.employee_id not in seen and e.id in protected]
    for employee in sorted(here.values(), key=lambda e: e.employee_id):
        if employee.is_active and employee.employee_id not in seen and employee.id not in protected:
            plan.left.append(Change(0, employee.employee_id, employee.name, {}))
            plan.left_ids.append(employee.id)
    if kept:
        names = ", ".join(e.name for e in kept[:5])
        plan.notes.append(_("ผู้ดูแลระบบที่ไม่อยู่ในไฟล์ยังเปิดบัญชีไว้: %(names)s", names=names))


def apply_employees(actor: Employee | None, rows: list[SourceRow], options: Options, rules: AccountRules) -> Plan:
    """Write what `plan_employees` says, compared anew; DomainError and nothing written when a row is bad."""
    with db.atomic():
        plan = plan_employees(rows, options)
        plan.check(options)
        _write(plan, rules)
        _deactivate(plan.left_ids)
        if not plan.is_empty:
            facts = {"new": len(plan.new), "changed": len(plan.changed), "left": len(plan.left)}
            audit.record(actor, "employees.imported", None, **facts)
            changed = [(plan.ids[c.key], {"changed": sorted(c.fields)}) for c in plan.changed]
            write_audit(actor, "employee.updated", "employee", changed)
            write_audit(actor, "employee.departed", "employee", [(number, {}) for number in plan.left_ids])
    return plan


def _write(plan: Plan, rules: AccountRules) -> None:
    here = {employee.employee_id: employee for employee in Employee.select()} if plan.values else {}
    plan.ids = {key: here[key].id for key in plan.values if key in here}
    rows = [_row(key, values, here.get(key), rules) for key, values in plan.values.items()]
    # Two statements' worth: the digits of those whose row brought none are left as they are.
    upsert(Employee, [row for row in rows if not row["activation_digits"]], "employee_id", WRITTEN)
    with_digits = [row for row in rows if row["activation_digits"]]
    upsert(Employee, with_digits, "employee_id", (*WRITTEN, "activation_digits"))
    for ids in _batches([here[c.key].id for c in plan.changed if "is_active" in c.fields]):
        # Who comes back activates anew: an old password is no reason to open the account.
        Employee.update(password_hash="").where(Employee.id.in_(ids)).execute()
    for ids in _batches([here[c.key].id for c in plan.changed if {"first_name", "last_name"} & set(c.fields)]):
        findable.people(ids, renamed=True)
    for keys in _batches(list(plan.values)):
        findable.people_numbered(keys)
    digits.forget_expired()
    if not rules.by_digits:
        Employee.update(activation_digits="").where(Employee.activation_digits != "").execute()


def _batches(ids: list[Any]) -> Iterator[list[Any]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _row(employee_id: str, values: dict[str, Any], employee: Employee | None, rules: AccountRules) -> dict[str, Any]:
    """One person's columns as they are to be."""
    before = employee or Employee(first_name="", unit=values["unit"])
    row = {field: values.get(field, getattr(before, field)) for field in PERSONAL}
    name = f"{row['first_name']} {row['last_name']}".strip()
    opens = not before.is_activated or not before.is_active
    kept = digits.replaced(before.activation_digits, values["digits"], rules) if values["digits"] and opens else ""
    return row | {
        "employee_id": employee_id,
        "name": name,
        "sort_key": thai.sort_key(name),
        "unit": values["unit"],
        "is_active": True,
        "departed_on": None,
        "activation_digits": kept,
    }


def _deactivate(left_ids: list[int]) -> None:
    for ids in _batches(left_ids):
        Employee.update(
            is_active=False,
            departed_on=clock.today(),
            activation_digits="",
            sign_in_epoch=Employee.sign_in_epoch + 1,
        ).where(Employee.id.in_(ids)).execute()
        people.end_openings(ids)
        findable.people(ids)
