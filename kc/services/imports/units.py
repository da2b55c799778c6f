"""Units from HR's file: a tree given by the parents' codes, in any order."""

from typing import Any

from kc import labels, tabular, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit
from kc.services import audit, findable, units
from kc.services.imports.report import BadRow, Change, Options, Plan, SourceRow
from kc.services.imports.writing import upsert, write_audit

FIELDS = ("name", "kind", "parent", "is_active")
# What HR writes in the column of kinds, beside our own words and their Thai names.
KINDS = {  # thai-data
    "สำนักงานใหญ่": "head_office",
    "สนญ": "head_office",
    "ฝ่าย": "division",
    "สำนัก": "bureau",
    "สถาบัน": "bureau",
    "สำนักงานจังหวัด": "provincial_office",
    "สนจ": "provincial_office",
    "สาขา": "branch",
    "สาขาย่อย": "branch",
    "กอง": "department",
    "ส่วน": "department",
    "งาน": "section",
    "ส่วนงาน": "section",
    "กลุ่ม": "group",
    "กลุ่มงาน": "group",
}


def read_units(data: bytes, filename: str) -> list[SourceRow]:
    """The rows of a file of units; DomainError when it is no such file at all."""
    records = tabular.read_table(data, filename).records(tabular.UNIT_COLUMNS, required=("code", "name"))
    return [_read_row(record) for record in records]


def _read_row(record: tabular.Record) -> SourceRow:
    row = SourceRow(record.number, {})
    for field, clean in (("code", units.clean_code), ("name", units.clean_name), ("kind", _kind)):
        try:
            row.values[field] = clean(record[field])
        except DomainError as why:
            row.faults.append(why.message)
    parent = "".join(thai.to_arabic_digits(record["parent"]).split())
    row.values["parent"] = "" if parent in ("-", "–") else parent
    return row


def _kind(text: str) -> str:
    """A kind by its English word, its Thai name, or as people abbreviate it; "" when the file does not say."""
    key = thai.same_name_key(text)
    if not key or key == "-":
        return ""
    names = {thai.same_name_key(str(label)): kind for kind, label in labels.UNIT_KINDS.items()}
    names |= {thai.same_name_key(kind): kind for kind in labels.UNIT_KINDS}
    names |= {thai.same_name_key(name): kind for name, kind in KINDS.items()}
    if key not in names:
        raise DomainError(_("ไม่รู้จักประเภทหน่วยงาน “%(kind)s”", kind=text))
    return names[key]


def _kind_from_name(name: str) -> str:
    """The kind that a unit's name begins with: สาขาบ้านนา, ฝ่ายพัสดุ."""
    begins = [kind for word, kind in sorted(KINDS.items(), key=lambda item: -len(item[0])) if name.startswith(word)]
    return begins[0] if begins else "division"


def plan_units(rows: list[SourceRow], options: Options) -> Plan:
    """Compare the rows with the units here; writes nothing."""
    here = {unit.code: unit for unit in OrgUnit.select()}
    codes = {unit.id: code for code, unit in here.items()}
    plan = Plan(total=len(rows), active_before=sum(unit.is_active for unit in here.values()))
    wanted = _wanted(rows, here, codes, plan)
    _check_tree(rows, wanted, here, codes, plan)
    for code, (number, after) in wanted.items():
        _compare(number, code, after, here, codes, plan)
    if not options.keep_missing:
        _find_missing(wanted, here, plan)
    plan.note_share()
    return plan


def _wanted(
    rows: list[SourceRow], here: dict[str, OrgUnit], codes: dict[int, str], plan: Plan
) -> dict[str, tuple[int, dict[str, Any]]]:
    """What the file says of each code; bad rows go into the plan."""
    wanted: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in rows:
        code = row.values.get("code", "")
        faults = list(row.faults)
        if code in wanted:
            faults.append(_("รหัสหน่วยงาน %(code)s ซ้ำกับแถวที่ %(row)d", code=code, row=wanted[code][0]))
        if faults:
            plan.bad.append(BadRow(row.number, " · ".join(faults)))
            continue
        known = here.get(code)
        kind = row.values["kind"] or (known.kind if known else _kind_from_name(row.values["name"]))
        values = {"name": row.values["name"], "kind": kind, "parent": row.values["parent"], "is_active": True}
        wanted[code] = (row.number, values)
    return wanted


def _check_tree(
    rows: list[SourceRow],
    wanted: dict[str, tuple[int, dict[str, Any]]],
    here: dict[str, OrgUnit],
    codes: dict[int, str],
    plan: Plan,
) -> None:
    """Unknown parents and circles are faults of their rows."""
    in_file = {row.values.get("code") for row in rows}  # a parent on a bad row is known, its own row is named
    parents = {code: codes.get(unit.parent_id, "") for code, unit in here.items()}
    parents |= {code: values["parent"] for code, (_number, values) in wanted.items()}
    for code, (number, values) in wanted.items():
        if values["parent"] and values["parent"] not in here and values["parent"] not in in_file:
            reason = _("ไม่พบหน่วยงานต้นสังกัดรหัส %(code)s ทั้งในไฟล์และในระบบ", code=values["parent"])
            plan.bad.append(BadRow(number, reason))
        elif circle := _circle(code, parents):
            plan.bad.append(BadRow(number, _("สังกัดวนเป็นวง: %(circle)s", circle=" → ".join(circle))))
    plan.bad.sort(key=lambda bad: bad.number)


