"""Sending files up in a real browser: many at once, over a line that breaks, past an expired sign-in, past a killed
server; with scripts and without; on a phone and at a desk."""

import io
import random

import pytest
from PIL import Image

from kc import storage
from kc.models import Attachment, Employee
from tests import factories
from tests.browser.live import DESK, PHONE, check_axe, fill_sign_in, give_password

pytestmark = pytest.mark.browser

LARGE = b"%PDF-1.7\n" + random.Random(7).randbytes(5 * 1024 * 1024) + b"\ntrailer<<>>\n%%EOF\n"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def draft(world):
    give_password(world.author, world.fellow)
    return factories.make_article("ร่างที่มีไฟล์", world.author, community=world.community, unit=world.branch)


def picture(colour="#114a43", size=(800, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def file(name, data, kind="application/pdf"):
    return {"name": name, "mimeType": kind, "buffer": data}


def kept(name="ใหญ่.pdf") -> bytes:
    return storage.path_of(Attachment.get(Attachment.filename == name).sha256).read_bytes()


def state(page, which):
    page.wait_for_selector(f"[data-upload-list] [data-state={which}]", timeout=30_000)
    return page.inner_text(f"[data-upload-list] [data-state={which}]")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_many_at_once(open_page, world, draft, size):
    page = open_page(world.author, size=size)
    page.goto(f"/knowledge/{draft.id}/edit")
    assert "ไฟล์ละไม่เกิน 50 MB · ไม่เกิน 20 ไฟล์ รวมไม่เกิน 500 MB" in page.inner_text("#upload-hint")
    check_axe(page)
    photos = [file(f"ภาพ{n}.jpg", picture(f"#{n * 2}0{n * 2}0{n * 2}0"), "image/jpeg") for n in range(4)]
    page.set_input_files("#upload-files", [*photos, file("ว่าง.pdf", b""), file("เล่ม.pdf", PDF), file("เล่ม.pdf", PDF)])
    page.wait_for_function("() => /แนบไม่ได้ 1/.test(document.querySelector('[data-upload-status]').textContent)")
    assert "“ว่าง.pdf” เป็นไฟล์ว่าง" in state(page, "failed")
    assert "มีไฟล์นี้อยู่แล้ว" in page.inner_text("[data-upload-list]")
    page.wait_for_selector(".file-name >> text=เล่ม.pdf")
    assert Attachment.select().count() == 5
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.click("[data-state=failed] button >> text=เอาออก")
    assert not page.locator("[data-state=failed]").count()
    # What a picture shows is asked for there and then.
    assert "ภาพ 4 ภาพยังไม่มีคำบรรยาย" in page.inner_text("#file-list")
    words = page.locator(".alt-form input[name=alt_text]")
    words.nth(1).fill("ยังพิมพ์ไม่เสร็จ")
    words.first.fill("ลูกค้าต่อแถว")
    page.locator(".alt-form button").first.click()
    page.wait_for_selector("text=ภาพ 3 ภาพยังไม่มีคำบรรยาย")
    assert words.first.input_value() == "ยังพิมพ์ไม่เสร็จ"
    assert [row.alt_text for row in Attachment.select().where(Attachment.alt_text != "")] == ["ลูกค้าต่อแถว"]


def test_dropped_on_the_zone(open_page, world, draft):
    page = open_page(world.author)
    page.goto(f"/knowledge/{draft.id}/edit")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["%PDF-1.7 trailer %%EOF"], "ลากมา.pdf"));
            data.items.add(new File(["ข้อความ"], "บันทึก.txt"));
            const zone = document.querySelector("[data-dropzone]");
            for (const type of ["dragenter", "dragover", "drop"])
                zone.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector(".file-name >> text=บันทึก.txt")
    assert sorted(row.filename for row in Attachment.select()) == ["บันทึก.txt", "ลากมา.pdf"]


