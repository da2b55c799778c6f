"""Every kind of notice: how it is said, and under which heading people choose how often they want it by e-mail.

An area that has something to tell adds its kinds here and calls `notices.tell`.
"""

from dataclasses import dataclass
from typing import Any

from kc.i18n import lazy as _l
from kc.models.notices import DAILY, IMMEDIATE


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
    "knowledge": _l("องค์ความรู้ของฉัน"),
}

# How often a heading comes by e-mail to who never chose; DAILY for one that is not named here.
USUAL: dict[str, str] = {"sessions": IMMEDIATE, "duties": IMMEDIATE, "communities": DAILY, "knowledge": DAILY}

KINDS: dict[str, Kind] = {
    "community.added": Kind("communities", _l("%(actor)s เพิ่มคุณใน %(community)s")),
    "article.submitted": Kind(
        "duties",
        _l("%(actor)s ส่ง “%(title)s” มาให้ตรวจและเผยแพร่"),
    ),
    "article.returned": Kind("duties", _l("%(actor)s ส่ง “%(title)s” กลับมาให้ปรับ: %(reason)s")),
    "article.published": Kind("knowledge", _l("“%(title)s” เผยแพร่แล้ว ทุกคนค้นพบได้")),
    "article.retired": Kind("knowledge", _l("%(actor)s เลิกใช้ “%(title)s”: %(reason)s")),
    "gap.answered": Kind("knowledge", _l("เรื่อง “%(text)s” ที่คุณแจ้งว่ายังไม่มี มีคำตอบแล้ว")),
}
