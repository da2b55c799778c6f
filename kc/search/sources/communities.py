"""Communities of practice that were not cancelled, of every year."""

from kc.labels import COMMUNITY_ROLES
from kc.markdown import to_plain
from kc.models import Community, Employee, Membership
from kc.models.communities import CANCELLED
from kc.search.schema import Document
from kc.search.sources.source import Source, day_of, numbers, places_of, stamped, text_of


def _ids() -> list[int]:
    return numbers(Community.select(Community.id).where(Community.status != CANCELLED).order_by(Community.id))


def _load(ids: list[int]) -> list[Document]:
    rows = Community.listing().where(Community.id.in_(ids) & (Community.status != CANCELLED))
    members = _members_of(ids)
    return [_document(row, members.get(row.id, [])) for row in rows]


def _members_of(ids: list[int]) -> dict[int, list[str]]:
    rows = (
        Membership.select(Membership.community, Employee.name, Membership.role)
        .join(Employee)
        .where(Membership.community.in_(ids) & Membership.left_at.is_null())
        .order_by(Membership.community, Membership.id)
    )
    members: dict[int, list[str]] = {}
    for community_id, name, role in rows.tuples():
        members.setdefault(community_id, []).append(f"{name} {COMMUNITY_ROLES[role]}")
    return members


def _document(row: Community, members: list[str]) -> Document:
    """Everything its page shows to all staff: what it is about, where, when, and who is in it."""
    about = (row.knowledge_title, to_plain(row.goals), to_plain(row.agreement), row.topic.name)
    unit = row.unit_name if row.unit_name == row.unit.name else f"{row.unit_name} {row.unit.name}"
    return stamped(
        Document(
            kind="community",
            id=row.id,
            title=row.name,
            text=text_of(*about, unit, str(row.fiscal_year.year), " · ".join(members)),
            date=day_of(row.created_at),
            filters={
                "topic": (row.topic.series or row.topic.id,),
                "year": (row.fiscal_year.year,),
                "unit": places_of(row.unit),
            },
        )
    )


SOURCE = Source("community", _ids, _load)
