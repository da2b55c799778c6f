"""/admin/imports/…: upload, look, confirm; nothing is written before that."""

import io

import pytest

from kc.models import AuditEntry, Employee, OrgUnit

HEAD = "รหัสพนักงาน,ชื่อ,นามสกุล,สังกัด\n"


@pytest.fixture
def boss(login_as, cast):
    return login_as(cast.administrator)


def upload(client, text: str, kind="employees", name="hr.csv", **fields):
    file = (io.BytesIO(text.encode("tis-620")), name)
    return client.post(f"/admin/imports/{kind}", data={"file": file, **fields}, content_type="multipart/form-data")


def everybody() -> str:
    """The people of the cast as HR would send them, and one more."""
    rows = (f"{e.employee_id},{e.first_name},{e.last_name},{e.unit.code}\n" for e in Employee.select())
    return HEAD + "".join(rows) + f"0055555,นที,ดี,{OrgUnit.get(OrgUnit.name == 'สาขาบ้านนา').code}\n"


def test_preview_shows_what_would_change_and_writes_nothing(boss):
    response = upload(boss, everybody())
    assert response.status_code == 303
    page = boss.get(response.headers["Location"]).text
    assert "นที ดี" in page and "ยืนยันนำเข้า" in page
    assert not Employee.select().where(Employee.employee_id == "0055555").exists()


def test_confirming_writes_and_is_audited(boss, cast):
    address = upload(boss, everybody()).headers["Location"]
    response = boss.post(address)
    assert response.headers["Location"] == "/admin/employees/"
    assert Employee.get(Employee.employee_id == "0055555").name == "นที ดี"
    entry = AuditEntry.get(AuditEntry.action == "employees.imported")
    assert (entry.actor, entry.facts["new"]) == (cast.administrator, 1)
    assert boss.post(address).headers["Location"] == "/admin/imports/employees"  # once


def test_discarding_changes_nothing(boss):
    address = upload(boss, everybody()).headers["Location"]
    boss.post(f"{address}/discard")
    assert boss.get(address).headers["Location"] == "/admin/imports/employees"
    assert not Employee.select().where(Employee.employee_id == "0055555").exists()


def test_bad_rows_are_shown_by_number_and_cannot_be_confirmed(boss):
    address = upload(boss, everybody() + "0066666,,,9999\n").headers["Location"]
    page = boss.get(address).text
    assert "แถวที่ 10" in page and "ยืนยันนำเข้า" not in page
    assert boss.post(address).status_code == 422
    assert not Employee.select().where(Employee.employee_id == "0055555").exists()


def test_many_leaving_must_be_confirmed_by_hand(boss):
    code = OrgUnit.get(OrgUnit.name == "สาขาบ้านนา").code
    address = upload(boss, HEAD + f"0000001,กมล,ใจดี,{code}\n").headers["Location"]
    assert 'name="many"' in boss.get(address).text
    refused = boss.post(address)
    assert refused.status_code == 422 and "ร้อยละ 20" in refused.text
    assert boss.post(address, data={"many": "1"}).status_code == 303
    assert not Employee.get(Employee.employee_id == "0000003").is_active
    assert Employee.get(Employee.employee_id == "0000006").is_active  # the administrator


def test_part_of_the_organisation_lets_nobody_leave(boss):
    code = OrgUnit.get(OrgUnit.name == "สาขาบ้านนา").code
    address = upload(boss, HEAD + f"0055555,นที,ดี,{code}\n", keep_missing="y").headers["Location"]
    assert "keep=1" in address
    assert boss.post(address, data={"keep": "1"}).status_code == 303
    assert Employee.select().where(~Employee.is_active).count() == 0


def test_units_are_imported_the_same_way(boss):
    text = "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,หน่วยงานต้นสังกัด\n9100,งานใหม่,งาน,9000\n9000,ฝ่ายใหม่,ฝ่าย,\n"
    address = upload(boss, text, "units", keep_missing="y").headers["Location"]
    assert "ฝ่ายใหม่" in boss.get(address).text
    assert boss.post(address, data={"keep": "1"}).headers["Location"] == "/admin/units/"
    assert OrgUnit.get(OrgUnit.code == "9100").parent.code == "9000"


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("", "hr.csv", "ว่างเปล่า"),
        ("a,b\n1,2\n", "hr.csv", "ไม่พบคอลัมน์"),
        ("%PDF-1.7", "hr.pdf", ""),
    ],
)
def test_file_that_is_no_such_list_is_refused_in_words(boss, text, name, why):
    response = upload(boss, text, name=name)
    assert response.status_code == 422 and why in response.text


def test_no_file_at_all(boss):
    response = boss.post("/admin/imports/employees", data={})
    assert response.status_code == 422 and "โปรดเลือกไฟล์" in response.text


def test_uploads_of_others_and_other_kinds_are_not_found(app, boss, login_as, cast):
    from tests.factories import grant

    address = upload(boss, everybody()).headers["Location"]
    grant(cast.officer, "administrator")
    assert login_as(cast.officer).get(address).headers["Location"] == "/admin/imports/employees"
    assert boss.get(address.replace("employees", "units")).headers["Location"] == "/admin/imports/units"
    assert boss.get("/admin/imports/castles").status_code == 404


def test_imports_are_for_administrators(login_as, cast):
    for person in (cast.author, cast.coordinator, cast.officer):
        assert upload(login_as(person), everybody()).status_code == 403
    assert upload(login_as(cast.author), everybody()).status_code == 403


def test_imports_need_a_sign_in(client, cast):
    assert upload(client, everybody()).status_code == 401
