"""Guests from outside (S0-126): one person is one, in the list, at meetings, in evaluation and follow-up."""

import peewee as pw
import pytest

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.models import Assessment, Attendance, AuditEntry, CalendarFeed, FollowUp, Guest, KnowledgeUse
from kc.services import calendar_feeds, connections, evaluation, follow_up, guests, sessions, uses
from kc.services.participants import participants
from tests import factories


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community, held_on=clock.today())


def listed(cast, name="สมหญิง ใจดี", organisation="", contact=""):
    return guests.add(cast.author, cast.community, name, organisation=organisation, contact=contact, brings="")


def outside(community):
    return [(p.key, p.name, p.attended) for p in participants(community) if p.employee is None]


def came(session):
    return [(row.guest_id, row.guest_name) for row in Attendance.select().where(Attendance.session == session)]


# ---- one person, one key -------------------------------------------------------------------------------------------


def test_two_guests_of_one_name_from_two_places_are_two(cast, session):
    one, other = listed(cast, organisation="ธนาคาร ก"), listed(cast, organisation="ธนาคาร ข")
    sessions.add_guest(cast.author, session, other.name, other)
    assert outside(cast.community) == [
        (f"g:{one.id}", "สมหญิง ใจดี (ธนาคาร ก)", 0),
        (f"g:{other.id}", "สมหญิง ใจดี (ธนาคาร ข)", 1),
    ]
    row = evaluation.set_up(cast.author, cast.community, 0, methods=["self"], points="ก", full_score=10)
    assert len([p for p in evaluation.enrol(row) if p.employee_id is None]) == 2


@pytest.mark.parametrize("typed", ["สมหญิง ใจดี", "นางสาวสมหญิง  ใจดี", "สมหญิงใจดี", "น.ส.สมหญิง ใจดี (ธนาคาร ก)"])
def test_a_typed_name_means_the_guest_of_the_list(cast, session, typed):
    guest = listed(cast, "นางสาวสมหญิง ใจดี", "ธนาคาร ก")
    sessions.add_guest(cast.author, session, typed)
    assert came(session) == [(guest.id, guest.full_name)]
    assert outside(cast.community) == [(f"g:{guest.id}", "นางสาวสมหญิง ใจดี (ธนาคาร ก)", 1)]


def test_a_name_that_two_guests_bear_is_asked_about(cast, session):
    one, _other = listed(cast, organisation="ธนาคาร ก"), listed(cast, organisation="ธนาคาร ข")
    with pytest.raises(DomainError, match="หลายคน") as refusal:
        sessions.add_guest(cast.author, session, "สมหญิง ใจดี")
    assert refusal.value.field == "name" and came(session) == []
    sessions.add_guest(cast.author, session, "สมหญิง ใจดี (ธนาคาร ก)")
    assert came(session) == [(one.id, one.full_name)]


def test_who_left_and_comes_again_is_the_same_guest(cast, session):
    guest = listed(cast, contact="08 1111 1111")
    guests.remove(cast.author, guest)
    sessions.add_guest(cast.author, session, "สมหญิง ใจดี")
    assert came(session) == [(guest.id, "สมหญิง ใจดี")]
    again = listed(cast, contact="08 2222 2222")
    assert again == guest and again.left_at is None and again.contact == "08 2222 2222"
    assert guests.of(cast.community) == [guest] and len(outside(cast.community)) == 1


def test_a_partners_guest_is_found_in_a_session_held_together(cast, session):
    other = factories.make_community("คนรักกาแฟ", cast.outsider)
    connections.hold_together(cast.author, session, [other])
    guest = guests.add(cast.outsider, other, "ป้าละมัย", organisation="", contact="", brings="")
    assert guests.of_session(session) == [guest] and guests.of(cast.community) == []
    sessions.add_guest(cast.author, session, "ป้าละมัย")
    assert came(session) == [(guest.id, "ป้าละมัย")]


# ---- first typed, then listed --------------------------------------------------------------------------------------


