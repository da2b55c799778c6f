"""Calendar files: what RFC 5545 asks of the lines, read back by a small reader of the standard's own rules."""

import re
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kc import icalendar

AT = datetime(2026, 11, 25, 6, 30)


def event(**overrides):
    values = {
        "uid": "session-1@knowledge-center",
        "begins": AT,
        "ends": datetime(2026, 11, 25, 8, 0),
        "title": "เล่าเรื่องลูกหนี้",
        "changed_at": datetime(2026, 11, 1, 3, 0),
    }
    return icalendar.Event(**values | overrides)


def read(content: bytes) -> list[tuple[str, str]]:
    """(name with parameters, value) of every line, unfolded and unescaped as section 3.1 and 3.3.11 say."""
    text = content.decode()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    pairs = [line.split(":", 1) for line in lines]
    return [(name, re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)) for name, value in pairs]


def facts(content: bytes) -> dict[str, str]:
    return dict(read(content))


def test_a_meeting_stands_in_the_file_in_utc():
    said = facts(icalendar.calendar("ชุมชน", [event(place="ห้องเล็ก", url="https://kc.example/1", sequence=3)]))
    assert (said["DTSTART"], said["DTEND"]) == ("20261125T063000Z", "20261125T080000Z")
    assert (said["SUMMARY"], said["LOCATION"], said["SEQUENCE"]) == ("เล่าเรื่องลูกหนี้", "ห้องเล็ก", "3")
    assert (said["STATUS"], said["X-WR-CALNAME"], said["METHOD"]) == ("CONFIRMED", "ชุมชน", "PUBLISH")
    assert said["DTSTAMP"] == "20261101T030000Z"


def test_a_called_off_meeting_says_so():
    said = facts(icalendar.calendar("ชุมชน", [event(cancelled=True)]))
    assert said["STATUS"] == "CANCELLED" and said["TRANSP"] == "TRANSPARENT"


def test_every_component_is_closed():
    names = [
        f"{n}:{v}" for n, v in read(icalendar.calendar("ชุมชน", [event(), event(uid="2")])) if n in ("BEGIN", "END")
    ]
    one = ["BEGIN:VEVENT", "END:VEVENT"]
    assert names == ["BEGIN:VCALENDAR", *one, *one, "END:VCALENDAR"]


@pytest.mark.parametrize(
    "typed", ["ก, ข; ค \\ง", "บรรทัดหนึ่ง\nบรรทัดสอง", "BEGIN:VEVENT\r\nSUMMARY:ปลอม", "a\x00b\x07c", "น้ำ" * 60, "é" * 90]
)
def test_what_is_typed_comes_back_and_makes_no_lines_of_its_own(typed):
    content = icalendar.calendar("ชุมชน", [event(title="หัวข้อ", text=typed)])
    assert facts(content)["DESCRIPTION"] == re.sub("[\x00\x07]", "", typed.replace("\r\n", "\n"))
    assert facts(content)["SUMMARY"] == "หัวข้อ"


def test_no_line_is_too_long_and_no_letter_parted_from_its_marks():
    content = icalendar.calendar("ชุมชน", [event(text="ที่นี่น้ำใจเปี่ยมล้น " * 20)])
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        assert not re.match("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", line.decode().removeprefix(" "))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_survives(text):
    content = icalendar.calendar("x", [event(title="t", text=text)])
    content.decode()
    assert max(map(len, content.split(b"\r\n"))) <= 75
    names = [name for name, _value in read(content)]
    assert names.count("BEGIN") == names.count("END") == 2
