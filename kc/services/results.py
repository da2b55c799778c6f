"""What came of the year, on three levels: the system in use, what it put out, what good it did (S0-204, S0-284).

Counted from what happened, never from what was planned: for the whole organisation and for one unit with all below it,
this fiscal year and the last beside it. All figures are one statement. What people tell of their own work is shown of
three people at least, for fewer could be recognised.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import add

import peewee as pw

from kc import clock, fiscal, policy
from kc.models import (
    Attendance,
    Community,
    Employee,
    FiscalYear,
    FollowUp,
    KnowledgeArticle,
    KnowledgeUse,
    OrgUnit,
    Session,
    SignInEvent,
    Trial,
)
from kc.models.communities import ACTIVE
from kc.models.evaluation import PARTLY, USED
from kc.models.knowledge import PUBLISHED
from kc.models.trials import DONE
from kc.services import sessions
from kc.services.evaluation_results import FEWEST
from kc.services.throttle import SUCCESSES

LEVELS = {  # labels: kc.labels.RESULT_LEVELS, RESULT_FIGURES
    "system": ("signed_in", "communities", "sessions", "came"),
    "output": ("trials", "articles"),
    "benefit": ("told", "answered", "using"),
}
AMONG = {"using": "answered"}
QUOTES = 4


@dataclass(frozen=True)
class Figure:
    """One measure: of everybody and of the unit, in the year and in the one before. None: not to be shown.

    `unknown_before`: nobody kept it so long.
    """

    name: str
    whole: int | None
    whole_before: int | None
    unit: int | None
    unit_before: int | None
    unknown_before: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Results:
    year: int
    unit: OrgUnit
    figures: dict[str, Figure]
    quotes: list[KnowledgeUse] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing has happened yet but people signing in."""
        others = (figure for name, figure in self.figures.items() if name != "signed_in")
        return all(figure.whole == 0 and figure.whole_before == 0 for figure in others)


@dataclass(frozen=True)
class _Years:
    """The two years as conditions on a column, and the unit as one on OrgUnit."""

    year: int
    mine: pw.Expression

    def _bounds(self, year: int) -> tuple[date, date]:
        return fiscal.calendar().bounds(year)

    def numbers(self, column: pw.Field) -> tuple[pw.Expression, pw.Expression]:
        return column == self.year, column == self.year - 1

    def days(self, column: pw.Field) -> tuple[pw.Expression, pw.Expression]:
        now, before = self._bounds(self.year), self._bounds(self.year - 1)
        return column.between(now[0], min(now[1], clock.today())), column.between(*before)

    def moments(self, column: pw.Field) -> tuple[pw.Expression, pw.Expression]:
        now, before = self._bounds(self.year), self._bounds(self.year - 1)
        return (column >= _start(now[0])), ((column >= _start(before[0])) & (column < _start(before[1], 1)))

    def count(self, name: str, what: pw.Field, years: tuple[pw.Expression, pw.Expression]) -> list[pw.Node]:
        """Columns of one row: name, then different `what` of whole, whole before, unit, unit before."""
        now, before = years
        conditions = (now, before, now & self.mine, before & self.mine)
        found = [pw.fn.COUNT(pw.fn.DISTINCT(pw.Case(None, [(condition, what)]))) for condition in conditions]
        return [pw.Value(name), *found]


def _start(day: date, later: int = 0) -> datetime:
    return clock.from_local(datetime.combine(day + timedelta(days=later), time()))


def of_year(unit: OrgUnit) -> Results:
    """The results of the year of today, for everybody and for `unit`; two statements."""
    years = _Years(fiscal.calendar().current(), policy.within(OrgUnit.path, [unit.path]))
    rows = [*_system(years), *_output(years), *_benefit(years)]
    counts = {name: found for name, *found in reduce(add, rows).tuples()}
    figures = {name: _figure(name, found, counts[AMONG.get(name, name)]) for name, found in counts.items()}
    return Results(years.year, unit, figures, _quotes(years))


