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
    """For organisers: this year's communities without a learning plan, and next week's meetings without steps."""
    return _without_plan(employee) + _without_steps(employee)


def _organised_by(employee: Employee) -> pw.ModelSelect:
    return Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.role.in_(policy.ORGANISERS) & Membership.left_at.is_null()
    )


def _without_plan(employee: Employee) -> list[Todo]:
    today = clock.today()
    rows = (
        Community.select(Community.id, Community.name)
        .join_from(Community, FiscalYear)
        .join_from(Community, LearningPlan, pw.JOIN.LEFT_OUTER, on=(LearningPlan.community == Community.id))
        .where(
            Community.id.in_(_organised_by(employee))
            & (Community.status == ACTIVE)
            & (FiscalYear.starts_on <= today)
            & (FiscalYear.ends_on >= today)
            & LearningPlan.id.is_null()
        )
        .order_by(Community.sort_key)
        .limit(MOST_TODOS)
    )
    return [
        Todo(
            title=row.name,
            url=f"/communities/{row.id}/plan/edit",
            says=_("ยังไม่มีแผนบทเรียนของปีนี้ ระบบเติมให้แล้วบางส่วน"),
            button=_("เขียนแผน"),
            icon="list-check",
        )
        for row in rows
    ]


def _without_steps(employee: Employee) -> list[Todo]:
    today = clock.today()
    rows = (
        Session.select(Session.id, Session.community, Session.topic, Session.held_on)
        .join_from(Session, SessionStep, pw.JOIN.LEFT_OUTER, on=(SessionStep.session == Session.id))
        .where(
            Session.community.in_(_organised_by(employee))
            & Session.held_on.between(today + timedelta(days=1), today + SOON)
            & Session.cancelled_at.is_null()
            & SessionStep.id.is_null()
        )
        .order_by(Session.held_on, Session.starts)
        .limit(MOST_TODOS)
    )
    return [
        Todo(
            title=row.topic,
            url=f"/communities/{row.community_id}/sessions/{row.id}/steps",
            says=_("พบกัน %(day)s ยังไม่ได้วางขั้นตอน", day=format_date(row.held_on, "short")),
            button=_("วางขั้นตอน"),
            icon="list-check",
            due_on=row.held_on,
        )
        for row in rows
    ]
