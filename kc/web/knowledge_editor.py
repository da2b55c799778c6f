"""The editor of the five-part form: save, autosave, pull notes in, and two people at once without losing a word."""

from typing import Any

from flask import Response, abort, flash, g, jsonify, make_response, render_template, request, url_for
from flask_login import login_required
from markupsafe import Markup

from kc import clock, markdown, policy, thai, together
from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.knowledge import MEASURE, SPARE_ROWS, ArticleForm, content_from
from kc.i18n import gettext as _
from kc.models import Attachment, Employee, KnowledgeArticle, OrgUnit
from kc.models.knowledge import DRAFT, PARTS
from kc.services import (
    article_merge,
    article_sources,
    articles,
    old_forms,
    people_lookup,
    publishing,
    reading,
    trial_articles,
)
from kc.services.article_merge import EditConflict
from kc.together import beside
from kc.web import choices
from kc.web.access import get_article, get_article_to_edit
from kc.web.htmx import go, render
from kc.web.knowledge import bp

Content = dict[str, Any]


# ---- showing it ----------------------------------------------------------------------------------------------------


@bp.get("/<int:article_id>/edit")
@login_required
def edit(article_id: int) -> Response:
    article = get_article_to_edit(article_id)
    authors = articles.authors_of(article)
    content = article_merge.content_of(article, (a.id for a in authors), articles.measures_of(article))
    token = article_merge.token(article.version, article_merge.digests(content))
    return _show(article, ArticleForm(data=content), content, token, authors=authors)


def _show(
    article: KnowledgeArticle,
    form: ArticleForm,
    content: Content,
    token: str,
    *,
    status: int = 200,
    authors: list[Employee] | None = None,
    candidates: list[Employee] | None = None,
) -> Response:
    mine = Attachment.select().where(Attachment.article == article)
    files = reading.with_states(mine.order_by(Attachment.kind, Attachment.id))
    _fill_choices(article, form, content)
    offers, unplaced = together.answer(
        beside(trial_articles.ask_offers_for(g.employee, article), old_forms.ask_unplaced_of(article))
    )
    return render(
        "knowledge/edit.html",
        block="files",
        status=status,
        article=article,
        form=form,
        token=token,
        authors=authors or _people(content["authors"]),
        candidates=candidates or [],
        measures=[dict(zip(MEASURE, row, strict=True)) for row in content["measures"]] + [{}] * SPARE_ROWS,
        sources=article_sources.notes_for(g.employee, article),
        likely_part=article_sources.LIKELY_PART,
        trial_offers=offers,
        unplaced=unplaced,
        files=files,
        pictures=[f for f in files if f.content_type.startswith("image/")],
        publish_by=None if article.published_on else article.publish_by,
        gaps=publishing.missing(article, has_authors=bool(content["authors"]), files=files),
        steps=True,
    )


def _people(employee_ids: tuple[int, ...]) -> list[Employee]:
    by_id = {person.id: person for person in people_lookup.by_ids(employee_ids)}
    return [by_id[i] for i in employee_ids if i in by_id]


def _fill_choices(article: KnowledgeArticle, form: ArticleForm, content: Content) -> None:
    for name in ("community", "topic", "unit"):
        form[name].data = str(content[name] or "")
    mine = choices.my_communities(g.employee, article.community_id or 0)
    form.community.choices = picks([("", _("ไม่ได้มาจากชุมชน")), *mine])
    topics = choices.topics_of(article.fiscal_year, kept=article.topic) if article.fiscal_year_id else []
    form.topic.choices = picks([("", _("เลือกประเด็นเรียนรู้")), *topics])
    units = policy.sign_up_units(g.employee)
    if not policy.is_knowledge_officer(g.employee):  # they may choose every unit anyway
        units = units.orwhere(OrgUnit.id == article.unit_id)
    form.unit.choices = picks(choices.units(units))


# ---- saving it -----------------------------------------------------------------------------------------------------


@bp.post("/<int:article_id>/edit")
@login_required
def save(article_id: int) -> Response:
    """Save, and what else the pressed button asks for: a note pulled in, an author or a row more or less, a step."""
    article = get_article(article_id)
    form = ArticleForm(request.form)
    valid = form.validate()
    mine = content_from(form, request.form, lenient=not valid)
    if not policy.can_edit_article(g.employee, article):
        return _too_late(article, mine) if policy.works_on(g.employee, article) else abort(403)
    candidates = _apply_buttons(article, form, mine)
    try:
        token = articles.save(g.employee, article, _decided(mine, article), request.form.get("version", ""))
    except EditConflict as conflict:
        return _show_conflict(article, form, mine, conflict)
    except DomainError as refusal:
        form.refuse(refusal)
        token = request.form.get("version", "")
    if form.errors or candidates:
        return _show(article, form, articles.current_content(article) | mine, token, status=422, candidates=candidates)
    return _next_step(article)


