"""My account: password, sign-ins, tokens, language and theme."""

import re

import pytest

from kc.models import ApiToken, AuditEntry, Employee
from kc.services import passwords, tokens
from kc.services.imports import employees
from tests.conftest import Browser, count_queries
from tests.factories import make_employee

NEW = "แมวส้มนอนบนหลังคา"
POSTS = ("/account/profile", "/account/sharing", "/account/password", "/account/sign-out-everywhere", "/account/tokens")


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(passwords, "hash_password", lambda password: f"plain:{password}")
    monkeypatch.setattr(passwords, "is_right", lambda kept, password: kept == f"plain:{password}")


@pytest.fixture
def kamon(cast):
    cast.author.password_hash = "plain:ข้าวใหม่ปลามัน"
    cast.author.save()
    return cast.author


def test_page_shows_who_i_am(login_as, kamon):
    page = login_as(kamon).get("/account/").text
    assert "นายกมล ใจดี" in page and "0000001" in page and "สาขาบ้านนา" in page


def test_page_is_for_who_is_signed_in(client):
    assert client.get("/account/").headers["Location"] == "/login?next=/account/"
    for path in POSTS:
        assert client.post(path).status_code == 401


@pytest.mark.parametrize("path", POSTS)
def test_changes_are_posts(login_as, kamon, path):
    assert login_as(kamon).get(path).status_code == 405


def test_page_stays_within_twelve_statements(login_as, kamon):
    client = login_as(kamon)
    for n in range(8):
        tokens.create(kamon, f"โทเคน {n}")
    with count_queries() as sent:
        client.get("/account/")
    assert len(sent) <= 12, sent


# ---- profile -------------------------------------------------------------------------------------------------------


def test_people_keep_their_own_expertise_up_to_date(login_as, kamon):
    form = {"phone": "1234", "email": "kamon@example.org", "expertise": "สวนผลไม้\n\nสวนผลไม้\nเงินฝาก"}
    assert login_as(kamon).post("/account/profile", data=form).status_code == 303
    after = Employee.get_by_id(kamon.id)
    assert (after.phone, after.expertise) == ("1234", "สวนผลไม้\nเงินฝาก")


def test_wrong_address_keeps_the_typing(login_as, kamon):
    form = {"phone": "1234", "email": "not-an-address", "expertise": "สวนผลไม้"}
    response = login_as(kamon).post("/account/profile", data=form)
    assert response.status_code == 422
    assert "not-an-address" in response.text and "สวนผลไม้" in response.text


def test_s0_256_sharing_is_off_until_the_person_says_so(login_as, kamon):
    client = login_as(kamon)
    assert not Employee.get_by_id(kamon.id).is_sharing and "ฉันยินดีแบ่งปันสิ่งที่รู้" in client.get("/account/").text
    form = {"is_sharing": "y", "shares_about": "ประนอมหนี้ โทรมาได้ช่วงบ่าย"}
    assert client.post("/account/sharing", data=form).status_code == 303
    after = Employee.get_by_id(kamon.id)
    assert after.is_sharing and after.shares_about == "ประนอมหนี้ โทรมาได้ช่วงบ่าย"
    client.post("/account/sharing", data={"shares_about": "ประนอมหนี้"})
    after = Employee.get_by_id(kamon.id)
    assert not after.is_sharing and after.shares_about == "ประนอมหนี้"
    actions = [row.action for row in AuditEntry.select().where(AuditEntry.object_kind == "employee")]
    assert actions == ["employee.offered_to_share", "employee.stopped_sharing"]


def test_s0_256_willing_without_saying_what_about_is_asked_again(login_as, kamon):
    answer = login_as(kamon).post("/account/sharing", data={"is_sharing": "y", "shares_about": " "})
    assert answer.status_code == 422 and "โปรดบอกว่ายินดีแบ่งปันเรื่องใด" in answer.text
    assert re.search(r'<input(?=[^>]*name="is_sharing")[^>]* checked', answer.text), "what was ticked stays ticked"
    assert not Employee.get_by_id(kamon.id).is_sharing


def test_s0_256_nobody_says_so_for_others(login_as, cast):
    """Neither an administrator's form nor HR's file knows of it (S0-256)."""
    page = login_as(cast.administrator).get(f"/admin/employees/{cast.author.id}")
    assert page.status_code == 200 and "is_sharing" not in page.text
    assert {"is_sharing", "shares_about"}.isdisjoint(employees.WRITTEN)


def test_nobody_promotes_themselves_through_the_profile(login_as, kamon):
    form = {"phone": "", "email": "", "expertise": "", "position": "ผู้จัดการใหญ่", "is_active": "", "first_name": "x"}
    login_as(kamon).post("/account/profile", data=form)
    assert Employee.get_by_id(kamon.id).position != "ผู้จัดการใหญ่"
    assert Employee.get_by_id(kamon.id).first_name == "กมล"


# ---- password and sign-ins -----------------------------------------------------------------------------------------


