"""The page of a session on its day: agenda, timer, parking lot, conclusions, and signing in by QR (S0-137, S0-145)."""

import re
from datetime import datetime, time, timedelta

import pytest

from kc import clock
from kc.models import Attendance, ParkedThought, SessionTimer
from kc.services import parking, summaries
from tests import factories
from tests.conftest import STATEMENTS, count_queries


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community)


@pytest.fixture
def base(cast, session):
    return f"/communities/{cast.community.id}/sessions/{session.id}"


@pytest.fixture
def here(login_as, cast, base):
    """The path that the code of the session leads to."""
    page = login_as(cast.author).get(f"{base}/qr").text
    return re.search(r'href="http://localhost(/here/[^"]+)"', page)[1]


def at(session, hour):
    return clock.freeze(clock.from_local(datetime.combine(session.held_on, time(hour))))


# ---- the agenda and the timer ----


def test_the_agenda_says_when_and_what_is_on_now(login_as, cast, session, base):
    """S0-137: the steps of a session with their times; without a plan of steps its topic from beginning to end."""
    client = login_as(cast.fellow)
    with at(session, 14):
        page = client.get(base).text
    assert "13:30" in page and "15:00" in page and 'aria-current="step"' in page
    with at(session, 16):
        assert 'aria-current="step"' not in client.get(base).text


def test_the_timer_runs_for_everybody(login_as, cast, session, base, htmx):
    answer = login_as(cast.author).post(f"{base}/timer", data={"minutes": "15", "label": "เล่าเรื่อง"}, headers=htmx)
    assert answer.status_code == 200 and "<html" not in answer.text and "data-timer" in answer.text
    page = login_as(cast.fellow).get(base).text
    assert "เล่าเรื่อง" in page and re.search(r'data-left="(89\d|900)"', page)


def test_another_timer_takes_the_place_of_the_first_and_may_be_extended_and_stopped(login_as, cast, session, base):
    client = login_as(cast.author)
    client.post(f"{base}/timer", data={"minutes": "15"})
    client.post(f"{base}/timer", data={"minutes": "5"})
    assert SessionTimer.get().minutes == 5
    client.post(f"{base}/timer", data={"more": "5"})
    left = SessionTimer.get().ends_at - clock.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    assert client.post(f"{base}/timer", data={"stop": "1"}).status_code == 303
    assert SessionTimer.select().count() == 0
    client.post(f"{base}/timer", data={"more": "5"})  # the page still showed the one that was stopped
    assert SessionTimer.get().minutes == 5


@pytest.mark.parametrize("minutes", ["0", "181", "สิบ", ""])
def test_a_timer_that_cannot_be_is_refused_beside_its_field(login_as, cast, base, htmx, minutes):
    client = login_as(cast.author)
    for headers in ({}, htmx):
        answer = client.post(f"{base}/timer", data={"minutes": minutes}, headers=headers)
        assert answer.status_code == 422 and "จับเวลาได้ 1–180 นาที" in answer.text
        assert f'value="{minutes}"' in answer.text
    assert SessionTimer.select().count() == 0


def test_there_is_no_timer_on_other_days(login_as, cast, base):
    later = factories.make_session(cast.community, held_on=clock.today() + timedelta(days=3))
    page = login_as(cast.author).get(f"/communities/{cast.community.id}/sessions/{later.id}").text
    assert "เริ่มจับเวลา" not in page and "ฉันมาแล้ว" not in page


# ---- the parking lot ----


def test_a_thought_is_parked_once_and_settled(login_as, cast, base, htmx):
    client = login_as(cast.fellow)
    for _ in range(2):
        answer = client.post(f"{base}/parking", data={"text": "ระบบช้า", "form_key": "p1"}, headers=htmx)
        assert answer.status_code == 200 and "<html" not in answer.text and "ระบบช้า" in answer.text
    thought = ParkedThought.get()
    assert client.post(f"{base}/parking/{thought.id}", data={"settled": "1"}).status_code == 303
    assert ParkedThought.get().settled_at is not None and "ยังไม่ได้คุย" in client.get(base).text
    client.post(f"{base}/parking/{thought.id}", data={"settled": "0"}, headers=htmx)
    assert ParkedThought.get().settled_at is None


