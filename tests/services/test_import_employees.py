"""Employees from HR's file: 22,000 in seconds, nobody lost by a wrong file, and no national ID kept."""

import time
from datetime import datetime

import pytest

from kc import clock, db
from kc.errors import DomainError
from kc.models import AuditEntry, Employee
from kc.services import codes, digits, imports
from kc.services.account_rules import AccountRules
from kc.services.imports import Options, drafts
from tests.conftest import count_queries
from tests.factories import grant, make_employee, make_unit

RULES = AccountRules(secret="s" * 40)
BY_DIGITS = AccountRules(secret="s" * 40, activation="national_id")
HEAD = "รหัสพนักงาน,คำนำหน้า,ชื่อ,นามสกุล,ตำแหน่ง,สังกัด,อีเมล,เบอร์ภายใน\n"
TWO = HEAD + (
    "0012345,นาย,กมล,ใจดี,พนักงานสินเชื่อ,1310,kamon@example.org,1234\n"
    "0012346,นางสาว,มาลี,มานะ,ผู้จัดการ,สาขาบ้านนา,-,-\n"
)  # fmt: skip


@pytest.fixture
def branch(app):
    return make_unit("สาขาบ้านนา", code="1310")


def read(text: str, rules=RULES):
    return imports.read_employees(text.encode(), "hr.csv", rules)


def bring(text: str, rules=RULES, **options: bool) -> imports.Plan:
    return imports.apply_employees(None, read(text, rules), Options(**options), rules)


def plan(text: str, rules=RULES, **options: bool) -> imports.Plan:
    return imports.plan_employees(read(text, rules), Options(**options))


def person(employee_id: str) -> Employee:
    return Employee.get(Employee.employee_id == employee_id)


def test_new_people_with_leading_zeros_and_units_by_code_or_name(branch):
    report = bring(TWO)
    assert len(report.new) == 2 and not report.bad
    kamon, mali = person("0012345"), person("0012346")
    assert (kamon.full_name, kamon.email, kamon.unit) == ("นายกมล ใจดี", "kamon@example.org", branch)
    assert (mali.unit, mali.email, mali.phone) == (branch, "", "")
    assert not kamon.is_activated
    assert kamon.sort_key < mali.sort_key


def test_importing_again_changes_nothing(branch):
    bring(TWO)
    before = AuditEntry.select().count()
    report = bring(TWO)
    assert report.is_empty and report.unchanged == 2
    assert AuditEntry.select().count() == before


def test_whole_name_in_one_column(branch):
    bring("รหัสพนักงาน,ชื่อ-นามสกุล,สังกัด\n0001,ว่าที่ ร.ต.หญิง กมลา ใจดี ณ บ้านนา,1310\n")
    assert (person("0001").first_name, person("0001").last_name) == ("กมลา", "ใจดี ณ บ้านนา")


def test_changed_people_keep_password_and_what_they_wrote_themselves(branch):
    bring(TWO)
    Employee.update(password_hash="kept", phone="9999", expertise="สวนผลไม้").where(
        Employee.employee_id == "0012346"
    ).execute()
    report = bring(TWO.replace("ผู้จัดการ", "ผู้จัดการสาขา"))
    assert [(c.key, c.fields) for c in report.changed] == [("0012346", {"position": ("ผู้จัดการ", "ผู้จัดการสาขา")})]
    mali = person("0012346")
    assert (mali.password_hash, mali.phone, mali.expertise) == ("kept", "9999", "สวนผลไม้")
    assert mali.position == "ผู้จัดการสาขา"


def test_column_that_is_not_in_the_file_is_left_alone(branch):
    bring(TWO)
    bring("รหัสพนักงาน,ชื่อ,นามสกุล,สังกัด\n0012345,กมล,ใจดี,1310\n0012346,มาลี,มานะ,1310\n")
    assert person("0012345").position == "พนักงานสินเชื่อ"
    assert person("0012345").title == "นาย"


def test_moved_person_is_shown_by_names_of_units(branch):
    make_unit("สาขาปลายน้ำ", code="1320")
    bring(TWO)
    report = bring(TWO.replace(",1310,", ",1320,"))
    assert report.changed[0].fields == {"unit": ("สาขาบ้านนา", "สาขาปลายน้ำ")}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",นาย,กมล,ใจดี,,1310,,", "โปรดระบุรหัสพนักงาน"),
        ("1.23E+06,นาย,กมล,ใจดี,,1310,,", "ยกกำลัง"),
        ("0099,นาย,,,,1310,,", "โปรดระบุชื่อ"),
        ("0099,นาย,กมล,ใจดี,,9999,,", "ไม่พบหน่วยงาน “9999”"),
        ("0099,นาย,กมล,ใจดี,,,,", "ไม่ได้ระบุหน่วยงาน"),
        ("0099,นาย,กมล,ใจดี,,1310,not-an-address,", "not-an-address"),
        ("0012345,นาย,กมล,ใจดี,,1310,,", "ซ้ำกับแถวที่ 2"),
    ],
)
def test_bad_row_is_named_by_number_and_reason_and_nothing_is_written(branch, row, why):
    text = TWO + row + "\n"
    report = plan(text)
    assert [bad.number for bad in report.bad] == [4]
    assert why in report.bad[0].reason
    with pytest.raises(DomainError, match="1 แถว"):
        bring(text)
    assert Employee.select().count() == 0


