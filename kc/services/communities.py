"""What people do with communities: sign one up, change it, join, leave, add and remove people, cancel.

Asking, inviting: services/joining.py. Handing a role over, deputies: services/handing_over.py.
"""

import secrets
from collections.abc import Iterable
from typing import Any

import peewee as pw

from kc import clock, policy, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import Community, Employee, FiscalYear, Invitation, JoinRequest, Membership, OrgUnit, Topic
from kc.models.communities import ACCEPTED, ACTIVE, CANCELLED, COMMUNITY_ROLES, FACILITATOR, FORMS, MEMBER
from kc.models.communities import COORDINATOR as COMMUNITY_COORDINATOR
from kc.services import announcements, audit, community_history, community_people, findable, notices, years


def suggested_name(unit: OrgUnit) -> str:
    """The community's name as the unit's people would call it (S0-107); they may change it (S0-86)."""
    with use_language("th"):  # a name is kept for everyone, whatever language the person reads in
        return _("ชุมชนนักปฏิบัติ %(unit)s", unit=unit.name)


def new_form_key() -> str:
    """A key for one sign-up form: however often that form is sent, one community is saved."""
    return secrets.token_urlsafe(16)


def sign_up(
    by: Employee, *, unit: OrgUnit, year: FiscalYear, name: str, knowledge_title: str, topic: Topic, form_key: str = ""
) -> Community:
    """Register a community for `year` (S0-103…111). Sending the same form again returns what the first sending made.

    Who registers takes part at once: as coordinator when registering for others' unit, else as facilitator.
    Raises DomainError: a topic of another year or retired, a name already taken in that unit and year.
    """
    years.require_open(year)
    _require_topic(topic, year)
    form_key = form_key or new_form_key()
    try:
        with db.atomic():
            community = Community.create(
                fiscal_year=year,
                unit=unit,
                unit_name=unit.name,
                name=name,
                name_key=thai.same_name_key(name),
                sort_key=thai.sort_key(name),
                knowledge_title=knowledge_title,
                topic=topic,
                form_key=form_key,
                created_by=by,
            )
            role = FACILITATOR if by.unit_id == unit.id else COMMUNITY_COORDINATOR
            Membership.create(community=community, employee=by, role=role, added_by=by)
            audit.record(by, "community.signed_up", community, name=name, year=year.year, unit=unit.code)
            findable.membership(community, by)
    except pw.IntegrityError:
        return _already_there(by, form_key)
    policy.forget_community_roles(by)
    return community


def _already_there(by: Employee, form_key: str) -> Community:
    earlier = Community.get_or_none((Community.form_key == form_key) & (Community.created_by == by))
    if earlier is None:
        raise _name_taken()
    return earlier


def _name_taken() -> DomainError:
    return DomainError(_("ปีนี้สังกัดนี้มีชุมชนชื่อนี้แล้ว โปรดใช้ชื่ออื่น หรือเข้าร่วมชุมชนเดิม"), field="name")


def _require_topic(topic: Topic, year: FiscalYear, kept: Topic | None = None) -> None:
    if topic.fiscal_year_id != year.id:
        raise DomainError(_("ประเด็นเรียนรู้นี้ไม่ได้อยู่ในปีที่สมัคร โปรดเลือกใหม่"), field="topic")
    if topic.is_retired and topic != kept:
        raise DomainError(_("ประเด็นเรียนรู้นี้เลิกใช้แล้ว โปรดเลือกประเด็นอื่น"), field="topic")


def forms_kept(forms: Iterable[str]) -> str:
    """Forms as a community keeps them; names that are no forms are left out."""
    known = [form for form in FORMS if form in set(forms)]
    return f" {' '.join(known)} " if known else ""


