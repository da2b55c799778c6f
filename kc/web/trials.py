"""Trials: from a note in one tap or from scratch, begun, their results told, and the next round."""

from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import clock, policy
from kc.addresses import own_path
from kc.errors import Conflict, DomainError
from kc.forms.trials import ResultForm, TrialForm
from kc.i18n import gettext as _
from kc.models import Attachment, Community, Employee, Trial
from kc.services import (
    communities,
    comparison,
    people_lookup,
    question_turns,
    reading,
    trial_articles,
    trial_chains,
    trials,
)
from kc.web import once
from kc.web.access import (
    get_community,
    get_community_to_try_in,
    get_note_to_try,
    get_trial,
    get_trial_to_write,
)
from kc.web.htmx import go, render, wants_fragment
from kc.web.trial_pictures import Picture

bp = Blueprint("trials", __name__, url_prefix="/communities/<int:community_id>/trials")

LINES = ("what", "how", "place", "starts_on", "due_on", "expected", "measure", "unit", "before", "target")


@bp.get("/")
@login_required
def index(community_id: int) -> Response:
    """All that a community tried, each chain drawn."""
    community = get_community(community_id)
    return render(
        "trials/index.html",
        community=community,
        pictures=[Picture(chain) for chain in trial_chains.of_community(g.employee, community)],
        may_work=policy.can_work_on_trials(g.employee, community),
    )


# ---- planning ------------------------------------------------------------------------------------------------------


@bp.post("/from-note/<int:note_id>")
@login_required
def from_note(community_id: int, note_id: int) -> Response:
    """One tap on a note. With htmx the tapped button becomes the way to the trial, and writing goes on."""
    community, note = get_note_to_try(community_id, note_id)
    trial = trials.try_note(g.employee, note, community)
    if wants_fragment():
        return render("trials/from_note.html", block="button", community=community, note=note, trial=trial)
    flash(_("วางแผนทดลองแล้ว เติมรายละเอียดเมื่อสะดวก"), "success")
    return _to(trial)


@bp.get("/new")
@login_required
def new(community_id: int) -> Response:
    """From scratch: most of it can be said later. `?what=&source=`: from elsewhere, filled in (a question)."""
    community = get_community_to_try_in(community_id)
    form = TrialForm(
        form_key=communities.new_form_key(),
        source=own_path(request.args.get("source")),
        what=request.args.get("what", "")[:300],
        owner=g.employee.name,
        place=g.employee.unit.name,
        starts_on=clock.today(),
        due_on=trials.due_day(community),
    )
    return _show_form(community, form)


def _show_form(
    community: Community,
    form: TrialForm,
    status: int = 200,
    trial: Trial | None = None,
    theirs: Trial | None = None,
    candidates: list[Employee] | None = None,
) -> Response:
    members = list({m.employee_id: m.employee for m in community.current_members()}.values())
    return render(
        "trials/form.html",
        status=status,
        community=community,
        form=form,
        trial=trial,
        theirs=theirs,
        members=members,
        candidates=candidates or [],
    )


@bp.post("/new")
@login_required
def create(community_id: int) -> Response:
    community = get_community_to_try_in(community_id)
    form = TrialForm(request.form)
    values, candidates = _plan(form)
    if form.errors:
        return _show_form(community, form, 422, candidates=candidates)
    try:
        form_key = once.key_of(form)
        trial = trials.start(g.employee, community, source_url=form.source.data or "", form_key=form_key, **values)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(community, form, 422)
    flash(_("วางแผนทดลองแล้ว"), "success")
    return _to(trial)


def _plan(form: TrialForm, owner: Employee | None = None) -> tuple[dict[str, Any], list[Employee]]:
    """What the form says; `owner` when it names nobody. A name that means several people is asked about."""
    form.validate()
    values = {name: form[name].data for name in LINES}
    typed = form.owner.data
    found = people_lookup.exact(typed) if typed else [owner or g.employee]
    if len(found) != 1:
        form.refuse(DomainError(people_lookup.not_one(typed, found), field="owner"))
        return values, found
    return values | {"owner": found[0]}, []


def _to(trial: Trial, anchor: str | None = None) -> Response:
    return go(url_for("trials.show", community_id=trial.community_id, trial_id=trial.id, _anchor=anchor))


@bp.get("/<int:trial_id>/edit")
@login_required
def edit(community_id: int, trial_id: int) -> Response:
    trial = get_trial_to_write(community_id, trial_id)
    form = TrialForm(obj=trial)
    form.owner.data = trial.owner.name
    return _show_form(trial.community, form, trial=trial)


