"""What the community's page shows of evaluation and follow-up, in two statements."""

from dataclasses import dataclass

import peewee as pw

from kc import clock, policy
from kc.models import Assessment, Community, Employee, Evaluation, FollowUp
from kc.models.evaluation import AFTER, BEFORE


@dataclass(frozen=True)
class EvaluationPanel:
    stage: str  # "" when nothing is planned
    done: int
    expected: int
    answer: bool  # something waits for the reader to answer
    follow_up: int | None  # the question about use that waits for the reader
    rounds: list[tuple[int, int, int]]  # months, asked, answered: what is due


def panel(community: Community, employee: Employee) -> EvaluationPanel | None:
    """For those who take part in the community; nothing for others."""
    if not policy.can_see_evaluation(employee, community):
        return None
    stage, done, expected, waits = _evaluation(community, employee)
    rounds, mine = _follow_up(community, employee)
    return EvaluationPanel(stage, done, expected, bool(waits), mine, rounds)


def _sum(condition: pw.Expression) -> pw.Function:
    return pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(condition, 1)], 0)), 0)


def _evaluation(community: Community, employee: Employee) -> tuple[str, int, int, int]:
    done = Assessment.done_at.is_null(False) & (Assessment.excused_reason == "")
    here = Employee.id.is_null() | Employee.is_active
    expected = Assessment.id.is_null(False) & (Assessment.excused_reason == "") & (done | here)
    asked = ((Evaluation.stage == BEFORE) & Assessment.before_at.is_null()) | (
        (Evaluation.stage == AFTER) & Assessment.after_at.is_null()
    )
    waits = (Assessment.employee == employee) & (Assessment.excused_reason == "") & asked
    row = (
        Evaluation.select(Evaluation.stage, _sum(done), _sum(expected), _sum(waits))
        .join(Assessment, pw.JOIN.LEFT_OUTER)
        .join(Employee, pw.JOIN.LEFT_OUTER, on=(Assessment.employee == Employee.id))
        .where(Evaluation.community == community)
        .group_by(Evaluation.stage)
        .tuples()
        .first()
    )
    return row or ("", 0, 0, 0)


def _follow_up(community: Community, employee: Employee) -> tuple[list[tuple[int, int, int]], int | None]:
    answered = FollowUp.answered_at.is_null(False)
    expected = answered | ((FollowUp.excused_reason == "") & (FollowUp.employee.is_null() | Employee.is_active))
    mine = (FollowUp.employee == employee) & FollowUp.answered_at.is_null() & (FollowUp.excused_reason == "")
    rows = list(
        FollowUp.select(
            FollowUp.months,
            _sum(expected),
            _sum(answered),
            pw.fn.MAX(pw.Case(None, [(mine, FollowUp.id)], None)),
        )
        .join(Employee, pw.JOIN.LEFT_OUTER)
        .where((FollowUp.community == community) & (FollowUp.due_on <= clock.today()))
        .group_by(FollowUp.months)
        .order_by(FollowUp.months)
        .tuples()
    )
    waiting = [number for _months, _asked, _answered, number in rows if number]
    return [(months, asked, answered) for months, asked, answered, _mine in rows], waiting[-1] if waiting else None
