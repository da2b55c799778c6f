"""Meetings that come again: begun, changed from one on, stopped; every one of them a session of its own (S0-154)."""

from datetime import date, time, timedelta

import pytest

from kc import clock
from kc.errors import Conflict, DomainError
from kc.models import AuditEntry, Notice, Proposal, SeriesDay, Session, SessionSeries
from kc.services import announcements, proposals, reminders, series, sessions
from tests import factories

TODAY = date(2026, 11, 23)  # a Monday
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def now():
    with clock.freeze(TODAY) as frozen:
        yield frozen


def values(**overrides):
    return {
        "held_on": WEDNESDAY,
        "starts": time(17, 0),
        "ends": time(18, 0),
        "place": "ห้องเล็ก",
        "link": "",
        "topic": "เล่าเรื่องประจำสัปดาห์",
        "technique": "coffee_council",
        "presenter": None,
        "presenter_name": "",
        "facilitator": None,
        "deputy": None,
    } | overrides


def begin(cast, every="weekly", until=None, key="one-form", **overrides):
    return series.begin(cast.author, cast.community, key, every, until, **values(**overrides))


def held():
    """Days of what takes place, and of what was called off."""
    rows = list(Session.select().order_by(Session.held_on))
    on = [r.held_on.isoformat()[5:] for r in rows if r.cancelled_at is None]
    return on, [r.held_on.isoformat()[5:] for r in rows if r.cancelled_at]


def change(cast, session, every="weekly", until=None, based_on=None, **overrides):
    session = Session.get_by_id(session.id)
    version = session.version if based_on is None else based_on
    series.change_following(cast.author, session, version, every, until, **values(**overrides))
    return Session.get_by_id(session.id)


def nth(n):
    return list(Session.select().where(Session.cancelled_at.is_null()).order_by(Session.held_on))[n]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("weekly", ["11-25", "12-02", "12-09", "12-16", "12-23", "12-30", "01-06", "01-13", "01-20"]),
        ("fortnightly", ["11-25", "12-09", "12-23", "01-06", "01-20"]),
        ("monthly", ["11-25", "12-23"]),
    ],
)
def test_s0_154_sessions_are_made_some_weeks_ahead(cast, every, days):
    begin(cast, every)
    assert held() == (days, [])
    assert {s.topic for s in Session.select()} == {"เล่าเรื่องประจำสัปดาห์"}


def test_the_same_form_twice_begins_one_series(cast):
    assert begin(cast) == begin(cast)
    assert SessionSeries.select().count() == 1 and Session.select().count() == 9


def test_s0_154_days_go_on_by_themselves_until_the_last(cast, now):
    begin(cast, until=date(2027, 1, 27))
    now.advance(days=7)
    assert reminders.make(series.ROUND) and not reminders.make(series.ROUND)
    assert held()[0][-1] == "01-27"
    now.advance(days=30)
    series.go_on()
    assert held()[0][-1] == "01-27" and Session.select().count() == 10


def test_a_cancelled_community_gets_no_more_meetings(cast, now):
    begin(cast)
    cast.community.status = "cancelled"
    cast.community.save()
    now.advance(days=30)
    series.go_on()
    assert Session.select().count() == 9


def test_one_meeting_moves_alone_and_is_not_made_again(cast):
    begin(cast)
    second = nth(1)
    sessions.change(cast.author, second, second.version, **values(held_on=date(2026, 12, 3)))
    series.go_on()
    assert held()[0][:3] == ["11-25", "12-03", "12-09"] and Session.select().count() == 9


def test_a_change_of_all_that_follow_leaves_what_was_given_a_subject_of_its_own(cast):
    begin(cast)
    third = nth(2)
    sessions.change(cast.author, third, third.version, **values(held_on=third.held_on, topic="เรื่องของเราเอง"))
    change(cast, nth(1), held_on=date(2026, 12, 2), place="ร้านกาแฟ", topic="เรื่องใหม่")
    rows = list(Session.select().order_by(Session.held_on))
    assert [r.place for r in rows[:4]] == ["ห้องเล็ก", "ร้านกาแฟ", "ร้านกาแฟ", "ร้านกาแฟ"]
    assert [r.topic for r in rows[:4]] == ["เล่าเรื่องประจำสัปดาห์", "เรื่องใหม่", "เรื่องของเราเอง", "เรื่องใหม่"]
    assert rows[3].version == 2  # calendars see that it changed


def test_the_weekday_of_all_that_follow_changes(cast):
    begin(cast)
    change(cast, nth(1), held_on=date(2026, 12, 3))
    assert held() == (["11-25", "12-03", "12-10", "12-17", "12-24", "12-31", "01-07", "01-14", "01-21"], [])


def test_s0_154_a_rarer_rhythm_calls_off_what_has_no_day(cast):
    first = begin(cast)
    ids = {s.id for s in Session.select()}
    change(cast, first, "monthly")
    on, off = held()
    assert on == ["11-25", "12-23"] and len(off) == 7
    assert {s.id for s in Session.select()} == ids  # nothing is deleted, nothing made anew


def test_meetings_whose_day_stays_are_the_same_meetings(cast):
    first = begin(cast)
    kept = nth(2)
    sessions.change(cast.author, kept, kept.version, **values(held_on=kept.held_on, topic="เตรียมไว้แล้ว"))
    change(cast, first, "fortnightly")
    assert held()[0] == ["11-25", "12-09", "12-23", "01-06", "01-20"]
    assert Session.get_by_id(kept.id).held_on == date(2026, 12, 9) and nth(1).topic == "เตรียมไว้แล้ว"


