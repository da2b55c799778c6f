"""Papers of a community as data: the sign-up application, the record of a session, a certificate (S0-46, S0-113)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kc.documents.form import Picture, Printable
from kc.i18n import use_language
from kc.thai import format_date, to_thai_digits

APPLICATION_TITLE = "ใบสมัครชุมชนนักปฏิบัติ (CoPs)"
RECORD_TITLE = "บันทึกการแลกเปลี่ยนเรียนรู้ของชุมชนนักปฏิบัติ (CoPs)"
CERTIFICATE_TITLE = "เกียรติบัตร"
EVIDENCE_TITLE = "สารบัญหลักฐานการดำเนินงานของชุมชนนักปฏิบัติ (CoPs)"
TOOK_PART = "ได้เข้าร่วมกิจกรรมของชุมชนนักปฏิบัติ"
WROTE = "เป็นผู้จัดทำองค์ความรู้ที่เผยแพร่ในคลังความรู้ขององค์กร"


def part_taken(role: str, meetings: int, fiscal_year: str) -> str:
    """The line of a certificate that says as what, how often and when."""
    parts = [f"ในฐานะ{role}" if role else "", f"เข้าร่วม {meetings} ครั้ง" if meetings else "", fiscal_year]
    return "  ".join(filter(None, parts))


class Official(Printable):
    """What official print has in common: Thai digits where asked for, days of the Buddhist era in Thai words."""

    thai_digits: bool

    def digits(self, text: object) -> str:
        return to_thai_digits(text) if self.thai_digits else str(text)

    def day(self, day: date | None) -> str:
        with use_language("th"):
            return format_date(day, thai_digits=self.thai_digits) if day else ""


@dataclass(frozen=True)
class Person(Printable):
    """A line of a list of people."""

    name: str
    position: str = ""
    unit: str = ""
    role: str = ""  # in the community, or how they took part


@dataclass(frozen=True)
class Application(Official):
    """A community as it was signed up for one year."""

    name: str
    knowledge_title: str = ""
    topic: str = ""
    unit: str = ""
    fiscal_year: str = ""
    goals: str = ""
    agreement: str = ""
    forms: tuple[str, ...] = ()
    rhythm: str = ""
    renewed_from: str = ""  # the year before, when it is the same community again
    cancelled: str = ""  # why, when it was cancelled
    members: tuple[Person, ...] = ()
    guests: tuple[Person, ...] = ()
    applicant: Person | None = None
    applied_on: date | None = None
    organisation: str = ""
    address: str = ""
    thai_digits: bool = False
    signatures: bool = True

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The head of the application, in order; what is empty is a dotted line to write on."""
        guests = f" และผู้เข้าร่วมจากภายนอก {len(self.guests)} คน" if self.guests else ""
        facts = [
            ("ชื่อชุมชน", self.name),
            ("สังกัด", self.unit),
            ("เรื่องที่จะแลกเปลี่ยนเรียนรู้", self.knowledge_title),
            ("ประเด็นเรียนรู้", self.topic),
            ("รูปแบบของชุมชน", ", ".join(self.forms)),
            ("จังหวะการพบกัน", self.digits(self.rhythm)),
            ("จำนวนสมาชิก", self.digits(f"{len(self.members)} คน{guests}") if self.members else ""),
            ("วันที่สมัคร", self.day(self.applied_on)),
        ]
        if self.renewed_from:
            facts.append(("ต่อเนื่องจาก", self.digits(self.renewed_from)))
        if self.cancelled:
            facts.append(("ยกเลิกแล้ว เพราะ", self.digits(self.cancelled)))
        return facts


@dataclass(frozen=True)
class Note(Printable):
    """What was said, by whom."""

    text: str
    speaker: str = ""


@dataclass(frozen=True)
class SessionRecord(Official):
    """A meeting: who came, what was said (by kind of note), pictures."""

    topic: str
    community: str = ""
    unit: str = ""
    fiscal_year: str = ""
    held_on: date | None = None
    times: str = ""  # "13.30 – 15.00 น."
    place: str = ""
    technique: str = ""
    presenter: str = ""
    facilitator: str = ""
    recorder: str = ""  # who signs for the record
    people: tuple[Person, ...] = ()
    notes: tuple[tuple[str, tuple[Note, ...]], ...] = ()  # (name of the kind, its notes)
    pictures: tuple[Picture, ...] = ()
    address: str = ""
    thai_digits: bool = False
    signatures: bool = True

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The head of the record, in order."""
        when = "  ".join(filter(None, [self.day(self.held_on), self.digits(self.times)]))
        return [
            ("เรื่อง", self.topic),
            ("ชุมชนนักปฏิบัติ", self.community),
            ("สังกัด", self.unit),
            ("วันและเวลา", when),
            ("สถานที่", self.place),
            ("รูปแบบกิจกรรม", self.technique),
            ("ผู้นำเสนอ", self.presenter),
            ("ผู้ดำเนินรายการ", self.facilitator),
        ]


@dataclass(frozen=True)
class Certificate(Official):
    """What somebody did, said for everybody to read. `reason` and `subject` stand on lines of their own."""

    person: str
    position: str = ""
    reason: str = ""
    subject: str = ""
    detail: str = ""
    given_on: date | None = None
    organisation: str = ""
    address: str = ""
    thai_digits: bool = False


@dataclass(frozen=True)
class EvidenceList(Official):
    """The table of contents of a community's evidence: what is missing, then every file by the folder it lies in."""

    community: str
    unit: str = ""
    fiscal_year: str = ""
    made_on: date | None = None
    missing: tuple[tuple[str, str], ...] = ()  # (what, what is to be done)
    exhibits: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (folder, its files)
    organisation: str = ""
    address: str = ""
    thai_digits: bool = False
