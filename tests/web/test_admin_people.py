"""/admin/: who may open which door, and what the rooms behind them do."""

import re

import pytest

from kc.models import AuditEntry, Employee, OneTimeCode, OrgUnit, RoleAssignment
from kc.services import codes, passwords
from kc.services.account_rules import AccountRules
from tests.conftest import count_queries
from tests.factories import grant, make_employee, make_unit

PAGES = (
    "/admin/units/",
    "/admin/units/new",
    "/admin/employees/new",
    "/admin/imports/units",
    "/admin/imports/employees",
    "/admin/audit",
)
SHARED = ("/admin/", "/admin/employees/", "/admin/slips")
UNIT = {"code": "9000", "name": "ฝ่ายใหม่", "kind": "division", "parent": ""}
PERSON = {"employee_id": "0055555", "title": "นาย", "first_name": "นที", "last_name": "ดี"}


@pytest.fixture
def boss(login_as, cast):
    return login_as(cast.administrator)


@pytest.fixture
def helper(login_as, cast):
    return login_as(cast.coordinator)


# ---- doors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES + SHARED)
def test_administrator_opens_every_door(boss, path):
    assert boss.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_others_open_none_of_the_administrators_doors(login_as, cast, path):
    for person in (cast.author, cast.coordinator, cast.officer, cast.executive):
        assert login_as(person).get(path).status_code == 403


@pytest.mark.parametrize("path", SHARED)
def test_coordinators_share_some_doors_staff_none(login_as, cast, path):
    assert login_as(cast.coordinator).get(path).status_code == 200
    # The hub has doors for the knowledge officer too: the organisation's words.
    assert login_as(cast.officer).get(path).status_code == (200 if path == "/admin/" else 403)
    for person in (cast.author, cast.executive):
        assert login_as(person).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES + SHARED)
def test_doors_need_a_sign_in(client, path):
    assert client.get(path).headers["Location"].startswith("/login?next=/admin")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/lock",
        "/unlock",
        "/sign-out",
        "/deactivate",
        "/reactivate",
        "/roles",
        "/roles/1/revoke",
    ],
)
def test_changing_an_account_is_for_administrators(login_as, cast, path):
    address = f"/admin/employees/{cast.author.id}{path}"
    for person in (cast.author, cast.coordinator, cast.officer):
        assert login_as(person).post(address, data=PERSON).status_code == 403
    assert Employee.get_by_id(cast.author.id).is_active
    assert login_as(cast.administrator).post("/admin/employees/9999" + path, data=PERSON).status_code == 404


@pytest.mark.parametrize("path", ["new", "1", "1/close", "1/reopen"])
def test_changing_units_is_for_administrators(login_as, cast, path):
    assert login_as(cast.coordinator).post(f"/admin/units/{path}", data=UNIT).status_code == 403


# ---- units ---------------------------------------------------------------------------------------------------------


def test_unit_is_added_below_another(boss, cast):
    response = boss.post("/admin/units/new", data=UNIT | {"parent": str(cast.office.id)})
    assert response.headers["Location"] == "/admin/units/"
    made = OrgUnit.get(OrgUnit.code == "9000")
    assert made.path == f"{cast.office.path}{made.id}/"
    assert "ฝ่ายใหม่" in boss.get("/admin/units/").text


@pytest.mark.parametrize(("field", "value"), [("code", ""), ("name", " "), ("kind", "castle")])
def test_bad_unit_keeps_the_typing(boss, field, value):
    response = boss.post("/admin/units/new", data=UNIT | {field: value})
    assert response.status_code == 422
    assert OrgUnit.get_or_none(OrgUnit.code == "9000") is None


def test_same_code_twice_is_told_beside_the_field(boss, cast):
    response = boss.post("/admin/units/new", data=UNIT | {"code": cast.branch.code})
    assert response.status_code == 422 and "อยู่แล้ว" in response.text and "ฝ่ายใหม่" in response.text


