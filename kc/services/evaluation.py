"""Setting up a community's learning evaluation and leading it through its stages (S0-198): its plan, its short test,
whom it asks, and those who have not answered yet."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db, hold
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Assessment, Community, Employee, Evaluation, EvaluationQuestion, OrgUnit
from kc.models.communities import ACTIVE
from kc.models.evaluation import AFTER, BEFORE, CLOSED, METHODS, PREPARING, SELF, STAGES, TEST
from kc.services import assessing, audit, community_people, follow_up, guest_mail, notices
from kc.services.participants import Participant, participants
from kc.services.piecemeal import Each, by_hand

MOST_QUESTIONS, MOST_CHOICES, MOST_POINTS = 20, 5, 6
REMINDED = (-2, 1, 7)  # days from the day the answers are wanted
CAUGHT_UP = 2  # days


def of(community: Community) -> Evaluation | None:
    """The community's evaluation, when somebody has set one up."""
    row = Evaluation.get_or_none(Evaluation.community == community)
    if row is not None:
        row.community = community
    return row


def questions_of(evaluation: Evaluation) -> list[EvaluationQuestion]:
    return list(evaluation.questions.order_by(EvaluationQuestion.position, EvaluationQuestion.id))


# ---- the plan ------------------------------------------------------------------------------------------------------


def set_up(by: Employee, community: Community, based_on: int, **plan: Any) -> Evaluation:
    """Say how learning is evaluated. `plan`: methods (list), points (text), full_score.

    Raises DomainError for a plan that cannot be, Conflict when somebody else saved first.
    """
    _require_open(community)
    evaluation = of(community)
    values = _checked(community, evaluation, plan)
    with db.atomic():
        if evaluation is None:
            evaluation = _first(by, community, values)
        elif not evaluation.save_version(based_on, updated_at=clock.now(), **values):
            raise Conflict(_("มีผู้อื่นบันทึกแผนการประเมินนี้ไปก่อนแล้ว"), Evaluation.get_by_id(evaluation.id))
        audit.record(by, "evaluation.planned", evaluation, methods=values["methods"])
        assessing.settle_all(evaluation)
    return evaluation


def _first(by: Employee, community: Community, values: dict[str, Any]) -> Evaluation:
    try:
        with db.atomic():
            return Evaluation.create(community=community, created_by=by, **values)
    except pw.IntegrityError:
        raise Conflict(_("มีผู้อื่นบันทึกแผนการประเมินนี้ไปก่อนแล้ว"), of(community)) from None


def _require_open(community: Community) -> None:
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว เปลี่ยนแปลงไม่ได้"))


def _checked(community: Community, evaluation: Evaluation | None, plan: dict[str, Any]) -> dict[str, Any]:
    methods = [name for name in METHODS if name in plan["methods"]]
    if not methods:
        raise DomainError(_("โปรดเลือกวิธีประเมินอย่างน้อยหนึ่งวิธี"), field="methods")
    points = [" ".join(line.split()) for line in plan["points"].splitlines() if line.strip()]
    if len(points) > MOST_POINTS:
        raise DomainError(_("ใส่ได้ไม่เกิน %(n)d เรื่อง เพื่อให้ตอบได้ในนาทีเดียว", n=MOST_POINTS), field="points")
    if SELF in methods and not points:
        points = [community.knowledge_title]
    values = {"methods": ",".join(methods), "points": "\n".join(points)}
    if evaluation is not None and values["points"] != evaluation.points and _any_self_rating(evaluation):
        raise DomainError(_("มีผู้ประเมินตนเองแล้ว จึงเปลี่ยนเรื่องที่ประเมินไม่ได้"), field="points")
    return values | {"full_score": plan["full_score"]}


def _any_self_rating(evaluation: Evaluation) -> bool:
    return evaluation.assessments.where(Assessment.self_after.is_null(False)).exists()


# ---- the short test ------------------------------------------------------------------------------------------------


def write_question(
    by: Employee, evaluation: Evaluation, text: str, choices: list[str], right: int, question_id: int | None = None
) -> EvaluationQuestion:
    """Add a question, or change the one with `question_id`. `right`: its place among `choices`, empty ones counted.

    DomainError when it cannot be asked like this, or when somebody has taken the test already.
    """
    text, given = text.strip(), [" ".join(choice.split()) for choice in choices][:MOST_CHOICES]
    kept = [choice for choice in given if choice]
    if not text:
        raise DomainError(_("โปรดพิมพ์คำถาม"), field="text")
    if len(kept) < 2:
        raise DomainError(_("โปรดใส่ตัวเลือกอย่างน้อยสองข้อ"), field="choices")
    if len(set(kept)) < len(kept):
        raise DomainError(_("มีตัวเลือกซ้ำกัน"), field="choices")
    if not 0 <= right < len(given) or not given[right]:
        raise DomainError(_("โปรดเลือกว่าข้อใดถูก"), field="right")
    values = {"text": text, "choices": "\n".join(kept), "right": kept.index(given[right])}
    with db.atomic():
        _require_untaken(evaluation)
        question = _kept_question(evaluation, question_id, values)
        audit.record(by, "evaluation.question", evaluation, question=question.id)
    return question


