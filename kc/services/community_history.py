"""How a community became what it is: its names, titles, topics and rhythms, over the years (S0-270, S0-277)."""

import peewee as pw

from kc.models import Community, CommunityChange, Employee, FiscalYear, Topic

KEPT = ("name", "knowledge_title", "topic", "rhythm")
GENERATIONS = 12  # years that are followed back


def now(community: Community) -> dict[str, str]:
    """What history keeps of a community, as it is now."""
    return {what: community.topic.name if what == "topic" else getattr(community, what) for what in KEPT}


def keep(by: Employee, community: Community, was: dict[str, str], why: str = "") -> list[str]:
    """Note what is not as it `was`, in the transaction of the change; returns what changed.

    What is filled in for the first time is no change.
    """
    changed = [what for what, after in now(community).items() if was[what] and after != was[what]]
    is_now = now(community)
    for what in changed:
        note(by, community, what, was[what], is_now[what], why)
    return changed


def note(by: Employee, community: Community, what: str, before: str, after: str, why: str = "") -> None:
    """One change of `what` (see KEPT), from `before` to `after`; for other areas too, inside their transaction."""
    CommunityChange.create(community=community, what=what, before=before, after=after, why=why, changed_by=by)


def changes_of(communities: list[Community]) -> list[CommunityChange]:
    """Every change of these communities, newest first, with who made it."""
    return list(
        CommunityChange.select(CommunityChange, Employee)
        .left_outer_join(Employee, on=(CommunityChange.changed_by == Employee.id))
        .where(CommunityChange.community.in_([c.id for c in communities]))
        .order_by(CommunityChange.changed_at.desc(), CommunityChange.id.desc())
        .limit(200)
    )


def years_of(community: Community) -> list[Community]:
    """The same community in every year: those it was renewed from, itself, and those renewed from it; newest first."""
    back = years_before(community)
    forth = _chain(community, back=False)
    ids = {*back, community.id, *forth}
    rows = (
        Community.select(Community, FiscalYear, Topic)
        .join_from(Community, FiscalYear)
        .join_from(Community, Topic)
        .where(Community.id.in_(ids))
    )
    return sorted(rows, key=lambda row: (-row.fiscal_year.year, row.id))


def years_before(community: Community) -> list[int]:
    """Ids of the communities it was renewed from, in one statement."""
    return _chain(community, back=True)


def _chain(community: Community, *, back: bool) -> list[int]:
    """Ids along `renewed_from`, in one statement."""
    start = Community.select(Community.id, Community.renewed_from, pw.Value(0).cast("integer").alias("depth"))
    base = start.where(Community.id == community.id).cte("generations", recursive=True)
    further = Community.alias()
    link = further.id == base.c.renewed_from_id if back else further.renewed_from == base.c.id
    step = further.select(further.id, further.renewed_from, (base.c.depth + 1).alias("depth"))
    cte = base.union_all(step.join(base, on=link).where(base.c.depth < GENERATIONS))
    return [row[0] for row in cte.select_from(cte.c.id).where(cte.c.depth > 0).tuples()]
