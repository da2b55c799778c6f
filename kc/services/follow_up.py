"""Follow-up of use (S0-200): every participant is asked some months later what they use and what came of it."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import (
    Community,
    Employee,
    FollowUp,
    FollowUpPlan,
    KnowledgeArticle,
    KnowledgeUse,
    Membership,
    OrgUnit,
)
from kc.models.communities import ACTIVE, FACILITATOR
from kc.models.evaluation import NOT_YET
from kc.models.knowledge import PUBLISHED
from kc.services import audit, guest_mail, notices
from kc.services.participants import participants

REMINDED = (0, 7, 21)  # days from the day an answer is due
CAUGHT_UP = 2  # days: a reminder that was not sent because nothing ran that day is sent so much later
MISSING_AFTER = 14  # days; then the facilitator is told who is missing
CHANGEABLE = timedelta(days=60)  # an answer may be put right so long
BEGINS_BY_ITSELF = timedelta(days=31)  # after a community's first knowledge was published, not years later
ADDED_UNTIL = timedelta(days=30)  # after the last question was due, nobody is added any more

_months: tuple[int, ...] = (1, 3, 6)


def configure(months: Sequence[int]) -> None:
    global _months
    _months = tuple(months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


# ---- the plan ------------------------------------------------------------------------------------------------------


def of(community: Community) -> FollowUpPlan | None:
    row = FollowUpPlan.get_or_none(FollowUpPlan.community == community)
    if row is not None:
        row.community = community
    return row


def begin(by: Employee | None, community: Community, starts_on: date | None = None) -> FollowUpPlan:
    """Count the months from `starts_on` (today). Beginning twice is no error and changes nothing."""
    with db.atomic():
        FollowUpPlan.insert(
            community=community,
            starts_on=starts_on or clock.today(),
            months=",".join(str(n) for n in _months),
            set_by=by,
            created_at=clock.now(),
        ).on_conflict_ignore().execute()
        plan = of(community)
        assert plan is not None
        if not FollowUp.select().where(FollowUp.community == community).exists():
            audit.record(by, "follow_up.begun", community, on=plan.starts_on)
        enrol(plan)
    return plan


def start_on(by: Employee, community: Community, starts_on: date) -> None:
    """Begin, or count from another day: what nobody has answered yet is due accordingly."""
    _require_open(community)
    if abs((starts_on - clock.today()).days) > 366:
        raise DomainError(_("โปรดเลือกวันในหนึ่งปีก่อนหรือหลังวันนี้"), field="starts_on")
    with db.atomic():
        plan = begin(by, community, starts_on)
        if plan.starts_on != starts_on:
            FollowUpPlan.update(starts_on=starts_on, set_by=by).where(FollowUpPlan.id == plan.id).execute()
            for n in plan.month_list:
                open_ones = (FollowUp.community == community) & (FollowUp.months == n) & FollowUp.answered_at.is_null()
                FollowUp.update(due_on=months_after(starts_on, n)).where(open_ones).execute()
            audit.record(by, "follow_up.moved", community, on=starts_on)


def _require_open(community: Community) -> None:
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว เปลี่ยนแปลงไม่ได้"))


def enrol(plan: FollowUpPlan) -> None:
    """A question for every participant and each of the plan's months; take away those of who never took part."""
    community = plan.community
    people = {p.key: p for p in participants(community)}
    rows = FollowUp.select(FollowUp.id, FollowUp.person_key, FollowUp.months, FollowUp.answered_at).where(
        FollowUp.community == community
    )
    known = {(row.person_key, row.months): row for row in rows}
    gone = [row.id for (key, _n), row in known.items() if key not in people and row.answered_at is None]
    with db.atomic():
        if gone:
            FollowUp.delete().where(FollowUp.id.in_(gone)).execute()
        for n in plan.month_list:
            for p in people.values():
                if (p.key, n) not in known:
                    FollowUp.insert(
                        community=community,
                        person_key=p.key,
                        employee=p.employee,
                        guest_name=p.guest_name,
                        months=n,
                        due_on=months_after(plan.starts_on, n),
                    ).on_conflict_ignore().execute()


