"""Knowledge: the shelves, an article's page, a new one, and its steps to publication. The editor: knowledge_editor."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_login import login_required

from kc import clock, labels, markdown, policy
from kc.addresses import own_path
from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.knowledge import ReasonForm, StartForm
from kc.i18n import gettext as _
from kc.models import Attachment, Community, KnowledgeArticle
from kc.models.knowledge import ARTICLE_KINDS
from kc.services import (
    article_counts,
    article_documents,
    article_lists,
    articles,
    comparison,
    publishing,
    question_turns,
    reading,
    trial_chains,
    uses,
)
from kc.web import choices, once
from kc.web.access import get_article, get_article_to_edit, get_article_to_publish, get_article_to_work_on
from kc.web.downloads import asked_print, organisation, send_made
from kc.web.htmx import go, render
from kc.web.links import link_to
from kc.web.paging import Page, page_url, paginate

bp = Blueprint("knowledge", __name__, url_prefix="/knowledge")

PER_PAGE = 12
TABS = ("published", "mine", "waiting")


@bp.app_template_filter()
def plain(text: str) -> str:
    """The words of the beginning of a text, for one line of a list."""
    return " ".join(markdown.to_plain(text[:600]).split())[:400]


@bp.app_template_filter()
def local_day(moment: datetime) -> date:
    return clock.to_local(moment).date()


# ---- the shelves ---------------------------------------------------------------------------------------------------


@bp.get("/")
@login_required
def index() -> Response:
    """Published knowledge with filters; my drafts; what waits for me to publish."""
    waiting = article_lists.waiting_for(g.employee)
    tab = _asked_tab(waiting)
    args = _asked_args()
    filters = _filters(args)
    query = {"published": article_lists.published(filters), "mine": article_lists.drafts_of(g.employee)}
    total = article_lists.count_published(filters) if tab == "published" else None
    page = paginate(query.get(tab, waiting), PER_PAGE, total)
    return render(
        "knowledge/index.html",
        block="results",
        tab=tab,
        tabs=_tabs(tab, page, waiting),
        args=args,
        page=page,
        url=page_url(),
        extras=article_lists.extras(page),
        selects=_selects() if tab == "published" else [],
    )


def _asked_tab(waiting: Any) -> str:
    tab = request.args.get("tab", "published")
    return "published" if tab not in TABS or (tab == "waiting" and waiting is None) else tab


def _asked_args() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("year", "unit", "topic", "kind", "sort")}


def asked_list() -> Any:
    """The articles of the tab and filters asked for, for its Excel file."""
    waiting = article_lists.waiting_for(g.employee)
    tab = _asked_tab(waiting)
    if tab == "published":
        return article_lists.published(_filters(_asked_args()))
    return waiting if tab == "waiting" else article_lists.drafts_of(g.employee)


def _filters(args: dict[str, str]) -> article_lists.Filters:
    return article_lists.Filters(
        year=choices.whole(args["year"]),
        unit=choices.whole(args["unit"]),
        topic=choices.whole(args["topic"]),
        kind=args["kind"],
        sort=args["sort"],
    )


def _tabs(here: str, page: Page, waiting: Any) -> list[tuple[str, str, bool, int | None]]:
    names = [("published", _("เผยแพร่แล้ว")), ("mine", _("ฉบับร่างของฉัน"))]
    if waiting is not None:
        names.append(("waiting", _("รอเผยแพร่")))
    counts = {here: page.total}
    if waiting is not None and here != "waiting":
        counts["waiting"] = waiting.count()
    addresses = {"published": url_for(".index")}
    return [
        (label, addresses.get(name, url_for(".index", tab=name)), name == here, counts.get(name))
        for name, label in names
    ]


def _selects() -> list[tuple[str, str, str, choices.Choices]]:
    """(field, label, words for all, choices) of each filter."""
    kinds = [(kind, str(labels.ARTICLE_KINDS[kind])) for kind in ARTICLE_KINDS]
    sorts = [("views", _("อ่านมากที่สุด")), ("downloads", _("ดาวน์โหลดมากที่สุด"))]
    return [
        ("year", _("ปี"), _("ทุกปี"), choices.years()),
        ("unit", _("สังกัด"), _("ทุกสังกัด"), choices.units(article_lists.units_with_articles())),
        ("topic", _("ประเด็นเรียนรู้"), _("ทุกประเด็น"), choices.topic_series()),
        ("kind", _("ประเภท"), _("ทุกประเภท"), kinds),
        ("sort", _("เรียงตาม"), _("เผยแพร่ล่าสุด"), sorts),
    ]


# ---- one article ---------------------------------------------------------------------------------------------------


@bp.get("/<int:article_id>")
@login_required
def show(article_id: int) -> Response:
    """The page people read. Asking for its head, or fetching it ahead of time, is not reading."""
    article = get_article(article_id)
    page = _show(article)
    if _is_read():
        article_counts.count_view(g.employee, article)
    return page


def _is_read() -> bool:
    ahead = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")).lower()
    return request.method == "GET" and "prefetch" not in ahead and "preview" not in ahead


def _show(article: KnowledgeArticle, status: int = 200, reason: ReasonForm | None = None) -> Response:
    shown = Attachment.select().where(Attachment.article == article, policy.visible_files(g.employee))
    files = reading.with_states(shown.order_by(Attachment.kind, Attachment.id))
    authors = articles.authors_of(article)
    steps = policy.works_on(g.employee, article)
    return render(
        "knowledge/show.html",
        status=status,
        article=article,
        authors=authors,
        place=article_documents.place_of(article.unit),
        rows=comparison.rows(articles.measures_of(article)),
        files=[f for f in files if f.kind != "picture" or not f.content_type.startswith("image/")],
        pictures=[f for f in files if f.kind == "picture" and f.content_type.startswith("image/")],
        related=article_lists.related(article),
        uses=uses.of(article) if article.is_published else [],
        trial_chains=trial_chains.of_article(article),
        question=question_turns.came_from(g.employee, article.source_url),
        gaps=publishing.missing(article, has_authors=bool(authors), files=files) if steps else [],
        steps=steps,
        reason=reason or ReasonForm(),
    )


# ---- a new one -----------------------------------------------------------------------------------------------------


@bp.get("/new")
@login_required
def new() -> Response:
    """`?title=&source=`: from elsewhere, filled in (a question); else the title that the community works on."""
    community = _community_asked_for()
    title, source = request.args.get("title", "")[:300], own_path(request.args.get("source"))
    form = StartForm(form_key=articles.new_form_key(), title=title, source=source)
    if community is not None:
        form.community.data = str(community.id)
        form.title.data = title or community.knowledge_title
    return show_start(form)


def _community_asked_for() -> Community | None:
    community = Community.get_or_none(Community.id == choices.whole(request.args.get("community")))
    return community if community is not None and policy.can_write_for(g.employee, community) else None


def show_start(form: StartForm, status: int = 200, file_error: str = "") -> Response:
    mine = choices.my_communities(g.employee, choices.whole(form.community.data))
    form.community.choices = picks([("", _("ไม่ได้มาจากชุมชน (เขียนในนามสังกัดของฉัน)")), *mine])
    return render("knowledge/new.html", status=status, form=form, file_error=file_error)


@bp.post("/new")
@login_required
def create() -> Response:
    form = StartForm(request.form)
    community = Community.get_or_none(Community.id == choices.whole(form.community.data))
    if not form.validate():
        return show_start(form, 422)
    try:
        article = articles.start(
            g.employee,
            title=form.title.data,
            kind=form.kind.data,
            community=community,
            source_url=form.source.data or "",
            form_key=once.key_of(form),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return show_start(form, 422)
    return go(url_for(".edit", article_id=article.id))


# ---- steps ---------------------------------------------------------------------------------------------------------


def seen_version() -> int | None:
    """The version of the article that the person had before their eyes."""
    return choices.whole(request.form.get("version", "").partition(".")[0]) or None


@bp.post("/<int:article_id>/submit")
@login_required
def submit(article_id: int) -> Response:
    publishing.submit(g.employee, article := get_article_to_work_on(article_id), seen_version())
    flash(_("ส่งขอเผยแพร่แล้ว ผู้ประสานงานของสังกัดจะอ่านและเผยแพร่ให้"), "success")
    return go(url_for(".show", article_id=article.id))


@bp.post("/<int:article_id>/withdraw")
@login_required
def withdraw(article_id: int) -> Response:
    publishing.withdraw(g.employee, article := get_article_to_work_on(article_id), seen_version())
    flash(_("นำกลับมาเป็นฉบับร่างแล้ว แก้ไขต่อได้"), "success")
    return go(url_for(".edit", article_id=article.id))


@bp.post("/<int:article_id>/publish")
@login_required
def publish(article_id: int) -> Response:
    publishing.publish(g.employee, article := get_article_to_publish(article_id), seen_version())
    flash(_("เผยแพร่แล้ว ทุกคนค้นหาและอ่านได้ทันที"), "success")
    return go(url_for(".show", article_id=article.id))


@bp.post("/<int:article_id>/restore")
@login_required
def restore(article_id: int) -> Response:
    publishing.restore(g.employee, article := get_article_to_publish(article_id), seen_version())
    flash(_("นำกลับมาเผยแพร่แล้ว"), "success")
    return go(url_for(".show", article_id=article.id))


@bp.post("/<int:article_id>/return")
@login_required
def send_back(article_id: int) -> Response:
    article = get_article_to_publish(article_id)
    form = ReasonForm(request.form)
    if not form.validate():
        return _show(article, 422, form)
    publishing.send_back(g.employee, article, form.reason.data, seen_version())
    flash(_("ส่งกลับให้ผู้เขียนแก้ไขแล้ว"), "success")
    return go(url_for(".index", tab="waiting"))


@bp.post("/<int:article_id>/retire")
@login_required
def retire(article_id: int) -> Response:
    article = get_article_to_publish(article_id)
    form = ReasonForm(request.form)
    if not form.validate():
        return _show(article, 422, form)
    publishing.retire(g.employee, article, form.reason.data, seen_version())
    flash(_("นำออกจากการค้นหาแล้ว เนื้อหายังเก็บไว้"), "success")
    return go(url_for(".show", article_id=article.id))


@bp.post("/<int:article_id>/delete")
@login_required
def discard(article_id: int) -> Response:
    article = get_article(article_id)
    if not policy.can_discard(g.employee, article):
        abort(403)
    articles.discard(g.employee, article)
    flash(_("ลบฉบับร่างแล้ว"), "success")
    return go(url_for(".index", tab="mine"))


# ---- the official form and its sisters -----------------------------------------------------------------------------


def _made_for(article: KnowledgeArticle) -> dict[str, str]:
    return {
        "organisation": organisation(),
        "address": link_to(".show", article_id=article.id),
    }


@bp.get("/<int:article_id>/documents/<what>")
@login_required
def document(article_id: int, what: str) -> Response:
    """The form or a summary, made now from what is saved."""
    article = get_article(article_id)
    if what not in article_documents.MAKERS:
        abort(404)
    made = article_documents.make(article, what, **_made_for(article), how=asked_print())
    return send_made(*made, article_documents.MAKERS[what].content_type)


@bp.post("/<int:article_id>/documents")
@login_required
def attach_document(article_id: int) -> Response:
    article = get_article_to_edit(article_id)
    what = request.form.get("what", "")
    if what == "both":
        made = article_documents.attach_both(g.employee, article, **_made_for(article))
        flash(_("สร้างและแนบแบบฟอร์มกับสรุปหนึ่งหน้าแล้ว %(n)d ไฟล์", n=len(made)), "success")
        return go(url_for(".edit", article_id=article.id, _anchor="files"))
    row = article_documents.attach(g.employee, article, what, **_made_for(article))
    flash(_("สร้างและแนบ “%(name)s” แล้ว", name=row.filename), "success")
    return go(url_for(".edit", article_id=article.id, _anchor="files"))


from kc.web import knowledge_editor, old_forms  # noqa: E402  add their routes to this blueprint

__all__ = ["bp", "knowledge_editor", "old_forms"]
