"""Choices for filters and selects: years, units, topics. Each is one statement, however long the list."""

from collections.abc import Iterable

from kc import fiscal
from kc.models import Community, Employee, FiscalYear, Membership, OrgUnit, Topic
from kc.models.communities import CANCELLED

Choices = list[tuple[str, str]]


def whole(text: str | None) -> int:
    """A row id out of an address or form; 0, which no row has, when it is not one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def years() -> Choices:
    """Fiscal years that are open, newest first, with the organisation's label."""
    calendar = fiscal.calendar()
    rows = FiscalYear.select(FiscalYear.year).order_by(FiscalYear.year.desc()).tuples()
    return [(str(year), calendar.label_for(year)) for (year,) in rows]


def units(query: Iterable[OrgUnit] | None = None) -> Choices:
    """Units as a tree: parents before their children, children in Thai order, indented by depth."""
    rows = list(query if query is not None else OrgUnit.select().where(OrgUnit.is_active).order_by(OrgUnit.sort_key))
    present = {unit.id for unit in rows}
    children: dict[int | None, list[OrgUnit]] = {}
    for unit in rows:
        children.setdefault(unit.parent_id if unit.parent_id in present else None, []).append(unit)
    return [(str(unit.id), "\u2003" * depth + unit.name) for unit, depth in _walk(children, None, 0)]


def _walk(children: dict[int | None, list[OrgUnit]], parent: int | None, depth: int) -> list[tuple[OrgUnit, int]]:
    found = []
    for unit in children.get(parent, []):
        found.append((unit, depth))
        found.extend(_walk(children, unit.id, depth + 1))
    return found


def topics_of(year: FiscalYear, kept: Topic | None = None) -> Choices:
    """A year's topics in their order; retired ones only when `kept`, the one in use, is among them."""
    rows = Topic.select().where(Topic.fiscal_year == year).order_by(Topic.position)
    return [(str(topic.id), topic.name) for topic in rows if not topic.is_retired or topic == kept]


def topic_series() -> Choices:
    """Topics across years, newest name first come: (series, name)."""
    rows = (
        Topic.select(Topic.series, Topic.name)
        .join(FiscalYear)
        .order_by(FiscalYear.year.desc(), Topic.position)
        .tuples()
    )
    names: dict[int, str] = {}
    for series, name in rows:
        names.setdefault(series, name)
    return [(str(series), name) for series, name in names.items()]


def my_communities(employee: Employee, also: int = 0) -> Choices:
    """Communities someone belongs to, newest year first, and the one with id `also`."""
    mine = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    rows = (
        Community.select(Community.id, Community.name, FiscalYear.year)
        .join(FiscalYear)
        .where(((Community.id.in_(mine)) & (Community.status != CANCELLED)) | (Community.id == also))
        .order_by(FiscalYear.year.desc(), Community.sort_key)
        .tuples()
    )
    return [(str(row_id), f"{name} ({year})") for row_id, name, year in rows]
