"""Words for what the administration shows: entries of the audit log, fields of an import."""

from kc import labels
from kc.i18n import gettext as _
from kc.i18n import lazy as _l

AREAS = {
    "account": _l("การเข้าใช้"),
    "article": _l("องค์ความรู้"),
    "attachment": _l("ไฟล์แนบ"),
    "community": _l("ชุมชน"),
    "employee": _l("บุคลากร"),
    "employees": _l("นำเข้าบุคลากร"),
    "language": _l("ภาษาขององค์กร"),
    "note": _l("บันทึกการแลกเปลี่ยน"),
    "question": _l("ถาม-ตอบ"),
    "role": _l("บทบาท"),
    "search_gap": _l("ความรู้ที่ขาด"),
    "session": _l("กิจกรรม"),
    "token": _l("โทเคน"),
    "topic": _l("ประเด็นเรียนรู้"),
    "unit": _l("หน่วยงาน"),
    "units": _l("นำเข้าหน่วยงาน"),
}
ACTIONS = {
    "account.activated": _l("เปิดใช้บัญชี"),
    "account.code_issued": _l("ออกรหัสใช้ครั้งเดียว"),
    "account.locked": _l("ระงับบัญชี"),
    "account.password_changed": _l("เปลี่ยนรหัสผ่าน"),
    "account.password_reset": _l("ตั้งรหัสผ่านใหม่ด้วยรหัส"),
    "account.password_set": _l("ตั้งรหัสผ่านจากเซิร์ฟเวอร์"),
    "account.signed_out_everywhere": _l("ออกจากระบบทุกเครื่อง"),
    "account.slips_printed": _l("พิมพ์สลิปเปิดใช้บัญชี"),
    "account.unlocked": _l("ปลดระงับบัญชี"),
    "article.discarded": _l("ทิ้งฉบับร่าง"),
    "article.edited": _l("แก้ไของค์ความรู้"),
    "article.published": _l("เผยแพร่องค์ความรู้"),
    "article.retired": _l("เลิกใช้องค์ความรู้"),
    "article.returned": _l("ส่งองค์ความรู้กลับไปแก้ไข"),
    "article.started": _l("เริ่มเขียนองค์ความรู้"),
    "article.submitted": _l("ส่งองค์ความรู้เพื่อเผยแพร่"),
    "attachment.added": _l("แนบไฟล์"),
    "attachment.described": _l("แก้คำอธิบายไฟล์"),
    "attachment.removed": _l("ลบไฟล์แนบ"),
    "attachment.infected": _l("พบไวรัสในไฟล์"),
    "community.cancelled": _l("ยกเลิกชุมชน"),
    "community.changed": _l("แก้ไขชุมชน"),
    "community.joined": _l("เข้าร่วมชุมชน"),
    "community.left": _l("ออกจากชุมชน"),
    "community.member_added": _l("เพิ่มสมาชิก"),
    "community.member_removed": _l("นำสมาชิกออก"),
    "community.renewed": _l("ต่ออายุชุมชน"),
    "community.reopened": _l("เปิดชุมชนอีกครั้ง"),
    "community.signed_up": _l("สมัครชุมชน"),
    "employee.created": _l("เพิ่มบุคลากร"),
    "employee.departed": _l("พ้นจากงาน"),
    "employee.returned": _l("กลับมาปฏิบัติงาน"),
    "employee.updated": _l("แก้ข้อมูลบุคลากร"),
    "employee.updated_own_profile": _l("แก้ข้อมูลของตนเอง"),
    "employees.imported": _l("นำเข้าบุคลากร"),
    "language.group_added": _l("เพิ่มกลุ่มคำที่ใช้แทนกัน"),
    "language.group_changed": _l("แก้กลุ่มคำที่ใช้แทนกัน"),
    "language.group_deleted": _l("ลบกลุ่มคำที่ใช้แทนกัน"),
    "language.group_restored": _l("นำกลุ่มคำกลับมา"),
    "language.group_switched_off": _l("พักกลุ่มคำ"),
    "language.group_switched_on": _l("เปิดใช้กลุ่มคำ"),
    "language.imported": _l("นำเข้ารายการคำ"),
    "language.preset_added": _l("เพิ่มชุดคำสำเร็จรูป"),
    "language.word_added": _l("เพิ่มคำขององค์กร"),
    "language.word_deleted": _l("ลบคำขององค์กร"),
    "language.word_restored": _l("นำคำขององค์กรกลับมา"),
    "language.word_switched_off": _l("พักคำขององค์กร"),
    "language.word_switched_on": _l("เปิดใช้คำขององค์กร"),
    "note.written": _l("จดบันทึก"),
    "question.accepted": _l("เลือกคำตอบที่ใช้ได้"),
    "question.answer_changed": _l("แก้ไขคำตอบ"),
    "question.answer_removed": _l("ซ่อนคำตอบ"),
    "question.answer_restored": _l("นำคำตอบกลับมา"),
    "question.answered": _l("ตอบคำถาม"),
    "question.asked": _l("ตั้งคำถาม"),
    "question.asker_seen": _l("ดูชื่อผู้ถามที่ขอซ่อนชื่อ"),
    "question.changed": _l("แก้ไขคำถาม"),
    "question.opened_again": _l("ยกเลิกการเลือกคำตอบ"),
    "question.removed": _l("ซ่อนคำถามจากกระดาน"),
    "question.restored": _l("นำคำถามกลับมา"),
    "role.granted": _l("ให้บทบาท"),
    "role.revoked": _l("ถอนบทบาท"),
    "search_gap.asked": _l("แจ้งเรื่องที่ยังไม่มี"),
    "search_gap.marked": _l("ดูแลเรื่องที่ยังไม่มี"),
    "search_gap.withdrawn": _l("ถอนเรื่องที่แจ้งไว้"),
    "session.attendance": _l("เช็กชื่อผู้เข้าร่วม"),
    "session.called_off": _l("ยกเลิกกิจกรรม"),
    "session.changed": _l("แก้ไขกิจกรรม"),
    "session.guest": _l("เพิ่มผู้ร่วมจากภายนอก"),
    "session.guest_removed": _l("นำผู้ร่วมจากภายนอกออก"),
    "session.planned": _l("นัดกิจกรรม"),
    "session.taken_back": _l("นำกิจกรรมกลับมา"),
    "token.created": _l("สร้างโทเคน"),
    "token.revoked": _l("ยกเลิกโทเคน"),
    "topic.added": _l("เพิ่มประเด็นเรียนรู้"),
    "topic.brought_back": _l("นำประเด็นเรียนรู้กลับมา"),
    "topic.changed": _l("แก้ประเด็นเรียนรู้"),
    "topic.copied": _l("คัดลอกประเด็นเรียนรู้จากปีก่อน"),
    "topic.moved": _l("เรียงประเด็นเรียนรู้"),
    "topic.preset_added": _l("เพิ่มประเด็นเรียนรู้ชุดเริ่มต้น"),
    "topic.retired": _l("เลิกใช้ประเด็นเรียนรู้"),
    "unit.closed": _l("ปิดหน่วยงาน"),
    "unit.created": _l("เพิ่มหน่วยงาน"),
    "unit.reopened": _l("เปิดหน่วยงานอีกครั้ง"),
    "unit.updated": _l("แก้ไขหน่วยงาน"),
    "units.imported": _l("นำเข้าหน่วยงาน"),
}
THINGS = {
    "api_token": _l("โทเคนเลขที่"),
    "attachment": _l("ไฟล์แนบเลขที่"),
    "community": _l("ชุมชนเลขที่"),
    "employee": _l("บุคลากรเลขที่"),
    "fiscal_year": _l("ปี"),
    "knowledge_article": _l("องค์ความรู้เลขที่"),
    "org_unit": _l("หน่วยงานเลขที่"),
    "own_word": _l("คำขององค์กรเลขที่"),
    "answer": _l("คำตอบเลขที่"),
    "question": _l("คำถามเลขที่"),
    "search_gap": _l("ความรู้ที่ขาดเลขที่"),
    "session": _l("กิจกรรมเลขที่"),
    "session_note": _l("บันทึกเลขที่"),
    "synonym_group": _l("กลุ่มคำเลขที่"),
    "topic": _l("ประเด็นเรียนรู้เลขที่"),
}
FIELDS = {
    "title": _l("คำนำหน้า"),
    "first_name": _l("ชื่อตัว"),
    "last_name": _l("นามสกุล"),
    "name": _l("ชื่อ"),
    "position": _l("ตำแหน่ง"),
    "level": _l("ระดับ"),
    "unit": _l("สังกัด"),
    "email": _l("อีเมล"),
    "phone": _l("เบอร์ภายใน"),
    "expertise": _l("ความเชี่ยวชาญ"),
    "is_active": _l("สถานะ"),
    "kind": _l("ประเภท"),
    "parent": _l("หน่วยงานต้นสังกัด"),
}

