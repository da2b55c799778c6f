"""Evaluation and follow-up on a phone, with and without JavaScript: planned, opened, answered by a member and a guest
with their own link, closed; a month later used, and seen on the knowledge's page (S0-198, S0-200)."""

import pytest

from kc import clock
from kc.models import Assessment, Attendance, FollowUp
from kc.services import follow_up
from tests import factories
from tests.browser.live import PHONE, check_axe

pytestmark = pytest.mark.browser


def plan(page, base):
    page.goto(base)
    page.click("a:has-text('วางแผนการประเมิน')")
    page.fill("[name=points]", "ฟังก่อนเสนอทางออก")
    page.click("button:has-text('บันทึกแผน')")
    page.fill("[name=text]", "เยี่ยมลูกค้าเมื่อใด")
    for n, choice in enumerate(("ก่อนครบกำหนด", "หลังค้างชำระ")):
        page.locator("[name=choice]").nth(n).fill(choice)
    page.locator("[name=right]").nth(0).check()
    page.click("button:has-text('บันทึกคำถาม')")
    page.click("a:has-text('เสร็จแล้ว กลับไปหน้าประเมิน')")
    page.click("button:has-text('เปิดหลังเรียนรู้เลย')")
    page.wait_for_selector("text=เปิดให้ตอบแล้ว")


def answer(page, choice="ก่อนครบกำหนด"):
    """Six taps."""
    page.click(f".choice:has-text('{choice}')")
    for name, level in (("before0", 2), ("after0", 4), ("satisfaction", 5)):
        page.locator(f"label:has([name={name}][value='{level}'])").click()
    page.click("button:has-text('ส่งคำตอบ')")
    page.wait_for_selector("text=ขอบคุณ คุณตอบแล้ว")


@pytest.mark.parametrize("javascript", [True, False])
def test_s0_198_s0_200_from_the_plan_to_the_use(world, open_page, app, javascript):
    Attendance.create(session=factories.make_session(world.community), guest_name="ครูวิลาวัณย์")
    article = factories.make_article("เยี่ยมก่อน", world.author, community=world.community, status="published")
    base = f"/communities/{world.community.id}/evaluation"
    facilitator = open_page(world.author, javascript=javascript, size=PHONE)
    plan(facilitator, base)
    facilitator.click("a:has-text('ลิงก์และคิวอาร์')")
    link = facilitator.locator(".eval-address a[href*='/guest/']").get_attribute("href")
    check_axe(facilitator) if javascript else None
    member = open_page(world.fellow, javascript=javascript, size=PHONE)
    member.goto(f"/communities/{world.community.id}")
    member.click("a:has-text('ตอบเลย')")
    answer(member)
    guest = open_page(None, javascript=javascript, size=PHONE)
    guest.goto(link)
    answer(guest)
    assert Assessment.select().where(Assessment.done_at.is_null(False)).count() == 2
    facilitator.goto(base)
    facilitator.wait_for_selector("text=2 จาก 3 คน")
    facilitator.click("button:has-text('ปิดการประเมิน')")
    facilitator.wait_for_selector("text=ปิดการประเมินแล้ว")
    follow_up.start_on(world.author, world.community, follow_up.months_after(clock.today(), -2))
    use(member, world, javascript)
    reader = open_page(world.outsider, javascript=javascript, size=PHONE)
    reader.goto(f"/knowledge/{article.id}")
    reader.wait_for_selector("#uses >> text=งานนัดชำระหนี้")


def use(page, world, javascript):
    """What only users are asked goes away for those who do not use it yet, with CSS alone."""
    page.goto("/")
    page.locator("a[href^='/follow-up/']").first.click()
    page.click(".choice:has-text('ยังไม่ได้ใช้')")
    assert not page.locator("[name=place]").is_visible()
    page.click(".choice >> text='ใช้แล้ว'")
    page.fill("[name=place]", "งานนัดชำระหนี้")
    page.click(".choice:has-text('งานเร็วขึ้น')")
    check_axe(page) if javascript else None
    page.click("button:has-text('ส่งคำตอบ')")
    page.wait_for_selector("text=ถ้ามีอะไรเปลี่ยน")
    assert FollowUp.get(FollowUp.employee == world.fellow, FollowUp.months == 1).outcomes == "faster"
