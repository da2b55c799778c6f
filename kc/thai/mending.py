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
from kc.thai.repair import BETWEEN_THAI, MARKS, THAI, displaced_marks, repair

_MARKS = "ัิีึื็่้๊๋์ํ๎"  # what gets lost: everything above the line
_TONES = "่้๊๋์็"
_HIGH_VOWELS = "ัิีึื"
_TALL = "ปฝฟฬ"  # marks on these stand further left, in slots of their own
_RUN = re.compile(rf"[{THAI}](?:[{THAI}]|[ ]?\n[ ]?(?=[{THAI}]))*")
_SHORT = re.compile("[ก-ฮ]{1,4}")
_BREAK = re.compile(r"[ ]?\n[ ]?")
_ALL_TONES = re.compile(f"[{_TONES}]")
_LONGEST = 22
# Signs, and how many sound Thai has for each place they may stand on: tones right on a consonant, the first that old
# fonts lose; tones above a vowel; vowels; any mark on a tall consonant, the second to be lost.
_CONSONANTS = re.compile("[ก-ฮ]")
_LOW_TONE, _USUAL_LOW = re.compile(f"(?<=[ก-ฮ])[{_TONES}]"), 0.1
_HIGH_TONE, _USUAL_HIGH = re.compile(f"(?<=[{_HIGH_VOWELS}ุู])[{_TONES}]"), 0.05
_HIGH_VOWEL, _USUAL_VOWEL = re.compile(f"[{_HIGH_VOWELS}]"), 0.15
_TALL_ONE, _TALL_MARK, _USUAL_TALL = re.compile(f"[{_TALL}]"), re.compile(f"[{_TALL}][{_HIGH_VOWELS}{_TONES}]"), 0.4
_FEW = 0.5  # of the usual low tones
_PIECE = re.compile(rf"[{THAI}]+")
_ONE_LETTER = re.compile(rf"[เ-ไ]?[ก-ฮ]?[{MARKS}]*[ะาำ]?")
_FEW_PIECES, _APART, _MADE_WORDS = 6, 0.35, 0.9
# Words that stand in almost every text, whole and without their marks; not others that begin with the same letters.
_WHOLE = re.compile("เป็น|ด้วย|แล้ว|กล่าว|ได้|ให้|ไม่|หน้า|ต้อง|ว่า|เจ้า|พร้อม|บ้าน|ศูนย์|เปิด|ประโยชน์")
_ROBBED = re.compile(
    "เปน|ดวย|แลว|กลาว|ได(?![้โอนเ])|ให(?![้ญม])|ผู(?![้ก])|ไม(?![่้๊โคลเ])|หนา(?!ว)|ตอง(?=[กเ])|ที(?=[ก-ฮ][ะ-ู])"
    "|(?<![ก-ฮะ-ู])วา(?=[กจชทนมรสอเแไใ])|เจา(?!ะ)|พรอม|(?<![เแโ])บาน(?![ปเ])|ศูนย(?!์)|เปด|ประโยชน(?!์)"
)

_UNEXPLAINED, _UNKNOWN = 9.0, 10.0
_HARDLY_ANY = 0.02
_NOTHING_LEFT = 3.0  # a word of one letter whose vowel went too is hardly ever meant
_SEEN_WHOLE = 4.0  # at most, for a word that elsewhere in the text kept its marks
_COMPOUND = 0.8  # words that make up a dictionary's word stand beside each other more often than by chance
_MOST_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class _Damage:
    """What it costs to believe that a mark was lost, by where it stood, or that it moved; ``left``: of low tones."""

    low: float
    high: float
    vowel: float
    tall: float
    moved: float = 1.2
    left: float = 1.0


_MISPLACED = _Damage(low=6.0, high=6.0, vowel=7.0, tall=6.0)
_Word = tuple[str, float, tuple[str, ...]]


def lost_marks(text: str) -> bool:
    """Whether the text has few tone marks, and the commonest words stand in it without theirs."""
    if _left(text, _LOW_TONE, _CONSONANTS, _USUAL_LOW) >= _FEW:
        return False
    return len(_ROBBED.findall(text)) > len(_WHOLE.findall(text))


def _left(text: str, signs: re.Pattern[str], places: re.Pattern[str], usual: float) -> float:
    """How much is left of the signs a sound text would have; a short text is not trusted alone."""
    return (len(signs.findall(text)) + 0.5) / (usual * len(places.findall(text)) + 0.5)


def _damage_of(text: str) -> _Damage:
    """How likely each kind of mark was lost, by how few there are."""
    left = _left(text, _LOW_TONE, _CONSONANTS, _USUAL_LOW)
    return _Damage(
        low=_cost(left),
        high=_cost(_left(text, _HIGH_TONE, _CONSONANTS, _USUAL_HIGH)),
        vowel=_cost(_left(text, _HIGH_VOWEL, _CONSONANTS, _USUAL_VOWEL)),
        tall=_cost(_left(text, _TALL_MARK, _TALL_ONE, _USUAL_TALL)),
        left=max(0.02, min(0.9, left)),
    )


def _cost(left: float) -> float:
    """Of a loss, where this much is left: next to nothing where all are gone, much where hardly any can be."""
    return 0.1 - math.log(max(1 - left, _HARDLY_ANY))


