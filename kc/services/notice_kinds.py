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
    "session.announced": Kind(
        "sessions", _l("%(community)s นัดคุยเรื่อง “%(topic)s” วันที่ %(day)s เวลา %(time)s น. ที่ %(place)s")
    ),
    "session.reminder": Kind(
        "sessions", _l("ใกล้ถึงนัด: “%(topic)s” ของ %(community)s วันที่ %(day)s เวลา %(time)s น. ที่ %(place)s")
    ),
    "session.changed": Kind(
        "sessions",
        _l("%(actor)s เปลี่ยนนัด “%(topic)s” ของ %(community)s เป็นวันที่ %(day)s เวลา %(time)s น. ที่ %(place)s"),
        _l("นัด “%(topic)s” ของ %(community)s เปลี่ยน %(times)d ครั้ง ล่าสุดเป็นวันที่ %(day)s เวลา %(time)s น. ที่ %(place)s"),
    ),
    "session.called_off": Kind(
        "sessions", _l("%(actor)s ยกเลิกนัด “%(topic)s” ของ %(community)s วันที่ %(day)s เวลา %(time)s น.")
    ),
    "session.taken_back": Kind(
        "sessions", _l("นัด “%(topic)s” ของ %(community)s กลับมาตามเดิม วันที่ %(day)s เวลา %(time)s น.")
    ),
    "series.weekly": Kind(
        "sessions", _l("%(community)s นัดพบกันทุกสัปดาห์ เริ่ม %(day)s เวลา %(time)s น. ที่ %(place)s เรื่อง “%(topic)s”")
    ),
    "series.fortnightly": Kind(
        "sessions", _l("%(community)s นัดพบกันทุกสองสัปดาห์ เริ่ม %(day)s เวลา %(time)s น. ที่ %(place)s เรื่อง “%(topic)s”")
    ),
    "series.monthly": Kind(
        "sessions", _l("%(community)s นัดพบกันทุกเดือน เริ่ม %(day)s เวลา %(time)s น. ที่ %(place)s เรื่อง “%(topic)s”")
    ),
    "series.changed": Kind(
        "sessions",
        _l("%(actor)s เปลี่ยนนัดประจำของ %(community)s ครั้งถัดไปวันที่ %(day)s เวลา %(time)s น. ที่ %(place)s"),
    ),
    "series.stopped": Kind("sessions", _l("%(actor)s หยุดนัดประจำของ %(community)s ครั้งสุดท้ายคือวันที่ %(day)s")),
    "proposal.made": Kind(
        "sessions",
        _l("%(actor)s เสนอเรื่องให้ %(community)s คุย: “%(text)s”"),
        _l("มีเรื่องเสนอให้ %(community)s คุยเพิ่ม %(times)d เรื่อง ล่าสุด “%(text)s”"),
    ),
    "proposal.taken_up": Kind("sessions", _l("%(community)s นัดคุยเรื่อง “%(text)s” ที่คุณอยากคุยแล้ว วันที่ %(day)s")),
}
