"""A file page by page inside our own page: its picture where it has one, and its text, which can be read aloud."""

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, send_file, url_for
from flask_login import login_required

from kc import filetypes, labels, policy, search
from kc.i18n import gettext as _
from kc.models import Attachment, FileReading
from kc.services import article_counts, page_images, reading
from kc.web import choices
from kc.web.access import get_attachment, get_attachment_to_edit
from kc.web.attachments import KEEP_SECONDS, LOCKED, _home_of, _locked
from kc.web.htmx import go, render, wants_fragment
from kc.web.search_hits import MOST_ASKED, page_name

bp = Blueprint("viewer", __name__)

MOST_SHOWN = 200_000  # letters of one page; a sheet may be endless


@bp.app_template_global()
def reading_line(row: FileReading) -> str:
    """How reading a file stands, in a few words."""
    if row.state == "readable":
        return _("อ่านได้ %(n)d %%", n=row.percent)
    return str(labels.READING_STATES[row.state])


@bp.app_template_global()
def reading_reason(row: FileReading) -> str:
    return str(labels.READING_REASONS.get(row.reason, labels.READING_REASONS["damaged"]))


@bp.app_template_global()
def has_viewer(row: Attachment) -> bool:
    found = filetypes.type_of(row.content_type)
    return found is not None and found.group not in ("picture", "video")


@bp.get("/attachments/<int:attachment_id>/view")
@login_required
def view(attachment_id: int) -> Response:
    """One page of the file, `page` from 1; the words of `q` are marked."""
    row = get_attachment(attachment_id)
    if not has_viewer(row):
        return redirect(url_for("attachments.download", attachment_id=row.id))  # type: ignore[return-value]
    page = render("attachments/view.html", block="viewer", **_shown(row))
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        article_counts.count_opening(g.employee, row)
    return page


def _shown(row: Attachment) -> dict[str, Any]:
    known = reading.of(row)
    count = known.page_count if known is not None else 0
    number = min(max(choices.whole(request.args.get("page", "1")) or 1, 1), max(count, 1))
    page = reading.page(known, number) if known is not None else None
    question = request.args.get("q", "")[:MOST_ASKED]
    text = page.text if page is not None else ""
    return {
        "file": row,
        "reading": known,
        "number": number,
        "count": count,
        "page": page,
        "page_name": page_name(page.kind, number, text) if page is not None else "",
        "text": search.marked_in(text[:MOST_SHOWN], question),
        "is_cut": len(text) > MOST_SHOWN,
        "q": question,
        "has_image": row.content_type == page_images.PDF and count > 0,
        "home": url_for("knowledge.show", article_id=row.article_id, _anchor=f"file-{row.id}")
        if row.article_id
        else _home_of(row),
        "home_title": row.article.title if row.article_id else row.trial.what if row.trial_id else row.session.topic,
        "to": lambda n: url_for(".view", attachment_id=row.id, page=n, **({"q": question} if question else {})),
        "may_retry": policy.can_change_file(g.employee, row),
    }


@bp.get("/attachments/<int:attachment_id>/pages/<int:number>/<int:width>")
@login_required
def page_image(attachment_id: int, number: int, width: int) -> Response:
    """The picture of a PDF's page; looking at it is not a download."""
    row = get_attachment(attachment_id)
    known = reading.of(row) if row.content_type == page_images.PDF else None
    if known is None or not 1 <= number <= known.page_count:
        abort(404)
    try:
        picture = page_images.page(row.sha256, number, width)
    except FileNotFoundError:
        abort(404)
    etag = f"{row.sha256}-{number}-{width}"
    response = send_file(picture, mimetype="image/webp", conditional=True, etag=etag, max_age=0)
    return _locked(response, LOCKED, f"private, max-age={KEEP_SECONDS}")


@bp.get("/attachments/<int:attachment_id>/reading")
@login_required
def state(attachment_id: int) -> Response:
    """How reading stands, for a list that waits for it; alone it is the viewer."""
    row = get_attachment(attachment_id)
    if not wants_fragment():
        return redirect(url_for(".view", attachment_id=row.id))  # type: ignore[return-value]
    return _state(row)


def _state(row: Attachment) -> Response:
    row.reading = reading.of(row)
    return render("attachments/_reading.html", file=row, may_retry=policy.can_change_file(g.employee, row))


@bp.post("/attachments/<int:attachment_id>/reading")
@login_required
def read_again(attachment_id: int) -> Response:
    """Try again what could not be read."""
    row = get_attachment_to_edit(attachment_id)
    if row.is_quarantined:
        abort(404)
    reading.retry(g.employee, row)
    return _state(row) if wants_fragment() else go(_home_of(row))
