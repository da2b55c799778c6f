"""A role goes from one person to the next in one step, and every role may have deputies (S0-52, S0-302)."""

from typing import Any

import peewee as pw

from kc import clock, policy
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, Membership, Session, SessionSeries
from kc.models.communities import FACILITATOR, MEMBER
from kc.services import audit, communities, community_people, findable, notices

STAYS_DEPUTY, STAYS_MEMBER, LEAVES = "deputy", "member", "leaves"
AFTERWARDS = (STAYS_DEPUTY, STAYS_MEMBER, LEAVES)


def hand_over(by: Employee, membership: Membership, to: Employee, afterwards: str = STAYS_DEPUTY) -> Membership:
    """Give the role of `membership` to `to`: from now on it is theirs, with the meetings that are still to come.

    `afterwards`: who held it stays as deputy, stays as a member, or leaves the community.
    """
    community, giver, role = membership.community, membership.employee, membership.role
    communities.require_open(community)
    _check(membership, to, afterwards)
    with db.atomic():
        taken = communities.hold_role(community, to, role, by)
        communities.settle_waiting(by, community, to)
        _step_back(by, membership, afterwards)
        moved = _move_meetings(community, giver, to, afterwards) if role == FACILITATOR else 0
        details = {"from": giver.employee_id, "to": to.employee_id, "role": role, "sessions": moved}
        audit.record(by, "community.handed_over", community, **details)
        url = f"/communities/{community.id}/people"
        notices.tell([to], "community.handed_over", url, actor=by, community=community.name)
        others = [person for person in community_people.people_of(community) if person.id != to.id]
        said = {"person": to.name, "community": community.name}
        notices.tell(others, "community.has_new_holder", url, actor=by, about=f"community:{community.id}", **said)
        findable.membership(community, giver)
        findable.membership(community, to)
    for employee in (by, giver, to):
        policy.forget_community_roles(employee)
    return taken


def _check(membership: Membership, to: Employee, afterwards: str) -> None:
    if membership.role not in policy.ORGANISERS or membership.left_at is not None:
        raise DomainError(_("บทบาทนี้ส่งมอบไม่ได้ โปรดเลือกใหม่"), field="membership")
    if to.id == membership.employee_id:
        raise DomainError(_("ผู้รับมอบเป็นคนเดียวกับผู้ส่งมอบ โปรดเลือกคนอื่น"), field="to")
    if not to.is_active:
        raise DomainError(_("%(name)s พ้นสภาพพนักงานแล้ว รับมอบไม่ได้", name=to.name), field="to")
    if afterwards not in AFTERWARDS:
        raise DomainError(_("โปรดเลือกว่าหลังส่งมอบแล้วจะอยู่ในชุมชนอย่างไร"), field="afterwards")


def _step_back(by: Employee, membership: Membership, afterwards: str) -> None:
    """What becomes of who held the role."""
    if afterwards == STAYS_DEPUTY:
        membership.is_deputy = True
        membership.save(only=[Membership.is_deputy])
        return
    mine = (Membership.community == membership.community_id) & (Membership.employee == membership.employee_id)
    if afterwards == STAYS_MEMBER:
        ended = mine & (Membership.role == membership.role)
        communities.hold_role(membership.community, membership.employee, MEMBER, by)
    else:
        ended = mine & Membership.left_at.is_null()
    Membership.update(left_at=clock.now()).where(ended).execute()


def _move_meetings(community: Community, giver: Employee, to: Employee, afterwards: str) -> int:
    """Meetings to come that the giver was to lead are led by the next, those that series will make as well.

    A giver who stays as deputy stands in.
    """
    ahead = (Session.held_on >= clock.today()) & Session.cancelled_at.is_null()
    led = ahead & (Session.community == community) & (Session.facilitator == giver)
    ids = [session_id for (session_id,) in Session.select(Session.id).where(led).tuples()]
    stands_in = giver if afterwards == STAYS_DEPUTY else None
    _lead(Session, Session.id.in_(ids), to, stands_in, version=Session.version + 1)
    template = (SessionSeries.community == community) & (SessionSeries.facilitator == giver)
    _lead(SessionSeries, template, to, stands_in)
    for session_id in ids:
        findable.session(Session(id=session_id))
    return len(ids)


def _lead(
    model: type[Session] | type[SessionSeries],
    which: pw.Expression,
    to: Employee,
    stands_in: Employee | None,
    **more: Any,
) -> None:
    deputy = pw.Case(None, [((model.deputy == to) | model.deputy.is_null(), stands_in)], model.deputy)
    model.update(facilitator=to, deputy=deputy, updated_at=clock.now(), **more).where(which).execute()


def set_deputy(by: Employee, community: Community, role: str, employee: Employee) -> Membership:
    """Make someone the deputy of a role; who holds it themselves keeps it."""
    communities.require_open(community)
    if role not in policy.ORGANISERS:
        raise DomainError(_("บทบาทนี้ไม่ต้องมีผู้ทำหน้าที่แทน"), field="role")
    held = (Membership.community == community) & (Membership.employee == employee) & (Membership.role == role)
    if Membership.select().where(held & Membership.left_at.is_null() & ~Membership.is_deputy).exists():
        raise DomainError(_("%(name)s ทำหน้าที่นี้อยู่แล้ว โปรดเลือกคนอื่นเป็นผู้แทน", name=employee.name), field="person")
    with db.atomic():
        membership = communities.add_member(by, community, employee, role, is_deputy=True)
        url = f"/communities/{community.id}"
        notices.tell([employee], "community.deputy", url, actor=by, about=url, community=community.name)
    return membership
