"""Whom a circular concerns: coordinators of the invited units, and those who kept last year's communities there."""

from collections import defaultdict

import peewee as pw

from kc import policy
from kc.models import Community, Employee, FiscalYear, Membership, OrgUnit, RoleAssignment, Round, RoundInvitation
from kc.models.communities import ACTIVE
from kc.models.people import COORDINATOR, KNOWLEDGE_OFFICER


def coordinators() -> list[tuple[Employee, str]]:
    """Every coordinator with the path of a unit they look after."""
    rows = (
        RoleAssignment.select(RoleAssignment, Employee, OrgUnit)
        .join_from(RoleAssignment, Employee, on=(RoleAssignment.employee == Employee.id))
        .join_from(RoleAssignment, OrgUnit, on=(RoleAssignment.unit == OrgUnit.id))
        .where((RoleAssignment.role == COORDINATOR) & Employee.is_active)
    )
    return [(row.employee, row.unit.path) for row in rows]


def officers() -> list[Employee]:
    """The KM team."""
    held = RoleAssignment.select(RoleAssignment.employee).where(RoleAssignment.role == KNOWLEDGE_OFFICER)
    return list(Employee.select().where(Employee.id.in_(held) & Employee.is_active))


def by_coordinator(units: list[OrgUnit]) -> list[tuple[Employee, list[OrgUnit]]]:
    """Each coordinator with those of `units` that they look after; nobody with none."""
    theirs: dict[int, dict[int, OrgUnit]] = defaultdict(dict)
    people: dict[int, Employee] = {}
    for person, path in coordinators():
        people[person.id] = person
        theirs[person.id] |= {unit.id: unit for unit in units if unit.path.startswith(path)}
    return [(people[person_id], list(found.values())) for person_id, found in theirs.items() if found]


def organisers(condition: pw.Expression) -> list[tuple[Employee, int]]:
    """(person, community id) of all who keep active communities of `condition` (on Community, OrgUnit, FiscalYear)."""
    rows = (
        Membership.select(Membership, Employee)
        .join_from(Membership, Employee, on=(Membership.employee == Employee.id))
        .join_from(Membership, Community)
        .join_from(Community, OrgUnit)
        .join_from(Community, FiscalYear)
        .where(
            condition
            & (Community.status == ACTIVE)
            & Membership.left_at.is_null()
            & Membership.role.in_(policy.ORGANISERS)
            & Employee.is_active
        )
    )
    return [(row.employee, row.community_id) for row in rows]


def whom_it_concerns(round_: Round) -> list[Employee]:
    """Coordinators of the invited units, and those who kept a community there last year or keep one this year."""
    invited = OrgUnit.select().join(RoundInvitation, on=(RoundInvitation.unit == OrgUnit.id))
    units = list(invited.where(RoundInvitation.round == round_))
    paths = {unit.path for unit in units}
    year = round_.fiscal_year.year
    kept = organisers(FiscalYear.year.in_([year - 1, year]))
    places = dict(
        Community.select(Community.id, OrgUnit.path)
        .join(OrgUnit)
        .where(Community.id.in_([community for _person, community in kept]))
        .tuples()
    )
    people = [person for person, _units in by_coordinator(units)]
    return people + [person for person, community in kept if _is_below(places[community], paths)]


def _is_below(path: str, paths: set[str]) -> bool:
    return any(path.startswith(above) for above in paths)


def of_unit(round_: Round, unit: OrgUnit) -> list[Employee]:
    """Whom a change for one unit concerns: its coordinators, and those who keep its communities of that year."""
    here = (FiscalYear.id == round_.fiscal_year_id) & OrgUnit.path.startswith(unit.path)
    above = [person for person, path in coordinators() if unit.path.startswith(path) or path.startswith(unit.path)]
    return above + [person for person, _community in organisers(here)]
