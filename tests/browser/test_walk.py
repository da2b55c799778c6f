"""The main job from end to end, as people do it: activate, sign a community up with two inputs, add members, keep notes
of a session with two people while the server dies in between, publish with a PDF, find it by a word of its body."""

import re
from pathlib import Path

import pytest

from kc.documents import ExchangeForm, exchange_form_pdf
from kc.models import Community, KnowledgeArticle, Membership, SessionNote
from kc.services import codes
from kc.services.account_rules import AccountRules
from tests import factories
from tests.browser.live import DESK, PASSWORD, PHONE, check_axe, fill_sign_in, give_password, sign_in

pytestmark = pytest.mark.browser

WORD = "ลงแขกเกี่ยวข้าว"  # stands only inside the article's method
NOTES = ("ลูกหนี้กลัวพนักงาน", "ไปกับผู้ใหญ่บ้าน", "ฟังก่อนพูด", "นัดวันชำระร่วมกัน", "ลองหนึ่งเดือน")


def activate(page, world, app):
    """A new colleague types the code of the slip and sets a password of their own."""
    newcomer = factories.make_employee("ณัฐ มาใหม่", world.branch, password_hash="", employee_id="0009001")
    with app.app_context():
        slip = codes.issue(world.administrator, newcomer, AccountRules.of(app.config))
    page.goto("/activate")
    page.fill("[name=employee_id]", " ๐๐๐๙๐๐๑ ")
    page.fill("[name=code]", slip.code.lower())
    page.click("main form [type=submit]")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main form [type=submit]")
    page.wait_for_selector(".hero")
    return newcomer


def sign_up(page, topic):
    """From home in one click; exactly two inputs: a title typed, a topic picked."""
    page.click("main a[href='/communities/new'] >> nth=0")
    page.fill("[name=knowledge_title]", "การเยี่ยมลูกหนี้อย่างเพื่อนบ้าน")
    page.select_option("[name=topic]", label=topic)
    page.click("#sign-up [type=submit]")
    page.wait_for_url(re.compile(r"/communities/\d+$"))


def add_member(page, employee, javascript):
    if javascript:
        page.type("[name=person]", employee.first_name, delay=20)
        page.click(f"#person-options [role=option]:has-text('{employee.name}')")
    else:
        page.fill("[name=person]", employee.employee_id)
    page.click("#membership form[action$='/members'] > [type=submit]")
    page.wait_for_selector(f"#membership .person:has-text('{employee.name}')")


def plan_session(page):
    page.click("a[href$='/sessions/new'] >> nth=0")
    page.fill("[name=topic]", "เล่าเรื่องลูกหนี้รายแรก")
    page.fill("[name=place]", "ใต้ต้นจามจุรีหน้าสาขา")
    page.click("main form [type=submit]")
    page.wait_for_url(re.compile(r"/sessions/\d+$"))
    return page.url


def write_note(page, text, javascript):
    page.fill("#composer [name=text]", text)
    if javascript:
        page.press("#composer [name=text]", "Enter")
    else:
        page.click("#composer [type=submit]")


def write_article(page, community_url, pdf: Path, javascript):
    """The five parts, with a PDF attached; the rest of what is required is made by the system."""
    page.goto(community_url)
    page.click("a[href^='/knowledge/new']")
    page.fill("[name=title]", "เยี่ยมลูกหนี้อย่างเพื่อนบ้าน")
    page.click("main form [type=submit]")
    page.wait_for_url(re.compile(r"/knowledge/\d+/edit"))
    for part, text in (
        ("background", "หนี้ค้างชำระเพิ่มขึ้นหลังน้ำท่วม"),
        ("goals", "ลดหนี้ค้างชำระหนึ่งในห้า"),
        ("target_group", "พนักงานสินเชื่อทุกสาขา"),
        ("method", f"ไปช่วย{WORD}ก่อน แล้วค่อยคุยเรื่องหนี้"),
        ("results", "ชำระตามนัดเพิ่มขึ้นเป็นสองเท่า"),
    ):
        page.fill(f"textarea[name={part}]", text)
    page.fill("[name=results_on]", "31/3/2569")
    if javascript:
        page.wait_for_selector("#article-form [data-save-state][data-state=saved]")
    page.click("#article-form .form-actions [type=submit] >> nth=0")
    page.goto(re.sub(r"(/knowledge/\d+).*", r"\1/edit", page.url))
    page.set_input_files("input[type=file]", str(pdf))
    if not javascript:
        page.click("form[action$='/attachments'] [type=submit]")
    page.wait_for_selector(".file-name:has-text('แบบฟอร์มแลกเปลี่ยนเรียนรู้')")
    article = KnowledgeArticle.get(KnowledgeArticle.title == "เยี่ยมลูกหนี้อย่างเพื่อนบ้าน")
    page.goto(f"/knowledge/{article.id}/edit")
    page.click("button:has-text('สร้างสไลด์สรุป')")
    page.wait_for_selector(".file-name >> nth=1")
    return article


