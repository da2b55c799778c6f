"""Who is in a community, and who can keep it going. Reading only; two statements at most each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import peewee as pw

from kc import policy, together
from kc.models import Community, Employee, JointSession, Membership, OrgUnit, RoleAssignment, Session
from kc.models.communities import COMMUNITY_ROLES, EXPERT, FACILITATOR, MEMBER
from kc.models.people import COORDINATOR, KNOWLEDGE_OFFICER
from kc.together import Asking

AT_LEAST = 2  # people who can do everything, so that nobody is indispensable (S0-302)


def _holders(condition: pw.Expression) -> pw.ModelSelect:
    """Memberships held now by colleagues who are still here: each role's own holder first, then deputies."""
    rank = pw.Case(Membership.role, [(role, n) for n, role in enumerate(COMMUNITY_ROLES)])
    here = Membership.left_at.is_null() & Employee.is_active
    rows = Membership.select(Membership, Employee).join(Employee, on=(Membership.employee == Employee.id))
    return rows.where(condition & here).order_by(Membership.is_deputy, rank, Employee.sort_key)


def _once(rows: Iterable[Membership]) -> list[Employee]:
    return list({row.employee_id: row.employee for row in rows}.values())


def organisers(community: Community) -> list[Employee]:
    """Who looks after a community and is still here: leader, facilitator, historian, coordinator, then deputies."""
    return _once(_holders((Membership.community == community) & Membership.role.in_(policy.ORGANISERS)))


def facilitators(community: Community) -> list[Employee]:
    """Who facilitates it (คุณอำนวย), then their deputies."""
    return _once(_holders((Membership.community == community) & (Membership.role == FACILITATOR)))


def people_of(community: Community) -> list[Employee]:
    """Everybody in it who is still here, once, organisers first."""
    return _once(_holders(Membership.community == community))


def people_of_session(session: Session) -> list[Employee]:
    """Everybody of the communities that hold a session together (S0-263)."""
    return together.answer(ask_people_of_session(session))


def ask_people_of_session(session: Session) -> Asking[list[Employee]]:
    """As `people_of_session`, for a page that asks for more at the same time."""
    (held,) = yield [_holders(in_session(session))]
    return _once(held)


def in_session(session: Session) -> pw.Expression:
    """Condition on Membership: of one of the communities that hold a session."""
    joint = JointSession.select(JointSession.community).where(JointSession.session == session)
    return (Membership.community == session.community_id) | Membership.community.in_(joint)


def carers(community: Community) -> list[Employee]:
    """Who answers for a community: its organisers; where all have gone, the unit's coordinators, else the KM team."""
    found = organisers(community)
    if found:
        return found
    rows = (
        RoleAssignment.select(RoleAssignment, Employee, OrgUnit)
        .join_from(RoleAssignment, Employee)
        .join_from(RoleAssignment, OrgUnit, pw.JOIN.LEFT_OUTER)
        .where(RoleAssignment.role.in_([COORDINATOR, KNOWLEDGE_OFFICER]) & Employee.is_active)
        .order_by(Employee.sort_key)
    )
    held = list(rows)
    near = [r for r in held if r.role == COORDINATOR and r.unit_id and community.unit.path.startswith(r.unit.path)]
    return _once(near or [r for r in held if r.role == KNOWLEDGE_OFFICER])


@dataclass(frozen=True)
class Duty:
    """One role of the community's circle: who holds it, and who stands in."""

    role: str
    holders: list[Membership] = field(default_factory=list)
    deputies: list[Membership] = field(default_factory=list)

    @property
    def needs_deputy(self) -> bool:
        """One person alone holds it: when they are away, nobody does (S0-52)."""
        return len([m for m in self.holders if m.employee.is_active]) == 1 and not self.deputies

    @property
    def is_empty(self) -> bool:
        return not self.holders and not self.deputies


@dataclass(frozen=True)
class Team:
    """The people of a community as its page shows them; made of its memberships, without another statement."""

    duties: list[Duty]
    experts: list[Membership]
    members: list[Membership]
    people: list[Employee]
    runners: list[Employee]

    @property
    def is_alone(self) -> bool:
        """Fewer than two people can do everything (S0-302)."""
        return len(self.runners) < AT_LEAST


def team_of(memberships: Iterable[Membership]) -> Team:
    """Sort the current memberships of a community (`Community.current_members`) into its circle."""
    rows = list(memberships)
    duties = [
        Duty(
            role,
            [m for m in rows if m.role == role and not m.is_deputy],
            [m for m in rows if m.role == role and m.is_deputy],
        )
        for role in policy.ORGANISERS
    ]
    leading = _once(m for m in rows if m.role in policy.ORGANISERS and m.employee.is_active)
    return Team(
        duties=duties,
        experts=[m for m in rows if m.role == EXPERT],
        members=[m for m in rows if m.role == MEMBER],
        people=_once(rows),
        runners=leading,
    )
