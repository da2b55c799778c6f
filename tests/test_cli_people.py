"""kc import-units, kc import-employees, kc employee …"""

import re

import pytest

from kc.models import Employee, OrgUnit, RoleAssignment
from tests.conftest import run_command

UNITS = "code,name,kind,parent\n1310,สาขาบ้านนา,สาขา,1000\n1000,สำนักงานใหญ่,,\n"
PEOPLE = "รหัสพนักงาน,ชื่อ-นามสกุล,สังกัด\n0012345,นายกมล ใจดี,1310\n0012346,นางสาวมาลี มานะ,1000\n"


@pytest.fixture
def kc(app, settings, monkeypatch, tmp_path):
    """kc("employee", "show", "1") -> (exit code, output); files are named by their content."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, file: str = "") -> tuple[int, str]:
        if file:
            (tmp_path / "file.csv").write_text(file)
            words = (*words, str(tmp_path / "file.csv"))
        result = run_command(*words)
        return result.exit_code, result.output

    return run


@pytest.fixture
def staffed(kc):
    assert kc("import-units", file=UNITS)[0] == 0
    assert kc("import-employees", file=PEOPLE)[0] == 0
    return kc


def test_dry_run_reports_and_writes_nothing(kc):
    code, said = kc("import-units", "--dry-run", file=UNITS)
    assert code == 0 and "new 2" in said and "nothing was written" in said
    assert OrgUnit.select().count() == 0


def test_imports_write_and_may_be_repeated(staffed):
    assert Employee.get(Employee.employee_id == "0012345").unit.path.count("/") == 3
    code, said = staffed("import-employees", file=PEOPLE)
    assert code == 0 and "unchanged 2" in said


def test_bad_row_ends_with_its_number_and_no_change(staffed):
    code, said = staffed("import-employees", file=PEOPLE + "0099,นายนที ดี,7777\n")
    assert code == 1 and "row 4" in said and "7777" in said
    assert Employee.select().count() == 2


def test_many_leaving_needs_the_option(staffed):
    half = "\n".join(PEOPLE.splitlines()[:2])
    assert staffed("import-employees", file=half)[0] == 1
    assert staffed("import-employees", "--keep-missing", file=half)[0] == 0
    assert Employee.select().where(Employee.is_active).count() == 2
    assert staffed("import-employees", "--many-may-leave", file=half)[0] == 0
    assert Employee.select().where(Employee.is_active).count() == 1


def test_first_administrator_of_a_new_organisation(staffed):
    code, said = staffed(
        "employee", "create", "0000001", "นางสาวงามตา ดูแล", "--unit", "1000", "--role", "administrator"
    )
    assert code == 0 and re.search(r"code [A-Z2-9]{4}-[A-Z2-9]{4}", said)
    assert RoleAssignment.get().role == "administrator"


def test_create_names_what_is_wrong(staffed):
    assert "no unit" in staffed("employee", "create", "0000001", "งามตา ดูแล", "--unit", "9")[1]
    code, said = staffed("employee", "create", "0012345", "งามตา ดูแล", "--unit", "1000")
    assert code == 1 and "อยู่แล้ว" in said


def test_account_is_shown_reset_locked_and_unlocked(staffed):
    code, said = staffed("employee", "show", "๐๐๑๒๓๔๕")
    assert code == 0 and "กมล ใจดี" in said and "not activated" in said
    assert re.search(r"code [A-Z2-9]{4}-[A-Z2-9]{4}", staffed("employee", "reset", "0012345")[1])
    assert staffed("employee", "lock", "0012345", "--reason", "เครื่องหาย")[0] == 0
    assert "locked" in staffed("employee", "show", "0012345")[1]
    assert staffed("employee", "reset", "0012345")[0] == 1
    assert staffed("employee", "unlock", "0012345")[0] == 0
    assert staffed("employee", "deactivate", "0012345")[0] == 0
    assert not Employee.get(Employee.employee_id == "0012345").is_active


def test_roles_are_given_and_taken_back(staffed):
    assert staffed("employee", "role", "0012345", "coordinator")[0] == 1
    assert staffed("employee", "role", "0012345", "coordinator", "--unit", "1310")[0] == 0
    assert "coordinator of 1310" in staffed("employee", "show", "0012345")[1]
    assert staffed("employee", "role", "0012345", "coordinator", "--revoke")[0] == 0
    assert staffed("employee", "role", "0012345", "coordinator", "--revoke")[0] == 1


def test_unknown_employee(staffed):
    code, said = staffed("employee", "show", "9999999")
    assert code == 1 and "9999999" in said
