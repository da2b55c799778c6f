"""Communities of practice: the list, the sign-up, a community's page, and its people."""

from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import clock, policy
from kc.errors import Conflict, DomainError
from kc.forms.communities import AskForm, CancelForm, CommunityForm, MemberForm, SignUpForm
from kc.forms.fields import picks
from kc.i18n import gettext as _
from kc.models import Community, FiscalYear, Membership, OrgUnit, Topic
from kc.models.communities import CANCELLED
from kc.services import (
    communities,
    community_people,
    connections,
    guests,
    joining,
    people_lookup,
    renewing,
    rounds,
    years,
)
from kc.web import choices, community_panels, once
from kc.web import community_people as community_people_page
from kc.web.access import get_community, get_community_to_edit
from kc.web.htmx import go, render, wants_fragment
from kc.web.paging import page_url, paginate

bp = Blueprint("communities", __name__, url_prefix="/communities")


@bp.get("/")
@login_required
def index() -> Response:
    """All communities of a year, by unit, topic and words of their name."""
    filters = asked_filters()
    page = paginate(filtered(filters), 24)
    return render(
        "communities/index.html",
        block="results",
        page=page,
        url=page_url(),
        filters=filters,
        years=choices.years(),
        units=choices.units(),
        topics=choices.topic_series(),
        mine=_my_community_ids([c.id for c in page]),
        member_counts=_member_counts([c.id for c in page]),
    )


def asked_filters() -> dict[str, str]:
    """What the address narrows the list to; this year unless it says otherwise or asks for one's own."""
    filters = {name: request.args.get(name, "") for name in ("year", "unit", "topic", "q", "mine", "status")}
    filters["year"] = filters["year"] or ("" if filters["mine"] else str(years.current().year))
    return filters


def filtered(filters: dict[str, str]) -> Any:
    """The communities of the list, for the page and for its Excel file."""
    query = Community.listing()
    if filters["year"].isdecimal() and len(filters["year"]) < 6:
        query = query.where(FiscalYear.year == int(filters["year"]))
    unit = OrgUnit.get_or_none(OrgUnit.id == choices.whole(filters["unit"]))
    if unit is not None:
        query = query.where(OrgUnit.path.startswith(unit.path))
    if choices.whole(filters["topic"]):
        query = query.where(Topic.series == choices.whole(filters["topic"]))
    for word in filters["q"].split()[:8]:
        query = query.where(Community.name.contains(word) | Community.knowledge_title.contains(word))
    if filters["mine"]:
        query = query.where(Community.id.in_(_memberships_of_mine()))
    shown = Community.status == CANCELLED if filters["status"] == CANCELLED else Community.status != CANCELLED
    return query.where(shown)


def _memberships_of_mine() -> Any:
    return Membership.select(Membership.community).where(
        (Membership.employee == g.employee) & Membership.left_at.is_null()
    )


def _my_community_ids(among: list[int]) -> set[int]:
    rows = _memberships_of_mine().where(Membership.community.in_(among)).tuples()
    return {community_id for (community_id,) in rows}


def _member_counts(among: list[int]) -> dict[int, int]:
    """People (not roles) in each community."""
    people = (
        Membership.select(Membership.community, Membership.employee)
        .where(Membership.community.in_(among) & Membership.left_at.is_null())
        .distinct()
        .tuples()
    )
    counts: dict[int, int] = {}
    for community_id, _employee in people:
        counts[community_id] = counts.get(community_id, 0) + 1
    return counts


# ---- sign-up -------------------------------------------------------------------------------------------------------


@bp.get("/new")
@login_required
def new() -> Response:
    """The sign-up form; a stable address that an intranet portal can point at (S0-22…24)."""
    unit = g.employee.unit
    form = SignUpForm(form_key=communities.new_form_key(), name=communities.suggested_name(unit), unit=str(unit.id))
    form.knowledge_title.data = request.args.get("title", "")[:300]
    return _show_sign_up(form)


def _show_sign_up(form: SignUpForm, status: int = 200) -> Response:
    open_years = rounds.sign_up_years()
    year = _sign_up_year(open_years)
    form.topic.choices = picks([("", _("เลือกประเด็นเรียนรู้")), *choices.topics_of(year)])
    form.unit.choices = picks(choices.units(policy.sign_up_units(g.employee)))
    return render(
        "communities/new.html",
        block="form",
        status=status,
        form=form,
        year=year,
        renewable=_renewable(year) if status == 200 else [],
        days=rounds.deadlines(year, g.employee.unit),
        open_years=open_years,
    )