def _kept_question(evaluation: Evaluation, question_id: int | None, values: dict[str, Any]) -> EvaluationQuestion:
    if question_id is not None:
        question = EvaluationQuestion.get(
            (EvaluationQuestion.id == question_id) & (EvaluationQuestion.evaluation == evaluation)
        )
        for name, value in values.items():
            setattr(question, name, value)
        question.save()
        return question
    count = evaluation.questions.count()
    if count >= MOST_QUESTIONS:
        raise DomainError(_("ใส่ได้ไม่เกิน %(n)d ข้อ แบบทดสอบสั้น ๆ มีคนตอบมากกว่า", n=MOST_QUESTIONS))
    return EvaluationQuestion.create(evaluation=evaluation, position=count + 1, **values)


def remove_question(by: Employee, evaluation: Evaluation, question_id: int) -> None:
    with db.atomic():
        _require_untaken(evaluation)
        here = (EvaluationQuestion.id == question_id) & (EvaluationQuestion.evaluation == evaluation)
        if EvaluationQuestion.delete().where(here).execute():
            audit.record(by, "evaluation.question_removed", evaluation, question=question_id)


def is_taken(evaluation: Evaluation) -> bool:
    """Has somebody taken the test? Then it stays as it is, or scores would mean two things."""
    taken = Assessment.test_before.is_null(False) | Assessment.test_after.is_null(False)
    return evaluation.assessments.where(taken).exists()


def _require_untaken(evaluation: Evaluation) -> None:
    if is_taken(evaluation):
        raise DomainError(_("มีผู้ทำแบบทดสอบแล้ว จึงแก้คำถามไม่ได้ คะแนนก่อนและหลังจะได้เทียบกันได้"))


# ---- stages --------------------------------------------------------------------------------------------------------


def move_to(
    by: Employee, evaluation: Evaluation, stage: str, due_on: date | None = None, based_on: int | None = None
) -> int:
    """Open the evaluation before or after the learning, or close it; who is asked is told. How many are told.

    `based_on`: the version that was seen, the row's own by default. Conflict when somebody changed it since. Closing
    begins the follow-up of use, unless it has begun.
    """
    if stage not in STAGES or stage == PREPARING:
        raise DomainError(_("ไม่มีขั้นนี้ในการประเมิน"), field="stage")
    _require_open(evaluation.community)
    _require_ready(evaluation, stage)
    if due_on is not None and due_on < clock.today():
        raise DomainError(_("วันครบกำหนดผ่านไปแล้ว โปรดเลือกวันข้างหน้า"), field="due_on")
    seen = evaluation.version if based_on is None else based_on
    with db.atomic():
        if not evaluation.save_version(seen, stage=stage, due_on=due_on, updated_at=clock.now()):
            raise Conflict(_("มีผู้อื่นเปลี่ยนการประเมินนี้ไปก่อนแล้ว โปรดดูก่อนกดอีกครั้ง"), of(evaluation.community))
        rows = enrol(evaluation)
        audit.record(by, "evaluation.stage", evaluation, stage=stage)
        if stage == CLOSED:
            follow_up.begin(by, evaluation.community)
            return 0
        return _tell_waiting(evaluation, rows, by, "evaluation.open", f"{stage}:{clock.today()}")


def _require_ready(evaluation: Evaluation, stage: str) -> None:
    if stage == BEFORE and TEST not in evaluation.chosen:
        raise DomainError(_("ไม่มีแบบทดสอบในแผน จึงไม่มีอะไรต้องตอบก่อนเรียนรู้"))
    if stage in (BEFORE, AFTER) and TEST in evaluation.chosen and not evaluation.questions.exists():
        raise DomainError(_("ยังไม่มีคำถามในแบบทดสอบ โปรดเพิ่มอย่างน้อยหนึ่งข้อ"))


