"""/notices/: the bell, the centre by day, read one or all, links of messages, how often by e-mail."""

import re
from datetime import timedelta

import pytest

from kc import clock
from kc.models import Notice, NoticeChoice
from kc.services import notice_choices, notices, signin
from kc.services.account_rules import AccountRules
from tests import factories
from tests.conftest import Browser, count_queries
from tests.services.mailing import NOON, mailing, something_happens


@pytest.fixture
def told(cast):
    """Three notices of the fellow: yesterday, and two today."""
    with clock.freeze(NOON - timedelta(days=1)):
        first = something_happens(cast.fellow, title="เมื่อวาน")
    with clock.freeze(NOON):
        rows = [first, something_happens(cast.fellow, title="เช้านี้"), something_happens(cast.fellow, title="เที่ยงนี้")]
        yield rows


# ---- the bell ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/communities/", "/knowledge/", "/search", "/account/", "/notices/preferences"])
def test_the_bell_stands_in_every_head_with_its_count(login_as, cast, told, page):
    text = login_as(cast.fellow).get(page).text
    bell = text[text.index('id="bell"') :].partition("</a>")[0]
    assert "ยังไม่ได้อ่าน 3 เรื่อง" in bell and '<span class="bell-count" aria-hidden="true">3</span>' in bell
    text = login_as(cast.outsider).get(page).text
    assert 'id="bell"' in text and "bell-count" not in text


def test_the_bell_costs_no_statement(login_as, cast, told):
    client = login_as(cast.fellow)
    client.get("/account/")
    with count_queries() as sent:
        client.get("/account/")
    assert len([one for one in sent if "notice" in one.lower()]) == 1, "joined with the statement that loads the person"


def test_signed_out_there_is_no_bell(client):
    assert 'id="bell"' not in client.get("/login").text


# ---- the centre ----------------------------------------------------------------------------------------------------


def test_notices_stand_under_their_days_the_latest_first(login_as, cast, told):
    page = login_as(cast.fellow).get("/notices/").text
    places = [page.index(word) for word in ("วันนี้ 18 พฤศจิกายน 2569", "เที่ยงนี้", "เช้านี้", "เมื่อวานนี้ 17", "“เมื่อวาน”")]
    assert places == sorted(places)
    assert "เที่ยงนี้" not in login_as(cast.outsider).get("/notices/").text


def test_an_empty_centre_shows_the_way(login_as, cast):
    page = login_as(cast.outsider).get("/notices/").text
    assert "ยังไม่มีการแจ้งเตือน" in page and 'href="/communities/"' in page
    assert "อ่านครบทุกเรื่องแล้ว" in login_as(cast.outsider).get("/notices/?show=unread").text


def test_narrowed_to_unread_and_to_a_heading(login_as, cast, told):
    notices.mark_read(cast.fellow, told[1].id)
    client = login_as(cast.fellow)
    assert "เช้านี้" not in client.get("/notices/?show=unread").text
    assert "เที่ยงนี้" in client.get("/notices/?heading=knowledge").text
    assert "เที่ยงนี้" not in client.get("/notices/?heading=sessions").text
    assert client.get("/notices/?heading=nonsense&show=nonsense&page=x").status_code == 200


def test_the_list_takes_few_statements_however_long(login_as, cast, told):
    client = login_as(cast.fellow)
    client.get("/notices/")
    with count_queries() as before:
        client.get("/notices/")
    for n in range(40):
        something_happens(cast.fellow, title=f"เรื่องที่ {n}")
    with count_queries() as after:
        page = client.get("/notices/").text
    assert len(after) == len(before) <= 6 and 'href="/notices/?page=2"' in page
    assert "เมื่อวาน" in client.get("/notices/?page=2").text


# ---- reading -------------------------------------------------------------------------------------------------------


def test_opening_reads_it_and_goes_on(login_as, cast, told):
    answer = login_as(cast.fellow).get(f"/notices/{told[1].id}?to=/knowledge/7")
    assert answer.status_code == 303 and answer.headers["Location"] == "/knowledge/7"
    assert Notice.get_by_id(told[1].id).read_at == NOON and notices.unread(cast.fellow) == 2
    assert login_as(cast.fellow).get(f"/notices/{told[0].id}").headers["Location"] == "/knowledge/7"


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_link_leads_nowhere_else(login_as, cast, told, there):
    answer = login_as(cast.fellow).get(f"/notices/{told[1].id}", query_string={"to": there})
    assert answer.headers["Location"] == "/knowledge/7"


def test_a_messages_link_holds_after_the_notice_is_gone_and_for_whoever_is_signed_in(login_as, cast, told):
    for person, number in ((cast.outsider, told[1].id), (cast.fellow, 99999)):
        answer = login_as(person).get(f"/notices/{number}?to=/knowledge/7")
        assert answer.headers["Location"] == "/knowledge/7"
    assert notices.unread(cast.fellow) == 3


