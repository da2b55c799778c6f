"""What the virus scanner says of a file that arrives, when the organisation has one."""

import logging
import time
from pathlib import Path

from kc import clamd
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee
from kc.models.knowledge import WAITING
from kc.services import audit

log = logging.getLogger(__name__)

SILENT_FOR = 20.0  # seconds: a scanner that just did not answer is not waited for at each file

_scanner = ""
_silent_until = 0.0


def configure(scanner: str) -> None:
    """The address of clamd; "" when nobody is asked."""
    global _scanner, _silent_until
    _scanner, _silent_until = scanner, 0.0


def is_on() -> bool:
    return bool(_scanner)


def is_silent() -> bool:
    """Did it not answer a moment ago?"""
    return time.monotonic() < _silent_until


def look_at(path: Path, name: str, by: Employee | None) -> str:
    """What to note of a file that arrived: "" or WAITING. Raises DomainError when there is a virus in it."""
    virus = virus_in(path) if _scanner else ""
    if virus is None:
        return WAITING
    if virus:
        log.warning("virus scanner: %s in a file of employee %s: refused", virus, by.id if by else "-")
        audit.record(by, "attachment.infected", filename=name, virus=virus)
        raise DomainError(
            _("“%(name)s” มีไวรัส (%(virus)s) ระบบจึงไม่รับไว้ โปรดสแกนเครื่องที่ใช้ และแจ้งผู้ดูแลระบบ", name=name, virus=virus)
        )
    return ""


def virus_in(path: Path) -> str | None:
    """The virus's name, "" for none, None when that is not known now."""
    global _silent_until
    if is_silent():
        return None
    try:
        return clamd.virus_in(path, _scanner)
    except clamd.Unreachable as why:
        log.warning("virus scanner: does not answer (%s): files wait", why)
        _silent_until = time.monotonic() + SILENT_FOR
    except clamd.Undecided as why:
        log.error("virus scanner: no verdict, the file waits: %s (is its StreamMaxLength large enough?)", why)
    return None