@pytest.mark.parametrize("text", ["", "   ", "ก" * 501])
def test_what_cannot_be_parked_is_said_and_stays_typed(login_as, cast, session, base, htmx, text):
    factories.make_note(session, cast.author, "เรื่องที่จดไว้")
    client = login_as(cast.fellow)
    for headers in ({}, htmx):
        answer = client.post(f"{base}/parking", data={"text": text, "form_key": "p1"}, headers=headers)
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
        assert text.strip() in answer.text
    assert "เรื่องที่จดไว้" in client.post(f"{base}/parking", data={"text": text}).text  # the whole page is there


def test_what_was_left_over_comes_along_to_the_next_session_and_is_settled_there(login_as, cast, session, base):
    earlier = factories.make_session(cast.community, held_on=session.held_on - timedelta(days=14))
    left = parking.park(cast.author, earlier, "ขอดูตัวอย่างสัญญา", "left")
    settled = parking.park(cast.author, earlier, "คุยไปแล้ว", "settled")
    parking.settle(cast.author, earlier, settled, True)
    client = login_as(cast.fellow)
    page = client.get(base).text
    assert "ขอดูตัวอย่างสัญญา" in page and "ค้างจาก" in page and "คุยไปแล้ว" not in page
    client.post(f"{base}/parking/{left.id}", data={"settled": "1"})
    assert ParkedThought.get_by_id(left.id).settled_in == session
    assert "ขอดูตัวอย่างสัญญา" in client.get(base).text  # on this page, and on no later one
    later = factories.make_session(cast.community, held_on=session.held_on + timedelta(days=14))
    assert "ขอดูตัวอย่างสัญญา" not in client.get(f"/communities/{cast.community.id}/sessions/{later.id}").text


def test_thoughts_of_other_communities_stay_theirs(login_as, cast, base):
    other = factories.make_session(factories.make_community(creator=cast.outsider))
    theirs = parking.park(cast.outsider, other, "ของกลุ่มอื่น", "theirs")
    assert login_as(cast.fellow).post(f"{base}/parking/{theirs.id}").status_code == 404
    assert "ของกลุ่มอื่น" not in login_as(cast.fellow).get(base).text


def test_outsiders_see_no_parked_thoughts(login_as, cast, session, base):
    parking.park(cast.author, session, "ระหว่างเรา", "ours")
    for query in ("", "?part=parking"):
        headers = {"HX-Request": "true"} if query else {}
        answer = login_as(cast.outsider).get(base + query, headers=headers)
        assert answer.status_code == 200 and "ระหว่างเรา" not in answer.text


# ---- conclusions, and parts that refresh alone ----


def test_conclusions_stand_together_and_the_composer_offers_one(login_as, cast, session, base):
    factories.make_note(session, cast.author, "โทรก่อนเที่ยง", kind="conclusion")
    factories.make_note(session, cast.author, "ลูกค้าไม่รับสาย", kind="problem")
    client = login_as(cast.fellow)
    page = client.get(f"{base}?kind=conclusion").text
    part = page[page.index('id="conclusions"') :]
    assert "โทรก่อนเที่ยง" in part and "ลูกค้าไม่รับสาย" not in part[: part.index("</section>")]
    assert re.search(r'value="conclusion" checked', page)


@pytest.mark.parametrize("part", ["agenda", "attendance", "parking", "conclusions"])
def test_every_part_is_a_piece_of_its_page(login_as, cast, session, base, htmx, part):
    factories.make_note(session, cast.author, "โทรก่อนเที่ยง", kind="conclusion")
    parking.park(cast.author, session, "ระบบช้า", "p1")
    client = login_as(cast.fellow)
    fragment = client.get(f"{base}?part={part}", headers=htmx).text
    assert "<html" not in fragment and f'data-part="{part}"' in fragment
    keys = re.compile(r'name="(form_key|csrf_token)" value="[^"]*"')
    assert keys.sub("", fragment).strip() in keys.sub("", client.get(f"{base}?part={part}").text)


def test_a_part_that_is_not_there_is_the_page(login_as, cast, base, htmx):
    assert "<html" in login_as(cast.fellow).get(f"{base}?part=main", headers=htmx).text


