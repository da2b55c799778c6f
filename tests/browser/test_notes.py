"""Live notes in a real browser: nobody loses a word, whatever happens to network, server or sign-in (D9)."""

import pytest

from kc.models import SessionNote
from tests import factories
from tests.browser.live import PHONE, check_axe, fill_sign_in, give_password, sign_in

pytestmark = pytest.mark.browser

CONFIRMED = "[data-composer] [data-save-state][data-state=saved]"


@pytest.fixture
def meeting(world):
    give_password(world.author, world.fellow)
    session = factories.make_session(world.community)
    return f"/communities/{world.community.id}/sessions/{session.id}"


def type_note(page, text):
    page.fill("[data-composer] [name=text]", text)


def saved_texts():
    return [note.text for note in SessionNote.select().where(SessionNote.deleted_at.is_null()).order_by(SessionNote.id)]


def wait_until_saved(page, count):
    """All of them are shown as the server shows saved notes, none as a form that is still saving."""
    page.wait_for_function(
        "n => document.querySelectorAll('#notes li .note-text').length === n"
        " && !document.querySelector('#notes li form[data-autosave]')",
        arg=count,
    )


def test_enter_after_enter_makes_notes_of_their_kinds(open_page, world, meeting):
    page = open_page(world.author, size=PHONE)
    page.goto(meeting)
    for kind, text in (("problem", "ลูกค้าไม่รับสาย"), ("technique", "โทรช่วงพักเที่ยง"), ("conclusion", "ลองสองสัปดาห์")):
        # Not by its place on the screen: after Enter the page may still be scrolling to the next note.
        page.eval_on_selector(f"[data-composer] [name=kind][value={kind}]", "radio => radio.click()")
        type_note(page, text)
        page.press("[data-composer] [name=text]", "Enter")
    wait_until_saved(page, 3)
    assert saved_texts() == ["ลูกค้าไม่รับสาย", "โทรช่วงพักเที่ยง", "ลองสองสัปดาห์"]
    assert [n.kind for n in SessionNote.select().order_by(SessionNote.id)] == ["problem", "technique", "conclusion"]
    check_axe(page)


def write(page, *texts):
    for text in texts:
        type_note(page, text)
        page.press("[data-composer] [name=text]", "Enter")


@pytest.mark.parametrize("held", [1, 2], ids=["the first", "the second"])
def test_notes_keep_the_order_in_which_they_were_written_when_one_takes_its_time(open_page, world, meeting, held):
    """The network holds one back; no later one overtakes it. At most one new note is under way at any time."""
    page, kept, sent = open_page(world.author), [], []

    def hold(route):
        sent.append(route.request.post_data)
        kept.append(route) if len(sent) == held else route.continue_()

    page.route("**/notes/", hold)
    page.goto(meeting)
    write(page, "หนึ่ง", "สอง")
    page.wait_for_timeout(100)
    write(page, "สาม")
    page.wait_for_timeout(1200)  # longer than the pause after which text is sent by itself
    assert len(sent) == held and len(saved_texts()) == held - 1
    write(page, "สี่")
    kept[0].continue_()
    wait_until_saved(page, 4)
    assert saved_texts() == ["หนึ่ง", "สอง", "สาม", "สี่"]


def test_a_note_that_the_server_does_not_take_holds_up_nobody_and_is_kept(open_page, world, meeting):
    page = open_page(world.author)
    page.goto(meeting)
    broken = True

    def answer(route):
        if broken and "A1" in route.request.post_data:
            return route.fulfill(status=500, body="broken")
        return route.continue_()

    page.route("**/notes/", answer)
    write(page, "A1", "B2")
    page.wait_for_selector("#notes [data-save-state][data-state=error]")
    write(page, "C3")
    wait = "n => document.querySelectorAll('#notes li .note-text').length === n"
    page.wait_for_function(wait, arg=2, timeout=40_000)
    assert saved_texts() == ["B2", "C3"]
    broken = False
    write(page, "D4")  # its confirmation sends what waits for its next attempt
    wait_until_saved(page, 4)
    assert sorted(saved_texts()) == ["A1", "B2", "C3", "D4"]


def test_typing_is_confirmed_by_the_server_without_enter(open_page, world, meeting):
    page = open_page(world.author)
    page.goto(meeting)
    page.type("[data-composer] [name=text]", "พิมพ์ค้างไว้")
    page.wait_for_selector(CONFIRMED)
    assert "บันทึกแล้ว" in page.inner_text("[data-composer] [data-save-state]")
    assert saved_texts() == ["พิมพ์ค้างไว้"]


def test_two_people_write_at_once_and_see_each_other(open_page, world, meeting):
    one, two = open_page(world.author), open_page(world.fellow)
    for page in (one, two):
        page.goto(meeting)
    for n in range(3):
        type_note(one, f"กมล {n}")
        type_note(two, f"เกศินี {n}")
        one.press("[data-composer] [name=text]", "Enter")
        two.press("[data-composer] [name=text]", "Enter")
    wait_until_saved(one, 6)
    wait_until_saved(two, 6)
    assert sorted(saved_texts()) == sorted([f"กมล {n}" for n in range(3)] + [f"เกศินี {n}" for n in range(3)])


