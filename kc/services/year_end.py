"""The end of a year: what it brought, topics and communities that go on, and the closing itself (S0-112)."""

from collections.abc import Collection
from dataclasses import dataclass

import peewee as pw

from kc import clock, policy
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import (
    Attendance,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    OrgUnit,
    Session,
    Topic,
    YearClosing,
)
from kc.models.communities import ACTIVE
from kc.services import audit, community_people, notices, renewing, round_people, years
from kc.services.renewing import Choice

EVERYBODY, KEEPERS_ONLY, NOBODY = "everybody", "keepers", "nobody"
PEOPLE = (EVERYBODY, KEEPERS_ONLY, NOBODY)  # labels: kc.labels.RENEWAL_PEOPLE


def closing_of(year: FiscalYear) -> YearClosing | None:
    """Who closed the year, and when."""
    rows = YearClosing.select(YearClosing, Employee).join(Employee, pw.JOIN.LEFT_OUTER)
    return rows.where(YearClosing.fiscal_year == year).first()


def scope(employee: Employee) -> pw.Expression:
    """Condition on Community: whose communities someone renews for a whole year."""
    if policy.is_knowledge_officer(employee):
        return Community.id.is_null(False)
    units = OrgUnit.select(OrgUnit.id).where(policy.within(OrgUnit.path, policy.coordinated_paths(employee)))
    return Community.unit.in_(units)


@dataclass(frozen=True)
class Summary:
    """What a year brought."""

    communities: int
    with_knowledge: int
    articles: int
    sessions: int
    people: int


def summary(year: FiscalYear, employee: Employee) -> Summary:
    """The year's figures for what `employee` looks after, in one statement."""
    ours = Community.select(Community.id).where(
        (Community.fiscal_year == year) & (Community.status == ACTIVE) & scope(employee)
    )
    told = KnowledgeArticle.published_on.is_null(False) & KnowledgeArticle.community.in_(ours)
    met = Session.community.in_(ours) & Session.cancelled_at.is_null() & (Session.held_on <= clock.today())
    one = pw.fn.COUNT
    row = pw.Select(
        columns=[
            ours.select(one(Community.id)),
            KnowledgeArticle.select(one(KnowledgeArticle.community.distinct())).where(told),
            KnowledgeArticle.select(one(KnowledgeArticle.id)).where(told),
            Session.select(one(Session.id)).where(met),
            Attendance.select(one(Attendance.employee.distinct())).join(Session).where(met),
        ]
    )
    return Summary(*db.execute(row).fetchone())


# ---- topics --------------------------------------------------------------------------------------------------------


def topics_left(year: FiscalYear, next_year: FiscalYear) -> list[Topic]:
    """Topics in use that the next year does not have yet."""
    there = Topic.select(Topic.series).where(Topic.fiscal_year == next_year)
    left = (Topic.fiscal_year == year) & Topic.retired_at.is_null() & Topic.series.not_in(there)
    return list(Topic.select().where(left).order_by(Topic.position, Topic.id))


def copy_topics(by: Employee, year: FiscalYear, next_year: FiscalYear, chosen: Collection[int]) -> int:
    """Take the chosen topics into the next year; how many."""
    with db.atomic():
        copied = [topic for topic in topics_left(year, next_year) if topic.id in chosen]
        for topic in copied:
            years.add_topic(next_year, topic.name, topic.description, topic.series)
        audit.record(by, "topic.copied", next_year, source=year.year, count=len(copied))
    return len(copied)


# ---- communities ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Renewal:
    """What became of one community when several were renewed: the new one, or why not."""

    community: Community
    new: Community | None
    refusal: str = ""


def renew_chosen(
    by: Employee, next_year: FiscalYear, chosen: list[Community], people: str, with_text: bool, along: Collection[str]
) -> list[Renewal]:
    """Renew each of `chosen`, each in a transaction of its own: one that is refused keeps no other from going on."""
    same = Topic.select().where((Topic.fiscal_year == next_year) & Topic.retired_at.is_null())
    topics = {topic.series: topic for topic in same}
    return [_renew(by, next_year, community, topics, people, with_text, along) for community in chosen]


def _renew(
    by: Employee,
    next_year: FiscalYear,
    community: Community,
    topics: dict[int, Topic],
    people: str,
    with_text: bool,
    along: Collection[str],
) -> Renewal:
    topic = topics.get(community.topic.series)
    if topic is None:
        return Renewal(community, None, _("ปีใหม่ไม่มีประเด็นเรียนรู้เดิม โปรดเลือกประเด็นเอง"))
    choice = Choice(people=_who(community, people), with_text=with_text, along=along)
    try:
        return Renewal(community, renewing.renew(by, community, next_year, topic, choice))
    except DomainError as refusal:
        return Renewal(community, None, refusal.message)


def _who(community: Community, people: str) -> Collection[int] | None:
    if people == EVERYBODY:
        return None
    if people == NOBODY:
        return ()
    return {person.id for person in community_people.organisers(community)}


def ask_keepers(by: Employee, next_year: FiscalYear, chosen: list[Community]) -> int:
    """Ask those who keep these communities whether they go on; they renew themselves. How many people were asked."""
    by_id = {community.id: community for community in chosen}
    found = round_people.organisers(Community.id.in_(list(by_id)))
    with db.atomic():
        for person, community_id in found:
            notices.tell(
                [person],
                "community.renewal_asked",
                f"/communities/{community_id}/renew?year={next_year.year}",
                actor=by,
                about=f"renewal:{community_id}:{next_year.year}",
                community=by_id[community_id].name,
                year=next_year.year,
            )
        audit.record(by, "community.renewal_asked", next_year, count=len(chosen))
    return len({person.id for person, _community in found})


# ---- closing -------------------------------------------------------------------------------------------------------


def close(by: Employee, year: FiscalYear, note: str) -> None:
    """Close the year: nothing new is signed up for it. What is there stays and can be worked on; twice is no error."""
    with db.atomic():
        made = YearClosing.insert(fiscal_year=year, note=note, closed_by=by, closed_at=clock.now())
        if not closing_of(year):
            made.on_conflict_ignore().execute()
            audit.record(by, "year.closed", year, year=year.year, note=note)


def reopen(by: Employee, year: FiscalYear) -> None:
    """Take the closing back."""
    with db.atomic():
        if YearClosing.delete().where(YearClosing.fiscal_year == year).execute():
            audit.record(by, "year.reopened", year, year=year.year)
