"""The daily rounds: made once a day by one process, piece by piece, keeping nobody from writing."""

import logging
import threading
from datetime import datetime, timedelta

import pytest

from kc import clock
from kc.db import connection, db
from kc.models import DailyRound, Employee, Notice, OrgUnit
from kc.services import notices, reminders
from tests.services.mailing import something_happens

NOON = datetime(2026, 11, 21, 5)  # in UTC: some minutes later it is still the same day


class Killed(BaseException):
    """The process is gone: nothing of its own is done any more."""


@pytest.fixture
def of_the_day(monkeypatch):
    """Make the one round "test" of this: things, and what is done for each."""

    def is_made_of(things, work) -> None:
        monkeypatch.setattr(reminders, "ROUNDS", {"test": lambda each: each(things, work)})

    return is_made_of


def test_a_round_is_made_once_a_day(app, of_the_day):
    made = []
    of_the_day([1], lambda _n: made.append(clock.today()))
    assert reminders.make("test") and not reminders.make("test")
    with clock.freeze(clock.now() + timedelta(days=1)):
        assert reminders.make("test")
    assert len(made) == 2


def test_one_piece_that_fails_is_logged_stops_no_other_and_is_done_again(cast, of_the_day, caplog):
    def tell(person) -> None:
        something_happens(person)
        if person == cast.author:
            OrgUnit.create(code=cast.branch.code, name="ซ้ำ", kind="branch", sort_key="ซ")  # the database refuses

    of_the_day([cast.author, cast.fellow], tell)
    with caplog.at_level(logging.ERROR):
        assert not reminders.make("test")
    assert [notices.unread(person) for person in (cast.author, cast.fellow)] == [0, 1]
    assert f"failed at {cast.author}" in caplog.text
    of_the_day([cast.author], something_happens)
    assert reminders.make("test") and notices.unread(cast.author) == 1


def test_a_round_that_fails_as_a_whole_is_made_again_a_few_times_and_then_tomorrow(app, monkeypatch, caplog):
    tried = []
    monkeypatch.setattr(reminders, "ROUNDS", {"test": lambda each: (tried.append(1), 1 / 0)})
    with caplog.at_level(logging.CRITICAL):
        assert not any(reminders.make("test") for _ in range(9))
        assert len(tried) == reminders.MOST_TRIES
        with clock.freeze(clock.now() + timedelta(days=1)):
            reminders.make("test")
    assert len(tried) == reminders.MOST_TRIES + 1


def test_while_one_process_makes_the_round_no_other_does_and_everybody_writes(cast, of_the_day):
    """Threads with a connection each stand for processes: what decides is the row. Nobody waits for the round."""
    begun, go_on, made = threading.Event(), threading.Event(), []

    def things():
        begun.set()
        assert go_on.wait(20)  # it takes long to find what is to be done
        yield from (1, 2)

    def process() -> None:
        with connection():
            made.append(reminders.make("test"))

    of_the_day(things(), lambda _n: something_happens(cast.fellow))
    first = threading.Thread(target=process)
    first.start()
    assert begun.wait(20)
    others = [threading.Thread(target=process) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join(20)
    assert made == [False] * 3
    with db.atomic():
        Employee.update(position="เขียนได้").where(Employee.id == cast.fellow.id).execute()
    go_on.set()
    first.join(20)
    assert made == [False] * 3 + [True] and notices.unread(cast.fellow) == 2
    assert DailyRound.select().where(DailyRound.name == "test").count() == 1


def test_each_piece_is_a_transaction_of_its_own(cast, of_the_day):
    """What the first told is there for others before the second begins."""
    seen = []

    def look() -> None:
        with connection():
            seen.append(Notice.select().count())

    def tell(person) -> None:
        other = threading.Thread(target=look)
        other.start()
        other.join(20)
        something_happens(person)

    of_the_day([cast.author, cast.fellow], tell)
    assert reminders.make("test") and seen == [0, 1]


def test_the_day_of_a_killed_process_is_taken_up_again(cast, of_the_day):
    def dies(person) -> None:
        if person == cast.fellow:
            raise Killed
        something_happens(person)

    of_the_day([cast.author, cast.fellow], dies)
    with clock.freeze(NOON) as day:
        with pytest.raises(Killed):
            reminders.make("test")
        assert notices.unread(cast.author) == 1, "what was done is kept"
        of_the_day([cast.fellow], something_happens)
        assert not reminders.make("test"), "it may still be at work"
        day.move_to(NOON + reminders.HOLD + timedelta(seconds=1))
        assert reminders.make("test") and notices.unread(cast.fellow) == 1


def test_who_works_long_keeps_the_round_and_who_slept_leaves_it(cast, of_the_day):
    made = []
    with clock.freeze(NOON) as day:

        def works(minutes) -> None:
            day.move_to(clock.now() + timedelta(minutes=minutes))
            made.append((minutes, reminders.make("test")))

        of_the_day([4, 4, 4], works)
        assert reminders.make("test") and made == [(4, False)] * 3
        DailyRound.delete().execute()
        taken = []

        def sleeps(_n) -> None:
            day.move_to(clock.now() + reminders.HOLD * 2)
            of_the_day([1], lambda _n: taken.append(1))
            assert reminders.make("test")

        of_the_day([1, 2], sleeps)
        assert not reminders.make("test") and taken == [1], "the other has done it"


def test_every_round_is_made_with_nothing_there(app):
    for name in reminders.ROUNDS:
        assert reminders.make(name), name


def test_nobody_is_reminded_at_night(app, of_the_day, monkeypatch):
    made = []
    of_the_day([1], made.append)
    monkeypatch.setattr(reminders, "_looked_at", -reminders.EVERY * 2)
    with clock.freeze(clock.from_local(datetime(2026, 11, 18, 5, 59))):
        reminders.now_and_then()
    assert made == []
    with clock.freeze(clock.from_local(datetime(2026, 11, 18, 6, 1))):
        reminders.now_and_then()
        reminders.now_and_then()
    assert made == [1]
