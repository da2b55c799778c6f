"""One participant's evaluation: answering it, and what the facilitator adds (S0-198).

Others do not see what it says.
"""

import json
from typing import Any

from kc import clock
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Assessment, Employee, Evaluation, EvaluationQuestion
from kc.models.evaluation import BEFORE
from kc.services import audit
from kc.services.participants import key_of, participants


def mine(employee: Employee, evaluation: Evaluation) -> Assessment | None:
    """The assessment of `employee`, made when they are a participant nobody has counted yet; else None."""
    here = (Assessment.evaluation == evaluation) & (Assessment.person_key == key_of(employee))
    row = Assessment.get_or_none(here)
    if row is None and key_of(employee) in {p.key for p in participants(evaluation.community)}:
        Assessment.insert(
            evaluation=evaluation, person_key=key_of(employee), employee=employee
        ).on_conflict_ignore().execute()
        row = Assessment.get(here)
    if row is not None:
        row.evaluation, row.employee = evaluation, employee
    return row


def answer(assessment: Assessment, questions: list[EvaluationQuestion], **given: Any) -> bool:
    """Keep what a participant answered in the stage that is open; False when they had answered (sent twice).

    `given`: answers (question id as text -> choice), and after the learning ratings, satisfaction, suggestion.
    """
    evaluation = assessment.evaluation
    if not evaluation.is_open:
        raise DomainError(_("ปิดรับคำตอบแล้ว หากยังอยากตอบ โปรดแจ้งคุณอำนวยของชุมชน"))
    if not assessment.is_unanswered:
        return False
    values = _before(questions, given) if evaluation.stage == BEFORE else _after(evaluation, questions, given)
    values["excused_reason"] = ""  # whoever was excused and answers all the same counts
    unanswered = Assessment.before_at if evaluation.stage == BEFORE else Assessment.after_at
    with db.atomic():
        here = (Assessment.id == assessment.id) & unanswered.is_null()
        if not Assessment.update(**values).where(here).execute():
            return False
        _settle(assessment)
        audit.record(assessment.employee, "evaluation.answered", evaluation, stage=evaluation.stage)
    return True


def _before(questions: list[EvaluationQuestion], given: dict[str, Any]) -> dict[str, Any]:
    answers = json.dumps(given["answers"])
    return {"before_answers": answers, "test_before": _right(questions, given["answers"]), "before_at": clock.now()}


def _after(evaluation: Evaluation, questions: list[EvaluationQuestion], given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "satisfaction": given["satisfaction"],
        "suggestion": given["suggestion"],
        "after_at": clock.now(),
    }
    if questions:
        values |= {
            "after_answers": json.dumps(given["answers"]),
            "test_after": _right(questions, given["answers"]),
        }
    if ratings := given["ratings"]:
        values |= {
            "self_ratings": json.dumps(ratings),
            "self_before": sum(before for before, _after_ in ratings) / len(ratings),
            "self_after": sum(after for _before_, after in ratings) / len(ratings),
        }
    return values


def _right(questions: list[EvaluationQuestion], answers: dict[str, int]) -> int:
    return sum(answers.get(str(question.id)) == question.right for question in questions)


def rate(by: Employee, assessment: Assessment, based_on: int, **given: Any) -> None:
    """What the facilitator adds: score_before, score_after, rating, rating_note. Conflict when another was first."""
    full = assessment.evaluation.full_score
    for name in ("score_before", "score_after"):
        if given[name] is not None and not 0 <= given[name] <= full:
            raise DomainError(_("คะแนนต้องอยู่ระหว่าง 0 ถึง %(n)d", n=full), field=name)
    with db.atomic():
        if not assessment.save_version(based_on, rated_by=by, rated_at=clock.now(), **given):
            raise Conflict(_("มีผู้อื่นให้คะแนนคนนี้ไปก่อนแล้ว"), Assessment.get_by_id(assessment.id))
        _settle(assessment)
        audit.record(by, "evaluation.rated", assessment)


def excuse(by: Employee, assessment: Assessment, reason: str) -> None:
    """Somebody need not be evaluated, and why; without a reason they are asked again."""
    with db.atomic():
        Assessment.update(excused_reason=reason).where(Assessment.id == assessment.id).execute()
        assessment.excused_reason = reason
        audit.record(by, "evaluation.excused" if reason else "evaluation.not_excused", assessment, reason=reason)


def _settle(assessment: Assessment) -> None:
    """Note whether everything the plan asks for is there now."""
    fresh = Assessment.get_by_id(assessment.id)
    fresh.evaluation = assessment.evaluation
    done = fresh.done_at or clock.now() if fresh.is_complete else None
    if done != fresh.done_at:
        Assessment.update(done_at=done).where(Assessment.id == fresh.id).execute()


def settle_all(evaluation: Evaluation) -> None:
    """After the plan changed: who has everything it asks for now?"""
    for row in evaluation.assessments:
        row.evaluation = evaluation
        _settle(row)
