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
from kc.together import Asking

SHOWN = 3
SOON = timedelta(days=7)
MOST_TODOS = 2  # of each kind: planning must not crowd out the rest


def panel(community: Community, employee: Employee) -> Asking[dict[str, Any]]:
    """What communities/_plan.html shows."""
    plans, wanted = yield [
        LearningPlan.select().where(LearningPlan.community == community),
        proposals.most_wanted(community, employee).limit(SHOWN),
    ]
    plan = next(iter(plans), None)
    missing = plan.missing() if plan else []
    return {
        "plan": plan,
        "filled": 8 - len(missing) if plan else 0,
        "missing": missing,
        "proposals": wanted,
        "can_write": policy.can_write_plan(employee, community),
    }


def todos(employee: Employee) -> Asking[list[Todo]]:
    """For organisers: this year's communities without a learning plan, and next week's meetings without steps."""
    mine = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.role.in_(policy.ORGANISERS) & Membership.left_at.is_null()
    )
    communities, sessions = yield [_without_plan(mine).limit(MOST_TODOS), _without_steps(mine).limit(MOST_TODOS)]
    return [
        Todo(
            title=row.name,
            url=f"/communities/{row.id}/plan/edit",
            says=_("ยังไม่มีแผนบทเรียนของปีนี้ ระบบเติมให้แล้วบางส่วน"),
            button=_("เขียนแผน"),
            icon="list-check",
        )
        for row in communities
    ] + [
        Todo(
            title=row.topic,
            url=f"/communities/{row.community_id}/sessions/{row.id}/steps",
            says=_("พบกัน %(day)s ยังไม่ได้วางขั้นตอน", day=format_date(row.held_on, "short")),
            button=_("วางขั้นตอน"),
            icon="list-check",
            due_on=row.held_on,
        )
        for row in sessions
    ]


def _without_plan(mine: pw.ModelSelect) -> pw.ModelSelect:
    today = clock.today()
    return (
        Community.select(Community.id, Community.name)
        .join_from(Community, FiscalYear)
        .join_from(Community, LearningPlan, pw.JOIN.LEFT_OUTER, on=(LearningPlan.community == Community.id))
        .where(
            Community.id.in_(mine)
            & (Community.status == ACTIVE)
            & (FiscalYear.starts_on <= today)
            & (FiscalYear.ends_on >= today)
            & LearningPlan.id.is_null()
        )
        .order_by(Community.sort_key)
    )


def _without_steps(mine: pw.ModelSelect) -> pw.ModelSelect:
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
        .order_by(Session.held_on)
    )
