"""What tests of notices and mail share: a mail server of their own, and an application that knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask

from kc import addresses, clock
from kc.models import Employee, Mail, Notice
from kc.services import mail, notice_mail, notices
from tests.services.smtpd import MailServer, running

BASE = "https://km.bank.example"
NOON = clock.from_local(datetime(2026, 11, 18, 12, 0))  # a Wednesday


def settings_for(server: MailServer) -> dict[str, str]:
    return {
        "KC_SMTP_HOST": "127.0.0.1",
        "KC_SMTP_PORT": str(server.port),
        "KC_SMTP_SECURITY": "none",
        "KC_MAIL_FROM": "คลังความรู้ <km@bank.example>",
        "KC_BASE_URL": BASE,
    }


@contextmanager
def mailing(app: Flask, **other: Any) -> Iterator[MailServer]:
    """A running mail server that this application sends to."""
    with running(MailServer()) as server:
        given = {**app.config, **settings_for(server), "KC_SMTP_PORT": server.port, **other}
        mail.configure(given)
        addresses.configure(given["KC_BASE_URL"])
        notice_mail.configure(given)
        yield server
    mail.configure(app.config)
    addresses.configure(app.config["KC_BASE_URL"])
    notice_mail.configure(app.config)


def with_address(employee: Employee, address: str = "", **changes: str) -> Employee:
    Employee.update(email=address or f"e{employee.employee_id}@bank.example", **changes).where(
        Employee.id == employee.id
    ).execute()
    return Employee.get_by_id(employee.id)


def something_happens(to: Employee, kind: str = "article.published", **facts: Any) -> Notice:
    """One notice; `article.published` comes daily by default, `article.returned` at once."""
    facts = {"title": "เยี่ยมลูกค้า", "reason": "เพิ่มตัวเลข"} | facts
    notices.tell([to], kind, "/knowledge/7", **facts)
    return Notice.select().order_by(Notice.id.desc()).get()


def states() -> list[str]:
    return [row.state for row in Mail.select().order_by(Mail.id)]
