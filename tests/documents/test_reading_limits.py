"""Files that want to harm: refused by a word, quickly, and never more than their own process dies."""

import os
import struct
import sys
import time
import zipfile
import zlib
from dataclasses import replace

import pytest

from benchmarks import papers
from kc.documents import children, sniffing
from kc.documents.reading import DEFAULT, Reading, read

MB = 2**20


def written(tmp_path, data):
    file = tmp_path / "file"
    file.write_bytes(data)
    return file


def reason_of(tmp_path, data, media_type, limits=DEFAULT):
    result = read(written(tmp_path, data), media_type, limits)
    assert isinstance(result, Reading) and result.state == "failed" and not result.pages
    return result.reason


def word(document, **others):
    kind = sniffing.OOXML + "wordprocessingml.document.main+xml"
    parts = {"[Content_Types].xml": f'<T><Override ContentType="{kind}"/></T>', "word/document.xml": document}
    return papers.packed({**parts, **{name.replace("__", "."): text for name, text in others.items()}})


def flat_bomb(megabytes):
    """Zeros, packed a thousand to one."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b"\0" * MB) for _ in range(megabytes)) + packer.flush()


def pdf_bomb(packed, filters):
    body = f"<</Length {len(packed)}/Filter{filters}>>\nstream\n{packed.decode('latin-1')}\nendstream"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return papers.assembled_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, body])


def picture_bomb():
    """A picture of 60,000 by 60,000 points in a few letters."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9000)) + chunk(b"IEND", b"")
    )


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ฮาฮาฮา">'
    + "".join(f'<!ENTITY {n} "{f"&{before};" * 10}">' for before, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><x>&i;</x>"
)
HEAD_CUT = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
ONE_BOMB = flat_bomb(150)


def deep_xml():
    return HEAD_CUT + "<w:p>" * 100_000


