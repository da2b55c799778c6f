"""The year's circular: what it says for each unit; how it is written, announced, extended (S0-114, S0-176, S0-278)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import peewee as pw

from kc import clock, fiscal, together
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import (
    Community,
    Employee,
    FiscalYear,
    OrgUnit,
    Round,
    RoundExtension,
    RoundInvitation,
    Topic,
    YearClosing,
)
from kc.models.rounds import QUESTIONS
from kc.services import audit, notices, round_people
from kc.together import Asking

FIELDS = ("number", "dated_on", "title", *QUESTIONS, "text", "opens_on", "closes_on", "publish_by")
DATES = ("opens_on", "closes_on", "publish_by")


# ---- what holds ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deadlines:
    """The days of an announced circular, with every extension: the longest one of a unit or above it counts."""

    round: Round
    extensions: Mapping[int, RoundExtension] = field(default_factory=dict)  # by unit id

    def sign_up_until(self, unit: OrgUnit) -> date:
        return self._day(unit, "sign_up_until", self.round.closes_on)

    def publish_by(self, unit: OrgUnit) -> date:
        return self._day(unit, "publish_by", self.round.publish_by)

    def is_open_for(self, unit: OrgUnit, day: date) -> bool:
        return self.round.opens_on <= day <= self.sign_up_until(unit)

    def _day(self, unit: OrgUnit, which: str, usual: date) -> date:
        granted = [self.extensions[unit_id] for unit_id in unit_ids(unit.path) if unit_id in self.extensions]
        return max([usual, *(day for one in granted if (day := getattr(one, which)) is not None)])


def unit_ids(path: str) -> list[int]:
    """Ids of a unit and all above it, from the top: "/1/5/" gives [1, 5]."""
    return [int(part) for part in path.split("/") if part]


def of_year(year: FiscalYear) -> Round | None:
    """The announced circular of `year`."""
    return Round.get_or_none((Round.fiscal_year == year) & Round.announced_at.is_null(False))


def deadlines(year: FiscalYear, unit: OrgUnit | None = None) -> Deadlines | None:
    """All days of the year's circular; with `unit`, only what concerns it. None: none announced."""
    return together.answer(ask_deadlines(year, unit))


def ask_deadlines(year: FiscalYear, unit: OrgUnit | None = None) -> Asking[Deadlines | None]:
    """As `deadlines`, for a page that asks for more at the same time."""
    found = yield from _ask_deadlines(FiscalYear.id == year.id, unit)
    return next(iter(found.values()), None)


def deadlines_that_count() -> dict[int, Deadlines]:
    """By year: this year's circular, and last year's until that year is closed.

    The usual last day of publishing is the last of the year, so whoever is late is late in the next one.
    """
    return together.answer(ask_deadlines_that_count())


def ask_deadlines_that_count() -> Asking[dict[int, Deadlines]]:
    """As `deadlines_that_count`, for a page that asks for more at the same time."""
    now = fiscal.calendar().current()
    closed = YearClosing.select(YearClosing.fiscal_year)
    return _ask_deadlines((FiscalYear.year == now) | ((FiscalYear.year == now - 1) & FiscalYear.id.not_in(closed)))


def _ask_deadlines(years: pw.Expression, unit: OrgUnit | None = None) -> Asking[dict[int, Deadlines]]:
    on = RoundExtension.round == Round.id
    if unit is not None:
        on &= RoundExtension.unit.in_(unit_ids(unit.path))
    (rows,) = yield [
        Round.select(Round, FiscalYear, RoundExtension)
        .join_from(Round, FiscalYear)
        .join_from(Round, RoundExtension, pw.JOIN.LEFT_OUTER, on=on, attr="granted")
        .where(years & Round.announced_at.is_null(False))
    ]
    found: dict[int, tuple[Round, dict[int, RoundExtension]]] = {}
    for row in rows:
        _round, granted = found.setdefault(row.fiscal_year.year, (row, {}))
        extension = getattr(row, "granted", None)
        if extension is not None and extension.id:
            granted[extension.unit_id] = extension
    return {year: Deadlines(round_, granted) for year, (round_, granted) in found.items()}


def sign_up_until(unit: OrgUnit, year: FiscalYear) -> date | None:
    """The last day on which this unit signs up in time; None while no circular says one."""
    found = deadlines(year, unit)
    return found.sign_up_until(unit) if found else None


def publish_by(community: Community) -> date | None:
    """The last day on which this community publishes in time; None while no circular says one."""
    found = deadlines(community.fiscal_year, community.unit)
    return found.publish_by(community.unit) if found else None


