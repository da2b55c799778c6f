"""What a file is, whatever it is called."""

import struct

import pytest

from benchmarks import papers
from kc.documents import sniffing
from kc.documents.sniffing import media_type_of

MAIN = sniffing.OOXML + "wordprocessingml.document.main+xml"


def old_office(*streams):
    """The beginning of an OLE container, with a directory of streams."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    return head + b"".join(name.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64 for name in ("Root Entry", *streams))


def office(kind, **others):
    content = f'<Types><Override ContentType="{kind}"/></Types>'
    return papers.packed({"[Content_Types].xml": content, **{name.replace("__", "."): "x" for name in others}})


def box(brand):
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0" + brand + b"isom"[:4]


FILES = [
    (b"%PDF-1.7\n...", "application/pdf"),
    (b"rubbish\n%PDF-1.4\n", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n....", "image/png"),
    (b"\xff\xd8\xff\xe0....", "image/jpeg"),
    (b"GIF89a......", "image/gif"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\0\0\0\0WAVEfmt ", None),
    (box(b"heic"), "image/heic"),
    (box(b"avif"), "image/avif"),
    (box(b"mp42"), "video/mp4"),
    (office(MAIN), sniffing.DOCX),
    (office(MAIN, word_vbaProject__bin=""), "application/vnd.ms-word.document.macroenabled.12"),
    (
        office("application/vnd.ms-word.document.macroEnabled.main+xml"),
        "application/vnd.ms-word.document.macroenabled.12",
    ),
    (
        office("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "application/vnd.ms-excel.sheet.macroenabled.12",
    ),
    (papers.open_document(sniffing.ODP, ""), sniffing.ODP),
    (papers.packed({"a.docx": "x"}), sniffing.ZIP),
    (b"PK\x03\x04 and no more", sniffing.ZIP),
    (old_office("WordDocument"), "application/msword"),
    (old_office("Workbook"), "application/vnd.ms-excel"),
    (old_office("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    (old_office("EncryptionInfo", "EncryptedPackage"), sniffing.ENCRYPTED_OFFICE),
    (old_office("Something"), sniffing.OLE),
    (b"{\\rtf1 x}", "application/rtf"),
    (b"MZ\x90\0", "application/x-msdownload"),
    (b"<!DOCTYPE html><html>", "text/html"),
    (b"\xef\xbb\xbf <html lang=th>", "text/html"),
    (b'<?xml version="1.0"?><svg xmlns="x"/>', "image/svg+xml"),
    ("ข้อความ\nธรรมดา".encode(), "text/plain"),
    ("ชื่อ,จำนวน\nมาลี,2\nสมชาย,3".encode("cp874"), "text/csv"),
    (b"", None),
]


@pytest.mark.parametrize(("data", "media_type"), FILES, ids=range(len(FILES)))
def test_a_file_is_what_it_holds(tmp_path, data, media_type):
    file = tmp_path / "รายงาน.docx"
    file.write_bytes(data)
    assert media_type_of(file) == media_type


def test_a_letter_cut_in_two_at_the_end_of_the_sample_is_no_fault(tmp_path):
    file = tmp_path / "long.txt"
    file.write_bytes(b"a" + "ก".encode() * 200_000)
    assert media_type_of(file) == "text/plain"
