"""People from outside the organisation who take part in a community without an account (S0-126)."""

from kc import clock, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, Guest
from kc.services import audit, communities


def add(by: Employee, community: Community, name: str, *, organisation: str, contact: str, brings: str) -> Guest:
    """Note a guest, who has agreed to it. DomainError when somebody of that name and place is there already."""
    communities.require_open(community)
    _title, bare = thai.strip_title(name)
    key = thai.sort_key(bare or name)
    with db.atomic():
        same = (Guest.community == community) & (Guest.sort_key == key) & (Guest.organisation == organisation)
        if Guest.select().where(same & Guest.left_at.is_null()).exists():
            raise DomainError(_("มีผู้เข้าร่วมชื่อนี้อยู่แล้ว"), field="name")
        guest = Guest.create(
            community=community,
            name=name,
            sort_key=key,
            organisation=organisation,
            contact=contact,
            brings=brings,
            consented_on=clock.today(),
            added_by=by,
        )
        audit.record(by, "community.guest_added", community, guest=guest.id)
    return guest


def remove(by: Employee, guest: Guest) -> None:
    """A guest takes part no longer: the name stays with what they took part in, how to reach them is erased."""
    with db.atomic():
        guest.left_at, guest.contact = clock.now(), ""
        guest.save(only=[Guest.left_at, Guest.contact])
        audit.record(by, "community.guest_removed", guest.community, guest=guest.id)


def of(community: Community) -> list[Guest]:
    """Guests who take part now, in Thai order."""
    here = (Guest.community == community) & Guest.left_at.is_null()
    return list(Guest.select().where(here).order_by(Guest.sort_key, Guest.id))
