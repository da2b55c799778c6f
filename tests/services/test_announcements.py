"""What members are told of sessions, and that they are told once."""

import json
from datetime import date, time, timedelta

import pytest

from kc import clock
from kc.models import Notice
from kc.services import announcements, communities, reminders, sessions
from tests import factories

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def now():
    with clock.freeze(TODAY) as frozen:
        yield frozen


def plan(cast, ahead=7, **overrides):
    values = {
        "held_on": TODAY + timedelta(days=ahead),
        "starts": time(13, 30),
        "ends": time(15, 0),
        "place": "ห้องเล็ก",
        "link": "",
        "topic": "เรื่องเล่า",
        "technique": "storytelling",
        "presenter": None,
        "presenter_name": "",
        "facilitator": cast.author,
        "deputy": None,
    }
    return sessions.plan(cast.author, cast.community, f"key-{ahead}", **values | overrides)


def change(cast, session, **overrides):
    names = ("held_on", "starts", "ends", "place", "link", "topic", "technique", "presenter", "presenter_name")
    values = {name: getattr(session, name) for name in (*names, "facilitator", "deputy")}
    sessions.change(cast.author, session, session.version, **values | overrides)


def told(person):
    return [n.kind for n in Notice.select().where(Notice.employee == person).order_by(Notice.id)]


def test_s0_138_s0_160_members_are_told_at_once_when_it_is_within_a_month(cast):
    session = plan(cast)
    notice = Notice.get(Notice.employee == cast.fellow)
    assert notice.kind == "session.announced"
    assert notice.url == f"/communities/{cast.community.id}/sessions/{session.id}"
    assert json.loads(notice.facts) | {} == {
        "actor": "กมล ใจดี",
        "community": "ชุมชนคนบ้านนา",
        "topic": "เรื่องเล่า",
        "day": "2026-11-30",
        "time": "13:30",
        "place": "ห้องเล็ก",
    }
    assert told(cast.author) == [] and told(cast.outsider) == []


def test_s0_138_later_ones_are_announced_about_a_month_ahead(cast, now):
    plan(cast, 60)
    announcements.coming()
    assert told(cast.fellow) == []
    now.advance(days=29)
    assert reminders.make(announcements.ROUND)
    announcements.coming()
    assert told(cast.fellow) == ["session.announced"] and told(cast.author) == ["session.announced"]


def test_s0_56_s0_160_everyone_is_reminded_once_the_day_before(cast, now):
    """S0-56 S0-160: who comes knows beforehand when and where, and can prepare."""
    plan(cast, 2)
    announcements.coming()
    assert told(cast.fellow) == ["session.announced"]
    now.advance(days=1)
    announcements.coming()
    announcements.coming()
    now.advance(days=1)
    announcements.coming()
    assert told(cast.fellow) == ["session.announced", "session.reminder"]


def test_a_session_that_moved_is_reminded_of_again(cast, now):
    session = plan(cast, 1)
    announcements.coming()
    change(cast, session, held_on=TODAY + timedelta(days=4))
    now.advance(days=3)
    announcements.coming()
    assert told(cast.fellow) == ["session.announced", "session.reminder", "session.changed", "session.reminder"]


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({"held_on": TODAY + timedelta(days=8)}, True),
        ({"starts": time(14, 0)}, True),
        ({"place": "ร้านกาแฟ"}, True),
        ({"topic": "อีกเรื่อง"}, True),
        ({"technique": "dialogue"}, False),
        ({"deputy": None}, False),
    ],
)
def test_only_what_matters_to_those_who_come_is_told(cast, changed, is_told):
    change(cast, plan(cast), **changed)
    assert ("session.changed" in told(cast.fellow)) is is_told


def test_many_changes_are_one_notice(cast):
    session = plan(cast)
    for place in ("ก", "ข", "ค"):
        change(cast, session, place=place)
    notice = Notice.get(Notice.employee == cast.fellow, Notice.kind == "session.changed")
    assert notice.times == 3 and json.loads(notice.facts)["place"] == "ค"


def test_calling_off_and_taking_back_are_told(cast):
    session = plan(cast)
    sessions.call_off(cast.author, session)
    sessions.take_back(cast.author, session)
    assert told(cast.fellow) == ["session.announced", "session.called_off", "session.taken_back"]


def test_nobody_is_told_about_what_is_past(cast):
    session = factories.make_session(cast.community, held_on=TODAY - timedelta(days=3))
    change(cast, session, place="ที่อื่น")
    sessions.call_off(cast.author, session)
    announcements.coming()
    assert told(cast.fellow) == []


def test_called_off_sessions_and_cancelled_communities_are_silent(cast):
    factories.make_session(cast.community, held_on=TODAY + timedelta(days=1), cancelled_at=clock.now())
    announcements.coming()
    factories.make_session(cast.community, held_on=TODAY + timedelta(days=1))
    communities.cancel(cast.author, cast.community, "ย้ายงาน")
    announcements.coming()
    assert told(cast.fellow) == []


def test_what_is_called_off_while_the_round_is_made_is_not_reminded_of_any_more(cast):
    session = plan(cast, 1)
    Notice.delete().execute()

    def each(things, work):
        for thing in list(things):
            sessions.call_off(cast.author, session)
            work(thing)

    announcements.coming(each)
    assert told(cast.fellow) == ["session.called_off"]


def test_who_presents_is_told_though_no_member(cast):
    plan(cast, presenter=cast.outsider)
    assert told(cast.outsider) == ["session.announced"]


def test_the_round_does_not_ask_about_what_it_told(cast):
    from tests.conftest import count_queries

    for ahead in range(5, 15):
        plan(cast, ahead)
    announcements.coming()
    with count_queries() as sent:
        announcements.coming()
    assert len([s for s in sent if not s.startswith(("BEGIN", "COMMIT"))]) <= 2
