"""Every kind of notice: how it is said, and under which heading people choose how often they want it by e-mail.

An area that has something to tell adds its kinds here and calls `notices.tell`.
"""

from dataclasses import dataclass
from typing import Any

from kc.i18n import lazy as _l


@dataclass(frozen=True)
class Kind:
    """`sentence`: what is said, with %(named)s facts. `many`: the same when it stands for %(times)d changes."""

    heading: str  # a key of HEADINGS
    sentence: Any
    many: Any = None


HEADINGS: dict[str, Any] = {
    "communities": _l("ชุมชนของฉัน"),
    "sessions": _l("กิจกรรมแลกเปลี่ยนเรียนรู้"),
    "duties": _l("งานที่รอฉัน"),
    "questions": _l("กระดานถาม-ตอบ"),
}

KINDS: dict[str, Kind] = {
    "community.added": Kind("communities", _l("%(actor)s เพิ่มคุณใน %(community)s")),
    "community.asked": Kind(
        "duties",
        _l("%(actor)s ขอเข้าร่วม %(community)s"),
        _l("มี %(times)d คนขอเข้าร่วม %(community)s ล่าสุดคือ %(actor)s"),
    ),
    "community.let_in": Kind("communities", _l("%(actor)s รับคุณเข้า %(community)s แล้ว")),
    "community.not_let_in": Kind("communities", _l("%(community)s ยังไม่รับคำขอเข้าร่วมของคุณ เปิดดูเหตุผลได้")),
    "community.invited": Kind("duties", _l("%(actor)s ชวนคุณเข้า %(community)s")),
    "community.invitation_accepted": Kind(
        "communities",
        _l("%(actor)s ตอบรับคำชวนเข้า %(community)s"),
        _l("มี %(times)d คนตอบรับคำชวนเข้า %(community)s ล่าสุดคือ %(actor)s"),
    ),
    "community.invitation_declined": Kind("communities", _l("%(actor)s ยังไม่สะดวกเข้า %(community)s")),
    "community.handed_over": Kind("duties", _l("%(actor)s มอบหน้าที่ใน %(community)s ให้คุณ")),
    "community.has_new_holder": Kind("communities", _l("%(person)s รับหน้าที่ดูแล %(community)s ต่อแล้ว")),
    "community.deputy": Kind("communities", _l("คุณเป็นผู้ทำหน้าที่แทนใน %(community)s")),
    "community.changed": Kind("communities", _l("%(community)s ปรับชื่อ ประเด็น หรือจังหวะการพบกัน")),
    "community.connected": Kind("communities", _l("%(other)s เชื่อมโยงกับ %(community)s ของคุณ")),
    "session.joint": Kind("sessions", _l("%(other)s ชวน %(community)s ร่วมกิจกรรม “%(topic)s” วันที่ %(day)s")),
}
