"""The summary of a session: drafted from its notes, finished by the historian, shared with the members (S0-161)."""

import peewee as pw

from kc import clock, labels, policy, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import (
    Attendance,
    Community,
    Employee,
    Session,
    SessionNote,
    SessionSummary,
    SessionSummaryVersion,
)
from kc.services import audit, community_people, notes, notices, parking
from kc.together import Asking

LONGEST = 60_000
LONGEST_IMPROVE = 8_000
IN_PANEL = 3
IN_ORDER = ("conclusion", "practice", "technique", "story", "problem", "point")


# ---- the draft -----------------------------------------------------------------------------------------------------


def of_session(session: Session) -> SessionSummary | None:
    editor = Employee.alias()
    return (
        SessionSummary.select(SessionSummary, editor)
        .join(editor, pw.JOIN.LEFT_OUTER, on=(SessionSummary.editor == editor.id), attr="editor")
        .where(SessionSummary.session == session)
        .first()
    )


def begin(by: Employee, session: Session) -> SessionSummary:
    """The summary of a session, drafted from its notes; the one that is there when somebody began before."""
    if session.cancelled_at is not None:
        raise DomainError(_("กิจกรรมนี้ยกเลิกแล้ว จึงไม่มีสรุป"))
    draft = draft_of(session)
    try:
        with db.atomic():
            made = SessionSummary.create(session=session, text=draft, editor=by, created_by=by)
            audit.record(by, "summary.begun", made, session=session.id)
    except pw.IntegrityError:
        made = SessionSummary.get(SessionSummary.session == session)
    return made


def draft_of(session: Session) -> str:
    """What the notes say, kind by kind with what was concluded first, and what was parked for later."""
    kept = notes.of_session(session)
    with use_language("th"):  # the group's own paper, whatever language the screen speaks
        parts = []
        for kind in IN_ORDER:
            lines = [_line(note) for note in kept if note.kind == kind]
            if lines:
                parts.append(f"## {labels.NOTE_KINDS[kind]}\n\n" + "\n".join(lines))
        waiting = [f"- {row.text}" for row in parking.of_session(session) if row.settled_at is None]
        if waiting:
            parts.append("## " + _("เรื่องที่พักไว้คุยครั้งต่อไป") + "\n\n" + "\n".join(waiting))
    return "\n\n".join(parts)


def _line(note: SessionNote) -> str:
    text = note.text.strip().replace("\n", "\n  ")
    return f"- {text} ({note.speaker_name})" if note.speaker_name else f"- {text}"


def notes_left_out(summary: SessionSummary) -> list[SessionNote]:
    """Notes whose words do not stand in the summary: mostly those written after it was drafted."""
    said = _words(summary.text)
    return [note for note in notes.of_session(summary.session) if _words(note.text) not in said]


def _words(text: str) -> str:
    return "".join(text.split())


def add_notes(by: Employee, summary: SessionSummary, based_on: int) -> int:
    """Put the notes that are left out at the end of the summary; returns how many there were."""
    left = notes_left_out(summary)
    if left:
        with use_language("th"):
            added = "## " + _("บันทึกที่เพิ่มภายหลัง") + "\n\n" + "\n".join(_line(note) for note in left)
        text = "\n\n".join(part for part in (summary.text.strip(), added) if part)
        save(by, summary, based_on, text=text, improve=summary.improve)
    return len(left)


# ---- writing it ----------------------------------------------------------------------------------------------------


def save(
    by: Employee, summary: SessionSummary, based_on: int, *, text: str, improve: str, writer_key: str = ""
) -> SessionSummary:
    """Save the summary as it stands now. `based_on`: the version the writer saw; `writer_key`: their open page, which
    does not conflict with itself. Raises Conflict (`theirs`: as saved) when somebody else saved first."""
    words = {"text": thai.clean_text(text), "improve": thai.clean_text(improve)}
    if len(words["text"]) > LONGEST:
        raise DomainError(_("สรุปนี้ยาวเกินไป เก็บรายละเอียดไว้ในบันทึกหรือไฟล์แนบแทนได้"), field="text")
    if len(words["improve"]) > LONGEST_IMPROVE:
        raise DomainError(_("ข้อความนี้ยาวเกินไป เขียนเฉพาะสิ่งที่จะปรับจริง ๆ ก็พอ"), field="improve")
    if all(getattr(summary, name) == value for name, value in words.items()):
        return summary
    same_page = bool(writer_key) and summary.writer_key == writer_key and summary.editor_id == by.id
    earlier = _earlier(summary)
    with db.atomic():
        seen = summary.version if same_page else based_on
        if not summary.save_version(seen, editor=by, writer_key=writer_key, updated_at=clock.now(), **words):
            raise Conflict(_("มีผู้อื่นแก้ไขสรุปนี้ไปก่อนแล้ว"), of_session(summary.session))
        if not same_page:  # one version for each sitting, not for each pause in typing
            earlier.save(force_insert=True)
            audit.record(by, "summary.changed", summary, session=summary.session_id)
    return summary