def test_a_messages_link_survives_signing_in(app, cast, told):
    signin.set_password(None, cast.fellow, "nok-khao-yai-2569", AccountRules.of(app.config))
    client = Browser(app).client
    there = client.get(f"/notices/{told[1].id}?to=%2Fknowledge%2F7").headers["Location"]
    door = client.get(there).text.partition('action="/login"')[2]
    kept = door.partition('name="next" value="')[2].partition('"')[0].replace("&amp;", "&")
    wrong = client.post("/login", data={"employee_id": "0000002", "password": "wrong", "next": kept})
    assert wrong.status_code == 422 and 'name="next"' in wrong.text
    right = client.post("/login", data={"employee_id": "0000002", "password": "nok-khao-yai-2569", "next": kept})
    assert right.status_code == 303
    assert right.headers["Location"] == kept
    assert client.get(right.headers["Location"]).headers["Location"] == "/knowledge/7"
    assert notices.unread(cast.fellow) == 2


def test_one_is_marked_read_without_htmx_and_with_it(login_as, cast, told, htmx):
    client = login_as(cast.fellow)
    answer = client.post(f"/notices/{told[0].id}/read", data={"show": "unread"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/notices/?show=unread"
    answer = client.post(f"/notices/{told[1].id}/read", headers=htmx)
    assert answer.status_code == 200 and "<html" not in answer.text and 'id="centre"' in answer.text
    bell = answer.text[answer.text.index('id="bell"') :]
    assert 'hx-swap-oob="true"' in bell and "ยังไม่ได้อ่าน 1 เรื่อง" in bell
    assert answer.text.count("is-unread") == 1


def test_the_fragment_is_a_piece_of_its_page(login_as, cast, told, htmx):
    client = login_as(cast.fellow)
    assert client.get("/notices/", headers=htmx).text.strip() in client.get("/notices/").text


def test_all_are_read_but_not_what_came_since(login_as, cast, told, htmx):
    client = login_as(cast.fellow)
    page = client.get("/notices/").text
    until = page.partition('name="until" value="')[2].partition('"')[0]
    with clock.freeze(NOON + timedelta(minutes=1)):
        something_happens(cast.fellow, title="มาทีหลัง")
        assert client.post("/notices/read-all", data={"until": until}).status_code == 303
        assert [row.said["title"] for row in notices.of(cast.fellow, unread_only=True)] == ["มาทีหลัง"]
        answer = client.post("/notices/read-all", data={"until": "nonsense"}, headers=htmx)
    assert notices.unread(cast.fellow) == 0 and "bell-count" not in answer.text


@pytest.mark.parametrize("what", ["", "/read"])
def test_others_notices_are_hidden_from_everybody(login_as, cast, told, what):
    for person in (cast.outsider, cast.coordinator, cast.officer, cast.administrator):
        client = login_as(person)
        answer = client.post(f"/notices/{told[0].id}/read") if what else client.get(f"/notices/{told[0].id}")
        assert answer.status_code == 404
    assert notices.unread(cast.fellow) == 3
    assert login_as(cast.fellow).post("/notices/999999/read").status_code == 404


def test_reading_needs_a_sign_in_and_a_post(client, login_as, cast, told):
    assert client.get("/notices/").status_code == 303
    assert client.post(f"/notices/{told[0].id}/read").status_code == 401
    assert login_as(cast.fellow).get(f"/notices/{told[0].id}/read").status_code == 405
    assert login_as(cast.fellow).get("/notices/read-all").status_code == 405
    assert notices.unread(cast.fellow) == 3


# ---- by e-mail -----------------------------------------------------------------------------------------------------


def everything(**changes: str) -> dict[str, str]:
    return notice_choices.of(factories.make_employee()) | changes


def is_chosen(page: str, heading: str, rhythm: str) -> bool:
    inputs = re.findall(r"<input [^>]*>", page)
    return any(f'name="{heading}"' in one and f'value="{rhythm}"' in one and "checked" in one for one in inputs)


def test_preferences_show_what_holds_and_are_kept(login_as, cast):
    client = login_as(cast.fellow)
    page = client.get("/notices/preferences").text
    assert "กิจกรรมแลกเปลี่ยนเรียนรู้" in page and page.count("checked") == len(everything())
    answer = client.post("/notices/preferences", data=everything(sessions="weekly"))
    assert answer.status_code == 303 and notice_choices.of(cast.fellow)["sessions"] == "weekly"
    assert NoticeChoice.select().count() == 1, "what was left as usual follows the usual"
    assert is_chosen(client.get("/notices/preferences").text, "sessions", "weekly")


def test_a_choice_that_is_none_stays_in_the_form_with_a_reason(login_as, cast):
    answer = login_as(cast.fellow).post("/notices/preferences", data=everything(sessions="hourly", duties="off"))
    assert answer.status_code == 422 and "โปรดเลือกว่าจะรับอีเมลบ่อยแค่ไหน" in answer.text
    assert is_chosen(answer.text, "duties", "off")
    assert NoticeChoice.select().count() == 0
    assert login_as(cast.fellow).post("/notices/preferences", data={}).status_code == 422


def test_it_says_where_the_mail_goes_or_what_is_missing(app, login_as, cast):
    client = login_as(cast.fellow)
    assert "ยังไม่มีอีเมลของคุณ" in client.get("/notices/preferences").text
    cast.fellow.email = "kesinee@bank.example"
    cast.fellow.save()
    assert "ยังไม่ได้เปิดการส่งอีเมล" in client.get("/notices/preferences").text
    with mailing(app):
        assert "ส่งไปที่ kesinee@bank.example" in client.get("/notices/preferences").text


def test_preferences_need_a_sign_in(client):
    assert client.get("/notices/preferences").status_code == 303
    assert client.post("/notices/preferences", data={}).status_code == 401
