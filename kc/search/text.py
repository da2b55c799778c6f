"""Thai text made fit to search: folding, skeletons. Pure functions, nothing here knows an index.

Three forms of one text, each made from the one before:
``repair``   readable text: what a person sees in a snippet (``kc.thai.repair``: damage mended, marks in order);
``fold``     same length, letter for letter (case and digits folded), so offsets in it are offsets in the readable text;
``squeeze``  what substrings are looked for in: folded, without spaces between Thai letters or abbreviation dots.
"""

import re

from kc.thai.repair import THAI

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
