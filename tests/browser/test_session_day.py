"""A session on its day in a real browser, on a phone: what others do appears, nothing typed is taken away."""

from datetime import timedelta

import pytest

from kc import clock
from kc.models import Attendance, SessionSummary, SessionTimer
from kc.services import session_day, summaries
from tests import factories
from tests.browser.live import DESK, PHONE, check_axe, fill_sign_in, give_password

pytestmark = pytest.mark.browser


@pytest.fixture
def session(world):
    give_password(world.author, world.fellow, world.outsider)
    return factories.make_session(world.community)


@pytest.fixture
def meeting(world, session):
    return f"/communities/{world.community.id}/sessions/{session.id}"


def test_what_one_phone_does_the_other_sees(open_page, world, meeting):
    one, other = open_page(world.author, size=PHONE), open_page(world.fellow, size=PHONE)
    other.goto(meeting)
    one.goto(meeting)
    one.click("text=ฉันมาแล้ว")
    one.fill("#park-text", "ขอแบบฟอร์มเป็นไฟล์")
    one.press("#park-text", "Enter")
    one.fill("#timer-minutes", "15")
    one.click("text=เริ่มจับเวลา")
    other.wait_for_selector("#attendance [aria-pressed=true]")
    other.wait_for_selector("#parking >> text=ขอแบบฟอร์มเป็นไฟล์")
    other.wait_for_function("() => /^14:\\d\\d$/.test(document.querySelector('[data-timer-left]')?.textContent)")
    assert other.inner_text("[data-timer-echo]").startswith("14:")
    check_axe(other)


def test_nothing_is_taken_from_under_somebodys_fingers(open_page, world, session, meeting):
    page = open_page(world.fellow)
    page.goto(meeting)
    page.fill("#guest-name", "อาจารย์สม")
    session_day.start_timer(world.author, session, 10)
    Attendance.create(session=session, employee=world.author)
    page.wait_for_selector("[data-timer]")  # the parts that are not in use were looked at again
    assert page.input_value("#guest-name") == "อาจารย์สม"


def test_the_timer_says_when_the_time_is_over_and_goes_when_it_is_stopped(open_page, world, session, meeting):
    session_day.start_timer(world.author, session, 1)
    page = open_page(world.fellow, size=PHONE)
    SessionTimer.update(ends_at=clock.now() + timedelta(seconds=3)).execute()
    page.goto(meeting)
    page.wait_for_selector(".timer.is-over")
    assert page.inner_text("[data-timer-over]") == "หมดเวลาแล้ว" and page.inner_text("[data-timer-left]") == "0:00"
    check_axe(page)
    session_day.stop_timer(world.author, session)
    page.wait_for_selector("[data-timer]", state="detached")
    page.wait_for_function("() => document.querySelector('[data-timer-echo]').textContent === 'วาระ'")


def test_one_tap_to_a_conclusion(open_page, world, meeting):
    page = open_page(world.fellow, size=PHONE)
    page.goto(meeting)
    page.click("text=จดข้อสรุป")
    page.keyboard.type("ลองสองสัปดาห์")
    page.keyboard.press("Enter")
    page.wait_for_selector("#notes .note-conclusion")
    page.wait_for_selector("#conclusions >> text=ลองสองสัปดาห์")


def test_scanning_signing_in_and_one_tap(open_page, world, meeting):
    host = open_page(world.author, size=DESK)
    host.goto(f"{meeting}/qr")
    check_axe(host)
    address = host.get_attribute(".qr-address", "href")
    phone = open_page(size=PHONE)
    phone.goto(address)
    fill_sign_in(phone, world.outsider)
    phone.wait_for_selector("text=ฉันมาแล้ว")
    check_axe(phone)
    phone.click("text=ฉันมาแล้ว")
    phone.wait_for_selector("text=ลงชื่อเข้าร่วมแล้ว")
    assert Attendance.get().employee == world.outsider
    host.wait_for_selector("text=ลงชื่อแล้ว 1 คน")


def test_two_who_finish_the_summary_at_once_see_both(open_page, world, session, meeting):
    factories.make_note(session, world.author, "ลองสองสัปดาห์", kind="conclusion")
    one, other = open_page(world.author, size=PHONE), open_page(world.fellow, size=PHONE)
    one.goto(f"{meeting}/summary")
    check_axe(one)
    one.click("text=ร่างสรุปจากบันทึก")
    one.wait_for_url("**/summary/edit")
    other.goto(f"{meeting}/summary/edit")
    one.fill("[name=improve]", "เริ่มให้ตรงเวลา")
    one.wait_for_selector("[data-save-state][data-state=saved]")
    one.fill("[name=improve]", "เริ่มให้ตรงเวลา จบให้ตรงเวลา")  # one page never conflicts with itself
    one.wait_for_function("() => document.querySelector('[name=version]').value === '3'")
    other.fill("[name=improve]", "ให้ทุกคนได้เล่า")
    other.wait_for_selector("[data-conflict]")
    assert "จบให้ตรงเวลา" in other.inner_text("[data-conflict]")
    check_axe(other)
    other.click("text=เก็บทั้งสองฉบับต่อกัน")
    other.wait_for_selector("[data-save-state][data-state=saved]")
    said = SessionSummary.get().improve
    assert "ให้ทุกคนได้เล่า" in said and "เริ่มให้ตรงเวลา จบให้ตรงเวลา" in said
    check_axe(other)


def test_the_summary_without_scripts(open_page, world, session, meeting):
    summaries.begin(world.author, session)
    page = open_page(world.author, javascript=False, size=PHONE)
    page.goto(f"{meeting}/summary/edit")
    page.fill("[name=text]", "ได้วิธีโทรช่วงพักเที่ยง")
    page.click("text=เสร็จแล้ว แบ่งปันให้สมาชิก")
    page.wait_for_selector("text=แบ่งปันแล้ว")
    assert SessionSummary.get().is_shared
    page.goto(f"{meeting}/summary/versions")
    assert "นำฉบับนี้กลับมา" in page.inner_text("main")
    page.goto(meeting)
    page.fill("#park-text", "เรื่องพักไว้")
    page.press("#park-text", "Enter")
    page.wait_for_url("**#parking")
    assert "เรื่องพักไว้" in page.inner_text("#parking")