@bp.post("/<int:trial_id>/edit")
@login_required
def update(community_id: int, trial_id: int) -> Response:
    trial = get_trial_to_write(community_id, trial_id)
    form = TrialForm(request.form)
    values, candidates = _plan(form, trial.owner)
    if form.errors:
        return _show_form(trial.community, form, 422, trial, candidates=candidates)
    try:
        trials.change(g.employee, trial, form.version.data or 0, **values)
    except Conflict as conflict:  # both are shown; sending again saves this one, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_form(trial.community, form, 409, trial, conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(trial.community, form, 422, trial)
    flash(_("บันทึกการทดลองแล้ว"), "success")
    return _to(trial)


# ---- one trial -----------------------------------------------------------------------------------------------------


@bp.get("/<int:trial_id>")
@login_required
def show(community_id: int, trial_id: int) -> Response:
    trial = get_trial(community_id, trial_id)
    chain = trial_chains.of_trial(g.employee, trial)
    number = next((n for n, row in enumerate(chain.trials, 1) if row.id == trial.id), 1)
    following = next((row for row in chain.trials if row.previous_id == trial.id), None)
    return render(
        "trials/show.html",
        community=trial.community,
        trial=trial,
        picture=Picture(chain),
        question=question_turns.came_from(g.employee, trial.source_url),
        number=number,
        following=following,
        note=trial.note if trial.note_id and policy.can_write_for(g.employee, trial.community) else None,
        files=_files(trial),
        rows=comparison.rows([trial]) if trial.measure else [],
        may_write=policy.can_write_trial(g.employee, trial) and trial.deleted_at is None,
        may_write_up=policy.can_write_for(g.employee, trial.community),
    )


def _files(trial: Trial) -> list[Attachment]:
    if not policy.can_see_trial_files(g.employee, trial):
        return []
    mine = trial.attachments.where(policy.visible_files(g.employee)).order_by(Attachment.id)
    return reading.with_states(mine)


@bp.post("/<int:trial_id>/begin")
@login_required
def begin(community_id: int, trial_id: int) -> Response:
    trial = get_trial_to_write(community_id, trial_id)
    trials.begin(g.employee, trial)
    flash(_("เริ่มทดลองแล้ว ได้ผลอย่างไรอย่าลืมกลับมาเล่า"), "success")
    return _to(trial)


@bp.get("/<int:trial_id>/result")
@login_required
def result(community_id: int, trial_id: int) -> Response:
    trial = get_trial_to_write(community_id, trial_id)
    form = ResultForm(obj=trial)
    form.result_on.data = trial.result_on or clock.today()
    return _show_result(trial, form)


def _show_result(trial: Trial, form: ResultForm, status: int = 200, theirs: Trial | None = None) -> Response:
    return render("trials/result.html", status=status, community=trial.community, trial=trial, form=form, theirs=theirs)


@bp.post("/<int:trial_id>/result")
@login_required
def tell_result(community_id: int, trial_id: int) -> Response:
    """Save what came of it; the button `then` = next plans the next round at once."""
    trial = get_trial_to_write(community_id, trial_id)
    form = ResultForm(request.form)
    if not form.validate():
        return _show_result(trial, form, 422)
    told = {name: form[name].data for name in ("result", "outcome", "improve", "after", "result_on")}
    try:
        trials.tell_result(g.employee, trial, form.version.data or 0, **told)
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_result(trial, form, 409, conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_result(trial, form, 422)
    if request.form.get("then") == "next":
        return _plan_next(trial)
    flash(_("บันทึกผลแล้ว ขอบคุณที่นำกลับมาเล่า"), "success")
    return _to(trial)


@bp.post("/<int:trial_id>/next")
@login_required
def next_round(community_id: int, trial_id: int) -> Response:
    return _plan_next(get_trial_to_write(community_id, trial_id))


def _plan_next(trial: Trial) -> Response:
    following = trials.next_of(g.employee, trial)
    flash(_("วางแผนรอบต่อไปแล้ว ตรวจวันและวิธีทำอีกครั้งได้"), "success")
    return _to(following)


@bp.post("/<int:trial_id>/delete")
@login_required
def delete(community_id: int, trial_id: int) -> Response:
    trial = get_trial_to_write(community_id, trial_id)
    trials.delete(g.employee, trial)
    flash(_("ลบการทดลองแล้ว"), "success")
    return _to(trial)


@bp.post("/<int:trial_id>/bring-back")
@login_required
def bring_back(community_id: int, trial_id: int) -> Response:
    trial = get_trial_to_write(community_id, trial_id)
    trials.bring_back(g.employee, trial)
    return _to(trial)


@bp.post("/<int:trial_id>/write-up")
@login_required
def write_up(community_id: int, trial_id: int) -> Response:
    """Knowledge from the whole chain, ready to be finished in the editor."""
    trial = get_trial(community_id, trial_id)
    chain = trial_chains.of_trial(g.employee, trial)
    article = trial_articles.write_up(g.employee, trial.community, chain)
    if policy.can_edit_article(g.employee, article):
        return go(url_for("knowledge.edit", article_id=article.id, _anchor="method"))
    return go(url_for("knowledge.show", article_id=article.id))