def test_what_was_noted_under_a_name_is_the_listed_guests(cast, session):
    """Came, was evaluated and answered what they use before somebody put them on the list: nothing is asked twice."""
    sessions.add_guest(cast.author, session, "นางสมหญิง ใจดี")
    later = factories.make_session(cast.community)
    sessions.add_guest(cast.author, later, "สมหญิง ใจดี (ธนาคาร ก)")
    row = evaluation.set_up(cast.author, cast.community, 0, methods=["self"], points="ก", full_score=10)
    evaluation.enrol(row)
    first = Assessment.get(Assessment.guest_name == "นางสมหญิง ใจดี")
    Assessment.update(after_at=clock.now(), suggestion="ดีมาก").where(Assessment.id == first.id).execute()
    plan = follow_up.begin(cast.author, cast.community)
    used = {"used": "used", "place": "", "outcomes": "", "outcome_text": "", "hindrances": "", "hindrance_text": ""}
    asked = FollowUp.get((FollowUp.person_key == first.person_key) & (FollowUp.months == 1))
    FollowUp.update(due_on=clock.today()).where(FollowUp.id == asked.id).execute()
    follow_up.answer(FollowUp.get_by_id(asked.id), None, show_name=False, **used)

    guest = listed(cast, organisation="ธนาคาร ก")
    evaluation.enrol(row)
    follow_up.enrol(plan)
    assert outside(cast.community) == [(f"g:{guest.id}", guest.full_name, 2)]
    (mine,) = Assessment.select().where(Assessment.employee.is_null())
    assert (mine.id, mine.suggestion, mine.name) == (first.id, "ดีมาก", guest.full_name)
    questions = FollowUp.select().where(FollowUp.employee.is_null())
    assert {q.person_key for q in questions} == {f"g:{guest.id}"} and len(questions) == 3
    assert KnowledgeUse.get().person_key == f"g:{guest.id}"


def test_one_who_was_typed_twice_came_once(cast, session):
    for name in ("นางสมหญิง ใจดี", "สมหญิง ใจดี"):
        Attendance.create(session=session, guest_name=name)
    guest = listed(cast)
    assert came(session) == [(guest.id, "สมหญิง ใจดี")]


# ---- twice is once -------------------------------------------------------------------------------------------------


def test_a_guest_who_is_tapped_or_typed_twice_came_once(cast, session):
    guest = listed(cast)
    for _again in range(2):
        sessions.add_guest(cast.author, session, guest.name, guest)
        sessions.add_guest(cast.fellow, session, "ครูวิลาวัณย์")
        sessions.add_guest(cast.fellow, session, "นางครูวิลาวัณย์")
    assert sorted(name for _id, name in came(session)) == ["ครูวิลาวัณย์", "สมหญิง ใจดี"]
    assert AuditEntry.select().where(AuditEntry.action == "session.guest").count() == 2


@pytest.mark.parametrize("by_name", [True, False])
def test_two_phones_at_once_cannot_note_one_guest_twice(cast, session, by_name):
    """Both looked before either wrote: the database says no, whoever asks."""
    row = {"session": session, "guest": None if by_name else listed(cast), "guest_name": "สมหญิง ใจดี"}
    Attendance.create(**row, marked_by=cast.author)
    with pytest.raises(pw.IntegrityError), db.atomic():
        Attendance.create(**row, marked_by=cast.fellow)


def test_guests_are_unique_by_name_and_place(cast):
    guest = listed(cast, "นางสาวสมหญิง ใจดี", "ธนาคาร ก")
    with pytest.raises(DomainError, match="อยู่แล้ว"):
        listed(cast, "สมหญิง ใจดี", "ธนาคารก")
    with pytest.raises(pw.IntegrityError), db.atomic():
        Guest.create(**{name: getattr(guest, name) for name in Guest._meta.sorted_field_names if name != "id"})


def test_a_calendar_has_one_address_that_works(cast):
    feed = calendar_feeds.subscribe(cast.author)
    assert calendar_feeds.subscribe(cast.author) == feed
    with pytest.raises(pw.IntegrityError), db.atomic():
        CalendarFeed.create(employee=cast.author, salt="other", open_key=feed.open_key)
    of_community = calendar_feeds.subscribe(cast.author, cast.community)
    assert calendar_feeds.subscribe(cast.author, cast.community) == of_community != feed
    calendar_feeds.revoke(cast.author, feed)
    assert calendar_feeds.subscribe(cast.author) not in (feed, of_community)
    assert calendar_feeds.subscribe(cast.fellow).employee == cast.fellow


def test_a_reader_says_once_that_they_use_something(cast):
    article = factories.make_article("ติดตามหนี้", cast.author, community=cast.community, status="published")
    said = {"outcomes": "", "outcome_text": "", "show_name": True}
    for place in ("สาขาหนึ่ง", "สาขาสอง"):
        uses.tell(cast.fellow, article, place=place, **said)
    row = KnowledgeUse.get()
    assert KnowledgeUse.select().count() == 1 and row.place == "สาขาสอง"
    with pytest.raises(pw.IntegrityError), db.atomic():
        KnowledgeUse.create(article=article, person_key="e:0", own_key=row.own_key, used_on=clock.today())
    uses.tell(cast.outsider, article, place="", **said)
    assert KnowledgeUse.select().count() == 2
    uses.take_back(cast.fellow, article)
    assert uses.told_by(cast.fellow, article) is None and uses.told_by(cast.outsider, article) is not None
