"""The community's year on a phone, from the circular to the finished follow-up, by what the pages show alone.

Nobody types an address but the first, nothing is prepared but units and accounts, the days pass by the server's clock.

KC_TEST_PICTURES names a folder for pictures of the stations.
"""

import os
import re
from datetime import datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from kc import clock
from kc.services import passwords
from tests import factories
from tests.browser import test_evaluation
from tests.browser.live import FITS, PASSWORD, PHONE, check_axe, fill_sign_in

pytestmark = pytest.mark.browser

TITLE = "นัดลูกหนี้ก่อนครบกำหนดอย่างเพื่อนบ้าน"
TRIED = "โทรนัดก่อนครบกำหนด 45 วัน ช่วงพักเที่ยง"
WANTED = "ลูกค้าไม่รับสายช่วงเช้า ทำอย่างไรดี"
PARKED = "ขอแบบฟอร์มนัดหมายเป็นไฟล์"
GUEST = "ผู้ใหญ่สมบูรณ์ ใจกว้าง"
SLOW = 60_000  # ms: a busy machine is no fault of the pages


_stations = count(1)  # numbers of the pictures


class Walker:
    """Somebody with a phone, who goes where the pages lead."""

    def __init__(self, page, person):
        self.page, self.person = page, person
        page.set_default_timeout(SLOW)
        self.open("/")

    def open(self, address):
        """The first address of all, and those that a camera reads."""
        self.page.goto(address)
        self.sign_in_if_asked()

    def sign_in_if_asked(self):
        self.page.wait_for_selector(".header-tools")
        if self.page.locator("main [name=password]").count():
            self.page.click("label:has([name=remember])")  # a phone of one's own
            fill_sign_in(self.page, self.person)
            self.page.wait_for_selector("main [name=password]", state="detached")

    def home(self):
        self.page.click(".bottom-nav a[href='/']")
        self.page.wait_for_selector(".hero, main [name=password]")
        self.sign_in_if_asked()
        self.page.wait_for_selector(".hero")

    def menu(self, label):
        self.home()
        self.page.click(".bottom-nav summary")
        self.page.click(f".bottom-nav .menu-item:has-text('{label}')")

    def communities(self):
        self.home()
        self.page.click(".bottom-nav a[href='/communities/']")

    def community(self):
        """The page of one's community, from home."""
        self.home()
        self.page.click(".home-aside a[href^='/communities/']:not([href*='sessions']):not([href$='/new']) >> nth=0")
        self.page.wait_for_selector("#want-h")

    def todo(self, words, button):
        """What waits for me, on the home page."""
        self.home()
        self.page.click(f".home-due li:has-text('{words}') a.btn:has-text('{button}') >> nth=0")

    def notice(self, words):
        """What I was told, behind the bell; the day's round may still be on its way."""
        told = self.page.locator(f"#centre .notice:has-text('{words}') a")
        for _ in range(40):
            self.page.click("#bell")
            self.page.wait_for_selector("#centre, main [name=password]")
            self.sign_in_if_asked()
            self.page.wait_for_selector("#centre")
            if told.count():
                break
            self.page.wait_for_timeout(250)
        told.first.click()

    def press(self, words):
        self.page.click(f"main button:has-text('{words}') >> visible=true >> nth=0")

    def follow(self, words):
        self.page.click(f"main a:has-text('{words}') >> visible=true >> nth=0")

    def agree(self):
        self.page.click("dialog[open] .btn-primary")

    def sees(self, words, inside="main"):
        expect(self.page.locator(inside)).to_contain_text(words, timeout=SLOW)

    def glance(self, name):
        """On the way: nothing scrolls sideways."""
        _picture(self.page, name)
        assert self.page.evaluate(FITS), f"{name} scrolls sideways: {self.page.url}"

    def look(self, name):
        """A main station: nor does anything shut anybody out."""
        self.glance(name)
        check_axe(self.page)


def _picture(page, name):
    if folder := os.environ.get("KC_TEST_PICTURES"):
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=Path(folder) / f"{next(_stations):02d}-{name}.png", full_page=True)


def local(text):
    """A moment like 2026-04-06 09:00 of the organisation's own clock."""
    return clock.from_local(datetime.fromisoformat(text))