def test_unit_is_renamed_and_moved(boss, cast):
    form = {"name": "สาขาบ้านนาใหม่", "kind": "branch", "parent": str(cast.other_branch.id)}
    assert boss.get(f"/admin/units/{cast.branch.id}").status_code == 200
    assert boss.post(f"/admin/units/{cast.branch.id}", data=form).status_code == 303
    after = OrgUnit.get_by_id(cast.branch.id)
    assert (after.name, after.parent_id, after.code) == ("สาขาบ้านนาใหม่", cast.other_branch.id, cast.branch.code)


def test_closing_a_unit_with_people_is_refused_kindly(boss, cast):
    response = boss.post(f"/admin/units/{cast.branch.id}/close")
    assert response.status_code == 422 and "ยังมีบุคลากร" in response.text


def test_closed_unit_is_listed_on_request_and_opened_again(boss, cast):
    empty = make_unit("ฝ่ายเก่าแก่")
    boss.post(f"/admin/units/{empty.id}/close")
    boss.get("/admin/units/")  # takes the message along
    assert "ฝ่ายเก่าแก่" not in boss.get("/admin/units/").text
    assert "ฝ่ายเก่าแก่" in boss.get("/admin/units/?closed=1").text
    boss.post(f"/admin/units/{empty.id}/reopen")
    assert OrgUnit.get_by_id(empty.id).is_active


# ---- employees -----------------------------------------------------------------------------------------------------


def test_list_filters_by_words_unit_and_state(boss, cast):
    waiting = make_employee("นภา ใหม่", cast.other_branch, password_hash="")
    rows = lambda query: re.findall(r'<th scope="row"><a href="/admin/employees/(\d+)"', boss.get(query).text)  # noqa: E731
    assert str(cast.author.id) in rows("/admin/employees/?q=กมล") and len(rows("/admin/employees/?q=กมล")) == 1
    assert rows("/admin/employees/?state=waiting") == [str(waiting.id)]
    assert set(rows(f"/admin/employees/?unit={cast.other_branch.id}")) == {str(cast.outsider.id), str(waiting.id)}
    assert rows("/admin/employees/?q=๐๐๐๐๐๐๑") == [str(cast.author.id)]
    assert rows("/admin/employees/?q=ไม่มีคนนี้") == []


def test_list_answers_htmx_with_the_results_alone(boss, htmx):
    page, part = boss.get("/admin/employees/").text, boss.get("/admin/employees/", headers=htmx).text
    assert part.strip().startswith('<section id="results"') and part.strip() in page


def test_list_does_not_grow_in_statements(boss, cast):
    boss.get("/admin/employees/")
    with count_queries() as few:
        boss.get("/admin/employees/")
    for _n in range(10):
        make_employee(unit=make_unit(parent=cast.office))
    with count_queries() as many:
        boss.get("/admin/employees/")
    assert len(many) == len(few) <= 12, many


def test_coordinator_lists_their_own_people_only(helper, cast):
    page = helper.get("/admin/employees/").text
    assert "กมล ใจดี" in page and "ไกรสร" not in page
    assert helper.get(f"/admin/employees/{cast.author.id}").status_code == 200
    assert helper.get(f"/admin/employees/{cast.outsider.id}").status_code == 403


def test_coordinator_sees_neither_tries_nor_forms(helper, cast):
    page = helper.get(f"/admin/employees/{cast.author.id}").text
    assert "ออกรหัส" in page
    assert "การเข้าใช้ล่าสุด" not in page and 'name="first_name"' not in page and "พ้นจากงาน ปิดบัญชี" not in page


def test_person_page_stays_within_twelve_statements(boss, cast):
    with count_queries() as sent:
        boss.get(f"/admin/employees/{cast.author.id}")
    assert len(sent) <= 12, sent


