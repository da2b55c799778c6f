"""The plan of one meeting: what it is to bring, and its steps with their minutes (S0-137, S0-139, S0-140)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models import Employee, MeetingPlan, Session, SessionStep
from kc.services import audit

MOST = 20
LONGEST_STEP = 600  # minutes
LONGEST = 200
USUAL_LENGTH = 60  # minutes of a meeting that has no end


class Step(NamedTuple):
    minutes: int
    title: str
    who: str = ""


class TimedStep(NamedTuple):
    begins: time
    ends: time
    step: SessionStep


def of(session: Session) -> MeetingPlan | None:
    return MeetingPlan.get_or_none(MeetingPlan.session == session)


def steps_of(session: Session) -> list[SessionStep]:
    return list(SessionStep.select().where(SessionStep.session == session).order_by(SessionStep.position))


def timed(session: Session, steps: Iterable[SessionStep]) -> list[TimedStep]:
    """Each step with its time of day, one after another from the session's beginning."""
    moment, found = datetime.combine(session.held_on, session.starts), []
    for step in steps:
        ends = moment + timedelta(minutes=step.minutes)
        found.append(TimedStep(moment.time(), ends.time(), step))
        moment = ends
    return found


def length(session: Session) -> int | None:
    """Minutes of a session, None when its end is open."""
    if session.ends is None:
        return None
    day = session.held_on
    return int((datetime.combine(day, session.ends) - datetime.combine(day, session.starts)).total_seconds() // 60)


def save(by: Employee, session: Session, based_on: int, expected: str, steps: list[Step]) -> MeetingPlan:
    """Save expectation and steps from version `based_on` (0: there was none). Blank rows are left out.

    Raises Conflict (`theirs`: the plan as it is now) when somebody saved first; DomainError for a step without a title
    or with impossible minutes (its `field` names the row: "minutes-2"), or too many steps.
    """
    expected = thai.clean_text(expected)
    steps = [Step(step.minutes, thai.clean_line(step.title), thai.clean_line(step.who)) for step in steps]
    steps = [step for step in steps if step.title or step.who]
    _check(expected, steps)
    with db.atomic():
        plan = _written(by, session, based_on, expected)
        SessionStep.delete().where(SessionStep.session == session).execute()
        rows = [{"session": session.id, "position": n, **step._asdict()} for n, step in enumerate(steps, 1)]
        if rows:
            SessionStep.insert_many(rows).execute()
        audit.record(by, "session.steps_planned", session, steps=len(rows))
    return plan


def _check(expected: str, steps: list[Step]) -> None:
    if len(expected) > 2000:
        raise DomainError(_("ยาวเกินไป ใส่ได้ไม่เกิน %(n)d ตัวอักษร", n=2000), field="expected")
    if len(steps) > MOST:
        raise DomainError(_("ครั้งเดียววางได้ไม่เกิน %(n)d ขั้นตอน", n=MOST))
    for n, step in enumerate(steps, 1):
        if not step.title:
            raise DomainError(_("ขั้นตอนที่ %(n)d ยังไม่ได้บอกว่าทำอะไร", n=n), field=f"title-{n}")
        if not 1 <= step.minutes <= LONGEST_STEP:
            said = _("ขั้นตอนที่ %(n)d โปรดใส่เวลา 1 ถึง %(most)d นาที", n=n, most=LONGEST_STEP)
            raise DomainError(said, field=f"minutes-{n}")
        if len(step.title) > LONGEST or len(step.who) > LONGEST:
            said = _("ขั้นตอนที่ %(n)d ยาวเกินไป ใส่ได้ไม่เกิน %(most)d ตัวอักษร", n=n, most=LONGEST)
            raise DomainError(said, field=f"{'title' if len(step.title) > LONGEST else 'who'}-{n}")


def _written(by: Employee, session: Session, based_on: int, expected: str) -> MeetingPlan:
    """The plan's row at its next version; the row itself decides who came first."""
    values = {"expected": expected, "updated_by": by, "updated_at": clock.now()}
    if not based_on:
        try:
            with db.atomic():
                return MeetingPlan.create(session=session, **values)
        except pw.IntegrityError:
            raise _too_late(session) from None
    plan = of(session)
    if plan is None or not plan.save_version(based_on, **values):
        raise _too_late(session)
    return plan


def _too_late(session: Session) -> Conflict:
    return Conflict(_("มีผู้อื่นบันทึกแผนของครั้งนี้ไปก่อนแล้ว"), of(session))


# ---- something to begin with ---------------------------------------------------------------------------------------

WELCOME, CLOSING = _l("ทักทาย บอกเรื่องที่จะคุยและข้อตกลงร่วมกัน"), _l("สรุป ใครจะลองอะไร และนัดครั้งต่อไป")
# Shares of the meeting for what stands between welcome and closing.
USUAL: dict[str, tuple[tuple[int, object], ...]] = {
    "storytelling": ((3, _l("เล่าเรื่องจากหน้างาน ปัญหาที่พบและวิธีจัดการ")), (3, _l("ซักถามและช่วยกันต่อยอด"))),
    "dialogue": ((2, _l("แต่ละคนเล่าสิ่งที่พบ คนละไม่เกิน 3 นาที")), (4, _l("สุนทรียสนทนา ฟังอย่างตั้งใจ ไม่ตัดสิน"))),
    "peer_assist": (
        (2, _l("เจ้าของเรื่องเล่าปัญหาและสิ่งที่ลองแล้ว")),
        (1, _l("เพื่อนถามให้เข้าใจ")),
        (3, _l("เพื่อนช่วยกันเสนอทางออก")),
    ),
    "aar": (
        (1, _l("ตั้งใจให้เกิดอะไร")),
        (1, _l("เกิดอะไรขึ้นจริง")),
        (2, _l("ต่างกันเพราะอะไร")),
        (2, _l("ครั้งหน้าจะทำอย่างไร")),
    ),
}
OTHERS = ((2, _l("ผู้นำเสนอเล่าเรื่อง")), (4, _l("แลกเปลี่ยนความเห็นร่วมกัน")))


def suggested(session: Session) -> list[Step]:
    """Steps that usually go well with the session's technique, as long as the session."""
    total = length(session) or USUAL_LENGTH
    edge = 5 if total <= 60 else 10
    between = USUAL.get(session.technique, OTHERS)
    share = max(1, (total - 2 * edge) // sum(weight for weight, _title in between))
    middle = [Step(max(1, share * weight // 5 * 5 or share * weight), str(title)) for weight, title in between]
    spare = total - 2 * edge - sum(step.minutes for step in middle)
    if spare > 0:
        middle[-1] = middle[-1]._replace(minutes=middle[-1].minutes + spare)
    return [Step(edge, str(WELCOME)), *middle, Step(edge, str(CLOSING))]


def from_last_time(session: Session) -> list[Step]:
    """The steps of the community's last meeting that had some."""
    earlier = (
        Session.select()
        .join(SessionStep, on=(SessionStep.session == Session.id))
        .where((Session.community == session.community_id) & (Session.id != session.id))
        .order_by((Session.held_on <= session.held_on).desc(), Session.held_on.desc(), Session.id.desc())
        .first()
    )
    return [Step(s.minutes, s.title, s.who) for s in steps_of(earlier)] if earlier else []
