"""Puts back the marks that a Thai PDF lost or moved: รฐับาลเปดเผยวา -> รัฐบาลเปิดเผยว่า.

The letters that survive (consonants and spaced vowels) are cut into dictionary words again at the least cost; each word
brings its marks along. A mark that is missing, or stands one letter too far right, costs little; one that no word
explains costs much, so that sound words and unknown names are left as they are. Only for text that shows this damage.
"""

import math
import re
from functools import cache

from kc.thai.repair import THAI

_MARKS = "ัิีึื็่้๊๋์ํ๎"  # what gets lost: everything above the line
_TONES = "่้๊๋์็"
_RUN = re.compile(rf"[{THAI}](?:[{THAI}]|[ ]?\n[ ]?(?=[{THAI}]))*")
_SHORT = re.compile("[ก-ฮ]{1,4}")
_BREAK = re.compile(r"[ ]?\n[ ]?")
_CONSONANTS = re.compile("[ก-ฮ]")
_ALL_TONES = re.compile(f"[{_TONES}]")
_LONGEST = 22
_USUAL = 0.14  # tone marks a consonant: sound Thai has about 0.2
# Words that stand in almost every text, whole and without their marks; not others that begin with the same letters.
_WHOLE = re.compile("เป็น|ด้วย|แล้ว|กล่าว|ได้|ให้|ผู้|ไม่|หน้า|ต้อง|ที่|นี้")
_ROBBED = re.compile(
    "เปน|ดวย|แลว|กลาว|ได(?![้โอนเ])|ให(?![้ญม])|ผู(?![้ก])|ไม(?![่้๊โคลเ])|หนา(?!ว)|ตอง(?=[กเ])|ที(?=[ก-ฮ][ะ-ู])"
)

_LOST, _LOST_VOWEL, _MOVED, _UNEXPLAINED, _UNKNOWN = 1.0, 2.0, 1.2, 7.0, 14.0
_MOST_CANDIDATES = 8

_Word = tuple[str, float, tuple[str, ...]]


def lost_marks(text: str) -> bool:
    """Whether the text has few tone marks, and the commonest words stand in it without theirs."""
    if len(_ALL_TONES.findall(text)) >= _USUAL * len(_CONSONANTS.findall(text)):
        return False
    return len(_ROBBED.findall(text)) > len(_WHOLE.findall(text))


def mend(text: str) -> str:
    """The text with its marks put back, run by run; words broken over a line are joined. Abbreviations are left."""
    return _RUN.sub(lambda run: _mend_run(_BREAK.sub("", run[0])) if not _SHORT.fullmatch(run[0]) else run[0], text)


def restored(text: str) -> str:
    """A repaired text, mended as well when it lost its marks."""
    return mend(text) if lost_marks(text) else text


def _bare(text: str) -> tuple[str, list[str]]:
    """Letters without the marks that get lost, and the marks that stood on each."""
    letters: list[str] = []
    marks: list[str] = []
    for letter in text:
        if letter in _MARKS:
            if marks:
                marks[-1] += letter
        else:
            letters.append(letter)
            marks.append("")
    return "".join(letters), marks


@cache
def _words() -> tuple[dict[str, list[_Word]], frozenset[str]]:
    """Dictionary words by their bare letters, likeliest first, and all beginnings of those."""
    from pythainlp.corpus import thai_words, tnc

    counts = dict(tnc.word_freqs())
    whole = math.log(sum(counts.values()))
    found: dict[str, list[_Word]] = {}
    beginnings: set[str] = set()
    for word in thai_words():
        if not 2 <= len(word) <= _LONGEST or not re.fullmatch(f"[{THAI}]+", word) or word[0] in _MARKS:
            continue
        letters, marks = _bare(word)
        cost = whole - math.log(counts.get(word, 0) + 0.3)
        found.setdefault(letters, []).append((word, cost, tuple(marks)))
        beginnings.update(letters[:size] for size in range(1, len(letters) + 1))
    for words in found.values():
        words.sort(key=lambda item: item[1])
        del words[_MOST_CANDIDATES:]
    return found, frozenset(beginnings)


def _mend_run(run: str) -> str:
    known, beginnings = _words()
    letters, marks = _bare(run)
    size = len(letters)
    if size < 2:
        return run
    best: list[tuple[float, int, str]] = [(0.0, 0, "")] + [(math.inf, 0, "")] * size
    for start in range(size):
        here = best[start][0]
        alone = here + _UNKNOWN
        if alone < best[start + 1][0]:
            best[start + 1] = (alone, start, letters[start] + marks[start])
        for end in range(start + 1, min(size, start + _LONGEST) + 1):
            part = letters[start:end]
            if part not in beginnings:
                break
            for word, cost, wanted in known.get(part, ()):
                total = here + cost + _difference(marks, start, wanted)
                if total < best[end][0]:
                    best[end] = (total, start, word)
    pieces, end = [], size
    while end:
        _, start, piece = best[end]
        pieces.append(piece)
        end = start
    return "".join(reversed(pieces))


def _difference(marks: list[str], start: int, wanted: tuple[str, ...]) -> float:
    """What it costs to believe that a word with the marks ``wanted`` was printed as these letters."""
    cost, carried = 0.0, ""
    for place, want in enumerate(wanted):
        seen = marks[start + place]
        if seen == want and not carried:
            continue
        missing = [m for m in want if m not in seen]
        for mark in seen:
            if mark not in want:
                if mark in carried:
                    carried = carried.replace(mark, "", 1)
                    cost += _MOVED
                else:
                    cost += _UNEXPLAINED
        cost += sum(_LOST if mark in _TONES else _LOST_VOWEL for mark in carried)
        carried = "".join(missing)
    return cost + sum(_LOST if mark in _TONES else _LOST_VOWEL for mark in carried)