def _circle(code: str, parents: dict[str, str]) -> list[str]:
    """The way from `code` up and back to itself, or []."""
    way, seen = [code], {code}
    while above := parents.get(way[-1], ""):
        way.append(above)
        if above == code:
            return way
        if above in seen:
            return []  # a circle above: its own rows are named
        seen.add(above)
    return []


def _compare(
    number: int, code: str, after: dict[str, Any], here: dict[str, OrgUnit], codes: dict[int, str], plan: Plan
) -> None:
    unit = here.get(code)
    if unit is None:
        plan.new.append(Change(number, code, after["name"], {}))
        plan.values[code] = after
        return
    before = {
        "name": unit.name,
        "kind": unit.kind,
        "parent": codes.get(unit.parent_id, ""),
        "is_active": unit.is_active,
    }
    fields = {field: (str(before[field]), str(after[field])) for field in FIELDS if before[field] != after[field]}
    if fields:
        plan.changed.append(Change(number, code, after["name"], fields))
        plan.values[code] = after
    else:
        plan.unchanged += 1


def _find_missing(wanted: dict[str, Any], here: dict[str, OrgUnit], plan: Plan) -> None:
    """Units missing from the file are closed, unless people still work there or below."""
    used = {
        number
        for (path,) in OrgUnit.select(OrgUnit.path).join(Employee).where(Employee.is_active).distinct().tuples()
        for number in map(int, path.strip("/").split("/"))
    }
    parents = {values["parent"] for _number, values in wanted.values()}
    kept = 0
    for code, unit in sorted(here.items()):
        if code in wanted or not unit.is_active:
            continue
        if unit.id in used or code in parents:
            kept += 1
            continue
        plan.left.append(Change(0, code, unit.name, {}))
        plan.left_ids.append(unit.id)
    if kept:
        plan.notes.append(_("มี %(n)d หน่วยงานที่ไม่อยู่ในไฟล์แต่ยังมีบุคลากรหรือหน่วยงานย่อย จึงยังเปิดไว้", n=kept))


def apply_units(actor: Employee | None, rows: list[SourceRow], options: Options) -> Plan:
    """Write what `plan_units` says, compared anew; DomainError and nothing written when a row is bad."""
    with db.atomic():
        plan = plan_units(rows, options)
        plan.check(options)
        if not plan.is_empty:
            _write(plan)
            facts = {"new": len(plan.new), "changed": len(plan.changed), "closed": len(plan.left)}
            audit.record(actor, "units.imported", None, **facts)
            ids = {unit.code: unit.id for unit in OrgUnit.select(OrgUnit.id, OrgUnit.code)}
            write_audit(actor, "unit.updated", "org_unit", [(ids[c.key], dict(c.fields)) for c in plan.changed])
            write_audit(actor, "unit.closed", "org_unit", [(number, {}) for number in plan.left_ids])
    return plan


def _write(plan: Plan) -> None:
    """First the units, so that all have ids; then who belongs to whom, and the paths that follow from it."""
    rows = [
        {"code": code, "name": v["name"], "kind": v["kind"], "sort_key": thai.sort_key(v["name"]), "is_active": True}
        for code, v in plan.values.items()
    ]
    upsert(OrgUnit, rows, "code", ("name", "kind", "sort_key", "is_active"))
    if plan.left_ids:
        OrgUnit.update(is_active=False).where(OrgUnit.id.in_(plan.left_ids)).execute()
    moved = _place({code: values["parent"] for code, values in plan.values.items()})
    for change in plan.changed:
        if "name" in change.fields and change.key not in moved:
            findable.units_below(OrgUnit.get(OrgUnit.code == change.key).path)


def _place(parents: dict[str, str]) -> set[str]:
    """Write parent and path wherever they differ now; returns the codes of units that were here and moved."""
    here = {unit.code: unit for unit in OrgUnit.select()}
    by_id = {unit.id: unit for unit in here.values()}
    for code, parent in parents.items():
        here[code].parent_id = here[parent].id if parent else None
    rows, moved = [], set()
    for unit in here.values():
        path = _path(unit, by_id)
        if path != unit.path:
            rows.append({name: getattr(unit, name) for name in ("code", "name", "kind", "sort_key", "is_active")})
            rows[-1] |= {"parent": unit.parent_id, "path": path}
            moved |= {unit.code} if unit.path else set()
    upsert(OrgUnit, rows, "code", ("parent", "path"))
    for code in moved:
        if here[code].parent is None or here[code].parent.code not in moved:  # the top of each moved subtree
            findable.units_below(_path(here[code], by_id))
    return moved


def _path(unit: OrgUnit, by_id: dict[int, OrgUnit]) -> str:
    ids = [unit.id]
    while unit.parent_id is not None:
        unit = by_id[unit.parent_id]
        ids.append(unit.id)
    return "/" + "/".join(map(str, reversed(ids))) + "/"
