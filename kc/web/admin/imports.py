"""Imports from HR's files: upload, look at what would change, confirm. Nothing is written before that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, g, request, url_for
from flask_login import login_required

from kc.errors import DomainError
from kc.forms.people import UploadForm
from kc.i18n import gettext as _
from kc.services import imports
from kc.services.imports import Options, Plan, SourceRow, drafts
from kc.web import auth
from kc.web.access import require_administrator
from kc.web.admin import words
from kc.web.admin.blueprint import bp
from kc.web.htmx import go, render

SHOWN = 50
KINDS = ("units", "employees")


@dataclass(frozen=True)
class Importer:
    """The two imports have the same three verbs."""

    kind: str

    def read(self, data: bytes, filename: str) -> list[SourceRow]:
        if self.kind == "units":
            return imports.read_units(data, filename)
        return imports.read_employees(data, filename, auth.rules())

    def plan(self, rows: list[SourceRow], options: Options) -> Plan:
        return (imports.plan_units if self.kind == "units" else imports.plan_employees)(rows, options)

    def apply(self, rows: list[SourceRow], options: Options) -> Plan:
        if self.kind == "units":
            return imports.apply_units(g.employee, rows, options)
        return imports.apply_employees(g.employee, rows, options, auth.rules())


def _importer(kind: str) -> Importer:
    require_administrator()
    return Importer(kind) if kind in KINDS else abort(404)


def _folder() -> Path:
    return current_app.config["KC_DATA_DIR"] / "imports"


@bp.get("/imports/<kind>")
@login_required
def choose_import(kind: str) -> Response:
    _importer(kind)
    return _upload_page(UploadForm(), kind)


def _upload_page(form: UploadForm, kind: str, status: int = 200) -> Response:
    by_digits = current_app.config["KC_ACTIVATION"] == "national_id"
    return render("admin/import.html", status=status, form=form, kind=kind, by_digits=by_digits)


@bp.post("/imports/<kind>")
@login_required
def upload_import(kind: str) -> Response:
    importer = _importer(kind)
    form = UploadForm(request.form)
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise DomainError(_("โปรดเลือกไฟล์ที่จะนำเข้า"), field="file")
        rows = importer.read(file.read(), file.filename)
    except DomainError as why:
        form.refuse(DomainError(why.message, field="file"))
        return _upload_page(form, kind, 422)
    key = drafts.save(_folder(), g.employee, kind, file.filename, rows)
    keep = {"keep": 1} if form.keep_missing.data else {}
    return go(url_for(".preview_import", kind=kind, key=key, **keep))


@bp.get("/imports/<kind>/<key>")
@login_required
def preview_import(kind: str, key: str) -> Response:
    """What would change, before anything does."""
    importer = _importer(kind)
    try:
        filename, rows = drafts.load(_folder(), g.employee, kind, key)
    except DomainError as why:
        flash(why.message, "warning")
        return go(url_for(".choose_import", kind=kind))
    options = Options(keep_missing=bool(request.args.get("keep")))
    return _preview(importer, key, filename, importer.plan(rows, options), options)


def _preview(importer: Importer, key: str, filename: str, plan: Plan, options: Options, **given: Any) -> Response:
    return render(
        "admin/import_preview.html",
        status=given.get("status", 200),
        kind=importer.kind,
        key=key,
        filename=filename,
        plan=plan,
        options=options,
        shown=SHOWN,
        words=words,
        problem=given.get("problem", ""),
    )


@bp.post("/imports/<kind>/<key>")
@login_required
def confirm_import(kind: str, key: str) -> Response:
    importer = _importer(kind)
    try:
        filename, rows = drafts.load(_folder(), g.employee, kind, key)
    except DomainError as why:
        flash(why.message, "warning")
        return go(url_for(".choose_import", kind=kind))
    options = Options(keep_missing=bool(request.form.get("keep")), many_may_leave=bool(request.form.get("many")))
    try:
        plan = importer.apply(rows, options)
    except DomainError as why:
        return _preview(importer, key, filename, importer.plan(rows, options), options, problem=why.message, status=422)
    drafts.discard(_folder(), key)
    flash(
        _(
            "นำเข้าแล้ว: ใหม่ %(new)d เปลี่ยนแปลง %(changed)d ออก %(left)d คงเดิม %(same)d",
            new=len(plan.new),
            changed=len(plan.changed),
            left=len(plan.left),
            same=plan.unchanged,
        ),
        "success",
    )
    return go(url_for(".units_index" if kind == "units" else ".employees_index"))


@bp.post("/imports/<kind>/<key>/discard")
@login_required
def discard_import(kind: str, key: str) -> Response:
    _importer(kind)
    drafts.discard(_folder(), key)
    flash(_("ยกเลิกการนำเข้าแล้ว ไม่มีข้อมูลใดเปลี่ยน"), "info")
    return go(url_for(".choose_import", kind=kind))