def a_pdf(folder: Path) -> Path:
    file = folder / "แบบฟอร์มแลกเปลี่ยนเรียนรู้ บ้านนา.pdf"
    file.write_bytes(exchange_form_pdf(ExchangeForm(title="เยี่ยมลูกหนี้อย่างเพื่อนบ้าน", method="ตามที่เขียนไว้")))
    return file


@pytest.mark.parametrize(("javascript", "size"), [(True, PHONE), (False, DESK)], ids=["phone", "without JavaScript"])
def test_the_whole_main_job(open_page, world, app, live, tmp_path, javascript, size):
    """What is talked about is exchanged, stored, found and read by others within minutes, on a phone too (S0-190)."""
    factories.make_topic("NPLs")
    give_password(world.fellow, world.coordinator, world.outsider)
    one = open_page(javascript=javascript, size=size)
    newcomer = activate(one, world, app)

    sign_up(one, "NPLs")
    community_url = one.url
    community = Community.get(Community.knowledge_title == "การเยี่ยมลูกหนี้อย่างเพื่อนบ้าน")
    assert community.unit == world.branch and community.created_by == newcomer
    for colleague in (world.fellow, world.author):
        add_member(one, colleague, javascript)
    assert Membership.select().where(Membership.community == community).count() == 3

    meeting = plan_session(one)
    two = open_page(world.fellow, javascript=javascript, size=size)
    two.goto(meeting)
    write_note(one, NOTES[0], javascript)
    write_note(two, NOTES[1], javascript)
    live.kill()
    if javascript:
        write_note(one, NOTES[2], javascript)  # while the server is down
    live.start()
    for page, text in (
        ((two, NOTES[3]), (one, NOTES[4])) if javascript else ((one, NOTES[2]), (two, NOTES[3]), (one, NOTES[4]))
    ):
        write_note(page, text, javascript)
    if javascript:
        for page in (one, two):
            page.wait_for_function(
                "() => document.querySelectorAll('#notes .note-text').length === 5"
                " && !document.querySelector('#notes form[data-autosave]')",
                timeout=60_000,
            )
    assert sorted(note.text for note in SessionNote.select()) == sorted(NOTES)

    article = write_article(one, community_url, a_pdf(tmp_path), javascript)
    one.goto(f"/knowledge/{article.id}/edit")
    one.click("button[value=submit]")
    three = open_page(world.coordinator, javascript=javascript, size=size)
    three.goto("/")
    three.click("a:has-text('ตรวจและเผยแพร่')")
    three.click("form[action$='/publish'] button")
    if javascript and three.is_visible("dialog[open]"):
        three.click("dialog[open] .btn-primary")
    three.wait_for_selector("text=เผยแพร่แล้ว")

    four = open_page(world.outsider, javascript=javascript, size=size)
    four.goto("/")
    four.fill(".hero [name=q]", WORD)
    four.press(".hero [name=q]", "Enter")
    four.wait_for_selector(f"[data-hit=knowledge][data-id='{article.id}']")
    assert WORD in four.inner_text("[data-hit] mark >> nth=0") or four.query_selector("[data-hit] mark")
    four.click("[data-hit] .hit-title a")
    four.wait_for_selector(f"text={WORD}")
    if javascript:
        check_axe(four)


def test_what_was_typed_survives_an_expired_sign_in(open_page, world):
    """Without JavaScript: sign-up typed, cookie gone, signed in again, one press sends it on."""
    factories.make_topic("NPLs")
    give_password(world.author)
    page = open_page(world.author, javascript=False)
    page.goto("/communities/new")
    page.fill("[name=knowledge_title]", "พิมพ์ไว้ยาวมาก")
    page.select_option("[name=topic]", label="NPLs")
    page.context.clear_cookies()
    page.click("#sign-up [type=submit]")
    fill_sign_in(page, world.author)
    assert "พิมพ์ไว้ยาวมาก" in page.inner_text("main")
    page.click("main form [type=submit]")
    assert Community.select().where(Community.knowledge_title == "พิมพ์ไว้ยาวมาก").count() == 1


def test_the_same_with_htmx(open_page, world):
    factories.make_topic("NPLs")
    give_password(world.author)
    page = open_page(world.author)
    page.goto("/communities/new")
    page.fill("[name=knowledge_title]", "พิมพ์ไว้ยาวมาก")
    page.select_option("[name=topic]", label="NPLs")
    page.context.clear_cookies()
    page.click("#sign-up [type=submit]")
    page.wait_for_selector("[name=password]")
    fill_sign_in(page, world.author)
    page.wait_for_selector("text=พิมพ์ไว้ยาวมาก")
    page.click("main form [type=submit]")
    page.wait_for_url(re.compile(r"/communities/\d+$"))
    assert Community.select().where(Community.knowledge_title == "พิมพ์ไว้ยาวมาก").count() == 1


def test_signing_out_ends_it_everywhere_in_this_browser(open_page, world):
    give_password(world.author)
    page = open_page(world.author)
    page.goto("/communities/new")
    page.evaluate("() => document.querySelector('form[action$=\"/logout\"]').submit()")
    page.wait_for_url("**/login*")
    page.goto("/communities/new")
    assert "/login?next=" in page.url
    sign_in(page, world.author)
