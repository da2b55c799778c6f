"""What a file is, by what it holds and not by what it is called (S0-173). Reads little of it, runs nothing in it."""

import codecs
import mmap
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HEAD = 4096
_SAMPLE = 256 * 1024  # enough of a text to tell its encoding
_MAX_PART = 1024 * 1024

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
ENCRYPTED_OFFICE = "application/x-encrypted-office"  # .docx, .xlsx, .pptx under a password
ZIP = "application/zip"
OLE = "application/x-ole-storage"

DOCX, PPTX, XLSX = (
    OOXML + name for name in ("wordprocessingml.document", "presentationml.presentation", "spreadsheetml.sheet")
)
ODT, ODP, ODS = (ODF + name for name in ("text", "presentation", "spreadsheet"))

_MAIN_PARTS = {
    OOXML + "wordprocessingml.document.main+xml": DOCX,
    OOXML + "wordprocessingml.template.main+xml": DOCX,
    OOXML + "presentationml.presentation.main+xml": PPTX,
    OOXML + "presentationml.slideshow.main+xml": PPTX,
    OOXML + "presentationml.template.main+xml": PPTX,
    OOXML + "spreadsheetml.sheet.main+xml": XLSX,
    OOXML + "spreadsheetml.template.main+xml": XLSX,
}
_WITH_MACROS = {
    "application/vnd.ms-word.document.macroEnabled": "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.ms-word.template.macroEnabled": "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.ms-powerpoint": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "application/vnd.ms-excel": "application/vnd.ms-excel.sheet.macroenabled.12",
}
MACRO_TYPES = frozenset(_WITH_MACROS.values())
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
)
_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_MP4 = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
_MARKUP = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|script|iframe)\b", re.I)


def media_type_of(file: Path) -> str | None:
    """The media type of a file's content; None when it is nothing we know (or empty). Never raises for its content.

    Told apart besides what is read: old Office files, Office files under a password (ENCRYPTED_OFFICE), those with
    macros (MACRO_TYPES), a plain archive (ZIP), HEIC pictures, films.
    """
    with Path(file).open("rb") as stream:
        head = stream.read(HEAD)
        if head.startswith(b"PK\x03\x04"):
            return _packed(stream)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return _old_office(stream)
        if head[4:8] == b"ftyp":
            return _boxed(head)
        if head.startswith(b"RIFF"):
            return "image/webp" if head[8:12] == b"WEBP" else None
        for start, media_type in _STARTS:
            if head.startswith(start):
                return media_type
        if b"%PDF-" in head[:1024]:  # readers allow some rubbish before it
            return "application/pdf"
        return _text(stream, head)


def _boxed(head: bytes) -> str | None:
    if head[8:12] == b"avif":
        return "image/avif"
    if head[8:12] in _HEIC:
        return "image/heic"
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, min(int.from_bytes(head[:4], "big"), 64), 4))}
    return "video/mp4" if brands & _MP4 else None


def _packed(stream: BinaryIO) -> str | None:
    """Office documents are zip archives that say what they are in one of their parts."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return _open_document(archive) or _office(archive) or ZIP
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, KeyError):
        return ZIP


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of one part, whatever size its header promises."""
    if name not in archive.NameToInfo:
        return b""
    with archive.open(name) as member:
        return member.read(_MAX_PART)


def _open_document(archive: zipfile.ZipFile) -> str | None:
    kind = _part(archive, "mimetype").decode("ascii", "replace").strip()
    return next((known for known in (ODT, ODP, ODS) if kind in (known, known + "-template")), None)


def _office(archive: zipfile.ZipFile) -> str | None:
    kinds = _part(archive, "[Content_Types].xml").decode("utf-8", "replace")
    macros = "macroEnabled" in kinds or any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())
    if macros:
        return next((known for start, known in _WITH_MACROS.items() if f'"{start}' in kinds), _macro_type_of(kinds))
    return next((known for main, known in _MAIN_PARTS.items() if f'"{main}"' in kinds), None)


