"""What the calendar says each day: sign-ups and publishing that come near or are late, communities that need care."""

from collections import defaultdict
from datetime import date

from kc import clock, fiscal
from kc.models import Community, Employee, FiscalYear, OrgUnit
from kc.services import health, notices, renewing, round_people, round_standing, rounds, years
from kc.services.health import ALONE, LATE, NOBODY, ONE_KEEPER, QUIET
from kc.services.rounds import Deadlines

SIGN_UP_STEPS = (14, 7, 1)  # days before; each step is told once, also when a day was missed
PUBLISH_STEPS = (30, 14, 7, 1)
STILL_NEWS = 30  # days after a deadline in which it is still told that it has passed


def look() -> None:
    """Today's round, for every year whose circular still has something to say.

    A year that was opened early and begins without topics gets last year's, as one that opens by itself does.
    """
    years.ensure_current()
    now = fiscal.calendar().current()
    for year in FiscalYear.select().where(FiscalYear.year.in_([now - 1, now, now + 1])):
        known = rounds.deadlines(year)
        if known is not None:
            _sign_up(year, known)
            _publish(year, known)
        if year.year == now:
            _care(year, known)


def step_of(day: date, steps: tuple[int, ...]) -> str:
    """Which reminder is due for `day`: "14", "7", …, "late", or "" when there is nothing to say yet, or any more."""
    left = (day - clock.today()).days
    if left < 0:
        return "late" if -left <= STILL_NEWS else ""
    return str(min((step for step in steps if left <= step), default=""))


def _sign_up(year: FiscalYear, known: Deadlines) -> None:
    if clock.today() < known.round.opens_on:
        return
    waiting: dict[tuple[date, str], list[OrgUnit]] = defaultdict(list)
    for one in round_standing.of_round(known.round):
        step = step_of(one.sign_up_until, SIGN_UP_STEPS)
        if not one.communities and step:
            waiting[one.sign_up_until, step].append(one.unit)
    for (day, step), units in waiting.items():
        _tell_coordinators(known, day, step, units)
    _tell_keepers_of_last_year(year, known)


def _tell_coordinators(known: Deadlines, day: date, step: str, units: list[OrgUnit]) -> None:
    kind = "round.sign_up_late" if step == "late" else "round.sign_up_near"
    for person, theirs in round_people.by_coordinator(units):
        notices.tell(
            [person],
            kind,
            f"/rounds/{known.round.id}/units/?state=open",
            once=f"round:{known.round.id}:sign-up:{day}:{step}",
            title=known.round.title,
            count=len(theirs),
            days=(day - clock.today()).days,
            on=day,
        )


def _tell_keepers_of_last_year(year: FiscalYear, known: Deadlines) -> None:
    left = {row.id: row for row in renewing.renewable(year, year.year - 1)}
    steps = {row.id: step_of(known.sign_up_until(row.unit), SIGN_UP_STEPS) for row in left.values()}
    near = [row_id for row_id, step in steps.items() if step not in ("", "late")]
    for person, community_id in round_people.organisers(Community.id.in_(near)):
        row, day = left[community_id], known.sign_up_until(left[community_id].unit)
        notices.tell(
            [person],
            "round.renewal_near",
            f"/communities/{row.id}/renew?year={year.year}",
            once=f"round:{known.round.id}:renewal:{row.id}:{day}:{steps[row.id]}",
            community=row.name,
            days=(day - clock.today()).days,
            on=day,
        )


def _publish(year: FiscalYear, known: Deadlines) -> None:
    owing = [
        found
        for found in health.of_communities(Community.fiscal_year == year, known)
        if found.published_on is None and step_of(known.publish_by(found.community.unit), PUBLISH_STEPS)
    ]
    by_id = {found.community.id: found.community for found in owing}
    for person, community_id in round_people.organisers(Community.id.in_(list(by_id))):
        _tell_publish(person, by_id[community_id], known)


def _tell_publish(person: Employee, community: Community, known: Deadlines) -> None:
    day = known.publish_by(community.unit)
    step = step_of(day, PUBLISH_STEPS)
    notices.tell(
        [person],
        "round.publish_late" if step == "late" else "round.publish_near",
        f"/communities/{community.id}",
        once=f"round:{known.round.id}:publish:{community.id}:{day}:{step}",
        community=community.name,
        days=(day - clock.today()).days,
        on=day,
    )


# ---- care ----------------------------------------------------------------------------------------------------------

CARE = {QUIET: "community.quiet", ALONE: "community.alone", ONE_KEEPER: "community.one_keeper"}


def _care(year: FiscalYear, known: Deadlines | None) -> None:
    """Each finding is told to the community's keepers once; the month's number to coordinators and the KM team."""
    found = [one for one in health.of_communities(Community.fiscal_year == year, known) if one.findings]
    by_id = {one.community.id: one for one in found}
    for person, community_id in round_people.organisers(Community.id.in_(list(by_id))):
        for finding in by_id[community_id].findings:
            if finding.kind in CARE:
                once = f"health:{community_id}:{finding.kind}:{finding.since}"
                name = by_id[community_id].community.name
                weeks = (clock.today() - finding.since).days // 7
                notices.tell([person], CARE[finding.kind], finding.url, once=once, community=name, weeks=weeks)
    _tell_those_who_look_after(found)


def _tell_those_who_look_after(found: list[health.Health]) -> None:
    month = f"health:{clock.today():%Y-%m}"
    grave = [one for one in found if set(one.kinds) & {LATE, NOBODY, ALONE, QUIET}]
    units = [one.community.unit for one in grave]
    for person, theirs in round_people.by_coordinator(units):
        ids = {unit.id for unit in theirs}
        count = sum(one.community.unit_id in ids for one in grave)
        notices.tell([person], "communities.need_care", "/communities/health/", once=month, count=count)
    if grave:
        team = round_people.officers()
        notices.tell(team, "communities.need_care", "/communities/health/", once=month, count=len(grave))
