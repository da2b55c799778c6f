"""What reading a file gives, and what it may cost."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["page", "slide", "sheet", "part"]
State = Literal["readable", "no_text", "failed"]

# Why a file could not be read, or has no text.
REASONS = ("encrypted", "damaged", "too_big", "bomb", "too_slow", "memory", "unsupported", "empty")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost before its reader is stopped."""

    seconds: float = 60.0  # on the clock on the wall
    cpu_seconds: int = 50
    memory_mb: int = 700
    output_mb: int = 16  # of text
    file_mb: int = 200
    unpacked_mb: int = 300  # of the parts that are read
    pages: int = 3000
    ocr_pages: int = 20


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Page:
    """One page, slide or sheet. ``raw``: the text as it came, only where repair changed it; ``known``: 0 … 1."""

    number: int
    kind: Kind
    text: str
    raw: str | None = None
    known: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of it. ``reason``: one of REASONS, for a file that failed (or, "empty", that holds nothing)."""

    state: State
    pages: tuple[Page, ...] = ()
    known: float = 0.0  # share of words known after repair, over all pages
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A page as it came out of a file, before repair."""

    kind: Kind
    text: str


class Refused(Exception):
    """A file that is not read; its one argument is one of REASONS. Stays inside the reader."""


def failed(reason: str) -> Reading:
    return Reading("failed", reason=reason)
