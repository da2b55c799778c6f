"""Communities that learn from one another, and the sessions they hold together (S0-263, S0-264)."""

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, CommunityLink, Employee, FiscalYear, JointSession, Session, Topic
from kc.models.communities import ACTIVE
from kc.services import audit, communities, community_people, findable, notices

SUGGESTED = 6


def connect(by: Employee, community: Community, other: Community, why: str = "") -> None:
    """Connect two communities; connecting them again only says the reason anew. The other's organisers are told."""
    communities.require_open(community)
    if other.id == community.id:
        raise DomainError(_("เชื่อมโยงกับชุมชนตัวเองไม่ได้ โปรดเลือกชุมชนอื่น"), field="other")
    if other.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว โปรดเลือกชุมชนอื่น"), field="other")
    first, second = sorted((community.id, other.id))
    with db.atomic():
        row, created = CommunityLink.get_or_create(one=first, other=second, defaults={"why": why, "linked_by": by})
        if not created:
            row.why = why or row.why
            row.save(only=[CommunityLink.why])
            return
        audit.record(by, "community.connected", community, other=other.id)
        said = {"community": other.name, "other": community.name}
        told, url = community_people.carers(other), f"/communities/{other.id}/connections"
        notices.tell(told, "community.connected", url, actor=by, **said)


def disconnect(by: Employee, community: Community, link: CommunityLink) -> None:
    with db.atomic():
        link.delete_instance()
        other = link.other_id if link.one_id == community.id else link.one_id
        audit.record(by, "community.disconnected", community, other=other)


def links_of(community: Community) -> list[tuple[CommunityLink, Community]]:
    """(link, the other community with its year and topic) of a community, in Thai order: one statement."""
    other = pw.Case(None, [(CommunityLink.one == community.id, CommunityLink.other)], CommunityLink.one)
    rows = (
        CommunityLink.select(CommunityLink, Community, FiscalYear, Topic)
        .join_from(CommunityLink, Community, on=(Community.id == other), attr="partner")
        .join_from(Community, FiscalYear)
        .join_from(Community, Topic)
        .where((CommunityLink.one == community.id) | (CommunityLink.other == community.id))
        .order_by(Community.sort_key)
    )
    return [(row, row.partner) for row in rows]


def suggested(community: Community, known: list[int]) -> list[Community]:
    """Communities of this year with the same topic, which may face a similar problem (S0-266)."""
    return list(
        Community.listing()
        .where(
            (Topic.series == community.topic.series)
            & (Community.fiscal_year == community.fiscal_year_id)
            & (Community.status == ACTIVE)
            & Community.id.not_in([community.id, *known])
        )
        .limit(SUGGESTED)
    )


# ---- sessions held together ----------------------------------------------------------------------------------------


def partners(session: Session) -> list[Community]:
    """The other communities that hold this session too, in Thai order."""
    joint = JointSession.select(JointSession.community).where(JointSession.session == session)
    return list(Community.select().where(Community.id.in_(joint)).order_by(Community.sort_key))


def hold_together(by: Employee, session: Session, chosen: list[Community]) -> None:
    """Say which other communities hold `session` too. Who is newly invited is told; notes stay whoever wrote them."""
    communities.require_open(session.community)
    if session.cancelled_at is not None:
        raise DomainError(_("กิจกรรมนี้ยกเลิกแล้ว ชวนชุมชนอื่นไม่ได้"))
    wanted = {c.id: c for c in chosen if c.id != session.community_id}
    with db.atomic():
        held = {row.community_id for row in JointSession.select().where(JointSession.session == session)}
        if gone := held - wanted.keys():
            JointSession.delete().where((JointSession.session == session) & JointSession.community.in_(gone)).execute()
        for community_id in wanted.keys() - held:
            JointSession.insert(
                session=session, community=community_id, invited_by=by, invited_at=clock.now()
            ).on_conflict_ignore().execute()
            _tell(by, session, wanted[community_id])
        audit.record(by, "session.joint", session, communities=sorted(wanted))
        findable.session(session)


def _tell(by: Employee, session: Session, partner: Community) -> None:
    url = f"/communities/{session.community_id}/sessions/{session.id}"
    notices.tell(
        community_people.people_of(partner),
        "session.joint",
        url,
        actor=by,
        about=f"session:{session.id}",
        community=partner.name,
        other=session.community.name,
        topic=session.topic,
        day=session.held_on,
    )


def sessions_of(community: Community) -> pw.ModelSelect:
    """Sessions a community holds, its own and those of others it was asked to, newest first, with whose they are."""
    return (
        Session.select(Session, Community.id, Community.name)
        .join(Community, on=(Session.community == Community.id))
        .where(Session.held_by([community]))
        .order_by(Session.held_on.desc(), Session.starts.desc())
    )