def test_person_is_added(boss, cast):
    response = boss.post("/admin/employees/new", data=PERSON | {"unit": str(cast.branch.id)})
    made = Employee.get(Employee.employee_id == "0055555")
    assert response.headers["Location"] == f"/admin/employees/{made.id}"
    assert (made.full_name, made.unit, made.is_activated) == ("นายนที ดี", cast.branch, False)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"employee_id": "0000001"}, "อยู่แล้ว"),
        ({"employee_id": ""}, "โปรดระบุรหัสพนักงาน"),
        ({"first_name": ""}, "โปรดระบุชื่อ"),
        ({"unit": ""}, "โปรดเลือกสังกัด"),
        ({"unit": "99999"}, "โปรดเลือกสังกัด"),
        ({"email": "not-an-address"}, "not-an-address"),
    ],
)
def test_bad_person_keeps_the_typing(boss, cast, change, why):
    response = boss.post("/admin/employees/new", data=PERSON | {"unit": str(cast.branch.id)} | change)
    assert response.status_code == 422
    assert why in response.text and 'value="ดี"' in response.text
    assert Employee.get_or_none(Employee.employee_id == "0055555") is None


def test_person_is_corrected(boss, cast):
    form = PERSON | {"first_name": "กมลา", "unit": str(cast.other_branch.id)}
    assert boss.post(f"/admin/employees/{cast.author.id}", data=form).status_code == 303
    after = Employee.get_by_id(cast.author.id)
    assert (after.name, after.unit, after.employee_id) == ("กมลา ดี", cast.other_branch, "0000001")


# ---- account -------------------------------------------------------------------------------------------------------


def test_lock_ends_the_sign_in_at_once_and_unlock_opens_again(boss, login_as, cast):
    theirs = login_as(cast.author)
    assert theirs.get("/account/").status_code == 200
    assert boss.post(f"/admin/employees/{cast.author.id}/lock", data={"reason": ""}).status_code == 422
    assert boss.post(f"/admin/employees/{cast.author.id}/lock", data={"reason": "เครื่องหาย"}).status_code == 303
    assert theirs.get("/account/").status_code == 303
    assert "เครื่องหาย" in boss.get(f"/admin/employees/{cast.author.id}").text
    boss.post(f"/admin/employees/{cast.author.id}/unlock")
    assert login_as(Employee.get_by_id(cast.author.id)).get("/account/").status_code == 200


def test_administrator_cannot_lock_themselves_out(boss, cast):
    assert boss.post(f"/admin/employees/{cast.administrator.id}/lock", data={"reason": "x"}).status_code == 422
    assert boss.post(f"/admin/employees/{cast.administrator.id}/deactivate").status_code == 422


def test_who_leaves_and_comes_back(boss, cast):
    boss.post(f"/admin/employees/{cast.author.id}/deactivate")
    assert "พ้นจากงานเมื่อ" in boss.get(f"/admin/employees/{cast.author.id}").text
    boss.post(f"/admin/employees/{cast.author.id}/reactivate")
    assert Employee.get_by_id(cast.author.id).is_active


def test_sign_out_of_somebody_else(boss, login_as, cast):
    theirs = login_as(cast.author)
    boss.post(f"/admin/employees/{cast.author.id}/sign-out")
    assert theirs.get("/account/").status_code == 303


def test_roles_are_given_and_taken_back(boss, cast):
    address = f"/admin/employees/{cast.author.id}/roles"
    assert boss.post(address, data={"role": "coordinator", "unit": ""}).status_code == 422
    assert boss.post(address, data={"role": "coordinator", "unit": str(cast.office.id)}).status_code == 303
    held = RoleAssignment.get(RoleAssignment.employee == cast.author)
    assert (held.role, held.unit, held.granted_by) == ("coordinator", cast.office, cast.administrator)
    assert boss.post(f"/admin/employees/{cast.fellow.id}/roles/{held.id}/revoke").status_code == 404
    assert boss.post(f"{address}/{held.id}/revoke").status_code == 303
    assert not RoleAssignment.select().where(RoleAssignment.employee == cast.author).exists()


def test_unknown_role_is_refused(boss, cast):
    assert boss.post(f"/admin/employees/{cast.author.id}/roles", data={"role": "emperor"}).status_code == 422


# ---- codes and slips -----------------------------------------------------------------------------------------------


