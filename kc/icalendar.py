"""Calendar files (RFC 5545), as far as meetings need them: whole calendars that programs read again and again.

All moments are written in UTC, so that no time zone has to be described and none can be described wrongly.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kc.thai import graphemes

CONTENT_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets, without the line end
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Event:
    """One meeting. `begins`, `ends` and `changed_at` are naive UTC; `sequence` grows with every change."""

    uid: str
    begins: datetime
    ends: datetime
    title: str
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False
    text: str = ""
    place: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event], *, again: timedelta = timedelta(hours=1)) -> bytes:
    """The calendar called `name` as a file; `again`: how soon a subscribed program should look again."""
    hours = max(1, int(again.total_seconds() // 3600))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Knowledge Center//kc//TH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{hours}H",
        f"X-PUBLISHED-TTL:PT{hours}H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_moment(event.changed_at)}",
        f"LAST-MODIFIED:{_moment(event.changed_at)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART:{_moment(event.begins)}",
        f"DTEND:{_moment(event.ends)}",
        f"SUMMARY:{_text(event.title)}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if event.cancelled else 'OPAQUE'}",
    ]
    for name, value in (("DESCRIPTION", event.text), ("LOCATION", event.place)):
        if value:
            lines.append(f"{name}:{_text(value)}")
    if event.url:
        lines.append(f"URL:{CONTROL.sub('', event.url)}")
    return [*lines, "END:VEVENT"]


def _moment(moment: datetime) -> str:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A TEXT value (3.3.11): nothing typed can begin a line or a property of its own."""
    text = CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(mark, written)
    return text.replace("\u2028", "\\n").replace("\u2029", "\\n").replace("\x85", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 octets (3.1), and no Thai letter parted from its vowel and tone mark."""
    if len(line.encode()) <= LONGEST_LINE:
        return line
    parts, part, size = [], "", 0
    for piece in graphemes(line):
        octets = len(piece.encode())
        if size + octets > LONGEST_LINE and part:
            parts.append(part)
            part, size = "", 1  # the blank that begins a line that goes on
        for letter in piece if octets > LONGEST_LINE - 1 else (piece,):  # a pile of marks that fits no line
            octets = len(letter.encode())
            if size + octets > LONGEST_LINE:
                parts.append(part)
                part, size = "", 1
            part, size = part + letter, size + octets
    return "\r\n ".join([*parts, part])
