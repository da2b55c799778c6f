"""The words an exchange form is known by, as the bank prints them and as people type them (REQUIREMENTS I)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from kc.documents.form import FORM_TITLE, PART_HEADINGS, PART_NOTES
from kc.thai import to_arabic_digits

# Full headings are known wherever they begin a line; the first of each part is the official one.
STRONG = {
    "background": [
        PART_HEADINGS["background"],
        "ที่มาของการทำกิจกรรม",
        "ที่มาของกิจกรรม",
        "ที่มาและความสำคัญ",
        "ความเป็นมาและความสำคัญ",
    ],
    "goals": [PART_HEADINGS["goals"], "เป้าหมายของการทำกิจกรรม", "เป้าหมายของกิจกรรม"],
    "target_group": [
        PART_HEADINGS["target_group"],
        "กลุ่มเป้าหมายที่จะนำความรู้ไปใช้",
        "กลุ่มเป้าหมายที่จะนำองค์ความรู้ไปใช้",
        "กลุ่มเป้าหมายที่นำความรู้ไปใช้",
    ],
    "method": [PART_HEADINGS["method"], "วิธีดำเนินกิจกรรม", "วิธีการดำเนินการกิจกรรม", "วิธีการทำกิจกรรม", "ขั้นตอนการดำเนินกิจกรรม"],
    "results": [
        PART_HEADINGS["results"],
        "ผลลัพธ์ที่เกิดจากการทำกิจกรรม",
        "ผลลัพธ์ที่เกิดจากกิจกรรม",
        "ผลลัพธ์ที่ได้จากกิจกรรม",
        "ผลลัพธ์จากการทำกิจกรรม",
    ],
}
# Short ones are known only where they stand like a heading: numbered, in bold, or alone before a colon.
WEAK = {
    "background": ["ที่มา", "ความเป็นมา", "หลักการและเหตุผล", "ที่มาและเหตุผล", "สภาพปัญหา", "ที่มาของปัญหา"],
    "goals": ["เป้าหมาย", "วัตถุประสงค์", "วัตถุประสงค์และเป้าหมาย", "เป้าหมายและวัตถุประสงค์"],
    "target_group": ["กลุ่มเป้าหมาย", "ผู้ที่นำความรู้ไปใช้", "ผู้นำความรู้ไปใช้"],
    "method": [
        "วิธีการดำเนินงาน",
        "วิธีดำเนินงาน",
        "วิธีการดำเนินการ",
        "วิธีดำเนินการ",
        "ขั้นตอนการดำเนินงาน",
        "วิธีการ",
        "การดำเนินกิจกรรม",
    ],
    "results": ["ผลลัพธ์", "ผลลัพธ์ที่เกิดขึ้น", "ผลลัพธ์ที่ได้", "ผลการดำเนินกิจกรรม", "ผลการดำเนินงาน", "ผลที่ได้รับ", "ผลที่เกิดขึ้น"],
}
LABELS = {
    "title": [
        "ชุมชนนักปฏิบัติเรื่อง",
        "ชุมชนนักปฏิบัติ (CoPs) เรื่อง",
        "ชุมชนนักปฏิบัติ (CoP) เรื่อง",
        "ชื่อองค์ความรู้เรื่อง",
        "ชื่อองค์ความรู้",
        "องค์ความรู้เรื่อง",
        "ชื่อเรื่อง",
        "เรื่อง",
    ],
    "community": ["ชื่อชุมชนนักปฏิบัติ", "ชื่อชุมชน", "ชื่อกลุ่ม CoPs", "ชื่อกลุ่ม", "ชื่อ CoPs", "ชื่อ CoP", "กลุ่ม CoPs", "ชุมชน"],
    "division": [
        "ฝ่าย/สำนัก/สนจ.",
        "ฝ่าย/สำนัก/สำนักงาน",
        "ฝ่าย / สำนัก / สนจ.",
        "ฝ่าย/สำนัก",
        "สนจ./ฝ่าย/สำนัก",
        "หน่วยงาน",
        "ส่วนงาน",
        "สังกัด",
    ],
    "branch": ["สาขา"],
    "topic": ["ประเด็นเรียนรู้", "ประเด็นการเรียนรู้", "ประเด็นความรู้", "หัวข้อความรู้", "หัวข้อการเรียนรู้"],
    "fiscal_year": ["ประจำปีบัญชี", "ประจำปีงบประมาณ", "ปีบัญชี", "ปีงบประมาณ", "ประจำปี", "ปี พ.ศ."],
    "authors": ["ผู้จัดทำ", "จัดทำโดย", "ผู้เขียน", "ผู้บันทึก", "ผู้รายงาน", "ผู้เล่าเรื่อง", "เจ้าขององค์ความรู้", "เจ้าของเรื่อง"],
}
SURE = {"division", "topic", "fiscal_year"}  # known in the middle of a line, too
RESULTS_DAY = ["ผลลัพธ์ ณ วันที่", "ผลลัพธ์ณวันที่", "ผล ณ วันที่", "ข้อมูล ณ วันที่"]
COLUMNS = {
    "measure": "ตัวชี้วัด|ตัวชี้วัดความสำเร็จ|ตัววัดผล|สิ่งที่วัด|รายการ|ประเด็น|เรื่อง|หัวข้อ|กิจกรรม|measure|indicator|kpi",
    "unit": "หน่วย|หน่วยนับ|หน่วยวัด|unit",
    "before": "ก่อน|ก่อนทำกิจกรรม|ก่อนการทำกิจกรรม|ก่อนดำเนินการ|ก่อนดำเนินกิจกรรม"
    "|เดิม|ข้อมูลเดิม|ค่าเดิม|ผลเดิม|ฐานเดิม|before|baseline",
    "target": "เป้าหมาย|เป้า|เป้าหมายที่ต้องการ|เป้าหมายที่ตั้งไว้|ค่าเป้าหมาย|target|goal",
    "after": "ผลลัพธ์|ผล|ผลที่ได้|ผลลัพธ์ที่ได้|ผลลัพธ์ที่เกิดขึ้น|ผลลัพธ์ที่เกิดจากกิจกรรม|ผลการดำเนินงาน|ผลงาน|ผลที่เกิดขึ้น|ผลที่ทำได้|ทำได้จริง|ผลจริง"
    "|หลัง|หลังทำกิจกรรม|หลังการทำกิจกรรม|หลังดำเนินการ|หลังดำเนินกิจกรรม|after|result|actual",
    "": "ที่|ลำดับ|ลำดับที่|ข้อ|no|#",
}
SIMILAR = 0.88  # one letter in eight may be wrong in a long heading

# Runs of dots to write on. Three dots in a sentence are an ellipsis and stay.
DOTS = re.compile(r"(?:[.·‥_]\s?){4,}|[…‥]\s?(?:[.…‥]\s?)+|_{3,}|\.{4,}")
_PIECE = "(?:ส่วนที่|ข้อที่|หัวข้อที่|ตอนที่|part)"
_NUMBER = (
    rf"(?:(?:{_PIECE}|ข้อ)\s*)?[(\[]?\d{{1,2}}(?:\s*[.)\]:/]+(?!\d)|\s*[-–:]|\s)\s*"
    rf"|{_PIECE}\s*\d{{1,2}}\s*"
)
NUMBERED = re.compile(rf"^\s*(?:{_NUMBER}|[•●▪■◆➢✓*\-–]\s+)", re.I)
_FOLDED_AWAY = re.compile("[\u0e47-\u0e4e\u200b-\u200f\u00ad\ufeff\u0e31]")


def fold(letter: str) -> str:
    """One letter as it survives damage: marks lost, ำ and า alike, spaces and signs gone; "" when it falls away."""
    if letter == "ำ":
        return "า"
    if _FOLDED_AWAY.match(letter) or "\uf700" <= letter <= "\uf71a":
        return ""
    return letter.casefold() if letter.isalnum() or "\u0e30" <= letter <= "\u0e3a" or letter in "ฯๆ" else ""


def folded(text: str) -> str:
    return "".join(map(fold, to_arabic_digits(text).replace("เเ", "แ").replace("ํา", "ำ")))


@dataclass(frozen=True)
class Heading:
    """A heading at the beginning of a line: which part, how sure, and what stands after it."""

    part: str
    strong: bool
    rest: str
    alone: bool  # numbered, in bold, or with nothing but a colon after it: surely no sentence


def _after(text: str, key: str) -> str | None:
    """What follows when `text` begins with the folded `key`; None when it does not."""
    left = key
    for position, letter in enumerate(text):
        if not left:
            # Marks of the last consonant still belong to it.
            while position < len(text) and not fold(text[position]) and "\u0e31" <= text[position] <= "\u0e4e":
                position += 1
            return text[position:]
        piece = fold(letter)
        if not left.startswith(piece):
            return None
        left = left[len(piece) :]
    return "" if not left else None


def _phrases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    pairs = [(folded(phrase), name) for name, phrases in table.items() for phrase in phrases]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


_STRONG, _WEAK, _LABELS = _phrases(STRONG), _phrases(WEAK), _phrases(LABELS)
_TITLES = [folded(FORM_TITLE), folded("แบบฟอร์มแลกเปลี่ยนเรียนรู้")]
_DAYS = _phrases({"day": RESULTS_DAY})
_NOTES = sorted(
    (folded(note) for note in (*PART_NOTES.values(), "(CoPs)", "(CoP)", "CoPs", "CoP", "ของการทำกิจกรรม")),
    key=len,
    reverse=True,
)
_COLUMNS = {folded(word) or word: name for name, words in COLUMNS.items() for word in words.split("|")}


def is_form_title(text: str) -> bool:
    key = folded(text)
    return any(key.startswith(title) and len(key) < len(title) + 40 for title in _TITLES)


def results_day_after(text: str) -> str | None:
    """What follows "ผลลัพธ์ ณ วันที่" at the beginning of a line; None when the line begins otherwise."""
    bare = NUMBERED.sub("", to_arabic_digits(text)).lstrip("*# ")
    return next((rest for key, _name in _DAYS if (rest := _after(bare, key)) is not None), None)


def _without_notes(rest: str) -> str:
    """Without the bracketed hint the form prints after a heading, the colon, and a second naming of the activity."""
    while True:
        rest = rest.lstrip(" \t:：-–*_.")
        inner = re.match(r"\(([^()]{0,160}(?:\([^()]*\)[^()]*)?)\)?", rest)
        if inner and any(folded(inner.group())[:12] == note[: min(12, len(folded(inner.group())))] for note in _NOTES):
            rest = rest[inner.end() :]
            continue
        after = next((a for note in _NOTES if (a := _after(rest, note)) is not None and not a[:1].isalnum()), None)
        if after is None:
            return rest.strip()
        rest = after


def heading_of(text: str, loud: bool = False) -> Heading | None:
    """The part whose heading this line is, or begins with; None for any other line."""
    line = to_arabic_digits(text).strip().lstrip("#* ")
    if not line or results_day_after(text) is not None:
        return None
    number = NUMBERED.match(line)
    bare = line[number.end() :] if number else line
    for key, part in _STRONG:
        rest = _after(bare, key)
        if rest is None:
            continue
        told = _without_notes(rest)
        if not rest[:1].isalpha() or told != rest.strip() or (number and len(key) > 12):
            return Heading(part, True, told, bool(number or loud or not told or rest.lstrip().startswith(":")))
    if len(bare) < 140:
        whole = folded(bare.partition("(")[0])
        for key, part in _STRONG:
            if (
                len(key) > 12
                and abs(len(whole) - len(key)) < 5
                and SequenceMatcher(None, whole, key).ratio() >= SIMILAR
            ):
                inner = bare.partition("(")[2]
                return Heading(part, True, _without_notes("(" + inner if inner else ""), True)
    return _weak_heading(bare, numbered=number is not None, loud=loud)


def _weak_heading(bare: str, *, numbered: bool, loud: bool) -> Heading | None:
    for key, part in _WEAK:
        rest = _after(bare, key)
        if rest is None:
            continue
        colon = rest.lstrip(" *").startswith((":", "："))
        alone = not _without_notes(rest)
        if (alone and (numbered or loud or colon)) or (colon and (numbered or loud)):
            return Heading(part, False, _without_notes(rest), True)
    return None


def label_at(text: str) -> tuple[str, str] | None:
    """(field, what follows) when the text begins with a label of the form's head."""
    bare = text.lstrip(" \t*•-")
    for key, name in _LABELS:
        rest = _after(bare, key)
        if rest is None:
            continue
        gap = rest[:1] in ("", " ", "\t", ":", "：", ".", "…", "_", "(") or name in (
            "branch",
            "fiscal_year",
            "division",
        )
        if gap and not (name == "title" and key == folded("เรื่อง") and not rest[:1].strip() and len(rest) > 200):
            return name, rest
    return None


def column_of(text: str) -> str | None:
    """Which column of goals and results a table's head names; "" for one that only counts; None for another."""
    key = folded(re.sub(r"\(.*?\)", "", text)) or text.strip()
    return _COLUMNS.get(key)


def without_dots(text: str) -> str:
    """Without the dotted lines to write on."""
    return DOTS.sub("  ", text)