def _earlier(summary: SessionSummary) -> SessionSummaryVersion:
    return SessionSummaryVersion(
        summary=summary,
        version=summary.version,
        text=summary.text,
        improve=summary.improve,
        editor=summary.editor_id,
        saved_at=summary.updated_at,
    )


def versions(summary: SessionSummary) -> list[SessionSummaryVersion]:
    """Earlier texts with their writers, newest first."""
    rows = SessionSummaryVersion.select(SessionSummaryVersion, Employee).left_outer_join(Employee)
    return list(
        rows.where(SessionSummaryVersion.summary == summary).order_by(SessionSummaryVersion.id.desc()).limit(50)
    )


def restore(by: Employee, summary: SessionSummary, earlier: SessionSummaryVersion) -> None:
    """An earlier text is the newest again; what stood there until now is kept as a version too."""
    save(by, summary, summary.version, text=earlier.text, improve=earlier.improve)


# ---- sharing it ----------------------------------------------------------------------------------------------------


def share(by: Employee, summary: SessionSummary) -> None:
    """It is finished: the members, and who came, are told and may read it. Sharing twice tells nobody twice."""
    if not summary.text.strip():
        raise DomainError(_("สรุปยังว่างอยู่ เขียนสั้น ๆ ว่าได้อะไรจากครั้งนี้ก่อนแบ่งปัน"), field="text")
    session, now = summary.session, clock.now()
    with db.atomic():
        shared = SessionSummary.update(finished_at=now, shared_at=now, shared_by=by).where(
            (SessionSummary.id == summary.id) & SessionSummary.shared_at.is_null()
        )
        if not shared.execute():
            return
        summary.finished_at = summary.shared_at = now
        audit.record(by, "summary.shared", summary, session=session.id)
        url = f"/communities/{session.community_id}/sessions/{session.id}/summary"
        facts = {"topic": session.topic, "community": session.community.name}
        notices.tell(_readers(session), "summary.shared", url, actor=by, about=f"summary:{summary.id}", **facts)


def _readers(session: Session) -> list[Employee]:
    came = Attendance.select(Attendance.employee).where(
        (Attendance.session == session) & Attendance.employee.is_null(False)
    )
    return community_people.people_of_session(session) + list(Employee.select().where(Employee.id.in_(came)))


def panel(community: Community, employee: Employee) -> Asking[list[SessionSummary] | None]:
    """The newest shared summaries of a community, each with its session, for those who may read them."""
    if not (policy.is_member(employee, community) or policy.can_edit_community(employee, community)):
        return None
    rows = SessionSummary.select(SessionSummary, Session).join(Session)
    shared = Session.held_by([community]) & SessionSummary.shared_at.is_null(False)
    (found,) = yield [rows.where(shared).order_by(Session.held_on.desc(), Session.id.desc()).limit(IN_PANEL)]
    return found or None


# ---- the next time -------------------------------------------------------------------------------------------------


def last_time(community: Community, before: Session | None = None) -> SessionSummary | None:
    """What the group wanted to do better, as it last said before the session that is prepared (S0-147)."""
    return last_time_rows(community, before).first()


def last_time_rows(community: Community, before: Session | None = None) -> pw.ModelSelect:
    """What a community, and the one it was renewed from, wanted to do better: newest first."""
    held = Session.alias("held")
    line = [number for number in (community.id, community.renewed_from_id) if number]
    said = held.community.in_(line) & (SessionSummary.improve != "")
    if before is not None:
        said &= (held.held_on <= before.held_on) & (held.id != before.id)
    rows = SessionSummary.select(SessionSummary, held).join(
        held, on=(SessionSummary.session == held.id), attr="session"
    )
    return rows.where(said).order_by(held.held_on.desc(), held.id.desc())
