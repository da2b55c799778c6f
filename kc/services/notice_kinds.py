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
    "question.accepted": Kind("questions", _l("คำตอบของคุณช่วยได้จริง ได้รับเลือกในคำถาม “%(title)s”")),
    "question.answered": Kind(
        "questions",
        _l("%(actor)s ตอบคำถาม “%(title)s”"),
        _l("มีคำตอบใหม่ %(times)d ข้อในคำถาม “%(title)s”"),
    ),
    "question.asked": Kind("questions", _l("มีคำถามที่คุณน่าจะตอบได้: “%(title)s”")),
    "question.choose": Kind("questions", _l("คำถาม “%(title)s” ของคุณมีคำตอบแล้ว ข้อใดใช้ได้ โปรดเลือกไว้ให้คนต่อไป")),
    "question.removed": Kind("questions", _l("คำถาม “%(title)s” ถูกซ่อนจากกระดาน เพราะ %(reason)s")),
    "question.said_more": Kind("questions", _l("ผู้ถามเล่าเพิ่มในคำถาม “%(title)s”")),
    "question.waits": Kind("questions", _l("คำถาม “%(title)s” รอคำตอบมา %(days)d วันแล้ว")),
}
