"""Everyone whose learning is looked after (S0-198, S0-200): members now, whoever came to a session, guests by name."""

from dataclasses import dataclass

import peewee as pw

from kc import thai
from kc.models import Attendance, Community, Employee, Membership, OrgUnit, Session
from kc.services import guests


@dataclass
class Participant:
    """`key` is the same in every table: "e:12" for an employee; for guests as kc/services/guests.py says."""

    key: str
    name: str
    employee: Employee | None = None
    guest_name: str = ""
    is_member: bool = False
    attended: int = 0  # sessions


def key_of(employee: Employee) -> str:
    return f"e:{employee.id}"


def participants(community: Community) -> list[Participant]:
    """Everyone of `community` in three statements: members in Thai order, then others who came, then guests."""
    found: dict[str, Participant] = {}
    for employee in _members(community):
        found.setdefault(key_of(employee), Participant(key_of(employee), employee.name, employee, is_member=True))
    for row in _came(community):
        person = row.employee if row.employee_id else None
        key = key_of(person) if person else guests.key_of_attendance(row)
        name = person.name if person else row.guest_name
        known = found.setdefault(key, Participant(key, name, person, "" if person else row.guest_name))
        known.attended += 1
    for guest in guests.of(community):
        key, name = guests.key_of(guest), guest.full_name
        found.setdefault(key, Participant(key, name, None, name))
    return sorted(found.values(), key=lambda p: (not p.is_member, p.employee is None, thai.sort_key(p.name)))


def _members(community: Community) -> list[Employee]:
    rows = (
        Membership.select(Membership.id, Employee, OrgUnit)
        .join_from(Membership, Employee)
        .join_from(Employee, OrgUnit)
        .where((Membership.community == community) & Membership.left_at.is_null() & Employee.is_active)
    )
    return [row.employee for row in rows]


def _came(community: Community) -> list[Attendance]:
    rows = (
        Attendance.select(Attendance, Employee, OrgUnit)
        .join_from(Attendance, Session)
        .join_from(Attendance, Employee, pw.JOIN.LEFT_OUTER)
        .join_from(Employee, OrgUnit, pw.JOIN.LEFT_OUTER)
        .where((Session.community == community) & Session.cancelled_at.is_null())
    )
    return list(rows)
