"""The papers of a community as PDF: application, session record, certificate."""

from __future__ import annotations

from typing import Any

from kc.documents import records
from kc.documents.pdf import signer
from kc.documents.records import Application, Certificate, EvidenceList, Official, Person, SessionRecord
from kc.documents.typesetting import Press, pieces, press
from kc.thai import graphemes
from kc.thai.wrapping import shorten

MOST_PICTURES = 24
MOST_NAMES = 12  # files of one folder that the table of contents names
NAME_SIZES = ((24, 44), (34, 36), (48, 28), (64, 22))  # up to so many letters: points


def _foot(of: Application | SessionRecord | EvidenceList) -> dict[str, Any]:
    return {"footer": pieces(shorten(of.address, 70)), "thai-digits": of.thai_digits}


def _people(of: Official, people: tuple[Person, ...]) -> list[list[Any]]:
    """Rows of a list: number, name, position, unit, role."""
    rows = [(of.digits(n), p.name, p.position, p.unit, p.role) for n, p in enumerate(people, start=1)]
    return [[pieces(cell) for cell in row] for row in rows]


def application_pdf(application: Application, *, archive: bool = False) -> bytes:
    """The sign-up application (ใบสมัคร) on A4, with its forms, members and guests, and places to sign."""
    a = application
    applicant = (a.applicant.name, a.applicant.position) if a.applicant else ()
    signers = [signer("ผู้สมัคร", *applicant), signer("ผู้บังคับบัญชา")] if a.signatures else []
    with press() as at:
        data = _foot(a) | {
            "title": a.name,
            "heading": records.APPLICATION_TITLE,
            "organisation": pieces(shorten(" · ".join(filter(None, [a.organisation, a.digits(a.fiscal_year)])), 160)),
            "facts": [[name, pieces(value)] for name, value in a.facts],
            "texts": [
                {"heading": name, "blocks": at.blocks(text, a.digits, lambda _path: None)}
                for name, text in (("เป้าหมาย", a.goals), ("ข้อตกลงร่วมกัน", a.agreement))
            ],
            "head": [pieces(name) for name in ("ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "สังกัด", "หน้าที่ในชุมชน")],
            "members": _people(a, (*a.members, *a.guests)),
            "signatures": signers,
        }
        return at.pdf("application.typ", data, archive=archive)


def session_record_pdf(record: SessionRecord, *, archive: bool = False) -> bytes:
    """The record of a meeting on A4: who came, the notes by kind, the pictures."""
    signers = [signer("ผู้บันทึก", record.recorder), signer("ผู้ตรวจบันทึก")] if record.signatures else []
    with press() as at:
        data = _foot(record) | {
            "title": record.topic,
            "heading": records.RECORD_TITLE,
            "subheading": pieces(record.digits(record.fiscal_year)),
            "facts": [[name, pieces(value)] for name, value in record.facts if value],
            "head": [pieces(name) for name in ("ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "สังกัด")],
            "people": [row[:4] for row in _people(record, record.people)],
            "count": record.digits(len(record.people)),
            "notes": [
                {"kind": pieces(kind), "notes": [_note(at, record, n, note) for n, note in enumerate(notes, start=1)]}
                for kind, notes in record.notes
            ],
            "pictures": [f for p in record.pictures[:MOST_PICTURES] if (f := at.figure(p))],
            "signatures": signers,
        }
        return at.pdf("session_record.typ", data, archive=archive)


def _note(at: Press, record: SessionRecord, number: int, note: records.Note) -> dict[str, Any]:
    return {
        "number": record.digits(number),
        "speaker": pieces(shorten(note.speaker, 60)),
        "blocks": at.blocks(note.text, record.digits, lambda _path: None),
    }


def certificate_pdf(certificate: Certificate) -> bytes:
    """One landscape A4 page, whatever the length of the name and of what it is given for."""
    c = certificate
    name = shorten(c.person, NAME_SIZES[-1][0])
    subject = shorten(c.subject, 170)
    with press() as at:
        data = {
            "title": f"{records.CERTIFICATE_TITLE} {c.person}",
            "heading": records.CERTIFICATE_TITLE,
            "organisation": pieces(shorten(c.organisation, 75)),
            "person": pieces(name),
            "person-size": next(size for most, size in NAME_SIZES if len(graphemes(name)) <= most),
            "position": pieces(shorten(c.position, 90)),
            "reason": pieces(shorten(c.reason, 75)),
            "subject": pieces(subject),
            "subject-size": 24 if len(graphemes(subject)) <= 80 else 18,
            "detail": pieces(shorten(c.digits(c.detail), 95)),
            "given": pieces(f"ให้ไว้ ณ วันที่ {c.day(c.given_on)}") if c.given_on else [],
            "code": at.code(c.address),
        }
        lines = (c.organisation, name, c.position, c.reason, subject, c.detail)
        data["scale"] = 1 if sum(len(graphemes(line)) for line in lines) <= 400 else 0.78
        return at.pdf("certificate.typ", data)


def evidence_pdf(listed: EvidenceList, *, archive: bool = False) -> bytes:
    """The table of contents of a community's evidence (D15): what is missing first, then folder by folder."""
    e = listed
    facts = [("ชื่อชุมชน", e.community), ("สังกัด", e.unit), ("รวบรวมเมื่อ", e.day(e.made_on))]
    with press() as at:
        data = _foot(e) | {
            "title": e.community,
            "heading": records.EVIDENCE_TITLE,
            "organisation": pieces(shorten(" · ".join(filter(None, [e.organisation, e.digits(e.fiscal_year)])), 160)),
            "facts": [[name, pieces(value)] for name, value in facts],
            "missing-heading": "สิ่งที่ยังขาด",
            "nothing-missing": pieces("ครบทุกรายการ"),
            "missing-head": [pieces(name) for name in ("หลักฐาน", "สิ่งที่ต้องทำ")],
            "missing": [[pieces(name), pieces(todo)] for name, todo in e.missing],
            "exhibits-heading": "หลักฐานในชุดนี้",
            "head": [pieces(name) for name in ("โฟลเดอร์", "ไฟล์", "จำนวน")],
            "rows": [
                [pieces(folder), pieces(_names(e, files)), pieces(e.digits(len(files)))] for folder, files in e.exhibits
            ],
        }
        return at.pdf("evidence.typ", data, archive=archive)


def _names(of: EvidenceList, files: tuple[str, ...]) -> str:
    """File names one below the other; of many, the first, and how many more there are."""
    shown = [shorten(name, 90) for name in files[:MOST_NAMES]]
    more = len(files) - len(shown)
    return "\n".join([*shown, f"และอีก {of.digits(more)} ไฟล์"] if more else shown)
