"""Who was invited, who has signed up, who has not, how far their publishing is: for one circular (S0-114, S0-176)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import peewee as pw

from kc import clock, policy, together
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, KnowledgeArticle, OrgUnit, Round, RoundExtension, RoundInvitation
from kc.models.communities import ACTIVE
from kc.services import audit, notices, round_people
from kc.services.rounds import Deadlines, as_day, unit_ids
from kc.together import Asking

STATES = ("signed_up", "late", "waiting", "missing")  # labels: kc.labels.ROUND_STATES


@dataclass(frozen=True)
class SignUp:
    """One community that a unit signed up."""

    id: int
    name: str
    signed_up_on: date
    published_on: date | None


@dataclass
class Standing:
    """Where an invited unit stands."""

    unit: OrgUnit
    sign_up_until: date
    publish_by: date
    is_extended: bool
    communities: list[SignUp] = field(default_factory=list)

    @property
    def signed_up_on(self) -> date | None:
        return min((one.signed_up_on for one in self.communities), default=None)

    @property
    def state(self) -> str:
        if self.signed_up_on is not None:
            return "signed_up" if self.signed_up_on <= self.sign_up_until else "late"
        return "waiting" if clock.today() <= self.sign_up_until else "missing"

    @property
    def published(self) -> int:
        return sum(one.published_on is not None for one in self.communities)

    @property
    def owes_knowledge(self) -> bool:
        """Is the day of publishing over, and something unpublished?"""
        return clock.today() > self.publish_by and self.published < len(self.communities)


def of_round(round_: Round, paths: list[str] | None = None, known: Deadlines | None = None) -> list[Standing]:
    """Every invited unit (of `paths`; None: all) in Thai order.

    A community counts for the nearest invited unit at or above its own.
    """
    return together.answer(ask_of_round(round_, paths, known))


def ask_of_round(
    round_: Round, paths: list[str] | None = None, known: Deadlines | None = None
) -> Asking[list[Standing]]:
    """As `of_round`, for a page that asks for more at the same time; `known`: its days, when they are here already."""
    everyone, granted, rows = yield [
        OrgUnit.select().join(RoundInvitation, on=(RoundInvitation.unit == OrgUnit.id))
        .where(RoundInvitation.round == round_)
        .order_by(OrgUnit.sort_key),
        RoundExtension.select().where(RoundExtension.round == round_),
        _sign_ups(round_),
    ]  # fmt: skip
    known = known or Deadlines(round_, {extension.unit_id: extension for extension in granted})
    signed: dict[int, list[SignUp]] = defaultdict(list)
    invited = {unit.id for unit in everyone}
    for unit_path, sign_up in map(_sign_up, rows):
        nearest = next((unit_id for unit_id in reversed(unit_ids(unit_path)) if unit_id in invited), 0)
        signed[nearest].append(sign_up)
    mine = everyone if paths is None else [unit for unit in everyone if unit.path.startswith(tuple(paths))]
    return [_standing(unit, known, signed[unit.id]) for unit in mine]


def _standing(unit: OrgUnit, known: Deadlines, communities: list[SignUp]) -> Standing:
    until, by = known.sign_up_until(unit), known.publish_by(unit)
    longer = until > known.round.closes_on or by > known.round.publish_by
    return Standing(unit, until, by, longer, communities)


def _sign_ups(round_: Round) -> pw.ModelSelect:
    first = (
        KnowledgeArticle.select(KnowledgeArticle.community, pw.fn.MIN(KnowledgeArticle.published_on).alias("on"))
        .where(KnowledgeArticle.published_on.is_null(False) & KnowledgeArticle.community.is_null(False))
        .group_by(KnowledgeArticle.community)
    )
    return (
        Community.select(Community.id, Community.name, Community.created_at, OrgUnit.path, first.c.on)
        .join(OrgUnit)
        .join(first, pw.JOIN.LEFT_OUTER, on=(first.c.community_id == Community.id))
        .where((Community.fiscal_year == round_.fiscal_year_id) & (Community.status == ACTIVE))
        .order_by(Community.sort_key)
        .tuples()
    )


def _sign_up(row: tuple[Any, ...]) -> tuple[str, SignUp]:
    """(path of its unit, what is known of it)"""
    number, name, created_at, path, published = row
    return path, SignUp(number, name, clock.to_local(created_at).date(), as_day(published))


def paths_followed(employee: Employee) -> list[str] | None:
    """Whose standing someone follows: all (None) for the KM team, else that of the units one coordinates."""
    return None if policy.is_knowledge_officer(employee) else policy.coordinated_paths(employee)


def counts(standings: list[Standing]) -> dict[str, int]:
    """How many units are in each state, in the order of STATES; and "owing": those that owe knowledge."""
    found = {state: sum(one.state == state for one in standings) for state in STATES}
    return found | {"owing": sum(one.owes_knowledge for one in standings)}


def remind(by: Employee, round_: Round) -> int:
    """Tell the coordinators of units that have not signed up, once a day; how many people were told."""
    open_ones = [one.unit for one in of_round(round_) if not one.communities]
    if not open_ones:
        raise DomainError(_("ทุกหน่วยงานที่เชิญสมัครแล้ว ไม่มีใครต้องเตือน"))
    found = round_people.by_coordinator(open_ones)
    with db.atomic():
        free = Round.reminded_on.is_null() | (Round.reminded_on < clock.today())
        if not Round.update(reminded_on=clock.today()).where((Round.id == round_.id) & free).execute():
            raise DomainError(_("วันนี้เตือนไปแล้ว เตือนอีกครั้งได้พรุ่งนี้"))
        for person, units in found:
            facts = {"title": round_.title, "count": len(units), "until": round_.closes_on}
            notices.tell([person], "round.reminded", f"/rounds/{round_.id}/units/?state=open", actor=by, **facts)
        audit.record(by, "round.reminded", round_, count=len(found))
    return len(found)
