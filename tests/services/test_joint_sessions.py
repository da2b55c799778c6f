"""Sessions that communities hold together: each of them is told, finds it in its calendar, and has met (S0-263)."""

from datetime import date, time, timedelta

import pytest

from kc import clock, together
from kc.models import Attendance, Community, JointSession, Notice, Session, Trial
from kc.services import (
    announcements,
    calendar_feeds,
    communities,
    community_documents,
    connections,
    health,
    home,
    meeting_lists,
    notes,
    series,
    sessions,
    summaries,
    trials,
)
from tests import factories

TODAY = date(2026, 11, 23)
IN_3_DAYS = TODAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def now():
    with clock.freeze(TODAY) as frozen:
        yield frozen


@pytest.fixture
def other(cast):
    """The partner, kept by the outsider."""
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    return other


@pytest.fixture
def session(cast, other):
    """In three days, planned by the author's community."""
    session = factories.make_session(cast.community, held_on=IN_3_DAYS)
    connections.hold_together(cast.author, session, [other])
    Notice.delete().execute()
    return session


def told(person):
    return [n.kind for n in Notice.select().where(Notice.employee == person).order_by(Notice.id)]


def values(session, **changes):
    people = dict.fromkeys(("presenter", "facilitator", "deputy"))
    lines = ("held_on", "starts", "ends", "place", "link", "topic", "technique", "presenter_name")
    return {name: getattr(session, name) for name in lines} | people | changes


def test_the_partner_is_told_that_it_moves_is_called_off_and_is_held_after_all(cast, session):
    sessions.change(cast.author, session, session.version, **values(session, place="ที่อื่น"))
    sessions.call_off(cast.author, session)
    sessions.take_back(cast.author, session)
    assert told(cast.outsider) == ["session.changed", "session.called_off", "session.taken_back"] == told(cast.fellow)


def test_the_partner_is_reminded_the_day_before(cast, session):
    Session.update(held_on=TODAY + timedelta(days=1)).execute()
    announcements.coming()
    assert told(cast.outsider) == told(cast.fellow) and "session.reminder" in told(cast.outsider)


def test_who_left_the_partner_is_told_no_more(cast, other, session):
    other.memberships.get().delete_instance()
    sessions.call_off(cast.author, session)
    assert told(cast.outsider) == []


def weekly(cast):
    until, like = TODAY + timedelta(days=40), Session(starts=time(9), place="ห้องเล็ก", topic="คุยกัน", held_on=TODAY)
    first = values(like, held_on=TODAY + timedelta(days=1))
    return series.begin(cast.author, cast.community, "key", "weekly", until, **first)


def test_of_a_series_the_partner_hears_what_becomes_of_its_own_meeting(cast, other):
    first = weekly(cast)
    second, third, fourth = Session.select().order_by(Session.held_on)[1:4]
    connections.hold_together(cast.author, third, [other])
    Notice.delete().execute()
    following = {"every": "weekly", "until": first.held_on + timedelta(days=14)}
    series.change_following(cast.author, first, first.version, **following, **values(first, place="ที่อื่น"))
    assert told(cast.fellow) == ["series.changed"] and told(cast.outsider) == ["session.changed"]
    second = Session.get_by_id(second.id)
    series.change_following(cast.author, second, second.version, "", None, **values(second))
    assert told(cast.fellow) == ["series.changed", "series.stopped"]
    assert told(cast.outsider) == ["session.changed", "session.called_off"]
    assert Session.get_by_id(fourth.id).cancelled_at is not None


def test_it_stands_in_the_partners_calendars(cast, other, session):
    for feed in (calendar_feeds.subscribe(cast.outsider), calendar_feeds.subscribe(cast.outsider, other)):
        assert calendar_feeds.file_of(feed, lambda s: "https://kc.example/").count(b"BEGIN:VEVENT") == 1


