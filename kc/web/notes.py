"""Live notes: one address takes a note as it stands, whoever sends it: the autosave, htmx, or a plain form."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_login import login_required

from kc import clock, policy
from kc.errors import Conflict, DomainError
from kc.forms.sessions import NoteForm
from kc.models import Session, SessionNote
from kc.services import community_people, notes, session_day
from kc.web.access import get_note_to_edit, get_session, get_session_to_write
from kc.web.htmx import go, render

bp = Blueprint("notes", __name__, url_prefix="/communities/<int:community_id>/sessions/<int:session_id>/notes")

# Two transactions may end in another order than their moments say: look back a little, pages skip what they have.
OVERLAP = timedelta(seconds=5)


@bp.post("/")
@login_required
def save(community_id: int, session_id: int) -> Any:
    """Save the note `client_key`; autosave gets JSON (its contract: static/js/autosave.js), a plain form the page."""
    session = get_session_to_write(community_id, session_id)
    form = NoteForm(request.form)
    form.validate()
    try:
        note = notes.save(
            g.employee,
            session,
            form.client_key.data or "",
            text=form.text.data or "",
            kind=form.kind.data or "",
            speaker_name=form.speaker_name.data or "",
            based_on=form.version.data or 0,
            writer_key=(form.writer_key.data or "")[:64],
        )
    except Conflict as conflict:
        return _conflict(session, form, conflict)
    except DomainError as refusal:
        return _refused(session, form, refusal)
    if _is_autosave():
        return jsonify(_answer(session, note))
    return go(_page(session) + "#composer")


def _is_autosave() -> bool:
    return request.headers.get("X-Autosave") == "1"


def _page(session: Session) -> str:
    return url_for("sessions.show", community_id=session.community_id, session_id=session.id)


def _answer(session: Session, note: SessionNote) -> dict[str, Any]:
    """The server's word that the note is saved, and how it looks in the list."""
    at = clock.to_local(note.updated_at).strftime("%H:%M")
    return {"saved_at": at, "version": note.version, "id": note.id, "html": _html(session, note)}


def _html(session: Session, note: SessionNote) -> str:
    return render_template(
        "sessions/_note.html",
        community=session.community,
        session=session,
        note=note,
        can_write=True,
        tried_in=policy.tries_in(g.employee, session),
    )


def _conflict(session: Session, form: NoteForm, conflict: Conflict) -> Any:
    theirs = conflict.theirs
    if _is_autosave():
        said = {"text": theirs.text, "kind": theirs.kind, "speaker_name": theirs.speaker_name}
        by = theirs.editor.name if theirs.editor_id else ""
        return jsonify(theirs=said, version=theirs.version, by=by), 409
    form.refuse(conflict)
    form.version.raw_data, form.version.data = None, theirs.version
    return _show_editor(session, form, 409, theirs)


def _refused(session: Session, form: NoteForm, refusal: DomainError) -> Any:
    if _is_autosave():
        return jsonify(error=refusal.message), 422
    form.refuse(refusal)
    return _show_editor(session, form, 422)


def _show_editor(session: Session, form: NoteForm, status: int = 200, theirs: SessionNote | None = None) -> Response:
    members = community_people.people_of_session(session)
    return render(
        "sessions/note.html",
        status=status,
        community=session.community,
        session=session,
        form=form,
        theirs=theirs,
        members=members,
    )


@bp.get("/changes")
@login_required
def changes(community_id: int, session_id: int) -> Response:
    """Notes changed after `since` (an ISO moment from the page), for open pages: their looks, by client key."""
    session = get_session(community_id, session_id)
    if not policy.can_read_notes(g.employee, session):
        return jsonify(notes=[], cursor="")
    cursor = clock.now()
    since, tried_in = _moment(request.args.get("since", "")) - OVERLAP, policy.tries_in(g.employee, session)
    changed = notes.of_session(session, changed_after=since, tried_in=tried_in)
    seen = [
        {
            "key": note.client_key,
            "id": note.id,
            "version": note.version,
            "deleted": note.deleted_at is not None,
            "html": "" if note.deleted_at else _html(session, note),
        }
        for note in changed
    ]
    return jsonify(notes=seen, cursor=cursor.isoformat(), parts=session_day.stamps(session))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)


@bp.get("/<int:note_id>/edit")
@login_required
def edit(community_id: int, session_id: int, note_id: int) -> Response:
    session = get_session_to_write(community_id, session_id)
    return _show_editor(session, NoteForm(obj=get_note_to_edit(session, note_id)))


@bp.post("/<int:note_id>/delete")
@login_required
def delete(community_id: int, session_id: int, note_id: int) -> Response:
    session = get_session_to_write(community_id, session_id)
    note = get_note_to_edit(session, note_id)
    notes.delete(g.employee, note)
    return render("sessions/deleted.html", block="note", community=session.community, session=session, note=note)


@bp.post("/<int:note_id>/bring-back")
@login_required
def bring_back(community_id: int, session_id: int, note_id: int) -> Response:
    session = get_session_to_write(community_id, session_id)
    notes.bring_back(g.employee, get_note_to_edit(session, note_id))
    return go(_page(session))
