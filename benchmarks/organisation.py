"""A temporary organisation to measure in: 61 units, 600 people, 300 communities with sessions and notes, articles."""

import csv
import io
import json
import os
import random
import secrets
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from benchmarks import documents

PEOPLE = 600
COMMUNITIES = 300
SESSIONS_EACH = 4
NOTES_EACH = 12
ME, PASSWORD = "0100001", "wat-duu-khwam-reo"
FIRST = "กมล กานดา ขวัญใจ คมสัน จันทร์เพ็ญ ชลธิชา ณรงค์ ดวงใจ ธนา นภา บุญมี ปรีชา พรทิพย์ มานะ ยุพา รัตนา วิชัย สมศรี อรุณ อำนวย".split()
LAST = "ใจดี รักไทย แสนสุข ทองดี ศรีสุข มั่นคง บุญรอด สายทอง พงษ์ไพร วงศ์คำ แก้วใส จันทร์งาม นาคำ ดีเลิศ ชัยมงคล".split()


@dataclass
class Place:
    """Where one size is measured: its folders, and what the pages will be asked for."""

    folder: Path
    made: list[dict[str, Any]]
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {"KC_DATA_DIR": str(self.folder / "var"), "KC_SEARCH_DIR": str(self.folder / "index")}
        return own | {"KC_LOG_LEVEL": "ERROR", "KC_SECRET_KEY": "for-measuring-only-" * 3}

    @property
    def megabytes(self) -> float:
        """Of the articles' own text, as UTF-8."""
        return sum(len((a["title"] + documents.text_of(a)).encode()) for a in self.made) / 1e6


def enter(place: Place) -> None:
    """From now on this process and those it starts use the place and no setting from outside."""
    for name in [name for name in os.environ if name.startswith("KC_")]:
        del os.environ[name]
    os.environ.update(place.environment)


def kc(*arguments: str) -> str:
    """Run a `kc` command in this process, as a person would type it; returns what it said."""
    from kc.cli import main

    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        main.main(list(arguments), prog_name="kc", standalone_mode=False)
    return said.getvalue()


def furnish(place: Place) -> None:
    """The database, its units and people, imported as an administrator does."""
    from kc.services.years import BANK_TOPICS

    kc("init")
    units = [("0000", "สำนักงานใหญ่", "head_office", "")]
    units += [
        (f"{p}00", f"สนจ.{documents.LANDS[p]}{documents.SIGNS[p]}", "provincial_office", "0000") for p in range(10)
    ]
    units += [
        (f"{p}{b:02}", f"สาขา{documents.LANDS[b]}{documents.SIGNS[p]}", "branch", f"{p}00")
        for p in range(10)
        for b in range(1, 6)
    ]
    chance = random.Random(documents.SEED)
    people = [
        (
            f"{100000 + n:07}",
            "นาย",
            f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            "พนักงานพัฒนาธุรกิจ",
            units[n % len(units)][0],
        )
        for n in range(1, PEOPLE + 1)
    ]
    kc("import-units", _table(place.folder / "units.csv", "code,name,kind,parent", units))
    kc("import-employees", _table(place.folder / "people.csv", "employee id,title,name,position,unit", people))
    codes, ids = [u[0] for u in units if u[2] == "branch"], [p[0] for p in people]
    place.made += documents.articles(int(place.facts["documents"]), codes, ids, list(BANK_TOPICS))
    with (place.folder / "articles.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(article, ensure_ascii=False) + "\n" for article in place.made)


def _table(file: Path, header: str, rows: list[Any]) -> str:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header.split(","), *rows])
    return str(file)


@dataclass
class Objects:
    """What the pages and posts are asked for, by id."""

    articles: list[int]
    communities: list[int]
    sessions: list[tuple[int, int]]  # community, session: mine
    drafts: list[int]
    topic: int


def inhabit(drafts: int) -> Objects:
    """Communities, sessions, notes, readers, and drafts to publish: rows as services leave them. Needs a connection."""
    from kc.models import Employee, KnowledgeArticle, OrgUnit, RoleAssignment, Topic
    from kc.services import passwords, years

    chance = random.Random(documents.SEED + 2)
    people = list(Employee.select().order_by(Employee.id))
    me = next(person for person in people if person.employee_id == ME)
    Employee.update(password_hash=passwords.hash_password(PASSWORD)).where(Employee.id == me).execute()
    office = OrgUnit.get(OrgUnit.code == "0000")
    RoleAssignment.create(employee=me, role="coordinator", unit=office)
    year = years.current()
    topics = list(Topic.select().where(Topic.fiscal_year == year))
    communities, sessions = _communities(people, me, year, topics, chance)
    _readers(people, chance)
    written = [_draft(me, year, topics[0]) for _ in range(drafts)]
    published = KnowledgeArticle.select(KnowledgeArticle.id).where(KnowledgeArticle.status == "published")
    ids = [number for (number,) in published.tuples()]
    return Objects(chance.sample(ids, min(60, len(ids))), communities, sessions, written, topics[0].id)


