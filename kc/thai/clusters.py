"""What a reader sees as one letter, so that nothing cuts a mark from its consonant (REQUIREMENTS 4, "Search")."""

from __future__ import annotations

import re
import unicodedata

MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"  # ั ิ ี ึ ื ุ ู ฺ ็ ่ ้ ๊ ๋ ์ ํ ๎
SARA_AM = "\u0e33"  # ำ: carries a ring above the consonant, so it belongs to it
LEADING = "\u0e40-\u0e44"  # เ แ โ ใ ไ
JOINER = "\u200d"

_THAI_CLUSTER = re.compile(f"(?:[{LEADING}][ก-ฮ]|.)[{MARKS}{SARA_AM}]*", re.DOTALL)


def _extends(before: str, character: str) -> bool:
    """Whether `character` belongs to the cluster `before` (marks, variation selectors, joined emoji, flags, CRLF)."""
    if unicodedata.category(character) in ("Mn", "Mc", "Me") or character == JOINER:
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones
        return True
    if "\U0001f1e6" <= character <= "\U0001f1ff":  # two regional letters make one flag
        return len(before) == 1 and "\U0001f1e6" <= before <= "\U0001f1ff"
    return before[-1] == JOINER or (before == "\r" and character == "\n")


def graphemes(text: str) -> list[str]:
    """Split into clusters that must stay whole; "".join gives the text back. เ-ก่ is one: a vowel needs its letter."""
    clusters: list[str] = []
    for match in _THAI_CLUSTER.finditer(text):
        part = match.group()
        if clusters and _extends(clusters[-1], part[0]):
            clusters[-1] += part
        else:
            clusters.append(part)
    return clusters


def truncate(text: str, length: int) -> str:
    """At most `length` clusters, with "…" when something was left out; cut at a late space when there is one."""
    clusters = graphemes(text)
    if len(clusters) <= length:
        return text
    if length < 1:
        return ""
    kept = "".join(clusters[: length - 1])
    space = kept.rfind(" ")
    if space > len(kept) * 3 // 4:  # Thai puts spaces between phrases: a better place, if it costs little
        kept = kept[:space]
    return kept.rstrip() + "…"
