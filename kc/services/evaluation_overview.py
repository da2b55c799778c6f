"""All communities of a year at a glance: how many are evaluated and followed up, those with most missing first."""

from dataclasses import dataclass

import peewee as pw

from kc import clock
from kc.models import Assessment, Community, Employee, Evaluation, FollowUp
from kc.models.communities import ACTIVE
from kc.models.evaluation import PARTLY, USED
from kc.services.evaluation_results import Coverage


@dataclass(frozen=True)
class Standing:
    """One community: its evaluation's stage ("" when nothing is planned), and what is due of the follow-up."""

    community: Community
    stage: str
    evaluated: Coverage
    followed_up: Coverage
    uses: int  # people who say that they use it, at least in part

    @property
    def missing(self) -> int:
        return self.evaluated.missing + self.followed_up.missing


def total(standings: list[Standing]) -> tuple[Coverage, Coverage]:
    """(evaluated, followed up) of all of them together."""
    parts = [[s.evaluated for s in standings], [s.followed_up for s in standings]]
    evaluated, followed_up = (Coverage(sum(c.done for c in p), sum(c.expected for c in p)) for p in parts)
    return evaluated, followed_up


def of_year(year: int, units: pw.Expression | None) -> list[Standing]:
    """Active communities of the fiscal year with this id, within `units` (a condition on OrgUnit); three statements."""
    listed = Community.listing().where((Community.fiscal_year == year) & (Community.status == ACTIVE))
    found = list(listed if units is None else listed.where(units))
    ids = [community.id for community in found]
    evaluated, asked = _evaluated(ids), _asked(ids)
    nothing = ("", 0, 0)
    rows = []
    for community in found:
        stage, done, expected = evaluated.get(community.id, nothing)
        answered, due, uses = asked.get(community.id, (0, 0, 0))
        rows.append(Standing(community, stage, Coverage(done, expected), Coverage(answered, due), uses))
    return sorted(rows, key=lambda row: (-row.missing, bool(row.stage)))


def _count(condition: pw.Expression) -> pw.Function:
    return pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(condition, 1)], 0)), 0)


def _evaluated(ids: list[int]) -> dict[int, tuple[str, int, int]]:
    done = Assessment.done_at.is_null(False) & (Assessment.excused_reason == "")
    here = Employee.id.is_null() | Employee.is_active
    expected = Assessment.id.is_null(False) & (Assessment.excused_reason == "") & (done | here)
    rows = (
        Evaluation.select(Evaluation.community, Evaluation.stage, _count(done), _count(expected))
        .join(Assessment, pw.JOIN.LEFT_OUTER)
        .join(Employee, pw.JOIN.LEFT_OUTER, on=(Assessment.employee == Employee.id))
        .where(Evaluation.community.in_(ids))
        .group_by(Evaluation.community, Evaluation.stage)
        .tuples()
    )
    return {community: (stage, n_done, n_expected) for community, stage, n_done, n_expected in rows}


def _asked(ids: list[int]) -> dict[int, tuple[int, int, int]]:
    answered = FollowUp.answered_at.is_null(False)
    here = FollowUp.employee.is_null() | Employee.is_active
    expected = answered | ((FollowUp.excused_reason == "") & here)
    users = pw.fn.COUNT(pw.Case(None, [(FollowUp.used.in_((USED, PARTLY)), FollowUp.person_key)]).distinct())
    rows = (
        FollowUp.select(FollowUp.community, _count(answered), _count(expected), users)
        .join(Employee, pw.JOIN.LEFT_OUTER)
        .where(FollowUp.community.in_(ids) & (FollowUp.due_on <= clock.today()))
        .group_by(FollowUp.community)
        .tuples()
    )
    return {community: (n_answered, n_due, n_used) for community, n_answered, n_due, n_used in rows}