# ---- units and accounts ---------------------------------------------------------------------------------------------


def people_of_the_bank():
    office = factories.make_unit("สนจ. ลำน้ำใส", kind="provincial_office")
    branch = factories.make_unit("สาขาบ้านนา", parent=office)
    other = factories.make_unit("สาขาปลายน้ำ", parent=office)
    kept = {"password_hash": passwords.hash_password(PASSWORD)}
    made = SimpleNamespace(
        officer=factories.make_employee("คมสัน จัดการ", office, employee_id="0000005", **kept),
        coordinator=factories.make_employee("ขวัญใจ ประสาน", office, employee_id="0000004", **kept),
        facilitator=factories.make_employee("กมล ใจดี", branch, employee_id="0000001", **kept),
        historian=factories.make_employee("เกศินี มานะ", branch, employee_id="0000002", **kept),
        member=factories.make_employee("ไกรสร ห่างไกล", other, employee_id="0000003", **kept),
    )
    factories.grant(made.officer, "knowledge_officer")
    factories.grant(made.coordinator, "coordinator", office)
    return made


# ---- April: the circular, signing up, who we are --------------------------------------------------------------------


def open_the_round(officer):
    officer.menu("บันทึกเวียนและการสมัคร")
    officer.look("no-rounds-yet")
    officer.follow("ออกบันทึกเวียนฉบับแรก")
    page = officer.page
    page.fill("[name=title]", "ขอเชิญสมัครชุมชนนักปฏิบัติ ประจำปี 2569")
    page.fill("[name=number]", "ที่ ฝพบ. 42/2569")
    page.fill("[name=opens_on]", "1/4/2569")
    page.fill("[name=closes_on]", "31/5/2569")
    page.fill("[name=text]", "ขอเชิญทุกสาขาสมัครภายในกำหนด ติดต่อทีมจัดการความรู้ได้ทุกวัน")
    page.click("main label.choice:has-text('สนจ.')")  # all kinds are ticked; this one is not invited
    officer.glance("round-form")
    officer.press("บันทึกร่าง")
    officer.glance("round-draft")
    officer.press("ประกาศ")
    officer.agree()
    officer.sees("สมัครแล้ว 0 จาก 2")
    officer.look("round-announced")


def see_who_has_not_signed_up(coordinator, units):
    coordinator.todo("ยังไม่สมัครชุมชน", "ดูรายชื่อ")
    for unit in units:
        coordinator.sees(unit)
    coordinator.look("who-has-not-signed-up")


def sign_up(facilitator):
    facilitator.todo("สมัครชุมชนนักปฏิบัติของปีนี้", "สมัครชุมชน")
    page = facilitator.page
    facilitator.glance("sign-up")
    page.fill("[name=knowledge_title]", TITLE)
    page.select_option("[name=topic]", label="NPLs")
    facilitator.press("บันทึกข้อมูล")
    page.wait_for_url(re.compile(r"/communities/\d+$"))
    facilitator.look("community-new")


def agree_how_to_work(facilitator):
    facilitator.follow("เขียนข้อตกลง")
    page = facilitator.page
    page.fill("[name=goals]", "ลดหนี้ค้างชำระของสาขาลงหนึ่งในห้าเมื่อสิ้นปี")
    page.fill("[name=agreement]", "พบกันทุกสองสัปดาห์ ฟังกันให้จบก่อนถาม")
    page.click("label:has([name=asks_to_join])")
    facilitator.press("บันทึก")
    page.wait_for_selector("#want-h")


def name_the_keepers(facilitator, historian):
    """A historian, who stands in for the facilitator as well; and somebody from outside."""
    facilitator.follow("จัดการคนในชุมชน")
    facilitator.glance("people-alone")
    page = facilitator.page
    page.fill("#bring-in [name=people]", historian.person.employee_id)
    page.select_option("#bring-in [name=role]", "historian")
    facilitator.press("คุยกันแล้ว เพิ่มได้เลย")
    page.wait_for_selector(f"#people :text('{historian.person.name}')")
    page.select_option("#deputy [name=role]", "facilitator")
    page.type("#deputy [name=deputy]", historian.person.first_name, delay=20)
    page.click(f"#deputy-options [role=option]:has-text('{historian.person.name}')")
    page.click("#deputy button[type=submit]")
    page.wait_for_selector("#people .badge:has-text('ผู้แทน')")
    page.click("#guests summary")
    page.fill("#guests [name=name]", GUEST)
    page.fill("#guests [name=organisation]", "หมู่บ้านนาทุ่ง")
    page.click("#guests label:has([name=consent])")
    facilitator.press("เพิ่มผู้เข้าร่วม")
    page.wait_for_selector(f"#guests li:has-text('{GUEST}')")
    facilitator.look("people")


