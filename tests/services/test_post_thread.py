"""The thread of `kc serve` and `kc worker` that reminds and sends."""

import time

import pytest

from kc import create_app, db
from kc.models import Mail
from kc.services import background, mail_desk, post_thread, reminders
from tests.conftest import connected_anew, run_command
from tests.services.mailing import settings_for, states
from tests.services.smtpd import MailServer, running


def wait_until(true) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


def in_the_foreground(settings) -> None:
    """No thread works in the background any more."""
    db.db.close()
    create_app(settings)


@pytest.fixture
def sending(settings, app):
    """An application like that of `kc serve`, with a mail server."""
    with running(MailServer()) as server, connected_anew():

        def serve(**other: str):
            create_app(settings | settings_for(server) | {"KC_READ_FILES": "0"} | other, background=True)

        yield server, serve
        in_the_foreground(settings)


def test_a_test_message_is_sent_by_the_server_itself_within_moments(sending, cast):
    server, serve = sending
    serve()
    mail_desk.send_test(cast.administrator, "ngamta@bank.example")
    wait_until(lambda: server.inbox)
    wait_until(lambda: states() == ["sent"])
    assert server.inbox[0].to == ["ngamta@bank.example"] and "https://km.bank.example/" in server.inbox[0].text


def test_where_only_the_worker_sends_the_server_does_not(sending, cast, settings, monkeypatch):
    server, serve = sending
    serve(KC_SEND_MAIL="0")
    mail_desk.send_test(cast.administrator, "ngamta@bank.example")
    time.sleep(0.3)
    assert server.inbox == [] and states() == ["waiting"]
    post_thread.stop()
    for name, value in (settings | settings_for(server)).items():
        monkeypatch.setenv(name, value)
    assert run_command("worker", "--once").exit_code == 0
    assert len(server.inbox) == 1 and [row.state for row in Mail.select()] == ["sent"]


def test_reminders_are_made_even_where_no_mail_is_sent(settings, app, monkeypatch):
    made = []
    monkeypatch.setattr(reminders, "MORNING", 0)
    monkeypatch.setattr(reminders, "_looked_at", -reminders.EVERY * 2)
    monkeypatch.setattr(reminders, "ROUNDS", {"test": lambda each: made.append(1)})
    with connected_anew():
        create_app(settings | {"KC_READ_FILES": "0"}, background=True)
        wait_until(lambda: made)
        in_the_foreground(settings)
    assert made == [1]


def test_the_thread_goes_on_after_an_error(sending, cast, monkeypatch):
    server, serve = sending
    monkeypatch.setattr(background.log, "exception", lambda *_: None)
    monkeypatch.setattr(reminders, "now_and_then", lambda: 1 / 0)
    serve()
    mail_desk.send_test(cast.administrator, "ngamta@bank.example")
    wait_until(lambda: server.inbox)


def test_stopping_leaves_no_thread(sending):
    import threading

    _server, serve = sending
    serve()
    assert "post" in [thread.name for thread in threading.enumerate()]
    post_thread.stop()
    assert "post" not in [thread.name for thread in threading.enumerate()]
