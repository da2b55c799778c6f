"""Goals beside results, ready to be drawn: bars only where people wrote figures (S0-169)."""

from collections.abc import Iterable
from dataclasses import dataclass

from kc.documents.form import Measure
from kc.models import ArticleMeasure

ROOM = 0.94  # the longest bar leaves a little air


@dataclass(frozen=True)
class Row:
    """One measure. `bars` and `goal` are lengths from 0 to 100; none when there is nothing to draw."""

    measure: str
    unit: str
    before: str
    target: str
    after: str
    reached: bool | None
    bars: tuple[tuple[str, float], ...] = ()
    goal: float | None = None


def rows(measures: Iterable[ArticleMeasure]) -> list[Row]:
    """What the page shows for each measure."""
    return [_row(Measure(m.measure, m.unit, m.before, m.target, m.after)) for m in measures]


def _row(measure: Measure) -> Row:
    before, target, after = measure.numbers
    figures = [figure for figure in (before, target, after) if figure is not None]
    texts = (measure.measure, measure.unit, measure.before, measure.target, measure.after, measure.reached)
    longest = max(figures, default=0)
    if after is None or len(figures) < 2 or longest <= 0 or min(figures) < 0:
        return Row(*texts)
    scale = 100 * ROOM / longest
    drawn = (("before", before), ("after", after))
    bars = tuple((name, round(figure * scale, 2)) for name, figure in drawn if figure is not None)
    return Row(*texts, bars, None if target is None else round(target * scale, 2))
