"""Meetings that come again (S0-154): begun, changed from one meeting on, stopped; each of them a session of its own.

Sessions are made some weeks ahead only, so that a rhythm that changes leaves little behind.
"""

import secrets
from datetime import date, timedelta
from typing import Any

import peewee as pw

from kc import clock
from kc.db import db, hold
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, SeriesDay, Session, SessionSeries
from kc.models.communities import ACTIVE
from kc.services import announcements, audit, findable, rhythm, sessions
from kc.services.piecemeal import Each, by_hand

ROUND = "series"
AHEAD = timedelta(days=62)
LONGEST = timedelta(days=731)
TEMPLATE = (
    "starts",
    "ends",
    "place",
    "link",
    "topic",
    "technique",
    "presenter",
    "presenter_name",
    "facilitator",
    "deputy",
)


def of(session: Session) -> SessionSeries | None:
    """The series a session belongs to."""
    return SessionSeries.select().join(SeriesDay).where(SeriesDay.session == session).first()


def of_community(community: Community) -> list[SessionSeries]:
    """Series that go on, the next to begin first."""
    going_on = (SessionSeries.community == community) & (SessionSeries.until >= clock.today())
    return list(SessionSeries.select().where(going_on).order_by(SessionSeries.starts_on, SessionSeries.id))


def usual_end(community: Community, first: date) -> date:
    """Until when a meeting comes again if nobody says otherwise: the end of the community's year."""
    ends_on = community.fiscal_year.ends_on
    return ends_on if ends_on > first else first + timedelta(days=180)


def begin(by: Employee, community: Community, form_key: str, every: str, until: date | None, **values: Any) -> Session:
    """Plan a meeting that comes again; returns the first. Sending the same form again returns what was made then.

    `every`: one of RHYTHMS; `until`: the last day, the end of the year when None; `values`: as for sessions.plan.
    """
    until = _checked(community, every, values["held_on"], until)
    with db.atomic():
        first = sessions.plan(by, community, form_key, quietly=True, **values)
        if of(first) is None:
            _start(by, first, every, until)
    return first


def _start(by: Employee, first: Session, every: str, until: date) -> SessionSeries:
    series = SessionSeries.create(
        community=first.community,
        rhythm=every,
        starts_on=first.held_on,
        until=until,
        created_by=by,
        **_columns(first),
    )
    SeriesDay.create(series=series, day=first.held_on, session=first)
    made = _fill(series)
    audit.record(by, "series.begun", series, rhythm=every, until=until)
    announcements.told_with_series([first, *made])
    announcements.series_begun(by, first, series)
    return series


def _columns(row: Session | SessionSeries) -> dict[str, Any]:
    """The template's columns of a row; people by their ids, so that nothing is asked of the database."""
    data: dict[str, Any] = row.__data__
    return {name: data[name] for name in TEMPLATE}


def _checked(community: Community, every: str, first: date, until: date | None) -> date:
    if every not in rhythm.RHYTHMS:
        raise DomainError(_("ไม่มีรอบการนัดนี้ในรายการ"), field="repeat")
    until = until or usual_end(community, first)
    if until <= first:
        raise DomainError(_("วันสุดท้ายของนัดประจำต้องอยู่หลังวันแรก"), field="until")
    if until > first + LONGEST:
        raise DomainError(_("นัดประจำล่วงหน้าได้ไม่เกินสองปี"), field="until")
    return until


def _fill(series: SessionSeries) -> list[Session]:
    """Make the sessions that are due to be made; two processes at once make each day once."""
    there = {row.day for row in SeriesDay.select(SeriesDay.day).where(SeriesDay.series == series)}
    made = []
    for day in rhythm.days(series.rhythm, series.starts_on, _horizon(series)):
        if day not in there and day >= clock.today() and (session := _make(series, day)):
            made.append(session)
    return made


def _horizon(series: SessionSeries) -> date:
    return min(series.until, clock.today() + AHEAD)


def _make(series: SessionSeries, day: date) -> Session | None:
    try:
        with db.atomic():
            session = Session.create(
                community=series.community_id,
                held_on=day,
                form_key=f"series-{series.id}-{secrets.token_urlsafe(12)}",
                created_by=series.created_by_id,
                **_columns(series),
            )
            SeriesDay.create(series=series, day=day, session=session)
            findable.session(session)
    except pw.IntegrityError:
        return None
    return session


def go_on(each: Each = by_hand) -> None:
    """The daily round: every series that goes on gets the sessions of its next weeks."""
    running = (SessionSeries.until >= clock.today()) & (Community.status == ACTIVE)
    each(list(SessionSeries.select(SessionSeries.id).join(Community).where(running)), _go_on)


def _go_on(series: SessionSeries) -> None:
    """As it is now: somebody may have changed it a moment ago."""
    hold(SessionSeries.select().where(SessionSeries.id == series.id))
    _fill(SessionSeries.get_by_id(series.id))


