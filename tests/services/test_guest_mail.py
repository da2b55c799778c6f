"""Guests with an e-mail address are sent the link to their own form, once for each thing they are asked."""

import re
from datetime import date, timedelta

import pytest

from kc import clock
from kc.models import Assessment, FollowUp, Mail
from kc.services import assessing, evaluation, follow_up, guest_links, guests, mail, reminders
from tests import factories
from tests.services.mailing import BASE, mailing

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def day():
    with clock.freeze(TODAY) as frozen:
        yield frozen


@pytest.fixture
def server(app):
    with mailing(app) as running:
        yield running


def listed(cast, name="ครูนวล", contact="08 2222 2222, nuan@example.com"):
    return guests.add(cast.author, cast.community, name, organisation="โรงเรียน", contact=contact, brings="")


def planned(cast):
    return evaluation.set_up(cast.author, cast.community, 0, methods=["self"], points="ฟัง", full_score=10)


def rounds():
    """A day's rounds."""
    reminders.make("evaluation"), reminders.make("follow_up")


def letters():
    return [(row.to_address, row.kind) for row in Mail.select().order_by(Mail.id)]


def linked():
    (row,) = Mail.select()
    (token,) = re.findall(rf"{BASE}/guest/(\S+)", row.text)
    return guest_links.row_of(token)


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("nuan@example.com", "nuan@example.com"),
        ("โทร. 08 2222 2222 อีเมล nuan@example.com", "nuan@example.com"),
        ("LINE: @nuan, nuan@example.com; 02 111", "nuan@example.com"),
        ("LINE @nuan", ""),
        ("08 2222 2222", ""),
        ("nuan@", ""),
        ("", ""),
    ],
)
def test_the_address_is_found_in_what_was_noted(cast, contact, address):
    assert guests.email_of(listed(cast, contact=contact)) == address


def test_s0_198_opening_the_evaluation_sends_the_guest_their_link_once(cast, server):
    listed(cast), listed(cast, "ป้าละมัย", contact="08 1111 1111")
    row = planned(cast)
    assert evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=1)) == 2, "fellow member and guest"
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=1))
    evaluation.remind(cast.author, row)
    assert letters() == [("nuan@example.com", "guest")]
    assert linked() == Assessment.get(Assessment.guest_name == "ครูนวล (โรงเรียน)")
    mail.send_waiting()
    (sent,) = server.inbox
    assert "เรียน ครูนวล" in sent.text and "45 วัน" in sent.text and cast.community.name in sent.text


def test_two_who_open_at_once_write_once(cast, server):
    """Both read that nothing was sent yet: the second finds it claimed."""
    from kc.services import guest_mail

    listed(cast)
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    stale = Assessment.get(Assessment.employee.is_null())
    stale.link_sent = ""
    assert guest_mail.send(cast.community, [stale]) == 0 and len(letters()) == 1


def test_each_stage_is_told_of_and_who_comes_later_is_written_to_when_others_are_reminded(cast, server, day):
    listed(cast)
    row = planned(cast)
    evaluation.set_up(cast.author, cast.community, row.version, methods=["test", "self"], points="ฟัง", full_score=10)
    row = evaluation.of(cast.community)
    evaluation.write_question(cast.author, row, "ถามอะไรก่อน", ["ก", "ข"], 0)
    evaluation.move_to(cast.author, row, "before")
    evaluation.move_to(cast.author, row, "after", TODAY + timedelta(days=3))
    assert letters() == [("nuan@example.com", "guest")] * 2
    listed(cast, "ลุงมา", contact="ma@example.com")
    day.advance(days=2)
    rounds()
    rounds()
    assert letters()[2:] == [("ma@example.com", "guest")]


def test_who_answered_or_is_excused_is_not_written_to(cast, server):
    listed(cast)
    row = planned(cast)
    evaluation.enrol(row)
    assessing.excuse(cast.author, Assessment.get(Assessment.employee.is_null()), "มาบรรยาย")
    evaluation.move_to(cast.author, row, "after")
    assert letters() == []


def test_s0_200_a_follow_up_is_sent_on_its_day_and_by_hand_once(cast, server, day):
    listed(cast)
    follow_up.begin(cast.author, cast.community)
    rounds()
    assert letters() == [], "nothing is due yet"
    day.advance(days=31)
    rounds()
    assert letters() == [("nuan@example.com", "guest")]
    due = FollowUp.get(FollowUp.employee.is_null() & (FollowUp.months == 1))
    assert linked() == due
    day.advance(days=7)
    rounds()
    follow_up.remind(cast.author, cast.community)
    assert len(letters()) == 1
    listed(cast, "ลุงมา", contact="ma@example.com")
    follow_up.enrol(follow_up.of(cast.community))
    follow_up.remind(cast.author, cast.community)
    assert len(letters()) == 1, "what was due before somebody came is not asked of them"
    day.advance(days=60)
    follow_up.remind(cast.author, cast.community)
    follow_up.remind(cast.author, cast.community)
    assert sorted(letters()[1:]) == [("ma@example.com", "guest"), ("nuan@example.com", "guest")]


def test_nothing_is_queued_while_no_mail_is_sent(cast):
    listed(cast)
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    assert letters() == [] and Assessment.get(Assessment.employee.is_null()).link_sent == ""


def test_who_leaves_takes_their_address_along(cast, server):
    guest = listed(cast)
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    guests.remove(cast.author, guest)
    assert letters() == []


def test_who_leaves_one_community_is_still_written_to_by_another(cast, server):
    listed(cast)
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    other = factories.make_community("ชุมชนข้างเคียง", cast.author)
    there = guests.add(cast.author, other, "ครูนวล", organisation="โรงเรียน", contact="nuan@example.com", brings="")
    guests.remove(cast.author, there)
    assert letters() == [("nuan@example.com", "guest")]


def test_the_page_of_links_says_who_was_written_to(cast, server, login_as):
    listed(cast), listed(cast, "ป้าละมัย", contact="08 1111 1111")
    row = planned(cast)
    evaluation.move_to(cast.author, row, "after")
    page = login_as(cast.author).get(f"/communities/{cast.community.id}/evaluation/links").text
    assert page.count("ส่งอีเมลให้แล้ว") == 1 and page.count(f'href="{BASE}/guest/') == 2
