"""Which files may be attached, told by what they hold and not by what they are called.

An allow-list: documents, pictures and videos of the office. Nothing that a browser would run in our origin (HTML, SVG,
scripts), nothing executable, no macros, no archives. A name that says something else than the content is corrected for
pictures and refused for documents, each with a sentence that says what to do.
"""

import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l

HEAD = 4096
PDF_TAIL = 64 * 1024
MAX_MEMBERS = 20_000
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200  # text packs 10 to 40 to 1; a bomb a thousand to one
SMALL_ENOUGH = 32 * 1024 * 1024  # … and whatever unpacks to less than this harms nobody
MAX_PART = 8 * 1024 * 1024
NAME_LENGTH = 255  # what Windows allows; what Linux allows in bytes is less


@dataclass(frozen=True)
class FileType:
    """One kind of file: what it is called, sent as, and how its name may end."""

    name: str
    label: object
    content_type: str
    endings: tuple[str, ...]
    group: str  # pdf | word | slides | sheet | plain | picture | video

    @property
    def ending(self) -> str:
        return self.endings[0]


OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
TYPES = {
    t.name: t
    for t in (
        FileType("pdf", _l("PDF"), "application/pdf", (".pdf",), "pdf"),
        FileType("docx", _l("เอกสาร Word"), OOXML + "wordprocessingml.document", (".docx",), "word"),
        FileType("pptx", _l("สไลด์ PowerPoint"), OOXML + "presentationml.presentation", (".pptx", ".ppsx"), "slides"),
        FileType("xlsx", _l("ตาราง Excel"), OOXML + "spreadsheetml.sheet", (".xlsx",), "sheet"),
        FileType("odt", _l("เอกสาร OpenDocument"), ODF + "text", (".odt",), "word"),
        FileType("odp", _l("สไลด์ OpenDocument"), ODF + "presentation", (".odp",), "slides"),
        FileType("ods", _l("ตาราง OpenDocument"), ODF + "spreadsheet", (".ods",), "sheet"),
        FileType("txt", _l("ข้อความ"), "text/plain", (".txt",), "plain"),
        FileType("csv", _l("ตาราง CSV"), "text/csv", (".csv",), "sheet"),
        FileType("png", _l("รูปภาพ PNG"), "image/png", (".png",), "picture"),
        FileType("jpeg", _l("รูปภาพ JPEG"), "image/jpeg", (".jpg", ".jpeg"), "picture"),
        FileType("webp", _l("รูปภาพ WebP"), "image/webp", (".webp",), "picture"),
        FileType("mp4", _l("วิดีโอ MP4"), "video/mp4", (".mp4", ".m4v"), "video"),
    )
}
BY_CONTENT_TYPE = {t.content_type: t for t in TYPES.values()}
BY_ENDING = {ending: t for t in TYPES.values() for ending in t.endings}
ACCEPT = ",".join(BY_ENDING)  # for <input type="file" accept>

MAIN_PARTS = {
    OOXML + "wordprocessingml.document.main+xml": "docx",
    OOXML + "presentationml.presentation.main+xml": "pptx",
    OOXML + "presentationml.slideshow.main+xml": "pptx",
    OOXML + "spreadsheetml.sheet.main+xml": "xlsx",
}
OLD_OFFICE = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx", ".pps": ".pptx"}
MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
# Characters that are not seen but change what is seen: controls, line ends, and whatever turns the direction of writing
# ("\u202efdp.exe" would read as exe.pdf). What joins emoji and parts Thai words stays.
UNSAFE_IN_NAME = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u061c\u200e\u200f\u2028\u2029\ufeff"}
UNSAFE_IN_NAME |= {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def clean_name(filename: str) -> str:
    """The file's own name as its sender knows it: Thai kept exactly, folders and unseen characters left out."""
    name = filename.encode("utf-8", "replace").decode()  # half a character that a broken sender made
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if c not in UNSAFE_IN_NAME).strip().lstrip(".")
    stem, ending = _split(name)
    return (_shortened(stem, NAME_LENGTH - len(ending)) or str(_("ไม่มีชื่อ"))) + ending


def _shortened(stem: str, length: int) -> str:
    """At most so many characters, never a letter without the marks above and below it."""
    if len(stem) <= length:
        return stem.rstrip()
    while length and (unicodedata.combining(stem[length]) or unicodedata.category(stem[length]) in ("Mn", "Me", "Cf")):
        length -= 1
    return stem[:length].rstrip()


