"""From notices to messages: how often, how many in one, in whose language, and never a flood."""

import threading
from datetime import datetime, timedelta

import pytest

from kc import clock
from kc.db import connection
from kc.models import Mail, Notice
from kc.services import mail, notice_choices, notice_mail, notices
from tests.services.mailing import BASE, NOON, mailing, something_happens, states, with_address

AT_ONCE, DAILY = "article.returned", "article.published"


@pytest.fixture
def fellow(cast):
    return with_address(cast.fellow)


@pytest.fixture
def now():
    with clock.freeze(NOON) as frozen:
        yield frozen


@pytest.fixture
def server(app, now):
    with mailing(app) as running:
        yield running


def letters(server) -> list[str]:
    notice_mail.gather()
    mail.send_waiting()
    return [came.text for came in server.inbox]


def test_at_once_means_within_minutes_and_together(server, now, fellow):
    something_happens(fellow, AT_ONCE, title="เรื่องแรก")
    assert letters(server) == []
    now.advance(seconds=61)
    something_happens(fellow, AT_ONCE, title="เรื่องที่สอง")
    now.advance(seconds=61)
    (text,) = letters(server)
    assert "เรื่องแรก" in text and "เรื่องที่สอง" in text and "2 เรื่อง" in text
    assert letters(server) == [text], "never twice"


def test_nobody_waits_for_ever_because_more_keeps_coming(server, now, fellow):
    for _ in range(11):
        notices.tell([fellow], AT_ONCE, "/knowledge/7", about="article:7", title="ก", reason="ข")
        notice_mail.gather()
        now.advance(seconds=59)
    assert len(letters(server)) == 1


def test_the_more_came_the_longer_the_pause(server, now, fellow):
    sent_at = []
    for _quarter_of_an_hour in range(24 * 4):
        something_happens(fellow, AT_ONCE)
        now.advance(minutes=15)
        before = len(server.inbox)
        if len(letters(server)) > before:
            sent_at.append(now.moment)
    pauses = [int((b - a).total_seconds() / 60) for a, b in zip(sent_at, sent_at[1:], strict=False)]
    assert pauses == sorted(pauses) and pauses[0] == 15 and pauses[-1] == 120 and len(sent_at) < 20


def test_daily_is_gathered_in_the_morning(server, now, fellow):
    for n in range(5):
        something_happens(fellow, DAILY, title=f"เรื่องที่ {n}")
    now.advance(hours=18)  # six in the morning
    assert letters(server) == []
    now.advance(hours=1, minutes=1)
    (text,) = letters(server)
    assert all(f"เรื่องที่ {n}" in text for n in range(5))
    something_happens(fellow, DAILY)
    now.advance(hours=5)
    assert len(letters(server)) == 1, "the rest waits for tomorrow"
    now.advance(hours=20)
    assert len(letters(server)) == 2


def test_weekly_comes_on_monday(server, now, fellow):
    notice_choices.change(fellow, {"knowledge": "weekly"})
    something_happens(fellow, DAILY)
    came = []
    for _hour in range(24 * 8):
        now.advance(hours=1)
        if letters(server) and not came:
            came.append(clock.to_local(now.moment))
    assert (came[0].weekday(), came[0].hour) == (0, 7) and len(server.inbox) == 1


@pytest.mark.parametrize(
    ("local", "daily", "weekly"),
    [
        (datetime(2026, 11, 18, 6, 59), datetime(2026, 11, 17, 7), datetime(2026, 11, 16, 7)),
        (datetime(2026, 11, 18, 7, 0), datetime(2026, 11, 18, 7), datetime(2026, 11, 16, 7)),
        (datetime(2026, 11, 16, 6, 59), datetime(2026, 11, 15, 7), datetime(2026, 11, 9, 7)),
        (datetime(2026, 11, 16, 7, 1), datetime(2026, 11, 16, 7), datetime(2026, 11, 16, 7)),
        (datetime(2026, 11, 1, 3, 0), datetime(2026, 10, 31, 7), datetime(2026, 10, 26, 7)),
    ],
)
def test_mornings(server, local, daily, weekly):
    moment = clock.from_local(local)
    assert notice_mail.last_morning(moment) == clock.from_local(daily)
    assert notice_mail.last_morning(moment, notice_mail.MONDAY) == clock.from_local(weekly)


def test_off_sends_nothing_and_nothing_old_when_switched_on(server, now, fellow):
    notice_choices.change(fellow, {"duties": "off"})
    something_happens(fellow, AT_ONCE, title="ระหว่างปิด")
    now.advance(hours=1)
    assert letters(server) == []
    notice_choices.change(fellow, {"duties": "immediate"})
    something_happens(fellow, AT_ONCE, title="หลังเปิด")
    now.advance(minutes=2)
    (text,) = letters(server)
    assert "หลังเปิด" in text and "ระหว่างปิด" not in text


def test_what_was_read_is_not_sent(server, now, fellow):
    row = something_happens(fellow, AT_ONCE)
    notices.mark_read(fellow, row.id)
    now.advance(hours=1)
    assert letters(server) == []


def test_a_change_after_the_message_is_sent_too(server, now, fellow):
    for title in ("อังคาร", "พฤหัสบดี"):
        notices.tell([fellow], AT_ONCE, "/knowledge/7", about="article:7", title=title, reason="ข")
        now.advance(minutes=20)
        letters(server)
    assert "อังคาร" in server.inbox[0].text and "พฤหัสบดี" in server.inbox[1].text and Notice.select().count() == 1


