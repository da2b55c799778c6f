"""/admin/mail/: how e-mail stands, a test, what was given up."""

import pytest

from kc import clock
from kc.models import AuditEntry, Mail
from kc.services import mail, notice_mail, questions
from tests.conftest import count_queries
from tests.services.mailing import NOON, mailing, with_address


def given_up(employee, n: int = 1) -> Mail:
    rows = [
        Mail.create(
            employee=employee,
            kind="notices",
            to_address="old@bank.example",
            subject=f"มีเรื่องใหม่ {i}",
            text="ข้อความ",
            message_id=f"<{employee.id}-{i}@bank.example>",
            state="dead",
            problem="550 no such person",
            attempts=1,
        )
        for i in range(n)
    ]
    return rows[-1]


def test_it_says_when_no_mail_is_sent_and_what_to_set(login_as, cast):
    page = login_as(cast.administrator).get("/admin/mail/").text
    assert "ยังไม่ได้เปิดการส่งอีเมล" in page and "KC_SMTP_HOST" in page and "ไม่มีอีเมลที่ส่งไม่สำเร็จ" in page
    answer = login_as(cast.administrator).post("/admin/mail/test", data={"address": "a@bank.example"})
    assert answer.status_code == 422 and 'value="a@bank.example"' in answer.text and Mail.select().count() == 0


def test_the_settings_are_shown_without_the_password(app, login_as, cast):
    with mailing(app, KC_SMTP_USER="km", KC_SMTP_PASSWORD="very-secret", KC_SMTP_SECURITY="starttls"):
        page = login_as(cast.administrator).get("/admin/mail/").text
    assert "STARTTLS" in page and "https://km.bank.example" in page and "<dd>km</dd>" in page
    assert "very-secret" not in page


def test_a_test_message_is_queued_then_sent_then_said(app, login_as, cast, htmx):
    admin = with_address(cast.administrator)
    with mailing(app) as server:
        client = login_as(admin)
        assert f'value="{admin.email}"' in client.get("/admin/mail/").text
        answer = client.post("/admin/mail/test", data={"address": "boss@bank.example"})
        assert answer.status_code == 303 and server.inbox == [], "never in the request"
        waits = client.get("/admin/mail/", headers=htmx).text
        assert "กำลังส่ง" in waits and 'hx-trigger="every 2s"' in waits and "<html" not in waits
        mail.send_waiting()
        said = client.get("/admin/mail/", headers=htmx).text
        assert "ส่งแล้ว" in said and "every 2s" not in said and said.strip() in client.get("/admin/mail/").text
    assert server.inbox[0].to == ["boss@bank.example"]
    assert AuditEntry.select().where(AuditEntry.action == "mail.tested").count() == 1


def test_why_a_test_fails_is_said(app, login_as, cast):
    client = login_as(cast.administrator)
    with mailing(app) as server:
        server.greeting = "421 closed"
        client.post("/admin/mail/test", data={"address": "boss@bank.example"})
        mail.send_waiting()
        page = client.get("/admin/mail/").text
    assert page.count("421 closed") == 2, "at the top, and beside the test"


@pytest.mark.parametrize("typed", ["", "boss", "a@b.example, c@d.example", "x" * 300])
def test_a_bad_address_stays_in_its_field_with_a_reason(app, login_as, cast, typed):
    with mailing(app):
        answer = login_as(cast.administrator).post("/admin/mail/test", data={"address": typed})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text and typed in answer.text


def test_what_was_given_up_is_listed_and_sent_again_to_where_its_person_reads_now(app, login_as, cast):
    row, client = given_up(with_address(cast.fellow, "new@bank.example")), login_as(cast.administrator)
    page = client.get("/admin/mail/").text
    assert "550 no such person" in page and "เกศินี มานะ" in page
    assert ">การแจ้งเตือน</td>" in page and "มีเรื่องใหม่ 0" not in page, "what it says is for its person alone"
    with mailing(app) as server:
        assert client.post(f"/admin/mail/{row.id}/again").status_code == 303
        mail.send_waiting()
        assert server.inbox[0].to == ["new@bank.example"]
        assert client.post(f"/admin/mail/{row.id}/again").status_code == 404, "it went"


def test_without_a_sound_address_it_is_not_tried_again(login_as, cast):
    row = given_up(cast.fellow)
    assert login_as(cast.administrator).post(f"/admin/mail/{row.id}/again").status_code == 422
    assert Mail.get().state == "dead"


def test_what_was_given_up_can_be_thrown_away(login_as, cast):
    row = given_up(cast.fellow)
    assert login_as(cast.administrator).post(f"/admin/mail/{row.id}/drop").status_code == 303
    assert Mail.select().count() == 0


def test_what_waits_cannot_be_touched(login_as, cast):
    row = given_up(cast.fellow)
    Mail.update(state="waiting").execute()
    for what in ("again", "drop"):
        assert login_as(cast.administrator).post(f"/admin/mail/{row.id}/{what}").status_code == 404
    assert login_as(cast.administrator).get(f"/admin/mail/{row.id}/drop").status_code == 405


@pytest.mark.parametrize("who", ["fellow", "coordinator", "officer", "executive"])
def test_others_may_not(login_as, cast, who):
    row, client = given_up(cast.fellow), login_as(getattr(cast, who))
    assert client.get("/admin/mail/").status_code == 403
    for address in ("test", f"{row.id}/again", f"{row.id}/drop", "99/drop"):
        assert client.post(f"/admin/mail/{address}", data={"address": "a@b.example"}).status_code == 403
    assert Mail.select().count() == 1


def test_signed_out(client):
    assert client.get("/admin/mail/").status_code == 303 and client.post("/admin/mail/test").status_code == 401


def test_the_page_takes_few_statements(login_as, cast):
    client = login_as(cast.administrator)
    client.get("/admin/mail/")
    with count_queries() as before:
        client.get("/admin/mail/")
    given_up(cast.fellow, 15)
    with count_queries() as after:
        client.get("/admin/mail/")
    assert len(after) <= len(before) + 1 <= 12


def test_the_administrators_home_and_hub_say_so(login_as, cast):
    given_up(cast.fellow, 2)
    assert "อีเมลส่งไม่สำเร็จ 2 ฉบับ" in login_as(cast.administrator).get("/").text
    assert 'href="/admin/mail/"' in login_as(cast.administrator).get("/admin/").text
    assert "อีเมลส่งไม่สำเร็จ" not in login_as(cast.officer).get("/").text


def test_s0_265_a_hidden_askers_words_do_not_stand_beside_their_name(app, login_as, cast):
    """Their address bounces: who looks after mail reads of whom, not of what."""
    asker = with_address(cast.fellow, "nowhere")
    with clock.freeze(NOON) as now, mailing(app):
        asked = questions.ask(asker, "หัวหน้าให้ทำสิ่งที่ผิดระเบียบ ทำอย่างไร", is_hidden_name=True, form_key="h")
        questions.remove(cast.officer, asked, "ย้ายไปถามฝ่ายกำกับ")
        now.advance(days=1)
        notice_mail.gather()
    assert Mail.get(Mail.employee == asker).state == "dead"
    page = login_as(cast.administrator).get("/admin/mail/").text
    assert asker.name in page and "ผิดระเบียบ" not in page and "ฝ่ายกำกับ" not in page
