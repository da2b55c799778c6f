"""GET and POST /login: the door everybody comes through."""

import re
from datetime import datetime

import pytest

from kc import clock
from kc.models import Employee, SignInEvent
from kc.services import passwords
from tests.factories import make_employee, make_unit

SECRET = "ข้าวใหม่ปลามัน"
GOOD = {"employee_id": "0012345", "password": SECRET}
NOON = datetime(2026, 11, 21, 5, 0)


@pytest.fixture
def kamon(app, monkeypatch):
    # The hash itself is tested with the passwords; here it would only cost time.
    monkeypatch.setattr(passwords, "is_right", lambda kept, password: bool(kept) and password == SECRET)
    return make_employee("กมล ใจดี", make_unit("สาขาบ้านนา"), employee_id="0012345")


def log_out(client):
    """Sign out and come to the door again, whose page brings a token."""
    client.post("/logout", headers={"X-CSRF-Token": token_of(client)})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = token_of(client)


def token_of(client) -> str:
    client.get("/login")
    client.get("/account/")
    with client.session_transaction() as kept:
        return kept["csrf"]


def cookie_of(response) -> str:
    return next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("kc="))


def test_page_is_public_and_says_what_this_is(client):
    """Before signing in there is a page, with its button and its two fields (S0-27, S0-28)."""
    page = client.get("/login").text
    assert "เข้าสู่ระบบ" in page and "เข้าใช้ครั้งแรก" in page and "ชุมชนนักปฏิบัติ" in page
    for name in ("employee_id", "password", "csrf_token"):
        assert f'name="{name}"' in page


def test_page_says_whom_to_ask(app, client):
    app.config["KC_ORG_CONTACT"] = "ฝ่ายบุคคล โทร. 1111"
    assert "ฝ่ายบุคคล โทร. 1111" in client.get("/login").text


def test_right_password_signs_in(client, kamon):
    """With the employee ID (S0-29, S0-31)."""
    response = client.post("/login", data=GOOD)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert client.get("/account/").status_code == 200


def test_signing_in_with_htmx_redirects_the_whole_page(client, kamon, htmx):
    response = client.post("/login", data=GOOD, headers=htmx)
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/")


def test_wrong_password_keeps_the_id_and_not_the_password(client, kamon):
    response = client.post("/login", data=GOOD | {"password": "mai-chai-nae"})
    assert response.status_code == 422
    assert "รหัสพนักงานหรือรหัสผ่านไม่ถูกต้อง" in response.text
    assert 'value="0012345"' in response.text and "mai-chai-nae" not in response.text
    assert client.get("/account/").status_code == 303


def test_empty_form_names_both_fields(client):
    response = client.post("/login", data={"employee_id": " ", "password": ""})
    assert response.status_code == 422
    assert "โปรดพิมพ์รหัสพนักงาน" in response.text and "โปรดพิมพ์รหัสผ่าน" in response.text


def test_answer_is_the_same_for_an_unknown_id(client, kamon):
    known = client.post("/login", data=GOOD | {"password": "mai-chai-nae"})
    unknown = client.post("/login", data={"employee_id": "9999999", "password": "mai-chai-nae"})
    assert known.text.replace("0012345", "9999999") == unknown.text