def rows_of(community: Community) -> list[FollowUp]:
    """Every question of the community with its person and their unit."""
    return list(
        FollowUp.select(FollowUp, Employee, OrgUnit)
        .join_from(FollowUp, Employee, pw.JOIN.LEFT_OUTER)
        .join_from(Employee, OrgUnit, pw.JOIN.LEFT_OUTER)
        .where(FollowUp.community == community)
        .order_by(FollowUp.guest_name, Employee.sort_key, FollowUp.months)
    )


# ---- answering -----------------------------------------------------------------------------------------------------


def can_answer(follow_up: FollowUp) -> bool:
    """Asked already, and not so long answered that it has become the record."""
    if follow_up.answered_at is not None:
        return clock.now() - follow_up.answered_at <= CHANGEABLE
    return follow_up.due_on <= clock.today()


def waiting_for(employee: Employee, community: Community) -> FollowUp | None:
    """The newest question of this community that waits for `employee`."""
    mine = (FollowUp.community == community) & (FollowUp.employee == employee) & FollowUp.answered_at.is_null()
    return FollowUp.select().where(mine & (FollowUp.due_on <= clock.today())).order_by(FollowUp.due_on.desc()).first()


def articles_of(community: Community) -> list[KnowledgeArticle]:
    """What the community published: what a participant may have used."""
    article = KnowledgeArticle
    rows = article.select(article.id, article.title).where(
        (article.community == community) & (article.status == PUBLISHED)
    )
    return list(rows.order_by(article.published_on, article.id))


def answer(follow_up: FollowUp, article: KnowledgeArticle | None, **given: Any) -> None:
    """Keep an answer, or put it right. `given`: used, place, outcomes, outcome_text, hindrances, hindrance_text,
    show_name. What was used shows on the knowledge's page (S0-195)."""
    if not can_answer(follow_up):
        raise DomainError(_("คำตอบนี้ปิดแล้ว แก้ไขไม่ได้") if follow_up.answered_at else _("ยังไม่ถึงวันที่ต้องตอบ ขอบคุณที่แวะมา"))
    with db.atomic():
        for name, value in given.items():
            setattr(follow_up, name, value)
        follow_up.answered_at = follow_up.answered_at or clock.now()
        follow_up.save()
        _note_use(follow_up, article)
        audit.record(follow_up.employee, "follow_up.answered", follow_up, used=follow_up.used)


def _note_use(follow_up: FollowUp, article: KnowledgeArticle | None) -> None:
    if follow_up.used == NOT_YET:
        KnowledgeUse.delete().where(KnowledgeUse.follow_up == follow_up).execute()
        return
    who = {"person_key": follow_up.person_key, "employee": follow_up.employee_id, "follow_up": follow_up}
    said = {
        "article": article,
        "place": follow_up.place,
        "outcomes": follow_up.outcomes,
        "outcome_text": follow_up.outcome_text,
        "show_name": follow_up.show_name,
        "used_on": clock.to_local(follow_up.answered_at).date(),
    }
    KnowledgeUse.insert(community=follow_up.community_id, **who, **said).on_conflict(
        conflict_target=[KnowledgeUse.follow_up], preserve=[getattr(KnowledgeUse, name) for name in said]
    ).execute()


def excuse(by: Employee, follow_up: FollowUp, reason: str) -> None:
    """Somebody need not answer, and why; without a reason they are asked again."""
    with db.atomic():
        FollowUp.update(excused_reason=reason).where(FollowUp.id == follow_up.id).execute()
        audit.record(by, "follow_up.excused" if reason else "follow_up.not_excused", follow_up, reason=reason)


# ---- those who have not answered -----------------------------------------------------------------------------------


def remind(by: Employee, community: Community) -> int:
    """Send the link again to everyone of the staff whose answer is due; to each at most once a day. How many."""
    _require_open(community)
    with db.atomic():
        waiting = [row for row in rows_of(community) if _waits(row)]
        for row in waiting:
            _tell(row, community, by, f"by-hand:{clock.today()}")
        written = _write_to_guests(FollowUp.community == community)
        audit.record(by, "follow_up.reminded", community, people=len(waiting) + written)
    return written + len({row.person_key for row in waiting})


def _waits(row: FollowUp) -> bool:
    due = row.answered_at is None and row.due_on <= clock.today() and not row.excused_reason
    return due and row.employee_id is not None and row.employee.is_active


