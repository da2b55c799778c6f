"""The organisation's own words: Thai names the dictionary lacks, for the tokenizer."""

from typing import Any

from flask import Response, flash, g, request
from flask_login import login_required

from kc.errors import DomainError
from kc.forms.language import OwnWordsForm
from kc.i18n import gettext as _
from kc.models import OwnWord
from kc.models.language import TYPED, WORD_SOURCES
from kc.services import language, language_lists
from kc.web import choices
from kc.web.access import get_own_word, require_language_keeper
from kc.web.admin.blueprint import bp
from kc.web.admin.search_language import standing
from kc.web.htmx import go, render, wants_fragment
from kc.web.paging import page_url, paginate

PER_PAGE = 50
HERE = "/admin/search-language/words"


def _page(form: OwnWordsForm, status: int = 200) -> Response:
    filters = {name: request.args.get(name, "").strip() for name in ("q", "state")}
    number = choices.whole(request.args.get("deleted"))
    gone = (OwnWord.id == number) & OwnWord.deleted_at.is_null(False)
    is_list_alone = status == 200 and wants_fragment()
    context: dict[str, Any] = {
        "page": paginate(language_lists.own_words(filters["q"], filters["state"]), PER_PAGE),
        "url": page_url(),
        "filters": filters,
        "form": form,
        # Every name there is, cut into words: not for each letter typed into the list's filter, which shows none of it.
        "suggested": [] if is_list_alone else language_lists.suggested(),
        "deleted": OwnWord.get_or_none(gone) if number else None,
    }
    block = "results" if is_list_alone else None
    return render("admin/language/words.html", block=block, status=status, **standing(), **context)


@bp.get("/search-language/words")
@login_required
def own_words_index() -> Response:
    """Own words (`?q=`, `?state=`), and names of units, topics and communities that would make good ones."""
    require_language_keeper()
    return _page(OwnWordsForm())


@bp.post("/search-language/words")
@login_required
def add_own_words() -> Response:
    require_language_keeper()
    form = OwnWordsForm(request.form)
    try:
        if form.validate():
            words = language.terms_of(form.words.data)
            return _added(language.add_words(g.employee, words, TYPED, form.note.data))
    except DomainError as why:
        form.refuse(why)
    return _page(form, 422)


def _added(words: list[Any]) -> Response:
    flash(_("เพิ่มแล้ว %(n)d คำ ระบบกำลังปรับดัชนีค้นหาให้รู้จักคำใหม่", n=len(words)), "success")
    return go(HERE)


@bp.post("/search-language/words/suggested")
@login_required
def add_suggested_words() -> Response:
    """Those that were ticked (`word`, several), each with where it comes from ("unit:ปากช่อง")."""
    require_language_keeper()
    added = []
    for source in WORD_SOURCES:
        words = [pair.partition(":")[2] for pair in request.form.getlist("word") if pair.startswith(f"{source}:")]
        added += language.add_words(g.employee, words, source) if words else []
    if not added:
        raise DomainError(_("โปรดเลือกคำที่ต้องการเพิ่ม"))
    return _added(added)


@bp.post("/search-language/words/<int:word_id>/switch")
@login_required
def switch_own_word(word_id: int) -> Response:
    """Cut with it, or leave it aside (`on` is 1 or 0)."""
    word = get_own_word(word_id)
    language.switch_word(g.employee, word, request.form.get("on") == "1")
    flash(_("เปิดใช้คำนี้แล้ว") if word.is_active else _("พักคำนี้แล้ว"), "success")
    return go(HERE)


@bp.post("/search-language/words/<int:word_id>/delete")
@login_required
def delete_own_word(word_id: int) -> Response:
    word = get_own_word(word_id)
    language.delete_word(g.employee, word)
    return go(f"{HERE}?deleted={word.id}")


@bp.post("/search-language/words/<int:word_id>/restore")
@login_required
def restore_own_word(word_id: int) -> Response:
    word = get_own_word(word_id, deleted=True)
    try:
        language.restore_word(g.employee, word)
    except DomainError as why:
        flash(why.message, "error")
        return go(f"{HERE}?state=deleted")
    flash(_("นำคำ “%(word)s” กลับมาแล้ว", word=word.text), "success")
    return go(HERE)
