"""Units from HR's file: a tree in any order, repeatable, all or nothing."""

import pytest

from kc.errors import DomainError
from kc.models import AuditEntry, OrgUnit
from kc.services import imports
from kc.services.imports import Options
from tests.factories import make_employee, make_unit

HEAD = "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,หน่วยงานต้นสังกัด\n"
TREE = HEAD + (
    "1310,สาขาบ้านนา,สาขา,1300\n"
    "1000,สำนักงานใหญ่,,\n"
    "1300,สนจ.ลำน้ำใส,สนจ.,1000\n"
    "1311,งานสินเชื่อ,งาน,1310\n"
)  # fmt: skip


def bring(text: str, **options: bool) -> imports.Plan:
    return imports.apply_units(None, imports.read_units(text.encode(), "units.csv"), Options(**options))


def plan(text: str, **options: bool) -> imports.Plan:
    return imports.plan_units(imports.read_units(text.encode(), "units.csv"), Options(**options))


def unit(code: str) -> OrgUnit:
    return OrgUnit.get(OrgUnit.code == code)


def chain(code: str) -> list[str]:
    return [OrgUnit.get_by_id(number).code for number in unit(code).ancestor_ids()]


def test_children_may_stand_before_their_parents(app):
    report = bring(TREE)
    assert [len(report.new), len(report.changed), len(report.left), len(report.bad)] == [4, 0, 0, 0]
    assert chain("1311") == ["1000", "1300", "1310", "1311"]
    assert unit("1311").parent.code == "1310"
    assert (unit("1000").kind, unit("1300").kind, unit("1310").kind) == ("head_office", "provincial_office", "branch")


def test_importing_again_changes_nothing(app):
    bring(TREE)
    before = AuditEntry.select().count()
    report = bring(TREE)
    assert report.is_empty and report.unchanged == 4
    assert AuditEntry.select().count() == before


def test_renamed_unit_keeps_its_row(app):
    bring(TREE)
    number = unit("1310").id
    report = bring(TREE.replace("สาขาบ้านนา", "สาขาบ้านนาใหม่"))
    assert report.changed[0].fields == {"name": ("สาขาบ้านนา", "สาขาบ้านนาใหม่")}
    assert (unit("1310").id, unit("1310").name) == (number, "สาขาบ้านนาใหม่")


def test_moved_unit_takes_its_subtree_along_even_when_not_in_the_file(app):
    bring(TREE + "1400,สนจ.ปลายน้ำ,สนจ.,1000\n")
    bring(HEAD + "1310,สาขาบ้านนา,สาขา,1400\n", keep_missing=True)
    assert chain("1311") == ["1000", "1400", "1310", "1311"]
    assert chain("1300") == ["1000", "1300"]


def test_parent_and_child_may_change_places(app):
    bring(HEAD + "A,ฝ่ายหนึ่ง,,\nB,ฝ่ายสอง,,A\n")
    bring(HEAD + "A,ฝ่ายหนึ่ง,,B\nB,ฝ่ายสอง,,\n")
    assert chain("A") == ["B", "A"]


@pytest.mark.parametrize(
    ("text", "rows", "why"),
    [
        ("A,ฝ่ายหนึ่ง,,B\nB,ฝ่ายสอง,,C\nC,ฝ่ายสาม,,A\n", [2, 3, 4], "วน"),
        ("A,ฝ่ายหนึ่ง,,A\n", [2], "วน"),
        ("A,ฝ่ายหนึ่ง,,ZZ\n", [2], "ไม่พบหน่วยงานต้นสังกัด"),
        ("A,ฝ่ายหนึ่ง,,\nA,ฝ่ายสอง,,\n", [3], "ซ้ำกับแถวที่ 2"),
        (",ฝ่ายหนึ่ง,,\n", [2], "รหัสหน่วยงาน"),
        ("A,,,\n", [2], "ชื่อหน่วยงาน"),
        ("A,ฝ่ายหนึ่ง,ประหลาด,\n", [2], "ประหลาด"),
    ],
)
def test_bad_rows_are_named_by_number_and_reason_and_nothing_is_written(app, text, rows, why):
    report = plan(HEAD + text)
    assert [bad.number for bad in report.bad] == rows
    assert all(why in bad.reason for bad in report.bad)
    with pytest.raises(DomainError):
        bring(HEAD + text)
    assert OrgUnit.select().count() == 0


def test_circle_with_what_is_here_already_is_seen(app):
    bring(TREE)
    report = plan(HEAD + "1000,สำนักงานใหญ่,,1311\n", keep_missing=True)
    assert "วน" in report.bad[0].reason


def test_missing_units_are_closed_unless_people_work_there_or_below(app):
    bring(TREE)
    make_employee(unit=unit("1310"))
    old = make_unit("ฝ่ายเก่า", code="9999")
    report = bring(HEAD + "1000,สำนักงานใหญ่,,\n", many_may_leave=True)
    closed = {u.code for u in OrgUnit.select().where(~OrgUnit.is_active)}
    assert closed == {"1311", old.code}
    assert "ยังเปิดไว้" in report.notes[0]
    assert bring(TREE).changed[0].fields["is_active"] == ("False", "True")


def test_file_that_closes_much_needs_a_word(app):
    bring(TREE)
    with pytest.raises(DomainError, match="ร้อยละ 20"):
        bring(HEAD + "1000,สำนักงานใหญ่,,\n")
    assert OrgUnit.select().where(~OrgUnit.is_active).count() == 0


def test_kind_is_guessed_from_the_name_for_new_units_only(app):
    bring("code,name\nX,สาขาบ้านนา\nY,ฝ่ายพัสดุ\n")
    assert (unit("X").kind, unit("Y").kind) == ("branch", "division")
    OrgUnit.update(kind="group").where(OrgUnit.code == "X").execute()
    assert bring("code,name\nX,สาขาบ้านนา\nY,ฝ่ายพัสดุ\n").is_empty


def test_every_change_is_audited(app):
    bring(TREE)
    bring(TREE.replace("งานสินเชื่อ,", "งานเงินฝาก,"))
    entry = AuditEntry.get(AuditEntry.action == "unit.updated")
    assert (entry.object_id, entry.facts["name"]) == (unit("1311").id, ["งานสินเชื่อ", "งานเงินฝาก"])
