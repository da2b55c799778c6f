"""What the calendar says each day: sign-ups and publishing that come near or are late, communities that need care."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial

from kc import clock, fiscal
from kc.models import Community, Employee, FiscalYear, OrgUnit
from kc.services import health, notices, renewing, round_people, round_standing, rounds, years
from kc.services.health import ALONE, LATE, NOBODY, ONE_KEEPER, QUIET, Health
from kc.services.piecemeal import Each, by_hand
from kc.services.rounds import Deadlines

SIGN_UP_STEPS = (14, 7, 1)  # days before; each step is told once, also when a day was missed
PUBLISH_STEPS = (30, 14, 7, 1)
STILL_NEWS = 30  # days after a deadline in which it is still told that it has passed


def look(each: Each = by_hand) -> None:
    """Today's round, for every year whose circular still has something to say.

    A year that was opened early and begins without topics gets last year's, as one that opens by itself does.
    """
    years.ensure_current()
    now = fiscal.calendar().current()
    for year in list(FiscalYear.select().where(FiscalYear.year.in_([now - 1, now, now + 1]))):
        known = rounds.deadlines(year)
        if known is not None:
            _sign_up(each, year, known)
            _publish(each, year, known)
    _care(each)


def step_of(day: date, steps: tuple[int, ...]) -> str:
    """Which reminder is due for `day`: "14", "7", …, "late", or "" when there is nothing to say yet, or any more."""
    left = (day - clock.today()).days
    if left < 0:
        return "late" if -left <= STILL_NEWS else ""
    return str(min((step for step in steps if left <= step), default=""))


def _sign_up(each: Each, year: FiscalYear, known: Deadlines) -> None:
    if clock.today() < known.round.opens_on:
        return
    waiting: dict[tuple[date, str], list[OrgUnit]] = defaultdict(list)
    for one in round_standing.of_round(known.round):
        step = step_of(one.sign_up_until, SIGN_UP_STEPS)
        if not one.communities and step:
            waiting[one.sign_up_until, step].append(one.unit)
    for (day, step), units in waiting.items():
        each(round_people.by_coordinator(units), partial(_tell_coordinator, known, day, step))
    _tell_keepers_of_last_year(each, year, known)


def _tell_coordinator(known: Deadlines, day: date, step: str, found: tuple[Employee, list[OrgUnit]]) -> None:
    person, theirs = found
    notices.tell(
        [person],
        "round.sign_up_late" if step == "late" else "round.sign_up_near",
        f"/rounds/{known.round.id}/units/?state=open",
        once=f"round:{known.round.id}:sign-up:{day}:{step}",
        title=known.round.title,
        count=len(theirs),
        days=(day - clock.today()).days,
        on=day,
    )


def _tell_keepers_of_last_year(each: Each, year: FiscalYear, known: Deadlines) -> None:
    left = renewing.renewable(year, year.year - 1)
    near = [row for row in left if step_of(known.sign_up_until(row.unit), SIGN_UP_STEPS) not in ("", "late")]
    each(_with_keepers(near), partial(_tell_renewal, year, known))


def _tell_renewal(year: FiscalYear, known: Deadlines, found: tuple[Community, list[Employee]]) -> None:
    row, keepers = found
    day = known.sign_up_until(row.unit)
    notices.tell(
        keepers,
        "round.renewal_near",
        f"/communities/{row.id}/renew?year={year.year}",
        once=f"round:{known.round.id}:renewal:{row.id}:{day}:{step_of(day, SIGN_UP_STEPS)}",
        community=row.name,
        days=(day - clock.today()).days,
        on=day,
    )


def _with_keepers(communities: Iterable[Community]) -> list[tuple[Community, list[Employee]]]:
    """Each community that somebody keeps, with those who do."""
    by_id = {row.id: row for row in communities}
    keepers: dict[int, list[Employee]] = defaultdict(list)
    for person, community_id in round_people.organisers(Community.id.in_(list(by_id))):
        keepers[community_id].append(person)
    return [(by_id[community_id], people) for community_id, people in keepers.items()]


def _publish(each: Each, year: FiscalYear, known: Deadlines) -> None:
    owing = [
        found.community
        for found in health.of_communities(Community.fiscal_year == year, known)
        if found.published_on is None and step_of(known.publish_by(found.community.unit), PUBLISH_STEPS)
    ]
    each(_with_keepers(owing), partial(_tell_publish, known))


def _tell_publish(known: Deadlines, found: tuple[Community, list[Employee]]) -> None:
    community, keepers = found
    day = known.publish_by(community.unit)
    step = step_of(day, PUBLISH_STEPS)
    notices.tell(
        keepers,
        "round.publish_late" if step == "late" else "round.publish_near",
        f"/communities/{community.id}",
        once=f"round:{known.round.id}:publish:{community.id}:{day}:{step}",
        community=community.name,
        days=(day - clock.today()).days,
        on=day,
    )


# ---- care ----------------------------------------------------------------------------------------------------------

CARE = {QUIET: "community.quiet", ALONE: "community.alone", ONE_KEEPER: "community.one_keeper"}


def _care(each: Each) -> None:
    """Each finding is told to the community's keepers once; the month's number to coordinators and the KM team."""
    found = {one.community.id: one for one in health.looked_after(Community.id.is_null(False)) if one.findings}
    kept = _with_keepers(one.community for one in found.values())
    each(kept, lambda one: _tell_findings(found[one[0].id], one[1]))
    grave = [one.community.unit for one in found.values() if set(one.kinds) & {LATE, NOBODY, ALONE, QUIET}]
    each(_who_looks_after(grave), _tell_how_many)


def _who_looks_after(grave: list[OrgUnit]) -> list[tuple[Employee, int]]:
    """Coordinators with how many there are among their units; the KM team with all."""
    found = {}
    for person, theirs in round_people.by_coordinator(grave):
        ids = {unit.id for unit in theirs}
        found[person.id] = person, sum(unit.id in ids for unit in grave)
    if grave:
        found |= {person.id: (person, len(grave)) for person in round_people.officers()}
    return list(found.values())


def _tell_findings(found: Health, keepers: list[Employee]) -> None:
    for finding in found.findings:
        if finding.kind in CARE:
            once = f"health:{found.community.id}:{finding.kind}:{finding.since}"
            weeks = (clock.today() - finding.since).days // 7
            notices.tell(
                keepers, CARE[finding.kind], finding.url, once=once, community=found.community.name, weeks=weeks
            )


def _tell_how_many(found: tuple[Employee, int]) -> None:
    """Told once a month; whoever reads it later in the month reads the number of that day."""
    person, count = found
    month = f"health:{clock.today():%Y-%m}"
    notices.tell([person], "communities.need_care", "/communities/health/", once=month, count=count)
    notices.correct(person, month, count=count)
