"""Thai text made fit to search: repair, folding, skeletons. Pure functions, nothing here knows an index.

Three forms of one text, each made from the one before:
``repair``   readable text: what a person sees in a snippet (PDF damage mended, marks in order);
``fold``     same length, letter for letter (case and digits folded), so offsets in it are offsets in the readable text;
``squeeze``  what substrings are looked for in: folded, without spaces between Thai letters or abbreviation dots.
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
_CONSONANT_THEN_MARK_AWAY = re.compile("([ก-ฮ])([ก-ฮ])([ัิ-ื็])(?=[ก-ฮ])")


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
    parts = line.split(" ")
    apart = sum(len(part) <= 2 for part in parts)
    return line.replace(" ", "") if len(parts) > 8 and apart > 0.35 * len(parts) else line


_FOLDED = {ord("๐") + i: str(i) for i in range(10)}
_FOLDED.update({0xFF01 + i: chr(0x21 + i) for i in range(94)})  # full-width forms
_FOLDED.update({0xA0: " ", ord("\t"): " ", ord("\r"): " ", ord("‐"): "-", ord("‑"): "-", ord("–"): "-", ord("ๅ"): "า"})

_UNFOLDED = re.compile(f"[{''.join(re.escape(chr(code)) for code in _FOLDED)}]")
_FOLDED_LETTERS = {chr(code): letter for code, letter in _FOLDED.items()}


def fold(text: str) -> str:
    """Case and digits folded, letter for letter: ``len(fold(t)) == len(t)`` always."""
    # There are few: looking for them costs a fifth of translating every letter.
    text = _UNFOLDED.sub(lambda found: _FOLDED_LETTERS[found[0]], text)
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)  # İ and its kind grow when lowered


# ธ.ก.ส., พ.ร.บ. (after other letters too), ศบค.มท.; and one dotted group alone, รมต.
ABBREVIATION = re.compile(
    r"[ก-ฮ](?:\. ?[ก-ฮ](?![ก-ฮะ-ฺ็-๎]))+\.*"
    r"|(?<![ก-๎])[ก-ฮ]{1,5}(?:\.[ก-ฮ]{1,4})+\.+(?![ะ-ฺ็-๎])"
    r"|(?<![ก-๎])[ก-ฮ]{2,5}\.+"
)
_GAPS = re.compile(rf"(?<=[{THAI}])\s+(?=[{THAI}])")
_SPACES = re.compile(r"\s+")
_MOST_ROUNDS = 8


def squeeze(folded: str) -> str:
    """The folded text that substrings are looked for in. Squeezing twice changes nothing."""
    for _ in range(_MOST_ROUNDS):  # once nearly always: "ก ก." is an abbreviation only when its blank is gone
        before, folded = folded, _squeeze_once(folded)
        if folded == before or "." not in folded:
            break
    return folded


def _squeeze_once(folded: str) -> str:
    folded = _SPACES.sub(" ", folded)  # first: an abbreviation may go on after a line's end
    folded = ABBREVIATION.sub(lambda m: m[0].replace(".", "").replace(" ", ""), folded)
    return _SPACES.sub(" ", _GAPS.sub("", folded)).strip()


MARKS_LOST = "ัิีึืฺุู็่้๊๋์ํ๎ๆฯ"
LOOK_ALIKES = ("ำแใศษณญภฑฒธฎฏฐฌฬรๅ", "าเไสสนยพทททตตถชลลา")  # letters, and what each is taken for
_BARE = dict.fromkeys(map(ord, MARKS_LOST))
_ALIKE = str.maketrans(*LOOK_ALIKES)
_REPEATED_E = re.compile("เ+")


def skeleton(squeezed: str) -> str:
    """Consonants and spaced vowels only, look- and sound-alikes folded: what is left after a fault or a bad scan."""
    return _REPEATED_E.sub("เ", squeezed.translate(_BARE).translate(_ALIKE))


_SKELETON_RUN = re.compile("[ก-ๅ]+")


PIECE_LENGTH = 3


def grams(squeezed: str, size: int = PIECE_LENGTH) -> list[str]:
    """Overlapping pieces of the skeleton's Thai runs; a run shorter than ``size`` is one piece.

    Latin and digits are left to the words: a few long numbers would flood the pieces.
    """
    found: list[str] = []
    for run in _SKELETON_RUN.findall(skeleton(squeezed)):
        found += [run[i : i + size] for i in range(len(run) - size + 1)] if len(run) >= size else [run]
    return found
