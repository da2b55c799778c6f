"""Readable Thai from text as files give it: the rules, which look at letters and know no word. Pure.

Text taken out of Thai PDFs is damaged in five ways, by the fonts and programs that made them (S0-298, D2):
1. every า comes out as ำ, and ำ as a space and ำ (กำร, ท ำงำน);   2. ำ falls apart into a space and า (ท างาน);
3. marks are lost, and ำ is ํา (ความรู, องคกร);   4. marks stand in another order or place (เพ่ือ, พฒันา, ที ่);
5. marks are glyphs of a font's private use.
``kc.thai.mending`` knows words, and mends what no rule can: 3, and marks on the next letter.
"""

import re
import unicodedata

# Glyph slots that old Thai fonts put in the private-use area (damage class 5 of the source documents).
_PRIVATE_USE = {0xF700: "ฐ", 0xF70F: "ญ"}
for _first, _glyphs in (
    (0xF701, "ิีึื"),
    (0xF705, "่้๊๋์"),
    (0xF70A, "่้๊๋์"),
    (0xF710, "ัํ็"),
    (0xF713, "่้๊๋์"),
    (0xF718, "ฺุู"),
):
    _PRIVATE_USE.update({_first + _i: _glyph for _i, _glyph in enumerate(_glyphs)})
_PRIVATE_USE[0xF718], _PRIVATE_USE[0xF719], _PRIVATE_USE[0xF71A] = "ุ", "ู", "ฺ"

THAI = "ก-ฺเ-๎"  # letters, vowels and marks; neither the baht sign nor digits
MARKS = "ัิ-ฺ็-๎"  # what is written above or below a consonant and can never begin a word
_VOWELS, _TONES = "ัิ-ฺ็ํ", "่-์"

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\uffff]"
)
_DETACHED = re.compile(rf"([ก-ฮ][{MARKS}]*)[ \t\r\n\xa0]+(?=[{MARKS}])")
_DISORDER = re.compile(rf"[{_TONES}{_VOWELS}]{{2,}}")
_DOUBLED = re.compile(rf"([{MARKS}])\1+")
_NIKHAHIT_AA = re.compile("ํ([่-๋]?) ?า|([่-๋])ํา|าํ")
_SPLIT_AM = re.compile("([ก-ฮ][่-๋]?)[ \xa0]+[าำ]")
_STRAY_MARKS = re.compile(rf"(^|[^{THAI}])[{MARKS}]+")
_BROKEN_LINE = re.compile(rf"(?<=[{THAI}])[ ]?\n[ ]?(?=[{THAI}])")
_THAI_PIECE = re.compile(rf"(?<![^ ])[{THAI}]+(?![^ ])")
BETWEEN_THAI = re.compile(rf"(?<=[{THAI}]) +(?=[{THAI}])")


def repair(text: str) -> str:
    """Readable text from whatever was stored or typed.

    The rules that can never harm sound text are applied always; those that guess only where damage shows.
    """
    text = unicodedata.normalize("NFC", text).translate(_PRIVATE_USE)
    text = _INVISIBLE.sub("", text)
    text = _NIKHAHIT_AA.sub(lambda m: (m[1] or m[2] or "") + "ำ", text)
    text = _DETACHED.sub(r"\1", text)
    text = _DISORDER.sub(_in_order, text)
    text = _DOUBLED.sub(r"\1", text).replace("เเ", "แ")
    text = _NIKHAHIT_AA.sub(lambda m: (m[1] or m[2] or "") + "ำ", text)
    text = _STRAY_MARKS.sub(r"\1", text)
    return _mend_damage(text) if is_damaged(text) else text


_IS_TONE = frozenset(chr(code) for code in range(0x0E48, 0x0E4D))


def _in_order(marks: re.Match[str]) -> str:
    """Vowels before tones, as a font draws them and everybody means them."""
    return "".join(sorted(marks[0], key=_IS_TONE.__contains__))


def is_damaged(text: str) -> bool:
    """Whether the text shows the marks of extraction from a Thai PDF (split or swapped ำ, letters set apart)."""
    split = len(_SPLIT_AM.findall(text))
    return split >= 2 or split * 200 > len(text) or _swapped_am(text)


# What no sound word holds: ั or ื without a consonant after it, ็ at a word's end (but ก็), two vowels on one letter.
_IMPOSSIBLE = re.compile("ั[่-๋]?(?![ก-ฮ่-๋])|ื[่-๋]?(?![ก-ฮ่-๋])|(?<!ก)็(?![ก-ฮ่-๋])|[ัิ-ื็][ัิ-ู็]|[ุู][ัิ-ื็]")
_OUT_OF_ORDER = re.compile(f"[{_TONES}][ัิ-ื]|[ก-ฮ][{MARKS}]*[ \t\xa0]+[{MARKS}]")


def displaced_marks(raw: str) -> bool:
    """Whether marks of a text not yet repaired stand where none belong: behind a tone or a space, on another letter.

    One in two hundred letters, and three at least: a slip of the hand does not make a page damaged.
    """
    signs = len(_IMPOSSIBLE.findall(raw)) + len(_OUT_OF_ORDER.findall(raw))
    return signs >= 3 and signs * 200 > sum(1 for letter in raw if "ก" <= letter <= "๎")


def _swapped_am(text: str) -> bool:
    am, aa = text.count("ำ"), text.count("า")
    return am >= 8 and am > 0.4 * (am + aa)


def _mend_damage(text: str) -> str:
    lines = text.split("\n")
    if _swapped_am(text):
        lines = [_swap_am(line) for line in lines]
    text = "\n".join(_close_letters(line) for line in lines)
    text = _SPLIT_AM.sub(r"\1ำ", text)
    return _BROKEN_LINE.sub("", text)


def _swap_am(line: str) -> str:
    """In such files every า came out as ำ, and a true ำ as a space and ำ. Sound lines of the same file are left."""
    if line.count("ำ") <= line.count("า"):
        return line
    line = re.sub("(?<=[ก-ฮ่-๋])([ \xa0]?)ำ", lambda m: "\x00" if m[1] else "า", line)
    return line.replace("\x00", "ำ")


def _close_letters(line: str) -> str:
    """A line whose letters were set apart ("ค ว า ม รู้") is closed up again."""
    parts = _THAI_PIECE.findall(line)
    apart = sum(len(part) <= 2 for part in parts)
    return BETWEEN_THAI.sub("", line) if len(parts) > 8 and apart > 0.35 * len(parts) else line
