"""The learning plan (แผนบทเรียน, S0-128…136), written by members and experts together without losing a word.

As with articles, a form carries a short digest of each field as it showed it: of two people who write at once, each
field that only one of them changed keeps that change; a field both changed is shown in both versions.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import AuditEntry, Community, Employee, LearningPlan, LearningPlanVersion
from kc.models.communities import EXPERT
from kc.services import audit
from kc.services.article_merge import DIGEST, digest

TEXTS = ("objectives", "content", "techniques", "speakers", "evaluation", "follow_up")
FIELDS = (*TEXTS, "member_count", "period_from", "period_to")
LONGEST = 10_000
MOST_MEMBERS = 9999
SITTING = timedelta(hours=1)
TRIES = 3

Content = dict[str, Any]


class PlanConflict(Conflict):
    """Both changed the same fields: `theirs` is the plan as it is, `clashes` names the fields."""

    def __init__(self, theirs: LearningPlan, clashes: tuple[str, ...]) -> None:
        super().__init__(_("มีผู้อื่นแก้ไขแผนนี้ระหว่างที่คุณพิมพ์"), theirs)
        self.clashes = clashes


def of(community: Community) -> LearningPlan | None:
    """A community's plan with who wrote last."""
    return (
        LearningPlan.select(LearningPlan, Employee)
        .join(Employee, pw.JOIN.LEFT_OUTER)
        .where(LearningPlan.community == community)
        .first()
    )


def begun(community: Community) -> LearningPlan:
    """The plan, or an unsaved one filled with what is known already."""
    plan = of(community)
    if plan is not None:
        return plan
    members = list(community.current_members())
    experts = dict.fromkeys(m.employee.name for m in members if m.role == EXPERT)
    return LearningPlan(
        community=community,
        version=0,
        objectives=community.goals,
        member_count=len({m.employee_id for m in members}) or None,
        content=community.knowledge_title,
        period_from=community.fiscal_year.starts_on,
        period_to=community.fiscal_year.ends_on,
        speakers="\n".join(experts),
    )


def content_of(plan: LearningPlan) -> Content:
    return {name: getattr(plan, name) for name in FIELDS}


# ---- what a form was made from -------------------------------------------------------------------------------------


def token(version: int, shown: Mapping[str, Any]) -> str:
    """The form's hidden `version`: the number, and a digest of each field as the form shows it."""
    return _token(version, {name: digest(shown[name]) for name in FIELDS})


def _token(version: int, marks: Mapping[str, str]) -> str:
    return f"{version}." + "".join(marks[name] for name in FIELDS)


def _read(text: str) -> dict[str, str]:
    """Digest of each field as the form showed it; {} when it is no token of ours: then every difference is a clash."""
    marks = text.partition(".")[2]
    if len(marks) != DIGEST * len(FIELDS):
        return {}
    return {name: marks[n * DIGEST : (n + 1) * DIGEST] for n, name in enumerate(FIELDS)}


def token_shown(plan: LearningPlan, text: str, shown: Content) -> str:
    """The token of a form that now shows `shown`, and in its other fields what it showed before."""
    marks, now = _read(text), content_of(plan)
    return _token(plan.version, {n: digest(shown[n]) if n in shown else marks.get(n, digest(now[n])) for n in FIELDS})


def token_after_clash(plan: LearningPlan, text: str, clashes: Iterable[str]) -> str:
    """The token to go on with: the clashing fields count as read."""
    return token_shown(plan, text, {name: getattr(plan, name) for name in clashes})


# ---- saving --------------------------------------------------------------------------------------------------------


def save(by: Employee, community: Community, mine: Content, text: str, *, quietly: bool = False) -> LearningPlan:
    """Save `mine` (fields left out stay as they are) from the form with the token `text`; returns the plan as saved.

    What others changed meanwhile is kept. Raises PlanConflict when both changed the same field, DomainError for what
    cannot be. `quietly`: an autosave, of which one an hour is enough for the audit log.
    """
    for _try in range(TRIES):
        plan = of(community)
        if plan is None:
            plan = _create(by, community, mine)
            if plan is not None:
                return plan
            continue
        changed = _changes(plan, mine, _read(text))
        if not changed:
            return plan
        _check({**content_of(plan), **changed})
        if _write(by, plan, changed, quietly):
            return plan
    raise DomainError(_("มีผู้อื่นกำลังบันทึกแผนนี้อยู่ โปรดลองอีกครั้ง"))


def _changes(plan: LearningPlan, mine: Content, seen: Mapping[str, str]) -> Content:
    changed, clashes = {}, []
    for name, value in mine.items():
        theirs = getattr(plan, name)
        if value == theirs or digest(value) == seen.get(name):
            continue
        if digest(theirs) != seen.get(name):
            clashes.append(name)
        changed[name] = value
    if clashes:
        raise PlanConflict(plan, tuple(clashes))
    return changed


def _check(content: Content) -> None:
    for name in TEXTS:
        if len(content[name]) > LONGEST:
            raise DomainError(_("ยาวเกินไป ใส่ได้ไม่เกิน %(n)d ตัวอักษร", n=LONGEST), field=name)
    if content["member_count"] is not None and not 1 <= content["member_count"] <= MOST_MEMBERS:
        raise DomainError(_("จำนวนสมาชิกต้องเป็นตัวเลข 1 ถึง %(n)d", n=MOST_MEMBERS), field="member_count")
    first, last = content["period_from"], content["period_to"]
    if first and last and last < first:
        raise DomainError(_("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่ม"), field="period_to")


def _create(by: Employee, community: Community, mine: Content) -> LearningPlan | None:
    """The new plan, or None when another request has just made it."""
    _check({**content_of(LearningPlan()), **mine})
    try:
        with db.atomic():
            plan = LearningPlan.create(community=community, editor=by, **mine)
            audit.record(by, "plan.begun", plan, community=community.id)
    except pw.IntegrityError:
        return None
    return plan


def _write(by: Employee, plan: LearningPlan, changed: Content, quietly: bool) -> bool:
    new_sitting = plan.editor_id != by.id or clock.now() - plan.updated_at > SITTING
    earlier = LearningPlanVersion(
        plan=plan,
        version=plan.version,
        content=json.dumps(content_of(plan), ensure_ascii=False, default=str),
        editor=plan.editor_id,
        saved_at=plan.updated_at,
    )
    with db.atomic():
        if not plan.save_version(plan.version, editor=by, updated_at=clock.now(), **changed):
            return False
        if new_sitting:
            earlier.save(force_insert=True)
        if not (quietly and _noted_lately(by, plan)):
            audit.record(by, "plan.changed", plan, fields=sorted(changed))
    return True


def _noted_lately(by: Employee, plan: LearningPlan) -> bool:
    return (
        AuditEntry.select()
        .where(
            (AuditEntry.object_kind == "learning_plan")
            & (AuditEntry.object_id == plan.id)
            & (AuditEntry.actor == by)
            & (AuditEntry.at > clock.now() - SITTING)
        )
        .exists()
    )
