"""Large files in pieces, for the script of the upload form: begin, how far, one piece more, done, not after all.

POST …/uploads            {name, size, modified, kind, note}  -> 201 {url, offset, piece}
GET  /uploads/<key>                                            -> {offset, size}
POST /uploads/<key>       octets, header Upload-Offset         -> {offset}; 409 {offset} when it begins elsewhere
POST /uploads/<key>/finish                                     -> what a plain upload answers: {files, notices}
POST /uploads/<key>/cancel

A refusal is 422 {error}. Everything may be asked again after a connection broke: nothing happens twice.
"""

from flask import Blueprint, Response, g, jsonify, make_response, request
from flask_login import login_required
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from kc import storage
from kc.errors import DomainError
from kc.models import KnowledgeArticle, Session, SessionNote, Upload
from kc.services import uploads
from kc.web import attachments, choices, intake
from kc.web.access import get_article_to_edit, get_session_to_write, get_upload

bp = Blueprint("uploads", __name__)


@bp.errorhandler(DomainError)
def _refused(refusal: DomainError) -> Response:
    return make_response(jsonify(error=refusal.message), 422)


@bp.errorhandler(uploads.WrongOffset)
def _elsewhere(wrong: uploads.WrongOffset) -> Response:
    return make_response(jsonify(offset=wrong.offset), 409)


@bp.get("/knowledge/<int:article_id>/uploads")
@login_required
def of_article(article_id: int) -> Response:
    """One's own files that stopped half-way."""
    return _unfinished(article=get_article_to_edit(article_id))


@bp.post("/knowledge/<int:article_id>/uploads")
@login_required
def begin_for_article(article_id: int) -> Response:
    return _begin(article=get_article_to_edit(article_id))


@bp.get("/communities/<int:community_id>/sessions/<int:session_id>/uploads")
@login_required
def of_session(community_id: int, session_id: int) -> Response:
    return _unfinished(session=get_session_to_write(community_id, session_id))


@bp.post("/communities/<int:community_id>/sessions/<int:session_id>/uploads")
@login_required
def begin_for_session(community_id: int, session_id: int) -> Response:
    session = get_session_to_write(community_id, session_id)
    note_id = choices.whole(request.form.get("note"))
    note = SessionNote.get_or_none((SessionNote.id == note_id) & (SessionNote.session == session))
    return _begin(session=session, note=note)


def _begin(
    article: KnowledgeArticle | None = None, session: Session | None = None, note: SessionNote | None = None
) -> Response:
    form = request.form
    upload = uploads.create(
        g.employee,
        form.get("name", ""),
        _octets(form.get("size")),
        article=article,
        session=session,
        note=note,
        kind=form.get("kind", ""),
        modified=form.get("modified", ""),
    )
    return make_response(jsonify(**_facts(upload, uploads.offset(upload)), piece=uploads.PIECE), 201)


def _octets(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _unfinished(article: KnowledgeArticle | None = None, session: Session | None = None) -> Response:
    rows = uploads.unfinished(g.employee, article, session)
    return jsonify(uploads=[_facts(row, offset) for row, offset in rows])


def _facts(upload: Upload, offset: int) -> dict[str, object]:
    return {"url": f"/uploads/{upload.key}", "name": upload.filename, "size": upload.size, "offset": offset}


@bp.get("/uploads/<key>")
@login_required
def show(key: str) -> Response:
    upload = get_upload(key)
    return jsonify(**_facts(upload, uploads.offset(upload)))


@bp.post("/uploads/<key>")
@login_required
def append(key: str) -> Response:
    upload = get_upload(key)
    at = _octets(request.headers.get("Upload-Offset"))
    try:
        offset = uploads.append(upload, at, request.stream)
    except storage.TooLarge:
        raise RequestEntityTooLarge from None
    except ClientDisconnected:  # what came is kept; nobody hears this answer
        offset = uploads.offset(upload)
    return jsonify(offset=offset)


@bp.post("/uploads/<key>/finish")
@login_required
def finish(key: str) -> Response:
    upload = get_upload(key)
    with intake.taking(patient=False):
        return jsonify(**attachments.as_facts([uploads.finish(upload)]))


@bp.post("/uploads/<key>/cancel")
@login_required
def cancel(key: str) -> Response:
    uploads.cancel(get_upload(key))
    return make_response(jsonify(), 200)
