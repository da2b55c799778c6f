"""What people do with communities: sign one up, change it, join, leave, add and remove people, cancel, renew."""

import secrets
from typing import Any

import peewee as pw

from kc import clock, policy, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import Community, Employee, FiscalYear, Membership, OrgUnit, Topic
from kc.models.communities import ACTIVE, CANCELLED, COMMUNITY_ROLES, FACILITATOR, MEMBER
from kc.models.communities import COORDINATOR as COMMUNITY_COORDINATOR
from kc.services import audit, findable


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


def change(by: Employee, community: Community, based_on: int, **changes: Any) -> None:
    """Change name, knowledge_title, topic, goals, agreement of the version `based_on`.

    Raises Conflict (with the row as it is now) when somebody saved first, DomainError for a name taken or a bad topic.
    """
    _require_open(community)
    _require_topic(changes["topic"], community.fiscal_year, kept=community.topic)
    before = {name: str(getattr(community, name)) for name in changes if name != "topic"}
    changes |= {"name_key": thai.same_name_key(changes["name"]), "sort_key": thai.sort_key(changes["name"])}
    try:
        with db.atomic():
            if not community.save_version(based_on, updated_at=clock.now(), **changes):
                theirs = Community.get_by_id(community.id)
                raise Conflict(_("มีผู้อื่นบันทึกชุมชนนี้ไปก่อนแล้ว"), theirs)
            changed = {k: v for k, v in before.items() if v != str(changes[k])}
            audit.record(by, "community.changed", community, before=changed)
            findable.community(community)
    except pw.IntegrityError:
        raise _name_taken() from None


def _require_open(community: Community) -> None:
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว เปลี่ยนแปลงไม่ได้"))


def add_member(
    by: Employee, community: Community, employee: Employee, role: str = MEMBER, is_deputy: bool = False
) -> Membership:
    """Give someone a role in the community; giving it twice, or again after they left, is no error."""
    _require_open(community)
    if role not in COMMUNITY_ROLES:
        raise DomainError(_("ไม่มีบทบาทนี้ในชุมชน"), field="role")
    if not employee.is_active:
        raise DomainError(_("%(name)s พ้นสภาพพนักงานแล้ว เพิ่มไม่ได้", name=employee.name), field="person")
    with db.atomic():
        membership = _hold_role(community, employee, role, by)
        if membership.is_deputy != is_deputy:
            membership.is_deputy = is_deputy
            membership.save(only=[Membership.is_deputy])
        audit.record(by, "community.member_added", community, employee=employee.employee_id, role=role)
        findable.membership(community, employee)
    policy.forget_community_roles(employee)
    policy.forget_community_roles(by)
    return membership


def _hold_role(community: Community, employee: Employee, role: str, by: Employee) -> Membership:
    """One role, held now: the row is made, or found and taken up again."""
    (
        Membership.insert(community=community, employee=employee, role=role, added_by=by, joined_at=clock.now())
        .on_conflict(
            conflict_target=[Membership.community, Membership.employee, Membership.role],
            update={Membership.left_at: None},
        )
        .execute()
    )
    return Membership.get(
        (Membership.community == community) & (Membership.employee == employee) & (Membership.role == role)
    )


def join(employee: Employee, community: Community) -> None:
    """Become a member in one click (S0-115). Joining twice is no error."""
    _require_open(community)
    with db.atomic():
        if not policy.community_roles(employee, community):
            _hold_role(community, employee, MEMBER, employee)
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
    others = Membership.select().where(
        (Membership.community == community)
        & Membership.role.in_(policy.ORGANISERS)
        & Membership.left_at.is_null()
        & ((Membership.employee != leaving) | (Membership.role != role) if role else Membership.employee != leaving)
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
    _require_open(community)
    with db.atomic():
        community.status = CANCELLED
        community.cancelled_reason = reason
        community.name_key = f"{community.name_key} (cancelled {community.id})"
        community.updated_at = clock.now()
        community.version += 1
        community.save()
        audit.record(by, "community.cancelled", community, reason=reason)
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
            findable.community(community)
    except pw.IntegrityError:
        raise _name_taken() from None


def renew(by: Employee, community: Community, year: FiscalYear, topic: Topic) -> Community:
    """Sign last year's community up again with its current members and roles; renewing twice returns the first."""
    earlier = Community.get_or_none(
        (Community.renewed_from == community) & (Community.fiscal_year == year) & (Community.status == ACTIVE)
    )
    if earlier is not None:
        return earlier
    with db.atomic():
        new = sign_up(
            by,
            unit=community.unit,
            year=year,
            name=community.name,
            knowledge_title=community.knowledge_title,
            topic=topic,
            form_key=f"renewal-{community.id}-{year.year}",
        )
        new.renewed_from = community
        new.goals, new.agreement = community.goals, community.agreement
        new.save()
        for member in community.current_members():
            if member.employee.is_active:
                _hold_role(new, member.employee, member.role, by)
        audit.record(by, "community.renewed", new, renewed_from=community.id)
        findable.community(new)
    return new