# ---- changing ------------------------------------------------------------------------------------------------------


def change_following(
    by: Employee, session: Session, based_on: int, every: str, until: date | None, **values: Any
) -> None:
    """Change this meeting and all that follow it; a meeting that was single so far begins a series by that.

    Of later meetings only that changes which was as in this one: a subject or a place of their own stays. Days move
    with the rhythm; whatever then has no day is called off, and stays on record. `every` empty: no more after this one.
    """
    series = of(session)
    until = _checked(session.community, every, values["held_on"], until) if every else values["held_on"]
    if session.held_on < clock.today() and series is not None:
        raise DomainError(_("ครั้งนี้ผ่านไปแล้ว โปรดเปลี่ยนนัดประจำจากครั้งที่ยังมาไม่ถึง"), field="scope")
    sessions.check(values)
    with db.atomic():
        before = {name: session.__data__[name] for name in (*TEMPLATE, "held_on")}
        if not session.save_version(based_on, updated_at=clock.now(), **values):
            raise Conflict(_("มีผู้อื่นแก้ไขกิจกรรมนี้ไปก่อนแล้ว"), Session.get_by_id(session.id))
        announcements.changed(by, session, before, quietly=True)
        findable.session(session)
        if series is None:
            _start(by, session, every, until)
            return
        _go_on_from(by, session, series, before, every, until)
        audit.record(by, "series.changed", series, rhythm=every, until=until, of=session.id)
        announcements.series_changed(by, session, series if every else None)


def _go_on_from(
    by: Employee, session: Session, series: SessionSeries, before: dict[str, Any], every: str, until: date
) -> None:
    this = SeriesDay.get(SeriesDay.session == session)
    _require_order(series, this, session.held_on)
    later = list(
        SeriesDay.select(SeriesDay, Session)
        .join(Session)
        .where((SeriesDay.series == series) & (SeriesDay.day > this.day))
        .order_by(SeriesDay.day)
    )
    same_days = every == series.rhythm and session.held_on == before["held_on"]
    SeriesDay.delete().where((SeriesDay.series == series) & (SeriesDay.day >= this.day)).execute()
    SeriesDay.create(series=series, day=session.held_on if not same_days else this.day, session=session)
    if not same_days:
        series.starts_on = session.held_on
    series.rhythm, series.until = every or series.rhythm, until
    series.updated_at = clock.now()
    for name, value in _columns(session).items():
        series.__data__[name] = value
    series.save()
    _place(by, series, session, later, before, same_days)
    announcements.told_with_series(_fill(series) if every else [])


def _require_order(series: SessionSeries, this: SeriesDay, held_on: date) -> None:
    earlier = (SeriesDay.series == series) & (SeriesDay.day < this.day) & (SeriesDay.day >= held_on)
    if SeriesDay.select().where(earlier).exists():
        raise DomainError(_("วันนี้อยู่ก่อนนัดประจำครั้งที่ผ่านมา โปรดเลือกวันหลังจากนั้น"), field="held_on")


def _place(
    by: Employee,
    series: SessionSeries,
    session: Session,
    later: list[SeriesDay],
    before: dict[str, Any],
    same_days: bool,
) -> None:
    """Give the later sessions their new days and values; what has no day left is called off."""
    days = _new_days(series, session, later, same_days)
    new = session.__data__
    for row in later:
        one = row.session
        values = {n: new[n] for n in TEMPLATE if new[n] != before[n] and one.__data__[n] == before[n]}
        if row.id in days:
            SeriesDay.create(series=series, day=days[row.id], session=one)
            if one.held_on == row.day:  # not moved by itself
                values["held_on"] = days[row.id]
        elif one.cancelled_at is None:
            sessions.call_off(by, one, quietly=True)
        _write(by, one, {name: value for name, value in values.items() if one.__data__[name] != value})


def _new_days(series: SessionSeries, session: Session, later: list[SeriesDay], same_days: bool) -> dict[int, date]:
    """Day of the series by SeriesDay.id: who has a day that stays keeps it, the others move in their order."""
    if same_days:
        return {row.id: row.day for row in later if row.day <= series.until}
    coming = rhythm.days(series.rhythm, series.starts_on, _horizon(series))
    wanted = [day for day in coming if day > session.held_on]
    days = {row.id: row.day for row in later if row.day in wanted}
    free = [day for day in wanted if day not in days.values()]
    moving = (row.id for row in later if row.id not in days)
    return days | dict(zip(moving, free, strict=False))


def _write(by: Employee, session: Session, values: dict[str, Any]) -> None:
    """`values`: columns that are others now, people by their ids."""
    if not values:
        return
    before = announcements.as_told(session)
    session.__data__ |= values
    session.version, session.updated_at = session.version + 1, clock.now()
    session.save(only=[*values, "version", "updated_at"])
    announcements.changed(by, session, before, quietly=True)
    findable.session(session)
