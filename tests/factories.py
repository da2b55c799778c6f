"""Saved rows with sensible Thai defaults: make_employee(**overrides) and friends. Plain functions, no magic."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from kc import clock, fiscal, thai
from kc.db import db
from kc.documents import typesetting
from kc.models import (
    ArticleAuthor,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Question,
    RoleAssignment,
    Round,
    RoundInvitation,
    Session,
    SessionNote,
    Topic,
)

_numbers = itertools.count(1)


def make_unit(name: str = "", parent: OrgUnit | None = None, **overrides: Any) -> OrgUnit:
    n = next(_numbers)
    name = name or f"สาขาทดสอบ {n}"
    unit = OrgUnit.create(
        **{"code": f"U{n:04d}", "name": name, "kind": "branch", "parent": parent, "sort_key": thai.sort_key(name)}
        | overrides
    )
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    unit.save()
    return unit


def make_employee(name: str = "", unit: OrgUnit | None = None, **overrides: Any) -> Employee:
    n = next(_numbers)
    name = name or f"สมชาย ทดสอบ{n}"
    first, _, last = name.partition(" ")
    values = {
        "employee_id": f"{n:07d}",
        "title": "นาย",
        "first_name": first,
        "last_name": last,
        "name": name,
        "sort_key": thai.sort_key(name),
        "position": "พนักงานพัฒนาธุรกิจ",
        "unit": unit or make_unit(),
        "password_hash": "set",  # activated; tests of signing in set a real one
    }
    return Employee.create(**values | overrides)


def make_year(year: int | None = None) -> FiscalYear:
    calendar = fiscal.calendar()
    year = year or calendar.year_of(clock.today())
    starts_on, ends_on = calendar.bounds(year)
    row, _ = FiscalYear.get_or_create(year=year, defaults={"starts_on": starts_on, "ends_on": ends_on})
    return row


def make_topic(name: str = "เงินฝาก", year: FiscalYear | None = None, **overrides: Any) -> Topic:
    existing = Topic.get_or_none((Topic.fiscal_year == (year or make_year())) & (Topic.name == name))
    if existing and not overrides:
        return existing
    topic = Topic.create(**{"fiscal_year": year or make_year(), "name": name, "position": next(_numbers)} | overrides)
    if not topic.series:
        topic.series = topic.id
        topic.save()
    return topic


def make_community(name: str = "", creator: Employee | None = None, **overrides: Any) -> Community:
    n = next(_numbers)
    creator = creator or make_employee()
    name = name or f"ชุมชนคนรักงาน {n}"
    values = {
        "fiscal_year": make_year(),
        "unit": creator.unit,
        "unit_name": creator.unit.name,
        "name": name,
        "name_key": thai.same_name_key(name),
        "sort_key": thai.sort_key(name),
        "knowledge_title": "การติดตามหนี้ค้างชำระอย่างเข้าใจลูกค้า",
        "form_key": secrets.token_hex(8),
        "created_by": creator,
    } | overrides
    values.setdefault("topic", make_topic(year=values["fiscal_year"]))
    return Community.create(**values)


def make_membership(community: Community, employee: Employee, role: str = "member", **overrides: Any) -> Membership:
    return Membership.create(**{"community": community, "employee": employee, "role": role} | overrides)


def make_session(community: Community, **overrides: Any) -> Session:
    values = {
        "community": community,
        "held_on": clock.today(),
        "starts": time(13, 30),
        "ends": time(15, 0),
        "place": "ห้องประชุมเล็ก",
        "topic": "เล่าเรื่องการเยี่ยมลูกค้า",
        "technique": "storytelling",
        "form_key": secrets.token_hex(8),
        "created_by": community.created_by,
    }
    return Session.create(**values | overrides)


def make_note(session: Session, author: Employee, text: str = "ลูกค้าเปิดใจเมื่อเราฟังก่อน", **overrides: Any) -> SessionNote:
    values = {"session": session, "client_key": secrets.token_hex(8), "text": text, "author": author}
    return SessionNote.create(**values | overrides)


def make_article(title: str = "", author: Employee | None = None, **overrides: Any) -> KnowledgeArticle:
    n = next(_numbers)
    author = author or make_employee()
    values = {
        "title": title or f"เทคนิคการติดตามหนี้ {n}",
        "unit": author.unit,
        "fiscal_year": make_year(),
        "topic": make_topic(),
        "background": "สาขามีหนี้ค้างชำระเพิ่มขึ้นหลังฤดูเก็บเกี่ยว",
        "goals": "ลดหนี้ค้างชำระร้อยละ 20",
        "target_group": "พนักงานสินเชื่อทุกสาขา",
        "method": "ออกเยี่ยมลูกค้าเป็นกลุ่มและฟังปัญหาก่อนเสนอทางออก",
        "results": "หนี้ค้างชำระลดลงร้อยละ 23",
        "results_on": date(2026, 3, 31),
        "form_key": secrets.token_hex(8),
        "created_by": author,
    } | overrides
    if values.get("status") == "published":
        values.setdefault("published_on", clock.today())
    article = KnowledgeArticle.create(**values)
    ArticleAuthor.create(article=article, employee=author)
    return article


def make_round(creator: Employee, units: list[OrgUnit] | None = None, **overrides: Any) -> Round:
    """An announced circular of this year, open from a week ago to in a month; drafts: `announced_at=None`."""
    today, year = clock.today(), overrides.pop("fiscal_year", None) or make_year()
    values = {
        "fiscal_year": year,
        "number": "ที่ ฝพบ. 42/2569",
        "title": "ขอเชิญสมัครชุมชนนักปฏิบัติ",
        "text": "ขอเชิญทุกสาขาสมัครภายในกำหนด",
        "opens_on": today - timedelta(days=7),
        "closes_on": today + timedelta(days=30),
        "publish_by": today + timedelta(days=120),
        "announced_at": clock.now(),
        "created_by": creator,
    }
    made = Round.create(**values | overrides)
    for unit in units or []:
        RoundInvitation.create(round=made, unit=unit)
    return made


def make_question(
    title: str = "ลูกค้าขอเลื่อนชำระต้องใช้เอกสารอะไร",
    asker: Employee | None = None,
    community: Community | None = None,
    **overrides: Any,
) -> Question:
    values = {"title": title, "asker": asker or make_employee(), "community": community}
    values |= {"form_key": secrets.token_hex(8)} | overrides
    if community is not None:
        values.setdefault("topic", community.topic)
    return Question.create(**values)


def grant(employee: Employee, role: str, unit: OrgUnit | None = None) -> RoleAssignment:
    employee.__dict__.pop("_held_roles", None)
    return RoleAssignment.create(employee=employee, role=role, unit=unit)


@dataclass
class Cast:
    """People every test knows. The author leads `community` of `branch`, the fellow is a member, the outsider not."""

    office: OrgUnit
    branch: OrgUnit
    other_branch: OrgUnit
    author: Employee
    fellow: Employee
    outsider: Employee
    coordinator: Employee
    officer: Employee
    administrator: Employee
    executive: Employee
    community: Community


def make_cast() -> Cast:
    with db.atomic():
        return _cast()


def _cast() -> Cast:
    office = make_unit("สนจ. ลำน้ำใส", kind="provincial_office")
    branch = make_unit("สาขาบ้านนา", parent=office)
    other_branch = make_unit("สาขาปลายน้ำ")
    author = make_employee("กมล ใจดี", branch, employee_id="0000001")
    fellow = make_employee("เกศินี มานะ", branch, employee_id="0000002")
    outsider = make_employee("ไกรสร ห่างไกล", other_branch, employee_id="0000003")
    coordinator = make_employee("ขวัญใจ ประสาน", office, employee_id="0000004")
    officer = make_employee("คมสัน จัดการ", office, employee_id="0000005")
    administrator = make_employee("งามตา ดูแล", office, employee_id="0000006")
    executive = make_employee("จรัส บริหาร", office, employee_id="0000007")
    grant(coordinator, "coordinator", office)
    grant(officer, "knowledge_officer")
    grant(administrator, "administrator")
    grant(executive, "executive")
    community = make_community("ชุมชนคนบ้านนา", author)
    make_membership(community, author, "facilitator")
    make_membership(community, fellow, "member")
    return Cast(
        office,
        branch,
        other_branch,
        author,
        fellow,
        outsider,
        coordinator,
        officer,
        administrator,
        executive,
        community,
    )


def make_pdf(*pages: str) -> bytes:
    """A PDF in our own font, a page for each text."""
    import typst

    text = '#set text(font: "Sarabun", lang: "th")\n' + "\n#pagebreak()\n".join(pages)
    made = typst.compile(text.encode(), font_paths=[str(typesetting.FONTS)])
    assert isinstance(made, bytes)
    return made
