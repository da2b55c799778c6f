"""What someone's first page of the day shows; a fixed number of statements, however much there is."""

from datetime import timedelta
from typing import Any

import peewee as pw

from kc import clock, together
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
from kc.services.todos import in_order
from kc.together import Asking, beside, rows_of

SOON = timedelta(days=35)  # sessions are announced about a month ahead (S0-138)
SHOWN = 6
SAVED_SHOWN = 5
CARD = (  # what home says of an article: its parts are long, and each column is asked for in every statement
    KnowledgeArticle.id,
    KnowledgeArticle.title,
    KnowledgeArticle.summary,
    KnowledgeArticle.kind,
    KnowledgeArticle.published_on,
    KnowledgeArticle.view_count,
    KnowledgeArticle.unit,
    KnowledgeArticle.topic,
    OrgUnit.id,
    OrgUnit.name,
    Topic.id,
    Topic.name,
)


def for_employee(employee: Employee) -> dict[str, Any]:
    """Everything the home page shows to `employee`."""
    year = years.current()
    (communities, sessions, coming), todos, library, saved = together.answer(
        beside(
            _mine(employee, year),
            waiting.todos(employee),
            _library(year),
            rows_of(saved_searches.of(employee).limit(SAVED_SHOWN)),
        )
    )
    return {
        "year": year,
        "duties": in_order(waiting.sessions_today(sessions) + todos),
        "communities": communities,
        "next_sessions": coming,
        "saved": saved,
        **library,
    }


def _mine(employee: Employee, year: FiscalYear) -> Asking[tuple[list[Community], list[Session], dict[int, Session]]]:
    """Someone's communities, their sessions, and what is next in each."""
    (communities,) = yield [_my_communities(employee, year)]
    ids = [community.id for community in communities]
    sessions, jointly = yield [_sessions_of(ids), _held_jointly(ids)]
    return communities, sessions, _next_by_community(sessions, jointly)


def _library(year: FiscalYear) -> Asking[dict[str, Any]]:
    """What everybody finds here."""
    newest, most_read, topics, counts = yield [
        _articles(KnowledgeArticle.published_on.desc(), KnowledgeArticle.id.desc()),
        _articles(KnowledgeArticle.view_count.desc(), KnowledgeArticle.id.desc()),
        Topic.select().where((Topic.fiscal_year == year) & Topic.retired_at.is_null()).order_by(Topic.position),
        _published_by_line(),
    ]
    by_line = dict(counts)
    in_line = [(topic, by_line.get(topic.series, 0)) for topic in topics]
    return {"newest": newest, "most_read": most_read, "topics": in_line}


def _my_communities(employee: Employee, year: FiscalYear) -> pw.ModelSelect:
    """This year's: earlier ones have ended, and often bear the same names."""
    mine = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    current = (Community.fiscal_year == year) & (Community.status == ACTIVE)
    named = Community.select(Community.id, Community.name).where(Community.id.in_(mine) & current)
    return named.order_by(Community.sort_key).limit(SHOWN)


def _sessions_of(communities: list[int]) -> pw.ModelSelect:
    """Sessions of the last week and the next weeks, soonest first; `communities` by their ids."""
    today = clock.today()
    return (
        Session.select(Session.id, Session.community, Session.topic, Session.held_on, Session.starts)
        .join(Community)
        .where(
            Session.held_by(communities)
            & (Community.status == ACTIVE)
            & Session.held_on.between(today - timedelta(days=7), today + SOON)
            & Session.cancelled_at.is_null()
        )
        .order_by(Session.held_on, Session.starts)
        .limit(30)
    )


def _held_jointly(communities: list[int]) -> pw.ModelSelect:
    """(session, community) of what these were asked to hold with others."""
    rows = JointSession.select(JointSession.session, JointSession.community)
    return rows.where(JointSession.community.in_(communities)).tuples()


def _next_by_community(sessions: list[Session], jointly: list[tuple[int, int]]) -> dict[int, Session]:
    coming: dict[int, Session] = {}
    for session in sessions:
        if session.held_on >= clock.today():
            for community in [session.community_id, *(ours for held, ours in jointly if held == session.id)]:
                coming.setdefault(community, session)
    return coming


def _articles(*order: Any) -> pw.ModelSelect:
    return (
        KnowledgeArticle.select(*CARD)
        .join_from(KnowledgeArticle, OrgUnit, pw.JOIN.LEFT_OUTER)
        .join_from(KnowledgeArticle, Topic, pw.JOIN.LEFT_OUTER)
        .where(KnowledgeArticle.status == PUBLISHED)
        .order_by(*order)
        .limit(SHOWN)
    )


def _published_by_line() -> pw.ModelSelect:
    """(a line of topics, how many published articles it has in all years)"""
    return (
        KnowledgeArticle.select(Topic.series, pw.fn.COUNT(KnowledgeArticle.id))
        .join(Topic)
        .where(KnowledgeArticle.status == PUBLISHED)
        .group_by(Topic.series)
        .tuples()
    )
