"""python -m benchmarks.meeting [--people 20] [--notes 5] [--seconds 180]: one session, everybody at once.

Twenty phones sign in to a real server, tap attendance (their own and their neighbour's), write notes as the page's
autosave does, all write into one common note, park a thought and look for what others wrote. Afterwards the database
is compared with what was typed, letter by letter. Exit code 1 when anything was lost or any answer was an error.
"""

import argparse
import json
import re
import secrets
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time as clock_time
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import organisation, serving
from benchmarks.measure import percentile

COMMON = "common-note"
PAUSES = 3  # a note is saved so often while it is typed
MOST_TRIES = 200  # of putting one line into the common note, which everybody changes


@dataclass
class Room:
    """The session, who is in it, and what they typed."""

    path: str
    community: int
    session: int
    people: list[tuple[int, str]]  # id, employee ID
    typed: dict[str, str] = field(default_factory=dict)  # client key -> the last text that was confirmed
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    conflicts: int = 0


class Phone(serving.Browser):
    """A signed-in browser that sends what the page's scripts send."""

    def __init__(self, port: int, room: Room, who: int) -> None:
        super().__init__(port, room.people[who][1])
        self.room, self.who, self.name = room, who, f"phone-{who}"
        page = self.ask(room.path).decode()
        self.token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]  # type: ignore[index]

    def send(self, what: str, path: str, autosave: bool = False, allowed: tuple[int, ...] = (200,), **form: Any) -> Any:
        """Post a form as htmx does, or as the autosave: (status, answer). RuntimeError for any other answer."""
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.token}
        headers |= {"X-Autosave": "1", "Accept": "application/json"} if autosave else {"HX-Request": "true"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask("POST", what, path, urlencode(form), headers, allowed)

    def look(self, what: str, path: str) -> Any:
        return self._ask("GET", what, path, None, {"Cookie": self.cookie, "Accept": "application/json"}, (200,))[1]

    def _ask(self, method: str, what: str, path: str, body: Any, headers: Any, allowed: tuple[int, ...]) -> Any:
        began = time.perf_counter()
        self.connection.request(method, self.room.path + path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read().decode()
        self.room.took[what].append((time.perf_counter() - began) * 1000)
        if answer.status not in allowed:
            raise RuntimeError(f"{what} ({self.name}) answered {answer.status}, not {allowed}: {said[:200]}")
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(said) if is_json else said


# ---- what one person does ------------------------------------------------------------------------------------------


def take_part(phone: Phone, notes: int, begin: threading.Barrier) -> None:
    room, me = phone.room, phone.who
    begin.wait()
    for number in (me, (me + 1) % len(room.people)):  # who sits beside one has the hands full
        phone.send("Tap attendance", f"/attendance/{room.people[number][0]}", present="1")
    for nth in range(notes):
        write(phone, f"{phone.name}-note-{nth}", f"เรื่องที่ {nth + 1} ของคนที่ {me + 1} เล่าว่าลูกค้าเปิดใจเมื่อเราฟังก่อน")
        phone.look("See what others wrote", "/notes/changes?since=" + quote("2026-01-01T00:00:00"))
    write_together(phone, f"บรรทัดของคนที่ {me + 1}.")
    phone.send("Park a thought", "/parking", text=f"เรื่องพักของคนที่ {me + 1}", form_key=f"{phone.name}-parked")


def write(phone: Phone, key: str, text: str) -> None:
    """A note grows while it is typed; each pause saves it as it stands."""
    version = 0
    for pause in range(1, PAUSES + 1):
        so_far = text[: len(text) * pause // PAUSES]
        form = {"client_key": key, "writer_key": phone.name, "version": version, "kind": "story", "text": so_far}
        _, answer = phone.send("Save a note", "/notes/", autosave=True, **form)
        version = answer["version"]
        phone.room.typed[key] = so_far.strip()


def write_together(phone: Phone, line: str) -> None:
    """Everybody's own line in one note: who comes too late is shown the newer text, and keeps both."""
    text, version = line, 0
    for _ in range(MOST_TRIES):
        form = {"client_key": COMMON, "writer_key": phone.name, "version": version, "kind": "conclusion", "text": text}
        status, answer = phone.send("Write one note together", "/notes/", True, (200, 409), **form)
        if status == 200:
            return
        phone.room.conflicts += 1
        text, version = answer["theirs"]["text"] + "\n" + line, answer["version"]
    raise RuntimeError(f"{phone.name} did not get its line into the common note")


# ---- the place -----------------------------------------------------------------------------------------------------


@contextmanager
def in_a_new_place() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="kc-meeting-", ignore_cleanup_errors=True) as root:
        organisation.enter(organisation.Place(Path(root), []))
        organisation.kc("init")
        yield


def furnish(people: int) -> Room:
    """A community of so many people, and its session of today. Needs a connection."""
    from kc import clock, thai
    from kc.models import Community, Employee, FiscalYear, Membership, OrgUnit, Session, Topic
    from kc.services import passwords, years

    year: FiscalYear = years.ensure_current("bank") or years.current()
    unit = OrgUnit.create(code="B1", name="สาขาบ้านนา", kind="branch", path="/1/", sort_key="สาขาบ้านนา")
    kept, staff = passwords.hash_password(organisation.PASSWORD), []
    for n in range(people):
        first, name = f"คนที่{n + 1}", f"คนที่{n + 1} ช่างคุย"
        staff.append(
            Employee.create(
                employee_id=f"{n + 1:07}",
                title="",
                first_name=first,
                last_name="ช่างคุย",
                name=name,
                sort_key=thai.sort_key(name),
                position="พนักงาน",
                unit=unit,
                password_hash=kept,
            )  # fmt: skip
        )
    name = "ชุมชนคนช่างคุย"
    community = Community.create(
        fiscal_year=year, unit=unit, unit_name=unit.name, name=name, name_key=thai.same_name_key(name),
        sort_key=thai.sort_key(name), knowledge_title="คุยพร้อมกันยี่สิบคน", created_by=staff[0],
        topic=Topic.get(Topic.fiscal_year == year), form_key=secrets.token_hex(8),
    )  # fmt: skip
    for n, person in enumerate(staff):
        Membership.create(community=community, employee=person, role="member" if n else "facilitator")
    session = Session.create(
        community=community, held_on=clock.today(), starts=clock_time(9), place="ห้องใหญ่", topic="คุยพร้อมกัน",
        technique="dialogue", form_key=secrets.token_hex(8), created_by=staff[0],
    )  # fmt: skip
    path = f"/communities/{community.id}/sessions/{session.id}"
    return Room(path, community.id, session.id, [(person.id, person.employee_id) for person in staff])


# ---- what is there afterwards --------------------------------------------------------------------------------------


def lost(room: Room) -> list[str]:
    """What the database does not hold as it was typed. Needs a connection."""
    from kc.models import Attendance, ParkedThought, SessionNote

    there = {note.client_key: note.text for note in SessionNote.select().where(SessionNote.session == room.session)}
    came = [row.employee_id for row in Attendance.select().where(Attendance.session == room.session)]
    parked = ParkedThought.select().where(ParkedThought.session == room.session).count()
    wrong = [
        f"note {key}: {there.get(key)!r}, typed {text!r}" for key, text in room.typed.items() if there.get(key) != text
    ]
    together = there.get(COMMON, "").split("\n")
    wrong += [
        f"line of {n + 1} in the common note"
        for n in range(len(room.people))
        if f"บรรทัดของคนที่ {n + 1}." not in together
    ]
    if sorted(came) != sorted(number for number, _ in room.people):
        wrong.append(f"attendance: {len(came)} rows, {len(set(came))} people of {len(room.people)}")
    if len(there) != len(room.typed) + 1:
        wrong.append(f"notes: {len(there)}, typed {len(room.typed) + 1}")
    if parked != len(room.people):
        wrong.append(f"parked: {parked} of {len(room.people)}")
    return wrong


def hold(people: int, notes: int, seconds: float) -> tuple[Room, list[str], float]:
    """The whole meeting: (room, what went wrong, seconds it took)."""
    from kc import create_app, db

    app = create_app()
    with app.app_context(), db.connection():
        room = furnish(people)
    with serving.serving() as server:
        phones = [Phone(server.port, room, who) for who in range(people)]  # hashing is slow on purpose: one by one
        with ThreadPoolExecutor(people) as pool:
            began, begin = time.perf_counter(), threading.Barrier(people, timeout=seconds)
            jobs = [pool.submit(take_part, phone, notes, begin) for phone in phones]
            wrong = [str(fault) for job in jobs if (fault := job.exception(timeout=seconds))]
        took = time.perf_counter() - began
    with app.app_context(), db.connection():
        return room, wrong + lost(room), took


def shown(room: Room, wrong: list[str], took: float) -> str:
    lines = [f"{len(room.people)} people in one session, {took:.1f} s", ""]
    lines.append(f"{'':28}{'requests':>10}{'p50 ms':>10}{'p95 ms':>10}{'max ms':>10}")
    for what, times in room.took.items():
        figures = (median(times), percentile(times, 95), max(times))
        lines.append(f"{what:28}{len(times):>10}" + "".join(f"{ms:>10.0f}" for ms in figures))
    lines += ["", f"{room.conflicts} times somebody came too late to the common note and kept both texts"]
    return "\n".join([*lines, *(wrong or ["Nothing lost, no error."])])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.meeting", description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--notes", type=int, default=5, help="each writes so many [default: 5]")
    parser.add_argument("--seconds", type=float, default=180, help="no longer than this [default: 180]")
    asked = parser.parse_args()
    with in_a_new_place():
        room, wrong, took = hold(asked.people, asked.notes, asked.seconds)
    print(shown(room, wrong, took))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