def ask_to_join(member, facilitator):
    member.communities()
    member.follow("ชุมชนนักปฏิบัติ สาขาบ้านนา")
    member.look("community-of-others")
    member.follow("ขอเข้าร่วม")
    member.page.fill("#membership [name=message]", "สาขาเรามีลูกหนี้แบบเดียวกัน")
    member.press("ส่งคำขอเข้าร่วม")
    member.sees("รอผู้ดูแลชุมชนตอบ")
    facilitator.notice(member.person.name)
    facilitator.glance("asked-to-join")
    facilitator.press("รับเข้าชุมชน")
    facilitator.page.wait_for_selector("#people [role=status]")
    member.notice("ชุมชนนักปฏิบัติ สาขาบ้านนา")
    member.sees("พวกเรา (3 คน)")


# ---- April: what we plan --------------------------------------------------------------------------------------------


def write_the_plan(facilitator, historian):
    """Two people, one plan: each saves while they type."""
    facilitator.todo("ยังไม่มีแผนบทเรียนของปีนี้", "เขียนแผน")
    facilitator.page.fill("[name=objectives]", "นัดลูกหนี้ได้ก่อนครบกำหนดทุกราย")
    facilitator.page.fill("[name=evaluation]", "แบบทดสอบสั้น และประเมินตนเองก่อนและหลัง")
    facilitator.page.wait_for_selector("[data-save-state][data-state=saved]")
    facilitator.glance("plan-form")
    historian.community()
    historian.follow("ดูแผนทั้งปี")
    historian.follow("แก้ไขแผน")
    historian.page.fill("[name=content]", "ฟังลูกค้าให้เป็น\nนัดให้ได้วัน\nจดให้คนอื่นทำต่อได้")
    historian.page.wait_for_selector("[data-save-state][data-state=saved]")
    historian.press("บันทึกแผน")
    historian.sees("นัดลูกหนี้ได้ก่อนครบกำหนดทุกราย")
    historian.sees("ฟังลูกค้าให้เป็น")
    historian.look("plan")


def propose_and_vote(member, historian):
    member.community()
    member.follow("เสนอเรื่องที่อยากคุย")
    member.page.fill("#proposal-text", WANTED)
    member.press("เสนอ")
    member.page.wait_for_selector(f"#proposals .proposal:has-text('{WANTED}')")
    member.glance("proposals")
    historian.community()
    historian.page.click(f".proposal:has-text('{WANTED}') button.chip")
    historian.page.wait_for_selector(f".proposal:has-text('{WANTED}') .chip[aria-pressed=true]")


def meet_every_fortnight(facilitator, member):
    """The meeting that members want, again every two weeks, with its steps."""
    facilitator.community()
    facilitator.follow("นัดกิจกรรม")
    facilitator.follow(WANTED)
    page = facilitator.page
    assert page.input_value("[name=topic]") == WANTED
    page.fill("[name=held_on]", "20/4/2569")
    page.fill("[name=starts]", "13:30")
    page.fill("[name=ends]", "15:00")
    page.fill("[name=place]", "ใต้ต้นจามจุรีหน้าสาขา")
    page.select_option("[name=repeat]", "fortnightly")
    facilitator.glance("meeting-form")
    facilitator.press("บันทึกกิจกรรม")
    page.wait_for_url(re.compile(r"/sessions/\d+"))
    facilitator.glance("meeting-planned")
    member.notice(WANTED)
    member.sees("ใต้ต้นจามจุรีหน้าสาขา")


