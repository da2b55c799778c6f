"""What search makes of words: the key of a word, how a text is cut, which words it is widened by, names worth knowing.

For the page where the organisation's words are looked after; searching itself does not go through here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kc.search import analyzer, language
from kc.search.language import key
from kc.search.text import fold, squeeze
from kc.thai.repair import THAI, repair

LONGEST_TEXT = 300  # letters of a question that are tried
LONGEST_TERM = 12  # words of a term that are looked for together

OWN_WORD = re.compile(rf"[{THAI}]{{2,40}}")
# What stands before the proper name of a unit.
_BEFORE_A_NAME = sorted(  # thai-data
    "สาขาย่อย สาขา สนจ. สำนักงานจังหวัด โรงพยาบาลส่งเสริมสุขภาพตำบล โรงพยาบาล รพ.สต. รพ. เทศบาลนคร เทศบาลเมือง "
    "เทศบาลตำบล องค์การบริหารส่วนตำบล องค์การบริหารส่วนจังหวัด อบต. อบจ. อำเภอ ตำบล หมู่บ้าน ศูนย์พัฒนาเด็กเล็ก".split(),
    key=len,
    reverse=True,
)
_SHORTEST_NAME, _LONGEST_NAME = 4, 20


@dataclass(frozen=True)
class Widening:
    """A term that stands in a question, and what is looked for besides it."""

    term: str
    others: tuple[str, ...]


def cut(text: str) -> list[str]:
    """The words of a text, cut as search cuts it now."""
    return analyzer.words(text[:LONGEST_TEXT])


def widenings(text: str) -> list[Widening]:
    """Which words of a question bring others along; the longest term wins where several begin."""
    alike = language.current().alike
    folded = fold(repair(text[:LONGEST_TEXT]))
    tokens = list(analyzer.tokens(folded))
    found, at = [], 0
    while alike and at < len(tokens):
        for end in range(min(at + LONGEST_TERM, len(tokens)), at, -1):
            piece = folded[tokens[at].start : tokens[end - 1].end]
            if others := alike.get(squeeze(piece)):
                found.append(Widening(piece, others))
                at = end - 1
                break
        at += 1
    return list({widening.others: widening for widening in found}.values())


def says_little(term: str) -> bool:
    """Whether a term is a word that stands in nearly every text: as a synonym it would bring everything."""
    return key(term) in analyzer.stop_words()


def is_in_dictionary(word: str) -> bool:
    """Whether the tokenizer knows the word already, without any help."""
    return word in analyzer._dictionary()


def names_in(text: str) -> Iterator[str]:
    """Thai names in the name of a unit, topic or community that the tokenizer cuts apart: own words to be."""
    folded = fold(repair(text)).strip()
    before = next((word for word in _BEFORE_A_NAME if folded.startswith(word)), "")
    name = folded.removeprefix(before).strip()
    if before and _is_name(name):
        yield name
        return
    yield from (word for word in analyzer.words(text) if len(word) >= _SHORTEST_NAME and _is_name(word))


def _is_name(name: str) -> bool:
    fits = OWN_WORD.fullmatch(name) is not None and _SHORTEST_NAME <= len(name) <= _LONGEST_NAME
    return fits and not is_in_dictionary(name)


__all__ = ["OWN_WORD", "Widening", "cut", "is_in_dictionary", "key", "names_in", "says_little", "widenings"]
