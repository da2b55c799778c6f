"""Lines that name people: who made the form, one below the other or after commas."""

from __future__ import annotations

import re

from kc import thai

_BETWEEN = re.compile(r"[,;/\n]|\s+และ\s*|\s{2,}|(?<=\s)(?=\d{1,2}[.)]\s)|(?<=\s)(?=(?:นาย|นางสาว|นาง|น\.ส\.)\S)")
_COUNT = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[•●▪*\-–])\s*")
_AROUND = re.compile(r"^(?:\(?\s*ลงชื่อ\s*\)?|ลงนาม)\s*|\s*(?:ผู้จัดทำ|ผู้เขียน|ผู้บันทึก)$")
_ID = re.compile(r"\(?\s*(?:รหัส(?:พนักงาน)?\s*:?\s*)?(\d{4,10})\s*\)?")
_WORD = re.compile("[\u0e00-\u0e7fA-Za-z.\\-]+")
_NOT_NAMES = ("ตำแหน่ง", "วันที่", "สาขา", "ฝ่าย", "สำนัก", "โทร", "หน่วยงาน", "สังกัด")


def names_in(text: str) -> list[str] | None:
    """The people a line names, IDs kept behind their names; [] for dots only; None when it is no such line."""
    names = []
    line = _AROUND.sub("", thai.to_arabic_digits(text).strip())
    for piece in _BETWEEN.split(line):
        piece = _COUNT.sub("", piece).strip(" .:…_()-–*")
        if not piece:
            continue
        if _ID.fullmatch(piece):
            if names:
                names[-1] += f" {piece}"
            else:
                names.append(piece)
            continue
        if not _is_name(piece):
            return None
        names.append(" ".join(piece.split()))
    return names


def _is_name(piece: str) -> bool:
    bare = _ID.sub(" ", piece)
    title, name = thai.strip_title(" ".join(bare.split()))
    words = name.split()
    if not words or len(piece) > 80 or name.startswith(_NOT_NAMES) or not all(_WORD.fullmatch(word) for word in words):
        return False
    return 1 <= len(words) <= 4 if title or _ID.search(piece) else 2 <= len(words) <= 3
