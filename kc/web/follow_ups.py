"""Follow-up of use: one's own minute on a phone, and for a community who answered, what came of it, what hinders."""

from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import clock, labels, policy
from kc.errors import DomainError
from kc.forms.evaluation import ExcuseForm
from kc.forms.fields import picks
from kc.forms.follow_up import StartForm, UseForm
from kc.i18n import gettext as _
from kc.models import Community, FollowUp, KnowledgeArticle, KnowledgeUse
from kc.services import evaluation_sheets, follow_up, follow_up_results, guest_links, guest_mail
from kc.web import choices
from kc.web.access import (
    get_community,
    get_community_to_edit,
    get_community_to_evaluate,
    get_follow_up_to_run,
    get_my_follow_up,
)
from kc.web.downloads import send_workbook
from kc.web.htmx import go, render
from kc.web.links import link, link_to

bp = Blueprint("follow_ups", __name__)

C = "/communities/<int:community_id>/follow-up"


# ---- the community's page ------------------------------------------------------------------------------------------


@bp.get(C)
@login_required
def show(community_id: int) -> Response:
    return _show(get_community_to_evaluate(community_id))


def _show(community: Community, status: int = 200, form: StartForm | None = None) -> Response:
    plan, runs = follow_up.of(community), policy.can_run_evaluation(g.employee, community)
    rows = follow_up.rows_of(community) if plan else []
    mine = [row for row in rows if row.employee_id == g.employee.id]
    return render(
        "follow_ups/show.html",
        status=status,
        community=community,
        plan=plan,
        months=follow_up_results.months(rows),
        people=_by_person(rows) if runs else [],
        mine=next((row for row in reversed(mine) if row.answered_at is None and row.due_on <= clock.today()), None),
        outcomes=_labelled(follow_up_results.outcomes(rows), labels.USE_OUTCOMES),
        hindrances=_labelled(follow_up_results.hindrances(rows), labels.USE_HINDRANCES),
        users=follow_up_results.users(rows),
        told=[row for row in rows if row.answered_at and (row.outcome_text or row.hindrance_text)] if runs else [],
        runs=runs and not community.is_cancelled,
        form=form or StartForm(starts_on=plan.starts_on if plan else clock.today()),
    )


def _by_person(rows: list[FollowUp]) -> list[list[FollowUp]]:
    """Each person's questions, in the order of months."""
    found: dict[str, list[FollowUp]] = {}
    for row in rows:
        found.setdefault(row.person_key, []).append(row)
    return list(found.values())


def _labelled(counted: list[tuple[str, int]], names: dict[str, Any]) -> list[tuple[Any, int, float]]:
    """(what, how many, length from 0 to 100) for a chart of bars."""
    longest = max((n for _name, n in counted), default=1)
    return [(names[name], n, round(100 * n / longest, 1)) for name, n in counted]


def _to(community_id: int) -> Response:
    return go(url_for("follow_ups.show", community_id=community_id))


@bp.post(f"{C}/start")
@login_required
def start(community_id: int) -> Response:
    community, form = get_community_to_edit(community_id), StartForm(request.form)
    if not form.validate():
        return _show(community, 422, form)
    try:
        follow_up.start_on(g.employee, community, form.starts_on.data)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(community, 422, form)
    flash(_("ตั้งวันติดตามแล้ว ระบบจะถามทุกคนเองเมื่อถึงกำหนด"), "success")
    return _to(community_id)


@bp.post(f"{C}/remind")
@login_required
def remind(community_id: int) -> Response:
    told = follow_up.remind(g.employee, get_community_to_edit(community_id))
    flash(_("ส่งลิงก์ถึงคนที่ยังไม่ตอบ %(n)d คนแล้ว", n=told) if told else _("ไม่มีใครที่ต้องเตือน"), "success")
    return _to(community_id)


