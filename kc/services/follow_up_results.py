"""What became of what people learned: how many were asked, answered and use it, what came of it, what hinders."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kc import clock
from kc.models import FollowUp
from kc.models.evaluation import HINDRANCES, OUTCOMES, PARTLY, USED
from kc.services.evaluation_results import Coverage


@dataclass(frozen=True)
class Month:
    """One of the rounds: after so many months, since which day, who answered and who uses it."""

    months: int
    due_on: object
    is_due: bool
    coverage: Coverage
    used: int
    partly: int
    not_yet: int

    @property
    def answered(self) -> int:
        return self.used + self.partly + self.not_yet


def months(rows: Iterable[FollowUp]) -> list[Month]:
    by_month: dict[int, list[FollowUp]] = {}
    for row in rows:
        by_month.setdefault(row.months, []).append(row)
    return [_month(n, found) for n, found in sorted(by_month.items())]


def _month(n: int, rows: list[FollowUp]) -> Month:
    said = Counter(row.used for row in rows if row.answered_at)
    expected = [row for row in rows if row.is_expected]
    due_on = max(row.due_on for row in rows)
    return Month(
        n,
        due_on,
        min(row.due_on for row in rows) <= clock.today(),
        Coverage(sum(row.answered_at is not None for row in expected), len(expected)),
        said[USED],
        said[PARTLY],
        sum(said.values()) - said[USED] - said[PARTLY],
    )


def outcomes(rows: Iterable[FollowUp]) -> list[tuple[str, int]]:
    """What came of it, most named first."""
    return _named(OUTCOMES, (row.outcome_list for row in _latest(rows) if row.used in (USED, PARTLY)))


def hindrances(rows: Iterable[FollowUp]) -> list[tuple[str, int]]:
    return _named(HINDRANCES, (row.hindrance_list for row in _latest(rows)))


def _named(order: tuple[str, ...], lists: Iterable[list[str]]) -> list[tuple[str, int]]:
    counted = Counter(name for names in lists for name in names)
    return sorted(((name, counted[name]) for name in order if counted[name]), key=lambda pair: -pair[1])


def _latest(rows: Iterable[FollowUp]) -> list[FollowUp]:
    """The newest answer of each person."""
    newest: dict[str, FollowUp] = {}
    for row in rows:
        if row.answered_at and (row.person_key not in newest or row.months > newest[row.person_key].months):
            newest[row.person_key] = row
    return list(newest.values())


def users(rows: Iterable[FollowUp]) -> Coverage:
    """People who use it, at least in part, of those who answered at all."""
    latest = _latest(rows)
    return Coverage(sum(row.used in (USED, PARTLY) for row in latest), len(latest))
