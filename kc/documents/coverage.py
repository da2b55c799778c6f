"""Which letters our fonts can draw: what none of them can is a box on paper, and refused by PDF/A."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
BOX = "□"
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp")  # drawn by nobody, so no font need have them


@cache
def covered() -> frozenset[int]:
    """Every character one of our fonts has, read from their tables of characters."""
    return frozenset().union(*(_characters(file.read_bytes()) for file in FONTS.glob("*.ttf")))


def _characters(font: bytes) -> set[int]:
    """Of a TrueType font's cmap, the segments of format 4: all that fonts of one plane need."""
    tables = struct.unpack(">H", font[4:6])[0]
    entries = (struct.unpack(">4sIII", font[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    cmap = next(offset for tag, _checksum, offset, _length in entries if tag == b"cmap")
    found: set[int] = set()
    for n in range(struct.unpack(">H", font[cmap + 2 : cmap + 4])[0]):
        at = cmap + struct.unpack(">I", font[cmap + 8 + 8 * n : cmap + 12 + 8 * n])[0]
        kind, _length, _language, twice = struct.unpack(">4H", font[at : at + 8])
        if kind == 4:
            ends = struct.unpack(f">{twice // 2}H", font[at + 14 : at + 14 + twice])
            starts = struct.unpack(f">{twice // 2}H", font[at + 16 + twice : at + 16 + 2 * twice])
            found |= {code for start, end in zip(starts, ends, strict=True) for code in range(start, end + 1)}
    return found - {0xFFFF}


def drawable(text: str) -> str:
    """The text with a box for every character that no font of ours has."""
    known = covered()
    return "".join(
        letter if ord(letter) in known or unicodedata.category(letter) in _INVISIBLE else BOX for letter in text
    )
