"""Everything that waits for one person: put together from what each area says of itself."""

from collections.abc import Callable

from kc import clock, policy
from kc.i18n import gettext as _
from kc.models import Employee, KnowledgeArticle, OrgUnit, Session
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

# Each answers for one employee with one statement, or two, and at most some five todos.
SOURCES: tuple[Callable[[Employee], list[Todo]], ...] = (
    evaluation_todos.todos,
    joining.todos,
    round_todos.todos,
    plan_panel.todos,
    summary_duties.todos,
    mail_desk.todos,
    trial_reminders.todos,
    question_reminders.todos,
)


def for_employee(employee: Employee, sessions: list[Session]) -> list[Todo]:
    """What waits for `employee`, what is late first. `sessions`: those of their communities around these days."""
    found = _sessions_today(sessions) + _drafts(employee) + _to_publish(employee)
    return in_order(found + [todo for source in SOURCES for todo in source(employee)])


def _sessions_today(sessions: list[Session]) -> list[Todo]:
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


def _drafts(employee: Employee) -> list[Todo]:
    drafts = (
        KnowledgeArticle.select(KnowledgeArticle.id, KnowledgeArticle.title, KnowledgeArticle.updated_at)
        .where((KnowledgeArticle.status == DRAFT) & (KnowledgeArticle.created_by == employee))
        .order_by(KnowledgeArticle.updated_at.desc())
        .limit(3)
    )
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


def _to_publish(employee: Employee) -> list[Todo]:
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
    waiting = waiting.order_by(KnowledgeArticle.submitted_at).limit(5)
    return [
        Todo(
            title=a.title or _("ยังไม่ได้ตั้งชื่อ"),
            url=f"/knowledge/{a.id}",
            says=_handed_in(a),
            button=_("ตรวจและเผยแพร่"),
        )
        for a in waiting
    ]


def _handed_in(article: KnowledgeArticle) -> str:
    """Since when it waits; what an import left waiting has no day."""
    if article.submitted_at is None:
        return _("รอเผยแพร่")
    return _("ส่งมาให้เผยแพร่เมื่อ %(day)s", day=format_date(article.submitted_at, "short"))