def _split(name: str) -> tuple[str, str]:
    ending = PurePosixPath(name).suffix if len(PurePosixPath(name).suffix) <= 6 else ""
    return (name[: -len(ending)], ending) if ending else (name, "")


def type_of(content_type: str) -> FileType | None:
    """The type a stored row was given, for its icon and label."""
    return BY_CONTENT_TYPE.get(content_type)


def examine(path: Path, filename: str) -> tuple[FileType, str]:
    """(type, name to keep) of the file at `path`; DomainError with a sentence naming `filename` when it is refused."""
    name = clean_name(filename)
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            raise DomainError(_("“%(name)s” เป็นไฟล์ว่าง ไม่มีข้อมูลอยู่ข้างใน", name=name))
        found = _by_content(file, head, name)
    return found, _fitting_name(found, name)


def _by_content(file: BinaryIO, head: bytes, name: str) -> FileType:
    if head.startswith(b"%PDF-"):
        return _whole_pdf(file, name)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return TYPES["png"]
    if head.startswith(b"\xff\xd8\xff"):
        return TYPES["jpeg"]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return TYPES["webp"]
    if head[4:8] == b"ftyp":
        return _video(file, head, name)
    if head.startswith(b"PK\x03\x04"):
        return _packed(file, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if _holds(file, "EncryptedPackage".encode("utf-16-le")):
            raise DomainError(_("“%(name)s” ตั้งรหัสผ่านไว้ โปรดเปิดแล้วบันทึกแบบไม่มีรหัสผ่าน จากนั้นแนบอีกครั้ง", name=name))
        newer = OLD_OFFICE.get(_split(name)[1].lower(), ".docx / .pptx / .xlsx")
        raise DomainError(
            _(
                "“%(name)s” เป็นไฟล์ Office รุ่นเก่า โปรดเปิดแล้วบันทึกเป็น %(newer)s จากนั้นแนบอีกครั้ง",
                name=name,
                newer=newer,
            )
        )
    return _text(file, name)


def is_locked(path: Path, filetype: FileType) -> bool:
    """Does the file ask for a password, so that the words in it may not be found?"""
    with path.open("rb") as file:
        if filetype.name == "pdf":
            return _holds(file, b"/Encrypt")
        if filetype.name not in ("odt", "odp", "ods"):
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                return b"encryption-data" in _part(archive, "META-INF/manifest.xml")
        except (zipfile.BadZipFile, KeyError, ValueError, RuntimeError, NotImplementedError):
            return False


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    file.seek(0)
    before = b""
    while chunk := file.read(1024 * 1024):
        if wanted in before + chunk:
            return True
        before = chunk[-len(wanted) :]
    return False


def _whole_pdf(file: BinaryIO, name: str) -> FileType:
    size = file.seek(0, 2)
    file.seek(max(0, size - PDF_TAIL))
    if b"%%EOF" not in file.read():
        raise DomainError(_("“%(name)s” เป็น PDF ที่มาไม่ครบ อาจดาวน์โหลดหรือคัดลอกไม่เสร็จ โปรดแนบไฟล์ที่เปิดอ่านได้", name=name))
    return TYPES["pdf"]


def _video(file: BinaryIO, head: bytes, name: str) -> FileType:
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, min(int.from_bytes(head[:4], "big"), 64), 4))}
    if head[8:12] in HEIC_BRANDS:
        raise DomainError(
            _("“%(name)s” เป็นรูป HEIC จากโทรศัพท์ ซึ่งหลายเครื่องเปิดไม่ได้ โปรดบันทึกเป็น JPEG แล้วแนบอีกครั้ง", name=name)
        )
    if not brands & MP4_BRANDS:
        raise _unknown(name)
    if not _has_boxes(file):
        raise DomainError(_("“%(name)s” เป็นวิดีโอที่มาไม่ครบ เปิดดูไม่ได้ โปรดตรวจไฟล์แล้วแนบอีกครั้ง", name=name))
    return TYPES["mp4"]


def _has_boxes(file: BinaryIO) -> bool:
    """An MP4 is a row of boxes; a whole one has its table of contents (moov) and ends where its last box ends."""
    end, at, seen = file.seek(0, 2), 0, set()
    for _number in range(1000):
        if at >= end:
            break
        file.seek(at)
        header = file.read(16)
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        elif size == 0:
            size = end - at
        if size < 8 or at + size > end:
            return False
        seen.add(header[4:8])
        at += size
    return b"moov" in seen or b"moof" in seen


