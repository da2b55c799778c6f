"""What the community's page shows of evaluation and follow-up."""

from dataclasses import dataclass

import peewee as pw

from kc import clock, policy
from kc.models import Assessment, Community, Employee, Evaluation, FollowUp
from kc.models.evaluation import AFTER, BEFORE
from kc.together import Asking


@dataclass(frozen=True)
class EvaluationPanel:
    stage: str  # "" when nothing is planned
    done: int
    expected: int
    answer: bool  # something waits for the reader to answer
    follow_up: int | None  # the question about use that waits for the reader
    rounds: list[tuple[int, int, int]]  # months, asked, answered: what is due


def panel(community: Community, employee: Employee) -> Asking[EvaluationPanel | None]:
    """For those who take part in the community; nothing for others."""
    if not policy.can_see_evaluation(employee, community):
        return None
    planned, due = yield [_evaluation(community, employee), _follow_ups(community, employee)]
    stage, done, expected, waits = next(iter(planned), ("", 0, 0, 0))
    mine = [number for _months, _asked, _answered, number in due if number]
    rounds = [(months, asked, answered) for months, asked, answered, _mine in due]
    return EvaluationPanel(stage, done, expected, bool(waits), mine[-1] if mine else None, rounds)


def _sum(condition: pw.Expression) -> pw.Function:
    return pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(condition, 1)], 0)), 0)


def _evaluation(community: Community, employee: Employee) -> pw.ModelSelect:
    """(stage, how many are done, of how many, how many wait for `employee`)"""
    done = Assessment.done_at.is_null(False) & (Assessment.excused_reason == "")
    here = Employee.id.is_null() | Employee.is_active
    expected = Assessment.id.is_null(False) & (Assessment.excused_reason == "") & (done | here)
    asked = ((Evaluation.stage == BEFORE) & Assessment.before_at.is_null()) | (
        (Evaluation.stage == AFTER) & Assessment.after_at.is_null()
    )
    waits = (Assessment.employee == employee) & (Assessment.excused_reason == "") & asked
    return (
        Evaluation.select(Evaluation.stage, _sum(done), _sum(expected), _sum(waits))
        .join(Assessment, pw.JOIN.LEFT_OUTER)
        .join(Employee, pw.JOIN.LEFT_OUTER, on=(Assessment.employee == Employee.id))
        .where(Evaluation.community == community)
        .group_by(Evaluation.stage)
        .tuples()
    )


def _follow_ups(community: Community, employee: Employee) -> pw.ModelSelect:
    """(months, how many were asked, how many answered, the one that waits for `employee`)"""
    answered = FollowUp.answered_at.is_null(False)
    expected = answered | ((FollowUp.excused_reason == "") & (FollowUp.employee.is_null() | Employee.is_active))
    mine = (FollowUp.employee == employee) & FollowUp.answered_at.is_null() & (FollowUp.excused_reason == "")
    return (
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
