"""What of a community's year is evidence as an Excel file: its plan, its trials, its evaluation and follow-up."""

from collections.abc import Iterator
from typing import Any

from kc import labels, thai
from kc.i18n import gettext as _
from kc.models import Community, Employee, LearningPlan, Session, SessionStep, Trial
from kc.services import learning_plans
from kc.workbook import Column, Sheet


def of_plan(community: Community) -> Iterator[Sheet]:
    """The learning plan's eight fields, and the steps of every meeting (S0-128…137)."""
    plan = learning_plans.of(community)
    if plan is not None:
        rows = [[str(label), _said(plan, name)] for name, label in labels.PLAN_FIELDS.items()]
        yield Sheet(_("แผนการเรียนรู้"), [Column(_("หัวข้อ")), Column(_("รายละเอียด"))], rows)
    heads = [
        Column(_("วันที่"), "day"),
        Column(_("เรื่อง")),
        Column(_("ขั้นตอน")),
        Column(_("นาที"), "number"),
        Column(_("ผู้รับผิดชอบ")),
    ]
    yield Sheet(_("แผนรายครั้ง"), heads, _steps(community))


def _said(plan: LearningPlan, name: str) -> Any:
    if name == "period":
        return thai.format_day_range(plan.period_from, plan.period_to) if plan.period_from and plan.period_to else ""
    return getattr(plan, name)


def _steps(community: Community) -> Iterator[list[Any]]:
    rows = (
        SessionStep.select(SessionStep, Session)
        .join(Session)
        .where((Session.community == community) & Session.cancelled_at.is_null())
        .order_by(Session.held_on, Session.starts, SessionStep.position)
    )
    for row in rows:
        yield [row.session.held_on, row.session.topic, row.title, row.minutes, row.who]


def trials_of(community: Community):  # type: ignore[no-untyped-def]
    """Trials in the order of their chains."""
    return (
        Trial.select(Trial, Employee)
        .join(Employee, on=Trial.owner)
        .where((Trial.community == community) & Trial.deleted_at.is_null())
        .order_by(Trial.chain, Trial.id)
    )


def of_trials(community: Community) -> Iterator[Sheet]:
    """What was tried, by whom, where, with which result (S0-142)."""
    heads = [
        Column(_("สิ่งที่ทดลอง")),
        Column(_("ผู้ทดลอง")),
        Column(_("สถานที่")),
        Column(_("เริ่มเมื่อ"), "day"),
        Column(_("ผลที่คาดไว้")),
        Column(_("ผลที่ได้")),
        Column(_("สิ่งที่จะปรับ")),
        Column(_("สถานะ")),
        Column(_("ข้อสรุป")),
    ]
    rows = (
        [
            row.what,
            row.owner.name,
            row.place,
            row.starts_on,
            row.expected,
            row.result,
            row.improve,
            str(labels.TRIAL_STATUSES[row.status]),
            str(labels.TRIAL_OUTCOMES[row.outcome]) if row.outcome else "",
        ]
        for row in trials_of(community)
    )
    yield Sheet(_("การทดลองใช้"), heads, rows)
