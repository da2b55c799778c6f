"""Puts back the marks that a Thai PDF lost or moved: รฐับาลเปดเผยวา -> รัฐบาลเปิดเผยว่า.

The letters that survive (consonants and spaced vowels) are cut into dictionary words again at the least cost; each word
brings its marks along. A mark that is missing, or stands one letter too far right, costs as much as the text's own
damage makes it unlikely; one that no word explains costs much, so that sound words and unknown names are left as they
are. Only for text that shows this damage.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kc.thai import lexicon
from kc.thai.repair import THAI, displaced_marks, repair

_MARKS = "ัิีึื็่้๊๋์ํ๎"  # what gets lost: everything above the line
_TONES = "่้๊๋์็"
_RUN = re.compile(rf"[{THAI}](?:[{THAI}]|[ ]?\n[ ]?(?=[{THAI}]))*")
_SHORT = re.compile("[ก-ฮ]{1,4}")
_BREAK = re.compile(r"[ ]?\n[ ]?")
_CONSONANTS = re.compile("[ก-ฮ]")
_ALL_TONES = re.compile(f"[{_TONES}]")
_LONGEST = 22
_USUAL = 0.14  # tone marks a consonant: sound Thai has about 0.2
_SOUND = 0.2
# Words that stand in almost every text, whole and without their marks; not others that begin with the same letters.
_WHOLE = re.compile("เป็น|ด้วย|แล้ว|กล่าว|ได้|ให้|ผู้|ไม่|หน้า|ต้อง|ที่|นี้")
_ROBBED = re.compile(
    "เปน|ดวย|แลว|กลาว|ได(?![้โอนเ])|ให(?![้ญม])|ผู(?![้ก])|ไม(?![่้๊โคลเ])|หนา(?!ว)|ตอง(?=[กเ])|ที(?=[ก-ฮ][ะ-ู])"
)

_UNEXPLAINED, _UNKNOWN = 9.0, 10.0
_NOTHING_LEFT = 3.0  # a word of one letter whose vowel went too is hardly ever meant
_SEEN_WHOLE = 2.5  # at most, for a word that elsewhere in the text kept its marks
_MOST_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class _Damage:
    """What it costs to believe that a mark was lost here, or that it moved."""

    tone: float
    vowel: float
    moved: float = 1.2


_MISPLACED = _Damage(tone=6.0, vowel=7.0)
_Word = tuple[str, float, tuple[str, ...]]


def lost_marks(text: str) -> bool:
    """Whether the text has few tone marks, and the commonest words stand in it without theirs."""
    if _tones_a_consonant(text) >= _USUAL:
        return False
    return len(_ROBBED.findall(text)) > len(_WHOLE.findall(text))


def _tones_a_consonant(text: str) -> float:
    return len(_ALL_TONES.findall(text)) / (len(_CONSONANTS.findall(text)) or 1)


def mend(text: str) -> str:
    """A text that lost its marks with them put back; words broken over a line are joined. Abbreviations are left."""
    left = min(0.9, _tones_a_consonant(text) / _SOUND)
    damage = _Damage(tone=0.1 - math.log(1 - left), vowel=2.0)
    runs = [_BREAK.sub("", run) for run in _RUN.findall(text)]
    seen = _whole_words(runs, damage)
    return _RUN.sub(lambda run: _mend_run(_BREAK.sub("", run[0]), damage, seen), text)


def restored(text: str) -> str:
    """A repaired text, mended as well when it lost its marks. Cheap for a sound text: what the index asks for."""
    return mend(text) if lost_marks(text) else text


def thoroughly_restored(text: str) -> str:
    """The readable text of a page from a file: repaired, and mended where it shows that marks were lost or moved."""
    fixed = repair(text)
    if lost_marks(fixed):
        return mend(fixed)
    return _RUN.sub(lambda run: _put_back(run[0]), fixed) if displaced_marks(text) else fixed


def _put_back(run: str) -> str:
    """A run with its moved marks put back, when that makes its unknown letters known."""
    joined = _BREAK.sub("", run)
    unknown = lexicon.unknown_letters(joined)[0]
    if not unknown:
        return run
    mended = _mend_run(joined, _MISPLACED, {})
    return mended if lexicon.unknown_letters(mended)[0] * 2 <= unknown else run


def _whole_words(runs: list[str], damage: _Damage) -> Mapping[str, float]:
    """Words that kept their marks somewhere in the text, and how much likelier that makes them elsewhere in it.

    Of หนี้ and หนี, which look the same without marks, a text about debts has the one.
    """
    seen: Counter[str] = Counter()
    for run in runs:
        for word, whole in _cut(run, damage, {}):
            if whole and any(mark in word for mark in _TONES):
                seen[word] += 1
    return {word: min(_SEEN_WHOLE, math.log1p(2 * count)) for word, count in seen.items()}


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
    costs, rare = lexicon.costs()
    found: dict[str, list[_Word]] = {}
    beginnings: set[str] = set()
    for word in lexicon.dictionary():
        if not 2 <= len(word) <= _LONGEST or not re.fullmatch(f"[{THAI}]+", word) or word[0] in _MARKS:
            continue
        letters, marks = _bare(word)
        cost = costs.get(word, rare)
        found.setdefault(letters, []).append((word, cost, tuple(marks)))
        beginnings.update(letters[:size] for size in range(1, len(letters) + 1))
    for words in found.values():
        words.sort(key=lambda item: item[1])
        del words[_MOST_CANDIDATES:]
    return found, frozenset(beginnings)


def _mend_run(run: str, damage: _Damage, seen: Mapping[str, float]) -> str:
    if _SHORT.fullmatch(run):
        return run
    return "".join(piece for piece, _whole in _cut(run, damage, seen))


def _cut(run: str, damage: _Damage, seen: Mapping[str, float]) -> list[tuple[str, bool]]:
    """The run as words, each mended; and whether it was whole before. What no word explains stays letter by letter."""
    known, beginnings = _words()
    letters, marks = _bare(run)
    size = len(letters)
    if size < 2:
        return [(run, False)]
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
                total = here + cost - seen.get(word, 0.0) + _difference(marks, start, wanted, damage)
                if total < best[end][0]:
                    best[end] = (total, start, word)
    pieces: list[tuple[str, bool]] = []
    end = size
    while end:
        _cost, start, piece = best[end]
        before = "".join(letters[i] + marks[i] for i in range(start, end))
        pieces.append((piece, piece == before))
        end = start
    return pieces[::-1]


def _difference(marks: list[str], start: int, wanted: tuple[str, ...], damage: _Damage) -> float:
    """What it costs to believe that a word with the marks ``wanted`` was printed as these letters."""
    cost, carried = 0.0, ""
    for place, want in enumerate(wanted):
        seen = marks[start + place]
        if seen == want and not carried:
            continue
        missing = "".join(mark for mark in want if mark not in seen)
        for mark in seen:
            if mark not in want:
                if mark in carried:
                    carried = carried.replace(mark, "", 1)
                    cost += damage.moved
                else:
                    cost += _UNEXPLAINED
        cost += _lost(carried, damage)
        carried = missing
    cost += _lost(carried, damage)
    return cost + _NOTHING_LEFT if len(wanted) == 1 and wanted[0] and not marks[start] else cost


def _lost(marks: str, damage: _Damage) -> float:
    return sum(damage.tone if mark in _TONES else damage.vowel for mark in marks)