def _packed(file: BinaryIO, name: str) -> FileType:
    """Office documents are zip archives: which one, and that it is no bomb, is read from its table of contents."""
    try:
        with zipfile.ZipFile(file) as archive:
            _no_bomb(archive, name)
            found = _open_document(archive) or _office(archive, name)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        raise DomainError(_("“%(name)s” เสียหรือมาไม่ครบ เปิดไม่ได้ โปรดตรวจไฟล์แล้วแนบอีกครั้ง", name=name)) from None
    if found is None:
        raise DomainError(
            _("“%(name)s” เป็นไฟล์บีบอัด (ZIP) โปรดแตกไฟล์แล้วแนบเอกสารข้างในทีละไฟล์ เพื่อให้เพื่อนเปิดดูและค้นหาได้", name=name)
        )
    return found


def _no_bomb(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    unpacked = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members) or 1
    too_dense = unpacked > SMALL_ENOUGH and unpacked / packed > MAX_RATIO
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or too_dense:
        raise DomainError(_("“%(name)s” ขยายออกมาแล้วใหญ่ผิดปกติ ระบบจึงไม่รับไว้ โปรดบันทึกเอกสารใหม่แล้วแนบอีกครั้ง", name=name))


def _part(archive: zipfile.ZipFile, part: str) -> bytes:
    """One member's bytes, never more than MAX_PART whatever its header promises."""
    with archive.open(part) as member:
        data = member.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise ValueError("part too large")
    return data


def _open_document(archive: zipfile.ZipFile) -> FileType | None:
    if "mimetype" not in archive.namelist():
        return None
    kind = _part(archive, "mimetype").decode("ascii", "replace").strip()
    return next((TYPES[t] for t in ("odt", "odp", "ods") if TYPES[t].content_type == kind), None)


def _office(archive: zipfile.ZipFile, name: str) -> FileType | None:
    names = archive.namelist()
    if "[Content_Types].xml" not in names:
        return None
    kinds = _part(archive, "[Content_Types].xml").decode("utf-8", "replace")
    if "macroEnabled" in kinds or any(n.lower().endswith("vbaproject.bin") for n in names):
        raise DomainError(
            _("“%(name)s” มีมาโครอยู่ข้างใน ซึ่งอาจเป็นอันตรายต่อเครื่องของเพื่อน โปรดบันทึกเป็นแบบไม่มีมาโครแล้วแนบอีกครั้ง", name=name)
        )
    return next((TYPES[t] for main, t in MAIN_PARTS.items() if f'"{main}"' in kinds), None)


def _text(file: BinaryIO, name: str) -> FileType:
    """Plain text only under a plain text's name, only when it is text, and never when it would be a web page."""
    ending = _split(name)[1].lower()
    if ending not in (".txt", ".csv"):
        raise _unknown(name)
    file.seek(0)
    data = file.read()
    if not _is_thai_or_latin(data):
        raise DomainError(_("“%(name)s” ไม่ใช่ไฟล์ข้อความจริง โปรดตรวจว่าเลือกไฟล์ถูกแล้ว", name=name))
    start = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe")):
        raise _unknown(name)
    return BY_ENDING[ending]


def _is_thai_or_latin(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # Notepad's "Unicode"
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data:
        return False
    else:
        encodings = ("utf-8-sig", "cp874")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\r\n\f" for c in text)
    return False


def _unknown(name: str) -> DomainError:
    return DomainError(
        _(
            "“%(name)s” เป็นชนิดที่แนบไม่ได้ แนบได้: PDF, Word, PowerPoint, Excel, OpenDocument, TXT, CSV, รูปภาพ และวิดีโอ MP4",
            name=name,
        )
    )


def _fitting_name(found: FileType, name: str) -> str:
    """The name with an ending that tells the truth."""
    stem, ending = _split(name)
    if ending.lower() in found.endings:
        return name
    claimed = BY_ENDING.get(ending.lower())
    if claimed is None:
        return (name if ending.lower() not in OLD_OFFICE else stem) + found.ending
    if claimed.group == found.group == "picture":
        return stem + found.ending
    raise DomainError(
        _(
            "“%(name)s” ลงท้ายด้วย %(ending)s แต่ข้างในเป็น%(found)s โปรดตรวจว่าเลือกไฟล์ถูกแล้ว",
            name=name,
            ending=ending,
            found=_after_thai(str(found.label)),
        )
    )


def _after_thai(word: str) -> str:
    """Thai words follow one another, others stand apart: เป็นเอกสาร Word, เป็น PDF."""
    return f" {word}" if word[:1].isascii() else word