def _apply_buttons(article: KnowledgeArticle, form: ArticleForm, mine: Content) -> list[Employee]:
    """Change `mine` as the pressed button says; returns people to choose from when a name means several."""
    if pull := request.form.get("pull"):
        found = _unplaced(article, pull) or article_sources.pulled(g.employee, article, pull)
        if found is not None:
            part, text = found
            mine[part] = "\n\n".join(t for t in (mine.get(part, getattr(article, part)), text) if t)
    _apply_trials(article, mine)
    if removed := choices.whole(request.form.get("remove_author")):
        mine["authors"] = tuple(i for i in mine.get("authors", ()) if i != removed)
    if "add_author" in request.form or form.author.data:
        return _add_author(form, mine)
    return []


def _apply_trials(article: KnowledgeArticle, mine: Content) -> None:
    """A chain of trials is put into parts 4 and 5 with its figures, and linked; or its link is taken away."""
    if chain_id := choices.whole(request.form.get("unlink_trials")):
        trial_articles.unlink(g.employee, article, chain_id)
    offer = trial_articles.pulled(g.employee, article, request.form.get("pull", ""))
    if offer is None:
        return
    for part, text in (("method", offer.method), ("results", offer.results)):
        mine[part] = "\n\n".join(t for t in (mine.get(part, getattr(article, part)), text) if t)
    if offer.measure is not None and offer.measure not in mine.get("measures", (offer.measure,)):
        mine["measures"] = (*mine["measures"], offer.measure)
    trial_articles.link(g.employee, article, offer.chain)


def _unplaced(article: KnowledgeArticle, pull: str) -> tuple[str, str] | None:
    """(part, text) of a piece of an old form that goes into a part, and is dealt with by that."""
    found = old_forms.pulled(article, pull)
    if found is None:
        return None
    piece, part = found
    old_forms.settle(g.employee, piece)
    return part, piece.text


def _add_author(form: ArticleForm, mine: Content) -> list[Employee]:
    text = request.form.get("add_author") or form.author.data
    matches = people_lookup.exact(text) if text else []
    if len(matches) == 1:
        mine["authors"] = tuple(dict.fromkeys((*mine.get("authors", ()), matches[0].id)))
        form.author.data = ""
        return []
    if text:
        form.refuse(DomainError(people_lookup.not_one(text, matches), "author"))
    return matches


def _decided(mine: Content, article: KnowledgeArticle) -> Content:
    """After a conflict: what the person chose for each part."""
    content = dict(mine)
    for name in article_merge.FIELDS:
        choice = request.form.get(f"choice_{name}", "mine")
        if choice == "theirs":
            content.pop(name, None)
        elif choice == "both" and name in article_merge.TEXTS and name in content:
            content[name] = article_merge.both(content[name], getattr(article, name))
    return content


def _next_step(article: KnowledgeArticle) -> Response:
    here = request.form
    step = here.get("then", "")
    if step in ("submit", "publish"):
        may = policy.can_submit if step == "submit" else policy.can_publish
        if not may(g.employee, article):
            abort(403)
        try:
            (publishing.submit if step == "submit" else publishing.publish)(g.employee, article)
        except DomainError as refusal:
            flash(refusal.message, "error")
            return go(url_for(".edit", article_id=article.id, _anchor="gaps"))
        done = {"submit": _("ส่งขอเผยแพร่แล้ว"), "publish": _("เผยแพร่แล้ว ทุกคนค้นหาและอ่านได้ทันที")}
        flash(done[step], "success")
        return go(url_for(".show", article_id=article.id))
    anchor = _anchor_of_button()
    if anchor:
        return go(url_for(".edit", article_id=article.id, _anchor=anchor))
    flash(_("บันทึกแล้ว %(time)s น.", time=_clock()), "success")
    return go(url_for(".show", article_id=article.id))


def _anchor_of_button() -> str:
    if pull := request.form.get("pull"):
        part = pull.partition(":")[2]
        return part if part in PARTS else "sources"
    if "unlink_trials" in request.form:
        return "trial-sources"
    if "remove_author" in request.form or "add_author" in request.form:
        return "authors"
    return "measures" if {"add_measure", "remove_measure"} & set(request.form) else ""


