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

# Forms of a community, and the example ways to meet of the sources (S0-267…269).
COMMUNITY_MODELS = {
    "small": _l("กลุ่มเล็ก"),
    "large": _l("กลุ่มใหญ่"),
    "formal": _l("เป็นทางการ (เปิดเผย)"),
    "informal": _l("ไม่เป็นทางการ"),
    "top_down": _l("จากบนลงล่าง (Top Down)"),
    "grass_roots": _l("รากหญ้า (Grass Root)"),
    "one_function": _l("สายงานเดียวกัน"),
    "cross_function": _l("คละฝ่าย"),
    "face_to_face": _l("พบหน้ากัน (Face to Face)"),
    "online": _l("พบกันออนไลน์"),
    "within": _l("คนในองค์กร"),
    "across": _l("คนในกับคนนอกองค์กร"),
}
COMMUNITY_WAYS = {
    "coffee_council": _l("สภากาแฟ"),
    "meeting": _l("ประชุม"),
    "storytelling": _l("เล่าเรื่อง"),
    "webboard": _l("กระดานถาม-ตอบ"),
    "chat": _l("ห้องสนทนา (Chat)"),
}
COMMUNITY_FORMS = COMMUNITY_MODELS | COMMUNITY_WAYS

COMMUNITY_CHANGES = {
    "name": _l("ชื่อชุมชน"),
    "knowledge_title": _l("เรื่องที่อยากรู้"),
    "topic": _l("ประเด็นเรียนรู้"),
    "rhythm": _l("จังหวะการพบกัน"),
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
    "deep_listening": _l("ฟังอย่างตั้งใจ (Deep Listening)"),
    "meeting": _l("ประชุม"),
    "seminar": _l("สัมมนา"),
    "coffee_council": _l("สภากาแฟ"),
    "peer_assist": _l("เพื่อนช่วยเพื่อน (Peer Assist)"),
    "aar": _l("ทบทวนหลังปฏิบัติงาน (AAR)"),
    "goal_fair": _l("มหกรรมหัวปลา"),
    "knowledge_market": _l("ตลาดนัดความรู้"),
    "study_visit": _l("ศึกษาดูงาน"),
    "webboard": _l("กระดานถาม-ตอบ"),
    "chat": _l("ห้องสนทนาออนไลน์"),
    "other": _l("อื่น ๆ"),
}

# How often a community meets (S0-154).
RHYTHMS = {
    "weekly": _l("ทุกสัปดาห์"),
    "fortnightly": _l("ทุกสองสัปดาห์"),
    "monthly": _l("ทุกเดือน"),
}

