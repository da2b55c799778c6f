"""Ways into a community besides joining at once: asking, and being invited (S0-115). Nobody is put in (S0-274)."""

import peewee as pw

from kc import clock, policy
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, Invitation, JoinRequest, Membership, OrgUnit
from kc.models.communities import ACCEPTED, ACTIVE, COMMUNITY_ROLES, DECLINED, MEMBER, WITHDRAWN
from kc.services import audit, communities, community_people, findable, notices
from kc.services.todos import Todo
from kc.thai.dates import format_date
from kc.together import Asking


def _people_page(community: Community) -> str:
    return f"/communities/{community.id}/people"


# ---- asking --------------------------------------------------------------------------------------------------------


def ask(employee: Employee, community: Community, message: str = "") -> None:
    """Ask to join; asking again while one waits changes nothing. Who answers for the community is told."""
    communities.require_open(community)
    if policy.is_member(employee, community):
        raise DomainError(_("คุณอยู่ในชุมชนนี้แล้ว"))
    with db.atomic():
        made = (
            JoinRequest.insert(
                community=community,
                employee=employee,
                message=message,
                asked_at=clock.now(),
                open_key=f"{community.id}:{employee.id}",
            )
            .on_conflict_ignore()
            .as_rowcount()
            .execute()
        )
        if not made:
            return
        audit.record(employee, "community.join_asked", community)
        carers, url = community_people.carers(community), _people_page(community)
        about = f"community:{community.id}"
        notices.tell(carers, "community.asked", url, actor=employee, about=about, community=community.name)


def take_back(employee: Employee, community: Community) -> None:
    """Withdraw one's own request; without one, nothing happens."""
    mine = (JoinRequest.community == community) & (JoinRequest.employee == employee)
    with db.atomic():
        values = {"outcome": WITHDRAWN, "open_key": None, "answered_at": clock.now()}
        if JoinRequest.update(**values).where(mine & JoinRequest.open_key.is_null(False)).execute():
            audit.record(employee, "community.join_taken_back", community)


def answer(by: Employee, request: JoinRequest, accept: bool, answer: str = "") -> None:
    """Let someone in, or not yet. Two organisers at once: the first answer holds, the second is told."""
    community, employee = request.community, request.employee
    communities.require_open(community)
    with db.atomic():
        values = {
            "outcome": ACCEPTED if accept else DECLINED,
            "answer": answer,
            "answered_by": by,
            "answered_at": clock.now(),
            "open_key": None,
        }
        waiting = (JoinRequest.id == request.id) & JoinRequest.open_key.is_null(False)
        if not JoinRequest.update(**values).where(waiting).execute():
            raise DomainError(_("คำขอนี้มีผู้ตอบไปแล้ว"))
        kind = "community.let_in" if accept else "community.not_let_in"
        if accept:
            if not employee.is_active:
                raise DomainError(_("%(name)s พ้นสภาพพนักงานแล้ว เพิ่มไม่ได้", name=employee.name))
            communities.hold_role(community, employee, MEMBER, by)
            communities.settle_waiting(by, community, employee)
            findable.membership(community, employee)
        audit.record(by, "community.join_answered", community, employee=employee.employee_id, accepted=accept)
        notices.tell([employee], kind, f"/communities/{community.id}", actor=by, community=community.name)
    policy.forget_community_roles(employee)


def requests_of(community: Community) -> list[JoinRequest]:
    """Who waits to be let in, first come first."""
    return list(
        JoinRequest.select(JoinRequest, Employee, OrgUnit)
        .join_from(JoinRequest, Employee, on=(JoinRequest.employee == Employee.id))
        .join_from(Employee, OrgUnit)
        .where((JoinRequest.community == community) & JoinRequest.open_key.is_null(False))
        .order_by(JoinRequest.asked_at)
    )


def latest_request(employee: Employee, community: Community) -> JoinRequest | None:
    """What someone last asked of a community, and what was answered."""
    mine = (JoinRequest.community == community) & (JoinRequest.employee == employee)
    return JoinRequest.select().where(mine).order_by(JoinRequest.id.desc()).first()


# ---- inviting ------------------------------------------------------------------------------------------------------


def invite(
    by: Employee, community: Community, employee: Employee, role: str = MEMBER, is_deputy: bool = False, text: str = ""
) -> bool:
    """Invite someone to a role; False when an invitation to it waits already. DomainError for who holds it."""
    communities.require_open(community)
    if role not in COMMUNITY_ROLES:
        raise DomainError(_("ไม่มีบทบาทนี้ในชุมชน"), field="role")
    if not employee.is_active:
        raise DomainError(_("%(name)s พ้นสภาพพนักงานแล้ว เชิญไม่ได้", name=employee.name), field="person")
    if role in policy.community_roles(employee, community):
        raise DomainError(_("%(name)s มีบทบาทนี้ในชุมชนอยู่แล้ว", name=employee.name), field="person")
    with db.atomic():
        made = (
            Invitation.insert(
                community=community,
                employee=employee,
                role=role,
                is_deputy=is_deputy,
                message=text,
                invited_by=by,
                invited_at=clock.now(),
                open_key=f"{community.id}:{employee.id}:{role}",
            )
            .on_conflict_ignore()
            .as_rowcount()
            .execute()
        )
        if made:
            audit.record(by, "community.invited", community, employee=employee.employee_id, role=role)
            url = f"/communities/{community.id}"
            notices.tell([employee], "community.invited", url, actor=by, about=url, community=community.name)
    return bool(made)