def test_a_line_that_breaks_costs_a_piece(open_page, world, draft):
    page = open_page(world.author, size=PHONE)
    page.goto(f"/knowledge/{draft.id}/edit")
    sent, broken = [], []

    def breaks(route):
        at = int(route.request.headers.get("upload-offset", "-1"))
        if at >= 2 * 1024 * 1024 and len(broken) < 2:
            broken.append(at)
            return route.abort("connectionreset")
        sent.append(at)
        return route.continue_()

    page.route("**/uploads/*", breaks)
    page.set_input_files("#upload-files", [file("ใหญ่.pdf", LARGE), file("เล็ก.pdf", PDF)])
    assert "จะส่งต่อให้เอง" in state(page, "waiting")
    page.wait_for_selector(".file-name >> text=ใหญ่.pdf", timeout=30_000)
    assert kept() == LARGE and kept("เล็ก.pdf") == PDF
    assert len(broken) == 2 and sorted(sent) == sorted(set(sent))  # nothing that had arrived was sent again


def test_an_answer_that_is_lost_attaches_nothing_twice(open_page, world, draft):
    page = open_page(world.author)
    page.goto(f"/knowledge/{draft.id}/edit")
    lost = []

    def loses(route):
        if len(lost) < 2:
            lost.append(route.request.url)
            route.fetch()  # the server did it, and nobody hears of it
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/finish", loses)
    page.set_input_files("#upload-files", file("ใหญ่.pdf", LARGE))
    page.wait_for_selector(".file-name >> text=ใหญ่.pdf", timeout=30_000)
    assert len(lost) == 2 and Attachment.select().count() == 1 and "อัปโหลดแล้ว" in state(page, "done")


def test_an_expired_sign_in_is_said_and_the_rest_goes_on(open_page, world, draft):
    page = open_page(world.author, size=PHONE)
    page.goto(f"/knowledge/{draft.id}/edit")
    ended = []

    def ends(route):
        if int(route.request.headers.get("upload-offset", "0")) >= 2 * 1024 * 1024 and not ended:
            ended.append(1)
            page.context.clear_cookies()
        return route.continue_()

    page.route("**/uploads/*", ends)
    page.set_input_files("#upload-files", file("ใหญ่.pdf", LARGE))
    page.wait_for_selector("[data-upload-signin]:not([hidden])")
    assert "การเข้าสู่ระบบหมดอายุ" in page.inner_text("[data-upload-signin]")
    check_axe(page)
    other = page.context.new_page()
    other.goto("/login")
    fill_sign_in(other, Employee.get_by_id(world.author.id))
    other.wait_for_url(lambda url: "/login" not in url)
    page.click("[data-upload-go-on]")
    page.wait_for_selector(".file-name >> text=ใหญ่.pdf", timeout=30_000)
    assert kept() == LARGE and page.locator("[data-upload-signin]").is_hidden()


def send_and_kill(page, draft, live, path) -> None:
    """Three pieces arrive; then the server is gone."""

    def kill(route):
        if _at(route) < 3 << 20:
            return route.continue_()
        live.kill()
        return route.abort()

    page.goto(f"/knowledge/{draft.id}/edit")
    page.route("**/uploads/*", kill)
    path.write_bytes(LARGE)
    page.set_input_files("#upload-files", path)
    assert "จะส่งต่อให้เอง" in state(page, "waiting")
    page.unroute("**/uploads/*")


def test_past_a_killed_server_it_goes_on_by_itself(open_page, world, draft, live, tmp_path):
    page = open_page(world.author)
    send_and_kill(page, draft, live, tmp_path / "ใหญ่.pdf")
    live.start()
    page.wait_for_selector(".file-name >> text=ใหญ่.pdf", timeout=60_000)
    assert kept() == LARGE


def test_past_a_closed_page_the_same_file_goes_on(open_page, world, draft, live, tmp_path):
    page = open_page(world.author, size=PHONE)
    send_and_kill(page, draft, live, tmp_path / "ใหญ่.pdf")
    context = page.context
    page.close()
    live.start()
    page = context.new_page()
    page.goto(f"/knowledge/{draft.id}/edit")
    assert "ส่งไปแล้ว 59 % เลือกไฟล์เดิมอีกครั้งเพื่อส่งต่อ" in state(page, "stopped")
    check_axe(page)
    sent = []
    page.on("request", lambda request: sent.append(request.headers.get("upload-offset")))
    page.set_input_files("#upload-files", tmp_path / "ใหญ่.pdf")
    page.wait_for_selector(".file-name >> text=ใหญ่.pdf", timeout=30_000)
    assert [int(at) for at in sent if at] == [3 << 20, 4 << 20, 5 << 20]
    assert kept() == LARGE and not page.locator("[data-state=stopped]").count()


