"""What members would like to talk about: propose it, vote in one tap, plan a session about it."""

from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import policy
from kc.addresses import own_path
from kc.errors import DomainError
from kc.forms.plans import ProposalForm
from kc.i18n import gettext as _
from kc.models import Community, Proposal
from kc.services import proposals
from kc.web.access import get_community, get_community_to_edit, get_community_to_plan, get_proposal
from kc.web.htmx import go, render, wants_fragment

bp = Blueprint("proposals", __name__, url_prefix="/communities/<int:community_id>/proposals")


@bp.get("/")
@login_required
def index(community_id: int) -> Response:
    """`?text=&source=`: from elsewhere, filled in (a question of the webboard)."""
    form = ProposalForm(text=request.args.get("text", "")[:300], source=own_path(request.args.get("source")))
    return _show(get_community(community_id), form)


def _show(community: Community, form: ProposalForm | None = None, status: int = 200, **context: Any) -> Response:
    return render(
        "proposals/index.html",
        block="list",
        status=status,
        community=community,
        form=form or ProposalForm(),
        proposals=proposals.of_community(community, g.employee),
        closed=proposals.closed_ones(community),
        can_write=policy.can_write_plan(g.employee, community),
        can_edit=policy.can_edit_community(g.employee, community) and not community.is_cancelled,
        **context,
    )


@bp.post("/")
@login_required
def propose(community_id: int) -> Response:
    community = get_community_to_plan(community_id)
    form = ProposalForm(request.form)
    if form.validate():
        try:
            proposals.propose(g.employee, community, form.text.data, source_url=form.source.data or "")
            return _done(community, _("เสนอเรื่องแล้ว ขอบคุณที่ช่วยกันคิด"))
        except DomainError as refusal:
            form.refuse(refusal)
    return _show(community, form, 422)


def _done(community: Community, said: str) -> Response:
    if wants_fragment():
        return _show(community, said=said)
    flash(said, "success")
    return go(url_for(".index", community_id=community.id))


@bp.post("/<int:proposal_id>/vote")
@login_required
def vote(community_id: int, proposal_id: int) -> Response:
    """One tap: `wanted` is 1 or 0."""
    community = get_community_to_plan(community_id)
    wanted = request.form.get("wanted") != "0"
    proposals.vote(g.employee, get_proposal(community, proposal_id), wanted)
    return _done(community, _("นับเสียงของคุณแล้ว") if wanted else _("ถอนเสียงของคุณแล้ว"))


@bp.post("/<int:proposal_id>/set-aside")
@login_required
def set_aside(community_id: int, proposal_id: int) -> Response:
    """By the organisers; `aside=0` takes it out again."""
    community = get_community_to_edit(community_id)
    aside = request.form.get("aside") != "0"
    proposals.set_aside(g.employee, get_proposal(community, proposal_id), aside)
    return _done(community, _("พักเรื่องนี้ไว้แล้ว") if aside else _("นำเรื่องนี้กลับมาแล้ว"))


@bp.post("/<int:proposal_id>/withdraw")
@login_required
def withdraw(community_id: int, proposal_id: int) -> Response:
    """By whoever proposed it."""
    community = get_community(community_id)
    proposal: Proposal = get_proposal(community, proposal_id, to_withdraw=True)
    proposals.withdraw(g.employee, proposal)
    return _done(community, _("ถอนเรื่องที่เสนอแล้ว"))
