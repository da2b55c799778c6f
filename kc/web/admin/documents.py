"""The organisation's own forms: the standard one to begin with, one's own to bring, checked before it is taken."""

from flask import Response, abort, flash, g, request
from flask_login import login_required

from kc.errors import DomainError
from kc.forms.documents import TemplateForm
from kc.i18n import gettext as _
from kc.services import document_templates
from kc.services.article_documents import MAKERS
from kc.web.access import require_document_keeper
from kc.web.admin.blueprint import bp
from kc.web.downloads import send_made
from kc.web.htmx import go, render

WORD = MAKERS["form_docx"].content_type


@bp.get("/documents/")
@login_required
def documents_index() -> Response:
    require_document_keeper()
    return _page(TemplateForm())


def _page(form: TemplateForm, status: int = 200) -> Response:
    from kc.documents.word_template import LINE_MARKS, TEXT_MARKS

    return render(
        "admin/documents.html",
        status=status,
        form=form,
        own=document_templates.current(),
        text_marks=TEXT_MARKS,
        line_marks=[mark for mark in LINE_MARKS if not mark[-1].isdecimal()],
    )


@bp.post("/documents/")
@login_required
def take_template() -> Response:
    """Check a Word file and use it from now on."""
    require_document_keeper()
    form, file = TemplateForm(request.form), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise DomainError(_("โปรดเลือกไฟล์แบบ (.docx)"), field="file")
        document_templates.take(g.employee, file.read(), file.filename)
    except DomainError as why:
        form.refuse(DomainError(why.message, field="file"))
        return _page(form, 422)
    flash(_("ใช้แบบใหม่แล้ว แบบฟอร์ม Word ที่สร้างจากนี้จะเป็นแบบนี้"), "success")
    return go("/admin/documents/")


@bp.post("/documents/standard")
@login_required
def use_standard() -> Response:
    require_document_keeper()
    document_templates.give_up(g.employee)
    flash(_("กลับไปใช้แบบมาตรฐานแล้ว"), "success")
    return go("/admin/documents/")


@bp.get("/documents/<name>.docx")
@login_required
def template_file(name: str) -> Response:
    """`standard`: our form with its marks; `current`: the organisation's; `sample`: the one in use, filled in."""
    require_document_keeper()
    own = document_templates.data_of()
    files = {
        "standard": lambda: (document_templates.standard(), _("แบบมาตรฐาน")),
        "sample": lambda: (document_templates.sample(own), _("ตัวอย่างแบบฟอร์ม")),
        "current": lambda: (own or abort(404), _("แบบขององค์กร")),
    }
    data, title = files.get(name, lambda: abort(404))()
    return send_made(data, f"{title}.docx", WORD)
