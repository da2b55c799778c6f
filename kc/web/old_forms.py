"""An old exchange form dropped on "new knowledge", and what of it found no field."""

from flask import Response, flash, g, request, url_for
from flask_login import login_required

from kc.documents.old_forms import Found
from kc.errors import DomainError
from kc.forms.knowledge import StartForm
from kc.i18n import gettext as _
from kc.i18n import ngettext
from kc.models import Community, KnowledgeArticle
from kc.services import old_forms
from kc.web import choices, once
from kc.web.access import get_unplaced_to_edit
from kc.web.htmx import go, render, wants_fragment
from kc.web.knowledge import bp, show_start


@bp.post("/new/form")
@login_required
def read_in() -> Response:
    """Read a filled form (`form_file`: DOCX or PDF) into a draft, and open it for checking."""
    form = StartForm(request.form)
    community = Community.get_or_none(Community.id == choices.whole(form.community.data))
    file = request.files.get(old_forms.FIELD)
    try:
        if file is None or not file.filename:
            raise DomainError(_("โปรดเลือกไฟล์แบบฟอร์มก่อน"), old_forms.FIELD)
        made, found = old_forms.take_in(
            g.employee,
            file.stream,  # type: ignore[arg-type]
            file.filename,
            community=community,
            form_key=once.key_of(form),
            title=(form.title.data or "")[:300],
            kind=form.kind.data or "best_practice",
        )
    except DomainError as refusal:
        if refusal.field != old_forms.FIELD:
            form.refuse(refusal)
        return show_start(form, 422, file_error=refusal.message if refusal.field == old_forms.FIELD else "")
    finally:
        if file is not None:
            file.close()
    return _answer(made, found)


def _answer(made: list[KnowledgeArticle], found: Found) -> Response:
    if len(made) > 1:
        flash(_("ในไฟล์มี %(n)d แบบฟอร์ม จึงสร้างฉบับร่างให้เรื่องละฉบับ โปรดเปิดตรวจทีละเรื่อง", n=len(made)), "success")
        return go(url_for(".index", tab="mine"))
    if not found.forms:
        flash(_("ไม่พบหัวข้อของแบบฟอร์มในไฟล์นี้ จึงเก็บข้อความทั้งหมดไว้ให้ย้ายลงช่องเอง และแนบไฟล์ต้นฉบับไว้แล้ว"), "warning")
    else:
        parts = len(found.forms[0].found)
        flash(
            ngettext(
                "อ่านแบบฟอร์มได้ %(n)d ข้อจาก 5 ข้อ แนบไฟล์ต้นฉบับและรูปแล้ว โปรดตรวจทุกช่องก่อนเผยแพร่",
                "อ่านแบบฟอร์มได้ %(n)d ข้อจาก 5 ข้อ แนบไฟล์ต้นฉบับและรูปแล้ว โปรดตรวจทุกช่องก่อนเผยแพร่",
                parts,
            ),
            "success",
        )
    _tell_of_the_rest(made[0])
    return go(url_for(".edit", article_id=made[0].id))


def _tell_of_the_rest(article: KnowledgeArticle) -> None:
    left = len(old_forms.unplaced_of(article))
    if left:
        flash(_("มีข้อความ %(n)d ส่วนที่ยังไม่ได้จัดลงช่อง รออยู่ข้างแบบฟอร์ม", n=left), "info")


@bp.post("/<int:article_id>/unplaced/<int:unplaced_id>")
@login_required
def settle(article_id: int, unplaced_id: int) -> Response:
    """A piece of the old form was dealt with; `back`: it waits again."""
    row = get_unplaced_to_edit(article_id, unplaced_id)
    old_forms.settle(g.employee, row, settled="back" not in request.form)
    if wants_fragment():
        pieces = old_forms.unplaced_of(row.article)
        return render("knowledge/edit.html", block="unplaced", article=row.article, unplaced=pieces)
    return go(url_for(".edit", article_id=article_id, _anchor="unplaced"))
