"""Words that mean the same: the list, one group, ready groups, and trying out what search makes of a question."""

from typing import Any

from flask import Response, flash, g, request, url_for
from flask_login import login_required

from kc import labels, search
from kc.errors import Conflict, DomainError
from kc.forms.language import GroupForm
from kc.i18n import gettext as _
from kc.models import SynonymGroup
from kc.services import language, language_lists, language_presets
from kc.web import choices
from kc.web.access import get_synonym_group, require_language_keeper
from kc.web.admin.blueprint import bp
from kc.web.htmx import go, render, wants_fragment
from kc.web.paging import page_url, paginate

PER_PAGE = 20
HOME = "/admin/search-language/"
FILTERS = ("q", "kind", "state", "origin")


def standing() -> dict[str, Any]:
    """What every page of this room says at its top: how much there is, and whether the index follows."""
    groups, words = language_lists.counts()
    status = search.status()
    return {"counts": {"groups": groups, "words": words}, "adjusting": bool(status.get("adjusting")), "index": status}


def _list_page(form: GroupForm, status: int = 200, **given: Any) -> Response:
    filters = {name: request.args.get(name, "").strip() for name in FILTERS}
    page = paginate(language_lists.groups(filters["q"], filters["kind"], filters["state"], filters["origin"]), PER_PAGE)
    deleted = _just_deleted()
    context = {
        "page": page,
        "terms": language_lists.terms_by_group(page.items),
        "url": page_url(),
        "filters": filters,
        "form": form,
        "taken": None,
        "deleted": deleted,
        "deleted_name": " = ".join(language.terms(deleted)[:3]) if deleted else "",
    }
    return render(
        "admin/language/index.html", block=None if given else "results", status=status, **standing(), **context | given
    )


def _just_deleted() -> SynonymGroup | None:
    """The group that the page offers to bring back (`?deleted=`); it may be back already."""
    number = choices.whole(request.args.get("deleted"))
    gone = SynonymGroup.deleted_at.is_null(False)
    return SynonymGroup.get_or_none((SynonymGroup.id == number) & gone) if number else None


@bp.get("/search-language/")
@login_required
def language_index() -> Response:
    """Every group, or those with a word, of a kind, in a state (`?q=`, `?kind=`, `?state=`, `?origin=`).

    `?term=` (several): words to begin a new group with, from the page of what is searched for.
    """
    require_language_keeper()
    return _list_page(GroupForm(terms="\n".join(request.args.getlist("term")[:12])))


@bp.post("/search-language/groups")
@login_required
def create_language_group() -> Response:
    require_language_keeper()
    form, taken = GroupForm(request.form), None
    try:
        if form.validate():
            terms = language.terms_of(form.terms.data)
            group = language.create_group(g.employee, terms, form.kind.data, form.note.data)
            flash(_("เพิ่มกลุ่มคำแล้ว ค้นคำใดก็พบทั้งกลุ่มตั้งแต่ตอนนี้"), "success")
            return go(f"{HOME}?added={group.id}#group-{group.id}")
    except DomainError as why:
        form.refuse(why)
        taken = getattr(why, "group", None)
    return _list_page(form, 422, taken=taken)


def _group_page(group: SynonymGroup, form: GroupForm, status: int = 200, **given: Any) -> Response:
    words = language.terms(group)
    page = {"group": group, "form": form, "words": words, "theirs": None, "taken": None}
    return render("admin/language/group.html", status=status, **page | given)


@bp.get("/search-language/groups/<int:group_id>")
@login_required
def show_language_group(group_id: int) -> Response:
    group = get_synonym_group(group_id)
    form = GroupForm(version=group.version, terms="\n".join(language.terms(group)), kind=group.kind, note=group.note)
    return _group_page(group, form)


@bp.post("/search-language/groups/<int:group_id>")
@login_required
def change_language_group(group_id: int) -> Response:
    group, form = get_synonym_group(group_id), GroupForm(request.form)
    if not form.validate():
        return _group_page(group, form, 422)
    terms = language.terms_of(form.terms.data)
    try:
        language.change_group(g.employee, group, form.version.data, terms, form.kind.data, form.note.data)
    except Conflict as conflict:  # both versions are shown; sending again saves over theirs, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _group_page(group, form, 409, theirs=conflict.theirs)
    except DomainError as why:
        form.refuse(why)
        return _group_page(group, form, 422, taken=getattr(why, "group", None))
    flash(_("บันทึกกลุ่มคำแล้ว มีผลกับการค้นหาทันที"), "success")
    return go(HOME)


@bp.post("/search-language/groups/<int:group_id>/switch")
@login_required
def switch_language_group(group_id: int) -> Response:
    """Use it, or leave it aside (`on` is 1 or 0)."""
    group = get_synonym_group(group_id)
    language.switch_group(g.employee, group, request.form.get("on") == "1")
    flash(_("เปิดใช้กลุ่มคำนี้แล้ว") if group.is_active else _("พักกลุ่มคำนี้แล้ว คำยังอยู่ครบ"), "success")
    return go(HOME)


@bp.post("/search-language/groups/<int:group_id>/delete")
@login_required
def delete_language_group(group_id: int) -> Response:
    group = get_synonym_group(group_id)
    language.delete_group(g.employee, group)
    return go(f"{HOME}?deleted={group.id}")


@bp.post("/search-language/groups/<int:group_id>/restore")
@login_required
def restore_language_group(group_id: int) -> Response:
    group = get_synonym_group(group_id, deleted=True)
    try:
        language.restore_group(g.employee, group)
    except DomainError as why:
        flash(why.message, "error")
        return go(f"{HOME}?state=deleted")
    flash(_("นำกลุ่มคำกลับมาแล้ว"), "success")
    return go(HOME)


@bp.get("/search-language/status")
@login_required
def language_status() -> Response:
    """Whether the index follows the own words by now: a region of the pages that say so."""
    require_language_keeper()
    if not wants_fragment():
        return go("/admin/search-language/words")
    return render("admin/language/_adjusting.html", **standing())


# ---- ready groups ----------------------------------------------------------------------------------------------------


@bp.get("/search-language/presets")
@login_required
def language_presets_index() -> Response:
    require_language_keeper()
    return render("admin/language/presets.html", presets=language_presets.standing(), **standing())


@bp.post("/search-language/presets/<name>")
@login_required
def add_language_preset(name: str) -> Response:
    require_language_keeper()
    added, left_out = language_presets.add(g.employee, name)
    flash(_("เพิ่มจากชุด “%(name)s” แล้ว %(n)d กลุ่ม", name=labels.LANGUAGE_PRESETS[name], n=added), "success")
    if left_out:
        flash(_("เว้นไว้ %(n)d กลุ่ม เพราะมีคำที่อยู่ในกลุ่มอื่นของคุณแล้ว", n=left_out), "info")
    return go(url_for(".language_presets_index"))


# ---- trying it out ---------------------------------------------------------------------------------------------------


@bp.get("/search-language/try")
@login_required
def try_language() -> Response:
    """What search makes of a question (`?text=`): how it is cut, and by which words it is widened."""
    require_language_keeper()
    text = request.args.get("text", "").strip()[: search.wording.LONGEST_TEXT]
    return render(
        "admin/language/try.html",
        block="tried",
        text=text,
        words=search.wording.cut(text) if text else [],
        widenings=search.wording.widenings(text) if text else [],
        **standing(),
    )
