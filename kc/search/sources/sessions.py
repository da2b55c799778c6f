"""Sessions of communities: what all staff see of them (`policy`). Notes, photos and files stay with their readers."""

import peewee as pw

from kc import labels, thai
from kc.models import Community, Employee, FiscalYear, OrgUnit, Session, Topic
from kc.models.communities import CANCELLED
from kc.search.schema import Document
from kc.search.sources.source import Source, numbers, places_of, stamped, text_of


def _held() -> pw.Expression:
    return Session.cancelled_at.is_null() & (Community.status != CANCELLED)


def _ids() -> list[int]:
    return numbers(Session.select(Session.id).join(Community).where(_held()).order_by(Session.id))


def _load(ids: list[int]) -> list[Document]:
    rows = list(
        Session.select(Session, Community, OrgUnit, FiscalYear, Topic)
        .join_from(Session, Community)
        .join_from(Community, OrgUnit)
        .join_from(Community, FiscalYear)
        .join_from(Community, Topic)
        .where(Session.id.in_(ids) & _held())
    )
    names = _names({number for row in rows for number in _people_of(row)})
    return [_document(row, [names[number] for number in _people_of(row)]) for row in rows]


def _people_of(row: Session) -> list[int]:
    return list(dict.fromkeys(n for n in (row.presenter_id, row.facilitator_id, row.deputy_id) if n))


def _names(ids: set[int]) -> dict[int, str]:
    return dict(Employee.select(Employee.id, Employee.name).where(Employee.id.in_(ids)).tuples())


def _document(row: Session, people: list[str]) -> Document:
    community, technique = row.community, str(labels.TECHNIQUES[row.technique])
    facts = [technique, row.presenter_name, *people, thai.format_date(row.held_on), row.place, community.unit.name]
    return stamped(
        Document(
            kind="session",
            id=row.id,
            title=row.topic,
            text=text_of(community.name, " · ".join(fact for fact in facts if fact)),
            date=row.held_on,
            filters={
                "topic": (community.topic.series or community.topic.id,),
                "year": (community.fiscal_year.year,),
                "unit": places_of(community.unit),
            },
        )
    )


SOURCE = Source("session", _ids, _load)