def test_a_more_frequent_rhythm_makes_what_is_missing(cast):
    change(cast, begin(cast, "monthly"), "fortnightly")
    assert held() == (["11-25", "12-09", "12-23", "01-06", "01-20"], [])


def test_changing_to_and_fro_makes_no_day_twice(cast):
    first = begin(cast)
    for every in ("monthly", "weekly", "fortnightly", "weekly"):
        change(cast, first, every)
    assert held()[0] == ["11-25", "12-02", "12-09", "12-16", "12-23", "12-30", "01-06", "01-13", "01-20"]


def test_a_single_meeting_begins_to_come_again(cast):
    single = sessions.plan(cast.author, cast.community, "k", **values())
    change(cast, single, "monthly")
    assert held()[0] == ["11-25", "12-23"] and series.of(single).rhythm == "monthly"


def test_it_stops_after_this_one(cast):
    begin(cast)
    change(cast, nth(2), every="", held_on=date(2026, 12, 9))
    on, off = held()
    assert on == ["11-25", "12-02", "12-09"] and len(off) == 6
    series.go_on()
    assert len(held()[0]) == 3


def test_an_earlier_end_calls_off_what_comes_after(cast):
    change(cast, begin(cast), until=date(2026, 12, 9))
    assert held()[0] == ["11-25", "12-02", "12-09"]
    change(cast, nth(0), until=date(2026, 12, 16))
    assert held()[0] == ["11-25", "12-02", "12-09", "12-16"]


def test_what_is_called_off_with_the_end_gives_its_proposals_back(cast):
    first = begin(cast)
    kept, freed = (proposals.propose(cast.author, cast.community, text) for text in ("ผักสวนครัว", "หนี้นอกระบบ"))
    proposals.take_up(cast.author, kept, nth(1))
    proposals.take_up(cast.author, freed, nth(3))
    change(cast, first, until=date(2026, 12, 9))
    assert {p.text: p.is_open for p in Proposal.select()} == {"ผักสวนครัว": False, "หนี้นอกระบบ": True}
    assert AuditEntry.select().where(AuditEntry.action == "session.called_off").count() == len(held()[1])


def test_one_that_was_called_off_stays_called_off(cast):
    begin(cast)
    sessions.call_off(cast.author, nth(1))
    change(cast, nth(0), place="ร้านกาแฟ")
    assert held()[1] == ["12-02"]
    series.go_on()
    assert held()[0][:2] == ["11-25", "12-09"]


def test_two_changes_at_once_show_both_versions(cast):
    first = begin(cast)
    change(cast, first, topic="ของเพื่อน")
    with pytest.raises(Conflict) as refused:
        change(cast, first, topic="ของฉัน", based_on=1)
    assert refused.value.theirs.topic == "ของเพื่อน"
    assert Session.select().where(Session.topic == "ของฉัน").count() == 0


@pytest.mark.parametrize(
    ("every", "until", "field"),
    [
        ("daily", None, "repeat"),
        ("weekly", WEDNESDAY, "until"),
        ("weekly", date(2030, 1, 1), "until"),
    ],
)
def test_what_makes_no_series_is_refused(cast, every, until, field):
    with pytest.raises(DomainError) as refused:
        begin(cast, every, until)
    assert refused.value.field == field and Session.select().count() == 0


def test_a_meeting_cannot_move_before_the_one_before_it(cast):
    begin(cast)
    with pytest.raises(DomainError) as refused:
        change(cast, nth(2), held_on=WEDNESDAY - timedelta(days=1))
    assert refused.value.field == "held_on" and SeriesDay.select().count() == 9


def test_what_is_past_is_no_place_to_change_the_rest(cast, now):
    begin(cast)
    past = nth(0)
    now.advance(days=10)
    with pytest.raises(DomainError) as refused:
        change(cast, past, place="ร้านกาแฟ")
    assert refused.value.field == "scope"


def test_members_get_one_notice_of_the_series_and_one_of_a_change(cast):
    first = begin(cast)
    change(cast, first, held_on=date(2026, 11, 26))
    announcements.coming()
    told = [n.kind for n in Notice.select().where(Notice.employee == cast.fellow).order_by(Notice.id)]
    assert told == ["series.weekly", "series.changed"]


def test_monthly_meetings_are_announced_one_by_one(cast, now):
    """S0-138: about a month ahead."""
    begin(cast, "monthly")
    now.advance(days=20)
    announcements.coming()
    told = [n.kind for n in Notice.select().where(Notice.employee == cast.fellow).order_by(Notice.id)]
    assert told.count("series.monthly") == 1 and told.count("session.announced") == 0  # named by the series' notice
    now.advance(days=40)
    series.go_on()
    announcements.coming()
    assert Notice.select().where(Notice.employee == cast.fellow, Notice.kind == "session.announced").count() == 1


def test_a_session_of_another_community_keeps_its_own_series(cast):
    other = factories.make_community(creator=cast.author)
    begin(cast)
    series.begin(cast.author, other, "other", "weekly", None, **values())
    change(cast, Session.get(Session.community == other), "monthly")
    assert Session.select().where(Session.community == cast.community, Session.cancelled_at.is_null()).count() == 9
