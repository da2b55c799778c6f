"""An old form in a real browser: printed by one, dropped into another, its left-over text moved."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kc import documents
from kc.models import Attachment, KnowledgeArticle, UnplacedText
from tests.browser.live import DESK, PHONE, check_axe, give_password
from tests.documents.test_old_forms import HEADINGS, PARTS, TEXTS, TITLE, bank_form, only, squeezed

pytestmark = pytest.mark.browser


def bank_pdf_page(folder: Path) -> str:
    five = "".join(
        f"<p><b>{n + 1}. {heading}</b></p><p>{text * 3}</p>"
        for n, (heading, text) in enumerate(zip(HEADINGS[:4], TEXTS[:4], strict=True))
    )
    return f"""<html lang=th><meta charset=utf-8><style>
@font-face {{font-family: Sarabun; src: url({Path(documents.__file__).parent.as_uri()}/fonts/Sarabun-Regular.ttf)}}
body {{font: 16pt Sarabun}} table {{border-collapse: collapse}} td, th {{border: 1px solid; padding: 4px}}</style>
<h3>{TITLE}</h3><p>ชุมชนนักปฏิบัติเรื่อง........ออมเงินวันละบาท......</p>
<p>สาขา....ท่าม่วง....ฝ่าย/สำนัก/สนจ......กาญจนบุรี.....</p>{five}
<p><b>5. {HEADINGS[4]}</b></p><p>{TEXTS[4]}</p>
<table><tr><th>ตัวชี้วัด<th>ก่อน<th>เป้าหมาย<th>ผลลัพธ์</tr><tr><td>หนี้ค้างใหม่<td>67<td>30<td>21</tr></table>
<p>ผลลัพธ์ ณ วันที่ ๓๑ มีนาคม ๒๕๖๐</p><p>ผู้จัดทำ นางสาวมาลี ใจดี</p>"""


def test_a_form_printed_by_a_browser(tmp_path, chromium):
    (tmp_path / "form.html").write_text(bank_pdf_page(tmp_path), encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "form.html").as_uri())
    page.pdf(
        path=str(tmp_path / "form.pdf"), format="A4", margin=dict.fromkeys(("top", "left", "right", "bottom"), "2cm")
    )
    page.close()
    form = only(tmp_path / "form.pdf", "pdf")
    assert (form.title, form.branch, form.division) == ("ออมเงินวันละบาท", "ท่าม่วง", "กาญจนบุรี")
    for part, text in zip(PARTS[:4], TEXTS[:4], strict=True):
        assert squeezed(getattr(form, part)) == squeezed(text * 3)
    assert form.measures == [("หนี้ค้างใหม่", "", "67", "30", "21")]
    assert (form.results_on, form.authors) == (date(2017, 3, 31), ["นางสาวมาลี ใจดี"])


@pytest.mark.parametrize(("size", "javascript"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_a_form_is_dropped_checked_and_its_rest_moved(open_page, world, tmp_path, size, javascript):
    give_password(world.author)
    page = open_page(world.author, javascript=javascript, size=size)
    page.goto("/knowledge/new")
    page.set_input_files("#form_file", str(bank_form(tmp_path)))
    page.click("#old-form button")
    expect(page.locator("#goals")).to_have_value(TEXTS[1])
    assert page.input_value("#results_on") == "31/3/2560"
    assert page.locator("#unplaced .note").count() == 3
    page.locator("#unplaced .note", has_text="โทรศัพท์ภายใน 1234").locator("button[data-pull=results]").click()
    expect(page.locator("#results")).to_have_value(f"{TEXTS[4]}\n\nโทรศัพท์ภายใน 1234")
    expect(page.locator("#unplaced .count").first).to_have_text("(2)")
    page.locator("#unplaced [data-settle]").first.click()
    expect(page.locator("#unplaced .count").first).to_have_text("(1)")
    page.locator("#unplaced summary").click()
    page.locator("#unplaced details button").first.click()
    expect(page.locator("#unplaced .count").first).to_have_text("(2)")
    if javascript:
        page.wait_for_selector("[data-save-state][data-state=saved]")
        check_axe(page)
    page.reload()
    assert page.input_value("#results").endswith("โทรศัพท์ภายใน 1234")
    article = KnowledgeArticle.get(KnowledgeArticle.title == "ออมเงินวันละบาท")
    assert (Attachment.select().where(Attachment.article == article).count(), article.results_on) == (
        2,
        date(2017, 3, 31),
    )
    assert UnplacedText.select().where(UnplacedText.article == article, UnplacedText.settled_at.is_null()).count() == 2
