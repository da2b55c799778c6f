"""Handing messages to the organisation's mail server (SMTP), and telling apart whose fault it is when that fails."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses

SECONDS = 20.0  # for each answer of the server
PORTS = {"starttls": 587, "tls": 465, "none": 25}
_STRANGE = set(' ,;:"()<>\t\r\n')


@dataclass(frozen=True)
class Server:
    """How to reach it. `security`: a key of PORTS; `ca_file`: who vouches for an internal server's certificate."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""
    ca_file: str = ""


class Unreachable(Exception):
    """The server cannot be used now: no message is at fault, and none was handed over."""


class Refused(Exception):
    """The server did not take this message. `permanent`: it never will; `lost`: the line broke, so it may have."""

    def __init__(self, reason: str, *, permanent: bool = False, lost: bool = False) -> None:
        super().__init__(reason)
        self.permanent, self.lost = permanent, lost


def address_of(text: str) -> tuple[str, str]:
    """(name, address) of `Name <address>` or a bare address; ValueError when it is none that SMTP takes."""
    # A name may not bring a line of its own into the head of a message.
    found = [] if any(ord(letter) < 32 for letter in text.strip()) else getaddresses([text])
    name, address = found[0] if len(found) == 1 else ("", "")
    box, at, host = address.rpartition("@")
    try:
        if not (box and at and host.strip(".") == host) or not address.isascii() or _STRANGE & set(address):
            raise ValueError
        Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise ValueError("must be an e-mail address such as km@bank.example or Name <km@bank.example>") from None
    return name, address


class Line:
    """An open connection, ready for messages."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def hand_over(self, message: EmailMessage, sender: str, to: str) -> None:
        """Returns when the server has taken the message; raises Refused otherwise."""
        try:
            self._smtp.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as why:
            code, said = next(iter(why.recipients.values()), (550, b""))
            raise Refused(_said(code, said), permanent=code >= 500) from None
        except smtplib.SMTPResponseException as why:
            raise Refused(_said(why.smtp_code, why.smtp_error), permanent=why.smtp_code >= 500) from None
        except (smtplib.SMTPException, OSError) as why:
            raise Refused(_reason(why), lost=True) from None


@contextmanager
def line_to(server: Server) -> Iterator[Line]:
    """A connection: encrypted as wanted, signed in. Raises Unreachable."""
    try:
        smtp = _connected(server)
    except smtplib.SMTPResponseException as why:
        raise Unreachable(_said(why.smtp_code, why.smtp_error)) from None
    except (smtplib.SMTPException, OSError, ValueError) as why:
        raise Unreachable(_reason(why)) from None
    try:
        yield Line(smtp)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _connected(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=_trust(server))
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == "starttls":
            smtp.starttls(context=_trust(server))  # refused when the server cannot: never in the clear by accident
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _trust(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file or None)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:300]


def _reason(why: BaseException) -> str:
    return f"{type(why).__name__}: {' '.join(str(why).split())}"[:300]