def _sign_up_year(open_years: list[int]) -> FiscalYear:
    """The year that the form is for: what was asked for, when it is open, else the one to offer."""
    asked = choices.whole(request.values.get("year"))
    return years.get_or_open(asked if asked in open_years else open_years[0])


def _renewable(year: FiscalYear) -> list[Community]:
    """Last year's communities that this person looks after and nobody has renewed yet."""
    mine = Membership.select(Membership.community).where(
        (Membership.employee == g.employee) & Membership.left_at.is_null() & Membership.role.in_(policy.ORGANISERS)
    )
    return list(renewing.renewable(year, year.year - 1).where(Community.id.in_(mine)).limit(5))


@bp.post("/new")
@login_required
def create() -> Response:
    form = SignUpForm(request.form)
    year = _sign_up_year(rounds.sign_up_years())
    if not form.name.data:  # a form that leaves the suggestion out means the suggestion
        form.name.data = communities.suggested_name(g.employee.unit)
    if not form.unit.data:
        form.unit.data = str(g.employee.unit_id)
    form.validate()
    topic = Topic.get_or_none(Topic.id == choices.whole(form.topic.data))
    unit = OrgUnit.get_or_none(OrgUnit.id == choices.whole(form.unit.data))
    if topic is None and not form.topic.errors:
        form.refuse(DomainError(_("โปรดเลือกประเด็นเรียนรู้"), field="topic"))
    if unit is None or not policy.can_sign_up_for(g.employee, unit):
        form.refuse(DomainError(_("สมัครได้เฉพาะสังกัดของคุณหรือสังกัดที่คุณประสานงาน"), field="unit"))
    if form.errors:
        return _show_sign_up(form, 422)
    try:
        community = communities.sign_up(
            g.employee,
            unit=unit,
            year=year,
            name=form.name.data,
            knowledge_title=form.knowledge_title.data,
            topic=topic,
            form_key=once.key_of(form),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_sign_up(form, 422)
    flash(_("สมัครชุมชนเรียบร้อยแล้ว เพิ่มสมาชิกต่อได้เลย"), "success")
    return go(url_for(".show", community_id=community.id))


# ---- one community -------------------------------------------------------------------------------------------------


@bp.get("/<int:community_id>")
@login_required
def show(community_id: int) -> Response:
    return _show(get_community(community_id))


def _show(community: Community, status: int = 200, block: str | None = None, **context: Any) -> Response:
    members = list(community.current_members())
    policy.know_community_roles(g.employee, community, members)
    asks = policy.can_ask_to_join(g.employee, community)
    context.setdefault("member_form", MemberForm())
    return render(
        "communities/show.html",
        block=block,
        status=status,
        community=community,
        members=members,
        team=community_people.team_of(members),
        guests=guests.of(community),
        invitations=joining.my_invitations(g.employee, community),
        asked=joining.latest_request(g.employee, community) if asks else None,
        ask_form=AskForm(),
        can_edit=policy.can_edit_community(g.employee, community) and not community.is_cancelled,
        **(_of_the_whole_page(community) if block is None else {}),
        **context,
    )


def _of_the_whole_page(community: Community) -> dict[str, Any]:
    """What stands beside the people: what is next, what was, what was learned, and from whom else."""
    sessions = list(connections.sessions_of(community).limit(50))
    ahead = [s for s in sessions if s.held_on >= clock.today() and s.cancelled_at is None]
    articles = community.articles.where(policy.visible_articles(g.employee))
    return {
        "sessions": sessions,
        "next": ahead[-1] if ahead else None,
        "articles": list(articles.limit(20)),
        "links": connections.links_of(community),
        "panels": community_panels.read(community, g.employee),
    }


@bp.get("/<int:community_id>/edit")
@login_required
def edit(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = CommunityForm(obj=community)
    form.topic.data = str(community.topic_id)
    form.models.data = form.ways.data = list(community.form_keys)
    return _show_edit(community, form)


def _show_edit(community: Community, form: CommunityForm, status: int = 200, theirs: Any = None) -> Response:
    form.topic.choices = picks(choices.topics_of(community.fiscal_year, kept=community.topic))
    return render(
        "communities/edit.html",
        block="form",
        status=status,
        community=community,
        form=form,
        theirs=theirs,
        cancel_form=CancelForm(),
    )


@bp.post("/<int:community_id>/edit")
@login_required
def update(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = CommunityForm(request.form)
    form.validate()
    topic = Topic.get_or_none(Topic.id == choices.whole(form.topic.data))
    if topic is None and not form.topic.errors:
        form.refuse(DomainError(_("โปรดเลือกประเด็นเรียนรู้"), field="topic"))
    if form.errors:
        return _show_edit(community, form, 422)
    try:
        communities.change(
            g.employee,
            community,
            form.version.data or 0,
            why=form.why.data,
            name=form.name.data,
            knowledge_title=form.knowledge_title.data,
            topic=topic,
            goals=form.goals.data,
            agreement=form.agreement.data,
            rhythm=form.rhythm.data,
            forms=[*(form.models.data or []), *(form.ways.data or [])],
            asks_to_join=bool(form.asks_to_join.data),
        )
    except Conflict as conflict:  # both versions are shown; sending again saves over theirs, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_edit(community, form, 409, theirs=conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_edit(community, form, 422)
    flash(_("บันทึกข้อมูลชุมชนแล้ว"), "success")
    return go(url_for(".show", community_id=community.id))


@bp.post("/<int:community_id>/cancel")
@login_required
def cancel(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = CancelForm(request.form)
    if not form.validate():
        raise DomainError(str(form.reason.errors[0]))
    communities.cancel(g.employee, community, form.reason.data)
    flash(_("ยกเลิกชุมชนแล้ว ข้อมูลทั้งหมดยังเก็บไว้"), "success")
    return go(url_for(".show", community_id=community.id))


@bp.post("/<int:community_id>/reopen")
@login_required
def reopen(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    communities.reopen(g.employee, community)
    flash(_("เปิดชุมชนอีกครั้งแล้ว"), "success")
    return go(url_for(".show", community_id=community.id))


# ---- its people ----------------------------------------------------------------------------------------------------


def _membership_changed(community: Community, said: str) -> Response:
    """Where the people stood when it was done: the community's page, or the page of its people."""
    if request.form.get("back") == "people":
        return community_people_page.changed(community, said)
    if wants_fragment():
        return _show(community, block="membership", said=said)
    flash(said, "success")
    return go(url_for(".show", community_id=community.id))


@bp.post("/<int:community_id>/join")
@login_required
def join(community_id: int) -> Response:
    community = get_community(community_id)
    communities.join(g.employee, community)
    return _membership_changed(community, _("เข้าร่วมชุมชนแล้ว"))


@bp.post("/<int:community_id>/leave")
@login_required
def leave(community_id: int) -> Response:
    community = get_community(community_id)
    communities.leave(g.employee, community)
    return _membership_changed(community, _("ออกจากชุมชนแล้ว"))


@bp.post("/<int:community_id>/members")
@login_required
def add_member(community_id: int) -> Response:
    """Add someone by name or employee ID. Several with that name: the form asks which."""
    community = get_community_to_edit(community_id)
    form = MemberForm(request.form)
    form.validate()
    matches = people_lookup.exact(form.person.data) if not form.person.errors else []
    if not form.errors and len(matches) != 1:
        form.refuse(DomainError(people_lookup.not_one(form.person.data, matches), field="person"))
    if not form.errors:
        try:
            communities.add_member(g.employee, community, matches[0], form.role.data, bool(form.is_deputy.data))
            return _membership_changed(community, _("เพิ่ม %(name)s แล้ว", name=matches[0].name))
        except DomainError as refusal:
            form.refuse(refusal)
    return _show(community, 422, block="membership", member_form=form, candidates=matches)


@bp.post("/<int:community_id>/members/<int:membership_id>/remove")
@login_required
def remove_member(community_id: int, membership_id: int) -> Response:
    community = get_community_to_edit(community_id)
    membership = Membership.get_or_none((Membership.id == membership_id) & (Membership.community == community))
    if membership is not None and membership.left_at is None:
        communities.remove_role(g.employee, membership)
    return _membership_changed(community, _("นำออกจากชุมชนแล้ว"))