def plan_the_steps(facilitator):
    facilitator.todo(WANTED, "วางขั้นตอน")
    facilitator.follow("ใช้ขั้นตอนแนะนำ")
    facilitator.page.fill("[name=expected]", "ได้วิธีโทรหนึ่งวิธีที่จะลอง")
    facilitator.press("บันทึกแผนของครั้งนี้")
    facilitator.sees("ได้วิธีโทรหนึ่งวิธีที่จะลอง")
    facilitator.look("meetings-with-steps")


# ---- 20 April: we meet ----------------------------------------------------------------------------------------------


def come_to_the_meeting(facilitator, historian, member):
    """By one's own tap, by the code that is scanned, and who comes from outside by a colleague's tap."""
    facilitator.todo(WANTED, "เปิดบันทึก")
    facilitator.press("ฉันมาแล้ว")
    facilitator.page.click(f"#attendance button.chip:has-text('{GUEST}')")
    facilitator.page.wait_for_selector(f"#attendance .is-on:has-text('{GUEST}')")
    facilitator.follow("ให้คนอื่นสแกน QR ลงชื่อ")
    facilitator.glance("qr")
    for somebody in (historian, member):
        somebody.open(facilitator.page.get_attribute(".qr-address", "href"))
        somebody.press("ฉันมาแล้ว")
        somebody.sees("ลงชื่อเข้าร่วมแล้ว")
    member.glance("signed-in-by-qr")
    facilitator.page.wait_for_selector("text=ลงชื่อแล้ว 4 คน")
    facilitator.follow("กลับไปหน้ากิจกรรม")


def write(somebody, kind, text):
    somebody.page.click(f"#composer .choice:has-text('{kind}')")
    somebody.page.fill("#composer [name=text]", text)
    somebody.page.press("#composer [name=text]", "Enter")
    somebody.page.wait_for_selector(f"#notes .note:has-text('{text}') form[action*='from-note']")


def write_notes_together(historian, member):
    write(historian, "ปัญหา", "โทรตอนเช้าลูกค้าอยู่ในนา ไม่รับสาย")
    write(member, "เทคนิค", TRIED)
    historian.page.wait_for_selector(f"#notes :text('{TRIED}')")  # what the other phone wrote
    member.page.fill("#park-text", PARKED)
    member.page.press("#park-text", "Enter")
    historian.page.wait_for_selector(f"#parking :text('{PARKED}')")
    historian.look("notes")


def turn_a_note_into_a_trial(member):
    """One tap in the meeting, the details afterwards."""
    member.page.click(f"#notes .note:has-text('{TRIED}') button:has-text('ลองทำเรื่องนี้')")
    member.page.wait_for_selector("text=วางแผนทดลองแล้ว")
    member.glance("note-became-trial")


def conclude(historian):
    historian.page.click("#conclusions a:has-text('จดข้อสรุป')")
    historian.page.keyboard.type("เริ่มโทรช่วงพักเที่ยง แล้วเล่าผลในอีกหนึ่งเดือน")
    historian.page.keyboard.press("Enter")
    historian.page.wait_for_selector("#conclusions :text('เริ่มโทรช่วงพักเที่ยง')")


# ---- 21 April: the summary, and what we try -------------------------------------------------------------------------


def share_the_summary(historian, member):
    historian.todo(WANTED, "ร่างสรุป")
    historian.press("ร่างสรุปจากบันทึก")
    historian.page.wait_for_url("**/summary/edit")
    assert "เริ่มโทรช่วงพักเที่ยง" in historian.page.input_value("[name=text]")
    historian.page.fill("[name=improve]", "ให้ทุกคนได้เล่าก่อนสรุป")
    historian.glance("summary-draft")
    historian.press("เสร็จแล้ว แบ่งปันให้สมาชิก")
    historian.sees("แบ่งปันแล้ว")
    member.notice("สรุป")
    member.sees("ให้ทุกคนได้เล่าก่อนสรุป")
    member.look("summary-shared")


