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
    "evaluation.open": Kind("duties", _l("เปิดให้ประเมินผลการเรียนรู้ของ %(community)s แล้ว ใช้เวลาไม่กี่นาที")),
    "evaluation.waiting": Kind("duties", _l("ยังรอคำตอบของคุณ: ประเมินผลการเรียนรู้ของ %(community)s")),
    "evaluation.missing": Kind("duties", _l("%(community)s ยังขาดผู้ตอบแบบประเมิน %(n)s คน")),
    "follow_up.due": Kind("duties", _l("ผ่านมา %(months)s เดือน ได้ใช้สิ่งที่เรียนรู้จาก %(community)s หรือยัง ตอบ 1 นาที")),
    "follow_up.missing": Kind("duties", _l("ติดตามการนำไปใช้ %(months)s เดือน: %(community)s ยังขาดคำตอบ %(n)s คน")),
}
