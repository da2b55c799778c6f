"""Follow-up of use (S0-200): every participant is asked some months later what they use and what came of it."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db, hold
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
from kc.services.piecemeal import Each, by_hand

REMINDED = (7, 21)  # days from the day somebody was asked
CAUGHT_UP = 2  # days: a reminder that was not sent because nothing ran that day is sent so much later
MISSING_AFTER = 14  # days from then; the facilitator is told who is missing
CHANGEABLE = timedelta(days=60)  # an answer may be put right so long
BEGINS_BY_ITSELF = timedelta(days=31)  # after a community's first knowledge was published, not years later
LOOKED_AFTER = timedelta(days=30)  # after the last question was due
ASKED_UNTIL = timedelta(days=366)  # nobody is asked what was due longer ago

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
                FollowUp.update(due_on=months_after(starts_on, n), asked_on=None).where(open_ones).execute()
            audit.record(by, "follow_up.moved", community, on=starts_on)


def _require_open(community: Community) -> None:
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว เปลี่ยนแปลงไม่ได้"))


def enrol(plan: FollowUpPlan) -> None:
    """A question for every participant and each of the plan's months; take away those of who never took part.

    Who comes later is not asked what the others were asked before: they would only be missing there.
    """
    community = plan.community
    people = {p.key: p for p in participants(community)}
    rows = FollowUp.select(FollowUp.id, FollowUp.person_key, FollowUp.months, FollowUp.answered_at)
    there = list(rows.where(FollowUp.community == community))
    known = {(row.person_key, row.months) for row in there}
    due = {n: months_after(plan.starts_on, n) for n in plan.month_list}
    over = {row.months for row in there if due.get(row.months, clock.today()) < clock.today()}
    gone = [row.id for row in there if row.person_key not in people and row.answered_at is None]
    new = [
        {
            "community": community,
            "person_key": p.key,
            "employee": p.employee,
            "guest_name": p.guest_name,
            "months": n,
            "due_on": due_on,
        }
        for n, due_on in due.items()
        for p in people.values()
        if n not in over and (p.key, n) not in known
    ]
    if not gone and not new:
        return
    with db.atomic():
        FollowUp.delete().where(FollowUp.id.in_(gone)).execute()
        for some in pw.chunked(new, 200):
            FollowUp.insert_many(some).on_conflict_ignore().execute()


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
        rows = rows_of(community)
        waiting = [row for row in rows if _waits(row)]
        for row in waiting:
            _tell(row, community, by, f"by-hand:{clock.today()}")
        written = guest_mail.send(community, [row for row in rows if _is_due(row)])
        audit.record(by, "follow_up.reminded", community, people=len(waiting) + written)
    return written + len({row.person_key for row in waiting})


def _waits(row: FollowUp) -> bool:
    return _is_due(row) and row.employee_id is not None and row.employee.is_active


def _is_due(row: FollowUp) -> bool:
    return row.answered_at is None and row.due_on <= clock.today() and not row.excused_reason


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


def remind_all(each: Each = by_hand) -> None:
    """The day's round: begin with what was published lately, count in who joined, remind, and say who is missing."""
    each(_lately_published(), lambda found: begin(None, *found))
    each(_running(), _look_after)


def _lately_published() -> list[tuple[Community, date]]:
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
    return [(community, _day(community.first)) for community in found]


def _day(value: Any) -> date:
    """MIN of days is a day on one database and its text on the other."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _running() -> list[FollowUpPlan]:
    """Plans whose last question was due lately or will be, and others of which somebody is still to be asked."""
    longest, today = max(_months, default=6), clock.today()
    since = months_after(today - LOOKED_AFTER, -longest)
    lately = today - timedelta(days=REMINDED[-1] + CAUGHT_UP)
    waits = FollowUp.answered_at.is_null() & FollowUp.due_on.between(today - ASKED_UNTIL, today)
    waiting = (
        FollowUp.select(FollowUp.community)
        .join(Employee)
        .where(waits & (FollowUp.excused_reason == "") & Employee.is_active)
        .where(FollowUp.asked_on.is_null() | (FollowUp.asked_on >= lately))
    )
    rows = FollowUpPlan.select(FollowUpPlan.id).join(Community).where(Community.status == ACTIVE)
    return list(rows.where((FollowUpPlan.starts_on >= since) | FollowUpPlan.community.in_(waiting)))


def _look_after(known: FollowUpPlan) -> None:
    """One community, by its plan as it is now: somebody may have moved it a moment ago."""
    hold(FollowUpPlan.select().where(FollowUpPlan.id == known.id))
    plan = FollowUpPlan.select(FollowUpPlan, Community).join(Community).where(FollowUpPlan.id == known.id).get()
    enrol(plan)
    rows = rows_of(plan.community)
    _ask([row for row in rows if _waits(row)], plan.community)
    since = clock.today() - timedelta(days=REMINDED[-1] + CAUGHT_UP)
    guest_mail.send(plan.community, [row for row in rows if _is_due(row) and row.due_on >= since])
    _tell_facilitators([row for row in rows if row.answered_at is None and row.is_expected], plan.community)


def _ask(waiting: list[FollowUp], community: Community) -> None:
    """Ask each person the newest question that waits for them, and remind them of it; the older ones rest."""
    for row in {row.person_key: row for row in sorted(waiting, key=lambda row: row.due_on)}.values():
        after = _days_since_asked(row)
        if after is not None:
            _tell(row, community, None, f"{row.due_on}:{after}")
    unasked = [row.id for row in waiting if row.asked_on is None]
    if unasked:
        FollowUp.update(asked_on=clock.today()).where(FollowUp.id.in_(unasked)).execute()


def _days_since_asked(row: FollowUp) -> int | None:
    """0: never asked; else the reminder that it is time for, if it is, on a day on which nothing ran a little later."""
    if row.asked_on is None:
        return 0
    days = (clock.today() - row.asked_on).days
    return next((after for after in REMINDED if 0 <= days - after <= CAUGHT_UP), None)


def _tell_facilitators(missing: list[FollowUp], community: Community) -> None:
    groups: dict[tuple[int, date], list[FollowUp]] = defaultdict(list)
    for row in missing:
        groups[row.months, row.due_on].append(row)
    for (months, due_on), rows in groups.items():
        asked_on = min((row.asked_on for row in rows if row.asked_on), default=due_on)
        if not 0 <= (clock.today() - asked_on).days - MISSING_AFTER <= CAUGHT_UP:
            continue
        held = Membership.select(Membership, Employee).join(Employee)
        here = (Membership.community == community) & (Membership.role == FACILITATOR) & Membership.left_at.is_null()
        notices.tell(
            [row.employee for row in held.where(here)],
            "follow_up.missing",
            f"/communities/{community.id}/follow-up",
            once=f"follow_up:{community.id}:missing:{due_on}:{months}",
            community=community.name,
            months=months,
            n=len(rows),
        )
