"""Calendar addresses: what stands in them, who may read them, and that they end."""

from datetime import date, datetime, time

import pytest

from kc import clock
from kc.models import CalendarFeed, Employee
from kc.services import calendar_feeds, communities, meeting_plans, sessions
from tests import factories
from tests.rules.test_icalendar import read

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def now():
    with clock.freeze(TODAY) as frozen:
        yield frozen


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community, held_on=date(2026, 11, 25), starts=time(13, 30), ends=time(15, 0))


def address(employee, community=None):
    return f"/calendar/{calendar_feeds.token(calendar_feeds.subscribe(employee, community))}.ics"


def event_of(client, url):
    return dict(read(client.get(url).data))


def test_a_calendar_program_reads_it_without_signing_in(client, cast, session):
    answer = client.get(address(cast.fellow))
    assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
    said = dict(read(answer.data))
    assert (said["DTSTART"], said["DTEND"]) == ("20261125T063000Z", "20261125T080000Z")
    assert (said["SUMMARY"], said["LOCATION"]) == (session.topic, "ห้องประชุมเล็ก")
    assert said["URL"].endswith(f"/communities/{cast.community.id}/sessions/{session.id}")
    assert cast.community.name in said["DESCRIPTION"]


def test_changes_and_cancellation_reach_the_calendar(client, cast, session):
    url = address(cast.fellow)
    before = event_of(client, url)
    names = ("topic", "held_on", "starts", "ends", "place", "link", "technique", "presenter", "presenter_name")
    values = {n: getattr(session, n) for n in (*names, "facilitator", "deputy")} | {"starts": time(14, 0)}
    sessions.change(cast.author, session, session.version, **values)
    moved = event_of(client, url)
    sessions.call_off(cast.author, session)
    off = event_of(client, url)
    assert before["UID"] == moved["UID"] == off["UID"]
    assert moved["DTSTART"] == "20261125T070000Z" and off["STATUS"] == "CANCELLED"
    assert [int(e["SEQUENCE"]) for e in (before, moved, off)] == [0, 1, 2]
    assert off["SUMMARY"].startswith("ยกเลิก")


def test_a_cancelled_community_cancels_its_meetings_and_opens_them_again(client, cast, session):
    url = address(cast.fellow, cast.community)
    communities.cancel(cast.author, cast.community, "ย้ายงาน")
    off = event_of(client, url)
    communities.reopen(cast.author, cast.community)
    on = event_of(client, url)
    assert (off["STATUS"], on["STATUS"]) == ("CANCELLED", "CONFIRMED")
    assert int(on["SEQUENCE"]) > int(off["SEQUENCE"]) > 0


def test_ones_own_calendar_holds_ones_communities_and_tasks_and_no_more(client, cast, session):
    other = factories.make_community(creator=cast.outsider)
    factories.make_session(other, topic="เรื่องของคนอื่น")
    factories.make_session(other, topic="ที่ฉันเล่า", presenter=cast.fellow)
    said = client.get(address(cast.fellow)).text.replace("\r\n ", "")
    assert session.topic in said and "ที่ฉันเล่า" in said and "เรื่องของคนอื่น" not in said
    assert "เรื่องของคนอื่น" in client.get(address(cast.fellow, other)).text.replace("\r\n ", "")


def test_notes_never_stand_in_it_and_steps_do(client, cast, session):
    factories.make_note(session, cast.author, "เรื่องที่คุยกันเอง")
    meeting_plans.save(cast.author, session, 0, "", [meeting_plans.Step(10, "ทักทาย", "กมล")])
    said = event_of(client, address(cast.fellow))["DESCRIPTION"]
    assert "10 นาที ทักทาย (กมล)" in said and "คุยกันเอง" not in said


def test_a_meeting_without_an_end_takes_an_hour_and_old_ones_are_left_out(client, cast):
    factories.make_session(cast.community, held_on=date(2026, 11, 25), starts=time(23, 30), ends=None)
    factories.make_session(cast.community, held_on=date(2025, 11, 25), topic="ปีก่อน")
    answer = client.get(address(cast.fellow))
    assert dict(read(answer.data))["DTEND"] == "20261125T173000Z" and "ปีก่อน" not in answer.text


def test_an_address_ends_when_it_is_revoked(client, login_as, cast, session):
    url = address(cast.fellow)
    assert client.get(url).status_code == 200
    login_as(cast.fellow).post(f"/calendar/{CalendarFeed.get().id}/revoke")
    assert client.get(url).status_code == 404


