"""The official exchange form as data: its words and order are the customer's (PRODUCT 4; S0-162..170)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kc.i18n import use_language
from kc.thai import format_date, to_arabic_digits, to_thai_digits

# Printed exactly so, whatever language the screen speaks: it is an official form (S0-164).
FORM_TITLE = "แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)"
SUBJECT = "ชุมชนนักปฏิบัติเรื่อง"  # S0-162
BRANCH, DIVISION = "สาขา", "ฝ่าย/สำนัก/สนจ."  # S0-163
PART_HEADINGS = {  # S0-165..169
    "background": "ที่มาของการทำกิจกรรม CoPs",
    "goals": "เป้าหมายที่ต้องการ",
    "target_group": "กลุ่มเป้าหมายที่จะนำความรู้จากการทำกิจกรรมไปใช้",
    "method": "วิธีการดำเนินกิจกรรม",
    "results": "ผลลัพธ์ที่เกิดจากกิจกรรม CoPs",
}
PART_NOTES = {
    "method": "(อธิบายรายละเอียดแต่ละกิจกรรมให้ชัดเจน พร้อมยกตัวอย่างและรูปภาพประกอบ)",
    "results": "(เปรียบเทียบกับเป้าหมายให้ชัดเจน)",
}
RESULTS_ON = "ผลลัพธ์ ณ วันที่"  # S0-170
MEASURE_COLUMNS = {
    "measure": "ตัวชี้วัด",
    "unit": "หน่วย",
    "before": "ก่อนทำกิจกรรม",
    "target": "เป้าหมาย",
    "after": "ผลลัพธ์",
}
REACHED, NOT_REACHED = "บรรลุเป้าหมาย", "ยังไม่ถึงเป้าหมาย"

# What XML and fonts cannot hold; it comes in by pasting and nobody sees it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Printable:
    """A dataclass whose texts are freed of unprintable characters, so that no maker need think of them."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, str):
                object.__setattr__(self, name, _UNPRINTABLE.sub("", value.replace("\r\n", "\n")))


_AT_LEAST = re.compile("อย่างน้อย|ไม่น้อยกว่า|ไม่ต่ำกว่า|(?<!ไม่)มากกว่า|ขึ้นไป")
_AT_MOST = re.compile("ไม่เกิน|ไม่มากกว่า|น้อยกว่า|ต่ำกว่า|ลงมา")
_CHANGE = re.compile("(?:ลดลง|เพิ่มขึ้น|ลด|เพิ่ม)(?!.*(?:เหลือ|เป็น))")  # a change, not a level to compare with
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def _number(text: str) -> float | None:
    """The one number in a figure such as "อย่างน้อย 1,200 ราย"; None when there is none or more than one."""
    found = _NUMBER.findall(to_arabic_digits(text))
    return float(found[0].replace(",", "")) if len(found) == 1 else None


@dataclass(frozen=True)
class Measure(Printable):
    """A goal and its result side by side (S0-169), as people wrote them."""

    measure: str
    unit: str = ""
    before: str = ""
    target: str = ""
    after: str = ""

    @property
    def numbers(self) -> tuple[float | None, float | None, float | None]:
        """Before, target and after where they are figures: what a chart can draw."""
        return _number(self.before), _number(self.target), _number(self.after)

    def shown(self, name: str) -> str:
        """A column as it is printed: bare figures of four digits and more get their comma."""
        text = str(getattr(self, name)).strip()
        whole, point, rest = text.partition(".")
        return f"{int(whole):,}{point}{rest}" if re.fullmatch(r"[1-9][0-9]{3,}(\.[0-9]+)?", text) else text

    @property
    def reached(self) -> bool | None:
        """Whether the result reached the target; None where the figures do not tell."""
        before, target, after = self.numbers
        if target is None or after is None or _CHANGE.search(self.target):
            return None
        if _AT_LEAST.search(self.target):
            return after >= target
        if _AT_MOST.search(self.target):
            return after <= target
        if before is None or before == target:
            return True if after == target else None
        return after >= target if target > before else after <= target


@dataclass(frozen=True)
class Picture(Printable):
    """A picture of the activity; `path` is its address in the text when the text shows it in place."""

    data: bytes
    caption: str = ""
    path: str = ""


@dataclass(frozen=True)
class Part:
    """One of the five: its field name, numbered heading, the bracketed note the form prints after it, the text."""

    name: str
    heading: str
    note: str
    text: str


@dataclass(frozen=True)
class ExchangeForm(Printable):
    """Everything the four documents say. Texts are Markdown-light as stored; empty ones are simply left blank."""

    title: str  # ชื่อองค์ความรู้
    community: str = ""  # ชื่อชุมชน
    branch: str = ""  # สาขา
    division: str = ""  # ฝ่าย/สำนัก/สนจ.
    fiscal_year: str = ""  # with its label: "ปีบัญชี 2569"
    topic: str = ""
    organisation: str = ""
    summary: str = ""
    background: str = ""
    goals: str = ""
    target_group: str = ""
    method: str = ""
    results: str = ""
    measures: tuple[Measure, ...] = ()
    results_on: date | None = None
    authors: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    address: str = ""  # where the article can be read: printed, not linked blindly
    thai_digits: bool = False  # official print may ask for them (REQUIREMENTS 5)
    signatures: bool = False  # lines to sign on, below the makers

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "authors", tuple(_UNPRINTABLE.sub("", author) for author in self.authors))

    def digits(self, text: object) -> str:
        """Figures the system itself writes, in the kind of digits this print asks for."""
        return to_thai_digits(text) if self.thai_digits else str(text)

    @property
    def results_day(self) -> str:
        """ "31 มกราคม 2568", or "" while there is none."""
        if not self.results_on:
            return ""
        with use_language("th"):
            return format_date(self.results_on, thai_digits=self.thai_digits)

    @property
    def parts(self) -> list[Part]:
        """The five parts in the official order, headings numbered."""
        numbered = enumerate(PART_HEADINGS.items(), start=1)
        return [
            Part(name, f"{self.digits(number)}. {heading}", PART_NOTES.get(name, ""), getattr(self, name))
            for number, (name, heading) in numbered
        ]

    def picture(self, path: str) -> Picture | None:
        """The picture the text shows at `path`."""
        return next((picture for picture in self.pictures if picture.path and picture.path == path), None)
