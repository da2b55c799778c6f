"""Why something was found: said in facts, not in figures."""

import datetime as dt
from dataclasses import dataclass

from kc import clock
from kc.search import passages
from kc.search.engine import FRESH_DAYS, Engine, Meaning
from kc.search.schema import encode
from kc.search.snapshot import Snapshot, count_in
from kc.search.text import fold, squeeze
from kc.thai.repair import repair

TOGETHER = 0.8  # of the question's letters in one passage


@dataclass(frozen=True, slots=True)
class Reason:
    """How one word of the question was found. ``how``: word, part (of a compound), letters (inside other words),
    otherwise (the organisation calls it so too), missing.
    """

    word: str
    how: str
    times: int = 0
    in_title: bool = False
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit is a hit. ``together``: the words stand in one passage; ``uses``: how often it was read, about;
    ``new_on``: its day, if it is new enough for that to help it.
    """

    reasons: tuple[Reason, ...]
    together: bool = False
    uses: int = 0
    corrected: str | None = None
    new_on: dt.date | None = None

    @property
    def alike(self) -> bool:
        """Found by likeness of letters alone: it has none of the words."""
        return all(reason.how == "missing" for reason in self.reasons)


def explain(snapshot: Snapshot, engine: Engine, document: int, corrected: str | None) -> Explanation:
    """For a document that ``engine`` has found. ``corrected``: what was searched for instead of what was typed."""
    title, _, text = snapshot.text(document).partition(b"\n")
    terms = _otherwise(engine)
    reasons = tuple(_reason(snapshot, meaning, document, title, text, terms) for meaning in engine.meanings)
    read = [number for number, _ in engine.read]
    together = len(reasons) > 1 and document in read and _together(engine, snapshot.text(document))
    return Explanation(
        reasons, together, int(snapshot.uses[document]), corrected, _new_on(int(snapshot.days[document]))
    )


def _new_on(day: int) -> dt.date | None:
    return dt.date.fromordinal(day) if day > clock.today().toordinal() - FRESH_DAYS // 2 else None


def _otherwise(engine: Engine) -> dict[str, tuple[str, ...]]:
    """Words of the question and what they may be called instead."""
    return {
        engine.query.concepts[number].text: same.otherwise for same in engine.query.same for number in same.concepts
    }


def _reason(
    snapshot: Snapshot, meaning: Meaning, document: int, title: bytes, text: bytes, terms: dict[str, tuple[str, ...]]
) -> Reason:
    word = meaning.concept.text
    needle = encode(word)
    times, in_title = count_in(needle, title) + count_in(needle, text), count_in(needle, title) > 0
    if meaning.whole[document]:
        return Reason(word, "word", max(times, 1), in_title)
    if meaning.part[document]:
        return Reason(word, "part", max(times, 1), in_title)
    if meaning.inside is not None and meaning.inside[document]:
        return Reason(word, "letters", max(times, 1), in_title)
    if meaning.otherwise is not None and meaning.otherwise[document]:
        said = tuple(term for term in terms.get(word, ()) if _letters(term) in title + b" " + text)
        return Reason(word, "otherwise", 1, any(_letters(term) in title for term in said), said)
    return Reason(word, "missing")


def _letters(term: str) -> bytes:
    return encode(squeeze(fold(repair(term))))


def _together(engine: Engine, text: bytes) -> bool:
    near, *_ = passages.measure(encode(engine.query.squeezed), [text])[0]
    return float(near[0]) >= TOGETHER