def change(by: Employee, community: Community, based_on: int, why: str = "", **changes: Any) -> None:
    """Change name, knowledge_title, topic, goals, agreement, forms, rhythm, asks_to_join of the version `based_on`.

    Another name, title, topic or rhythm is kept as history with `why` (S0-277), and the others are told.
    Raises Conflict (with the row as it is now) when somebody saved first, DomainError for a name taken or a bad topic.
    """
    require_open(community)
    _require_topic(changes["topic"], community.fiscal_year, kept=community.topic)
    if "forms" in changes:
        changes["forms"] = forms_kept(changes["forms"])
    before = {name: str(getattr(community, name)) for name in changes if name != "topic"}
    was = community_history.now(community)
    changes |= {"name_key": thai.same_name_key(changes["name"]), "sort_key": thai.sort_key(changes["name"])}
    try:
        with db.atomic():
            if not community.save_version(based_on, updated_at=clock.now(), **changes):
                theirs = Community.get_by_id(community.id)
                raise Conflict(_("มีผู้อื่นบันทึกชุมชนนี้ไปก่อนแล้ว"), theirs)
            changed = {k: v for k, v in before.items() if v != str(changes[k])}
            audit.record(by, "community.changed", community, before=changed)
            if community_history.keep(by, community, was, why):
                url, name = f"/communities/{community.id}/history", community.name
                others = community_people.people_of(community)
                notices.tell(
                    others, "community.changed", url, actor=by, about=f"community:{community.id}", community=name
                )
            findable.community(community)
    except pw.IntegrityError:
        raise _name_taken() from None


def require_open(community: Community) -> None:
    """A community that was cancelled stays as it is."""
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว เปลี่ยนแปลงไม่ได้"))


def add_member(
    by: Employee, community: Community, employee: Employee, role: str = MEMBER, is_deputy: bool = False
) -> Membership:
    """Give someone a role in the community; giving it twice, or again after they left, is no error."""
    require_open(community)
    if role not in COMMUNITY_ROLES:
        raise DomainError(_("ไม่มีบทบาทนี้ในชุมชน"), field="role")
    if not employee.is_active:
        raise DomainError(_("%(name)s พ้นสภาพพนักงานแล้ว เพิ่มไม่ได้", name=employee.name), field="person")
    with db.atomic():
        is_new = not policy.community_roles(employee, community)
        membership = hold_role(community, employee, role, by, is_deputy)
        settle_waiting(by, community, employee)
        audit.record(by, "community.member_added", community, employee=employee.employee_id, role=role)
        if is_new:
            url = f"/communities/{community.id}"
            notices.tell([employee], "community.added", url, actor=by, about=url, community=community.name)
        findable.membership(community, employee)
    policy.forget_community_roles(employee)
    policy.forget_community_roles(by)
    return membership


def hold_role(community: Community, employee: Employee, role: str, by: Employee, is_deputy: bool = False) -> Membership:
    """One role, held now: the row is made, or found and taken up again. For services, in their transaction."""
    values = {"community": community, "employee": employee, "role": role, "is_deputy": is_deputy}
    if role == FACILITATOR and by.id == employee.id:
        _tell_facilitators(by, community)
    (
        Membership.insert(**values, added_by=by, joined_at=clock.now())
        .on_conflict(
            conflict_target=[Membership.community, Membership.employee, Membership.role],
            update={Membership.left_at: None, Membership.is_deputy: is_deputy},
        )
        .execute()
    )
    return Membership.get(
        (Membership.community == community) & (Membership.employee == employee) & (Membership.role == role)
    )


def _tell_facilitators(by: Employee, community: Community) -> None:
    """Who makes themselves a facilitator sees every participant's own evaluation: those who were it before know."""
    already = community_people.facilitators(community)
    if by not in already:
        url = f"/communities/{community.id}/people"
        about = f"community:{community.id}"
        notices.tell(already, "community.self_facilitator", url, actor=by, about=about, community=community.name)


def settle_waiting(by: Employee, community: Community, employee: Employee) -> None:
    """Who is in the community now waits for nothing any more: requests and invitations are accepted with it."""
    now = clock.now()
    request = (JoinRequest.community == community) & (JoinRequest.employee == employee)
    settled = {JoinRequest.outcome: ACCEPTED, JoinRequest.open_key: None}
    asked = JoinRequest.update({**settled, JoinRequest.answered_by: by, JoinRequest.answered_at: now})
    asked.where(request & JoinRequest.open_key.is_null(False)).execute()
    invitation = (Invitation.community == community) & (Invitation.employee == employee)
    answered = {Invitation.outcome: ACCEPTED, Invitation.open_key: None, Invitation.answered_at: now}
    Invitation.update(answered).where(invitation & Invitation.open_key.is_null(False)).execute()