def _system(years: _Years) -> Iterable[pw.ModelSelect]:
    # A large house signs in a million times a year: people are asked whether they did, not sign-ins whose they were.
    this_year, _before = years.moments(SignInEvent.at)
    theirs = (SignInEvent.employee == Employee.id) & SignInEvent.outcome.in_(SUCCESSES) & this_year
    did = pw.fn.EXISTS(SignInEvent.select(SignInEvent.id).where(theirs))
    nobody = Employee.id.is_null()  # sign-ins are kept for a year (kc.services.throttle.KEPT_FOR)
    yield (
        Employee.select(*years.count("signed_in", Employee.id, (Employee.id.is_null(False), nobody)))
        .join_from(Employee, OrgUnit)
        .where(did)
    )
    yield (
        Community.select(*years.count("communities", Community.id, years.numbers(FiscalYear.year)))
        .join_from(Community, FiscalYear)
        .join_from(Community, OrgUnit)
        .where(Community.status == ACTIVE)
    )
    held = years.days(Session.held_on)
    took_place = sessions.took_place() & (Community.status == ACTIVE)
    yield (
        Session.select(*years.count("sessions", Session.id, held))
        .join_from(Session, Community)
        .join_from(Community, OrgUnit)
        .where(took_place)
    )
    yield (
        Attendance.select(*years.count("came", Attendance.employee, held))
        .join_from(Attendance, Session)
        .join_from(Session, Community)
        .join_from(Attendance, Employee)
        .join_from(Employee, OrgUnit)
        .where(took_place)
    )


def _output(years: _Years) -> Iterable[pw.ModelSelect]:
    yield (
        Trial.select(*years.count("trials", Trial.id, years.days(Trial.result_on)))
        .join_from(Trial, Community)
        .join_from(Community, OrgUnit)
        .where(Trial.deleted_at.is_null() & (Trial.status == DONE))
    )
    yield (
        KnowledgeArticle.select(*years.count("articles", KnowledgeArticle.id, years.numbers(FiscalYear.year)))
        .join_from(KnowledgeArticle, FiscalYear)
        .join_from(KnowledgeArticle, OrgUnit, pw.JOIN.LEFT_OUTER)
        .where(KnowledgeArticle.status == PUBLISHED)
    )


def _benefit(years: _Years) -> Iterable[pw.ModelSelect]:
    outer, used = pw.JOIN.LEFT_OUTER, KnowledgeUse
    yield (
        used.select(*years.count("told", used.person_key, years.days(used.used_on)))
        .join_from(used, Employee, outer)
        .join_from(Employee, OrgUnit, outer)
    )
    now, before = years.moments(FollowUp.answered_at)
    uses = FollowUp.used.in_((USED, PARTLY))
    for name, answers in (("answered", (now, before)), ("using", (now & uses, before & uses))):
        yield (
            FollowUp.select(*years.count(name, FollowUp.person_key, answers))
            .join_from(FollowUp, Employee, outer)
            .join_from(Employee, OrgUnit, outer)
        )


def _figure(name: str, counts: list[int], among: list[int]) -> Figure:
    """`among`: the people of whom these are some. Of one or two people, that nobody is among them says it of each."""
    if name in LEVELS["benefit"]:
        few = range(1, FEWEST)
        return Figure(name, *(None if n in few or all_ in few else n for n, all_ in zip(counts, among, strict=True)))
    if name == "signed_in":
        return Figure(name, counts[0], None, counts[2], None, unknown_before=True)
    return Figure(name, *counts)


def _quotes(years: _Years) -> list[KnowledgeUse]:
    """What came of it in people's own words: of those alone who agreed to be named beside it, the unit's own first."""
    now, before = years.days(KnowledgeUse.used_on)
    agreed = KnowledgeUse.show_name & (KnowledgeUse.outcome_text != "") & (KnowledgeUse.outcomes != "none_yet")
    rows = (
        KnowledgeUse.select(KnowledgeUse, KnowledgeArticle, Employee, OrgUnit)
        .join_from(KnowledgeUse, KnowledgeArticle)
        .join_from(KnowledgeUse, Employee)
        .join_from(Employee, OrgUnit)
        .where(agreed & (now | before) & (KnowledgeArticle.status == PUBLISHED))
        .order_by(pw.Case(None, [(years.mine, 0)], 1), KnowledgeUse.used_on.desc(), KnowledgeUse.id.desc())
        .limit(QUOTES * 5)
    )
    newest: dict[str, KnowledgeUse] = {}
    for row in rows:
        newest.setdefault(row.person_key, row)
    return list(newest.values())[:QUOTES]