def test_zeros_that_excel_took_away_are_noticed(branch):
    bring(TWO)
    report = plan(TWO.replace("0012345", "12345"), keep_missing=True)
    assert "0012345" in report.bad[0].reason and "ศูนย์นำหน้า" in report.bad[0].reason


def test_closed_and_ambiguous_units_are_faults(branch):
    make_unit("สาขาบ้านนา", code="1399")
    make_unit("สาขาเก่า", code="1398", is_active=False)
    report = plan(TWO + "0099,นาย,กมล,ใจดี,,1398,,\n")
    reasons = [bad.reason for bad in report.bad]
    assert "มากกว่าหนึ่งแห่ง" in reasons[0] and "ปิดแล้ว" in reasons[1]


# ---- leaving -------------------------------------------------------------------------------------------------------


def _ten(*missing: int) -> str:
    rows = (f"00{n:03d},นาย,กมล{n},ใจดี,,1310,,\n" for n in range(10) if n not in missing)
    return HEAD + "".join(rows)


def test_who_is_missing_has_left_and_their_codes_end(branch):
    bring(_ten())
    slip = codes.issue(None, person("00003"), RULES)
    report = bring(_ten(3))
    assert [c.key for c in report.left] == ["00003"]
    gone = person("00003")
    assert not gone.is_active and gone.departed_on and gone.sign_in_epoch == 2
    with pytest.raises(DomainError):
        codes.check("00003", slip.code, "10.0.0.1", RULES)
    assert AuditEntry.get(AuditEntry.action == "employee.departed").object_id == gone.id


def test_part_of_the_organisation_lets_nobody_leave_when_told(branch):
    bring(_ten())
    assert not bring(_ten(1, 2, 3, 4, 5), keep_missing=True).left
    assert Employee.select().where(Employee.is_active).count() == 10


def test_more_than_a_fifth_leave_only_when_confirmed(branch):
    bring(_ten())
    assert not plan(_ten(1, 2)).many_leave
    assert plan(_ten(1, 2, 3)).many_leave
    with pytest.raises(DomainError, match="ร้อยละ 20"):
        bring(_ten(1, 2, 3))
    assert Employee.select().where(Employee.is_active).count() == 10
    bring(_ten(1, 2, 3), many_may_leave=True)
    assert Employee.select().where(Employee.is_active).count() == 7


def test_administrators_are_not_let_go_by_a_file(branch):
    boss = make_employee("งามตา ดูแล", branch, employee_id="ADMIN")
    grant(boss, "administrator")
    report = bring(_ten(), many_may_leave=True)
    assert not report.left and "งามตา" in report.notes[0]
    assert person("ADMIN").is_active


@pytest.mark.parametrize("word", ["ลาออก", "เกษียณอายุ", "0", "Inactive"])
def test_column_of_states_says_who_left(branch, word):
    bring(_ten())
    text = (
        _ten().replace("เบอร์ภายใน", "สถานะ").replace("00003,นาย,กมล3,ใจดี,,1310,,", f"00003,นาย,กมล3,ใจดี,,1310,,{word}")
    )
    assert [c.key for c in bring(text).left] == ["00003"]


def test_who_comes_back_activates_anew(branch):
    bring(_ten())
    Employee.update(password_hash="old").execute()
    bring(_ten(3))
    report = bring(_ten())
    assert report.changed[0].fields == {"is_active": ("False", "True")}
    back = person("00003")
    assert back.is_active and back.departed_on is None and back.password_hash == ""
    assert person("00004").password_hash == "old"


# ---- the national ID -----------------------------------------------------------------------------------------------

WITH_ID = "รหัสพนักงาน,ชื่อ,นามสกุล,สังกัด,เลขบัตรประชาชน\n"


def _everything_kept(app) -> str:
    """Every text in every table of the database."""
    texts = []
    for table in db.db.get_tables():
        texts.extend(str(row) for row in db.db.execute_sql(f'SELECT * FROM "{table}"').fetchall())
    return "\n".join(texts)