def _clock() -> str:
    return clock.to_local(clock.now()).strftime("%H:%M")


# ---- saved as typed ------------------------------------------------------------------------------------------------


@bp.post("/<int:article_id>/autosave")
@login_required
def autosave(article_id: int) -> Response:
    """A draft as it stands in somebody's browser. Answers what static/js/autosave.js understands."""
    article = get_article_to_edit(article_id)
    if article.status != DRAFT:  # readers must not see half a sentence
        return make_response(jsonify(error=_("เรื่องนี้เผยแพร่แล้ว โปรดกดบันทึกเมื่อแก้ไขเสร็จ")), 422)
    form = ArticleForm(request.form)
    form.validate()
    mine = content_from(form, request.form, lenient=True)
    try:
        token = articles.save(g.employee, article, mine, request.form.get("version", ""), quietly=True)
    except EditConflict as conflict:
        return _conflict_answer(article, conflict)
    except DomainError as refusal:
        return make_response(jsonify(error=refusal.message), 422)
    saved_at = _clock()
    if form.results_on.errors:  # half typed, most likely: everything else is saved, and the line says so
        saved_at = _("%(time)s (ยังไม่รวมวันที่ ซึ่งยังอ่านไม่ออก)", time=saved_at)
    return jsonify(saved_at=saved_at, version=token, **_news(article, mine, token))


def _news(article: KnowledgeArticle, mine: Content, token: str) -> dict[str, Any]:
    """Texts that others changed and this form does not show yet: old, new, and the token once shown."""
    news = {n: getattr(article, n) for n in article_merge.TEXTS if n in mine and mine[n] != getattr(article, n)}
    if not news:
        return {}
    shown = articles.next_token(article.version, article_merge.read_token(token)[1], news)
    texts = {name: {"was": mine[name], "now": text} for name, text in news.items()}
    return {"news": texts, "news_version": shown}


def _conflict_answer(article: KnowledgeArticle, conflict: EditConflict) -> Response:
    theirs = {name: _as_typed(conflict.theirs[name]) for name in conflict.clashes}
    by = article.updated_by.name if article.updated_by_id else ""
    return make_response(jsonify(theirs=theirs, version=_token_after(article, conflict), by=by), 409)


def _token_after(article: KnowledgeArticle, conflict: EditConflict) -> str:
    text = request.form.get("version", "")
    return article_merge.token_after_clash(article.version, text, conflict.theirs, conflict.clashes)


def _as_typed(value: Any) -> str:
    if hasattr(value, "day"):
        return f"{value.day}/{value.month}/{thai.format_year(thai.buddhist_year(value))}"
    return str(value or "")


def _show_conflict(article: KnowledgeArticle, form: ArticleForm, mine: Content, conflict: EditConflict) -> Response:
    """Both versions, part by part, with everything else that was typed carried along."""
    by = article.updated_by if article.updated_by_id else None
    sides = [(form[name], _as_typed(mine[name]), _as_typed(conflict.theirs[name])) for name in conflict.clashes]
    left_out = {"csrf_token", "version", "then", *conflict.clashes, *(f"choice_{name}" for name in conflict.clashes)}
    if request.form.get("pull", "").partition(":")[2] in conflict.clashes:
        left_out.add("pull")  # it stands in the text already
    page = render_template(
        "knowledge/conflict.html",
        article=article,
        sides=sides,
        carried=[pair for pair in request.form.items(multi=True) if pair[0] not in left_out],
        token=_token_after(article, conflict),
        by=by,
    )
    return make_response(page, 409)


def _too_late(article: KnowledgeArticle, mine: Content) -> Response:
    """The draft was handed in or published while this person was writing: their words stay before them, to copy."""
    labels = ArticleForm()
    texts = [(labels[n], mine[n]) for n in article_merge.TEXTS if mine.get(n, "") not in ("", getattr(article, n))]
    return make_response(render_template("knowledge/too_late.html", article=article, texts=texts), 409)


# ---- preview -------------------------------------------------------------------------------------------------------


@bp.post("/preview")
@login_required
def preview() -> str:
    """Typed text as the page will show it; `part` names the field it stands in."""
    part = request.args.get("part", "")
    text = request.form.get(part if part in article_merge.TEXTS else "text", "")
    shown = (
        Markup(markdown.render_markdown(text))
        if text.strip()
        else Markup("<p class='muted'>{}</p>").format(_("ยังไม่มีข้อความ"))
    )
    return Markup('<div class="prose">{}</div>').format(shown)
