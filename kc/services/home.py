"""What someone's first page of the day shows; a fixed number of statements, however much there is."""

from datetime import timedelta
from typing import Any

import peewee as pw

from kc import clock
from kc.models import (
    Community,
    Employee,
    FiscalYear,
    JointSession,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Session,
    Topic,
)
from kc.models.communities import ACTIVE
from kc.models.knowledge import PUBLISHED
from kc.services import saved_searches, waiting, years

SOON = timedelta(days=35)  # sessions are announced about a month ahead (S0-138)
SHOWN = 6
SAVED_SHOWN = 5


def for_employee(employee: Employee) -> dict[str, Any]:
    """Everything the home page shows to `employee`."""
    year = years.current()
    communities = _my_communities(employee, year)
    sessions = _sessions_of(communities)
    return {
        "year": year,
        "duties": waiting.for_employee(employee, sessions),
        "communities": communities,
        "next_sessions": _next_by_community(sessions),
        "newest": _articles(KnowledgeArticle.published_on.desc(), KnowledgeArticle.id.desc()),
        "most_read": _articles(KnowledgeArticle.view_count.desc(), KnowledgeArticle.id.desc()),
        "topics": _topics_with_counts(year),
        "saved": list(saved_searches.of(employee).limit(SAVED_SHOWN)),
    }


def _my_communities(employee: Employee, year: FiscalYear) -> list[Community]:
    """This year's: earlier ones have ended, and often bear the same names."""
    mine = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    current = (Community.fiscal_year == year) & (Community.status == ACTIVE)
    return list(Community.listing().where(Community.id.in_(mine) & current).limit(SHOWN))


def _sessions_of(communities: list[Community]) -> list[Session]:
    """Sessions of the last week and the next weeks, soonest first, each with `held_by_ids`: whose it is."""
    today = clock.today()
    by_id = {c.id: c for c in communities}
    with_ours = (JointSession.session == Session.id) & JointSession.community.in_(list(by_id))
    rows = (
        Session.select(Session, JointSession.community.alias("joint_with"))
        .join(JointSession, pw.JOIN.LEFT_OUTER, on=with_ours)
        .where(
            (Session.community.in_(list(by_id)) | JointSession.id.is_null(False))
            & Session.held_on.between(today - timedelta(days=7), today + SOON)
            & Session.cancelled_at.is_null()
        )
        .order_by(Session.held_on, Session.starts, Session.id)
        .limit(30)
        .objects()
    )
    found: dict[int, Session] = {}
    for row in rows:
        session = found.setdefault(row.id, row)
        session.held_by_ids = {*getattr(session, "held_by_ids", ()), session.community_id, row.joint_with}
        if session.community_id in by_id:  # else another community's, held together with one of ours
            session.community = by_id[session.community_id]
    return list(found.values())


def _next_by_community(sessions: list[Session]) -> dict[int, Session]:
    coming: dict[int, Session] = {}
    for session in sessions:
        if session.held_on >= clock.today():
            for community_id in session.held_by_ids:
                coming.setdefault(community_id, session)
    return coming


def _articles(*order: Any) -> list[KnowledgeArticle]:
    return list(
        KnowledgeArticle.select(KnowledgeArticle, OrgUnit, Topic)
        .join_from(KnowledgeArticle, OrgUnit, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .where(KnowledgeArticle.status == PUBLISHED)
        .order_by(*order)
        .limit(SHOWN)
    )


def _topics_with_counts(year: Any) -> list[tuple[Topic, int]]:
    """This year's topics, with how many published articles their line has in all years."""
    counts = dict(
        KnowledgeArticle.select(Topic.series, pw.fn.COUNT(KnowledgeArticle.id))
        .join(Topic)
        .where(KnowledgeArticle.status == PUBLISHED)
        .group_by(Topic.series)
        .tuples()
    )
    topics = Topic.select().where((Topic.fiscal_year == year) & Topic.retired_at.is_null()).order_by(Topic.position)
    return [(topic, counts.get(topic.series, 0)) for topic in topics]