BOMBS = {
    "zip, a thousand to one": (lambda: word("x" * (64 * MB)), sniffing.DOCX, "bomb"),
    "zip, too many parts": (lambda: papers.packed({str(n): "" for n in range(20_500)}), sniffing.XLSX, "bomb"),
    "entities": (lambda: word(LAUGHS), sniffing.DOCX, "bomb"),
    "entities, OpenDocument": (lambda: papers.packed({"content.xml": LAUGHS}), sniffing.ODT, "bomb"),
    "entities in UTF-16": (
        lambda: word(LAUGHS.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")),
        sniffing.DOCX,
        "bomb",
    ),
    "deep XML": (lambda: word(deep_xml()), sniffing.DOCX, "damaged"),
    "PDF, one stream": (lambda: pdf_bomb(ONE_BOMB, "/FlateDecode"), "application/pdf", "bomb"),
    "PDF, packed twice": (
        lambda: pdf_bomb(zlib.compress(ONE_BOMB), "[/FlateDecode/FlateDecode]"),
        "application/pdf",
        "bomb",
    ),
    "picture": (picture_bomb, "image/png", "bomb"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_at_once(tmp_path, name):
    make, media_type, reason = BOMBS[name]
    data = make()
    before = time.process_time(), os.times().children_user
    assert reason_of(tmp_path, data, media_type) == reason
    # Of the processor, not of the clock: the machine may be busy with other things.
    assert os.times().children_user - before[1] < 1.0


def encrypted_pdf():
    """What a PDF under a password looks like: a key nobody can check without it."""
    words = "<" + "00" * 32 + ">"
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O{words}/U{words}/P -4>>/ID[<00><00>]"
    pages = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"]
    return papers.assembled_pdf(pages, lock)


def encrypted_zip():
    data = bytearray(word("x"))
    with zipfile.ZipFile(__import__("io").BytesIO(bytes(data))) as archive:
        for member in archive.infolist():
            data[member.header_offset + 6] |= 1
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


MANIFEST = '<m><file-entry full-path="content.xml"><encryption-data/></file-entry></m>'


@pytest.mark.parametrize(
    ("make", "media_type", "reason"),
    [
        (lambda: b"", "application/pdf", "empty"),
        (lambda: b"%PDF-1.7\nrubbish", "application/pdf", "damaged"),
        (lambda: papers.crafted_pdf(["สวัสดี"])[:150], "application/pdf", "damaged"),
        (encrypted_pdf, "application/pdf", "encrypted"),
        (encrypted_zip, sniffing.DOCX, "encrypted"),
        (lambda: papers.packed({"content.xml": "x", "META-INF/manifest.xml": MANIFEST}), sniffing.ODS, "encrypted"),
        (lambda: b"x", sniffing.ENCRYPTED_OFFICE, "encrypted"),
        (lambda: b"x", "application/msword", "unsupported"),
        (lambda: b"x", "application/vnd.ms-excel.sheet.macroenabled.12", "unsupported"),
        (lambda: b"x", "video/mp4", "unsupported"),
        (lambda: b"x", "", "unsupported"),
        (lambda: b"PK\x03\x04 cut", sniffing.PPTX, "damaged"),
        (lambda: word(HEAD_CUT + "<w:p>"), sniffing.DOCX, "damaged"),
        (lambda: papers.packed({"word/other.xml": "x"}), sniffing.DOCX, "damaged"),
        (lambda: b"\x89PNG\r\n\x1a\n cut", "image/png", "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, make, media_type, reason):
    assert reason_of(tmp_path, make(), media_type) == reason


def test_a_missing_file_is_no_exception(tmp_path):
    assert read(tmp_path / "nothing", "text/plain").reason == "damaged"


def test_too_large_a_file_is_not_opened(tmp_path):
    assert reason_of(tmp_path, b"x" * (2 * MB), "text/plain", replace(DEFAULT, file_mb=1)) == "too_big"


def test_memory_is_bounded(tmp_path):
    text = "ก" * (20 * MB)
    if sys.platform == "darwin":
        pytest.skip("macOS does not hold a process to its memory")
    assert reason_of(tmp_path, text.encode(), "text/plain", replace(DEFAULT, memory_mb=60)) == "memory"


def test_a_slow_reader_is_stopped(tmp_path):
    pages = papers.crafted_pdf(papers.sound_pages(60))
    began = time.monotonic()
    assert reason_of(tmp_path, pages, "application/pdf", replace(DEFAULT, seconds=0.2)) == "too_slow"
    assert time.monotonic() - began < 5


def test_a_reader_that_uses_up_its_time_is_stopped(tmp_path):
    text = "\n".join(papers.sound_pages(40)) * 20
    assert reason_of(tmp_path, text.encode(), "text/plain", replace(DEFAULT, cpu_seconds=1)) == "too_slow"


def test_more_text_than_anybody_reads_is_cut(tmp_path):
    text = "\n".join(["ข้อความ"] * 200_000)
    result = read(written(tmp_path, text.encode()), "text/plain", replace(DEFAULT, output_mb=1))
    assert result.state == "readable" and sum(len(page.text.encode()) for page in result.pages) <= MB


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups here")
@pytest.mark.parametrize(
    ("dies", "reason"), [("os.abort()", "memory"), ("os.kill(os.getpid(), 11)", "damaged"), ("print('{')", "damaged")]
)
def test_a_file_that_kills_its_reader_has_failed(tmp_path, monkeypatch, dies, reason):
    fake = tmp_path / "kc" / "documents" / "reading"
    fake.mkdir(parents=True)
    for folder in (tmp_path / "kc", tmp_path / "kc" / "documents", fake):
        (folder / "__init__.py").touch()
    (fake / "child.py").write_text(f"import os\n{dies}\n")
    monkeypatch.setattr(children, "ROOT", tmp_path)
    assert reason_of(tmp_path, b"x", "text/plain") == reason


def test_the_child_inherits_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("KC_SECRET_KEY", "geheim")
    assert "KC_SECRET_KEY" not in children._environment(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups here")
def test_whatever_the_child_started_ends_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    tool = tmp_path / "pdftotext"
    tool.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/number\nexec /bin/sleep 60\n")
    tool.chmod(0o755)
    pdf = papers.crafted_pdf(["สวัสดี"])
    read(written(tmp_path, pdf), "application/pdf", replace(DEFAULT, seconds=3))
    number = int((tmp_path / "number").read_text())
    for _time in range(50):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the tool goes on")