def _macro_type_of(kinds: str) -> str | None:
    """A file that calls itself plain but carries macros."""
    plain = next((known for main, known in _MAIN_PARTS.items() if f'"{main}"' in kinds), None)
    words = {DOCX: "ms-word", PPTX: "ms-powerpoint", XLSX: "ms-excel"}
    return next((known for known in sorted(MACRO_TYPES) if plain and words[plain] in known), None)


def _old_office(stream: BinaryIO) -> str:
    """By the names of its streams; they stand in the directory, in entries of 128 bytes."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, media_type in _OLE_STREAMS:
            wanted = name.encode("utf-16-le") + b"\x00\x00"
            at = data.find(wanted)
            while at >= 0 and at % 128:
                at = data.find(wanted, at + 1)
            if at >= 0:
                return media_type
    return OLE


def _text(stream: BinaryIO, head: bytes) -> str | None:
    if not head:
        return None
    stream.seek(0)
    text = decoded(stream.read(_SAMPLE), whole=False)
    if text is None:
        return None
    start = head.removeprefix(codecs.BOM_UTF8)
    if _MARKUP.match(start):
        return "text/html"
    if re.match(rb"\s*(?:<\?xml|<svg)", start):
        return "image/svg+xml" if b"<svg" in head else "application/xml"
    return "text/csv" if _is_table(text) else "text/plain"


def _is_table(text: str) -> bool:
    """Whether the first lines are cut into equally many fields."""
    lines = [line for line in text.splitlines()[:20] if line.strip()][:10]
    for mark in ("\t", ",", ";"):
        counts = {line.count(mark) for line in lines}
        if len(lines) >= 2 and len(counts) == 1 and 0 not in counts:
            return True
    return False


# ---- text without a word about its encoding ----


_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Thai the way it is written: a mark stands on a consonant, a leading vowel before one.
_WELL_SET = re.compile("[ก-ฮ][ัิ-ฺ็-๎]+|[เ-ไ][ก-ฮ]")
_ILL_SET = re.compile("(?<![ก-ฮัิ-ฺ็-๎])[ัิ-ฺ็-๎]|[เ-ไ](?![ก-ฮ])")


def decoded(data: bytes, whole: bool = True) -> str | None:
    """Bytes of a text as text; None when they are none. `whole`: False for the beginning of a longer text."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, whole)
    for encoding in _candidates(data):
        text = _strict(data, encoding, whole)
        if text is not None and (encoding != "cp874" or _plausible(text)):
            return text
    return None


def _candidates(data: bytes) -> Iterator[str]:
    if b"\x00" in data:
        even, odd = data[::2].count(0), data[1::2].count(0)
        # Thai in UTF-16 has 0x0E in every other byte, and 0 only at spaces and digits.
        even, odd = even + data[::2].count(0x0E), odd + data[1::2].count(0x0E)
        yield "utf-16-le" if odd > even else "utf-16-be"
        return
    yield "utf-8"
    yield "cp874"


def _strict(data: bytes, encoding: str, whole: bool) -> str | None:
    """cp874 has all of TIS-620. A few holes in a long text are kept as such; control characters are no text."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(data, final=whole)
    except UnicodeDecodeError:
        if encoding not in ("utf-8", "utf-8-sig"):
            return None
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * 100 > len(text):
            return None
    return None if len(_CONTROLS.findall(text)) * 1000 > len(text) else text


def _plausible(text: str) -> bool:
    """Whether letters read as Windows-874 are Thai, and not some other language's or a machine's bytes."""
    if text.isascii():
        return True
    foreign = sum(
        1 for letter in text if letter > "\x7f" and not "ก" <= letter <= "๛" and letter not in "…“”‘’–—• \xa0€"
    )
    well, ill = len(_WELL_SET.findall(text)), len(_ILL_SET.findall(text))
    return foreign * 20 <= len(text) and ill <= max(1, well // 4)