def enrol(evaluation: Evaluation, people: Iterable[Participant] | None = None) -> list[Assessment]:
    """Give every participant their assessment, take away empty ones of those who are no participants any more."""
    wanted = {p.key: p for p in (participants(evaluation.community) if people is None else people)}
    rows = {row.person_key: row for row in assessments(evaluation)}
    gone = [row.id for key, row in rows.items() if key not in wanted and row.is_empty]
    missing = [p for key, p in wanted.items() if key not in rows]
    if not gone and not missing:
        return list(rows.values())
    with db.atomic():
        Assessment.delete().where(Assessment.id.in_(gone)).execute()
        new = [
            {"evaluation": evaluation, "person_key": p.key, "employee": p.employee, "guest_name": p.guest_name}
            for p in missing
        ]
        for some in pw.chunked(new, 200):
            Assessment.insert_many(some).on_conflict_ignore().execute()
    return assessments(evaluation)


def assessments(evaluation: Evaluation) -> list[Assessment]:
    """Everyone's, with the person and their unit: staff in Thai order, then guests."""
    rows = list(
        Assessment.select(Assessment, Employee, OrgUnit)
        .join_from(Assessment, Employee, pw.JOIN.LEFT_OUTER)
        .join_from(Employee, OrgUnit, pw.JOIN.LEFT_OUTER)
        .where(Assessment.evaluation == evaluation)
        .order_by(Assessment.guest_name, Employee.sort_key)
    )
    for row in rows:
        row.evaluation = evaluation
    return rows


# ---- those who have not answered -----------------------------------------------------------------------------------


def remind(by: Employee, evaluation: Evaluation) -> int:
    """Send the link again to everyone of the staff who has not answered; to each at most once a day. How many."""
    _require_open(evaluation.community)
    if not evaluation.is_open:
        raise DomainError(_("ยังไม่ได้เปิดให้ตอบ จึงยังไม่มีใครต้องเตือน"))
    with db.atomic():
        told = _tell_waiting(evaluation, enrol(evaluation), by, "evaluation.waiting", f"by-hand:{clock.today()}")
        audit.record(by, "evaluation.reminded", evaluation, people=told)
    return told


def _tell_waiting(evaluation: Evaluation, rows: list[Assessment], by: Employee | None, kind: str, once: str) -> int:
    waiting = [row.employee for row in rows if row.employee_id and row.waits_for_person and row.employee.is_active]
    notices.tell(
        waiting,
        kind,
        f"/communities/{evaluation.community_id}/evaluation/answer",
        actor=by,
        about=f"evaluation:{evaluation.id}",
        once=f"evaluation:{evaluation.id}:{once}",
        community=evaluation.community.name,
        due=evaluation.due_on.isoformat() if evaluation.due_on else "",
    )
    written = guest_mail.send(evaluation.community, [row for row in rows if row.waits_for_person])
    return written + len([person for person in waiting if by is None or person.id != by.id])


def remind_all(each: Each = by_hand) -> None:
    """The day's round: two days before answers are wanted, the day after, and a week after, those who wait for it.

    A reminder that was not sent because nothing ran that day is sent a day or two later; none is sent twice.
    """
    each(_due(), _remind_one)


def _due() -> list[tuple[Evaluation, int]]:
    """Evaluations of which somebody is reminded today, and which reminder it is."""
    return [(evaluation, after) for after in REMINDED for evaluation in _due_for(after)]


def _due_for(after: int) -> pw.ModelSelect:
    last = clock.today() - timedelta(days=after)
    due = Evaluation.due_on.between(last - timedelta(days=CAUGHT_UP), last)
    here = Evaluation.stage.in_((BEFORE, AFTER)) & due & (Community.status == ACTIVE)
    return Evaluation.select(Evaluation, Community).join(Community).where(here)


def _remind_one(due: tuple[Evaluation, int]) -> None:
    """As it is now: somebody may have closed it, or given more time, a moment ago."""
    known, after = due
    hold(Evaluation.select().where(Evaluation.id == known.id))
    evaluation = _due_for(after).where(Evaluation.id == known.id).first()
    if evaluation is None:
        return
    once = f"{evaluation.stage}:{evaluation.due_on}:{after}"
    rows = enrol(evaluation)
    _tell_waiting(evaluation, rows, None, "evaluation.waiting", once)
    missing = [row for row in rows if row.waits_for_person and not row.has_left]
    if missing and evaluation.due_on < clock.today():
        notices.tell(
            community_people.facilitators(evaluation.community),
            "evaluation.missing",
            f"/communities/{evaluation.community_id}/evaluation",
            once=f"evaluation:{evaluation.id}:missing:{once}",
            community=evaluation.community.name,
            n=len(missing),
        )
