"""The plan in brief for a community's page, and what of planning waits for its organisers."""

from datetime import timedelta
from typing import Any

import peewee as pw

from kc import clock, policy
from kc.i18n import gettext as _
from kc.models import Community, Employee, FiscalYear, LearningPlan, Membership, Session, SessionStep
from kc.models.communities import ACTIVE
from kc.services import proposals
from kc.services.todos import Todo
from kc.thai.dates import format_date

SHOWN = 3
SOON = timedelta(days=7)
MOST_TODOS = 2  # of each kind: planning must not crowd out the rest


def panel(community: Community, employee: Employee) -> dict[str, Any]:
    """What communities/_plan.html shows; two statements."""
    plan = LearningPlan.get_or_none(LearningPlan.community == community)
    missing = plan.missing() if plan else []
    return {
        "plan": plan,
        "filled": 8 - len(missing) if plan else 0,
        "missing": missing,
        "proposals": proposals.of_community(community, employee, SHOWN),
        "can_write": policy.can_write_plan(employee, community),
    }


def todos(employee: Employee) -> list[Todo]:
    """For organisers: this year's communities without a learning plan, and next week's meetings without steps.

    One statement: the home page asks many areas.
    """
    mine = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.role.in_(policy.ORGANISERS) & Membership.left_at.is_null()
    )
    rows = list(_without_plan(mine).union_all(_without_steps(mine)).tuples())
    plans = sorted((row for row in rows if not row[1]), key=lambda row: row[2])
    meetings = sorted((row for row in rows if row[1]), key=lambda row: row[3])
    return [
        Todo(
            title=name,
            url=f"/communities/{community}/plan/edit",
            says=_("ยังไม่มีแผนบทเรียนของปีนี้ ระบบเติมให้แล้วบางส่วน"),
            button=_("เขียนแผน"),
            icon="list-check",
        )
        for community, _none, name, _ends in plans[:MOST_TODOS]
    ] + [
        Todo(
            title=topic,
            url=f"/communities/{community}/sessions/{session}/steps",
            says=_("พบกัน %(day)s ยังไม่ได้วางขั้นตอน", day=format_date(day, "short")),
            button=_("วางขั้นตอน"),
            icon="list-check",
            due_on=day,
        )
        for community, session, topic, day in meetings[:MOST_TODOS]
    ]


def _without_plan(mine: pw.ModelSelect) -> pw.ModelSelect:
    """(community, 0, its name, end of its year)"""
    today = clock.today()
    return (
        Community.select(Community.id, pw.SQL("0"), Community.name, FiscalYear.ends_on)
        .join_from(Community, FiscalYear)
        .join_from(Community, LearningPlan, pw.JOIN.LEFT_OUTER, on=(LearningPlan.community == Community.id))
        .where(
            Community.id.in_(mine)
            & (Community.status == ACTIVE)
            & (FiscalYear.starts_on <= today)
            & (FiscalYear.ends_on >= today)
            & LearningPlan.id.is_null()
        )
    )


def _without_steps(mine: pw.ModelSelect) -> pw.ModelSelect:
    """(community, session, its topic, its day)"""
    today = clock.today()
    return (
        Session.select(Session.community, Session.id, Session.topic, Session.held_on)
        .join(SessionStep, pw.JOIN.LEFT_OUTER, on=(SessionStep.session == Session.id))
        .where(
            Session.community.in_(mine)
            & Session.held_on.between(today + timedelta(days=1), today + SOON)
            & Session.cancelled_at.is_null()
            & SessionStep.id.is_null()
        )
    )
