"""Words for what the administration shows: entries of the audit log, fields of an import."""

from kc import labels
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.web.admin.deeds import ACTIONS

THINGS = {
    "answer": _l("คำตอบเลขที่"),
    "api_token": _l("โทเคนเลขที่"),
    "assessment": _l("ผลประเมินเลขที่"),
    "attachment": _l("ไฟล์แนบเลขที่"),
    "calendar_feed": _l("ปฏิทินเลขที่"),
    "community": _l("ชุมชนเลขที่"),
    "document_template": _l("แบบเอกสารเลขที่"),
    "employee": _l("บุคลากรเลขที่"),
    "evaluation": _l("แผนการประเมินเลขที่"),
    "fiscal_year": _l("ปี"),
    "follow_up": _l("แบบติดตามเลขที่"),
    "knowledge_article": _l("องค์ความรู้เลขที่"),
    "learning_plan": _l("แผนการเรียนรู้เลขที่"),
    "mail": _l("อีเมลเลขที่"),
    "org_unit": _l("หน่วยงานเลขที่"),
    "own_word": _l("คำขององค์กรเลขที่"),
    "parked_thought": _l("เรื่องที่พักไว้เลขที่"),
    "proposal": _l("เรื่องที่เสนอเลขที่"),
    "question": _l("คำถามเลขที่"),
    "round": _l("บันทึกเวียนเลขที่"),
    "search_gap": _l("ความรู้ที่ขาดเลขที่"),
    "session": _l("กิจกรรมเลขที่"),
    "session_note": _l("บันทึกเลขที่"),
    "session_series": _l("นัดประจำเลขที่"),
    "session_summary": _l("สรุปกิจกรรมเลขที่"),
    "synonym_group": _l("กลุ่มคำเลขที่"),
    "topic": _l("ประเด็นเรียนรู้เลขที่"),
    "trial": _l("การทดลองเลขที่"),
    "unplaced_text": _l("ข้อความที่ยังไม่เข้าหัวข้อเลขที่"),
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
    "is_sharing": _l("ยินดีแบ่งปัน"),
    "shares_about": _l("เรื่องที่ยินดีแบ่งปัน"),
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
