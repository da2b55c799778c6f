"""How communities are: the quiet, those that hang on one person, those that are late, each with what to do next.

Few rules, no blame (S0-273, S0-302, S0-159): a finding names one thing and the one step that helps.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import peewee as pw

from kc import clock, fiscal, policy
from kc.i18n import gettext as _
from kc.models import Community, Employee, FiscalYear, KnowledgeArticle, Membership, OrgUnit, Session, Topic
from kc.models.communities import ACTIVE
from kc.services import rounds
from kc.services.rounds import Deadlines, as_day
from kc.thai.dates import format_date

LATE, NOBODY, ALONE, QUIET, ONE_KEEPER = "late", "nobody", "alone", "quiet", "one_keeper"
KINDS = (LATE, NOBODY, ALONE, QUIET, ONE_KEEPER)  # gravest first; labels: kc.labels.HEALTH_KINDS
TO_GATHER = timedelta(days=21)  # a new community has so long to find people before it is said to be alone

_quiet_after = timedelta(weeks=6)


def configure(quiet_weeks: int) -> None:
    """A community is quiet when it has not met for so many weeks and has not planned to."""
    global _quiet_after
    _quiet_after = timedelta(weeks=quiet_weeks)


@dataclass(frozen=True)
class Finding:
    kind: str
    says: str
    do: str  # what to do next, in a sentence
    button: str
    url: str
    since: date


@dataclass(frozen=True)
class Health:
    """How one community is; without findings it is well."""

    community: Community
    people: int
    keepers: int
    last_met: date | None
    next_meeting: date | None
    published_on: date | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [finding.kind for finding in self.findings]


def of_communities(condition: pw.Expression, deadlines: Deadlines | None) -> list[Health]:
    """The health of all active communities of `condition`, in Thai order and one statement."""
    return [look(row, deadlines) for row in rows(condition)]


def looked_after(scope: pw.Expression) -> list[Health]:
    """This year's active communities of `scope`, and last year's that still owe their knowledge and did not go on.

    Of the latter only that is said: communities of years that are over are left in peace. Two statements.
    """
    known, now = rounds.deadlines_that_count(), fiscal.calendar().current()
    went_on, told = Community.alias(), KnowledgeArticle
    renewed = went_on.select(went_on.renewed_from).where(
        went_on.renewed_from.is_null(False) & (went_on.status == ACTIVE)
    )
    published = told.select(told.community).where(told.published_on.is_null(False) & told.community.is_null(False))
    owing = (FiscalYear.year == now - 1) & Community.id.not_in(renewed) & Community.id.not_in(published)
    seen = rows(scope & ((FiscalYear.year == now) | owing if now - 1 in known else FiscalYear.year == now))
    everyone = [look(row, known.get(row.fiscal_year.year)) for row in seen]
    return [found for found in map(_of_its_year, everyone) if found is not None]


def _of_its_year(found: Health) -> Health | None:
    if found.community.fiscal_year.year == fiscal.calendar().current():
        return found
    late = [finding for finding in found.findings if finding.kind == LATE]
    return replace(found, findings=late) if late else None


def in_scope(employee: Employee) -> pw.Expression:
    """Condition on Community: whose health someone looks after. The KM team all, coordinators their units', keepers
    their own."""
    if policy.is_knowledge_officer(employee):
        return Community.id.is_null(False)
    kept = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null() & Membership.role.in_(policy.ORGANISERS)
    )
    units = OrgUnit.select(OrgUnit.id).where(policy.within(OrgUnit.path, policy.coordinated_paths(employee)))
    return Community.id.in_(kept) | Community.unit.in_(units)


def rows(condition: pw.Expression) -> pw.ModelSelect:
    """What `look` looks at: active communities of `condition` in Thai order, each with its facts."""
    return (
        Community.select(Community, OrgUnit, FiscalYear, Topic, *facts())
        .join_from(Community, OrgUnit)
        .join_from(Community, FiscalYear)
        .join_from(Community, Topic)
        .where(condition & (Community.status == ACTIVE))
        .order_by(Community.sort_key)
    )


def facts() -> tuple[pw.Node, ...]:
    """What `look` needs to know of a Community, as columns of whatever selects it."""
    today, here = clock.today(), Membership.left_at.is_null() & (Membership.community == Community.id)
    met = Session.held_by([Community.id]) & Session.cancelled_at.is_null()
    people = (
        Membership.select(pw.fn.COUNT(Membership.employee.distinct())).join(Employee).where(here & Employee.is_active)
    )
    told = KnowledgeArticle.select(pw.fn.MIN(KnowledgeArticle.published_on)).where(
        KnowledgeArticle.community == Community.id
    )
    return (
        people.alias("people_now"),
        people.where(Membership.role.in_(policy.ORGANISERS)).alias("keepers_now"),
        Session.select(pw.fn.MAX(Session.held_on)).where(met & (Session.held_on <= today)).alias("last_met_on"),
        Session.select(pw.fn.MIN(Session.held_on)).where(met & (Session.held_on > today)).alias("next_met_on"),
        told.alias("first_published_on"),
    )


def look(row: Community, deadlines: Deadlines | None) -> Health:
    """The health of a community that was selected with its unit and `facts`."""
    found = Health(
        row,
        row.people_now,
        row.keepers_now,
        as_day(row.last_met_on),
        as_day(row.next_met_on),
        as_day(row.first_published_on),
    )
    started = clock.to_local(row.created_at).date()
    checks = (_late(found, deadlines), _who_keeps_it(found, started), _quiet(found, started))
    found.findings.extend(finding for finding in checks if finding is not None)
    found.findings.sort(key=lambda finding: KINDS.index(finding.kind))
    return found


def _late(found: Health, deadlines: Deadlines | None) -> Finding | None:
    row = found.community
    if deadlines is None or deadlines.round.fiscal_year_id != row.fiscal_year_id or found.published_on is not None:
        return None
    due = deadlines.publish_by(row.unit)
    if clock.today() <= due:
        return None
    return Finding(
        LATE,
        _("เลยกำหนดเผยแพร่องค์ความรู้ตั้งแต่ %(day)s", day=format_date(due, "medium")),
        _("เผยแพร่ได้เหมือนเดิม เริ่มจากบันทึกที่คุยกันไว้ หรือขอทีมจัดการความรู้ขยายเวลา"),
        _("เขียนองค์ความรู้"),
        f"/knowledge/new?community={row.id}",
        due,
    )


def _who_keeps_it(found: Health, started: date) -> Finding | None:
    page, row = f"/communities/{found.community.id}#membership", found.community
    young = clock.today() - started < TO_GATHER
    if found.keepers == 0:
        return Finding(
            NOBODY,
            _("ไม่มีผู้ดูแลชุมชนแล้ว"),
            _("ชวนสมาชิกคนหนึ่งรับเป็นผู้ดูแล หรือต่อให้หน่วยงานอื่นดูแล"),
            _("เลือกผู้ดูแล"),
            page,
            started,
        )
    if found.people <= 1 and not young:
        return Finding(
            ALONE,
            _("มีอยู่คนเดียวตั้งแต่สมัครเมื่อ %(day)s", day=format_date(started, "medium")),
            _("ชวนเพื่อนร่วมงานอีกหนึ่งหรือสองคน สองสามคนก็เริ่มคุยกันได้"),
            _("เพิ่มคนในชุมชน"),
            page,
            started,
        )
    if found.keepers == 1 and not young:
        return Finding(
            ONE_KEEPER,
            _("มีผู้ดูแลเพียงคนเดียว"),
            _("ให้อีกคนทำหน้าที่แทนได้ ถ้าคนเดียวย้ายงาน “%(name)s” จะได้ไม่สะดุด", name=row.name),
            _("เพิ่มผู้ดูแลอีกคน"),
            page,
            started,
        )
    return None


def _quiet(found: Health, started: date) -> Finding | None:
    since = max(found.last_met or started, started)
    if found.next_meeting is not None or clock.today() - since < _quiet_after:
        return None
    weeks = (clock.today() - since).days // 7
    says = (
        _("ไม่ได้พบกันมา %(n)d สัปดาห์ ครั้งล่าสุด %(day)s", n=weeks, day=format_date(found.last_met, "medium"))
        if found.last_met
        else _("ยังไม่เคยนัดพบกันเลย %(n)d สัปดาห์หลังสมัคร", n=weeks)
    )
    return Finding(
        QUIET,
        says,
        _("นัดสั้น ๆ ครึ่งชั่วโมง ถามว่าตั้งแต่ครั้งก่อนใครลองทำอะไรแล้วบ้าง"),
        _("นัดกิจกรรม"),
        f"/communities/{found.community.id}/sessions/new",
        since,
    )
