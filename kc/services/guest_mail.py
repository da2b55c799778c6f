"""The link to their own form, to guests who gave an e-mail address: once for each thing asked (S0-198, S0-200).

Staff are reminded under the bell and in their digest. A guest gets one message and no reminder; the facilitator, who
knows them, has the link and its QR code.
"""

from collections.abc import Iterable

from kc.addresses import absolute
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import Assessment, Community, FollowUp
from kc.models.mail import GUEST
from kc.services import guest_links, guests, mail

ASKED = "asked"  # a follow-up is one question; an evaluation asks in each of its stages


def send(community: Community, rows: Iterable[Assessment | FollowUp]) -> int:
    """Write to the guests among `rows` who were not written to about this yet; how many. For services, in their
    transaction. Nobody is when no mail is sent."""
    waiting = [row for row in rows if row.employee_id is None and not was_sent(row)]
    if not mail.is_on() or not waiting:
        return 0
    addresses = {guests.key_of(guest): (guest.name, guests.email_of(guest)) for guest in guests.of(community)}
    sent = 0
    for row in waiting:
        name, address = addresses.get(row.person_key, ("", ""))
        if address and _claim(row):
            _write(community, row, name, address)
            sent += 1
    return sent


def was_sent(row: Assessment | FollowUp) -> bool:
    return _asked(row) in row.link_sent


def _asked(row: Assessment | FollowUp) -> str:
    """The stage of an evaluation, and of a follow-up always the same."""
    return row.evaluation.stage if isinstance(row, Assessment) else ASKED


def _claim(row: Assessment | FollowUp) -> bool:
    """Two who open or remind at once write once, and so does a stage that is opened again."""
    model, asked = type(row), _asked(row)
    ours = (model.id == row.id) & ~model.link_sent.contains(asked)
    return bool(model.update(link_sent=model.link_sent.concat(f"{asked} ")).where(ours).execute())


def _write(community: Community, row: Assessment | FollowUp, name: str, address: str) -> None:
    with use_language(mail.post().language):
        evaluates = isinstance(row, Assessment)
        what = _("ประเมินผลการเรียนรู้") if evaluates else _("ติดตามการนำไปใช้")
        lines = [
            _("เรียน %(name)s", name=name),
            "",
            _("%(what)s: %(community)s", what=what, community=f"{community.name} ({community.unit_name})"),
            _("ขอเชิญตอบแบบสั้น ๆ ใช้เวลาหนึ่งนาที ลิงก์นี้เป็นของคุณคนเดียว:"),
            absolute(guest_links.path_of(row)),
            "",
            _("ลิงก์ใช้ได้ %(n)d วัน ไม่ต้องมีบัญชี", n=guest_links.days()),
            _("หากไม่อยากรับอีเมลอีก บอกผู้ดูแลชุมชนให้ลบที่อยู่ของคุณได้"),
            "",
            f"{_('คลังความรู้')} · {_('ระบบส่งอีเมลนี้ให้เอง ไม่ต้องตอบกลับ')}",
        ]
        subject = _("%(what)s: %(community)s", what=what, community=community.name)
        mail.queue(None, address, subject, "\n".join([*lines, ""]), kind=GUEST)