def test_open_pages_hear_which_part_changed(login_as, cast, session, base):
    client = login_as(cast.fellow)
    before = client.get(f"{base}/notes/changes").json["parts"]
    assert client.get(f"{base}/notes/changes").json["parts"] == before
    client.post(f"{base}/attendance/{cast.fellow.id}", data={"present": "1"})
    client.post(f"{base}/parking", data={"text": "ระบบช้า", "form_key": "p1"})
    client.post(f"{base}/timer", data={"minutes": "5"})
    factories.make_note(session, cast.author, kind="conclusion")
    after = client.get(f"{base}/notes/changes").json["parts"]
    assert {name for name in after if after[name] != before[name]} == {"attendance", "parking", "agenda", "conclusions"}
    assert f'data-stamp="{after["attendance"]}"' in client.get(base).text


def test_who_may_not_read_hears_nothing(login_as, cast, base):
    assert "parts" not in login_as(cast.outsider).get(f"{base}/notes/changes").json


# ---- attendance, one tap and by QR ----


def test_one_large_button_says_that_i_am_here(login_as, cast, base):
    client = login_as(cast.fellow)
    assert "ฉันมาแล้ว" in client.get(base).text
    client.post(f"{base}/attendance/{cast.fellow.id}", data={"present": "1"})
    assert "ฉันมาแล้ว" not in client.get(base).text


def test_the_code_is_drawn_and_its_address_is_said(login_as, cast, base, htmx):
    page = login_as(cast.author).get(f"{base}/qr")
    assert "<svg" in page.text and "/here/" in page.text
    Attendance.create(session=base.rpartition("/")[2], employee=cast.fellow)
    arrived = login_as(cast.author).get(f"{base}/qr", headers=htmx).text
    assert "<html" not in arrived and "ลงชื่อแล้ว 1 คน" in arrived


@pytest.mark.parametrize("who", ["fellow", "outsider"])
def test_whoever_scans_signs_in_with_one_tap(login_as, cast, here, who):
    """Attendance of members, and of colleagues from other units, by their own hand; looking changes nothing."""
    person = getattr(cast, who)
    client = login_as(person)
    assert "ฉันมาแล้ว" in client.get(here).text and Attendance.select().count() == 0
    for _ in range(2):
        assert client.post(here).status_code == 303
    assert [(row.employee, row.marked_by) for row in Attendance.select()] == [(person, person)]
    assert "ลงชื่อเข้าร่วมแล้ว" in client.get(here).text


def test_signed_out_the_code_leads_through_the_sign_in_and_back(client, here):
    answer = client.get(here)
    assert answer.status_code == 303 and answer.headers["Location"] == f"/login?next={here}"


def test_a_code_that_we_did_not_make_leads_nowhere(login_as, cast, session, here):
    client = login_as(cast.outsider)
    for key in (f"{session.id}-aaaaaaaaaa", str(session.id), here[6:-1], "ก-ข", "-", f"9{here[6:]}"):
        assert client.get(f"/here/{key}").status_code == 404
        assert client.post(f"/here/{key}").status_code == 404
    assert Attendance.select().count() == 0


def test_signing_in_is_for_the_day_itself(login_as, cast, session, here):
    client = login_as(cast.fellow)
    session.held_on -= timedelta(days=1)
    session.save()
    answer = client.post(here)
    assert answer.status_code == 422 and "ลงชื่อได้ในวันจัดกิจกรรม" in answer.text
    session.held_on, session.cancelled_at = clock.today(), clock.now()
    session.save()
    assert client.post(here).status_code == 422 and Attendance.select().count() == 0


@pytest.mark.parametrize("path", ["/timer", "/parking", "/parking/1"])
def test_only_posts_change_anything(login_as, cast, base, path):
    assert login_as(cast.fellow).get(base + path).status_code == 405


def test_statements_of_a_full_page(login_as, cast, session, base):
    """With a timer, parked thoughts, a summary and what was said last time: still few, never growing."""
    client = login_as(cast.fellow)
    client.post(f"{base}/timer", data={"minutes": "15"})
    summaries.begin(cast.author, session)
    client.get(base)
    with count_queries() as before:
        client.get(base)
    for n in range(10):
        parking.park(cast.author, session, f"เรื่องที่ {n}", f"p{n}")
        factories.make_note(session, cast.author, kind="conclusion")
    with count_queries() as after:
        client.get(base)
    assert len(after) == len(before) <= STATEMENTS
    with count_queries() as poll:
        client.get(f"{base}/notes/changes?since={clock.now().isoformat()}")
    assert len(poll) <= 6
