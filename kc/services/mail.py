"""The queue of e-mail: a row in the database first, sent afterwards by a thread or `kc worker`, never by a request.

Whoever sends claims a row by compare-and-set, so that two senders never send one message. Between the mail server's
"taken" and our note of it lies one small statement; a process that dies just there, or a line that breaks just before
the server's answer comes back, is the one case in which a message goes out again. It then carries the same Message-ID,
by which most servers and mailboxes drop the second.
"""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

import peewee as pw

from kc import clock, smtp
from kc.db import db
from kc.models import Employee, Mail
from kc.models.mail import DEAD, SENDING, SENT, WAITING
from kc.services.piecemeal import Each, by_hand, remove

log = logging.getLogger(__name__)

HOLD = dt.timedelta(minutes=10)  # more than all answers of a slow server together (kc.smtp.SECONDS each)
PAUSES = [dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]  # after each try; then it is given up
OLDEST = dt.timedelta(days=7)  # later than that nobody needs it
KEPT = dt.timedelta(days=120)  # what was sent or given up
SHORTEST_TROUBLE, LONGEST_TROUBLE = dt.timedelta(seconds=30), dt.timedelta(minutes=15)
NOTHING = {"subject": "", "text": "", "html": ""}  # is what is kept of a message that went
AT_ONCE = 50  # messages over one connection


@dataclass(frozen=True)
class Post:
    """How mail leaves: `server` is None when the organisation sends none."""

    server: smtp.Server | None = None
    sender: str = ""
    language: str = "th"


@dataclass
class _Trouble:
    """The server cannot be reached: this process asks it again at ever longer intervals."""

    pause: dt.timedelta = dt.timedelta()
    until: dt.datetime = dt.datetime.min


_post = Post()
_trouble = _Trouble()
_wake: Callable[[], None] | None = None


def configure(settings: Mapping[str, Any]) -> None:
    """Take over KC_SMTP_…, KC_MAIL_FROM and the language of who never chose one."""
    global _post, _trouble
    server = None
    if settings["KC_SMTP_HOST"]:
        security = settings["KC_SMTP_SECURITY"]
        server = smtp.Server(
            host=settings["KC_SMTP_HOST"],
            port=settings["KC_SMTP_PORT"] or smtp.PORTS[security],
            security=security,
            user=settings["KC_SMTP_USER"],
            password=settings["KC_SMTP_PASSWORD"],
            ca_file=settings["KC_SMTP_CA_FILE"],
        )
    _post = Post(server, settings["KC_MAIL_FROM"], settings["KC_LANGUAGE"])
    _trouble = _Trouble()


def post() -> Post:
    return _post


def is_on() -> bool:
    return _post.server is not None


def when_queued(wake: Callable[[], None] | None) -> None:
    """Have `wake` called after each commit that queued a message (the sending thread)."""
    global _wake
    _wake = wake


# ---- queueing ------------------------------------------------------------------------------------------------------


def queue(employee: Employee | None, address: str, subject: str, text: str, html: str = "", *, kind: str) -> Mail:
    """Put a message into the queue, in the transaction of whatever it tells. An address that is none is given up."""
    try:
        _name, address = smtp.address_of(address)
        fate: dict[str, Any] = {}
    except ValueError:
        fate = {"state": DEAD, "problem": "not an e-mail address"}
    now = clock.now()
    row = Mail.create(
        employee=employee,
        kind=kind,
        to_address=address,
        subject=" ".join(subject.split()),
        text=text,
        html=html,
        message_id=f"<{secrets.token_hex(16)}@{_own_domain()}>",
        next_at=now,
        created_at=now,
        **fate,
    )
    wake_after_commit()
    return row


def wake_after_commit() -> None:
    db.after_commit(_tell)


def _own_domain() -> str:
    try:
        return smtp.address_of(_post.sender)[1].rpartition("@")[2]
    except ValueError:
        return "localhost"


def _tell() -> None:
    if _wake is not None:
        _wake()


# ---- sending -------------------------------------------------------------------------------------------------------


def send_waiting() -> int:
    """Send what waits over one connection; returns how many were sent. Opens none when nothing waits."""
    if _post.server is None or clock.now() < _trouble.until or not _free().exists():
        return 0
    sent = 0
    try:
        with smtp.line_to(_post.server) as line:
            _trouble.pause = dt.timedelta()
            for _nth in range(AT_ONCE):
                row = _claim()
                if row is None or not (went := _send(row, line)).line_is_good:
                    break
                sent += went.sent
    except smtp.Unreachable as why:
        _rest(str(why))
    return sent


