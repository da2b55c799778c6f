"""Thai and Arabic digits (REQUIREMENTS 5, "Thai digits": one switch per output, input equal)."""

from __future__ import annotations

ARABIC = "0123456789"
THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_ARABIC = str.maketrans(THAI, ARABIC)
_TO_THAI = str.maketrans(ARABIC, THAI)


def to_arabic_digits(text: object) -> str:
    """๒๕๖๙ -> 2569; everything else stays (REQUIREMENTS 5, "Thai digits")."""
    return str(text).translate(_TO_ARABIC)


def to_thai_digits(text: object) -> str:
    """2569 -> ๒๕๖๙; everything else stays (REQUIREMENTS 5, "Thai digits")."""
    return str(text).translate(_TO_THAI)
