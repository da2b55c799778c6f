"""PDF: by pdfium, and by poppler's pdftotext where it is installed; of each page the text with fewer unknown words."""

import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from kc.documents.reading.glyphs import text_by_places
from kc.documents.reading.model import Draft, Limits, Refused
from kc.documents.reading.pictures import languages, recognised
from kc.documents.reading.repairing import better, share_unknown

_STREAM = re.compile(rb"stream\r?\n")
_FLAT = 100 * 1024 * 1024  # no page's content, font or picture of an office needs more in one piece …
_RATIO = 200  # … and packed two hundred to one
_MOST_CHECKED = 1024 * 1024 * 1024
_FEW = 8  # letters: a page with fewer is a picture of a page
_DPI = 150
_DOUBTFUL = 0.004  # of the letters unknown: sound pages have fewer, but for names
_MOST_LETTERS = 20_000
_SECONDS = 20


def pages(file: Path, limits: Limits) -> Iterator[Draft]:
    """Raises Refused: "encrypted", "damaged", or "bomb" before pdfium unpacks anything."""
    _no_bomb(file)
    try:
        document = pypdfium2.PdfDocument(str(file))
    except pypdfium2.PdfiumError as why:
        raise Refused("encrypted" if "assword" in str(why) or "ecurity" in str(why) else "damaged") from why
    others = _by_poppler(file, limits)
    recognise = limits.ocr_pages if languages() else 0
    until = time.monotonic() + limits.seconds / 2  # what was read by then must not be lost with a page too many
    for number in range(min(len(document), limits.pages)):
        page = _page(document, number)
        text = _best(page, others[number] if number < len(others) else "")
        if recognise and time.monotonic() < until and page is not None and len(text.strip()) < _FEW:
            recognise -= 1
            text = _by_eye(page) or text
        yield Draft("page", text)
        if page is not None:
            page.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage | None:
    try:
        return document[number]
    except pypdfium2.PdfiumError:
        return None


def _best(page: pypdfium2.PdfPage | None, other: str) -> str:
    """The reading with the fewest unknown letters; the slow one, by places, only where there are doubts."""
    text = better(_by_pdfium(page), other)
    if page is None or share_unknown(text) <= _DOUBTFUL:
        return text
    return better(text, _by_places(page))


def _by_places(page: pypdfium2.PdfPage) -> str:
    try:
        text_page = page.get_textpage()
        if text_page.count_chars() > _MOST_LETTERS:
            return ""
        text = text_by_places(text_page)
        text_page.close()
    except pypdfium2.PdfiumError:
        return ""
    return text


def _by_pdfium(page: pypdfium2.PdfPage | None) -> str:
    if page is None:
        return ""
    try:
        text_page = page.get_textpage()
        text = text_page.get_text_bounded()
        text_page.close()
    except pypdfium2.PdfiumError:
        return ""
    # U+FFFE stands for a hyphen at the end of a line.
    return text.replace("\ufffe", "-").replace("\r\n", "\n").replace("\r", "\n")


def _by_poppler(file: Path, limits: Limits) -> list[str]:
    """All pages' texts in the order they were written; none when it is not installed or fails."""
    if not shutil.which("pdftotext"):
        return []
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-l", str(limits.pages), str(file), "-"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=min(_SECONDS, limits.seconds / 3), check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return answer.stdout.decode("utf-8", "replace").split("\x0c")[:-1] if not answer.returncode else []


def _by_eye(page: pypdfium2.PdfPage) -> str:
    try:
        width, height = page.get_size()
        scale = min(_DPI / 72, 3000 / max(width, height, 1))
        return recognised(page.render(scale=scale, grayscale=True).to_pil())
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return ""


def _no_bomb(file: Path) -> None:
    """Unpack each packed stream once, keeping nothing, and stop at what no honest file holds."""
    data = file.read_bytes()
    checked = 0
    for start in _STREAM.finditer(data):
        unpacked, again = _unpacked_size(data, start.end())
        checked += unpacked
        if again[:1] == b"\x78":  # packed twice
            checked += _unpacked_size(again, 0)[0]
        if checked > _MOST_CHECKED:
            return


def _unpacked_size(data: bytes, at: int) -> tuple[int, bytes]:
    """(size unpacked, its beginning or, when small, all) of what may be a Flate stream; (0, b"") when it is none."""
    if data[at : at + 1] not in (b"\x78", b"\x68", b"\x58", b"\x48", b"\x38"):
        return 0, b""
    unpacker = zlib.decompressobj()
    size, begun, kept = 0, at, []
    try:
        while at < len(data) and not unpacker.eof:
            piece = unpacker.unconsumed_tail or data[at : at + 65536]
            at += 0 if unpacker.unconsumed_tail else 65536
            out = unpacker.decompress(piece, 1 << 20)
            size += len(out)
            if len(kept) < 32:
                kept.append(out)
            if size > _FLAT and size > _RATIO * max(1, min(at, len(data)) - begun):
                raise Refused("bomb")
    except zlib.error:
        pass
    return size, b"".join(kept)
