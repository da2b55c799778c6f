"""What the year asks of one person, for the home page; and the year's panel on a community's page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import peewee as pw

from kc import clock, fiscal, policy
from kc.i18n import gettext as _
from kc.models import Community, Employee, FiscalYear, KnowledgeArticle, Membership, OrgUnit, Round
from kc.models.communities import ACTIVE
from kc.services import health, round_standing, rounds
from kc.services.health import Finding, Health
from kc.services.rounds import Deadlines
from kc.services.todos import Todo
from kc.thai.dates import days_left, format_date
from kc.together import Asking, beside, rows_of

AHEAD = timedelta(days=30)  # from when a deadline stands on the home page
AFTER = timedelta(days=30)  # how long a passed sign-up is still offered there
SHOWN = 5


def todos(employee: Employee) -> Asking[list[Todo]]:
    """Publishing and renewing what one keeps; signing up; for coordinators, who has not signed up.

    For the KM team, the year's circular until there is one: a new organisation begins there.
    """
    year = fiscal.calendar().current()
    counting, mine = yield from beside(rounds.ask_deadlines_that_count(), rows_of(_mine(employee, year)))
    known = counting.get(year)
    found = _to_publish(mine, year, counting)
    if known is not None:
        found += _to_renew(mine, year, known)
    found += _to_care(mine, year, known)
    if known is None:
        found += yield from _to_announce(employee, year)
        return found[:SHOWN]
    if known.round.opens_on <= clock.today() <= known.round.closes_on + AFTER:
        found += (yield from _to_follow(employee, known)) or _to_sign_up(employee, mine, year, known)
    return found[:SHOWN]


def _mine(employee: Employee, year: int) -> pw.ModelSelect:
    """Communities of this year and the last that someone is in: `kept`, `has_told` and `went_on` besides."""
    here = (Membership.employee == employee) & Membership.left_at.is_null()
    mine = Membership.select(Membership.community).where(here)
    kept = Membership.select(Membership.community).where(here & Membership.role.in_(policy.ORGANISERS))
    told = KnowledgeArticle.select(KnowledgeArticle.community).where(
        KnowledgeArticle.published_on.is_null(False) & KnowledgeArticle.community.in_(mine)
    )
    again = Community.alias()
    on = again.select(again.renewed_from).where(again.renewed_from.in_(mine))
    return (
        Community.select(
            Community.id,
            Community.name,
            Community.unit,
            Community.fiscal_year,
            Community.created_at,
            OrgUnit.id,
            OrgUnit.path,
            FiscalYear.id,
            FiscalYear.year,
            pw.Case(None, [(Community.id.in_(kept), 1)], 0).alias("kept"),
            pw.Case(None, [(Community.id.in_(told), 1)], 0).alias("has_told"),
            pw.Case(None, [(Community.id.in_(on), 1)], 0).alias("went_on"),
            *health.facts(),
        )
        .join_from(Community, OrgUnit)
        .join_from(Community, FiscalYear)
        .where(
            Community.id.in_(mine)
            & (Community.status == ACTIVE)
            & FiscalYear.year.in_([year, year - 1])
        )
        .order_by(Community.sort_key)
    )  # fmt: skip


def _to_care(mine: list[Any], year: int, known: Deadlines | None) -> list[Todo]:
    """Communities one keeps that are quiet or hang on one person (S0-302); that they are late is said elsewhere."""
    return [
        Todo(row.name, finding.url, finding.says, finding.button, icon="heart")
        for row in mine
        if row.kept and row.fiscal_year.year == year
        for finding in health.look(row, known).findings
        if finding.kind in (health.ALONE, health.QUIET)
    ][:2]


def _to_publish(mine: list[Any], year: int, counting: dict[int, Deadlines]) -> list[Todo]:
    """What is due soon or late; of last year, what nobody went on with."""
    found = []
    for row in mine:
        known = counting.get(row.fiscal_year.year)
        if known is None or not row.kept or row.has_told or (row.went_on and row.fiscal_year.year != year):
            continue
        day = known.publish_by(row.unit)
        if clock.today() >= day - AHEAD:
            late = clock.today() > day
            found.append(
                Todo(
                    title=row.name,
                    url=f"/communities/{row.id}",
                    says=_(
                        "เผยแพร่องค์ความรู้ภายใน %(day)s · %(left)s", day=format_date(day, "short"), left=days_left(day)
                    ),
                    button=_("เขียนองค์ความรู้"),
                    icon="journal-plus",
                    due_on=day,
                    late=late,
                )
            )
    return found


def _to_renew(mine: list[Any], year: int, known: Deadlines) -> list[Todo]:
    found = []
    for row in mine:
        day = known.sign_up_until(row.unit)
        due = known.round.opens_on <= clock.today() <= day + AFTER
        if row.kept and row.fiscal_year.year != year and not row.went_on and due:
            found.append(
                Todo(
                    title=row.name,
                    url=f"/communities/{row.id}/renew",
                    says=_("ไปต่อปีนี้ไหม สมัครได้ถึง %(day)s · %(left)s", day=format_date(day, "short"), left=days_left(day)),
                    button=_("ต่ออายุ"),
                    icon="arrow-repeat",
                    due_on=day,
                    late=clock.today() > day,
                )
            )
    return found


def _to_announce(employee: Employee, year: int) -> Asking[list[Todo]]:
    """For the KM team, in a year that has no announced circular."""
    if not policy.can_manage_rounds(employee):
        return []
    drafts = Round.select(Round.id).join(FiscalYear).where(FiscalYear.year == year).limit(1)
    (rows,) = yield [drafts]
    title = _("บันทึกเวียนเชิญชวน%(year)s", year=fiscal.calendar().label_for(year))
    if rows:
        return [Todo(title, f"/rounds/{rows[0].id}", _("ยังเป็นร่าง หน่วยงานยังไม่เห็น"), _("ตรวจและประกาศ"), icon="flag")]
    says = _("ยังไม่ได้ออก เริ่มปีด้วยการเชิญหน่วยงานสมัครชุมชน")
    return [Todo(title, "/rounds/new", says, _("ออกบันทึกเวียน"), icon="flag")]


def _to_sign_up(employee: Employee, mine: list[Any], year: int, known: Deadlines) -> list[Todo]:
    """For whoever is in no community this year, and keeps none that they could renew."""
    day = known.sign_up_until(employee.unit)
    if clock.today() > day or any(row.fiscal_year.year == year or row.kept for row in mine):
        return []
    says = _("เปิดรับถึง %(day)s · %(left)s ใช้เวลาไม่ถึงนาที", day=format_date(day, "short"), left=days_left(day))
    return [Todo(_("สมัครชุมชนนักปฏิบัติของปีนี้"), "/communities/new", says, _("สมัครชุมชน"), icon="person-plus", due_on=day)]


def _to_follow(employee: Employee, known: Deadlines) -> Asking[list[Todo]]:
    """For coordinators: how many of their units have not signed up."""
    paths = policy.coordinated_paths(employee)
    if not paths:
        return []
    everyone = yield from round_standing.ask_of_round(known.round, paths, known)
    waiting = [one for one in everyone if not one.communities]
    if not waiting:
        return []
    day = min(one.sign_up_until for one in waiting)
    return [
        Todo(
            title=_("ยังไม่สมัครชุมชน %(n)d หน่วยงาน", n=len(waiting)),
            url=f"/rounds/{known.round.id}/units/?state=open",
            says=_("รับสมัครถึง %(day)s · %(left)s", day=format_date(day, "short"), left=days_left(day)),
            button=_("ดูรายชื่อ"),
            icon="list-check",
            due_on=day,
            late=clock.today() > day,
        )
    ]


# ---- the panel on a community's page -------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearPanel:
    """The day of publishing for everybody; findings only for those who can do something about them."""

    health: Health
    publish_by: date | None
    signed_up_late: bool
    findings: list[Finding]


def panel(community: Community, employee: Employee) -> Asking[YearPanel | None]:
    if community.is_cancelled:
        return None
    known, rows = yield from beside(
        rounds.ask_deadlines(community.fiscal_year, community.unit),
        rows_of(health.rows(Community.id == community.id)),
    )
    if not rows:
        return None
    found = health.look(rows[0], known)
    by = known.publish_by(community.unit) if known else None
    may = policy.can_edit_community(employee, community)
    findings = [one for one in found.findings if may and _is_said(one, community)]
    if by is None and not findings:
        return None
    return YearPanel(found, by, _was_late(community, known), findings)


def _is_said(finding: Finding, community: Community) -> bool:
    """Communities of years that are over are left in peace; but what is late is so in the year after, too."""
    if finding.kind == health.LATE:
        return community.fiscal_year.year >= fiscal.calendar().current() - 1
    return community.fiscal_year.ends_on >= clock.today()


def _was_late(community: Community, known: Deadlines | None) -> bool:
    signed_up = clock.to_local(community.created_at).date()
    return known is not None and signed_up > known.sign_up_until(community.unit)
