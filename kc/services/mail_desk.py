"""What administrators see and do about e-mail: how it stands, what was given up, a test message."""

from collections.abc import Mapping
from datetime import datetime

import peewee as pw

from kc import clock, policy, smtp
from kc.addresses import absolute
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import ngettext
from kc.models import Employee, Mail
from kc.models.mail import DEAD, NOTICES, SENT, TEST, WAITING
from kc.services import audit, mail
from kc.services.todos import Todo
from kc.together import Asking

TESTS_SHOWN = 3


def counts() -> Mapping[str, int]:
    """State -> how many messages."""
    return dict(Mail.select(Mail.state, pw.fn.COUNT(Mail.id)).group_by(Mail.state).tuples())


def last_sent_at() -> datetime | None:
    row = Mail.select(Mail.sent_at).where(Mail.state == SENT).order_by(Mail.sent_at.desc()).first()
    return row.sent_at if row else None


def problem() -> str:
    """What the mail server said last to a message that still waits, or ""."""
    row = Mail.select(Mail.problem).where((Mail.state == WAITING) & (Mail.problem != "")).order_by(Mail.id.desc())
    found = row.first()
    return found.problem if found else ""


def dead() -> pw.ModelSelect:
    """Messages that were given up, the latest first, with whom they were for."""
    rows = Mail.select(Mail, Employee).join(Employee, pw.JOIN.LEFT_OUTER)
    return rows.where(Mail.state == DEAD).order_by(Mail.created_at.desc(), Mail.id.desc())


def tests(employee: Employee) -> list[Mail]:
    """The last test messages of one administrator."""
    mine = (Mail.kind == TEST) & (Mail.employee == employee)
    return list(Mail.select().where(mine).order_by(Mail.id.desc()).limit(TESTS_SHOWN))


def send_test(by: Employee, address: str) -> Mail:
    """Queue a message that says no more than that it came. DomainError without a mail server or an address."""
    if not mail.is_on():
        raise DomainError(_("ยังไม่ได้ตั้งค่าเซิร์ฟเวอร์อีเมล (KC_SMTP_HOST)"))
    try:
        smtp.address_of(address)
    except ValueError:
        raise DomainError(_("ที่อยู่อีเมลไม่ถูกต้อง เช่น somsri@bank.example"), field="address") from None
    text = _("อีเมลทดสอบจากคลังความรู้ หากคุณอ่านข้อความนี้ได้ แปลว่าการส่งอีเมลใช้งานได้แล้ว")
    with db.atomic():
        row = mail.queue(by, address, _("ทดสอบอีเมลจากคลังความรู้"), f"{text}\n\n{absolute('/')}\n", kind=TEST)
        audit.record(by, "mail.tested", row, to=row.to_address)
    return row


def try_again(by: Employee, row: Mail) -> None:
    """Send a message that was given up as if it were new; to where its person reads mail now."""
    with db.atomic():
        address = row.employee.email if row.employee is not None and row.kind == NOTICES else row.to_address
        try:
            _name, address = smtp.address_of(address)
        except ValueError:
            raise DomainError(_("ที่อยู่อีเมลไม่ถูกต้อง แก้ที่ข้อมูลบุคลากรก่อน แล้วลองอีกครั้ง")) from None
        now = clock.now()
        fresh = {"state": WAITING, "attempts": 0, "next_at": now, "created_at": now, "problem": "", "claim": ""}
        again = Mail.update(to_address=address, **fresh).where((Mail.id == row.id) & (Mail.state == DEAD))
        if again.execute():
            audit.record(by, "mail.tried_again", row, to=address)
            mail.wake_after_commit()


def drop(by: Employee, row: Mail) -> None:
    """Throw away a message that was given up; what it told stays among its person's notices."""
    with db.atomic():
        if Mail.delete().where((Mail.id == row.id) & (Mail.state == DEAD)).execute():
            audit.record(by, "mail.dropped", row, to=row.to_address)


def todos(employee: Employee) -> Asking[list[Todo]]:
    """Administrators are told when messages were given up."""
    if not policy.can_look_after_mail(employee):
        return []
    (((given_up,),),) = yield [Mail.select(pw.fn.COUNT(Mail.id)).where(Mail.state == DEAD).tuples()]
    if not given_up:
        return []
    title = ngettext("อีเมลส่งไม่สำเร็จ %(n)d ฉบับ", "อีเมลส่งไม่สำเร็จ %(n)d ฉบับ", given_up)
    says = _("ดูว่าติดที่ใด แก้แล้วส่งอีกครั้ง")
    return [Todo(title=title, url="/admin/mail/", says=says, button=_("ดูอีเมล"), icon="envelope")]
