"""What waits for someone to answer: a learning evaluation that is open, a question about use that is due."""

from kc import clock
from kc.i18n import gettext as _
from kc.models import Assessment, Community, Employee, Evaluation, FollowUp
from kc.models.communities import ACTIVE
from kc.models.evaluation import AFTER, BEFORE
from kc.services.todos import Todo

MOST = 3


def todos(employee: Employee) -> list[Todo]:
    """Two statements; at most five todos."""
    return (_evaluations(employee) + _follow_ups(employee))[:5]


def _evaluations(employee: Employee) -> list[Todo]:
    unanswered = ((Evaluation.stage == BEFORE) & Assessment.before_at.is_null()) | (
        (Evaluation.stage == AFTER) & Assessment.after_at.is_null()
    )
    rows = (
        Evaluation.select(Evaluation, Community)
        .join_from(Evaluation, Community)
        .join_from(Evaluation, Assessment)
        .where((Assessment.employee == employee) & (Assessment.excused_reason == "") & unanswered)
        .where(Community.status == ACTIVE)
        .order_by(Evaluation.due_on)
        .limit(MOST)
    )
    return [
        Todo(
            title=row.community.name,
            url=f"/communities/{row.community_id}/evaluation/answer",
            says=_("ประเมินก่อนเรียนรู้ ไม่กี่นาที") if row.stage == BEFORE else _("ประเมินผลการเรียนรู้ ไม่กี่นาที"),
            button=_("ตอบเลย"),
            icon="list-check",
            due_on=row.due_on,
            late=row.due_on is not None and row.due_on < clock.today(),
        )
        for row in rows
    ]


def _follow_ups(employee: Employee) -> list[Todo]:
    rows = (
        FollowUp.select(FollowUp, Community)
        .join(Community)
        .where((FollowUp.employee == employee) & FollowUp.answered_at.is_null() & (FollowUp.excused_reason == ""))
        .where((FollowUp.due_on <= clock.today()) & (Community.status == ACTIVE))
        .order_by(FollowUp.due_on.desc())
        .limit(MOST)
    )
    return [
        Todo(
            title=row.community.name,
            url=f"/follow-up/{row.id}",
            says=_("ได้ใช้สิ่งที่เรียนรู้หรือยัง (%(n)d เดือน) ตอบ 1 นาที", n=row.months),
            button=_("ตอบเลย"),
            icon="chat-quote",
            due_on=row.due_on,
        )
        for row in rows
    ]
