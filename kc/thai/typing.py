"""Forgiving what fingers do: stray characters, Thai digits, the wrong keyboard layout (REQUIREMENTS 5 "Keyboard")."""

from __future__ import annotations

import re
import unicodedata

from kc.thai.digits import to_arabic_digits

# Letters of old fonts that still come in by pasting from PDF and Word (REQUIREMENTS 6B, class 5).
_OLD_FONT = str.maketrans(
    dict(
        zip(
            range(0xF700, 0xF71B),
            "ฐ\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4cญ\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
            strict=True,
        )
    )
)
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# Joiners hold emoji together; beside Thai they only hide.
_JOINERS = re.compile("(?<=[\u0e00-\u0e7f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\u0e00-\u0e7f])")
_VOWELS_ABOVE_BELOW = "\u0e31\u0e34-\u0e39"
_TONES = "\u0e48-\u0e4b"
_REPAIRS = (
    (re.compile("เเ"), "แ"),
    (re.compile(f"\u0e4d([{_TONES}]*)\u0e32"), "\\1\u0e33"),  # ํ + tone + า
    (re.compile(f"([{_TONES}]+)\u0e4d\u0e32"), "\\1\u0e33"),  # tone + ํ + า
    (re.compile(f"([{_TONES}\u0e4c]+)([{_VOWELS_ABOVE_BELOW}]+)"), "\\2\\1"),  # tone typed before the vowel
    (re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+"), "\\1"),  # a mark typed twice
)
_TRAILING = re.compile("[ \t]+(?=\n|$)")


def _repair_once(text: str) -> str:
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return unicodedata.normalize("NFC", text)


def clean_text(text: str) -> str:
    """Typed or pasted text with what nobody sees put right; every visible letter stays (REQUIREMENTS 4 "Search", 6B).

    ํ+า -> ำ, เเ -> แ, vowel before tone, doubled marks, old-font letters, zero-width and control characters, line
    ends, trailing spaces. NFC, never NFKC: that would take ำ apart. Cleaning twice changes nothing more.
    """
    text = _JOINERS.sub("", _INVISIBLE.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text.translate(_OLD_FONT)))))
    for _round in range(10):  # one repair may uncover another; two rounds are the most seen
        repaired = _repair_once(text)
        if repaired == text:
            break
        text = repaired
    return _TRAILING.sub("", text).strip("\n")


def clean_line(text: str) -> str:
    """clean_text for one line: runs of white space become one space, none at the ends."""
    return " ".join(clean_text(text).split())


def same_name_key(text: str) -> str:
    """Equal for names people would call the same: spaces, quotes, dashes, digits and case do not count (S0-107)."""
    folded = unicodedata.normalize("NFC", to_arabic_digits(clean_line(text))).casefold()
    return "".join(
        c for c in folded if c.isalnum() or unicodedata.category(c) in ("Mn", "So", "Sc", "Sm") or c in "+#&/%"
    )


# The Kedmanee layout over a US keyboard, key by key: plain, then with Shift.
_LATIN = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./" + '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_KEDMANEE = "_ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ" + '%+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'


def _keys_beside() -> frozenset[tuple[str, str]]:
    rows = [(12, 1), (13, 13), (11, 26), (10, 37)]  # keys of each row, and where it begins
    pairs = set()
    for half in (_KEDMANEE[:47], _KEDMANEE[47:]):
        keys = [half[start : start + count] for count, start in rows]
        for row, below in zip(keys, [*keys[1:], ""], strict=True):
            for place, key in enumerate(row):
                near = row[place + 1 : place + 2] + below[max(place - 1, 0) : place + 1]
                pairs.update((key, other) for other in near)
    pairs.update(zip(_KEDMANEE[:47], _KEDMANEE[47:], strict=True))
    return frozenset(pairs | {(other, key) for key, other in pairs})


# Letters on neighbouring keys, or on one key with and without Shift: what a finger takes for one another.
KEYS_BESIDE = _keys_beside()
_TO_LATIN = str.maketrans(_KEDMANEE, _LATIN)
_TO_THAI = str.maketrans(_LATIN, _KEDMANEE)
# An employee ID has no "!": with Caps Lock on, the upper row of digits still means the digits.
_TO_ID = str.maketrans(_KEDMANEE, _LATIN.translate(str.maketrans("!@#$%^&*()_+", "1234567890-=")))
_THAI_DIGITS = frozenset("๐๑๒๓๔๕๖๗๘๙")
_ONLY_WITH_SHIFT = frozenset("ู฿+")


def keyboard_swap(text: str) -> str:
    """What the same keys give in the other layout: "8;k,i^h" <-> "ความรู้" (REQUIREMENTS 5, "Keyboard").

    The direction is that of the majority of letters.
    """
    thai = sum("\u0e00" <= c <= "\u0e7f" for c in text)
    latin = sum(c.isascii() and c.isalpha() for c in text)
    return text.translate(_TO_LATIN if thai > latin else _TO_THAI)


def _typed_in_kedmanee(text: str) -> bool:
    """Whether an ID was typed with the Thai layout on: Thai letters, "+" of a shifted row, or only keys 2 and 3."""
    letters = [c for c in text if "\u0e00" <= c <= "\u0e7f" and c not in _THAI_DIGITS]
    if letters:
        return all(c in _KEDMANEE for c in letters)
    if not _THAI_DIGITS.isdisjoint(text) and "+" in text:
        return all(c in _KEDMANEE for c in text)
    return "/" in text and set(text) <= {"/", "-"}


def fix_layout_digits(text: str) -> str:
    """จๅ/-ภถุึคต -> 0123456789, with or without Shift; Thai digits -> Arabic; other text stays (REQUIREMENTS 5)."""
    packed = "".join(text.split())
    if not _typed_in_kedmanee(packed):
        return to_arabic_digits(text)
    # With Shift on, ๑ is the key 2; only then. Otherwise ๑ was meant as one.
    shifted = not _ONLY_WITH_SHIFT.isdisjoint(packed)
    return (packed if shifted else to_arabic_digits(packed)).translate(_TO_ID)


def _bare(text: str) -> str:
    # Not clean_text: with the Thai layout on, 66 is typed as a doubled mark and gg as a doubled vowel.
    return "".join(c for c in _JOINERS.sub("", _INVISIBLE.sub("", text)) if not c.isspace())


def _trim_dashes(text: str) -> str:
    return re.sub("^[-‐-―−]+|[-‐-―−]+$", "", text)


def forgive_employee_id(text: str) -> str:
    """The employee ID meant: no spaces, no dashes around it, Arabic digits, wrong layout undone, zeros kept.

    Give it the text as typed: clean_text would take a doubled mark (66) for a slip. For an organisation whose IDs
    hold Thai letters, try employee_id_readings in turn.
    """
    bare = _bare(text)
    fixed = fix_layout_digits(bare)
    return fixed if _typed_in_kedmanee(bare) else _trim_dashes(fixed)


def employee_id_readings(text: str) -> tuple[str, ...]:
    """Possible IDs, likeliest first: as typed (an ID may hold Thai letters), then with the keyboard layout undone."""
    literal = _trim_dashes(to_arabic_digits(_bare(text)))
    return tuple(dict.fromkeys(reading for reading in (literal, forgive_employee_id(text)) if reading))