def begin_the_trial(member):
    member.todo(TRIED, "ดูแผน")
    member.glance("trial-planned")
    member.follow("เติมรายละเอียด")
    page = member.page
    page.fill("[name=how]", "โทรหาลูกค้ายี่สิบราย ก่อนครบกำหนด 45 วัน เวลา 12.00-13.00 น.")
    page.fill("[name=place]", "สาขาปลายน้ำ")
    page.click("summary:has-text('คาดหวังอะไร')")
    for name, text in (("measure", "ลูกค้าที่รับสาย"), ("before", "6"), ("target", "15"), ("unit", "ราย")):
        page.fill(f"[name={name}]", text)
    member.glance("trial-form")
    member.press("บันทึกแผน")
    member.press("เริ่มลองแล้ว")
    member.sees("กำลังทดลอง")
    member.look("trial-running")


# ---- May: what came of it, and what we learned ----------------------------------------------------------------------


def tell_the_result(member):
    member.todo(TRIED, "บันทึกผล")
    member.page.fill("[name=result]", "โทรช่วงพักเที่ยงรับสาย 16 จาก 20 ราย นัดวันชำระได้ 14 ราย")
    member.page.fill("[name=after]", "16")
    member.page.click("label.choice:has-text('ได้ผลดี นำไปใช้')")
    member.glance("trial-result")
    member.press("บันทึกผล")
    member.sees("สรุปเป็นองค์ความรู้")
    member.glance("trial-done")


def see_the_chain(facilitator):
    facilitator.community()
    stages = facilitator.page.locator("#trials .loop-card >> visible=true").all()
    assert [stage.text_content().split()[0] for stage in stages] == ["คุย", "ลอง", "ผล", "ปรับ", "องค์ความรู้"]
    facilitator.look("community-with-chain")


def write_it_up(facilitator):
    """Parts 4 and 5 come from the trial; the others are written."""
    page = facilitator.page
    page.click("#trials .loop-card:has-text('พร้อมสรุปเป็นองค์ความรู้') >> visible=true")
    facilitator.press("เริ่มเขียนจากการทดลองนี้")
    page.wait_for_url(re.compile(r"/knowledge/\d+/edit"))
    assert "สาขาปลายน้ำ" in page.input_value("textarea[name=method]")
    assert "16 จาก 20 ราย" in page.input_value("textarea[name=results]")
    for part, text in (
        ("background", "ลูกหนี้ไม่รับสาย หนี้ค้างชำระเพิ่มขึ้น"),
        ("goals", "นัดวันชำระได้ก่อนครบกำหนด"),
        ("target_group", "พนักงานสินเชื่อทุกสาขา"),
    ):
        page.fill(f"textarea[name={part}]", text)
    page.wait_for_selector("#article-form [data-save-state][data-state=saved]")
    facilitator.look("article-editor")
    facilitator.press("ส่งขอเผยแพร่")
    facilitator.sees("รอเผยแพร่")


def publish(coordinator, facilitator):
    coordinator.todo("ส่งมาให้เผยแพร่", "ตรวจและเผยแพร่")
    coordinator.glance("article-to-publish")
    coordinator.press("เผยแพร่")
    coordinator.agree()
    coordinator.sees("เผยแพร่แล้ว")
    facilitator.notice("เผยแพร่")
    facilitator.sees("ทดลองใช้มาแล้ว 1 รอบ")
    facilitator.look("article-published")


# ---- the end of May: what we learned --------------------------------------------------------------------------------


def open_the_evaluation(facilitator):
    facilitator.community()
    page = facilitator.page
    page.click("section[aria-labelledby='evaluation-h'] a:has-text('วางแผน')")
    facilitator.follow("วางแผนการประเมิน")
    facilitator.sees("แบบทดสอบสั้น และประเมินตนเองก่อนและหลัง")  # as the learning plan says
    page.fill("[name=points]", "นัดลูกหนี้ได้ก่อนครบกำหนด")
    facilitator.glance("evaluation-plan")
    facilitator.press("บันทึกแผน")
    page.fill("[name=text]", "โทรหาลูกค้าเวลาใดดีที่สุด")
    for n, choice in enumerate(("ช่วงพักเที่ยง", "ก่อนเจ็ดโมงเช้า")):
        page.locator("[name=choice]").nth(n).fill(choice)
    page.locator("[name=right]").nth(0).check()
    facilitator.glance("evaluation-questions")
    facilitator.press("บันทึกคำถาม")
    facilitator.follow("เสร็จแล้ว กลับไปหน้าประเมิน")
    page.fill("[name=due_on]", "30/5/2569")
    facilitator.press("เปิดหลังเรียนรู้เลย")
    facilitator.sees("0 จาก 4 คน")
    facilitator.look("evaluation-open")


