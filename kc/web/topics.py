"""Topics of each fiscal year, looked after by the KM team."""

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_login import login_required

from kc import fiscal, policy
from kc.errors import DomainError
from kc.forms.communities import TopicForm
from kc.i18n import gettext as _
from kc.models import Community, FiscalYear, KnowledgeArticle, Topic
from kc.services import topics, years
from kc.web import choices
from kc.web.access import get_topic_to_manage
from kc.web.htmx import go, render

bp = Blueprint("topics", __name__, url_prefix="/topics")


def _get_year_to_manage(number: int) -> FiscalYear:
    if not policy.can_manage_topics(g.employee):
        abort(403)
    return FiscalYear.get_or_none(FiscalYear.year == number) or abort(404)


@bp.get("/")
@login_required
def index() -> Response:
    """The topics of one year (`?year=`), with how much they are used."""
    if not policy.can_manage_topics(g.employee):
        abort(403)
    number = choices.whole(request.args.get("year"))
    year = FiscalYear.get_or_none(FiscalYear.year == number) or years.current()
    return _show(year, TopicForm())


def _show(year: FiscalYear, form: TopicForm, status: int = 200, editing: Topic | None = None) -> Response:
    used, written = usage()
    return render(
        "topics/index.html",
        status=status,
        year=year,
        topics=list(Topic.select().where(Topic.fiscal_year == year).order_by(Topic.position, Topic.id)),
        years=choices.years(),
        next_year=fiscal.calendar().current() + 1,
        form=form,
        editing=editing,
        used=used,
        written=written,
        presets=years.TOPIC_PRESETS,
    )


def usage() -> tuple[dict[int, int], dict[int, int]]:
    """How many communities and articles each topic has."""
    used = dict(Community.select(Community.topic, _count()).group_by(Community.topic).tuples())
    written = dict(KnowledgeArticle.select(KnowledgeArticle.topic, _count()).group_by(KnowledgeArticle.topic).tuples())
    return used, written


def _count() -> object:
    from peewee import fn

    return fn.COUNT(1)


@bp.post("/years/<int:number>")
@login_required
def add(number: int) -> Response:
    year = _get_year_to_manage(number)
    form = TopicForm(request.form)
    if not form.validate():
        return _show(year, form, 422)
    try:
        topics.add(g.employee, year, form.name.data, form.description.data)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(year, form, 422)
    flash(_("เพิ่มประเด็นเรียนรู้แล้ว"), "success")
    return _back(year)


@bp.post("/years/open")
@login_required
def open_year() -> Response:
    """Open next year's list early, so that it can be prepared."""
    if not policy.can_manage_topics(g.employee):
        abort(403)
    year = years.get_or_open(fiscal.calendar().current() + 1)
    return _back(year)


@bp.post("/years/<int:number>/copy")
@login_required
def copy(number: int) -> Response:
    year = _get_year_to_manage(number)
    source = FiscalYear.get_or_none(FiscalYear.year == choices.whole(request.form.get("source"))) or abort(404)
    copied = topics.copy_year(g.employee, source, year)
    flash(_("คัดลอกแล้ว %(n)d ประเด็น", n=len(copied)), "success")
    return _back(year)


@bp.post("/years/<int:number>/preset")
@login_required
def preset(number: int) -> Response:
    year = _get_year_to_manage(number)
    added = topics.add_preset(g.employee, year, request.form.get("preset", ""))
    flash(_("เพิ่มแล้ว %(n)d ประเด็น", n=len(added)), "success")
    return _back(year)


@bp.route("/<int:topic_id>", methods=["GET", "POST"])
@login_required
def edit(topic_id: int) -> Response:
    topic = get_topic_to_manage(topic_id)
    form = TopicForm(request.form if request.method == "POST" else None, obj=topic)
    if request.method == "GET":
        return _show(topic.fiscal_year, form, editing=topic)
    if not form.validate():
        return _show(topic.fiscal_year, form, 422, editing=topic)
    try:
        topics.change(g.employee, topic, form.name.data, form.description.data)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(topic.fiscal_year, form, 422, editing=topic)
    flash(_("บันทึกประเด็นเรียนรู้แล้ว"), "success")
    return _back(topic.fiscal_year)


@bp.post("/<int:topic_id>/retire")
@login_required
def retire(topic_id: int) -> Response:
    topic = get_topic_to_manage(topic_id)
    topics.bring_back(g.employee, topic) if topic.is_retired else topics.retire(g.employee, topic)
    flash(_("เลิกใช้ประเด็นนี้แล้ว") if topic.is_retired else _("นำประเด็นนี้กลับมาใช้แล้ว"), "success")
    return _back(topic.fiscal_year)


@bp.post("/<int:topic_id>/move")
@login_required
def move(topic_id: int) -> Response:
    topic = get_topic_to_manage(topic_id)
    topics.move(g.employee, topic, -1 if request.form.get("direction") == "up" else 1)
    return _back(topic.fiscal_year)


def _back(year: FiscalYear) -> Response:
    return go(url_for(".index", year=year.year))
