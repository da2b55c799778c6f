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

# What stands in no subject line, which mail servers log and keep: a question's words beside the address of its asker.
DISCREET = frozenset({"questions"})

# How often a heading comes by e-mail to who never chose; DAILY for one that is not named here.
USUAL: dict[str, str] = {"sessions": IMMEDIATE, "duties": IMMEDIATE, "communities": DAILY, "knowledge": DAILY}

KINDS: dict[str, Kind] = {
    "community.added": Kind("communities", _l("%(actor)s เพิ่มคุณใน %(community)s")),
    "evaluation.open": Kind("duties", _l("เปิดให้ประเมินผลการเรียนรู้ของ %(community)s แล้ว ใช้เวลาไม่กี่นาที")),
    "evaluation.waiting": Kind("duties", _l("ยังรอคำตอบของคุณ: ประเมินผลการเรียนรู้ของ %(community)s")),
    "evaluation.missing": Kind("duties", _l("%(community)s ยังขาดผู้ตอบแบบประเมิน %(n)s คน")),
    "follow_up.due": Kind("duties", _l("ผ่านมา %(months)s เดือน ได้ใช้สิ่งที่เรียนรู้จาก %(community)s หรือยัง ตอบ 1 นาที")),
    "follow_up.missing": Kind("duties", _l("ติดตามการนำไปใช้ %(months)s เดือน: %(community)s ยังขาดคำตอบ %(n)s คน")),
    "communities.need_care": Kind("duties", _l("เดือนนี้มี %(count)s ชุมชนที่ควรดูแล")),
    "community.alone": Kind("communities", _l("%(community)s ยังมีอยู่คนเดียว ชวนเพื่อนอีกสักคนสองคนไหม")),
    "community.one_keeper": Kind("communities", _l("%(community)s มีผู้ดูแลคนเดียว ให้อีกคนทำหน้าที่แทนได้")),
    "community.quiet": Kind("communities", _l("%(community)s ไม่ได้พบกันมา %(weeks)s สัปดาห์ นัดสั้น ๆ สักครั้งไหม")),
    "community.renewal_asked": Kind("communities", _l("%(actor)s ถามว่า %(community)s จะไปต่อในปี %(year)s ไหม")),
    "community.renewed": Kind("communities", _l("%(actor)s ต่ออายุ %(community)s เป็นปี %(year)s คุณอยู่ในชุมชนนี้ด้วย")),
    "round.announced": Kind("duties", _l("%(title)s: สมัครได้ถึง %(until)s เผยแพร่ภายใน %(publish_by)s")),
    "round.changed": Kind("duties", _l("กำหนดของ “%(title)s” เปลี่ยน: สมัครได้ถึง %(until)s เผยแพร่ภายใน %(publish_by)s")),
    "round.extended": Kind("duties", _l("ขยายเวลาให้ %(unit)s: สมัครได้ถึง %(until)s เผยแพร่ภายใน %(publish_by)s")),
    "round.publish_late": Kind(
        "duties", _l("%(community)s เลยกำหนดเผยแพร่องค์ความรู้เมื่อ %(on)s งานทั้งหมดยังอยู่ เผยแพร่ได้เหมือนเดิม")
    ),
    "round.publish_near": Kind("duties", _l("%(community)s เหลืออีก %(days)s วัน ครบกำหนดเผยแพร่องค์ความรู้ %(on)s")),
    "round.reminded": Kind("duties", _l("%(actor)s ฝากดู %(count)s หน่วยงานที่ยังไม่สมัครชุมชน: %(title)s")),
    "round.renewal_near": Kind("communities", _l("%(community)s ยังไม่ได้ต่ออายุ เหลืออีก %(days)s วันปิดรับสมัคร %(on)s")),
    "round.sign_up_late": Kind("duties", _l("เลยกำหนดสมัครชุมชนแล้ว ยังเหลือ %(count)s หน่วยงาน สมัครได้ โดยบันทึกว่าหลังกำหนด")),
    "round.sign_up_near": Kind("duties", _l("เหลืออีก %(days)s วันปิดรับสมัครชุมชน ยังไม่สมัคร %(count)s หน่วยงาน")),
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
    "community.self_facilitator": Kind("communities", _l("%(actor)s เพิ่มตัวเองเป็นคุณอำนวยของ %(community)s")),
    "community.deputy": Kind("communities", _l("คุณเป็นผู้ทำหน้าที่แทนใน %(community)s")),
    "community.changed": Kind("communities", _l("%(community)s ปรับชื่อ ประเด็น หรือจังหวะการพบกัน")),
    "community.connected": Kind("communities", _l("%(other)s เชื่อมโยงกับ %(community)s ของคุณ")),
    "session.joint": Kind("sessions", _l("%(other)s ชวน %(community)s ร่วมกิจกรรม “%(topic)s” วันที่ %(day)s")),
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
    "summary.shared": Kind("sessions", _l("%(actor)s แบ่งปันสรุปกิจกรรม “%(topic)s” ของ %(community)s แล้ว อ่านได้เลย")),
    "summary.waiting": Kind("duties", _l("กิจกรรม “%(topic)s” ของ %(community)s ยังไม่มีสรุป ระบบร่างจากบันทึกให้ได้")),
    "article.submitted": Kind(
        "duties",
        _l("%(actor)s ส่ง “%(title)s” มาให้ตรวจและเผยแพร่"),
    ),
    "article.returned": Kind("duties", _l("%(actor)s ส่ง “%(title)s” กลับมาให้ปรับ: %(reason)s")),
    "article.published": Kind("knowledge", _l("“%(title)s” เผยแพร่แล้ว ทุกคนค้นพบได้")),
    "article.retired": Kind("knowledge", _l("%(actor)s เลิกใช้ “%(title)s”: %(reason)s")),
    "gap.answered": Kind("knowledge", _l("เรื่อง “%(text)s” ที่คุณแจ้งว่ายังไม่มี มีคำตอบแล้ว")),
    "trial.due": Kind("duties", _l("ใกล้ถึงวันเล่าผลการทดลอง “%(what)s” (%(day)s)")),
    "trial.late": Kind("duties", _l("เลยกำหนดเล่าผลการทดลอง “%(what)s” (%(day)s) เล่าสั้น ๆ ก็พอ")),
    "trial.result": Kind("communities", _l("%(actor)s นำผลการทดลอง “%(what)s” กลับมาเล่าแล้ว")),
    "trial.waits": Kind("duties", _l("%(owner)s ยังไม่ได้เล่าผลการทดลอง “%(what)s” (ครบกำหนด %(day)s) ลองถามไถ่กันดู")),
    "trial.yours": Kind("duties", _l("%(actor)s ฝากให้คุณทดลอง “%(what)s”")),
    "question.accepted": Kind("questions", _l("คำตอบของคุณช่วยได้จริง ได้รับเลือกในคำถาม “%(title)s”")),
    "question.answer_removed": Kind("questions", _l("คำตอบของคุณในคำถาม “%(title)s” ถูกซ่อน เพราะ %(reason)s")),
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
