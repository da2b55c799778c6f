"""What a community has been (its history) and whom it learns from: connected communities, sessions held together."""

from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import policy, thai
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, FiscalYear, Session
from kc.models.communities import ACTIVE
from kc.services import community_history, connections
from kc.web.access import get_community, get_community_to_edit, get_link, get_session_to_edit
from kc.web.choices import whole
from kc.web.htmx import go, render

bp = Blueprint("community_links", __name__, url_prefix="/communities/<int:community_id>")

FOUND = 12
LONGEST_WHY = 300


@bp.get("/history")
@login_required
def history(community_id: int) -> Response:
    """Names, titles, topics and rhythms over the years: change is normal and nobody's failure (S0-277)."""
    community = get_community(community_id)
    years = community_history.years_of(community)
    changes = community_history.changes_of(years)
    by_year = {row.id: [change for change in changes if change.community_id == row.id] for row in years}
    can_edit = policy.can_edit_community(g.employee, community) and not community.is_cancelled
    return render("communities/history.html", community=community, years=years, changes=by_year, can_edit=can_edit)


# ---- connected communities -----------------------------------------------------------------------------------------


@bp.get("/connections")
@login_required
def connected(community_id: int) -> Response:
    return _show(get_community(community_id))


def _show(community: Community, status: int = 200, **context: Any) -> Response:
    can_edit = policy.can_edit_community(g.employee, community) and not community.is_cancelled
    links = connections.links_of(community)
    known = [partner.id for _link, partner in links]
    asked = thai.clean_line(request.args.get("q", ""))[:100]
    return render(
        "communities/connections.html",
        block="choose",
        status=status,
        community=community,
        links=links,
        q=asked,
        found=_found(asked, [community.id, *known]) if can_edit and asked else [],
        suggested=connections.suggested(community, known) if can_edit and not asked else [],
        can_edit=can_edit,
        **context,
    )


def _found(words: str, but: list[int]) -> list[Community]:
    """Communities of this year and the last that say these words."""
    query = Community.listing().where((Community.status == ACTIVE) & Community.id.not_in(but))
    for word in words.split()[:6]:
        query = query.where(Community.name.contains(word) | Community.knowledge_title.contains(word))
    return list(query.order_by(FiscalYear.year.desc(), Community.sort_key).limit(FOUND))


@bp.post("/connections")
@login_required
def connect(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    other = Community.get_or_none(Community.id == whole(request.form.get("other", "")))
    if other is None:
        raise DomainError(_("ไม่พบชุมชนนี้ โปรดเลือกใหม่"))
    connections.connect(g.employee, community, other, thai.clean_line(request.form.get("why", ""))[:LONGEST_WHY])
    flash(_("เชื่อมโยงกับ %(name)s แล้ว", name=other.name), "success")
    return go(url_for(".connected", community_id=community.id))


@bp.post("/connections/<int:link_id>/remove")
@login_required
def disconnect(community_id: int, link_id: int) -> Response:
    community = get_community_to_edit(community_id)
    connections.disconnect(g.employee, community, get_link(community, link_id))
    flash(_("ยกเลิกการเชื่อมโยงแล้ว"), "success")
    return go(url_for(".connected", community_id=community.id))


# ---- sessions held together ----------------------------------------------------------------------------------------


@bp.get("/sessions/<int:session_id>/joint")
@login_required
def joint(community_id: int, session_id: int) -> Response:
    """Choose which of the connected communities hold a session too."""
    session = get_session_to_edit(community_id, session_id)
    return _show_joint(session)


def _show_joint(session: Session) -> Response:
    invited = connections.partners(session)
    linked = [partner for _link, partner in connections.links_of(session.community) if not partner.is_cancelled]
    offered = {c.id: c for c in (*invited, *linked)}
    return render(
        "communities/joint.html",
        community=session.community,
        session=session,
        offered=list(offered.values()),
        invited={c.id for c in invited},
    )


@bp.post("/sessions/<int:session_id>/joint")
@login_required
def hold_together(community_id: int, session_id: int) -> Response:
    session = get_session_to_edit(community_id, session_id)
    ids = [whole(value) for value in request.form.getlist("community")[:50]]
    chosen = list(Community.select().where(Community.id.in_(ids) & (Community.status == ACTIVE))) if ids else []
    connections.hold_together(g.employee, session, chosen)
    flash(_("บันทึกแล้ว ชุมชนที่ชวนใหม่ได้รับแจ้งทุกคน") if chosen else _("บันทึกแล้ว"), "success")
    return go(url_for("sessions.show", community_id=community_id, session_id=session.id))