@pytest.mark.parametrize("cell", ["4321", "1-1017-00234-32-1", "1101700234321", "๔๓๒๑"])
def test_last_four_digits_open_the_account_and_no_digit_is_kept(app, branch, cell):
    bring(WITH_ID + f"0055555,กมล,ใจดี,1310,{cell}\n", BY_DIGITS)
    assert codes.check("0055555", "4321", "10.0.0.1", BY_DIGITS)
    kept = _everything_kept(app)
    assert "1101700234321" not in kept and "'4321'" not in kept
    assert digits.read(person("0055555").activation_digits).tries_left == 4


def test_column_is_not_even_read_without_the_setting(branch):
    rows = read(WITH_ID + "0055555,กมล,ใจดี,1310,1101700234321\n")
    assert "digits" not in rows[0].values
    bring(WITH_ID + "0055555,กมล,ใจดี,1310,1101700234321\n")
    assert person("0055555").activation_digits == ""


def test_turning_the_habit_off_erases_what_was_kept(branch):
    text = WITH_ID + "0055555,กมล,ใจดี,1310,4321\n"
    bring(text, BY_DIGITS)
    assert person("0055555").activation_digits
    bring(text + "0055556,มาลี,มานะ,1310,\n")
    assert person("0055555").activation_digits == ""


@pytest.mark.parametrize("cell", ["321", "12345", "110170023432", "abcd"])
def test_other_lengths_are_bad_rows_that_do_not_repeat_the_number(branch, cell):
    report = plan(WITH_ID + f"0055555,กมล,ใจดี,1310,{cell}\n", BY_DIGITS)
    assert "13 หลัก" in report.bad[0].reason and cell not in report.bad[0].reason.replace("13 หลัก", "")


def test_importing_again_gives_no_new_tries_and_a_correction_keeps_the_count(branch):
    text = WITH_ID + "0055555,กมล,ใจดี,1310,4321\n"
    bring(text, BY_DIGITS)
    for _try in range(2):
        with pytest.raises(DomainError):
            codes.check("0055555", "9999", "10.0.0.1", BY_DIGITS)
    bring(text, BY_DIGITS)
    assert digits.read(person("0055555").activation_digits).tries_left == 3
    bring(text.replace("4321", "8765"), BY_DIGITS)
    assert digits.read(person("0055555").activation_digits).tries_left == 3
    assert codes.check("0055555", "8765", "10.0.0.1", BY_DIGITS)


def test_import_sweeps_digits_whose_time_is_over(branch):
    text = WITH_ID + "0055555,กมล,ใจดี,1310,4321\n"
    with clock.freeze(datetime(2026, 11, 21, 5, 0)) as now:
        bring(text, BY_DIGITS)
        now.advance(days=31)
        bring(text + "0055556,มาลี,มานะ,1310,\n", BY_DIGITS)
        assert person("0055555").activation_digits == digits.SPENT


def test_activated_people_get_no_digits_again(branch):
    text = WITH_ID + "0055555,กมล,ใจดี,1310,4321\n"
    bring(text, BY_DIGITS)
    Employee.update(password_hash="set", activation_digits="").execute()
    bring(text, BY_DIGITS)
    assert person("0055555").activation_digits == ""


def test_upload_kept_until_confirmed_holds_no_digits(branch, tmp_path):
    rows = read(WITH_ID + "0055555,กมล,ใจดี,1310,1101700234321\n", BY_DIGITS)
    boss = make_employee(unit=branch)
    key = drafts.save(tmp_path, boss, "employees", "hr.csv", rows)
    file = tmp_path / f"{key}.json"
    assert "4321" not in file.read_text().replace(rows[0].values["digits"], "")
    assert file.stat().st_mode & 0o077 == 0
    assert drafts.load(tmp_path, boss, "employees", key) == ("hr.csv", rows)
    for owner, kind, wrong in (
        (make_employee(unit=branch), "employees", key),
        (boss, "units", key),
        (boss, "employees", "../x"),
    ):
        with pytest.raises(DomainError):
            drafts.load(tmp_path, owner, kind, wrong)


# ---- size ----------------------------------------------------------------------------------------------------------


def test_a_whole_bank_in_a_handful_of_statements(branch, monkeypatch):
    """5,000 people here; 22,000 take a few seconds. The number of statements follows the batches, not the rows."""
    monkeypatch.setattr("kc.search.changed", lambda: None)  # the server indexes afterwards, in a thread of its own
    rows = "".join(f"{n:07d},นาย,กมล{n},ใจดี,พนักงานสินเชื่อ,1310,,\n" for n in range(5000))
    began = time.perf_counter()
    with count_queries() as sent:
        report = bring(HEAD + rows)
    assert len(report.new) == 5000
    assert len(sent) < 40
    assert time.perf_counter() - began < 30
    with count_queries() as sent:
        assert bring(HEAD + rows).unchanged == 5000
    assert len(sent) < 12
