"""What an evaluation says: of one person, of a whole community (S0-199), and as lines of a chart before and after.

Means of fewer than three people would tell what one of them answered: only the facilitator sees those.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kc.i18n import gettext as _
from kc.models import Assessment, Evaluation, EvaluationQuestion
from kc.models.evaluation import RATING, SCORE, SELF, TEST

FEWEST = 3
SCALE = 5  # of ratings


@dataclass(frozen=True)
class Line:
    """One measure before and after: figures out of `full`, and lengths from 0 to 100. `n` people have both."""

    label: str
    before: float | None
    after: float | None
    full: float
    n: int

    @property
    def before_length(self) -> float | None:
        return None if self.before is None else round(100 * self.before / self.full, 1)

    @property
    def after_length(self) -> float | None:
        return None if self.after is None else round(100 * self.after / self.full, 1)

    @property
    def change(self) -> float | None:
        """In hundredths of the scale."""
        if self.before is None or self.after is None:
            return None
        return round(100 * (self.after - self.before) / self.full, 1)


@dataclass(frozen=True)
class Coverage:
    done: int
    expected: int

    @property
    def missing(self) -> int:
        return self.expected - self.done


@dataclass(frozen=True)
class QuestionResult:
    text: str
    before: int | None  # hundredths that were right
    after: int | None


@dataclass(frozen=True)
class Results:
    coverage: Coverage
    lines: list[Line]
    hidden: bool  # too few answers to show means
    points: list[Line] = field(default_factory=list)
    questions: list[QuestionResult] = field(default_factory=list)
    satisfaction: float | None = None
    satisfied: int = 0
    suggestions: list[str] = field(default_factory=list)


def coverage(rows: Iterable[Assessment]) -> Coverage:
    expected = [row for row in rows if row.is_expected]
    return Coverage(sum(row.done_at is not None for row in expected), len(expected))


def of_person(row: Assessment, question_count: int) -> list[Line]:
    """One person's lines, as they themselves and their facilitator see them."""
    return [line for line in _lines(row.evaluation, [row], question_count, alone=True) if line.after is not None]


def of_community(
    evaluation: Evaluation, rows: list[Assessment], questions: list[EvaluationQuestion], *, everything: bool
) -> Results:
    """The community's means. `everything`: for the facilitator, who sees each person anyway."""
    answered = [row for row in rows if row.after_at or row.rated_at]
    hidden = bool(answered) and len(answered) < FEWEST and not everything
    if hidden or not answered:
        return Results(coverage(rows), [], hidden)
    pleased = [row.satisfaction for row in rows if row.satisfaction is not None]
    few = len(pleased) < FEWEST and not everything
    fewest = 1 if everything else FEWEST
    return Results(
        coverage(rows),
        [line for line in _lines(evaluation, rows, len(questions)) if line.n >= fewest],
        hidden,
        [line for line in _points(evaluation, rows) if line.n >= fewest],
        _questions(rows, questions, fewest),
        None if few or not pleased else sum(pleased) / len(pleased),
        len(pleased),
        [] if few else sorted(row.suggestion for row in rows if row.suggestion),
    )


def _lines(evaluation: Evaluation, rows: list[Assessment], count: int, alone: bool = False) -> list[Line]:
    pairs = {
        TEST: (_("แบบทดสอบ"), [(r.test_before, r.test_after) for r in rows], float(count or 1)),
        SELF: (_("ประเมินตนเอง"), [(r.self_before, r.self_after) for r in rows], float(SCALE)),
        SCORE: (_("คะแนนที่คุณอำนวยบันทึก"), [(r.score_before, r.score_after) for r in rows], evaluation.full_score),
        RATING: (_("คุณอำนวยประเมิน"), [(None, r.rating) for r in rows], float(SCALE)),
    }
    return [_line(*pairs[method]) for method in evaluation.chosen]


def _line(label: str, pairs: list[tuple[float | None, float | None]], full: float) -> Line:
    """Means of those who have both figures; of the figures after alone when nobody has both."""
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    if both:
        return Line(label, _mean([b for b, _a in both]), _mean([a for _b, a in both]), full, len(both))
    after = [a for _b, a in pairs if a is not None]
    return Line(label, None, _mean(after), full, len(after))


def _mean(figures: list[float]) -> float | None:
    return round(sum(figures) / len(figures), 2) if figures else None


def _points(evaluation: Evaluation, rows: list[Assessment]) -> list[Line]:
    """Each point of the self-rating by itself."""
    rated = [row.ratings for row in rows if row.self_after is not None]
    if SELF not in evaluation.chosen or not rated:
        return []
    names = evaluation.point_list
    return [
        _line(name, [(ratings[n][0], ratings[n][1]) for ratings in rated if n < len(ratings)], SCALE)
        for n, name in enumerate(names)
    ]


def _questions(rows: list[Assessment], questions: list[EvaluationQuestion], fewest: int) -> list[QuestionResult]:
    """How many answered each question right: what is still hard is talked about once more (S0-199)."""
    taken = {which: [row.answers(which) for row in rows if row.answers(which)] for which in ("before", "after")}
    enough = {which: answers if len(answers) >= fewest else [] for which, answers in taken.items()}
    return [
        QuestionResult(q.text, _share(enough["before"], q), _share(enough["after"], q))
        for q in questions
        if enough["before"] or enough["after"]
    ]


def _share(taken: list[dict[str, int]], question: EvaluationQuestion) -> int | None:
    right = [answers.get(str(question.id)) == question.right for answers in taken]
    return round(100 * sum(right) / len(right)) if right else None