def join(employee: Employee, community: Community) -> None:
    """Become a member in one click (S0-115). Joining twice is no error.

    DomainError where the community wants to be asked first.
    """
    require_open(community)
    with db.atomic():
        if not policy.community_roles(employee, community):
            if not policy.can_join(employee, community):
                raise DomainError(_("ชุมชนนี้ขอให้ส่งคำขอก่อน ผู้ดูแลชุมชนจะตอบกลับให้"))
            hold_role(community, employee, MEMBER, employee)
            settle_waiting(employee, community, employee)
            audit.record(employee, "community.joined", community)
            findable.membership(community, employee)
    policy.forget_community_roles(employee)


def leave(employee: Employee, community: Community) -> None:
    """Leave with all roles; the community must keep someone who can look after it (S0-302)."""
    with db.atomic():
        _require_someone_left(community, employee)
        _end_roles(community, employee)
        audit.record(employee, "community.left", community)
        findable.membership(community, employee)
    policy.forget_community_roles(employee)


def remove_role(by: Employee, membership: Membership) -> None:
    """End one role of one person; they stay on record."""
    community = membership.community
    with db.atomic():
        if membership.role in policy.ORGANISERS:
            _require_someone_left(community, membership.employee, role=membership.role)
        membership.left_at = clock.now()
        membership.save(only=[Membership.left_at])
        details = {"employee": membership.employee.employee_id, "role": membership.role}
        audit.record(by, "community.member_removed", community, **details)
        findable.membership(community, membership.employee)
    policy.forget_community_roles(by)
    policy.forget_community_roles(membership.employee)


def _require_someone_left(community: Community, leaving: Employee, role: str | None = None) -> None:
    """The last person who can run the community may not go before handing it over."""
    others = (
        Membership.select()
        .join(Employee, on=(Membership.employee == Employee.id))
        .where(
            (Membership.community == community)
            & Membership.role.in_(policy.ORGANISERS)
            & Membership.left_at.is_null()
            & Employee.is_active
            & ((Membership.employee != leaving) | (Membership.role != role) if role else Membership.employee != leaving)
        )
    )
    runs_it = any(held in policy.ORGANISERS for held in policy.community_roles(leaving, community))
    if runs_it and not others.exists():
        raise DomainError(_("ชุมชนต้องมีผู้ดูแลอย่างน้อยหนึ่งคน โปรดมอบบทบาทให้ผู้อื่นก่อน"))


def _end_roles(community: Community, employee: Employee) -> None:
    (
        Membership.update(left_at=clock.now())
        .where((Membership.community == community) & (Membership.employee == employee) & Membership.left_at.is_null())
        .execute()
    )


def cancel(by: Employee, community: Community, reason: str) -> None:
    """Cancel a community: it stays on record, and its name becomes free again."""
    require_open(community)
    with db.atomic():
        community.status = CANCELLED
        community.cancelled_reason = reason
        community.name_key = f"{community.name_key} (cancelled {community.id})"
        community.updated_at = clock.now()
        community.version += 1
        community.save()
        audit.record(by, "community.cancelled", community, reason=reason)
        announcements.community_cancelled(by, community)
        findable.community(community)


def reopen(by: Employee, community: Community) -> None:
    """Take a cancellation back. Raises DomainError when its name has been taken meanwhile."""
    try:
        with db.atomic():
            community.status = ACTIVE
            community.cancelled_reason = ""
            community.name_key = thai.same_name_key(community.name)
            community.version += 1
            community.save()
            audit.record(by, "community.reopened", community)
            announcements.community_reopened(by, community)
            findable.community(community)
    except pw.IntegrityError:
        raise _name_taken() from None