def test_too_many_tries_answer_429_with_the_time_to_wait(client, kamon):
    with clock.freeze(NOON):
        for _try in range(8):
            assert client.post("/login", data=GOOD | {"password": "x"}).status_code == 422
        response = client.post("/login", data=GOOD)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "901"
    assert "12:15" in response.text or "12.15" in response.text


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/account/", "/account/"),
        ("/communities/?mine=1", "/communities/?mine=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/login", "/"),
        ("/logout", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_our_own_pages(client, kamon, path, where):
    response = client.post("/login", data=GOOD | {"next": path})
    assert response.headers["Location"] == where


def test_page_that_asked_for_the_sign_in_is_found_again(client, kamon):
    """An address kept in another portal leads there, by way of the door (S0-23)."""
    response = client.get("/account/")
    assert response.headers["Location"] == "/login?next=/account/"
    assert 'name="next" value="/account/"' in client.get(response.headers["Location"]).text


@pytest.mark.parametrize("link", ["/", "/login"])
def test_s0_22_every_way_in_lands_in_the_same_place(client, kamon, link):
    """From HR's menus or from the Knowledge Center's own site (S0-24): the door, then home."""
    door = client.get(link, follow_redirects=True)
    asked = re.search(r'name="next" value="([^"]*)"', door.text)
    answer = client.post("/login", data=GOOD | ({"next": asked[1]} if asked else {}))
    assert answer.headers["Location"] == "/"
    assert "วันนี้อยากรู้เรื่องอะไร" in client.get("/").text


def test_who_is_signed_in_needs_no_door(login_as, cast):
    assert login_as(cast.author).get("/login?next=/account/").headers["Location"] == "/account/"


def test_cookie_ends_with_the_browser_unless_asked_to_stay(client, kamon):
    assert "Expires=" not in cookie_of(client.post("/login", data=GOOD))
    log_out(client)
    assert "Expires=" in cookie_of(client.post("/login", data=GOOD | {"remember": "y"}))


def test_sign_in_expires_after_its_hours(client, kamon):
    with clock.freeze(NOON) as now:
        client.post("/login", data=GOOD)
        now.advance(hours=9, minutes=59)
        assert client.get("/account/").status_code == 200
        now.advance(minutes=2)
        assert client.get("/account/").status_code == 303


def test_staying_signed_in_lasts_days(client, kamon):
    with clock.freeze(NOON) as now:
        client.post("/login", data=GOOD | {"remember": "y"})
        now.advance(days=29)
        assert client.get("/account/").status_code == 200
        now.advance(days=2)
        assert client.get("/account/").status_code == 303


def test_sign_in_begins_a_new_browser_session(client, kamon):
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
        kept["language"] = "en"
    client.post("/login", data=GOOD)
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept["language"] == "en"


def test_wrong_tries_of_somebody_else_are_told_to_the_owner(client, kamon):
    client.post("/login", data=GOOD)
    log_out(client)
    for _try in range(3):
        client.post("/login", data=GOOD | {"password": "x"}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    client.post("/login", data=GOOD)
    assert "ผิด 3 ครั้ง" in client.get("/account/").text


def test_locked_account_is_told_so_with_the_right_password_only(client, kamon):
    Employee.update(locked_reason="ทดสอบ").execute()
    assert "ระงับ" not in client.post("/login", data=GOOD | {"password": "x"}).text
    assert "ระงับ" in client.post("/login", data=GOOD).text


def test_sign_in_without_the_token_is_refused(app, kamon):
    assert app.test_client().post("/login", data=GOOD).status_code == 400


def test_stale_sign_in_page_is_offered_afresh(app, kamon):
    response = app.test_client().post("/login", data=GOOD, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.headers["Location"] == "/login?stale=1"


def test_other_site_cannot_sign_anybody_in(client, kamon):
    assert client.post("/login", data=GOOD, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_sign_in_stays_within_twelve_statements(client, kamon):
    from tests.conftest import count_queries

    with count_queries() as sent:
        client.post("/login", data=GOOD)
    assert len(sent) <= 14, sent  # a posting that counts tries; the page after it has twelve


# ---- nothing typed is lost -----------------------------------------------------------------------------------------

TYPED = {"knowledge_title": "ฟังลูกค้าก่อน\nแล้วค่อยเสนอ", "version": "3", "tags": ["หนี้", "เงินฝาก"]}
CARRY = {"carry_path": "/communities/new", "carry_fields": '[["knowledge_title", "ฟังลูกค้าก่อน"]]'}


def test_form_posted_signed_out_travels_through_the_door(client, kamon):
    door = client.post("/communities/new", data=TYPED)
    assert door.status_code == 401
    assert "ข้อความที่พิมพ์ไว้ยังอยู่ครบ" in door.text
    assert 'name="carry_path" value="/communities/new"' in door.text


def test_after_the_door_the_text_is_shown_and_sent_on_with_one_button(client, kamon):
    page = client.post("/login", data=GOOD | CARRY)
    assert page.status_code == 200
    assert 'action="/communities/new"' in page.text
    assert '<input type="hidden" name="knowledge_title" value="ฟังลูกค้าก่อน">' in page.text
    assert "ส่งต่อ" in page.text


def test_wrong_password_does_not_lose_the_carried_text(client, kamon):
    page = client.post("/login", data=GOOD | CARRY | {"password": "x"})
    assert page.status_code == 422
    assert "ฟังลูกค้าก่อน" in page.text and 'name="carry_path"' in page.text


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example", "/no/such/page", "/account/"])
def test_text_is_carried_only_to_our_own_posts(client, kamon, path):
    response = client.post("/login", data=GOOD | CARRY | {"carry_path": path})
    assert response.status_code == 303


def test_passwords_are_not_carried_through_pages(client, kamon):
    form = {"current": "khao-mai-pla-man", "password": "maeo-som", "again": "maeo-som"}
    door = client.post("/account/password", data=form)
    assert door.status_code == 401
    assert "maeo-som" not in door.text and "khao-mai" not in door.text


# ---- out -----------------------------------------------------------------------------------------------------------


def test_logout_is_a_post(login_as, cast):
    client = login_as(cast.author)
    assert client.get("/logout").status_code == 405
    response = client.post("/logout")
    assert response.headers["Location"] == "/login"
    assert client.get("/account/").status_code == 303


def test_tries_are_kept_with_their_address(client, kamon):
    client.post("/login", data=GOOD, environ_base={"REMOTE_ADDR": "10.1.2.3"})
    assert SignInEvent.get().address == "10.1.2.3"
