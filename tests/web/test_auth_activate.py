"""First sign-in and forgotten passwords: a code, then a password of one's own."""

from datetime import datetime

import pytest

from kc import clock
from kc.models import Employee
from kc.services import codes, digits, passwords
from kc.services.account_rules import AccountRules
from tests.conftest import Browser
from tests.factories import make_employee, make_unit

NEW = "แมวส้มนอนบนหลังคา"
NOON = datetime(2026, 11, 21, 5, 0)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(passwords, "hash_password", lambda password: f"plain:{password}")
    monkeypatch.setattr(passwords, "is_right", lambda kept, password: kept == f"plain:{password}")


@pytest.fixture
def mali(app):
    return make_employee("มาลี ใจดี", make_unit("สาขาบ้านนา"), employee_id="0077777", password_hash="")


@pytest.fixture
def code(app, mali):
    return codes.issue(None, mali, AccountRules.of(app.config)).code


def test_page_asks_for_id_and_code(client):
    page = client.get("/activate").text
    assert 'name="employee_id"' in page and 'name="code"' in page
    assert "เข้าใช้ครั้งแรก" in page


def test_forgotten_password_says_whom_to_ask(client):
    assert "ขอรหัสใช้ครั้งเดียวจากผู้ประสานงาน" in client.get("/activate?forgot=1").text


def test_whole_way_from_code_to_being_signed_in(app, client, mali, code):
    response = client.post("/activate", data={"employee_id": " 00 77777", "code": code.lower()})
    assert (response.status_code, response.headers["Location"]) == (303, "/activate/password")
    page = client.get("/activate/password").text
    assert "มาลี ใจดี" in page and 'name="again"' in page
    response = client.post("/activate/password", data={"password": NEW, "again": NEW})
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert "ยินดีต้อนรับ" in client.get("/account/").text
    anew = Browser(app).client
    assert anew.post("/login", data={"employee_id": "0077777", "password": NEW}).status_code == 303


def test_works_with_htmx_too(client, mali, code, htmx):
    response = client.post("/activate", data={"employee_id": "0077777", "code": code}, headers=htmx)
    assert response.headers["HX-Redirect"] == "/activate/password"


def test_wrong_code_keeps_what_was_typed(client, mali, code):
    response = client.post("/activate", data={"employee_id": "0077777", "code": "AAAA-BBBB"})
    assert response.status_code == 422
    assert 'value="0077777"' in response.text and "ไม่ถูกต้อง" in response.text


def test_empty_form_names_both_fields(client):
    response = client.post("/activate", data={})
    assert response.status_code == 422
    assert "โปรดพิมพ์รหัสพนักงาน" in response.text and "โปรดพิมพ์รหัสที่ได้รับ" in response.text


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("4321", "4321", "สั้นไป"),
        ("0812345678", "0812345678", "ตัวเลขล้วน"),
        (NEW, NEW + "า", "ไม่เหมือนกัน"),
        ("", "", "โปรดตั้งรหัสผ่าน"),
        ("มาลี0077777", "มาลี0077777", "ของตนเอง"),
    ],
)
def test_weak_password_is_refused_and_may_be_tried_again(client, mali, code, password, again, why):
    client.post("/activate", data={"employee_id": "0077777", "code": code})
    response = client.post("/activate/password", data={"password": password, "again": again})
    assert response.status_code == 422
    assert why in response.text
    assert client.post("/activate/password", data={"password": NEW, "again": NEW}).status_code == 303


@pytest.mark.parametrize("method", ["get", "post"])
def test_password_page_without_a_code_leads_back(client, mali, method):
    response = getattr(client, method)("/activate/password")
    assert response.headers["Location"] == "/activate"
    assert not Employee.get_by_id(mali.id).is_activated


def test_password_page_closes_after_a_while(client, mali, code):
    with clock.freeze(NOON) as now:
        codes.issue(None, mali, AccountRules(secret="x"))
        client.post("/activate", data={"employee_id": "0077777", "code": code})
        now.advance(minutes=30)
        assert (
            client.post("/activate/password", data={"password": NEW, "again": NEW}).headers["Location"] == "/activate"
        )


def test_ticket_of_one_browser_is_no_use_after_the_code_was_used(app, mali, code):
    first, second = Browser(app).client, Browser(app).client
    for browser in (first, second):
        browser.post("/activate", data={"employee_id": "0077777", "code": code})
    first.post("/activate/password", data={"password": NEW, "again": NEW})
    response = second.post("/activate/password", data={"password": "อีกาคาบพริกไปวัด", "again": "อีกาคาบพริกไปวัด"})
    assert response.headers["Location"] == "/activate"
    assert Employee.get_by_id(mali.id).password_hash == f"plain:{NEW}"


def test_too_many_codes_answer_429(client, mali, code):
    for _try in range(8):
        client.post("/activate", data={"employee_id": "0077777", "code": "AAAA-BBBB"})
    response = client.post("/activate", data={"employee_id": "0077777", "code": code})
    assert response.status_code == 429 and "Retry-After" in response.headers


def test_last_four_digits_where_the_setting_says_so(app, client, mali):
    app.config["KC_ACTIVATION"] = "national_id"
    rules = AccountRules.of(app.config)
    mali.activation_digits = digits.fresh(digits.hashed("0077777", "4321", rules), rules)
    mali.save()
    assert "4 ตัวท้าย" in client.get("/activate").text
    # No standing password: the digits open one page, once, and cannot be chosen there either.
    assert client.post("/login", data={"employee_id": "0077777", "password": "4321"}).status_code == 422
    client.post("/activate", data={"employee_id": "0077777", "code": "4321"})
    assert client.post("/activate/password", data={"password": "4321", "again": "4321"}).status_code == 422
    client.post("/activate/password", data={"password": NEW, "again": NEW})
    assert Employee.get_by_id(mali.id).activation_digits == ""
