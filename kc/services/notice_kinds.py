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
    "trial.due": Kind("duties", _l("ใกล้ถึงวันเล่าผลการทดลอง “%(what)s” (%(day)s)")),
    "trial.late": Kind("duties", _l("เลยกำหนดเล่าผลการทดลอง “%(what)s” (%(day)s) เล่าสั้น ๆ ก็พอ")),
    "trial.result": Kind("communities", _l("%(actor)s นำผลการทดลอง “%(what)s” กลับมาเล่าแล้ว")),
    "trial.waits": Kind("duties", _l("%(owner)s ยังไม่ได้เล่าผลการทดลอง “%(what)s” (ครบกำหนด %(day)s) ลองถามไถ่กันดู")),
    "trial.yours": Kind("duties", _l("%(actor)s ฝากให้คุณทดลอง “%(what)s”")),
}
