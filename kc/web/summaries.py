"""The summary of a session: read, drafted from the notes, saved as typed, shared with the members."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, jsonify, request, url_for
from flask_login import login_required

from kc import clock, policy
from kc.errors import Conflict, DomainError
from kc.forms.session_day import SummaryForm
from kc.i18n import gettext as _
from kc.models import Community, Session, SessionSummary
from kc.services import communities, parking, summaries
from kc.web.access import get_session, get_session_to_write, get_summary_to_write, get_summary_version
from kc.web.htmx import go, render

bp = Blueprint("summaries", __name__, url_prefix="/communities/<int:community_id>/sessions/<int:session_id>/summary")


def _to(session: Session, page: str = "show", **more: Any) -> Response:
    return go(url_for(f"summaries.{page}", community_id=session.community_id, session_id=session.id, **more))


@bp.get("")
@login_required
def show(community_id: int, session_id: int) -> Response:
    """Members see the draft too; who came from elsewhere reads it when it is shared."""
    session = get_session(community_id, session_id)
    summary = summaries.of_session(session)
    if not policy.can_read_summary(g.employee, session, summary):
        abort(403)
    return render(
        "sessions/summary.html",
        community=session.community,
        session=session,
        summary=summary,
        can_read_notes=policy.can_read_notes(g.employee, session),
        can_write=policy.can_write_summary(g.employee, session),
        can_share=policy.can_share_summary(g.employee, session),
    )


@bp.post("")
@login_required
def begin(community_id: int, session_id: int) -> Response:
    """Draft it from the notes; whoever comes second opens the same draft."""
    session = get_session_to_write(community_id, session_id)
    summaries.begin(g.employee, session)
    return _to(session, "edit")


@bp.get("/edit")
@login_required
def edit(community_id: int, session_id: int) -> Response:
    summary = get_summary_to_write(community_id, session_id)
    return _show_editor(summary, SummaryForm(obj=summary))


def _show_editor(
    summary: SessionSummary, form: SummaryForm, status: int = 200, theirs: SessionSummary | None = None
) -> Response:
    session = summary.session
    return render(
        "sessions/summary_edit.html",
        status=status,
        community=session.community,
        session=session,
        summary=summary,
        form=form,
        theirs=theirs,
        writer_key=communities.new_form_key(),
        left_out=summaries.notes_left_out(summary),
        can_share=policy.can_share_summary(g.employee, session),
    )


@bp.post("/edit")
@login_required
def save(community_id: int, session_id: int) -> Any:
    """Save it: JSON for the autosave (its contract: static/js/autosave.js), else the page that the button asks for."""
    summary = get_summary_to_write(community_id, session_id)
    form = SummaryForm(request.form)
    form.validate()
    try:
        _save(summary, form)
        if _is_autosave():
            at = clock.to_local(summary.updated_at).strftime("%H:%M")
            return jsonify(saved_at=at, version=summary.version)
        return _next_step(summary)
    except Conflict as conflict:
        return _conflict(summary, form, conflict)
    except DomainError as refusal:
        if _is_autosave():
            return jsonify(error=refusal.message), 422
        form.refuse(refusal)
        form.version.raw_data, form.version.data = None, summary.version
        return _show_editor(summary, form, 422)


def _save(summary: SessionSummary, form: SummaryForm) -> None:
    key = request.args.get("writer", "")[:64]  # only the autosave of one open page says it
    words = {"text": form.text.data or "", "improve": form.improve.data or ""}
    summaries.save(g.employee, summary, form.version.data or 0, **words, writer_key=key)


def _next_step(summary: SessionSummary) -> Response:
    then = request.form.get("then", "")
    if then == "notes":
        added = summaries.add_notes(g.employee, summary, summary.version)
        flash(_("เติมบันทึก %(n)d เรื่องไว้ท้ายสรุปแล้ว", n=added), "success")
        return _to(summary.session, "edit", _anchor="text")
    if then == "share":
        return _share(summary)
    flash(_("บันทึกสรุปแล้ว"), "success")
    return _to(summary.session, done=1)


def _share(summary: SessionSummary) -> Response:
    if not policy.can_share_summary(g.employee, summary.session):
        abort(403)
    summaries.share(g.employee, summary)
    flash(_("แบ่งปันสรุปแล้ว สมาชิกและผู้เข้าร่วมได้รับแจ้งและอ่านได้ทันที"), "success")
    return _to(summary.session, done=1)


def _is_autosave() -> bool:
    return request.headers.get("X-Autosave") == "1"


def _conflict(summary: SessionSummary, form: SummaryForm, conflict: Conflict) -> Any:
    theirs = conflict.theirs
    if _is_autosave():
        by = theirs.editor.name if theirs.editor_id else ""
        return jsonify(theirs={"text": theirs.text, "improve": theirs.improve}, version=theirs.version, by=by), 409
    form.refuse(conflict)
    form.version.raw_data, form.version.data = None, theirs.version
    return _show_editor(summary, form, 409, theirs)


@bp.post("/share")
@login_required
def share(community_id: int, session_id: int) -> Response:
    return _share(get_summary_to_write(community_id, session_id))


# ---- earlier texts -------------------------------------------------------------------------------------------------


@bp.get("/versions")
@login_required
def versions(community_id: int, session_id: int) -> Response:
    summary = get_summary_to_write(community_id, session_id)
    session = summary.session
    return render(
        "sessions/summary_versions.html",
        community=session.community,
        session=session,
        summary=summary,
        versions=summaries.versions(summary),
    )


@bp.post("/versions/<int:version_id>/restore")
@login_required
def restore(community_id: int, session_id: int, version_id: int) -> Response:
    summary = get_summary_to_write(community_id, session_id)
    summaries.restore(g.employee, summary, get_summary_version(summary, version_id))
    flash(_("นำฉบับเดิมกลับมาแล้ว ฉบับก่อนหน้านี้ยังเก็บไว้"), "success")
    return _to(summary.session)


# ---- preparing the next session ------------------------------------------------------------------------------------


@bp.app_template_global()
def last_time(community: Community, session: Session | None = None) -> dict[str, Any] | None:
    """For whoever prepares a session: what the group wanted to do better, and what it still wants to talk about."""
    said, waiting = summaries.last_time(community, session), parking.open_in(community)
    return {"summary": said, "parked": waiting} if said or waiting else None