def _communities(
    people: list[Any], me: Any, year: Any, topics: list[Any], chance: random.Random
) -> tuple[list[int], list[tuple[int, int]]]:
    from kc import thai
    from kc.db import db
    from kc.models import Community, Membership, OrgUnit

    units, mine, all_ids = list(OrgUnit.select()), [], []
    with db.atomic():
        for n in range(COMMUNITIES):
            unit, name = units[n % len(units)], f"ชุมชนคนเก่ง {n + 1}"
            row = Community.create(
                fiscal_year=year, unit=unit, unit_name=unit.name, name=name, name_key=thai.same_name_key(name),
                sort_key=thai.sort_key(name), knowledge_title=f"{chance.choice(documents.WANTED)}อย่างเข้าใจลูกค้า",
                topic=chance.choice(topics), form_key=secrets.token_hex(8), created_by=me,
            )  # fmt: skip
            members = chance.sample(people, 6)
            members = [me, *(p for p in members if p != me)] if n % 50 == 0 else members
            roles = ["facilitator", "historian", *["member"] * 10]
            Membership.insert_many(
                [{"community": row, "employee": p, "role": r} for p, r in zip(members, roles, strict=False)]
            ).execute()
            all_ids.append(row.id)
            sessions = _sessions(row, members, chance)
            mine += [(row.id, session) for session in sessions] if n % 50 == 0 else []
    return chance.sample(all_ids, min(60, len(all_ids))), mine


def _sessions(community: Any, members: list[Any], chance: random.Random) -> list[int]:
    from kc import clock
    from kc.models import Attendance, Session, SessionNote
    from kc.models.sessions import NOTE_KINDS

    made = []
    for n in range(SESSIONS_EACH):
        session = Session.create(
            community=community, held_on=clock.today() + timedelta(days=14 * (n - SESSIONS_EACH + 2)),
            starts=time(13, 30), ends=time(15, 0), place="ห้องประชุมเล็ก", facilitator=members[0],
            topic=f"คุยเรื่อง{chance.choice(documents.WANTED)}", technique="storytelling",
            form_key=secrets.token_hex(8), created_by=members[0],
        )  # fmt: skip
        clause = documents._stock()["method"]
        SessionNote.insert_many(
            [
                {"session": session, "client_key": secrets.token_hex(8), "kind": chance.choice(NOTE_KINDS),
                 "speaker_name": chance.choice(members).name, "text": chance.choice(clause),
                 "author": chance.choice(members), "editor": members[0]}
                for _ in range(NOTES_EACH)
            ]
        ).execute()  # fmt: skip
        Attendance.insert_many(
            [{"session": session, "employee": p, "marked_by": members[0]} for p in members]
        ).execute()
        made.append(session.id)
    return made


def _readers(people: list[Any], chance: random.Random) -> None:
    """Counted readings on a tenth of the articles, so that counts and orders have something to say."""
    from kc import clock
    from kc.db import db
    from kc.models import ArticleView, KnowledgeArticle

    ids = [number for (number,) in KnowledgeArticle.select(KnowledgeArticle.id).tuples()]
    with db.atomic():
        for number in ids[::10]:
            readers = chance.sample(people, chance.randrange(1, 40))
            rows = [{"article": number, "employee": p, "day": clock.today() - timedelta(days=3)} for p in readers]
            ArticleView.insert_many(rows).execute()
            KnowledgeArticle.update(view_count=len(readers)).where(KnowledgeArticle.id == number).execute()


def _draft(me: Any, year: Any, topic: Any) -> int:
    """A complete draft that waits to be published; its title holds a word that no other article has."""
    from kc.models import ArticleAuthor, KnowledgeArticle

    source = next(documents.articles(1, ["0000"], [ME], [topic.name]))
    parts = {part: source[part] for part in documents.PARTS}
    row = KnowledgeArticle.create(
        title=source["title"], unit=me.unit, fiscal_year=year, topic=topic,
        results_on=date(2026, 3, 31), status="submitted", form_key=secrets.token_hex(8), created_by=me, **parts,
    )  # fmt: skip
    row.title += f" ฉบับที่ {unique_word(row.id)}"
    row.save()
    ArticleAuthor.create(article=row, employee=me)
    return row.id


def unique_word(article_id: int) -> str:
    return f"QZX{article_id:06d}"