def test_a_server_killed_in_the_middle_loses_nothing(open_page, world, meeting, live):
    page = open_page(world.author)
    page.goto(meeting)
    type_note(page, "ก่อนไฟดับ")
    page.press("[data-composer] [name=text]", "Enter")
    wait_until_saved(page, 1)
    live.kill()
    type_note(page, "ระหว่างไฟดับ")
    page.press("[data-composer] [name=text]", "Enter")
    type_note(page, "ยังพิมพ์ต่อได้")
    page.wait_for_selector("#notes [data-save-state][data-state=offline]")
    live.start()
    wait_until_saved(page, 2)
    page.wait_for_selector(CONFIRMED)
    assert saved_texts() == ["ก่อนไฟดับ", "ระหว่างไฟดับ", "ยังพิมพ์ต่อได้"]


def test_without_a_network_notes_wait_in_the_browser_even_through_a_reload(open_page, world, meeting):
    page = open_page(world.author)
    page.goto(meeting)
    page.context.set_offline(True)
    type_note(page, "ในลิฟต์")
    page.press("[data-composer] [name=text]", "Enter")
    page.wait_for_selector("#notes [data-save-state][data-state=offline]")
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    wait_until_saved(page, 1)
    assert saved_texts() == ["ในลิฟต์"]


def test_signed_out_elsewhere_the_note_waits_and_is_sent_after_signing_in(open_page, world, meeting):
    page = open_page(world.author)
    page.goto(meeting)
    page.context.clear_cookies()
    type_note(page, "หมดเวลาพอดี")
    page.press("[data-composer] [name=text]", "Enter")
    page.click("#notes [data-save-state] a")
    assert "/login" in page.url
    fill_sign_in(page, world.author)
    page.wait_for_url("**" + meeting)
    wait_until_saved(page, 1)
    assert saved_texts() == ["หมดเวลาพอดี"]


def test_somebody_else_on_the_same_machine_never_sees_or_sends_it(open_page, world, meeting):
    page = open_page(world.author)
    page.goto(meeting)
    page.context.clear_cookies()
    type_note(page, "ของกมลคนเดียว")
    page.wait_for_selector("[data-composer] [data-save-state] a")
    sign_in(page, world.fellow)
    page.goto(meeting)
    page.wait_for_timeout(1500)
    assert "ของกมลคนเดียว" not in page.inner_text("body") and saved_texts() == []


def test_one_note_edited_by_two_shows_both(open_page, world, meeting):
    one, two = open_page(world.author), open_page(world.fellow)
    one.goto(meeting)
    type_note(one, "ฉบับตั้งต้น")
    one.press("[data-composer] [name=text]", "Enter")
    wait_until_saved(one, 1)
    two.goto(meeting)
    two.click("[data-edit-note]")
    one.click("[data-edit-note]")
    one.fill("#notes [name=text]", "ฉบับของกมล")
    one.press("#notes [name=text]", "Enter")
    wait_until_saved(one, 1)
    two.fill("#notes [name=text]", "ฉบับของเกศินี")
    conflict = two.wait_for_selector("[data-conflict]")
    assert "ฉบับของกมล" in conflict.inner_text() and "ฉบับของเกศินี" in conflict.inner_text()
    assert saved_texts() == ["ฉบับของกมล"]
    check_axe(two)
    two.click("[data-conflict] button >> nth=2")  # keep both
    unsaved = "[data-conflict], #notes form[data-autosave] [data-save-state]:not([data-state=saved])"
    two.wait_for_function("unsaved => !document.querySelector(unsaved)", arg=unsaved)
    assert "ฉบับของกมล" in saved_texts()[0] and "ฉบับของเกศินี" in saved_texts()[0]


def test_deleting_can_be_undone(open_page, world, meeting):
    page = open_page(world.author)
    page.goto(meeting)
    type_note(page, "ลบผิด")
    page.press("[data-composer] [name=text]", "Enter")
    wait_until_saved(page, 1)
    page.click("#notes form[action$=delete] button")
    page.click("#notes form[action$=bring-back] button")
    wait_until_saved(page, 1)
    assert saved_texts() == ["ลบผิด"]


def test_without_javascript_notes_are_written_changed_and_attendance_is_taken(open_page, world, meeting):
    page = open_page(world.fellow, javascript=False)
    page.goto(meeting)
    page.click("#attendance button:has-text('กมล')")
    assert page.get_attribute("#attendance button:has-text('กมล')", "aria-pressed") == "true"
    for text in ("หนึ่ง", "สอง"):
        page.fill("#composer [name=text]", text)
        page.click("#composer [type=submit]")
    assert saved_texts() == ["หนึ่ง", "สอง"]
    page.click("[data-edit-note] >> nth=0")
    page.fill("[name=text]", "หนึ่ง แก้แล้ว")
    page.click("main form [type=submit]")
    assert saved_texts() == ["หนึ่ง แก้แล้ว", "สอง"]
