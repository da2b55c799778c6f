"""What a community already wrote, offered to whoever turns it into knowledge (S0-171)."""

from dataclasses import dataclass, field

import peewee as pw

from kc import policy
from kc.models import Community, Employee, KnowledgeArticle, Session, SessionNote
from kc.models.knowledge import PARTS

ENOUGH = 300
# Where a note of each kind most often belongs; every other part is one click away.
LIKELY_PART = {
    "point": "background",
    "problem": "background",
    "story": "method",
    "technique": "method",
    "practice": "method",
    "conclusion": "results",
}


@dataclass
class SessionNotes:
    """The notes of one session, as they were written."""

    session: Session
    notes: list[SessionNote] = field(default_factory=list)


def can_pull(employee: Employee, community: Community | None) -> bool:
    """Notes are shown only to those who may read them."""
    return community is not None and policy.can_write_for(employee, community)


def notes_for(employee: Employee, article: KnowledgeArticle) -> list[SessionNotes]:
    """Notes of the article's community that `employee` may read, newest session first: one statement."""
    if article.community_id is None or not can_pull(employee, article.community):
        return []
    rows = (
        SessionNote.select(SessionNote, Session, Employee)
        .join_from(SessionNote, Session)
        .join_from(SessionNote, Employee, pw.JOIN.LEFT_OUTER, on=SessionNote.speaker)
        .where(
            (Session.community == article.community_id) & SessionNote.deleted_at.is_null() & (SessionNote.text != "")
        )
        .order_by(Session.held_on.desc(), Session.id, SessionNote.id)
        .limit(ENOUGH)
    )
    groups: dict[int, SessionNotes] = {}
    for note in rows:
        groups.setdefault(note.session_id, SessionNotes(note.session)).notes.append(note)
    return list(groups.values())


def speaker_of(note: SessionNote) -> str:
    return note.speaker.name if note.speaker_id else note.speaker_name


def as_text(note: SessionNote) -> str:
    """The note as it goes into a part: its words, and who said them."""
    speaker = speaker_of(note)
    return f"{note.text} ({speaker})" if speaker else note.text


def pulled(employee: Employee, article: KnowledgeArticle, choice: str) -> tuple[str, str] | None:
    """(part, text to add) for a button's value "<note id>:<part>"; None when it is not theirs to take."""
    number, _colon, part = choice.partition(":")
    if part not in PARTS or not number.isdecimal() or not number.isascii() or len(number) > 9:
        return None
    if article.community_id is None or not can_pull(employee, article.community):
        return None
    note = (
        SessionNote.select(SessionNote, Session)
        .join(Session)
        .where(
            (SessionNote.id == int(number))
            & (Session.community == article.community_id)
            & SessionNote.deleted_at.is_null()
        )
        .first()
    )
    return (part, as_text(note)) if note is not None else None