def test_a_new_address_replaces_the_old(client, login_as, cast, session):
    url = address(cast.fellow)
    login_as(cast.fellow).post(f"/calendar/{CalendarFeed.get().id}/renew")
    new = address(cast.fellow)
    assert new != url and client.get(url).status_code == 404 and client.get(new).status_code == 200


@pytest.mark.parametrize("state", [{"is_active": False}, {"locked_reason": "สอบสวน"}, {"password_hash": ""}])
def test_an_address_ends_with_its_owners_account(client, cast, session, state):
    url = address(cast.fellow)
    Employee.update(**state).where(Employee.id == cast.fellow.id).execute()
    assert client.get(url).status_code == 404


def test_an_address_cannot_be_guessed_or_turned_into_another(client, cast):
    own, other = calendar_feeds.subscribe(cast.fellow), calendar_feeds.subscribe(cast.author)
    signature = calendar_feeds.token(own).partition("-")[2]
    for token in (f"{other.id}-{signature}", f"{own.id}-", f"{own.id}", "x", f"{own.id}-{signature[:-1]}", "๑-ก"):
        assert client.get(f"/calendar/{token}.ics").status_code == 404
    assert own.salt not in calendar_feeds.token(own)


def test_what_did_not_change_is_not_sent_again(client, cast, session):
    url = address(cast.fellow)
    mark = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": mark}).status_code == 304
    sessions.call_off(cast.author, session)
    assert client.get(url, headers={"If-None-Match": mark}).status_code == 200


def test_statements_of_a_calendar_do_not_grow_with_meetings(client, cast, session):
    from tests.conftest import count_queries

    url = address(cast.fellow)
    client.get(url)
    with count_queries() as before:
        client.get(url)
    for _ in range(10):
        more = factories.make_session(cast.community, presenter=cast.author, facilitator=cast.fellow)
        meeting_plans.save(cast.author, more, 0, "", [meeting_plans.Step(10, "ทักทาย")])
    with count_queries() as after:
        client.get(url)
    assert len(after) == len(before) <= 4


def test_its_words_are_its_owners(client, cast, session):
    cast.fellow.language = "en"
    cast.fellow.save()
    sessions.call_off(cast.author, session)
    assert event_of(client, address(cast.fellow))["SUMMARY"].endswith(session.topic)


# ---- the page ------------------------------------------------------------------------------------------------------


def test_my_page_gives_the_address_and_makes_it_once(client, login_as, cast, session):
    mine = login_as(cast.fellow)
    assert "ยังไม่มีปฏิทินที่สมัครไว้" in mine.get("/calendar/").text
    for _ in range(2):
        assert mine.post("/calendar/").status_code == 303
    mine.post("/calendar/", data={"community": cast.community.id})
    assert CalendarFeed.select().count() == 2
    page = mine.get("/calendar/")
    url = page.text.split('value="http://localhost')[1].split('"')[0]
    assert client.get(url).status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert cast.community.name in page.text and "webcal://localhost/calendar/" in page.text


def test_others_addresses_are_hidden(login_as, cast):
    feed = calendar_feeds.subscribe(cast.fellow)
    client = login_as(cast.author)
    assert client.post(f"/calendar/{feed.id}/revoke").status_code == 404
    assert client.post(f"/calendar/{feed.id}/renew").status_code == 404
    assert calendar_feeds.token(feed) not in client.get("/calendar/").text
    assert client.get(f"/calendar/{feed.id}/revoke").status_code == 405
    assert client.post("/calendar/", data={"community": "99999"}).status_code == 404


def test_signed_out_people_see_no_addresses(client):
    assert client.get("/calendar/").status_code == 303 and client.post("/calendar/").status_code == 401


def test_one_session_as_a_file(login_as, client, cast, session):
    url = f"/communities/{cast.community.id}/sessions/{session.id}/session.ics"
    answer = login_as(cast.outsider).get(url)
    assert dict(read(answer.data))["SUMMARY"] == session.topic
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(url).status_code == 303


def test_the_address_stands_in_no_log(client, cast, caplog):
    import logging

    logger = logging.getLogger("kc.request")
    logger.addHandler(caplog.handler)
    level, logger.level = logger.level, logging.INFO
    try:
        url = address(cast.fellow)
        client.get(url)
    finally:
        logger.level = level
        logger.removeHandler(caplog.handler)
    assert "/calendar/<token>.ics" in caplog.text and url not in caplog.text


def test_moments_follow_the_organisations_zone(client, cast):
    factories.make_session(cast.community, held_on=date(2026, 11, 26), starts=time(2, 0), ends=time(3, 0))
    begins = event_of(client, address(cast.fellow))["DTSTART"]
    assert datetime.strptime(begins, "%Y%m%dT%H%M%SZ") == datetime(2026, 11, 25, 19, 0)