def _rest(reason: str) -> None:
    """Leave the server alone for a while; those that wait say why. No message is blamed."""
    _trouble.pause = min(max(_trouble.pause * 2, SHORTEST_TROUBLE), LONGEST_TROUBLE)
    _trouble.until = clock.now() + _trouble.pause
    log.warning("mail: the server cannot be used (%s); next try in %s", reason, _trouble.pause)
    Mail.update(problem=reason).where((Mail.state == WAITING) & (Mail.problem != reason)).execute()


def _free_now(now: dt.datetime) -> pw.Expression:
    due = (Mail.state == WAITING) & (Mail.next_at <= now)
    return due | ((Mail.state == SENDING) & (Mail.claimed_until < now))


def _free() -> pw.ModelSelect:
    return Mail.select().where(_free_now(clock.now())).order_by(Mail.next_at, Mail.id)


def _claim() -> Mail | None:
    """The next message that waits, or whose sender did not come back; now ours for a while."""
    now = clock.now()
    while (row := _free().first()) is not None:
        ours = (Mail.id == row.id) & (Mail.claim == row.claim) & _free_now(now)
        if row.attempts > len(PAUSES) or row.created_at < now - OLDEST:
            _give_up(row, ours, row.problem or "interrupted")
            continue
        claim = secrets.token_hex(8)
        held = {"state": SENDING, "claim": claim, "claimed_until": now + HOLD, "attempts": row.attempts + 1}
        if Mail.update(**held).where(ours).execute():
            row.claim, row.attempts = claim, row.attempts + 1
            return row
    return None


@dataclass(frozen=True)
class _Went:
    sent: int = 0
    line_is_good: bool = True


def _send(row: Mail, line: smtp.Line) -> _Went:
    ours = (Mail.id == row.id) & (Mail.claim == row.claim)
    try:
        line.hand_over(_message(row), smtp.address_of(_post.sender)[1], row.to_address)
    except smtp.Refused as why:
        _not_sent(row, ours, why)
        return _Went(line_is_good=not why.lost)
    except Exception:  # a fault of ours with this one message: the others go on
        log.exception("mail: message %s cannot be made", row.id)
        _not_sent(row, ours, smtp.Refused("it could not be put together"))
        return _Went()
    _note_sent(ours)  # nothing may stand between the server's answer and this
    return _Went(sent=1)


def _note_sent(ours: pw.Expression) -> None:
    done = Mail.update(state=SENT, sent_at=clock.now(), claim="", problem="", **NOTHING).where(ours)
    for pause in (0.2, 1.0, 5.0, None):
        try:
            done.execute()
            return
        except pw.OperationalError:  # a database that is busy for long must not make a message go out twice
            if pause is None:
                raise
            time.sleep(pause)


def _not_sent(row: Mail, ours: pw.Expression, why: smtp.Refused) -> None:
    if why.permanent or row.attempts > len(PAUSES):
        _give_up(row, ours, str(why))
        return
    again = clock.now() + PAUSES[row.attempts - 1]
    Mail.update(state=WAITING, claim="", next_at=again, problem=str(why)).where(ours).execute()
    log.info("mail: message %s waits for another try: %s", row.id, why)


def _give_up(row: Mail, ours: pw.Expression, reason: str) -> None:
    Mail.update(state=DEAD, claim="", problem=reason).where(ours).execute()
    log.warning("mail: message %s is given up: %s", row.id, reason)


def _message(row: Mail) -> EmailMessage:
    name, address = smtp.address_of(_post.sender)
    message = EmailMessage()
    message["From"] = formataddr((name, address))
    message["To"] = row.to_address
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at.replace(tzinfo=dt.UTC))
    message["Message-ID"] = row.message_id
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence note answers it
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(row.text, cte="base64")
    if row.html:
        message.add_alternative(row.html, subtype="html", cte="base64")
    return message


# ---- forgetting ----------------------------------------------------------------------------------------------------


def sweep(each: Each = by_hand) -> int:
    """Remove what was sent, or given up, some months ago; returns how many."""
    return remove(each, Mail, Mail.state.in_((SENT, DEAD)) & (Mail.created_at < clock.now() - KEPT))