def publish_by_columns(community: pw.Field) -> tuple[pw.ModelSelect, pw.ModelSelect]:
    """The same as two columns of a larger statement: the circular's day, and the longest extension's (`latest`)."""
    one, its_unit, longer_for = Community.alias(), OrgUnit.alias(), OrgUnit.alias()
    same_year = (one.id == community) & Round.announced_at.is_null(False)
    usual = Round.select(Round.publish_by).join(one, on=(one.fiscal_year == Round.fiscal_year)).where(same_year)
    below = pw.fn.SUBSTR(its_unit.path, 1, pw.fn.LENGTH(longer_for.path)) == longer_for.path
    longest = (
        RoundExtension.select(pw.fn.MAX(RoundExtension.publish_by))
        .join_from(RoundExtension, Round)
        .join_from(RoundExtension, longer_for, on=(RoundExtension.unit == longer_for.id))
        .join_from(Round, one, on=(one.fiscal_year == Round.fiscal_year))
        .join_from(one, its_unit, on=(one.unit == its_unit.id))
        .where(same_year & below)
    )
    return usual, longest


def latest(*days: Any) -> date | None:
    """The latest of some days out of sub-queries; None when there is none."""
    return max((day for day in map(as_day, days) if day is not None), default=None)


def as_day(value: Any) -> date | None:
    """A day out of a sub-query, which SQLite gives as text."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def sign_up_years() -> list[int]:
    """Years for which communities can be signed up today: this one, and a later one whose window has opened.

    A closed year is not among them. Latest first: once next year's window is open, that year is the one to offer.
    """
    now = fiscal.calendar().current()
    opened = (
        Round.select(FiscalYear.year)
        .join(FiscalYear)
        .where(
            Round.announced_at.is_null(False) & (Round.opens_on <= clock.today()) & FiscalYear.year.in_([now, now + 1])
        )
        .tuples()
    )
    found = {now} | {year for (year,) in opened}
    closed = YearClosing.select(FiscalYear.year).join(FiscalYear).where(FiscalYear.year.in_(found)).tuples()
    return sorted(found - {year for (year,) in closed}, reverse=True) or [now]


# ---- writing it ----------------------------------------------------------------------------------------------------


def draft(by: Employee, year: FiscalYear, kinds: list[str], **values: Any) -> Round:
    """Begin the circular of `year`, inviting all units of these kinds. DomainError: days in disorder, one is there."""
    _require_order(values)
    try:
        with db.atomic():
            made = Round.create(fiscal_year=year, created_by=by, **_given(values))
            _invite(made, _units_of(kinds))
            audit.record(by, "round.drafted", made, year=year.year, title=made.title)
    except pw.IntegrityError:
        raise DomainError(_("ปีนี้มีบันทึกเวียนแล้ว โปรดแก้ไขฉบับเดิม"), field="year") from None
    return made


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in FIELDS if name in values}


def _require_order(values: Mapping[str, Any]) -> None:
    if values["closes_on"] < values["opens_on"]:
        raise DomainError(_("วันปิดรับสมัครต้องไม่มาก่อนวันเปิด"), field="closes_on")
    if values["publish_by"] < values["closes_on"]:
        raise DomainError(_("กำหนดเผยแพร่ต้องไม่มาก่อนวันปิดรับสมัคร"), field="publish_by")


def _units_of(kinds: list[str]) -> list[int]:
    units = OrgUnit.select(OrgUnit.id).where(OrgUnit.is_active & OrgUnit.kind.in_(kinds))
    return [unit_id for (unit_id,) in units.tuples()]


def change(by: Employee, round_: Round, based_on: int, **values: Any) -> None:
    """Change the circular of the version `based_on`; days changed after it was announced are told to whom they concern.

    Raises Conflict (with the row as it is now) when somebody saved first.
    """
    _require_order(values)
    changes = _given(values)
    before = {name: str(getattr(round_, name)) for name in changes}
    moved = round_.is_announced and any(before[name] != str(changes[name]) for name in DATES)
    with db.atomic():
        if not round_.save_version(based_on, updated_at=clock.now(), **changes):
            raise Conflict(_("มีผู้อื่นบันทึกบันทึกเวียนนี้ไปก่อนแล้ว"), Round.get_by_id(round_.id))
        changed = {name: old for name, old in before.items() if old != str(changes[name])}
        audit.record(by, "round.changed", round_, before=changed)
        if moved:
            _tell(round_, "round.changed", by, about=f"round:{round_.id}")


def announce(by: Employee, round_: Round) -> None:
    """From now on it holds and everybody sees it; those who sign units up are told. Twice is no error."""
    if not RoundInvitation.select().where(RoundInvitation.round == round_).exists():
        raise DomainError(_("ยังไม่ได้เลือกหน่วยงานที่เชิญ โปรดเลือกอย่างน้อยหนึ่งแห่งก่อนประกาศ"))
    if not has_topics(round_.fiscal_year):
        raise DomainError(_("ปีนี้ยังไม่มีประเด็นเรียนรู้ ผู้สมัครจะเลือกไม่ได้ โปรดคัดลอกหรือเพิ่มประเด็นก่อนประกาศ"))
    with db.atomic():
        values = {Round.announced_at: clock.now(), Round.announced_by: by, Round.version: Round.version + 1}
        if Round.update(values).where((Round.id == round_.id) & Round.announced_at.is_null()).execute():
            audit.record(by, "round.announced", round_, title=round_.title)
            _tell(round_, "round.announced", by, once=f"round:{round_.id}:announced")


def _tell(round_: Round, kind: str, by: Employee, **how: str) -> None:
    people = round_people.whom_it_concerns(round_)
    days = {"until": round_.closes_on, "publish_by": round_.publish_by}
    notices.tell(people, kind, f"/rounds/{round_.id}", actor=by, title=round_.title, **days, **how)


def has_topics(year: FiscalYear) -> bool:
    """Can somebody who signs up for `year` choose a topic?"""
    return Topic.select().where((Topic.fiscal_year == year) & Topic.retired_at.is_null()).exists()


def discard(by: Employee, round_: Round) -> None:
    """Throw a draft away. What was announced stays on record."""
    if round_.is_announced:
        raise DomainError(_("บันทึกเวียนที่ประกาศแล้วลบไม่ได้ แก้ไขได้"))
    with db.atomic():
        audit.record(by, "round.discarded", round_, title=round_.title)
        round_.delete_instance()


# ---- whom it invites, who has longer -------------------------------------------------------------------------------


def invite(by: Employee, round_: Round, units: list[int]) -> int:
    """Invite these units, too; how many were not invited yet."""
    with db.atomic():
        count = _invite(round_, units)
        audit.record(by, "round.invited", round_, count=count)
    return count


def invite_kinds(by: Employee, round_: Round, kinds: list[str]) -> int:
    """Invite all units of these kinds, too."""
    return invite(by, round_, _units_of(kinds))


def _invite(round_: Round, units: list[int]) -> int:
    here = RoundInvitation.select(RoundInvitation.unit).where(RoundInvitation.round == round_).tuples()
    new = set(units) - {unit_id for (unit_id,) in here}
    for some in pw.chunked([{"round": round_, "unit": unit_id} for unit_id in sorted(new)], 200):
        RoundInvitation.insert_many(some).on_conflict_ignore().execute()
    return len(new)


def uninvite(by: Employee, round_: Round, unit: OrgUnit) -> None:
    """This unit need not sign up; what it has signed up stays."""
    with db.atomic():
        mine = (RoundInvitation.round == round_) & (RoundInvitation.unit == unit)
        if RoundInvitation.delete().where(mine).execute():
            audit.record(by, "round.uninvited", round_, unit=unit.code)


def extend(
    by: Employee, round_: Round, unit: OrgUnit, sign_up_until: date | None, publish_by: date | None, reason: str
) -> None:
    """Give a unit, and all below it, longer; again replaces what was given. DomainError: no day, or not a later one."""
    if sign_up_until is None and publish_by is None:
        raise DomainError(_("โปรดระบุวันใหม่อย่างน้อยหนึ่งวัน"), field="sign_up_until")
    if sign_up_until is not None and sign_up_until <= round_.closes_on:
        raise DomainError(_("วันใหม่ต้องหลังวันปิดรับสมัครเดิม"), field="sign_up_until")
    if publish_by is not None and publish_by <= round_.publish_by:
        raise DomainError(_("วันใหม่ต้องหลังกำหนดเผยแพร่เดิม"), field="publish_by")
    given = RoundExtension
    values = {given.sign_up_until: sign_up_until, given.publish_by: publish_by, given.reason: reason}
    values |= {given.granted_by: by, given.granted_at: clock.now()}
    with db.atomic():
        RoundExtension.insert({given.round: round_, given.unit: unit} | values).on_conflict(
            conflict_target=[RoundExtension.round, RoundExtension.unit], update=values
        ).execute()
        days = {"sign_up_until": str(sign_up_until or ""), "publish_by": str(publish_by or "")}
        audit.record(by, "round.extended", round_, unit=unit.code, reason=reason, **days)
        notices.tell(
            round_people.of_unit(round_, unit),
            "round.extended",
            f"/rounds/{round_.id}",
            actor=by,
            about=f"round:{round_.id}:{unit.id}",
            unit=unit.name,
            until=sign_up_until or round_.closes_on,
            publish_by=publish_by or round_.publish_by,
        )


def end_extension(by: Employee, round_: Round, unit: OrgUnit) -> None:
    """The circular's own days count again."""
    with db.atomic():
        mine = (RoundExtension.round == round_) & (RoundExtension.unit == unit)
        if RoundExtension.delete().where(mine).execute():
            audit.record(by, "round.extension_ended", round_, unit=unit.code)
