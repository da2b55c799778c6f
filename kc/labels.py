"""Thai names of everything that is stored under an English word: the terms of the Thai guides themselves."""

from kc.i18n import lazy as _l

UNIT_KINDS = {
    "head_office": _l("สำนักงานใหญ่"),
    "division": _l("ฝ่าย"),
    "bureau": _l("สำนัก"),
    "provincial_office": _l("สนจ. (สำนักงานจังหวัด)"),
    "branch": _l("สาขา"),
    "department": _l("กอง"),
    "section": _l("งาน"),
    "group": _l("กลุ่ม"),
}

SYSTEM_ROLES = {
    "staff": _l("พนักงาน"),
    "coordinator": _l("ผู้ประสานงานส่วนงาน"),
    "reviewer": _l("ผู้เชี่ยวชาญกลั่นกรอง"),
    "knowledge_officer": _l("ทีมจัดการความรู้"),
    "administrator": _l("ผู้ดูแลระบบ"),
    "executive": _l("ผู้บริหาร"),
}

# Both of the sources' names for each role: the work, and the คุณ-name.
COMMUNITY_ROLES = {
    "leader": _l("ผู้นำ (คุณเอื้อ)"),
    "facilitator": _l("หัวหน้าชุมชน (คุณอำนวย)"),
    "historian": _l("เลขานุการ (คุณลิขิต)"),
    "coordinator": _l("ผู้ประสานงาน (คุณประสาน)"),
    "member": _l("สมาชิก (คุณกิจ)"),
    "expert": _l("ผู้เชี่ยวชาญ"),
}

NOTE_KINDS = {
    "point": _l("ประเด็น"),
    "problem": _l("ปัญหา"),
    "story": _l("ประสบการณ์/เรื่องเล่า"),
    "technique": _l("เทคนิค"),
    "practice": _l("แนวปฏิบัติ"),
    "conclusion": _l("ข้อสรุป"),
}

TECHNIQUES = {
    "storytelling": _l("เรื่องเล่า (Storytelling)"),
    "dialogue": _l("สุนทรียสนทนา (Dialogue)"),
    "meeting": _l("ประชุม"),
    "coffee_council": _l("สภากาแฟ"),
    "peer_assist": _l("เพื่อนช่วยเพื่อน (Peer Assist)"),
    "aar": _l("ทบทวนหลังปฏิบัติงาน (AAR)"),
    "knowledge_market": _l("ตลาดนัดความรู้"),
    "study_visit": _l("ศึกษาดูงาน"),
    "webboard": _l("กระดานถาม-ตอบ"),
    "chat": _l("ห้องสนทนาออนไลน์"),
    "other": _l("อื่น ๆ"),
}

ARTICLE_KINDS = {
    "best_practice": _l("แนวปฏิบัติที่ดี"),
    "lesson_learned": _l("บทเรียน"),
    "story": _l("เรื่องเล่า"),
    "manual": _l("คู่มือ"),
    "innovation": _l("นวัตกรรม"),
}

KNOWLEDGE_TYPES = {
    "": _l("ไม่ระบุ"),
    "tacit": _l("ความรู้ที่ฝังอยู่ในคน (Tacit)"),
    "explicit": _l("ความรู้ที่ชัดแจ้ง (Explicit)"),
}

ARTICLE_STATUSES = {
    "draft": _l("ฉบับร่าง"),
    "submitted": _l("รอเผยแพร่"),
    "published": _l("เผยแพร่แล้ว"),
    "retired": _l("เลิกใช้แล้ว"),
}

ATTACHMENT_KINDS = {
    "exchange_form": _l("แบบฟอร์มแลกเปลี่ยนเรียนรู้ฯ"),
    "summary": _l("ไฟล์สรุปองค์ความรู้"),
    "picture": _l("รูปภาพ"),
    "other": _l("อื่น ๆ"),
}

