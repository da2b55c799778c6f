"""A community's learning plan: read by all staff, written by members and experts together, saved as typed."""

from typing import Any

from flask import Blueprint, Response, flash, g, jsonify, make_response, request, url_for
from flask_login import login_required

from kc import clock, policy
from kc.errors import DomainError
from kc.forms.plans import PlanForm, ProposalForm
from kc.i18n import gettext as _
from kc.models import Community, LearningPlan, Session
from kc.services import learning_plans, meeting_lists, proposals, series
from kc.services.learning_plans import FIELDS, TEXTS, PlanConflict
from kc.web.access import get_community, get_community_to_plan
from kc.web.htmx import go, render

bp = Blueprint("plans", __name__, url_prefix="/communities/<int:community_id>/plan")

SHOWN_PROPOSALS = 5


@bp.get("")
@login_required
def show(community_id: int) -> Response:
    """The whole year's plan on one page: the eight fields, the meetings with their steps, what is proposed."""
    community = get_community(community_id)
    sessions = meeting_lists.of_community(community)
    return render(
        "plans/show.html",
        community=community,
        plan=learning_plans.of(community) or LearningPlan(community=community),
        coming=[one for one in sessions if one.session.held_on >= clock.today()],
        past=[one for one in reversed(sessions) if one.session.held_on < clock.today()],
        hours=meeting_lists.hours(sessions),
        running=series.of_community(community),
        proposals=proposals.of_community(community, g.employee, SHOWN_PROPOSALS),
        form=ProposalForm(),
        can_write=policy.can_write_plan(g.employee, community),
        can_edit=policy.can_edit_community(g.employee, community) and not community.is_cancelled,
    )


@bp.get("/edit")
@login_required
def edit(community_id: int) -> Response:
    community = get_community_to_plan(community_id)
    plan = learning_plans.begun(community)
    form = PlanForm(obj=plan)
    form.version.data = learning_plans.token(plan.version, learning_plans.content_of(plan))
    return _show_form(community, form, plan)


def _show_form(
    community: Community, form: PlanForm, plan: LearningPlan | None, status: int = 200, clashes: tuple[str, ...] = ()
) -> Response:
    return render(
        "plans/edit.html",
        status=status,
        community=community,
        form=form,
        plan=plan,
        clashes=[(form[name], _as_typed(form, name, getattr(plan, name))) for name in clashes],
        next_session=Session.select()
        .where(Session.community == community, Session.held_on >= clock.today(), Session.cancelled_at.is_null())
        .order_by(Session.held_on)
        .first(),
    )


@bp.post("/edit")
@login_required
def save(community_id: int) -> Any:
    """Save the plan as it stands; autosave gets JSON (its contract: static/js/autosave.js), a plain form the page."""
    community = get_community_to_plan(community_id)
    form, autosave = PlanForm(request.form), request.headers.get("X-Autosave") == "1"
    form.validate()
    mine = {name: form[name].data for name in FIELDS if name in request.form and not form[name].errors}
    text = form.version.data or ""
    if form.errors and not autosave:
        return _show_form(community, form, learning_plans.of(community), 422)
    try:
        plan = learning_plans.save(g.employee, community, mine, text, quietly=autosave)
    except PlanConflict as conflict:
        return _conflict(community, form, conflict, autosave)
    except DomainError as refusal:
        if autosave:
            return make_response(jsonify(error=refusal.message), 422)
        form.refuse(refusal)
        return _show_form(community, form, learning_plans.of(community), 422)
    if autosave:
        return jsonify(_answer(form, plan, mine, text))
    flash(_("บันทึกแผนแล้ว"), "success")
    return go(url_for(".show", community_id=community.id))


def _answer(form: PlanForm, plan: LearningPlan, mine: dict[str, Any], text: str) -> dict[str, Any]:
    """Saved, with the new token, and what others changed that this page does not show yet."""
    saved_at = clock.to_local(clock.now()).strftime("%H:%M")
    if form.errors:  # half typed, most likely: everything else is saved, and the line says so
        saved_at = _("%(time)s (ยังไม่รวมช่องที่ยังอ่านไม่ออก)", time=saved_at)
    answer = {"saved_at": saved_at, "version": learning_plans.token_shown(plan, text, mine)}
    news = {n: getattr(plan, n) for n in TEXTS if n in mine and mine[n] != getattr(plan, n)}
    if news:
        shown = {**mine, **news}
        answer["news"] = {name: {"was": mine[name], "now": value} for name, value in news.items()}
        answer["news_version"] = learning_plans.token_shown(plan, text, shown)
    return answer


def _conflict(community: Community, form: PlanForm, conflict: PlanConflict, autosave: bool) -> Any:
    plan, text = conflict.theirs, form.version.data or ""
    after = learning_plans.token_after_clash(plan, text, conflict.clashes)
    if autosave:
        theirs = {name: _as_typed(form, name, getattr(plan, name)) for name in conflict.clashes}
        by = plan.editor.name if plan.editor_id else ""
        return make_response(jsonify(theirs=theirs, version=after, by=by), 409)
    form.refuse(conflict)
    form.version.raw_data, form.version.data = None, after
    return _show_form(community, form, plan, 409, conflict.clashes)


def _as_typed(form: PlanForm, name: str, value: Any) -> str:
    """A value of the database as it would be typed into its field."""
    field = form[name]
    return "" if value is None else (field.show(value) if hasattr(field, "show") else str(value))
