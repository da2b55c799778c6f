"""The queue of e-mail: sent once, tried again with growing pauses, given up visibly, never blamed on the message when
the server is at fault."""

import threading
from datetime import timedelta

import pytest

from kc import addresses, clock, config, smtp
from kc.db import connection, db
from kc.models import Mail
from kc.models.mail import DEAD, SENDING, SENT, WAITING
from kc.services import mail, mail_desk
from tests.services.mailing import NOON, mailing, states


@pytest.fixture
def server(app):
    with clock.freeze(NOON), mailing(app) as running:
        yield running


def queue(n: int = 1, address: str = "kamon@bank.example") -> list[Mail]:
    return [mail.queue(None, address, f"เรื่องที่ {i}", "ข้อความ", "<p>ข้อความ</p>", kind="notices") for i in range(n)]


def test_what_waits_is_sent_once_over_one_connection(server):
    queue(3)
    assert (mail.send_waiting(), mail.send_waiting()) == (3, 0)
    assert [came.message["Subject"] for came in server.inbox] == ["เรื่องที่ 0", "เรื่องที่ 1", "เรื่องที่ 2"]
    assert server.connections == 1 and states() == [SENT] * 3
    came = server.inbox[0]
    assert came.text == "ข้อความ\n" and "<p>ข้อความ</p>" in came.html
    assert (
        str(came.message["From"]) == "คลังความรู้ <km@bank.example>" and came.message["Auto-Submitted"] == "auto-generated"
    )


def test_no_text_is_kept_once_it_is_sent(server):
    queue()
    mail.send_waiting()
    row = Mail.get()
    assert (row.subject, row.text, row.html, row.sent_at) == ("", "", "", NOON)


def test_nothing_waits_no_connection(server):
    assert mail.send_waiting() == 0 and server.connections == 0


def test_a_rolled_back_message_is_never_sent(server):
    with pytest.raises(RuntimeError), db.atomic():
        queue()
        raise RuntimeError
    assert mail.send_waiting() == 0