def test_while_the_mail_server_is_away_one_message_waits_not_a_heap(server, now, fellow):
    server.greeting = "421 away"
    for _day in range(4):
        something_happens(fellow, AT_ONCE)
        now.advance(hours=23)
        letters(server)
    assert states() == ["waiting"]
    server.greeting = "220 back"
    now.advance(hours=1)
    letters(server)
    now.advance(hours=3)
    assert len(letters(server)) == 2, "the rest goes together"


def test_old_news_is_no_news(server, now, fellow):
    """A mail server that is set up after a year of use sends nobody the year."""
    something_happens(fellow, AT_ONCE)
    now.advance(days=15)
    assert letters(server) == []


@pytest.mark.parametrize("changes", [{"is_active": False}, {"locked_reason": "สอบสวน"}, {"email": ""}])
def test_who_gets_none(server, now, cast, fellow, changes):
    something_happens(fellow, AT_ONCE)
    type(fellow).update(**changes).where(type(fellow).id == fellow.id).execute()
    now.advance(hours=1)
    assert letters(server) == [] and Mail.select().count() == 0


def test_an_address_that_is_none_is_given_up_once_and_blocks_nobody(server, now, cast):
    bad, good = with_address(cast.fellow, "โทร 1234"), with_address(cast.author)
    for person in (bad, good):
        something_happens(person, AT_ONCE)
    now.advance(minutes=2)
    assert len(letters(server)) == 1 and sorted(states()) == ["dead", "sent"]
    now.advance(hours=1)
    letters(server)
    assert len(states()) == 2


def test_several_processes_write_one_message(server, now, fellow):
    for _ in range(5):
        something_happens(fellow, AT_ONCE)
    now.advance(minutes=2)
    begin = threading.Barrier(4)

    def process() -> None:
        with connection():
            begin.wait()
            notice_mail.gather()

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(letters(server)) == 1 and "5 เรื่อง" in server.inbox[0].text


def test_the_message_is_plain_and_html_with_links_that_lead_there(server, now, cast, fellow):
    row = something_happens(fellow, AT_ONCE, title="ลด < 5 & เพิ่ม", reason="<b>ตัวหนา</b>")
    now.advance(minutes=2)
    letters(server)
    (came,) = server.inbox
    link = f"{BASE}/notices/{row.id}?to=%2Fknowledge%2F7"
    assert link in came.text and f'href="{link}"' in came.html and f"{BASE}/notices/preferences" in came.text
    assert "สวัสดีคุณเกศินี" in came.text and "[งานที่รอฉัน]" in came.text
    assert "ลด &lt; 5 &amp; เพิ่ม" in came.html and "<b>" not in came.html and "ลด < 5 & เพิ่ม" in came.text
    assert str(came.message["Subject"]).startswith("ส่ง") or "ลด < 5" in str(came.message["Subject"])
    assert came.to == [fellow.email] and len(came.message.get_content_type()) and came.message.is_multipart()


@pytest.mark.parametrize(("kind", "subject"), [("question.choose", False), (AT_ONCE, True)])
def test_no_word_of_a_question_stands_in_a_subject_line(server, now, fellow, kind, subject):
    """S0-265: mail servers note subjects beside addresses, and who hides their name is who gets these."""
    notice_choices.change(fellow, {"questions": "immediate"})
    something_happens(fellow, kind, title="หัวหน้าให้ทำสิ่งที่ผิดระเบียบ")
    now.advance(minutes=2)
    (text,) = letters(server)
    said = str(server.inbox[0].message["Subject"])
    assert ("ผิดระเบียบ" in said) is subject and "ผิดระเบียบ" in text
    assert subject or said == "มีเรื่องใหม่ในกระดานถาม-ตอบ"


def test_it_speaks_the_readers_language(server, now, cast):
    english = with_address(cast.fellow, language="en")
    something_happens(english, AT_ONCE)
    now.advance(minutes=2)
    letters(server)
    assert '<html lang="en">' in server.inbox[0].html


def test_very_many_are_counted_not_listed(server, now, fellow):
    for n in range(40):
        something_happens(fellow, AT_ONCE, title=f"เรื่องที่ {n:02d}.")
    now.advance(minutes=2)
    (text,) = letters(server)
    assert "40 เรื่อง" in text and "และอีก 10 เรื่อง" in text and text.count("- ") == 30


def test_without_a_mail_server_nothing_is_written(cast, now):
    something_happens(with_address(cast.fellow), AT_ONCE)
    now.advance(hours=1)
    assert notice_mail.gather() == 0 and Mail.select().count() == 0


def test_however_many_rest_the_others_are_reached_the_longest_waiting_first(server, now, cast, monkeypatch):
    from tests import factories

    monkeypatch.setattr(notice_mail, "_PEOPLE_AT_ONCE", 2)
    people = [with_address(factories.make_employee(unit=cast.branch)) for _ in range(25)]
    resting, others = people[:22], people[22:]
    for person in resting:
        something_happens(person, AT_ONCE)
    now.advance(minutes=2)
    for _ in range(11):
        notice_mail.gather()
        Mail.update(state="sent").execute()
    assert Mail.select().count() == 22, "they rest now …"
    for person in [*resting, *reversed(others)]:
        something_happens(person, AT_ONCE)
        now.advance(seconds=5)
    now.advance(minutes=2)
    assert notice_mail.gather() == 2, "… and what is new for them keeps nobody else waiting"
    assert {row.employee for row in Mail.select().where(Mail.state == "waiting")} == set(others[1:])


def test_looking_takes_few_statements_however_many_people(server, now, cast):
    from tests import factories
    from tests.conftest import count_queries

    people = [with_address(factories.make_employee(unit=cast.branch)) for _ in range(12)]
    for person in people:
        something_happens(person, DAILY)
    now.advance(hours=1)
    with count_queries() as sent:
        notice_mail.gather()
    assert len(sent) <= 2
    assert timedelta(0) < notice_mail.SETTLES
