"""The people of a community on one page: who holds which role, deputies, hand-over, requests, invitations, guests."""

import json
from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import labels, policy
from kc.errors import DomainError
from kc.forms.communities import AnswerForm, AskForm, DeputyForm, HandOverForm, InviteForm, OutsiderForm
from kc.forms.fields import picks
from kc.i18n import gettext as _
from kc.models import Community, Employee, Membership
from kc.services import bringing_in, communities, community_people, guests, handing_over, joining, people_lookup
from kc.web.access import (
    get_community,
    get_community_to_edit,
    get_guest,
    get_invitation,
    get_join_request,
    get_my_invitation,
)
from kc.web.choices import whole
from kc.web.htmx import go, render, wants_fragment

bp = Blueprint("community_people", __name__, url_prefix="/communities/<int:community_id>")


@bp.get("/people")
@login_required
def show(community_id: int) -> Response:
    """Everybody sees who is in it; those who look after it find every step here. `hand_over`: which role to give."""
    hand_over = HandOverForm(membership=request.args.get("hand_over", ""))
    deputy = DeputyForm(role=request.args.get("deputy_of", ""))
    return _show(get_community(community_id), hand_over_form=hand_over, deputy_form=deputy)


def _show(community: Community, status: int = 200, **context: Any) -> Response:
    members = list(community.current_members())
    policy.know_community_roles(g.employee, community, members)
    team = community_people.team_of(members)
    can_edit = policy.can_edit_community(g.employee, community) and not community.is_cancelled
    context = {
        "invite_form": InviteForm(),
        "deputy_form": DeputyForm(),
        "hand_over_form": HandOverForm(),
        "guest_form": OutsiderForm(),
        "answer_form": AnswerForm(),
    } | context
    _offer(team, context["deputy_form"], context["hand_over_form"])
    return render(
        "communities/people.html",
        block="people",
        status=status,
        community=community,
        team=team,
        asking=joining.requests_of(community) if can_edit else [],
        invited=joining.invitations_of(community) if can_edit else [],
        guests=guests.of(community),
        can_edit=can_edit,
        **context,
    )


def _offer(team: community_people.Team, deputy: DeputyForm, hand_over: HandOverForm) -> None:
    """What can be chosen: roles to stand in for, and roles that somebody holds and may give."""
    deputy.role.choices = picks([(duty.role, labels.COMMUNITY_ROLES[duty.role]) for duty in team.duties])
    held = [(m, labels.COMMUNITY_ROLES[duty.role]) for duty in team.duties for m in (*duty.holders, *duty.deputies)]
    mine_first = sorted(held, key=lambda pair: pair[0].employee_id != g.employee.id)
    hand_over.membership.choices = picks([(str(m.id), f"{role} · {m.employee.name}") for m, role in mine_first])


def changed(community: Community, said: str) -> Response:
    """The people anew, with what was done said above them; and where the reader is, which may be far below."""
    if wants_fragment():
        answer = _show(community, said=said)
        answer.headers["HX-Trigger"] = json.dumps({"kc:toast": {"text": said, "kind": "success"}})
        return answer
    flash(said, "success")
    return go(url_for("community_people.show", community_id=community.id))


def _one_person(form: Any, field: str) -> Employee | None:
    """Whom a field means; when it is nobody, or several, the form says so."""
    if form.errors:
        return None
    found = people_lookup.exact(form[field].data)
    if len(found) != 1:
        form.refuse(DomainError(people_lookup.not_one(form[field].data, found), field=field))
        return None
    return found[0]


# ---- roles ---------------------------------------------------------------------------------------------------------


@bp.post("/hand-over")
@login_required
def hand_over(community_id: int) -> Response:
    """A role goes to somebody else in one step (S0-302)."""
    community = get_community_to_edit(community_id)
    form = HandOverForm(request.form)
    form.validate()
    held = (Membership.id == whole(form.membership.data)) & (Membership.community == community)
    membership = Membership.get_or_none(held & Membership.left_at.is_null())
    if membership is None:
        form.refuse(DomainError(_("โปรดเลือกหน้าที่ที่จะส่งมอบ"), field="membership"))
    to = _one_person(form, "to")
    if membership is not None and to is not None and not form.errors:
        membership.community = community
        try:
            handing_over.hand_over(g.employee, membership, to, form.afterwards.data)
            return changed(community, _("ส่งมอบหน้าที่ให้ %(name)s แล้ว", name=to.name))
        except DomainError as refusal:
            form.refuse(refusal)
    return _show(community, 422, hand_over_form=form)


