"""Renewing a community for another year: what comes along is chosen, and everybody who comes along is told (S0-112)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import peewee as pw

from kc import policy
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models import Community, Employee, FiscalYear, Membership, Topic
from kc.models.communities import ACTIVE
from kc.services import audit, communities, connections, findable, guests, notices, trials


class Along(NamedTuple):
    """Something of a community that may go with it into the new year, chosen with a check box.

    `count(community)` says how much there is, in one statement; `carry(by, old, new)` takes it along, inside the
    transaction of the renewal. `is_usual`: it goes along when nobody says otherwise.
    """

    key: str
    label: Any
    count: Callable[[Community], int]
    carry: Callable[[Employee, Community, Community], None]
    is_usual: bool = True


def _carry_trials(by: Employee, old: Community, new: Community) -> None:
    for trial in trials.open_of(old):
        trials.carry_over(by, trial, new)


def _carry_links(by: Employee, old: Community, new: Community) -> None:
    """To each partner as it goes on in the new year; to one that has not renewed yet, as it is until it does."""
    for link, other in connections.links_of(old):
        partner = renewed_as(other, new.fiscal_year) or other
        if partner.is_cancelled:
            continue
        connections.connect(by, new, partner, link.why)
        if other.fiscal_year_id == new.fiscal_year_id:  # it went first, and waited for this
            connections.disconnect(by, old, link)


def _carry_guests(by: Employee, old: Community, new: Community) -> None:
    for guest in guests.of(old):
        kept = {"organisation": guest.organisation, "contact": guest.contact, "brings": guest.brings}
        guests.add(by, new, guest.name, **kept)


# Each area adds what it has. Guests agreed to this year: who renews asks them first.
ALONG: tuple[Along, ...] = (
    Along("trials", _l("การทดลองที่ยังไม่จบ"), lambda old: len(trials.open_of(old)), _carry_trials),
    Along("links", _l("การเชื่อมโยงกับชุมชนอื่น"), lambda old: len(connections.links_of(old)), _carry_links),
    Along("guests", _l("ผู้เข้าร่วมจากภายนอก โปรดถามเจ้าตัวก่อน"), lambda old: len(guests.of(old)), _carry_guests, False),
)
USUAL = tuple(one.key for one in ALONG if one.is_usual)


@dataclass(frozen=True)
class Choice:
    """What comes along. `people`: ids of employees, None for everybody; `along`: keys of ALONG, None for the usual."""

    name: str = ""  # "": as it was called
    knowledge_title: str = ""
    people: Collection[int] | None = None
    with_text: bool = True  # goals and agreement
    along: Collection[str] | None = None


EVERYTHING = Choice()


def renewed_as(community: Community, year: FiscalYear) -> Community | None:
    """What the community was renewed as in `year`, if it was."""
    same = (Community.renewed_from == community) & (Community.fiscal_year == year) & (Community.status == ACTIVE)
    return Community.get_or_none(same)


def topic_in(community: Community, year: FiscalYear) -> Topic | None:
    """The community's topic as it goes on in `year`; None when that year has no such topic."""
    same = (Topic.fiscal_year == year) & (Topic.series == community.topic.series) & Topic.retired_at.is_null()
    return Topic.get_or_none(same)


def renew(by: Employee, community: Community, year: FiscalYear, topic: Topic, choice: Choice = EVERYTHING) -> Community:
    """Sign a community up again for `year` with what is chosen; renewing twice returns the first.

    Those who come along are told. Raises DomainError: cancelled, a later year's own, name taken, topic of another year.
    """
    if community.is_cancelled:
        raise DomainError(_("ชุมชนที่ยกเลิกแล้วต่ออายุไม่ได้"))
    if year.year <= community.fiscal_year.year:
        raise DomainError(_("ต่ออายุได้เฉพาะปีถัดไป"))
    earlier = renewed_as(community, year)
    if earlier is not None:
        return earlier
    with db.atomic():
        new = communities.sign_up(
            by,
            unit=community.unit,
            year=year,
            name=choice.name or community.name,
            knowledge_title=choice.knowledge_title or community.knowledge_title,
            topic=topic,
            form_key=_form_key(community, year),
        )
        new.renewed_from = community
        if choice.with_text:
            new.goals, new.agreement = community.goals, community.agreement
        new.forms, new.rhythm, new.asks_to_join = community.forms, community.rhythm, community.asks_to_join
        new.save()
        came = _bring_people(by, community, new, choice.people)
        wanted = USUAL if choice.along is None else choice.along
        for one in ALONG:
            if one.key in wanted:
                one.carry(by, community, new)
        audit.record(by, "community.renewed", new, renewed_from=community.id, count=len(came))
        findable.community(new)
        told = {"community": new.name, "year": year.year}
        notices.tell(came, "community.renewed", f"/communities/{new.id}", actor=by, **told)
    return new


def _form_key(community: Community, year: FiscalYear) -> str:
    """One for each renewal: one that was cancelled does not stand in the way of another."""
    earlier = Community.select().where((Community.renewed_from == community) & (Community.fiscal_year == year)).count()
    return f"renewal-{community.id}-{year.year}" + (f"-{earlier}" if earlier else "")


def _bring_people(by: Employee, old: Community, new: Community, chosen: Collection[int] | None) -> list[Employee]:
    """Give those who come along the roles they had; who renews for others gets none that they did not have."""
    signing = Membership.get((Membership.community == new) & (Membership.employee == by))
    came = [
        member
        for member in old.current_members()
        if member.employee.is_active and (chosen is None or member.employee_id in chosen)
    ]
    rows = [
        {"community": new, "employee": m.employee, "role": m.role, "is_deputy": m.is_deputy, "added_by": by}
        for m in came
    ]
    if rows:
        Membership.insert_many(rows).on_conflict_ignore().execute()
    had_it = (by.id, signing.role) in {(m.employee_id, m.role) for m in came}
    if not had_it and any(m.role in policy.ORGANISERS for m in came):
        signing.delete_instance()
    policy.forget_community_roles(by)
    return list({m.employee_id: m.employee for m in came}.values())


def renewable(year: FiscalYear, before: int) -> pw.ModelSelect:
    """Active communities of `before` that nobody has renewed for `year`, as lists show them.

    One that went on and was cancelled then is not offered again: somebody has decided.
    """
    done = Community.select(Community.renewed_from).where(
        Community.renewed_from.is_null(False) & (Community.fiscal_year == year)
    )
    return Community.listing().where(
        (FiscalYear.year == before) & (Community.status == ACTIVE) & Community.id.not_in(done)
    )
