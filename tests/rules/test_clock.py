"""One clock for everybody, and days counted where the organisation is."""

import threading
import time
from datetime import UTC, date, datetime

import pytest

from kc import clock

LATE = datetime(2026, 3, 31, 17, 30)  # already 1 April, half past midnight, in Bangkok


@pytest.fixture(autouse=True)
def bangkok():
    yield
    clock.configure("Asia/Bangkok")


def test_now_is_naive_utc_and_close_to_the_real_time():
    moment = clock.now()
    assert moment.tzinfo is None
    assert abs((datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds()) < 5


def test_the_day_is_the_local_one():
    with clock.freeze(LATE):
        assert clock.today() == date(2026, 4, 1)
        clock.configure("UTC")
        assert clock.today() == date(2026, 3, 31)


def test_frozen_time_is_the_same_in_another_thread_and_moves_when_told():
    seen = []
    with clock.freeze(LATE) as frozen:
        frozen.advance(days=1, minutes=5)
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [datetime(2026, 4, 1, 17, 35)]
    assert clock.now() != seen[0]


def test_freezing_inside_a_freeze_comes_back_to_the_outer_one():
    with clock.freeze(date(2026, 11, 21)):
        with clock.freeze(LATE):
            assert clock.now() == LATE
        assert clock.today() == date(2026, 11, 21)


def test_local_wall_clock_goes_to_utc_and_back():
    typed = datetime(2026, 11, 21, 14, 2)
    stored = clock.from_local(typed)
    assert stored == datetime(2026, 11, 21, 7, 2)
    assert clock.to_local(stored).replace(tzinfo=None) == typed


def test_unknown_zone_is_refused_and_the_old_one_stays():
    with pytest.raises(ValueError, match="Asia/Nowhere"):
        clock.configure("Asia/Nowhere")
    assert clock.to_local(LATE).hour == 0


def test_bangkok_needs_no_zone_database(monkeypatch):
    def missing(name):
        raise clock.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(clock, "ZoneInfo", missing)
    clock.configure("Asia/Bangkok")
    assert clock.to_local(LATE).hour == 0


def test_a_clock_may_run_on_from_another_day():
    with clock.freeze(datetime(2026, 4, 6, 2, 0), runs=True):
        first = clock.now()
        assert first.date() == date(2026, 4, 6)
        time.sleep(0.01)
        assert first < clock.now() < datetime(2026, 4, 6, 2, 1)
