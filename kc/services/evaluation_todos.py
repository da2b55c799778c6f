"""What waits for someone to answer: a learning evaluation that is open, a question about use that is due."""

import peewee as pw

from kc import clock
from kc.i18n import gettext as _
from kc.models import Assessment, Community, Employee, Evaluation, FollowUp
from kc.models.communities import ACTIVE
from kc.models.evaluation import AFTER, BEFORE
from kc.services.todos import Todo
from kc.together import Asking

MOST = 3


def todos(employee: Employee) -> Asking[list[Todo]]:
    """At most five."""
    evaluations, follow_ups = yield [_evaluations(employee), _follow_ups(employee)]
    return ([_to_evaluate(row) for row in evaluations] + [_to_follow_up(row) for row in follow_ups])[:5]


def _evaluations(employee: Employee) -> pw.ModelSelect:
    unanswered = ((Evaluation.stage == BEFORE) & Assessment.before_at.is_null()) | (
        (Evaluation.stage == AFTER) & Assessment.after_at.is_null()
    )
    return (
        Evaluation.select(Evaluation.stage, Evaluation.due_on, Evaluation.community, Community.id, Community.name)
        .join_from(Evaluation, Community)
        .join_from(Evaluation, Assessment)
        .where((Assessment.employee == employee) & (Assessment.excused_reason == "") & unanswered)
        .where(Community.status == ACTIVE)
        .order_by(Evaluation.due_on)
        .limit(MOST)
    )


def _to_evaluate(row: Evaluation) -> Todo:
    return Todo(
        title=row.community.name,
        url=f"/communities/{row.community_id}/evaluation/answer",
        says=_("ประเมินก่อนเรียนรู้ ไม่กี่นาที") if row.stage == BEFORE else _("ประเมินผลการเรียนรู้ ไม่กี่นาที"),
        button=_("ตอบเลย"),
        icon="list-check",
        due_on=row.due_on,
        late=row.due_on is not None and row.due_on < clock.today(),
    )


def _follow_ups(employee: Employee) -> pw.ModelSelect:
    return (
        FollowUp.select(FollowUp.id, FollowUp.months, FollowUp.due_on, Community.id, Community.name)
        .join(Community)
        .where((FollowUp.employee == employee) & FollowUp.answered_at.is_null() & (FollowUp.excused_reason == ""))
        .where((FollowUp.due_on <= clock.today()) & (Community.status == ACTIVE))
        .order_by(FollowUp.due_on.desc())
        .limit(MOST)
    )


def _to_follow_up(row: FollowUp) -> Todo:
    return Todo(
        title=row.community.name,
        url=f"/follow-up/{row.id}",
        says=_("ได้ใช้สิ่งที่เรียนรู้หรือยัง (%(n)d เดือน) ตอบ 1 นาที", n=row.months),
        button=_("ตอบเลย"),
        icon="chat-quote",
        due_on=row.due_on,
    )