def _at(route) -> int:
    return int(route.request.headers.get("upload-offset", "0"))


def test_cancelled_and_tried_again(open_page, world, draft):
    page = open_page(world.author)
    page.goto(f"/knowledge/{draft.id}/edit")
    page.route("**/uploads/*", lambda route: None if _at(route) >= 1 << 20 else route.continue_())  # hangs there
    page.set_input_files("#upload-files", [file("ใหญ่.pdf", LARGE), file("ปลอม.pdf", b"MZ"), file("ดี.pdf", PDF)])
    state(page, "failed")
    page.locator("[data-state=sending] button >> text=ยกเลิก").click()
    page.wait_for_selector(".file-name >> text=ดี.pdf")
    page.wait_for_function("() => !document.querySelector('[data-state=sending]')")
    page.locator("[data-state=failed] button >> text=ลองอีกครั้ง").click()
    assert "เป็นชนิดที่แนบไม่ได้" in state(page, "failed")
    page.reload()
    page.wait_for_timeout(300)
    assert not page.locator("[data-state=stopped]").count() and list(storage.pieces()) == []
    assert [row.filename for row in Attachment.select()] == ["ดี.pdf"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_without_scripts(open_page, world, draft, size):
    page = open_page(world.author, javascript=False, size=size)
    page.goto(f"/knowledge/{draft.id}/edit")
    page.set_input_files(
        "#upload-files", [file("หนึ่ง.pdf", PDF), file("สอง.jpg", picture(), "image/jpeg"), file("x.exe", b"MZ")]
    )
    page.click(".upload button[type=submit]")
    page.wait_for_selector(".file-name >> text=หนึ่ง.pdf")
    shown = page.inner_text("main")
    assert "แนบแล้ว 2 ไฟล์" in shown and "“x.exe” เป็นชนิดที่แนบไม่ได้" in shown
    page.fill(".alt-form input[name=alt_text]", "หน้าสาขา")
    page.click(".alt-form button")
    page.wait_for_selector("text=บันทึกรายละเอียดไฟล์แล้ว")
    assert Attachment.get(Attachment.filename == "สอง.jpg").alt_text == "หน้าสาขา"


def test_a_phone_can_take_a_photograph(open_page, new_context, world, draft, live):
    page = open_page(world.author, size=PHONE)
    page.goto(f"/knowledge/{draft.id}/edit")
    assert page.get_attribute("#upload-camera", "capture") == "environment"
    assert page.locator("label[for=upload-camera]").is_hidden()  # a desk has no use for it
    phone = new_context(base_url=live.url, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    phone.context.add_cookies(page.context.cookies())
    phone.goto(f"/knowledge/{draft.id}/edit")
    assert phone.locator("label[for=upload-camera]").is_visible()
    phone.set_input_files("#upload-camera", file("image.jpg", picture(), "image/jpeg"))
    phone.wait_for_selector(".file-name >> text=image.jpg")


def test_pictures_come_in_the_size_of_the_screen(open_page, world, draft):
    from kc.services import attachments

    row = attachments.store(picture(size=(2000, 1500)), "ใหญ่.jpg", by=world.author, article=draft)
    draft.method = f"ดูภาพ\n\n![โต๊ะหน้าสาขา](/attachments/{row.id}/picture)"
    draft.save()
    page = open_page(world.author, size=PHONE)
    asked = []
    page.on("request", lambda request: asked.append(request.url.partition("/attachments/")[2]))
    page.goto(f"/knowledge/{draft.id}")
    image = page.locator(".prose img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.prose img').complete")
    assert f"{row.id}/picture/480" in asked and f"{row.id}/picture" not in asked
    assert image.get_attribute("alt") == "โต๊ะหน้าสาขา"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
