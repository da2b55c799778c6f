"""Summaries that are still to be written: on the historian's home page, and a reminder after some days (S0-161)."""

from datetime import datetime, timedelta

import peewee as pw

from kc import clock
from kc.i18n import gettext as _
from kc.models import Community, Employee, Membership, Session, SessionNote, SessionSummary
from kc.models.communities import ACTIVE, FACILITATOR, HISTORIAN
from kc.services import notices
from kc.services.piecemeal import Each, by_hand
from kc.services.todos import Todo
from kc.thai.dates import format_date
from kc.together import Asking

REMIND_AFTER = timedelta(days=3)
LOOK_BACK = timedelta(days=30)  # what was not summarised in a month is not asked for any more
MOST_TODOS = 3


def todos(employee: Employee) -> Asking[list[Todo]]:
    """Sessions with notes that wait for a summary by `employee`, newest first."""
    mine = _writing().where(Membership.employee == employee).select(Membership.community)
    newest = _waiting().where(Session.community.in_(mine)).order_by(Session.held_on.desc())
    (rows,) = yield [newest.limit(MOST_TODOS + 1)]
    return [_todo(session) for session in rows if _is_over(session)][:MOST_TODOS]


def _todo(session: Session) -> Todo:
    draft = getattr(session, "summary", None)
    begun = draft is not None and draft.id is not None
    return Todo(
        title=session.topic,
        url=f"/communities/{session.community_id}/sessions/{session.id}/summary",
        says=_("ยังไม่มีสรุปให้เพื่อนสมาชิก พบกันเมื่อ %(day)s", day=format_date(session.held_on, "short")),
        button=_("เขียนสรุปต่อ") if begun else _("ร่างสรุป"),
        icon="journal-text",
    )


def remind(each: Each = by_hand) -> None:
    """The round of a day: who writes the summary is told once when it is not there after some days."""
    each(_waiting().where(Session.held_on <= clock.today() - REMIND_AFTER), _remind_one)


def _remind_one(session: Session) -> None:
    writers = Employee.select().where(
        Employee.id.in_(_writing().where(Membership.community == session.community).select(Membership.employee))
    )
    notices.tell(
        writers,
        "summary.waiting",
        f"/communities/{session.community_id}/sessions/{session.id}/summary",
        once=f"summary:{session.id}",
        topic=session.topic,
        community=session.community.name,
    )


def _writing() -> pw.ModelSelect:
    """Memberships of those who write the summaries: historians, and facilitators where there is none."""
    other = Membership.alias()
    with_historian = other.select(other.community).where((other.role == HISTORIAN) & other.left_at.is_null())
    alone = (Membership.role == FACILITATOR) & Membership.community.not_in(with_historian)
    return Membership.select().where(Membership.left_at.is_null() & ((Membership.role == HISTORIAN) | alone))


def _waiting() -> pw.ModelSelect:
    """Sessions of the last weeks that left notes and have no shared summary, each with its community and its draft."""
    today = clock.today()
    noted = SessionNote.select(SessionNote.session).where(SessionNote.deleted_at.is_null())
    return (
        Session.select(
            Session.id,
            Session.community,
            Session.topic,
            Session.held_on,
            Session.starts,
            Session.ends,
            Community.id,
            Community.name,
            SessionSummary.id,
        )
        .join_from(Session, Community)
        .join_from(
            Session, SessionSummary, pw.JOIN.LEFT_OUTER, on=(SessionSummary.session == Session.id), attr="summary"
        )
        .where(
            Session.held_on.between(today - LOOK_BACK, today)
            & Session.cancelled_at.is_null()
            & (Community.status == ACTIVE)
            & Session.id.in_(noted)
            & SessionSummary.shared_at.is_null()
        )
    )


def _is_over(session: Session) -> bool:
    now = clock.to_local(clock.now()).replace(tzinfo=None)
    return datetime.combine(session.held_on, session.ends or session.starts) <= now