# The eight fields of the learning plan, in the guide's order and wording (S0-129…136).
PLAN_FIELDS = {
    "objectives": _l("วัตถุประสงค์"),
    "member_count": _l("จำนวนสมาชิกที่เข้าร่วม"),
    "content": _l("ประเด็นเนื้อหา"),
    "period": _l("ระยะเวลา"),
    "techniques": _l("เทคนิควิธีการที่ใช้"),
    "speakers": _l("วิทยากร"),
    "evaluation": _l("การประเมินผลการเรียนรู้"),
    "follow_up": _l("การติดตามการนำไปใช้ประโยชน์"),
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

TRIAL_STATUSES = {
    "planned": _l("วางแผนไว้"),
    "running": _l("กำลังทดลอง"),
    "done": _l("ได้ผลแล้ว"),
}
TRIAL_OUTCOMES = {
    "adopt": _l("ได้ผลดี นำไปใช้"),
    "adapt": _l("ปรับแล้วลองต่อ"),
    "drop": _l("ไม่ได้ผล เลิกใช้"),
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
# What came of the year: three levels of measurement (S0-204), what is counted, and how.
RESULT_LEVELS = {"system": _l("ระบบ"), "output": _l("ผลผลิต"), "benefit": _l("ประโยชน์")}
RESULT_ASKED = {
    "system": _l("มีคนเข้ามาเรียนรู้ด้วยกันแค่ไหน"),
    "output": _l("ได้อะไรออกมาบ้าง"),
    "benefit": _l("นำไปใช้แล้วเกิดอะไรขึ้น"),
}
RESULT_ICONS = {"system": "people", "output": "journal-text", "benefit": "flower1"}
RESULT_FIGURES = {
    "signed_in": _l("คนที่เข้าใช้คลังความรู้"),
    "communities": _l("ชุมชนนักปฏิบัติ"),
    "sessions": _l("กิจกรรมที่จัดแล้ว (ครั้ง)"),
    "came": _l("คนที่มาร่วมกิจกรรม"),
    "trials": _l("เรื่องที่ทดลองใช้จนได้ผลกลับมา"),
    "articles": _l("องค์ความรู้ที่เผยแพร่"),
    "told": _l("คนที่บอกว่านำไปใช้"),
    "answered": _l("คนที่ตอบแบบติดตาม"),
    "using": _l("ในจำนวนนี้ ตอบว่าได้ใช้"),
}
RESULT_HOW = {
    "signed_in": _l("พนักงานที่เข้าสู่ระบบสำเร็จอย่างน้อยหนึ่งครั้งในปี คนหนึ่งนับครั้งเดียว ประวัติการเข้าสู่ระบบเก็บไว้หนึ่งปีแล้วลบ จึงไม่มีของปีก่อน"),
    "communities": _l("ชุมชนที่สมัครของปีนั้นและไม่ได้ยกเลิก นับที่หน่วยงานซึ่งสมัคร"),
    "sessions": _l("กิจกรรมที่ถึงวันแล้ว ไม่ได้งด และมีผู้ลงชื่อ บันทึก หรือไฟล์ นับที่หน่วยงานของชุมชนเจ้าของกิจกรรม"),
    "came": _l("พนักงานที่ลงชื่อเข้าร่วมกิจกรรมอย่างน้อยหนึ่งครั้ง ไม่ว่าของชุมชนใด คนหนึ่งนับครั้งเดียว ไม่นับแขกจากภายนอก"),
    "trials": _l("การทดลองใช้ที่บันทึกผลแล้ว ตามวันที่ได้ผล จะใช้ต่อ ปรับ หรือเลิกก็นับ เพราะทุกแบบได้เรียนรู้"),
    "articles": _l("องค์ความรู้ประจำปีนั้นที่เผยแพร่อยู่วันนี้ ตรงกับหน้ารายการองค์ความรู้"),
    "told": _l("คนที่บอกเองที่หน้าองค์ความรู้หรือตอบแบบติดตามว่านำไปใช้ ตามวันที่บอก คนหนึ่งนับครั้งเดียว"),
    "answered": _l("คนที่ตอบแบบติดตามการนำไปใช้ในปี ตามวันที่ตอบ คนหนึ่งนับครั้งเดียวแม้ตอบหลายรอบ"),
    "using": _l("คนที่ตอบแบบติดตามว่าได้ใช้แล้วหรือใช้บางส่วน อย่างน้อยหนึ่งรอบ"),
}
# People who gladly share what they know (S0-256).
SHARING = {"yes": _l("ยินดีแบ่งปัน")}
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

# Learning evaluation and follow-up of use.
EVALUATION_METHODS = {
    "test": _l("แบบทดสอบสั้น ก่อนและหลัง"),
    "self": _l("ประเมินตนเอง ก่อนและหลัง"),
    "score": _l("คะแนนก่อนและหลัง ที่คุณอำนวยบันทึก"),
    "rating": _l("คุณอำนวยประเมินรายคน"),
}
EVALUATION_STAGES = {
    "preparing": _l("กำลังเตรียม"),
    "before": _l("เปิดประเมินก่อนเรียนรู้"),
    "after": _l("เปิดประเมินหลังเรียนรู้"),
    "closed": _l("ปิดการประเมินแล้ว"),
}
ASSESSMENT_STATES = {
    "excused": _l("ยกเว้น"),
    "done": _l("ครบแล้ว"),
    "left": _l("พ้นจากงาน"),
    "waiting": _l("รอเจ้าตัวตอบ"),
    "to_rate": _l("รอคุณอำนวยให้คะแนน"),
    "preparing": _l("ยังไม่เปิด"),
    "begun": _l("ตอบก่อนเรียนรู้แล้ว"),
    "missed": _l("ไม่ได้ตอบ"),
}
LEVELS = {
    1: _l("น้อยที่สุด"),
    2: _l("น้อย"),
    3: _l("ปานกลาง"),
    4: _l("มาก"),
    5: _l("มากที่สุด"),
}
USE_ANSWERS = {
    "used": _l("ใช้แล้ว"),
    "partly": _l("ใช้บางส่วน"),
    "not_yet": _l("ยังไม่ได้ใช้"),
}
USE_OUTCOMES = {
    "faster": _l("งานเร็วขึ้น"),
    "fewer_errors": _l("ผิดพลาดน้อยลง"),
    "cheaper": _l("ลดค่าใช้จ่าย"),
    "customers": _l("ผู้รับบริการพอใจขึ้น"),
    "cover": _l("ทำงานแทนกันได้"),
    "kpi": _l("ตัวชี้วัดของหน่วยงานดีขึ้น"),
    "none_yet": _l("ยังไม่เห็นผล"),
}
USE_HINDRANCES = {
    "time": _l("ไม่มีเวลา"),
    "no_chance": _l("ยังไม่มีโอกาสใช้"),
    "not_my_work": _l("ไม่ตรงกับงานที่ทำ"),
    "tools": _l("ขาดเครื่องมือหรือข้อมูล"),
    "rules": _l("ติดระเบียบหรือขั้นตอน"),
    "know_more": _l("อยากรู้เพิ่มก่อนลงมือ"),
    "other": _l("อื่น ๆ"),
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

# What every announcement answers, in this order (S0-278).
ROUND_QUESTIONS = {
    "will_do": _l("องค์กรจะทำอะไร"),
    "benefit": _l("ทุกคนจะได้ประโยชน์อะไร"),
    "take_part": _l("แต่ละคนมีส่วนร่วมได้อย่างไร"),
}
ROUND_QUESTION_ICONS = {"will_do": "bullseye", "benefit": "flower1", "take_part": "hand-thumbs-up"}

# Where an invited unit stands with the year's circular.
ROUND_STATES = {
    "signed_up": _l("สมัครแล้ว"),
    "late": _l("สมัครหลังกำหนด"),
    "waiting": _l("ยังไม่สมัคร"),
    "missing": _l("เลยกำหนดแล้ว ยังไม่สมัคร"),
}
ROUND_STATE_COLOURS = {"signed_up": "ok", "late": "warn", "waiting": "neutral", "missing": "danger"}
# What a community may need help with.
HEALTH_KINDS = {
    "late": _l("เผยแพร่ช้ากว่ากำหนด"),
    "nobody": _l("ไม่มีผู้ดูแล"),
    "alone": _l("มีอยู่คนเดียว"),
    "quiet": _l("เงียบไปนาน"),
    "one_keeper": _l("ผู้ดูแลคนเดียว"),
}
HEALTH_COLOURS = {"late": "danger", "nobody": "danger", "alone": "warn", "quiet": "warn", "one_keeper": "neutral"}
# Who comes along when communities are renewed.
RENEWAL_PEOPLE = {
    "everybody": _l("สมาชิกทุกคนพร้อมบทบาทเดิม"),
    "keepers": _l("เฉพาะผู้ดูแลชุมชน (คุณเอื้อ คุณอำนวย คุณลิขิต คุณประสาน)"),
    "nobody": _l("เริ่มใหม่ทั้งหมด มีเพียงผู้ต่ออายุ"),
}
# How often notices come by e-mail.
MAIL_RHYTHMS = {
    "immediate": _l("ทันที"),
    "daily": _l("วันละครั้ง"),
    "weekly": _l("สัปดาห์ละครั้ง"),
    "off": _l("ไม่ส่งอีเมล"),
}
