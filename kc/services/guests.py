"""People from outside the organisation who take part in a community without an account (S0-126).

One person has one key everywhere (attendance, evaluation, follow-up, uses): "g:7" for a guest of the list,
"g:n:<name>" for a name that was only typed; and a name that was typed before its guest was listed becomes that guest's.
"""

import re

import peewee as pw

from kc import clock, smtp, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import (
    Assessment,
    Attendance,
    Community,
    Employee,
    Evaluation,
    FollowUp,
    Guest,
    JointSession,
    KnowledgeUse,
    Mail,
    Session,
)
from kc.models.mail import GUEST
from kc.services import audit, communities


def name_key(name: str) -> str:
    """Equal for one person's name however it is written: "นางสาวสมหญิง ใจดี", "สมหญิง  ใจดี"."""
    _title, bare = thai.strip_title(name)
    return thai.same_name_key(bare) or name


def key_of(guest: Guest) -> str:
    return f"g:{guest.id}"


def key_of_name(name: str) -> str:
    """Of somebody who stands in no list."""
    return f"g:n:{name_key(name)}"


def key_of_attendance(row: Attendance) -> str:
    """Of somebody from outside who was there."""
    return f"g:{row.guest_id}" if row.guest_id else key_of_name(row.guest_name)


# ---- the list ------------------------------------------------------------------------------------------------------


def add(by: Employee, community: Community, name: str, *, organisation: str, contact: str, brings: str) -> Guest:
    """Note a guest, who has agreed to it; the same form sent twice notes one. Who had left is there again.

    DomainError when somebody of that name and place is there already, with other details.
    """
    communities.require_open(community)
    who = {"community": community, "name_key": name_key(name), "place_key": thai.same_name_key(organisation)}
    said = {"name": name, "organisation": organisation, "contact": contact, "brings": brings}
    noted = {
        "sort_key": thai.sort_key(thai.strip_title(name)[1] or name),
        "consented_on": clock.today(),
        "added_by": by,
    }
    with db.atomic():
        made = Guest.insert(**who, **said, **noted).on_conflict_ignore().as_rowcount().execute()
        guest = Guest.get(**who)
        if not made and guest.left_at is None:
            return _same_again(guest, said)
        if not made:
            again = {**said, **noted, "added_at": clock.now(), "left_at": None}
            Guest.update(**again).where(Guest.id == guest.id).execute()
            guest = Guest.get_by_id(guest.id)
        _recognise(guest)
        audit.record(by, "community.guest_added", community, guest=guest.id)
    return guest


def _same_again(guest: Guest, said: dict[str, str]) -> Guest:
    if any(getattr(guest, name) != value for name, value in said.items()):
        raise DomainError(_("มีผู้เข้าร่วมชื่อนี้อยู่แล้ว"), field="name")
    return guest


def _recognise(guest: Guest) -> None:
    """What was noted under the bare name before is the guest's: where they came, what they were asked and answered."""
    names = _names(guest)
    _recognise_where_they_came(guest, names)
    community, mine = guest.community_id, key_of(guest)
    evaluations = Evaluation.select(Evaluation.id).where(Evaluation.community == community)
    typed = [f"g:n:{name}" for name in names]
    for model, here in (
        (Assessment, Assessment.evaluation.in_(evaluations)),
        (FollowUp, FollowUp.community == community),
    ):
        for key in typed:
            if not model.select().where(here & (model.person_key == mine)).exists():
                ours = here & (model.person_key == key)
                model.update(person_key=mine, guest_name=guest.full_name).where(ours).execute()
    used = (KnowledgeUse.community == community) & KnowledgeUse.person_key.in_(typed)
    KnowledgeUse.update(person_key=mine).where(used).execute()


def _names(guest: Guest) -> list[str]:
    """Keys of what people type for a guest: the name, with the place or without."""
    return list(dict.fromkeys([name_key(guest.name), name_key(guest.full_name)]))


def _recognise_where_they_came(guest: Guest, names: list[str]) -> None:
    held = Session.select(Session.id).where(Session.community == guest.community_id)
    by_name = Attendance.employee.is_null() & Attendance.guest.is_null() & Attendance.session.in_(held)
    there = {row.session_id for row in Attendance.select().where(Attendance.guest == guest)}
    for row in Attendance.select().where(by_name).order_by(Attendance.id):
        if name_key(row.guest_name) not in names:
            continue
        if row.session_id in there:  # typed twice, once with the title
            row.delete_instance()
            continue
        there.add(row.session_id)
        Attendance.update(guest=guest, guest_name=guest.full_name).where(Attendance.id == row.id).execute()


def email_of(guest: Guest) -> str:
    """The e-mail address in what was noted of how to reach somebody ("โทร. 08…, somying@example.com"), or ""."""
    for word in re.split(r"[\s,;/]+", guest.contact):
        try:
            return smtp.address_of(word)[1]
        except ValueError:
            continue
    return ""


def remove(by: Employee, guest: Guest) -> None:
    """A guest takes part no longer: the name stays with what they took part in, how to reach them is erased."""
    with db.atomic():
        _write_no_more(guest)
        guest.left_at, guest.contact = clock.now(), ""
        guest.save(only=[Guest.left_at, Guest.contact])
        audit.record(by, "community.guest_removed", guest.community, guest=guest.id)


def _write_no_more(guest: Guest) -> None:
    """Letters to the address are gone, unless the guest takes part in another community that writes to it."""
    address = email_of(guest)
    elsewhere = Guest.select().where((Guest.id != guest.id) & Guest.left_at.is_null() & Guest.contact.contains(address))
    if address and not elsewhere.exists():
        Mail.delete().where((Mail.kind == GUEST) & (Mail.to_address == address)).execute()


def of(community: Community) -> list[Guest]:
    """Guests who take part now, in Thai order."""
    return list(_here(Guest.community == community))


def of_session(session: Session) -> pw.ModelSelect:
    """Guests of all communities that hold a session together."""
    return _here(_holding(session))


def _holding(session: Session) -> pw.Expression:
    joint = JointSession.select(JointSession.community).where(JointSession.session == session)
    return (Guest.community == session.community_id) | Guest.community.in_(joint)


def _here(whose: pw.Expression) -> pw.ModelSelect:
    return Guest.select().where(whose & Guest.left_at.is_null()).order_by(Guest.sort_key, Guest.id)


def named(session: Session, name: str) -> Guest | None:
    """The listed guest whom somebody means who types `name` at a session, also one who had left; None for a new name.

    DomainError when several who take part bear it: then the place must be said, too.
    """
    key = name_key(name)
    meant = [g for g in Guest.select().where(_holding(session)).order_by(Guest.id) if key in _names(g)]
    here = [g for g in meant if g.left_at is None]
    found = [g for g in here or meant if key == name_key(g.full_name)] or here or meant
    if len(found) > 1 and here:
        names = ", ".join(g.full_name for g in here)
        raise DomainError(_("มีแขกชื่อนี้หลายคน โปรดแตะชื่อในรายการ หรือพิมพ์ให้เต็ม: %(names)s", names=names), field="name")
    return found[0] if len(found) == 1 else None