@bp.post("/deputies")
@login_required
def add_deputy(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = DeputyForm(request.form)
    form.validate()
    person = _one_person(form, "deputy")
    if person is not None:
        try:
            handing_over.set_deputy(g.employee, community, form.role.data, person)
            return changed(community, _("%(name)s ทำหน้าที่แทนได้แล้ว", name=person.name))
        except DomainError as refusal:
            refusal.field = "deputy" if refusal.field == "person" else refusal.field
            form.refuse(refusal)
    return _show(community, 422, deputy_form=form)


# ---- asking and inviting -------------------------------------------------------------------------------------------


@bp.post("/requests")
@login_required
def ask(community_id: int) -> Response:
    """Ask to join a community that wants to be asked."""
    community = get_community(community_id)
    form = AskForm(request.form)
    if not form.validate():
        raise DomainError(str(form.message.errors[0]))
    if policy.can_join(g.employee, community):  # meanwhile it lets people join at once
        communities.join(g.employee, community)
        flash(_("เข้าร่วมชุมชนแล้ว"), "success")
    else:
        joining.ask(g.employee, community, form.message.data)
        flash(_("ส่งคำขอแล้ว ผู้ดูแลชุมชนจะตอบกลับให้ทราบ"), "success")
    return go(url_for("communities.show", community_id=community.id))


@bp.post("/requests/take-back")
@login_required
def take_back(community_id: int) -> Response:
    community = get_community(community_id)
    joining.take_back(g.employee, community)
    flash(_("ถอนคำขอแล้ว"), "success")
    return go(url_for("communities.show", community_id=community.id))


@bp.post("/requests/<int:asked_id>/answer")
@login_required
def answer_request(community_id: int, asked_id: int) -> Response:
    """`accept` is 1 or 0."""
    community = get_community_to_edit(community_id)
    asked = get_join_request(community, asked_id)
    form = AnswerForm(request.form)
    if not form.validate():
        return _show(community, 422, answer_form=form, answering=asked.id)
    accept = request.form.get("accept") == "1"
    joining.answer(g.employee, asked, accept, form.answer.data)
    name = asked.employee.name
    said = _("รับ %(name)s เข้าชุมชนแล้ว", name=name) if accept else _("ตอบ %(name)s แล้ว", name=name)
    return changed(community, said)


@bp.post("/invitations")
@login_required
def bring_in(community_id: int) -> Response:
    """Several people at once: `how` is "add" or "invite". Lines that mean nobody stay in the box, with the reason."""
    community = get_community_to_edit(community_id)
    form = InviteForm(request.form)
    if not form.validate():
        return _show(community, 422, invite_form=form)
    invites = request.form.get("how") != "add"
    try:
        result = bringing_in.bring_in(
            g.employee, community, form.people.data, form.role.data, invites=invites, text=form.message.data
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(community, 422, invite_form=form)
    n = len(result.done)
    said = _("ส่งคำเชิญ %(n)d คนแล้ว", n=n) if invites else _("เพิ่มในชุมชน %(n)d คนแล้ว", n=n)
    if not result.left:
        return changed(community, said)
    form.people.data = "\n".join(line for line, _why in result.left)
    form.people.errors = [why for _line, why in result.left]
    return _show(community, 422, invite_form=form, said=said if n else "")


@bp.post("/invitations/<int:invitation_id>/answer")
@login_required
def answer_invitation(community_id: int, invitation_id: int) -> Response:
    """The invited person's yes or not now: `accept` is 1 or 0."""
    invitation = get_my_invitation(community_id, invitation_id)
    accept = request.form.get("accept") == "1"
    joining.respond(g.employee, invitation, accept)
    flash(_("ยินดีต้อนรับเข้าชุมชน") if accept else _("ตอบแล้ว ขอบคุณที่แจ้งให้ทราบ"), "success")
    return go(url_for("communities.show", community_id=community_id))


@bp.post("/invitations/<int:invitation_id>/call-back")
@login_required
def call_back(community_id: int, invitation_id: int) -> Response:
    community = get_community_to_edit(community_id)
    joining.call_back(g.employee, get_invitation(community, invitation_id))
    return changed(community, _("ยกเลิกคำเชิญแล้ว"))


# ---- guests --------------------------------------------------------------------------------------------------------


@bp.post("/guests")
@login_required
def add_guest(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = OutsiderForm(request.form)
    if form.validate():
        kept = {name: form[name].data for name in ("organisation", "contact", "brings")}
        try:
            guest = guests.add(g.employee, community, form.name.data, **kept)
            return changed(community, _("เพิ่ม %(name)s แล้ว", name=guest.name))
        except DomainError as refusal:
            form.refuse(refusal)
    return _show(community, 422, guest_form=form)


@bp.post("/guests/<int:guest_id>/remove")
@login_required
def remove_guest(community_id: int, guest_id: int) -> Response:
    community = get_community_to_edit(community_id)
    guests.remove(g.employee, get_guest(community, guest_id))
    return changed(community, _("นำออกแล้ว และลบช่องทางติดต่อแล้ว"))
