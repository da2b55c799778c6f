"""Notes of a session: saved as they are typed, by several people at once, and never overwritten unseen (D9)."""

from datetime import datetime

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, Membership, Session, SessionNote, SessionNoteVersion, Trial
from kc.models.sessions import NOTE_KINDS
from kc.services import audit, community_people

LONGEST = 20_000
LONGEST_KEY = 64


def save(
    by: Employee,
    session: Session,
    client_key: str,
    *,
    text: str,
    kind: str,
    speaker_name: str = "",
    based_on: int = 0,
    writer_key: str = "",
) -> SessionNote:
    """Save the note `client_key` as it stands now, and return it. The first saving makes it; saving again changes it.

    `based_on`: the version the writer saw. `writer_key`: the open page that writes; a page whose last answer got lost
    does not conflict with itself. Raises Conflict (`theirs`: the note as saved) when somebody else saved first, and
    DomainError for a kind that is not one, or a text that is too long.
    """
    kind = kind if kind in NOTE_KINDS else _refuse_kind()
    text, speaker_name = thai.clean_text(text), thai.clean_line(speaker_name)[:200]
    if len(text) > LONGEST:
        raise DomainError(_("บันทึกนี้ยาวเกินไป โปรดแบ่งเป็นหลายบันทึก"), field="text")
    if not client_key or len(client_key) > LONGEST_KEY:
        raise DomainError(_("หน้านี้ส่งข้อมูลไม่ครบ โปรดเปิดหน้าใหม่แล้วลองอีกครั้ง"))
    words = {"kind": kind, "text": text, "speaker_name": speaker_name}
    with db.atomic():
        note = _find(session, client_key)
        if note is None:
            note = _create(by, session, client_key, words, writer_key)
            if note is not None:
                return note
            note = SessionNote.get((SessionNote.session == session) & (SessionNote.client_key == client_key))
        return _change(by, note, words, based_on, writer_key)


def _refuse_kind() -> str:
    raise DomainError(_("ไม่มีชนิดบันทึกนี้"), field="kind")


def _find(session: Session, client_key: str) -> SessionNote | None:
    return SessionNote.get_or_none((SessionNote.session == session) & (SessionNote.client_key == client_key))


def _create(
    by: Employee, session: Session, client_key: str, words: dict[str, str], writer_key: str
) -> SessionNote | None:
    """The new note, or None when another request has just made it."""
    if not words["text"]:
        raise DomainError(_("ยังไม่มีข้อความในบันทึก"), field="text")
    try:
        with db.atomic():
            note = SessionNote.create(
                session=session,
                client_key=client_key,
                speaker=_speaker(session, words["speaker_name"]),
                author=by,
                editor=by,
                writer_key=writer_key,
                **words,
            )
    except pw.IntegrityError:
        return None
    audit.record(by, "note.written", note, session=session.id)
    return note


def _change(by: Employee, note: SessionNote, words: dict[str, str], based_on: int, writer_key: str) -> SessionNote:
    if all(getattr(note, name) == value for name, value in words.items()) and note.deleted_at is None:
        return note  # sent again because the answer got lost, or nothing changed
    same_page = bool(writer_key) and note.writer_key == writer_key and note.editor_id == by.id
    if not words["text"]:
        raise DomainError(_("บันทึกว่างไม่ได้ ใช้ปุ่มลบเมื่อไม่ต้องการบันทึกนี้"), field="text")
    seen = note.version if same_page else based_on
    earlier = SessionNoteVersion(
        note=note,
        version=note.version,
        kind=note.kind,
        speaker_name=note.speaker_name,
        text=note.text,
        editor=note.editor_id,
        saved_at=note.updated_at,
    )
    written = note.save_version(
        seen,
        speaker=_speaker(note.session, words["speaker_name"]),
        editor=by,
        writer_key=writer_key,
        updated_at=clock.now(),
        deleted_at=None,
        **words,
    )
    if not written:
        raise Conflict(_("มีผู้อื่นแก้ไขบันทึกนี้ไปก่อนแล้ว"), SessionNote.get_by_id(note.id))
    if not same_page:  # one version for each sitting, not for each pause in typing
        earlier.save(force_insert=True)
    return note


def _speaker(session: Session, name: str) -> Employee | None:
    """The member of its communities who is meant by a name, if exactly one is."""
    if not name:
        return None
    members = (
        Employee.select()
        .join(Membership, on=(Membership.employee == Employee.id))
        .where(community_people.in_session(session) & Membership.left_at.is_null() & (Employee.name == name))
        .distinct()
    )
    found = list(members)
    return found[0] if len(found) == 1 else None


def delete(by: Employee, note: SessionNote) -> None:
    """Take a note away; it can be brought back."""
    _set_deleted(by, note, clock.now(), "note.deleted")


def bring_back(by: Employee, note: SessionNote) -> None:
    _set_deleted(by, note, None, "note.brought_back")


def _set_deleted(by: Employee, note: SessionNote, at: datetime | None, action: str) -> None:
    with db.atomic():
        (
            SessionNote.update(deleted_at=at, updated_at=clock.now(), version=SessionNote.version + 1, editor=by)
            .where(SessionNote.id == note.id)
            .execute()
        )
        audit.record(by, action, note, session=note.session_id)


def of_session(
    session: Session, changed_after: datetime | None = None, tried_in: Community | None = None
) -> list[SessionNote]:
    """A session's notes in the order they were begun, with their writers; or only those changed after a moment.

    Deleted notes are among the changed ones (pages must take them away), but not among all. Each has `trial_id`, what
    became of it in the community `tried_in`.
    """
    editor = Employee.alias()
    tried = Trial.select(pw.fn.MIN(Trial.id)).where(
        (Trial.note == SessionNote.id) & (Trial.community == tried_in) & Trial.deleted_at.is_null()
    )
    notes = (
        SessionNote.select(SessionNote, Employee, editor, tried.alias("trial_id"))
        .join_from(SessionNote, Employee, on=(SessionNote.author == Employee.id))
        .join_from(SessionNote, editor, pw.JOIN.LEFT_OUTER, on=(SessionNote.editor == editor.id), attr="editor")
        .where(SessionNote.session == session)
        .order_by(SessionNote.id)
    )
    if changed_after is None:
        return list(notes.where(SessionNote.deleted_at.is_null()))
    return list(notes.where(SessionNote.updated_at > changed_after))