def test_several_senders_send_each_message_once(server):
    queue(12)
    begin, wrong = threading.Barrier(4), []

    def sender() -> None:
        try:
            with connection():
                begin.wait()
                mail.send_waiting()
        except Exception as why:
            wrong.append(why)

    threads = [threading.Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while mail.send_waiting():
        pass
    ids = [came.message["Message-ID"] for came in server.inbox]
    assert len(ids) == len(set(ids)) == 12 and states() == [SENT] * 12 and wrong == []


def test_a_full_mailbox_is_tried_again_with_growing_pauses_and_given_up(server):
    server.refuses["kamon@bank.example"] = "452 mailbox full"
    queue()
    pauses = []
    with clock.freeze(NOON) as now:
        while Mail.get().state == WAITING:
            mail.send_waiting()
            row = Mail.get()
            pauses.append(row.next_at - now.moment)
            assert mail.send_waiting() == 0, "not before its time"
            now.move_to(row.next_at)
    assert row.state == DEAD and row.problem == "452 mailbox full" and row.attempts == len(mail.PAUSES) + 1
    assert pauses[:-1] == mail.PAUSES and pauses[:-1] == sorted(pauses[:-1])


def test_nobody_by_that_name_is_given_up_at_once_and_the_others_go_on(server):
    server.refuses["gone@bank.example"] = "550 no such person"
    queue(address="gone@bank.example")
    queue()
    assert mail.send_waiting() == 1 and states() == [DEAD, SENT]
    assert "550 no such person" in Mail.get().problem


def test_no_address_is_given_up_and_shown(server):
    queue(address="สมศรี ณ ที่ใด")
    assert states() == [DEAD] and mail.send_waiting() == 0


def test_a_server_that_is_away_is_left_alone_and_no_message_is_blamed(app):
    with clock.freeze(NOON) as now, mailing(app) as server:
        queue(2)
        server.greeting = "421 closed for lunch"
        assert mail.send_waiting() == 0 and server.connections == 1
        assert mail.send_waiting() == 0 and server.connections == 1, "not at every turn"
        now.advance(seconds=31)
        mail.send_waiting()
        now.advance(seconds=31)
        mail.send_waiting()
        assert server.connections == 2, "the pause has grown"
        assert [(row.state, row.attempts) for row in Mail.select()] == [(WAITING, 0)] * 2
        assert "421 closed for lunch" in mail_desk.problem()
        server.greeting = "220 ready"
        now.advance(minutes=2)
        assert mail.send_waiting() == 2 and mail_desk.problem() == ""


def test_what_nobody_could_send_for_a_week_is_no_news_any_more(app):
    with clock.freeze(NOON) as now, mailing(app) as server:
        queue()
        now.advance(days=8)
        assert mail.send_waiting() == 0 and states() == [DEAD] and server.inbox == []


def test_a_sender_that_died_before_sending_loses_nothing(app):
    """Killed between the claim and the server: after a while somebody else sends it."""
    with clock.freeze(NOON) as now, mailing(app) as server:
        queue()
        assert mail._claim() is not None and states() == [SENDING]
        assert mail.send_waiting() == 0, "it may still be at it"
        now.advance(minutes=11)
        assert mail.send_waiting() == 1 and len(server.inbox) == 1


def test_a_sender_that_died_between_answer_and_note_is_the_one_case_of_two(app, monkeypatch):
    """The message goes out again, under the same Message-ID, so that mail servers and mailboxes can drop it."""
    with clock.freeze(NOON) as now, mailing(app) as server:
        queue()
        monkeypatch.setattr(mail, "_note_sent", lambda _ours: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            mail.send_waiting()
        monkeypatch.undo()
        now.advance(minutes=11)
        assert mail.send_waiting() == 1
        first, second = (came.message["Message-ID"] for came in server.inbox)
        assert first == second


def test_a_line_that_breaks_ends_the_turn_and_the_message_is_tried_again(app):
    with clock.freeze(NOON) as now, mailing(app) as server:
        queue(2)
        server.hangs_up_after_data = 1
        assert mail.send_waiting() == 0 and states() == [WAITING, WAITING]
        assert mail.send_waiting() == 1
        now.advance(minutes=2)
        assert mail.send_waiting() == 1 and states() == [SENT, SENT]


def test_a_busy_database_does_not_send_twice(server, monkeypatch):
    """The note that it was sent is tried again for some seconds."""
    import peewee as pw

    tries = []
    execute = pw.ModelUpdate.execute

    def busy(query, *args):
        if "sent_at" in str(query.sql()[0]) and len(tries) < 2:
            tries.append(1)
            raise pw.OperationalError("database is locked")
        return execute(query, *args)

    monkeypatch.setattr(pw.ModelUpdate, "execute", busy)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    queue()
    assert mail.send_waiting() == 1 and len(tries) == 2 and states() == [SENT]


def test_one_message_that_cannot_be_made_does_not_stop_the_rest(server, monkeypatch):
    monkeypatch.setattr(mail.log, "exception", lambda *_: None)
    bad, _good = queue(2)
    make = mail._message
    monkeypatch.setattr(mail, "_message", lambda row: make(row) if row.id != bad.id else 1 / 0)
    assert mail.send_waiting() == 1 and states() == [WAITING, SENT]


def test_no_line_break_gets_into_a_head(server):
    mail.queue(None, "kamon@bank.example", "เรื่อง\r\nBcc: spy@elsewhere.example", "ข้อความ", kind="notices")
    mail.send_waiting()
    assert server.inbox[0].message["Bcc"] is None and server.inbox[0].to == ["kamon@bank.example"]


def test_without_a_mail_server_nothing_is_sent(app):
    assert not mail.is_on() and mail.send_waiting() == 0


def test_old_mail_goes(server):
    queue(2)
    server.refuses["gone@bank.example"] = "550 no"
    queue(address="gone@bank.example")
    mail.send_waiting()
    assert mail.sweep() == 0
    with clock.freeze(NOON + timedelta(days=121)):
        assert mail.sweep() == 3 and Mail.select().count() == 0


def test_the_pauses_leave_time_for_every_answer_of_a_slow_server():
    assert timedelta(seconds=smtp.SECONDS * 12) < mail.HOLD


# ---- settings ------------------------------------------------------------------------------------------------------

SOUND = {
    "KC_SMTP_HOST": "mail.bank.example",
    "KC_SMTP_USER": "km",
    "KC_SMTP_PASSWORD": "secret",
    "KC_MAIL_FROM": "คลังความรู้ <km@bank.example>",
    "KC_BASE_URL": "https://km.bank.example/",
}


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465)])
def test_a_mail_server_is_read_from_the_settings(app, security, port):
    read = config.read_settings({}, SOUND | {"KC_SMTP_SECURITY": security})
    mail.configure(read)
    addresses.configure(read["KC_BASE_URL"])
    server = mail.post().server
    assert server is not None and (server.host, server.port, server.security) == ("mail.bank.example", port, security)
    assert addresses.absolute("/notices/") == "https://km.bank.example/notices/"
    mail.configure(app.config)
    addresses.configure(app.config["KC_BASE_URL"])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"KC_MAIL_FROM": ""}, "KC_MAIL_FROM: is needed"),
        ({"KC_BASE_URL": ""}, "KC_BASE_URL: is needed"),
        ({"KC_BASE_URL": "km.bank.example"}, "KC_BASE_URL: must look like"),
        ({"KC_MAIL_FROM": "คลังความรู้"}, "KC_MAIL_FROM: must be an e-mail address"),
        ({"KC_SMTP_PASSWORD": ""}, "one is of no use without the other"),
        ({"KC_SMTP_SECURITY": "none"}, "not sent in the clear"),
        ({"KC_SMTP_SECURITY": "ssl"}, "KC_SMTP_SECURITY: must be one of"),
        ({"KC_SMTP_CA_FILE": "/no/such/file.pem"}, "KC_SMTP_CA_FILE: must name a file"),
    ],
)
def test_settings_that_cannot_send_are_refused_at_start(changes, named):
    with pytest.raises(config.SettingError, match=named):
        config.read_settings({}, SOUND | changes)
