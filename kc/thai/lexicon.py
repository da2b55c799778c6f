"""The words a Thai text is made of: a dictionary as plain sets, and how much of a text it knows. No tokenizer.

The lists are PyThaiNLP's own files, read as files: importing the library costs a short-lived process more than they do.
"""

import importlib.util
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kc.thai.repair import MARKS, THAI

LONGEST = 22
# What stands in texts and in no dictionary: signs of their own, and the commonest words of offices.
_OWN = "ๆ ฯ ฯลฯ ณ ธ เว็บ เว็บไซต์ ออนไลน์ อินเทอร์เน็ต ไลน์ แอป แอปพลิเคชัน".split()  # thai-data
_MARK = frozenset(chr(code) for code in range(0x0E31, 0x0E4F) if re.match(f"[{MARKS}]", chr(code)))
_RUN = re.compile(rf"[{THAI}]+")
_INITIALS = re.compile("[ก-ฮ]{1,4}")
_OTHER = re.compile(rf"[^\W_{THAI}]")
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff]")
_WORD_COST = 0.01  # of two ways to know a run the one with fewer words


def _lines(name: str) -> list[str]:
    spec = importlib.util.find_spec("pythainlp")
    if spec is None or spec.origin is None:
        return []
    return (Path(spec.origin).parent / "corpus" / name).read_text(encoding="utf-8-sig").split("\n")


@cache
def dictionary() -> frozenset[str]:
    """The words of the language, without the names of people."""
    return frozenset(word for line in _lines("words_th.txt") if len(word := line.strip()) > 1)


@cache
def compounds() -> frozenset[str]:
    """Expressions of several words, from a larger dictionary: what tells เข้าใจ from เขาใจ where marks were lost."""
    wanted = re.compile("(?=.*[่้๊๋์็])[ก-ฮเ-ไ][ก-๎]{3,19}")
    return frozenset(word for line in _lines("volubilis_words_th.txt") if wanted.fullmatch(word := line.strip()))


@cache
def words() -> frozenset[str]:
    """Every word of two letters and more that may stand in a text: the dictionary, and names of people."""
    found = set(dictionary())
    for names in ("person_names_male_th.txt", "person_names_female_th.txt", "family_names_th.txt"):
        found.update(name.strip() for name in _lines(names))
    return frozenset(word for word in found if len(word) > 1).union(_OWN)


@cache
def counts() -> dict[str, int]:
    """How often words stand in the Thai National Corpus."""
    found: dict[str, int] = {}
    for line in _lines("tnc_freq.txt"):
        word, _tab, count = line.partition("\t")
        if count.strip().isdigit():
            found[word] = int(count)
    return found


@cache
def costs() -> tuple[dict[str, float], float]:
    """What each counted word costs (rare words more), and one that was never counted."""
    whole = math.log(sum(counts().values()) or 1)
    return {word: whole - math.log(count + 0.3) for word, count in counts().items()}, whole - math.log(0.3)


@dataclass(frozen=True, slots=True)
class Known:
    """Of a text: all its letters, those no word explains, and the words it was cut into."""

    letters: int
    unknown: int
    words: int

    @property
    def share(self) -> float:
        return 1 - self.unknown / self.letters if self.letters else 1.0


def knowledge_of(text: str) -> Known:
    """Letters of other scripts are taken as known, glyphs without a meaning as unknown."""
    others, broken = len(_OTHER.findall(text)), len(_BROKEN.findall(text))
    letters, unknown, count = others + broken, broken, 0
    for run in _RUN.findall(text):
        strange, pieces = unknown_letters(run)
        letters, unknown, count = letters + len(run), unknown + strange, count + pieces
    return Known(letters, unknown, count)


def unknown_letters(run: str) -> tuple[int, int]:
    """(letters, words): how many letters of a run of Thai stay unknown in its best cut, and the words of that cut."""
    if run in words() or _INITIALS.fullmatch(run):
        return 0, 1
    cost = _costs_along(run)
    strange = int(cost + 0.5 * _WORD_COST)
    return strange, round((cost - strange) / _WORD_COST)


def _costs_along(run: str) -> float:
    known, size = words(), len(run)
    best = [math.inf] * (size + 1)
    best[0] = 0.0
    for start in range(size):
        here = best[start]
        if here == math.inf:
            continue
        after = start + 1
        while after < size and run[after] in _MARK:
            after += 1
        if here + after - start < best[after]:
            best[after] = here + after - start
        here += _WORD_COST
        for end in _ends(run, start, size, known):
            if here < best[end]:
                best[end] = here
    return best[size]


def _ends(run: str, start: int, size: int, known: frozenset[str]) -> Iterator[int]:
    for end in range(start + 2, min(size, start + LONGEST) + 1):
        if (end == size or run[end] not in _MARK) and run[start:end] in known:
            yield end
