"""Planning in a real browser: the plan saved as typed, steps, votes, calendars; at both sizes, without faults."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from kc import clock
from kc.models import LearningPlan, Proposal, SessionStep
from kc.services import calendar_feeds, learning_plans, meeting_plans, proposals
from tests import factories
from tests.browser.live import DESK, PHONE, check_axe

pytestmark = pytest.mark.browser


@pytest.fixture
def session(cast):
    return factories.make_session(
        cast.community, held_on=clock.today() + timedelta(days=7), starts=time(17, 0), ends=time(18, 0)
    )


def test_the_plan_is_saved_as_it_is_typed(world, open_page):
    page = open_page(world.fellow, size=PHONE)
    page.goto(f"/communities/{world.community.id}/plan/edit")
    page.fill("[name=objectives]", "คิดงวดจากเงินที่มีจริง")
    page.wait_for_selector("[data-save-state][data-state=saved]")
    assert LearningPlan.get().objectives == "คิดงวดจากเงินที่มีจริง"


def test_what_somebody_else_writes_meanwhile_appears(world, open_page):
    learning_plans.save(world.author, world.community, {"objectives": "เดิม", "evaluation": ""}, "")
    page = open_page(world.fellow)
    page.goto(f"/communities/{world.community.id}/plan/edit")
    seen = learning_plans.token(1, learning_plans.content_of(LearningPlan.get()))
    learning_plans.save(world.author, world.community, {"evaluation": "แบบทดสอบสั้น"}, seen)
    page.fill("[name=objectives]", "ใหม่")
    expect(page.locator("[name=evaluation]")).to_have_value("แบบทดสอบสั้น", timeout=15_000)
    page.fill("[name=evaluation]", "แบบทดสอบสั้น 5 ข้อ")
    page.wait_for_selector("[data-save-state][data-state=saved]")
    page.wait_for_timeout(1500)
    assert LearningPlan.get().evaluation == "แบบทดสอบสั้น 5 ข้อ" and not page.query_selector("[data-conflict]")


def test_steps_are_planned_without_javascript_too(world, open_page, session):
    page = open_page(world.fellow, javascript=False, size=PHONE)
    page.goto(f"/communities/{world.community.id}/sessions/{session.id}/steps")
    page.click("text=ใช้ขั้นตอนแนะนำ")
    page.fill("#title-1", "ทักทายและชงกาแฟ")
    page.click("text=บันทึกแผนของครั้งนี้")
    page.wait_for_url("**/plan#*")
    assert SessionStep.select().order_by(SessionStep.position).first().title == "ทักทายและชงกาแฟ"


def test_a_vote_is_one_tap(world, open_page):
    made = proposals.propose(world.author, world.community, "เรื่องที่อยากคุย")
    page = open_page(world.fellow, size=PHONE)
    page.goto(f"/communities/{world.community.id}/proposals/")
    page.click(f"#proposal-{made.id} .chip")
    page.wait_for_selector(f"#proposal-{made.id} .chip[aria-pressed=true]")
    assert Proposal.get().votes.count() == 2


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (DESK, True)])
def test_every_page_of_planning_is_without_faults(world, open_page, session, size, dark):
    community = world.community
    learning_plans.save(world.author, community, {"objectives": "เรียนรู้ร่วมกัน", "member_count": 6}, "")
    meeting_plans.save(world.author, session, 0, "คิดงวดเป็น", meeting_plans.suggested(session))
    proposals.propose(world.fellow, community, "ทำอย่างไรให้ลูกค้าบอกหนี้นอกระบบโดยไม่อึดอัดใจทั้งสองฝ่าย")
    calendar_feeds.subscribe(world.author, community)
    page = open_page(world.author, size=size, dark=dark)
    here = f"/communities/{community.id}"
    steps = f"{here}/sessions/{session.id}/steps"
    edit = f"{here}/sessions/{session.id}/edit"
    for url in (f"{here}/plan", f"{here}/plan/edit", steps, edit, f"{here}/proposals/", "/calendar/", here):
        page.goto(url)
        check_axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{url} is {wide} px too wide"