# The official form's five headings, in its order and wording (S0-165…169).
PARTS = {
    "background": _l("ที่มาของการทำกิจกรรม CoPs"),
    "goals": _l("เป้าหมายที่ต้องการ"),
    "target_group": _l("กลุ่มเป้าหมายที่จะนำความรู้จากการทำกิจกรรมไปใช้"),
    "method": _l("วิธีการดำเนินกิจกรรม"),
    "results": _l("ผลลัพธ์ที่เกิดจากกิจกรรม CoPs"),
}
PART_HINTS = {
    "background": _l("ปัญหาหรือโอกาสในงานที่ทำให้กลุ่มหยิบเรื่องนี้มาคุยกัน"),
    "goals": _l("อยากให้อะไรดีขึ้น จากเท่าไร เป็นเท่าไร ภายในเมื่อไร"),
    "target_group": _l("ใครจะนำความรู้นี้ไปใช้ได้บ้าง"),
    "method": _l("อธิบายรายละเอียดแต่ละกิจกรรมให้ชัดเจน พร้อมยกตัวอย่างและรูปภาพประกอบ"),
    "results": _l("เปรียบเทียบกับเป้าหมายให้ชัดเจน"),
}

# What people look for that is not there yet.
GAP_STATES = {
    "new": _l("รอรับเรื่อง"),
    "working": _l("กำลังหาคำตอบ"),
    "answered": _l("มีคำตอบแล้ว"),
}

# What a search finds, and how its results are told apart.
FOUND_EVERYTHING = _l("ทั้งหมด")
FOUND_KINDS = {
    "knowledge": _l("องค์ความรู้"),
    "attachment": _l("ไฟล์แนบ"),
    "person": _l("บุคลากร"),
    "community": _l("ชุมชน"),
    "session": _l("กิจกรรม"),
    "question": _l("ถาม-ตอบ"),
}
FILE_GROUPS = {
    "pdf": _l("PDF"),
    "word": _l("เอกสาร Word"),
    "slides": _l("สไลด์"),
    "sheet": _l("ตาราง Excel"),
    "plain": _l("ข้อความ"),
    "picture": _l("รูปภาพ"),
    "video": _l("วิดีโอ"),
}

# The organisation's language.
SYNONYM_KINDS = {
    "synonym": _l("คำที่ใช้แทนกัน"),
    "abbreviation": _l("ชื่อย่อกับชื่อเต็ม"),
    "spelling": _l("สะกดต่างกัน"),
}
OWN_WORD = _l("คำขององค์กร")
OWN_WORD_SOURCES = {
    "typed": _l("พิมพ์เพิ่ม"),
    "unit": _l("ชื่อหน่วยงาน"),
    "topic": _l("ประเด็นเรียนรู้"),
    "community": _l("ชื่อชุมชน"),
}
LANGUAGE_PRESETS = {
    "common": _l("คำที่ใช้ทั่วไปในองค์กรไทย"),
    "bank": _l("ธนาคารและสินเชื่อเกษตร"),
    "government": _l("ราชการและเทศบาล"),
    "hospital": _l("โรงพยาบาลและสาธารณสุข"),
}

# What became of a file's text.
READING_STATES = {
    "waiting": _l("รออ่านข้อความ"),
    "reading": _l("กำลังอ่านข้อความ"),
    "readable": _l("อ่านได้"),
    "no_text": _l("ไม่มีข้อความให้ค้นหา"),
    "failed": _l("อ่านข้อความไม่ได้"),
}
READING_REASONS = {
    "encrypted": _l("ไฟล์ตั้งรหัสผ่านไว้"),
    "damaged": _l("ไฟล์เสียหรือมาไม่ครบ"),
    "too_big": _l("ไฟล์หรือข้อความข้างในใหญ่เกินไป"),
    "bomb": _l("ข้างในไฟล์ขยายใหญ่ผิดปกติ"),
    "too_slow": _l("ใช้เวลาอ่านนานเกินไป"),
    "memory": _l("ใช้หน่วยความจำมากเกินไป"),
    "unsupported": _l("ระบบยังอ่านไฟล์ชนิดนี้ไม่ได้"),
    "empty": _l("ไฟล์ว่างเปล่า"),
    "interrupted": _l("การอ่านหยุดกลางคันหลายครั้ง"),
}