def evaluate(page):
    test_evaluation.answer(page, "ช่วงพักเที่ยง")


def answer_what_we_learned(facilitator, member, historian, stranger):
    """By the todo, by the notice, and by the link that the guest is sent."""
    member.todo("ประเมินผลการเรียนรู้", "ตอบเลย")
    member.look("evaluation-answer")
    evaluate(member.page)
    member.glance("evaluation-answered")
    historian.notice("ประเมิน")
    evaluate(historian.page)
    facilitator.follow("ลิงก์และคิวอาร์")
    facilitator.glance("evaluation-links")
    stranger.goto(facilitator.page.get_attribute(".eval-address a[href*='/guest/']", "href"))
    evaluate(stranger)


def see_who_is_missing_and_close(facilitator):
    facilitator.follow("กลับ")
    facilitator.sees("3 จาก 4 คน")
    row = facilitator.page.locator("tr", has_text=facilitator.person.name)
    expect(row).to_contain_text("รอ", timeout=SLOW)
    facilitator.press("ส่งลิงก์ถึงคนที่ยังไม่ตอบ")
    facilitator.follow("ตอบเลย")
    evaluate(facilitator.page)
    facilitator.community()
    facilitator.page.click("section[aria-labelledby='evaluation-h'] a:has-text('ดูผล')")
    facilitator.sees("4 จาก 4 คน")
    facilitator.look("evaluation-result")
    facilitator.press("ปิดการประเมิน")
    facilitator.sees("ปิดการประเมินแล้ว")


# ---- June to November: is it used -----------------------------------------------------------------------------------


def tell_the_use(page, place="งานนัดชำระหนี้ สาขาปลายน้ำ"):
    page.click(".choice >> text='ใช้แล้ว'")
    page.fill("[name=place]", place)
    page.click(".choice:has-text('งานเร็วขึ้น')")
    page.click("button:has-text('ส่งคำตอบ')")
    page.wait_for_selector("text=ถ้ามีอะไรเปลี่ยน")


def answer_after_a_month(facilitator, member, historian, stranger):
    member.todo("ได้ใช้สิ่งที่เรียนรู้หรือยัง (1 เดือน)", "ตอบเลย")
    member.look("follow-up-answer")
    tell_the_use(member.page)
    member.glance("follow-up-answered")
    historian.notice("ใช้")
    tell_the_use(historian.page, "สาขาบ้านนา")
    facilitator.community()
    facilitator.sees("ตอบแล้ว 2 จาก 4 คน")
    facilitator.follow("ตอบเลย")
    tell_the_use(facilitator.page, "สาขาบ้านนา")
    facilitator.community()
    facilitator.page.click("section[aria-labelledby='evaluation-h'] a:has-text('ดูผล')")
    facilitator.follow("ติดตามการนำไปใช้")
    facilitator.sees("3 จาก 4 คน")
    facilitator.glance("follow-up-who-is-missing")
    facilitator.follow("ลิงก์และคิวอาร์")
    stranger.goto(facilitator.page.get_attribute(".eval-address a[href*='/guest/']", "href"))
    tell_the_use(stranger, "หมู่บ้านนาทุ่ง")


def answer_what_is_left(facilitator, others, stranger):
    """Three months and six: the facilitator is told who is missing, and sends the link again."""
    facilitator.notice("ยังขาดคำตอบ 4 คน")
    facilitator.press("ส่งลิงก์ถึงคนที่ยังไม่ตอบ")
    for months in (3, 6):
        for somebody in others:
            somebody.notice(f"ผ่านมา {months} เดือน")
            tell_the_use(somebody.page)
        facilitator.todo(f"({months} เดือน)", "ตอบเลย")  # nobody is told what they send themselves
        tell_the_use(facilitator.page)
    facilitator.community()
    facilitator.page.click("section[aria-labelledby='evaluation-h'] a:has-text('ดูผล')")
    facilitator.follow("ติดตามการนำไปใช้")
    for _months in (3, 6):
        facilitator.follow("ลิงก์และคิวอาร์")
        stranger.goto(facilitator.page.get_attribute(".eval-address a[href*='/guest/']", "href"))
        tell_the_use(stranger, "หมู่บ้านนาทุ่ง")
        facilitator.follow("กลับ")
    expect(facilitator.page.locator("[aria-labelledby=cover-h] .progress", has_text="4 จาก 4 คน")).to_have_count(
        3, timeout=SLOW
    )
    facilitator.look("follow-up-finished")


