"""Everything that waits for one person: put together from what each area says of itself."""

from collections.abc import Callable

from kc import clock, policy, together
from kc.i18n import gettext as _
from kc.models import Employee, KnowledgeArticle, Membership, OrgUnit, Session
from kc.models.knowledge import DRAFT, SUBMITTED
from kc.services import (
    evaluation_todos,
    joining,
    mail_desk,
    plan_panel,
    question_reminders,
    round_todos,
    summary_duties,
    trial_reminders,
)
from kc.services.todos import Todo, in_order
from kc.thai.dates import format_date, format_time
from kc.together import Asking, beside


def sessions_today(sessions: list[Session]) -> list[Todo]:
    """Of `sessions`, those of today."""
    today = clock.today()
    return [
        Todo(
            title=s.topic,
            url=f"/communities/{s.community_id}/sessions/{s.id}",
            says=_("กิจกรรมวันนี้ เวลา %(time)s", time=format_time(s.starts)),
            button=_("เปิดบันทึก"),
            icon="calendar-event",
            due_on=today,
        )
        for s in sessions
        if s.held_on == today
    ]


def _drafts(employee: Employee) -> Asking[list[Todo]]:
    mine = (
        KnowledgeArticle.select(KnowledgeArticle.id, KnowledgeArticle.title, KnowledgeArticle.updated_at)
        .where((KnowledgeArticle.status == DRAFT) & (KnowledgeArticle.created_by == employee))
        .order_by(KnowledgeArticle.updated_at.desc())
        .limit(3)
    )
    (drafts,) = yield [mine]
    return [
        Todo(
            title=a.title or _("ยังไม่ได้ตั้งชื่อ"),
            url=f"/knowledge/{a.id}/edit",
            says=_("ฉบับร่างของคุณ แก้ไขล่าสุด %(day)s", day=format_date(a.updated_at, "short")),
            button=_("เขียนต่อ"),
            icon="pencil-square",
        )
        for a in drafts
    ]


def _to_publish(employee: Employee) -> Asking[list[Todo]]:
    """Submitted articles that this coordinator or knowledge officer can publish."""
    waiting = KnowledgeArticle.select(KnowledgeArticle.id, KnowledgeArticle.title, KnowledgeArticle.submitted_at).where(
        KnowledgeArticle.status == SUBMITTED
    )
    if not policy.is_knowledge_officer(employee):
        paths = policy.coordinated_paths(employee)
        if not paths:
            return []
        units = OrgUnit.select(OrgUnit.id).where(policy.within(OrgUnit.path, paths))
        waiting = waiting.where(KnowledgeArticle.unit.in_(units))
    (rows,) = yield [waiting.order_by(KnowledgeArticle.submitted_at).limit(5)]
    return [
        Todo(
            title=a.title or _("ยังไม่ได้ตั้งชื่อ"),
            url=f"/knowledge/{a.id}",
            says=_handed_in(a),
            button=_("ตรวจและเผยแพร่"),
        )
        for a in rows
    ]


def _handed_in(article: KnowledgeArticle) -> str:
    """Since when it waits; what an import left waiting has no day."""
    if article.submitted_at is None:
        return _("รอเผยแพร่")
    return _("ส่งมาให้เผยแพร่เมื่อ %(day)s", day=format_date(article.submitted_at, "short"))


# Each answers for one employee, with at most some five todos. All are asked together (kc.together).
SOURCES: tuple[Callable[[Employee], Asking[list[Todo]]], ...] = (
    _drafts,
    _to_publish,
    evaluation_todos.todos,
    joining.todos,
    round_todos.todos,
    mail_desk.todos,
    trial_reminders.todos,
    question_reminders.todos,
)
OF_ORGANISERS: tuple[Callable[[Employee], Asking[list[Todo]]], ...] = (plan_panel.todos, summary_duties.todos)


def for_employee(employee: Employee) -> list[Todo]:
    """All that waits for `employee` but today's sessions, what is late first."""
    return in_order(together.answer(todos(employee)))


def todos(employee: Employee) -> Asking[list[Todo]]:
    """As `for_employee`, as they come, for a page that asks for more at the same time."""
    found = yield from beside(*(source(employee) for source in SOURCES), _of_organisers(employee))
    return [todo for some in found for todo in some]


def _of_organisers(employee: Employee) -> Asking[list[Todo]]:
    """Most people look after no community: nothing is asked for them."""
    here = (Membership.employee == employee) & Membership.left_at.is_null()
    (kept,) = yield [Membership.select(Membership.id).where(here & Membership.role.in_(policy.ORGANISERS)).limit(1)]
    if not kept:
        return []
    found = yield from beside(*(source(employee) for source in OF_ORGANISERS))
    return [todo for some in found for todo in some]