def _tell(row: FollowUp, community: Community, by: Employee | None, once: str) -> None:
    notices.tell(
        [row.employee],
        "follow_up.due",
        f"/follow-up/{row.id}",
        actor=by,
        about=f"follow_up:{row.id}",
        once=f"follow_up:{row.id}:{once}",
        community=community.name,
        months=row.months,
    )


def remind_all() -> None:
    """The day's round: begin with what was published lately, count in who joined, remind, and say who is missing."""
    _begin_by_itself()
    for plan in _running():
        enrol(plan)
    _remind_people()
    _write_to_guests()
    _tell_facilitators()


def _begin_by_itself() -> None:
    """A community that published its first knowledge lately and was never evaluated is followed up all the same."""
    first = pw.fn.MIN(KnowledgeArticle.published_on)
    found = (
        Community.select(Community, first.alias("first"))
        .join(KnowledgeArticle, on=(KnowledgeArticle.community == Community.id))
        .where(
            (KnowledgeArticle.status == PUBLISHED)
            & (Community.status == ACTIVE)
            & Community.id.not_in(FollowUpPlan.select(FollowUpPlan.community))
        )
        .group_by(Community.id)
        .having(first >= clock.today() - BEGINS_BY_ITSELF)
    )
    for community in list(found):
        begin(None, community, _day(community.first))


def _day(value: Any) -> date:
    """MIN of days is a day on one database and its text on the other."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _running() -> list[FollowUpPlan]:
    longest = max(_months, default=6)
    since = months_after(clock.today() - ADDED_UNTIL, -longest)
    rows = FollowUpPlan.select(FollowUpPlan, Community).join(Community)
    return list(rows.where((FollowUpPlan.starts_on >= since) & (Community.status == ACTIVE)))


def _remind_people() -> None:
    for after in REMINDED:
        rows = _unanswered().where(FollowUp.due_on.between(*_days_before(after)) & Employee.is_active)
        for row in rows.join_from(FollowUp, Employee):
            _tell(row, row.community, None, str(after))


def _write_to_guests(where: pw.Expression | None = None) -> int:
    """The link to guests with an e-mail address whose question came due lately; each is sent once. How many."""
    lately = FollowUp.due_on.between(_days_before(REMINDED[-1])[0], clock.today())
    rows = _unanswered().join_from(FollowUp, Employee, pw.JOIN.LEFT_OUTER).order_by(FollowUp.community, FollowUp.id)
    found = rows.where(lately & FollowUp.employee.is_null() & (FollowUp.link_sent == ""))
    by_community = groupby(found.where(where) if where is not None else found, key=lambda row: row.community)
    return sum(guest_mail.send(community, list(theirs)) for community, theirs in by_community)


def _days_before(after: int) -> tuple[date, date]:
    """Days that are `after` days ago, or a little more: what was told is told once."""
    last = clock.today() - timedelta(days=after)
    return last - timedelta(days=CAUGHT_UP), last


def _unanswered() -> pw.ModelSelect:
    return (
        FollowUp.select(FollowUp, Community, Employee)
        .join_from(FollowUp, Community)
        .where(FollowUp.answered_at.is_null() & (FollowUp.excused_reason == "") & (Community.status == ACTIVE))
    )


def _tell_facilitators() -> None:
    counted = (
        FollowUp.select(FollowUp.community, FollowUp.months, pw.fn.COUNT(FollowUp.id))
        .join(Employee, pw.JOIN.LEFT_OUTER)
        .where(
            FollowUp.due_on.between(*_days_before(MISSING_AFTER))
            & FollowUp.answered_at.is_null()
            & (FollowUp.excused_reason == "")
        )
        .where(FollowUp.employee.is_null() | Employee.is_active)
        .group_by(FollowUp.community, FollowUp.months)
        .tuples()
    )
    for community_id, months, n in list(counted):
        community = Community.get_by_id(community_id)
        held = Membership.select(Membership, Employee).join(Employee)
        here = (Membership.community == community) & (Membership.role == FACILITATOR) & Membership.left_at.is_null()
        notices.tell(
            [row.employee for row in held.where(here)],
            "follow_up.missing",
            f"/communities/{community_id}/follow-up",
            once=f"follow_up:{community_id}:missing:{months}",
            community=community.name,
            months=months,
            n=n,
        )