# ---- what came of the year ------------------------------------------------------------------------------------------


def read_who_uses_it(coordinator):
    coordinator.home()
    coordinator.page.click(f".home-main a:has-text('{TRIED}')")
    coordinator.page.wait_for_selector("#uses :text('งานนัดชำระหนี้ สาขาปลายน้ำ')")
    coordinator.look("article-used-by")


def see_that_all_were_asked(coordinator):
    coordinator.communities()
    coordinator.follow("ประเมินและติดตาม")
    row = coordinator.page.locator("tr", has_text="ชุมชนนักปฏิบัติ สาขาบ้านนา")
    expect(row).to_contain_text("4/4", timeout=SLOW)
    expect(row).to_contain_text("12/12", timeout=SLOW)
    coordinator.look("coverage")


def take_the_evidence(facilitator):
    facilitator.community()
    facilitator.follow("หลักฐานของชุมชน")
    facilitator.sees("ยังขาด")
    facilitator.look("evidence")
    with facilitator.page.expect_download() as download:
        facilitator.follow("ดาวน์โหลดชุดหลักฐาน")
    names = ZipFile(BytesIO(Path(download.value.path()).read_bytes())).namelist()
    folders = sorted({name.split("/")[0] for name in names})
    assert folders[0] == "00 สารบัญ.pdf" and len(folders) == 10
    assert len([name for name in names if name.startswith("04 ")]) == 1  # of the meeting that was held, no other


# ---- the walk -------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(app):
    """The application first: it makes the database."""
    return people_of_the_bank()


def test_the_year_from_the_circular_to_the_finished_follow_up(people, live, open_page):
    live.go_on_at(local("2026-04-06 09:00"))
    officer, coordinator, facilitator, historian, member = (
        Walker(open_page(size=PHONE), somebody)
        for somebody in (people.officer, people.coordinator, people.facilitator, people.historian, people.member)
    )
    stranger = open_page(size=PHONE)

    open_the_round(officer)
    see_who_has_not_signed_up(coordinator, ("สาขาบ้านนา", "สาขาปลายน้ำ"))
    sign_up(facilitator)
    agree_how_to_work(facilitator)
    name_the_keepers(facilitator, historian)
    ask_to_join(member, facilitator)
    write_the_plan(facilitator, historian)
    propose_and_vote(member, historian)
    meet_every_fortnight(facilitator, member)

    live.go_on_at(local("2026-04-15 09:00"))
    plan_the_steps(facilitator)

    live.go_on_at(local("2026-04-20 13:20"))
    come_to_the_meeting(facilitator, historian, member)
    write_notes_together(historian, member)
    turn_a_note_into_a_trial(member)
    conclude(historian)

    live.go_on_at(local("2026-04-21 09:00"))
    share_the_summary(historian, member)
    begin_the_trial(member)

    live.go_on_at(local("2026-05-04 09:00"))
    tell_the_result(member)
    see_the_chain(facilitator)
    write_it_up(facilitator)
    publish(coordinator, facilitator)

    live.go_on_at(local("2026-05-25 09:00"))
    open_the_evaluation(facilitator)
    answer_what_we_learned(facilitator, member, historian, stranger)
    see_who_is_missing_and_close(facilitator)

    live.go_on_at(local("2026-06-05 09:00"))
    answer_after_a_month(facilitator, member, historian, stranger)

    live.go_on_at(local("2026-11-18 09:00"))
    answer_what_is_left(facilitator, (historian, member), stranger)
    read_who_uses_it(coordinator)
    see_that_all_were_asked(coordinator)
    take_the_evidence(facilitator)