def test_who_met_at_anothers_is_not_quiet(cast, other, session):
    Community.update(created_at=clock.now() - timedelta(days=200)).execute()
    alone = factories.make_community("ชุมชนเงียบ", cast.outsider, created_at=clock.now() - timedelta(days=200))
    for day in (TODAY - timedelta(days=2), IN_3_DAYS):
        Session.update(held_on=day).execute()
        found = {row.community: row.kinds for row in health.of_communities(Community.id > 0, None)}
        assert "quiet" not in found[other] + found[cast.community] and "quiet" in found[alone]


def test_it_is_the_partners_next_meeting(cast, other, session):
    assert home.for_employee(cast.outsider)["next_sessions"] == {other.id: session, cast.community.id: session}
    assert trials.due_day(other) == session.held_on


def test_who_is_in_both_communities_has_it_once(cast, other, session):
    factories.make_membership(other, cast.fellow)
    shown = home.for_employee(cast.fellow)["next_sessions"]
    assert shown == {other.id: session, cast.community.id: session}
    Session.update(held_on=TODAY).execute()
    assert len([todo for todo in home.for_employee(cast.fellow)["duties"] if todo.title == session.topic]) == 1


def test_a_result_is_brought_back_to_it(cast, other, session):
    Session.update(held_on=TODAY).execute()
    first = trials.start(cast.outsider, other, "โทรนัดก่อน")
    trials.tell_result(cast.outsider, first, first.version, result="ดี", outcome="adopt")
    assert trials.next_of(cast.outsider, Trial.get()).session == session


def test_it_is_among_the_partners_meetings_and_counts_for_who_came(cast, other, session):
    (planned,) = meeting_lists.of_community(other)
    assert (planned.session, planned.host) == (session, cast.community.name)
    assert meeting_lists.hours([planned]) == 1.5
    Attendance.create(session=session, employee=cast.outsider, marked_by=cast.author)
    assert community_documents.took_part(other, cast.outsider) == ("facilitator", 1)


def test_its_summary_is_shared_with_all_who_hold_it_and_who_came(cast, other, session):
    came = factories.make_employee()
    Attendance.create(session=session, employee=came, marked_by=cast.author)
    notes.save(cast.author, session, "k", text="ฟังก่อน", kind="conclusion")
    summaries.share(cast.author, summaries.begin(cast.author, session))
    assert told(cast.outsider) == told(cast.fellow) == told(came) == ["summary.shared"]
    assert [row.session for row in together.answer(summaries.panel(other, cast.outsider))] == [session]


def test_a_partners_member_is_known_as_the_speaker(cast, session):
    note = notes.save(cast.author, session, "k", text="ฟังก่อน", kind="story", speaker_name=cast.outsider.name)
    assert note.speaker == cast.outsider


def test_nothing_of_it_is_left_when_it_is_held_alone_again(cast, other, session):
    connections.hold_together(cast.author, session, [])
    assert JointSession.select().count() == 0
    assert told(cast.outsider) == ["session.not_joint"], "they would come to a closed door"
    sessions.call_off(cast.author, session)
    assert told(cast.outsider) == ["session.not_joint"] and trials.due_day(other) == TODAY + trials.WITHOUT_A_MEETING


def test_who_holds_it_too_is_told_when_the_host_is_cancelled_and_when_it_goes_on(cast, other, session):
    sessions.call_off(cast.author, held_with(cast, other, IN_3_DAYS))
    held_with(cast, other, TODAY - timedelta(days=1))
    Notice.delete().execute()
    communities.cancel(cast.author, cast.community, "ย้ายงาน")
    assert [n.url for n in Notice.select()] == [f"/communities/{cast.community.id}/sessions/{session.id}"]
    assert [(n.kind, n.employee) for n in Notice.select()] == [("session.called_off", cast.outsider)]
    assert home.for_employee(cast.outsider)["next_sessions"] == {}
    communities.reopen(cast.author, cast.community)
    assert [n.kind for n in Notice.select().order_by(Notice.id)] == ["session.called_off", "session.taken_back"]
    assert home.for_employee(cast.outsider)["next_sessions"][other.id] == session


def held_with(cast, other, day):
    one = factories.make_session(cast.community, held_on=day)
    connections.hold_together(cast.author, one, [other])
    return one
