"""The five-part editor in a real browser: with scripts and without, alone and with somebody else in it."""

import io

import pytest
from PIL import Image

from kc.models import Attachment, KnowledgeArticle
from kc.services import articles
from tests import factories
from tests.browser.live import DESK, PHONE, check_axe, give_password

pytestmark = pytest.mark.browser

SAVED = "[data-save-state][data-state=saved]"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def draft(world):
    give_password(world.author, world.fellow)
    session = factories.make_session(world.community)
    factories.make_note(session, world.fellow, "โทรถามก่อนครบกำหนด", kind="technique", speaker=world.fellow)
    return factories.make_article(
        "ร่างจากบันทึก", world.author, community=world.community, unit=world.branch, method="", results=""
    )


def again(draft) -> KnowledgeArticle:
    return KnowledgeArticle.get_by_id(draft.id)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#114a43").save(out, "JPEG")
    return out.getvalue()


def test_everything_is_saved_without_pressing_save(open_page, world, draft):
    page = open_page(world.author)
    page.goto(f"/knowledge/{draft.id}/edit")
    page.click("[data-pull=method]")
    assert page.input_value("#method") == "โทรถามก่อนครบกำหนด (เกศินี มานะ)"
    page.fill("#results", "หนี้ค้างลดลง")
    page.focus("#results")
    page.keyboard.press("Control+a")
    page.click("[data-toolbar=results] [data-format=bold]")
    page.click("[data-toolbar=results] .tool-wide")
    page.wait_for_selector("#results-preview strong")
    for name, value in (("measure", "หนี้ค้าง"), ("before", "40"), ("target", "20"), ("after", "12")):
        page.locator(f"[name=m_{name}]").first.fill(value)
    page.click("[data-add-measure]")
    page.locator("[name=m_measure]").nth(1).fill("แถวที่เปลี่ยนใจ")
    page.locator("[data-remove-measure]").nth(1).click()
    page.locator("#author").press_sequentially("เกศ", delay=40)
    page.wait_for_selector("#author-options [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[data-author='{world.fellow.id}']")
    page.wait_for_timeout(1500)
    page.wait_for_selector(SAVED)
    assert page.locator("[data-gaps-none]").is_visible()
    page.reload()
    assert page.input_value("#results") == "**หนี้ค้างลดลง**" and not page.locator("[data-restored]").count()
    saved = again(draft)
    assert [m.after for m in articles.measures_of(saved)] == ["12"]
    assert [a.name for a in articles.authors_of(saved)] == ["กมล ใจดี", "เกศินี มานะ"]


def test_good_files_stay_and_the_bad_one_is_told(open_page, world, draft):
    page = open_page(world.author)
    page.goto(f"/knowledge/{draft.id}/edit")
    page.set_input_files(
        "#upload-files",
        [
            {"name": "วันประชุม.jpg", "mimeType": "image/jpeg", "buffer": picture()},
            {"name": "ปลอม.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a pdf"},
            {"name": "แบบฟอร์ม.pdf", "mimeType": "application/pdf", "buffer": PDF},
        ],
    )
    page.wait_for_selector(".file-name >> text=แบบฟอร์ม.pdf")
    assert "“ปลอม.pdf” เป็นชนิดที่แนบไม่ได้" in page.inner_text("[data-upload-list]")
    assert sorted(row.filename for row in Attachment.select()) == ["วันประชุม.jpg", "แบบฟอร์ม.pdf"]


def test_two_people_see_each_other_and_choose(open_page, world, draft):
    one, two = open_page(world.author), open_page(world.fellow, javascript=False)
    for page in (one, two):
        page.goto(f"/knowledge/{draft.id}/edit")
    one.fill("#method", "ฉบับกมล")
    one.wait_for_selector(SAVED)
    two.fill("#method", "ฉบับเกศินี")
    two.fill("#target_group", "ทุกสาขา")
    two.locator(".form-actions .btn-primary").click()
    two.wait_for_selector("input[value=both]")
    shown = two.inner_text("main")
    assert "ฉบับกมล" in shown and two.locator("textarea[name=method]").input_value() == "ฉบับเกศินี"
    two.check("input[value=both]")
    two.locator("main form .btn-primary").click()
    two.wait_for_url(f"**/knowledge/{draft.id}")
    assert again(draft).method == "ฉบับกมล\n\nฉบับเกศินี"
    one.fill("#goals", "เป้าหมายใหม่")  # another part: no question, and the news of the other part arrives
    one.wait_for_function("() => document.getElementById('target_group').value === 'ทุกสาขา'")
    assert one.input_value("#method") == "ฉบับกมล\n\nฉบับเกศินี" and again(draft).goals == "เป้าหมายใหม่"
    KnowledgeArticle.update(background="ของคนที่สาม", version=KnowledgeArticle.version + 1).execute()
    one.fill("#background", "ของฉัน")
    one.wait_for_selector("[data-conflict]")
    check_axe(one)
    one.click("[data-conflict] .btn-primary")
    one.wait_for_selector(SAVED)
    assert again(draft).background == "ของฉัน"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_fit_and_can_be_used_by_everybody(open_page, world, draft, size, dark):
    page = open_page(world.author, size=size, dark=dark)
    KnowledgeArticle.update(status="published", method="### หัวข้อ\n\n| ก | ข |\n|---|---|\n| 1 | 2 |").execute()
    mine = factories.make_article("อีกร่าง", world.author, community=world.community, unit=world.branch)
    addresses = ("/knowledge/", "/knowledge/?tab=mine", "/knowledge/new", f"/knowledge/{draft.id}")
    for address in (*addresses, f"/knowledge/{mine.id}", f"/knowledge/{mine.id}/edit"):
        page.goto(address)
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