def test_code_is_shown_once_and_opens_the_account(app, boss, cast, monkeypatch):
    monkeypatch.setattr(passwords, "hash_password", lambda password: f"plain:{password}")
    address = f"/admin/employees/{cast.author.id}"
    response = boss.post(f"{address}/code")
    assert response.headers["Cache-Control"] == "no-store"
    code = re.search(r'class="code-once">([^<]+)<', response.text).group(1)
    assert code not in boss.get(address).text
    rules = AccountRules.of(app.config)
    assert codes.use(codes.check("0000001", code, "10.0.0.1", rules), "แมวส้มนอนบนหลังคา", rules) == cast.author
    entry = AuditEntry.get(AuditEntry.action == "account.code_issued")
    assert entry.actor == cast.administrator and code not in entry.details


def test_coordinator_issues_for_their_people_only(helper, login_as, cast):
    assert helper.post(f"/admin/employees/{cast.author.id}/code").status_code == 200
    assert helper.post(f"/admin/employees/{cast.outsider.id}/code").status_code == 403
    assert helper.post(f"/admin/employees/{cast.officer.id}/code").status_code == 422
    assert login_as(cast.author).post(f"/admin/employees/{cast.fellow.id}/code").status_code == 403
    assert OneTimeCode.select().count() == 1


def test_slips_of_a_unit_and_those_below(boss, cast):
    first = make_employee("นภา ใหม่", cast.branch, password_hash="")
    second = make_employee("นที ใหม่", cast.office, password_hash="")
    make_employee("นิด ไกล", cast.other_branch, password_hash="")
    page = boss.post("/admin/slips", data={"unit": str(cast.office.id), "below": "y"})
    assert page.headers["Cache-Control"] == "no-store"
    found = re.findall(r'class="slip-code">([A-Z0-9-]+)<', page.text)
    assert len(set(found)) == 2
    assert first.name in page.text and second.name in page.text and "นิด ไกล" not in page.text
    assert "เข้าใช้ครั้งแรก" in page.text
    only = boss.post("/admin/slips", data={"unit": str(cast.office.id)})
    assert len(re.findall("slip-code", only.text)) == 1


def test_slips_for_coordinators_stay_within_their_units(helper, cast):
    make_employee("นภา ใหม่", cast.branch, password_hash="")
    make_employee("นิด ไกล", cast.other_branch, password_hash="")
    powerful = make_employee("นที อำนาจ", cast.branch, password_hash="")
    grant(powerful, "executive")
    assert helper.post("/admin/slips", data={"unit": str(cast.other_branch.id)}).status_code == 422
    page = helper.post("/admin/slips", data={"unit": str(cast.office.id), "below": "y"}).text
    assert "นภา ใหม่" in page and "นที อำนาจ" not in page


def test_no_slips_when_everybody_has_come_in(boss, cast):
    response = boss.post("/admin/slips", data={"unit": str(cast.office.id), "below": "y"})
    assert response.status_code == 422 and "ครบแล้ว" in response.text


def test_slips_take_few_statements_however_many_people(boss, cast):
    for _n in range(30):
        make_employee(unit=cast.branch, password_hash="")
    with count_queries() as sent:
        boss.post("/admin/slips", data={"unit": str(cast.office.id), "below": "y"})
    assert len(sent) <= 14, sent


# ---- audit ---------------------------------------------------------------------------------------------------------


def test_audit_log_shows_who_did_what_and_filters(boss, cast):
    boss.post(f"/admin/employees/{cast.author.id}/lock", data={"reason": "เครื่องหาย"})
    boss.post("/admin/units/new", data=UNIT)
    page = boss.get("/admin/audit").text
    assert "ระงับบัญชี" in page and "เพิ่มหน่วยงาน" in page and "งามตา ดูแล" in page
    total = lambda query: int(re.search(r'data-total="(\d+)"', boss.get("/admin/audit?" + query).text).group(1))  # noqa: E731
    assert total("area=unit") == 1
    assert total(f"kind=employee&id={cast.author.id}") == 1
    assert total("who=0000006") == 2
    assert total("who=0000001") == 0
    assert total("since=1/1/2569&until=2/1/2569") == 0
    assert total("since=นานมาแล้ว") == 2


def test_audit_log_does_not_grow_in_statements(boss, cast):
    for n in range(12):
        boss.post("/admin/units/new", data=UNIT | {"code": f"90{n}"})
    with count_queries() as sent:
        boss.get("/admin/audit")
    assert len(sent) <= 12, sent