FACTS = {
    "article": _l("องค์ความรู้เลขที่"),
    "before": _l("เดิม"),
    "changed": _l("สิ่งที่เปลี่ยน"),
    "code": _l("รหัส"),
    "community": _l("ชุมชนเลขที่"),
    "count": _l("จำนวน"),
    "employee": _l("รหัสพนักงาน"),
    "employee_id": _l("รหัสพนักงาน"),
    "fields": _l("สิ่งที่เปลี่ยน"),
    "filename": _l("ชื่อไฟล์"),
    "kind": _l("ประเภท"),
    "name": _l("ชื่อ"),
    "new": _l("ใหม่"),
    "on": _l("วันที่"),
    "preset": _l("ชุด"),
    "question": _l("คำถามเลขที่"),
    "reason": _l("เหตุผล"),
    "role": _l("บทบาท"),
    "session": _l("กิจกรรมเลขที่"),
    "terms": _l("คำ"),
    "title": _l("ชื่อองค์ความรู้"),
    "unit": _l("รหัสหน่วยงาน"),
    "word": _l("คำ"),
    "year": _l("ปี"),
}


def action(name: str) -> str:
    """What an entry says; an action without words of its own is shown as it is."""
    return str(ACTIONS.get(name, name))


def thing(table: str) -> str:
    """What kind of record was changed."""
    return str(THINGS.get(table, table))


def fact(name: str) -> str:
    """What a detail of an entry is called."""
    return str(FACTS.get(name, name))


def value(field: str, text: str) -> str:
    """A value of an imported field as people read it."""
    if field == "is_active":
        return _("ปฏิบัติงาน/เปิด") if text == "True" else _("ปิดแล้ว")
    return str(labels.UNIT_KINDS.get(text, text)) if field == "kind" else text
