"""Attached files: sent up, shown, downloaded under their Thai names, described, taken away."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    send_file,
    url_for,
)
from flask_login import login_required
from werkzeug.datastructures import FileStorage

from kc import filetypes, storage
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import ngettext
from kc.models import Attachment, KnowledgeArticle, Session, SessionNote, Trial
from kc.services import article_counts, attachments, pictures
from kc.web import choices, intake
from kc.web.access import (
    get_article_to_edit,
    get_attachment,
    get_attachment_to_edit,
    get_session_to_write,
    get_trial_to_write,
)
from kc.web.htmx import go, wants_fragment

bp = Blueprint("attachments", __name__)

# What came from outside never runs in our origin: no scripts, no forms, no requests, whatever a browser makes of it.
LOCKED = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
# Browsers refuse to show a PDF inside a sandbox; their viewers run apart from the page's origin anyway.
LOCKED_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
SHOWN_IN_PLACE = ("pdf", "picture", "video")
KEEP_SECONDS = 3600


ICONS = {
    "pdf": "file-earmark-pdf",
    "word": "file-earmark-word",
    "slides": "file-earmark-ppt",
    "sheet": "file-earmark-spreadsheet",
    "picture": "image",
    "video": "camera-video",
}


@bp.app_template_global()
def file_type(content_type: str) -> filetypes.FileType | None:
    return filetypes.type_of(content_type)


@bp.app_template_global()
def file_icon(found: filetypes.FileType | None) -> str:
    return ICONS.get(found.group, "file-earmark-text") if found else "file-earmark"


@bp.app_template_global()
def upload_limits() -> attachments.Limits:
    return attachments.limits()


bp.add_app_template_global(filetypes.ACCEPT, "upload_accept")

AT_ONCE = 4  # as many of the largest files in one plain form, without scripts


def most_at_once(config: Mapping[str, Any]) -> int:
    """Megabytes of one plain form with many files."""
    return min(config["KC_UPLOAD_MAX_MB"] * AT_ONCE, max(config["KC_UPLOAD_TOTAL_MB"], config["KC_UPLOAD_MAX_MB"]))


@bp.app_template_global()
def upload_at_once_mb() -> int:
    return most_at_once(current_app.config)


def _allow_many() -> None:
    """Before the form is read for the first time: a form with files may be larger than any other."""
    if request.endpoint in ("attachments.add_to_article", "attachments.add_to_session", "attachments.add_to_trial"):
        most = most_at_once(current_app.config) * attachments.MB
        request.max_content_length = most + (current_app.config["MAX_FORM_MEMORY_SIZE"] or 0)


def init_app(app: Flask) -> None:
    app.before_request(_allow_many)
    intake.init_app(app)


# ---- sending up ----------------------------------------------------------------------------------------------------


@bp.post("/knowledge/<int:article_id>/attachments")
@login_required
def add_to_article(article_id: int) -> Response:
    """One or many files (`files`), optionally their `kind`. Good ones are kept whatever becomes of the others."""
    article = get_article_to_edit(article_id)
    return _take(url_for("knowledge.edit", article_id=article.id, _anchor="files"), article=article)


@bp.post("/communities/<int:community_id>/sessions/<int:session_id>/attachments")
@login_required
def add_to_session(community_id: int, session_id: int) -> Response:
    """Photos and papers of a session; `note`: the id of the note they belong to."""
    session = get_session_to_write(community_id, session_id)
    note_id = choices.whole(request.form.get("note"))
    note = SessionNote.get_or_none((SessionNote.id == note_id) & (SessionNote.session == session))
    return _take(_home_of_session(session), session=session, note=note)


@bp.post("/communities/<int:community_id>/trials/<int:trial_id>/attachments")
@login_required
def add_to_trial(community_id: int, trial_id: int) -> Response:
    """Photos of what was tried at work."""
    trial = get_trial_to_write(community_id, trial_id)
    return _take(f"{trial.url}#files", trial=trial)


def _home_of_session(session: Session) -> str:
    return f"/communities/{session.community_id}/sessions/{session.id}#files"


def _take(
    back: str,
    *,
    article: KnowledgeArticle | None = None,
    session: Session | None = None,
    note: SessionNote | None = None,
    trial: Trial | None = None,
) -> Response:
    kept: list[attachments.Arrival] = []
    refused: list[str] = []
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        try:
            with intake.taking(patient=not _wants_json()):
                kept.append(_store(file, article=article, session=session, note=note, trial=trial))
        except DomainError as refusal:
            refused.append(refusal.message)
        finally:
            file.close()
    if not kept and not refused:
        refused.append(_("โปรดเลือกไฟล์ก่อน"))
    return _as_json(kept, refused) if _wants_json() else _as_page(kept, refused, back)


def _store(file: FileStorage, **where: Any) -> attachments.Arrival:
    return attachments.take(
        file.stream,  # type: ignore[arg-type]
        file.filename or "",
        by=g.employee,
        **where,
        kind=request.form.get("kind", ""),
    )


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _as_json(kept: list[attachments.Arrival], refused: list[str]) -> Response:
    said = as_facts(kept)
    return make_response(jsonify(error=" ".join(refused), **said), 422) if refused else jsonify(**said)


def as_facts(kept: list[attachments.Arrival]) -> dict[str, object]:
    """What a script is told of files that were taken in."""
    rows = [arrival.row for arrival in kept]
    files = [{"id": row.id, "name": row.filename, "kind": row.kind, "url": f"/attachments/{row.id}"} for row in rows]
    return {"files": files, "notices": [notice for arrival in kept for notice in arrival.notices]}


def _as_page(kept: list[attachments.Arrival], refused: list[str], back: str) -> Response:
    for sentence in refused:
        flash(sentence, "error")
    for arrival in kept:
        for notice in arrival.notices:
            flash(notice, "info")
    if kept:
        flash(ngettext("แนบแล้ว %(n)d ไฟล์", "แนบแล้ว %(n)d ไฟล์", len(kept)), "success")
    return go(back)


# ---- sending down --------------------------------------------------------------------------------------------------


@bp.get("/attachments/<int:attachment_id>")
@login_required
def download(attachment_id: int) -> Response:
    """The file under its own name: pictures, PDF and video open in the browser, all else (or `?download`) is saved."""
    row = get_attachment(attachment_id)
    found = filetypes.type_of(row.content_type)
    in_place = found is not None and found.group in SHOWN_IN_PLACE and "download" not in request.args
    response = _send(row, in_place=in_place)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        article_counts.count_download(g.employee, row)
    return response


def _send(row: Attachment, *, in_place: bool) -> Response:
    path = storage.path_of(row.sha256)
    if not path.exists():
        abort(404)
    known = filetypes.type_of(row.content_type)
    response = send_file(
        path,
        mimetype=known.content_type if known else "application/octet-stream",
        as_attachment=not in_place or known is None,
        download_name=row.filename,
        conditional=True,
        etag=row.sha256,
        max_age=0,
    )
    return _locked(response, LOCKED_PDF if known and known.group == "pdf" else LOCKED)


def _locked(response: Response, policy: str, cache: str = "private, no-cache") -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = cache
    return response


@bp.get("/attachments/<int:attachment_id>/picture")
@login_required
def picture(attachment_id: int) -> Response:
    """A picture inside a text or a gallery; looking at it is not a download."""
    row = get_attachment(attachment_id)
    if not row.content_type.startswith("image/"):
        abort(404)
    response = _send(row, in_place=True)
    response.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}"
    return response


@bp.get("/attachments/<int:attachment_id>/picture/<int:width>")
@login_required
def picture_sized(attachment_id: int, width: int) -> Response:
    """The same, no wider than a screen needs (pictures.WIDTHS)."""
    row = get_attachment(attachment_id)
    if not row.content_type.startswith("image/") or width not in pictures.WIDTHS:
        abort(404)
    return _send_small(row, lambda: pictures.sized(row.sha256, width), str(width))


@bp.get("/attachments/<int:attachment_id>/thumbnail")
@login_required
def thumbnail(attachment_id: int) -> Response:
    row = get_attachment(attachment_id)
    if not row.content_type.startswith("image/"):
        abort(404)
    return _send_small(row, lambda: pictures.thumbnail(row.sha256), "small")


def _send_small(row: Attachment, make: Callable[[], Path], which: str) -> Response:
    try:
        small = make()
    except OSError:
        abort(404)
    response = send_file(small, mimetype="image/webp", conditional=True, etag=f"{row.sha256}-{which}", max_age=0)
    return _locked(response, LOCKED, f"private, max-age={KEEP_SECONDS}")


# ---- describing and taking away ------------------------------------------------------------------------------------


@bp.post("/attachments/<int:attachment_id>/edit")
@login_required
def describe(attachment_id: int) -> Response:
    row = get_attachment_to_edit(attachment_id)
    attachments.describe(
        g.employee, row, kind=request.form.get("kind", row.kind), alt_text=request.form.get("alt_text", "").strip()
    )
    if wants_fragment():  # the list of files itself shows it
        return redirect(_home_of(row), 303)  # type: ignore[return-value]
    flash(_("บันทึกรายละเอียดไฟล์แล้ว"), "success")
    return go(_home_of(row))


@bp.post("/attachments/<int:attachment_id>/delete")
@login_required
def remove(attachment_id: int) -> Response:
    row = get_attachment_to_edit(attachment_id)
    back = _home_of(row)
    attachments.remove(g.employee, row)
    flash(_("ลบไฟล์ “%(name)s” แล้ว", name=row.filename), "success")
    return go(back)


def _home_of(row: Attachment) -> str:
    if row.article_id is not None:
        return url_for("knowledge.edit", article_id=row.article_id, _anchor="files")
    return f"{row.trial.url}#files" if row.trial_id is not None else _home_of_session(row.session)