def respond(employee: Employee, invitation: Invitation, accept: bool) -> None:
    """The invited person says yes or not now; whoever invited them is told."""
    community = invitation.community
    if accept:
        communities.require_open(community)
    with db.atomic():
        values = {"outcome": ACCEPTED if accept else DECLINED, "answered_at": clock.now(), "open_key": None}
        waiting = (Invitation.id == invitation.id) & Invitation.open_key.is_null(False)
        if not Invitation.update(**values).where(waiting).execute():
            raise DomainError(_("คำเชิญนี้ตอบหรือยกเลิกไปแล้ว"))
        if accept:
            inviter = invitation.invited_by or employee
            communities.hold_role(community, employee, invitation.role, inviter, invitation.is_deputy)
            findable.membership(community, employee)
        audit.record(employee, "community.invitation_answered", community, accepted=accept, role=invitation.role)
        kind = "community.invitation_accepted" if accept else "community.invitation_declined"
        told = [invitation.invited_by] if invitation.invited_by_id else community_people.carers(community)
        about = f"community:{community.id}" if accept else ""
        notices.tell(told, kind, _people_page(community), actor=employee, about=about, community=community.name)
    policy.forget_community_roles(employee)


def call_back(by: Employee, invitation: Invitation) -> None:
    """Withdraw an invitation nobody answered yet."""
    with db.atomic():
        values = {"outcome": WITHDRAWN, "answered_at": clock.now(), "open_key": None}
        waiting = (Invitation.id == invitation.id) & Invitation.open_key.is_null(False)
        if Invitation.update(**values).where(waiting).execute():
            employee_id = invitation.employee.employee_id
            audit.record(by, "community.invitation_called_back", invitation.community, employee=employee_id)


def invitations_of(community: Community) -> list[Invitation]:
    """Who was invited and has not answered yet."""
    return list(
        Invitation.select(Invitation, Employee, OrgUnit)
        .join_from(Invitation, Employee, on=(Invitation.employee == Employee.id))
        .join_from(Employee, OrgUnit)
        .where((Invitation.community == community) & Invitation.open_key.is_null(False))
        .order_by(Invitation.invited_at, Invitation.id)
    )


def my_invitations(employee: Employee, community: Community) -> list[Invitation]:
    """Invitations of this community that wait for `employee`, with who sent them."""
    return list(
        Invitation.select(Invitation, Employee)
        .left_outer_join(Employee, on=(Invitation.invited_by == Employee.id))
        .where(
            (Invitation.community == community) & (Invitation.employee == employee) & Invitation.open_key.is_null(False)
        )
        .order_by(Invitation.invited_at)
    )


# ---- what waits ----------------------------------------------------------------------------------------------------


def todos(employee: Employee) -> Asking[list[Todo]]:
    """Invitations to answer, and people who ask to join a community one looks after."""
    invitations, requests = yield [_invited(employee), _asked(employee)]
    return [_to_answer(row) for row in invitations] + [_to_let_in(*row) for row in requests]


def _invited(employee: Employee) -> pw.ModelSelect:
    return (
        Invitation.select(Invitation.community, Invitation.invited_at, Community.id, Community.name)
        .join(Community)
        .where((Invitation.employee == employee) & Invitation.open_key.is_null(False) & (Community.status == ACTIVE))
        .order_by(Invitation.invited_at)
        .limit(3)
    )


def _to_answer(row: Invitation) -> Todo:
    return Todo(
        title=row.community.name,
        url=f"/communities/{row.community_id}",
        says=_("ชวนคุณเข้าชุมชนเมื่อ %(day)s", day=format_date(clock.to_local(row.invited_at).date(), "short")),
        button=_("ดูคำชวน"),
        icon="envelope",
    )


def _asked(employee: Employee) -> pw.ModelSelect:
    """(id of the community, its name, how many ask)"""
    mine = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null() & Membership.role.in_(policy.ORGANISERS)
    )
    return (
        JoinRequest.select(Community.id, Community.name, pw.fn.COUNT(JoinRequest.id))
        .join(Community)
        .where(JoinRequest.open_key.is_null(False) & Community.id.in_(mine) & (Community.status == ACTIVE))
        .group_by(Community.id, Community.name)
        .order_by(pw.fn.MIN(JoinRequest.asked_at))
        .limit(2)
        .tuples()
    )


def _to_let_in(community_id: int, name: str, asking: int) -> Todo:
    return Todo(
        title=name,
        url=f"/communities/{community_id}/people#asking",
        says=_("มี %(n)d คนขอเข้าร่วม รอคำตอบจากคุณ", n=asking),
        button=_("ตอบคำขอ"),
        icon="person-plus",
    )
