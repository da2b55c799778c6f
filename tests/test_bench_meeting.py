"""`python -m benchmarks.meeting` runs from end to end, small; and it would see what is lost."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks import meeting
from kc.models import Attendance, SessionNote
from kc.services import notes, sessions
from tests import factories

ROOT = Path(__file__).resolve().parent.parent


def test_three_people_at_once_lose_nothing():
    command = [sys.executable, "-m", "benchmarks.meeting", "--people", "3", "--notes", "2", "--seconds", "60"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KC_")}
    run = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    assert "Nothing lost, no error." in run.stdout and "Tap attendance" in run.stdout


def test_what_is_lost_is_seen(cast):
    session = factories.make_session(cast.community)
    people = [(cast.author.id, "0000001"), (cast.fellow.id, "0000002")]
    room = meeting.Room("", cast.community.id, session.id, people, typed={"k": "ข้อความเต็ม"})
    for person in (cast.author, cast.fellow):
        sessions.mark_present(cast.author, session, person, True)
    common = "บรรทัดของคนที่ 1.\nบรรทัดของคนที่ 2."
    notes.save(cast.author, session, "k", text="ข้อความเต็ม", kind="story")
    notes.save(cast.author, session, meeting.COMMON, text=common, kind="story")
    assert meeting.lost(room) == ["parked: 0 of 2"]
    SessionNote.update(text="ข้อความ").where(SessionNote.client_key == "k").execute()
    SessionNote.update(text="บรรทัดของคนที่ 1.").where(SessionNote.client_key == meeting.COMMON).execute()
    Attendance.delete().where(Attendance.employee == cast.fellow).execute()
    said = "\n".join(meeting.lost(room))
    assert "note k" in said and "line of 2" in said and "attendance: 1 rows" in said