@bp.get(f"{C}/links")
@login_required
def links(community_id: int) -> Response:
    """The link and its QR code for staff, who sign in; one of their own for every guest."""
    community = get_community_to_edit(community_id)
    rows = follow_up.rows_of(community)
    waiting = [row for row in rows if not row.employee_id and row.answered_at is None and follow_up.can_answer(row)]
    newest = {row.person_key: row for row in waiting if not row.excused_reason}
    return render(
        "evaluations/links.html",
        community=community,
        address=link_to(".mine", community_id=community_id),
        guests=[(p, link(guest_links.path_of(p)), guest_mail.was_sent(p)) for p in newest.values()],
        is_open=any(follow_up.can_answer(row) for row in rows),
        days=guest_links.days(),
        about="follow_up",
    )


@bp.get(f"{C}/mine")
@login_required
def mine(community_id: int) -> Response:
    """One link for everybody: the question that waits for whoever opens it."""
    community = get_community(community_id)
    row = follow_up.waiting_for(g.employee, community)
    if row is None:
        flash(_("ตอนนี้ไม่มีคำถามที่รอคุณ ขอบคุณที่แวะมา"), "info")
        return go(url_for("communities.show", community_id=community_id))
    return go(url_for(".answer", follow_up_id=row.id))


@bp.get(f"{C}/results.xlsx")
@login_required
def workbook(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    name = _("ติดตามการนำไปใช้ %(name)s", name=community.name)
    return send_workbook(name[:80], evaluation_sheets.of_follow_up(follow_up.rows_of(community)))


@bp.post("/follow-up/<int:follow_up_id>/excuse")
@login_required
def excuse(follow_up_id: int) -> Response:
    row, form = get_follow_up_to_run(follow_up_id), ExcuseForm(request.form)
    if not form.validate():
        raise DomainError(str(form.reason.errors[0]))
    follow_up.excuse(g.employee, row, form.reason.data)
    flash(_("ยกเว้นแล้ว") if form.reason.data else _("กลับมารอคำตอบแล้ว"), "success")
    return _to(row.community_id)


# ---- one's own minute ----------------------------------------------------------------------------------------------


@bp.get("/follow-up/<int:follow_up_id>")
@login_required
def answer(follow_up_id: int) -> Response:
    row = get_my_follow_up(follow_up_id)
    return show_use(row, use_form(row, g.employee.unit.name), url_for(".answer", follow_up_id=row.id))


@bp.post("/follow-up/<int:follow_up_id>")
@login_required
def send_answer(follow_up_id: int) -> Response:
    row = get_my_follow_up(follow_up_id)
    return keep_use(row, url_for(".answer", follow_up_id=row.id))


def use_form(row: FollowUp, place: str = "") -> UseForm:
    """The form as it was answered; else empty, with a place to begin from."""
    if row.answered_at is None:
        return UseForm(place=place)
    use = KnowledgeUse.get_or_none(KnowledgeUse.follow_up == row)
    form = UseForm(obj=row, outcomes=row.outcome_list, hindrances=row.hindrance_list)
    form.outcomes.data, form.hindrances.data = row.outcome_list, row.hindrance_list
    form.article.data = str(use.article_id) if use and use.article_id else ""
    return form


def show_use(row: FollowUp, form: UseForm, action: str, status: int = 200) -> Response:
    articles = follow_up.articles_of(row.community)
    form.article.choices = picks([("", _("ทุกเรื่องของชุมชนนี้")), *((str(a.id), a.title) for a in articles)])
    return render(
        "follow_ups/answer.html",
        status=status,
        community=row.community,
        follow_up=row,
        articles=articles,
        form=form,
        action=action,
        can_answer=follow_up.can_answer(row),
    )


def keep_use(row: FollowUp, action: str) -> Response:
    form = UseForm(request.form)
    if follow_up.can_answer(row) and not form.is_sound():
        return show_use(row, form, action, 422)
    follow_up.answer(row, _article(row.community, form), **form.values())
    flash(_("ขอบคุณ คำตอบของคุณช่วยให้คนอื่นรู้ว่าอะไรใช้ได้จริง"), "success")
    return go(action)


def _article(community: Community, form: UseForm) -> KnowledgeArticle | None:
    """What was used: the one chosen, or the only one there is."""
    articles = {a.id: a for a in follow_up.articles_of(community)}
    if len(articles) == 1:
        return next(iter(articles.values()))
    return articles.get(choices.whole(form.article.data))
