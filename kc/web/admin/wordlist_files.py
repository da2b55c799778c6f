"""The organisation's words to a file and from one: upload, look at what would change, confirm."""

from pathlib import Path

from flask import Response, abort, current_app, flash, g, make_response, request, url_for
from flask_login import login_required

from kc import clock
from kc.errors import DomainError
from kc.forms.language import WordlistForm
from kc.i18n import gettext as _
from kc.services.imports import drafts, wordlist
from kc.services.imports.report import Plan
from kc.web.access import require_language_keeper
from kc.web.admin.blueprint import bp
from kc.web.htmx import go, render

KIND = "wordlist"
SHOWN = 100
TYPES = {
    "csv": ("text/csv; charset=utf-8", wordlist.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", wordlist.as_xlsx),
}


def _folder() -> Path:
    return current_app.config["KC_DATA_DIR"] / "imports"


@bp.get("/search-language/export.<ending>")
@login_required
def export_wordlist(ending: str) -> Response:
    require_language_keeper()
    if ending not in TYPES:
        abort(404)
    kind, write = TYPES[ending]
    answer = make_response(write())
    answer.headers["Content-Type"] = kind
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"search-language-{clock.today().isoformat()}.{ending}"
    )
    return answer


@bp.get("/search-language/import")
@login_required
def choose_wordlist() -> Response:
    require_language_keeper()
    return render("admin/language/import.html", form=WordlistForm())


@bp.post("/search-language/import")
@login_required
def upload_wordlist() -> Response:
    require_language_keeper()
    form, file = WordlistForm(request.form), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise DomainError(_("โปรดเลือกไฟล์ที่จะนำเข้า"), field="file")
        rows = wordlist.read_wordlist(file.read(), file.filename)
    except DomainError as why:
        form.refuse(DomainError(why.message, field="file"))
        return render("admin/language/import.html", status=422, form=form)
    return go(url_for(".preview_wordlist", key=drafts.save(_folder(), g.employee, KIND, file.filename, rows)))


@bp.get("/search-language/import/<key>")
@login_required
def preview_wordlist(key: str) -> Response:
    """What would change, before anything does."""
    require_language_keeper()
    try:
        filename, rows = drafts.load(_folder(), g.employee, KIND, key)
    except DomainError as why:
        flash(why.message, "warning")
        return go(url_for(".choose_wordlist"))
    return _preview(key, filename, wordlist.plan_wordlist(rows))


def _preview(key: str, filename: str, plan: Plan, status: int = 200, problem: str = "") -> Response:
    return render(
        "admin/language/import_preview.html",
        status=status,
        key=key,
        filename=filename,
        plan=plan,
        shown=SHOWN,
        problem=problem,
        field_names={"terms": _("คำ"), "kind": _("ชนิด"), "note": _("หมายเหตุ")},
    )


@bp.post("/search-language/import/<key>")
@login_required
def confirm_wordlist(key: str) -> Response:
    require_language_keeper()
    try:
        filename, rows = drafts.load(_folder(), g.employee, KIND, key)
    except DomainError as why:
        flash(why.message, "warning")
        return go(url_for(".choose_wordlist"))
    try:
        plan = wordlist.apply_wordlist(g.employee, rows)
    except DomainError as why:
        return _preview(key, filename, wordlist.plan_wordlist(rows), 422, why.message)
    drafts.discard(_folder(), key)
    done = {"new": len(plan.new), "changed": len(plan.changed), "same": plan.unchanged}
    flash(_("นำเข้าแล้ว: ใหม่ %(new)d เปลี่ยนแปลง %(changed)d คงเดิม %(same)d", **done), "success")
    return go("/admin/search-language/")


@bp.post("/search-language/import/<key>/discard")
@login_required
def discard_wordlist(key: str) -> Response:
    require_language_keeper()
    drafts.discard(_folder(), key)
    flash(_("ยกเลิกการนำเข้าแล้ว ไม่มีข้อมูลใดเปลี่ยน"), "info")
    return go(url_for(".choose_wordlist"))