def test_changing_the_password_keeps_this_browser_and_ends_the_others(app, login_as, kamon):
    mine, other = login_as(kamon), Browser(app).sign_in(kamon)
    form = {"current": "ข้าวใหม่ปลามัน", "password": NEW, "again": NEW}
    assert mine.post("/account/password", data=form).status_code == 303
    assert "เปลี่ยนรหัสผ่านแล้ว" in mine.get("/account/").text
    assert other.get("/account/").status_code == 303


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"current": "x", "password": NEW, "again": NEW}, "ปัจจุบันไม่ถูกต้อง"),
        ({"current": "ข้าวใหม่ปลามัน", "password": NEW, "again": "x"}, "ไม่เหมือนกัน"),
        ({"current": "ข้าวใหม่ปลามัน", "password": "1234", "again": "1234"}, "สั้นไป"),
        ({"current": "ข้าวใหม่ปลามัน", "password": "ข้าวใหม่ปลามัน", "again": "ข้าวใหม่ปลามัน"}, "ไม่ซ้ำ"),
        ({}, "โปรดพิมพ์รหัสผ่านปัจจุบัน"),
    ],
)
def test_what_keeps_a_password_from_being_changed(login_as, kamon, form, why):
    response = login_as(kamon).post("/account/password", data=form)
    assert response.status_code == 422
    assert why in response.text
    assert Employee.get_by_id(kamon.id).password_hash == "plain:ข้าวใหม่ปลามัน"


def test_guessing_the_current_password_is_throttled(login_as, kamon):
    client = login_as(kamon)
    form = {"current": "x", "password": NEW, "again": NEW}
    assert [client.post("/account/password", data=form).status_code for _try in range(9)] == [422] * 8 + [429]


def test_sign_out_everywhere_ends_all(app, login_as, kamon):
    mine, other = login_as(kamon), Browser(app).sign_in(kamon)
    assert mine.post("/account/sign-out-everywhere").headers["Location"] == "/login"
    assert mine.get("/account/").status_code == other.get("/account/").status_code == 303


def test_owner_sees_right_and_wrong_tries(app, login_as, kamon):
    door = Browser(app).client
    door.post("/login", data={"employee_id": "0000001", "password": "x"}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    page = login_as(kamon).get("/account/").text
    assert "พิมพ์ผิด" in page and "203.0.113.9" in page


# ---- tokens --------------------------------------------------------------------------------------------------------


def test_token_is_shown_once(login_as, kamon):
    client = login_as(kamon)
    response = client.post("/account/tokens", data={"name": "รายงานประจำเดือน"})
    assert response.headers["Cache-Control"] == "no-store"
    token = response.text.split('class="token-once">')[1].split("<")[0]
    assert tokens.employee_of(token) == kamon
    page = client.get("/account/").text
    assert "รายงานประจำเดือน" in page and token not in page


def test_token_needs_a_name(login_as, kamon):
    response = login_as(kamon).post("/account/tokens", data={"name": " "})
    assert response.status_code == 422 and "โปรดตั้งชื่อโทเคน" in response.text


def test_token_is_revoked_by_its_owner_only(login_as, cast, kamon):
    token = tokens.create(kamon, "รายงาน")
    row = ApiToken.get()
    assert login_as(cast.fellow).post(f"/account/tokens/{row.id}/revoke").status_code == 404
    assert login_as(kamon).post("/account/tokens/9999/revoke").status_code == 404
    assert tokens.employee_of(token)
    assert login_as(kamon).post(f"/account/tokens/{row.id}/revoke").status_code == 303
    assert tokens.employee_of(token) is None


def test_token_does_not_open_pages(app, kamon):
    token = tokens.create(kamon, "รายงาน")
    client = app.test_client()
    assert client.get("/account/", headers={"Authorization": f"Bearer {token}"}).status_code == 303


# ---- language and theme --------------------------------------------------------------------------------------------


def test_language_is_chosen_at_the_door_and_kept_in_the_browser(client):
    response = client.post("/account/language", data={"language": "en", "next": "/login?next=/account/"})
    assert (response.status_code, response.headers["Location"]) == (303, "/login?next=/account/")
    assert '<html lang="en"' in client.get("/login").text


def test_language_and_theme_follow_the_person(app, login_as, kamon):
    client = login_as(kamon)
    client.post("/account/language", data={"language": "en", "next": "/account/"})
    client.post("/account/theme", data={"theme": "dark", "next": "/account/?"})
    page = Browser(app).sign_in(kamon).get("/account/").text
    assert '<html lang="en" data-theme="dark"' in page


def test_theme_of_the_machine_again(login_as, kamon):
    client = login_as(kamon)
    client.post("/account/theme", data={"theme": "dark"})
    assert client.post("/account/theme", data={"theme": ""}).headers["Location"] == "/"
    assert "data-theme=" not in client.get("/account/").text.split("<head>")[0]


@pytest.mark.parametrize(
    ("path", "data"), [("language", {"language": "xx"}), ("language", {}), ("theme", {"theme": "pink"})]
)
def test_nonsense_is_no_choice(client, path, data):
    assert client.post(f"/account/{path}", data=data).status_code == 400


def test_choice_does_not_lead_to_another_site(client):
    response = client.post("/account/language", data={"language": "th", "next": "//evil.example"})
    assert response.headers["Location"] == "/"


def test_who_is_no_longer_here_is_shown_out(login_as, cast):
    client = login_as(cast.author)
    Employee.update(is_active=False).where(Employee.id == cast.author.id).execute()
    assert client.get("/account/").status_code == 303


def test_colleague_without_anything_has_a_page_too(login_as, cast):
    assert login_as(make_employee("นภา ใหม่", cast.branch)).get("/account/").status_code == 200
