"""A page's text made readable, and how much of it is (S0-298)."""

import re
from dataclasses import dataclass

from kc.thai.lexicon import Known, knowledge_of
from kc.thai.mending import thoroughly_restored
from kc.thai.repair import repair

_ENDS_OF_LINES = re.compile(r"[ \t\xa0]+(?=\n|$)")
_BLANK_LINES = re.compile(r"\n{3,}")
_THAI = re.compile("[ก-๎]")


@dataclass(frozen=True, slots=True)
class Repaired:
    text: str
    raw: str | None
    known: float
    letters: int


def repaired(raw: str) -> Repaired:
    """The page as a person should see it; `raw` is kept where more than blanks changed."""
    raw = _tidy(raw)
    text = _tidy(thoroughly_restored(raw)) if _THAI.search(raw) or not raw.isascii() else raw
    known = knowledge_of(text)
    return Repaired(text, raw if raw != text else None, round(known.share, 4), known.letters)


def _tidy(text: str) -> str:
    text = text.replace("\x00", "").replace("\x0c", "\n").replace("\x0b", "\n")
    return _BLANK_LINES.sub("\n\n", _ENDS_OF_LINES.sub("", text)).strip("\n")


def better(one: str, other: str) -> str:
    """Of two readings of a page the one with the smaller share of unknown letters; the first when they are as good."""
    if not other.strip() or one == other:
        return one
    if not one.strip():
        return other
    return other if _doubt(other) < _doubt(one) else one


def share_unknown(text: str) -> float:
    known = knowledge_of(repair(text))
    return known.unknown / (known.letters or 1)


def _doubt(text: str) -> tuple[float, float]:
    known: Known = knowledge_of(repair(text))
    return (round(known.unknown / (known.letters or 1), 3), known.words)
