"""A row's files read: the exchange form among them, else their text. No database: rows are read ahead of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from kc import filetypes
from kc.documents import old_forms, reading, sniffing
from kc.documents.old_forms import PARTS, Found, OldForm
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.services import attachments

READ_FIRST = ("docx", "pdf", "odt", "pptx", "odp", "txt", "xlsx", "ods", "csv")
MOST_TRIED = 3  # documents of a row that are looked at for a form


@dataclass
class Material:
    """A row's files, read ahead of the database."""

    hashed: str
    form: OldForm | None = None
    pictures: list[old_forms.FoundPicture] = field(default_factory=list)
    text: str = ""
    told: list[str] = field(default_factory=list)
    fault: str = ""


def read_material(files: list[Path], hashed_before: str) -> Material:
    """What the files say; only their hash when that is `hashed_before`. Never raises: a fault stands in `fault`."""
    try:
        hashed = hash_of(files)
        return Material(hashed) if hashed == hashed_before else _read(files, hashed)
    except DomainError as why:
        return Material("", fault=why.message)
    except OSError as why:
        return Material("", fault=_("เปิดไฟล์ไม่ได้ (%(why)s)", why=why.strerror or "OSError"))


def _read(files: list[Path], hashed: str) -> Material:
    types = {path: filetypes.examine(path, path.name)[0].name for path in files}
    material = Material(hashed)
    documents = sorted((p for p in files if types[p] in READ_FIRST), key=lambda p: _rank(p, types[p]))
    for path in [p for p in documents if types[p] in old_forms.KINDS][:MOST_TRIED]:
        found = old_forms.read(path, types[path])
        if found.forms:
            return _with_form(material, found)
        if types[path] == "docx":
            material.text = material.text or found.text
    for path in documents[:MOST_TRIED]:
        material.text = material.text or _text_of(path)
    if not material.text and documents:
        material.told.append(_("อ่านข้อความในไฟล์ไม่ได้ แนบไฟล์ไว้ให้เปิดดู"))
    return material


def hash_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:32]


def _rank(path: Path, kind: str) -> tuple[bool, int, str]:
    return not attachments.FORM_WORDS.search(path.name), READ_FIRST.index(kind), path.name


def _with_form(material: Material, found: Found) -> Material:
    material.form, material.pictures = found.forms[0], found.pictures
    for other in found.forms[1:]:  # a row is one piece of knowledge: the other forms' words stay with it
        told = [other.title, *(getattr(other, part) for part in PARTS), *other.unplaced]
        material.form.unplaced += [text for text in told if text]
    if len(found.forms) > 1:
        material.told.append(_("ในไฟล์มี %(n)d แบบฟอร์ม ฉบับถัดไปเก็บเป็นข้อความต่อท้าย ควรแยกไฟล์", n=len(found.forms)))
    if found.lost_pictures:
        material.told.append(_("มีรูป %(n)d รูปที่นำออกมาไม่ได้ ดูได้ในไฟล์ต้นฉบับที่แนบไว้", n=found.lost_pictures))
    return material


def _text_of(path: Path) -> str:
    """The text of any document, pages apart; "" when it has none."""
    media_type = sniffing.media_type_of(path)
    if media_type is None:
        return ""
    read = reading.read(path, media_type)
    return "\n\n".join(page.text.strip() for page in read.pages if page.text.strip())