def mend(text: str) -> str:
    """A text that lost its marks with them put back; words broken over a line are joined. Abbreviations are left."""
    damage = _damage_of(text)
    runs = [_BREAK.sub("", run) for run in _RUN.findall(text)]
    seen = _whole_words(runs, damage)
    return _RUN.sub(lambda run: _mend_run(_BREAK.sub("", run[0]), damage, seen), text)


def restored(text: str) -> str:
    """A repaired text, mended as well when it lost its marks. Cheap for a sound text: what the index asks for."""
    return mend(text) if lost_marks(text) else text


def thoroughly_restored(text: str) -> str:
    """The readable text of a page from a file: repaired, and mended where it shows that marks were lost or moved."""
    fixed = "\n".join(_closed_up(line) for line in repair(text).split("\n"))
    if lost_marks(fixed):
        return mend(fixed)
    return _RUN.sub(lambda run: _put_back(run[0]), fixed) if displaced_marks(text) else fixed


def _closed_up(line: str) -> str:
    """A line whose letters were set apart (ค ว า ม รู้), closed up when that makes words of it; ก ข ค ง stays a list."""
    pieces = _PIECE.findall(line)
    if len(pieces) <= _FEW_PIECES or sum(map(bool, map(_ONE_LETTER.fullmatch, pieces))) < _APART * len(pieces):
        return line
    closed = BETWEEN_THAI.sub("", line)
    return closed if lexicon.knowledge_of(closed).share >= _MADE_WORDS else line


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

    Of หนี้ and หนี, which look the same without marks, a text about debts has the one: where a tenth of the marks is
    left, one หนี้ still whole stands for nine that are not.
    """
    whole: Counter[str] = Counter()
    robbed: Counter[str] = Counter()
    for run in runs:
        for word, before in _cut(run, damage, {}):
            if not _ALL_TONES.search(before):
                robbed[before] += 1
            elif word == before:
                whole[word] += 1
    lost = (1 - damage.left) / damage.left
    return {word: _likelier(count * lost, robbed[_ALL_TONES.sub("", word)]) for word, count in whole.items()}


def _likelier(expected: float, found: int) -> float:
    """How much to take off a word's cost when so many of it must have been robbed, and so many look like it."""
    share = min(0.95, expected / (found + 1))
    return max(0.0, min(_SEEN_WHOLE, 1.0 + math.log(share / (1 - share))))


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
    plain = re.compile(f"(?![{_MARKS}])[{THAI}]{{2,{_LONGEST}}}")
    chosen = sorted(filter(plain.fullmatch, lexicon.dictionary() | lexicon.compounds()), key=len)
    costs = dict(costs)
    found: dict[str, list[_Word]] = {}
    beginnings: set[str] = set()
    for word in chosen:
        if word in costs:
            cost = costs[word]
        else:
            costs[word] = parts = _cost_of_parts(word, costs, rare)
            cost = min(rare, _COMPOUND * parts)
        letters, marks = _bare(word)
        found.setdefault(letters, []).append((word, cost, tuple(marks)))
        if letters not in beginnings:
            beginnings.update(letters[:size] for size in range(1, len(letters) + 1))
    for words in found.values():
        words.sort(key=lambda item: item[1])
        del words[_MOST_CANDIDATES:]
    return found, frozenset(beginnings)


def _cost_of_parts(word: str, costs: Mapping[str, float], rare: float) -> float:
    """What a compound nobody counted costs as the two words in it (themselves counted, or taken apart before)."""
    halves = [
        costs[word[:at]] + costs[word[at:]]
        for at in range(2, len(word) - 1)
        if word[:at] in costs and word[at:] in costs
    ]
    return min(halves, default=rare / _COMPOUND)


def _mend_run(run: str, damage: _Damage, seen: Mapping[str, float]) -> str:
    if _SHORT.fullmatch(run):
        return run
    return "".join(word for word, _before in _cut(run, damage, seen))


def _cut(run: str, damage: _Damage, seen: Mapping[str, float]) -> list[tuple[str, str]]:
    """The run as words, each mended and as it was. What no word explains stays letter by letter."""
    known, beginnings = _words()
    letters, marks = _bare(run)
    size = len(letters)
    if size < 2:
        return [(run, run)]
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
                total = here + cost - seen.get(word, 0.0) + _difference(part, marks, start, wanted, damage)
                if total < best[end][0]:
                    best[end] = (total, start, word)
    pieces: list[tuple[str, str]] = []
    end = size
    while end:
        _cost, start, piece = best[end]
        before = "".join(letters[i] + marks[i] for i in range(start, end))
        pieces.append((piece, before))
        end = start
    return pieces[::-1]


def _difference(part: str, marks: list[str], start: int, wanted: tuple[str, ...], damage: _Damage) -> float:
    """What it costs to believe that a word with the marks ``wanted`` was printed as these letters."""
    cost = owed = 0.0
    carried = ""
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
        cost += owed if carried else 0.0
        carried, owed = missing, _lost(part[place], want, missing, damage) if missing else 0.0
    cost += owed if carried else 0.0
    return cost + _NOTHING_LEFT if len(wanted) == 1 and wanted[0] and not marks[start] else cost


def _lost(letter: str, want: str, missing: str, damage: _Damage) -> float:
    """What the missing of a letter's marks cost to lose."""
    if letter in _TALL:
        return damage.tall
    tone = damage.high if any(mark in want for mark in _HIGH_VOWELS) else damage.low
    return sum(tone if mark in _TONES else damage.vowel for mark in missing)
