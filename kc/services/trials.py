"""Trying at work what was talked about: plan it, begin it, bring the result back, go on with the next (S0-141, 142)."""

from datetime import date, timedelta
from typing import Any

import peewee as pw

from kc import clock, thai
from kc.addresses import own_path
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, Session, SessionNote, Trial
from kc.models.trials import ADAPT, DONE, OUTCOMES, PLANNED, RUNNING, TRIAL_STATUSES
from kc.services import audit, community_people, notices
from kc.thai.wrapping import shorten

LONGEST = 20_000
WITHOUT_A_MEETING = timedelta(days=14)  # until the result is told, when nobody has said when they meet again
LOOK_BACK = timedelta(days=14)  # a next round was talked about in a meeting this long ago at most
NAME_OF_A_NOTE = 70  # letters of a note that name its trial; the whole note stands in how it is done


def start(
    by: Employee,
    community: Community,
    what: str,
    *,
    note: SessionNote | None = None,
    session: Session | None = None,
    previous: Trial | None = None,
    owner: Employee | None = None,
    place: str | None = None,
    starts_on: date | None = None,
    due_on: date | None = None,
    how: str = "",
    expected: str = "",
    measure: str = "",
    unit: str = "",
    before: str = "",
    target: str = "",
    status: str = PLANNED,
    source_url: str = "",
    form_key: str = "",
) -> Trial:
    """Plan a trial; sending the same form again (`form_key`) returns what the first sending made.

    `owner`: who tries it, else `by`. `place`: else the owner's unit. `due_on`: else the community's next meeting.
    `previous`: the round it goes on from. `source_url`: the page of ours it came from ("/questions/3").
    Raises DomainError: a cancelled community, no words, days in the wrong order, a round whose result is not told yet.
    """
    if community.is_cancelled:
        raise DomainError(_("ชุมชนนี้ยกเลิกแล้ว เพิ่มการทดลองไม่ได้"))
    if previous is not None and not previous.is_done:
        raise DomainError(_("บันทึกผลของรอบก่อนให้เสร็จก่อน แล้วค่อยเริ่มรอบต่อไป"))
    owner = owner or by
    values: dict[str, Any] = {
        "what": what,
        "how": how,
        "owner": owner,
        "place": owner.unit.name if place is None else place,
        "starts_on": starts_on or clock.today(),
        "due_on": due_on or due_day(community, starts_on),
        "expected": expected,
        "measure": measure,
        "unit": unit,
        "before": before,
        "target": target,
    }
    _check(values)
    session = session or (note.session if note is not None else _talked_about(community, previous))
    form_key = form_key or thai.clean_line(f"{clock.now().isoformat()}-{by.id}")
    try:
        with db.atomic():
            trial = Trial.create(
                community=community,
                session=session,
                note=note,
                previous=previous,
                chain=previous.chain if previous is not None else None,
                status=status if status in TRIAL_STATUSES[:2] else PLANNED,
                source_url=own_path(source_url),
                form_key=form_key,
                created_by=by,
                **values,
            )
            if previous is None:
                trial.chain = trial.id
                trial.save(only=[Trial.chain])
            audit.record(by, "trial.planned", trial, community=community.id, owner=owner.employee_id)
            _tell_owner(by, trial)
    except pw.IntegrityError:
        made = _already_there(form_key, previous)
        if made is None:
            raise
        return made
    return trial


def _already_there(form_key: str, previous: Trial | None) -> Trial | None:
    """What an earlier press of the same button made, or a colleague's next round at the same moment."""
    sent_before = Trial.get_or_none(Trial.form_key == form_key)
    if sent_before is not None or previous is None:
        return sent_before
    return Trial.get_or_none((Trial.previous == previous) & Trial.deleted_at.is_null())


def _check(values: dict[str, Any]) -> None:
    if not values["what"].strip():
        raise DomainError(_("โปรดบอกว่าจะลองอะไร"), field="what")
    if not values["owner"].is_active:
        raise DomainError(_("%(name)s พ้นสภาพพนักงานแล้ว โปรดเลือกผู้อื่น", name=values["owner"].name), field="owner")
    if values["starts_on"] and values["due_on"] and values["due_on"] < values["starts_on"]:
        raise DomainError(_("วันนำผลกลับมาเล่าต้องไม่ก่อนวันเริ่มลอง"), field="due_on")
    if values["target"] and not values["measure"]:
        raise DomainError(_("ตั้งเป้าไว้แล้ว โปรดบอกด้วยว่าวัดจากอะไร"), field="measure")
    for name in ("how", "expected"):
        if len(values[name]) > LONGEST:
            raise DomainError(_("ข้อความยาวเกินไป โปรดย่อลง"), field=name)


def due_day(community: Community, starts_on: date | None = None) -> date:
    """When the result is brought back: the community's next meeting, else in two weeks (S0-141)."""
    begins = max(starts_on or clock.today(), clock.today())
    coming = (
        Session.select(Session.held_on)
        .where(Session.held_by([community]) & (Session.held_on > begins) & Session.cancelled_at.is_null())
        .order_by(Session.held_on)
        .first()
    )
    return coming.held_on if coming is not None else begins + WITHOUT_A_MEETING


def _talked_about(community: Community, previous: Trial | None) -> Session | None:
    """The meeting that a result was brought back to: the latest since it was told."""
    if previous is None or previous.result_on is None:
        return None
    since = max(previous.result_on, clock.today() - LOOK_BACK)
    return (
        Session.select()
        .where(
            Session.held_by([community])
            & Session.held_on.between(since, clock.today())
            & Session.cancelled_at.is_null()
        )
        .order_by(Session.held_on.desc(), Session.id.desc())
        .first()
    )


def try_note(by: Employee, note: SessionNote, community: Community | None = None) -> Trial:
    """One tap: `by` will try what this note says. Tapping again finds the same trial, deleted or not.

    `community`: which of those that held the session together tries it; else the one whose session it was.
    """
    words = " ".join(note.text.split())
    what = shorten(words, NAME_OF_A_NOTE)
    trial = start(
        by,
        community or note.session.community,
        what,
        note=note,
        how=note.text if what != words else "",
        form_key=f"note-{note.id}-{by.id}",
    )
    if trial.deleted_at is not None:
        bring_back(by, trial)
    return trial


def next_of(by: Employee, trial: Trial) -> Trial:
    """The next round: what is to change becomes how it is done, the result what it starts from."""
    return start(
        by,
        trial.community,
        trial.what,
        previous=trial,
        owner=trial.owner if trial.owner.is_active else by,
        place=trial.place,
        how=trial.improve or trial.how,
        expected=trial.expected,
        measure=trial.measure,
        unit=trial.unit,
        before=trial.after or trial.before,
        target=trial.target,
        form_key=f"after-{trial.id}-{trial.version}",
    )


def change(by: Employee, trial: Trial, based_on: int, **plan: Any) -> None:
    """Change the plan from version `based_on`. Raises Conflict with the row as it is when somebody saved first."""
    _check(plan)
    handed_over = plan["owner"] != trial.owner
    with db.atomic():
        _save(trial, based_on, **plan)
        audit.record(by, "trial.changed", trial, owner=plan["owner"].employee_id)
        if handed_over:
            _tell_owner(by, trial)


def begin(by: Employee, trial: Trial) -> None:
    """It is being tried now. Saying so twice is no error; a plan for later days begins today."""
    if trial.status != PLANNED:
        return
    started = min(trial.starts_on or clock.today(), clock.today())
    with db.atomic():
        _save(trial, trial.version, status=RUNNING, starts_on=started)
        audit.record(by, "trial.begun", trial)


def tell_result(
    by: Employee,
    trial: Trial,
    based_on: int,
    *,
    result: str,
    outcome: str,
    improve: str = "",
    after: str = "",
    result_on: date | None = None,
) -> None:
    """Bring the result back: what came of it, and what becomes of the practice. May be told better later.

    Raises DomainError: no words, no outcome, adapting without saying how, a day to come; Conflict as `change` does.
    """
    result_on = result_on or clock.today()
    if not result.strip():
        raise DomainError(_("โปรดเล่าสั้น ๆ ว่าลองแล้วเป็นอย่างไร"), field="result")
    if outcome not in OUTCOMES:
        raise DomainError(_("โปรดเลือกว่าจะทำอย่างไรต่อ"), field="outcome")
    if outcome == ADAPT and not improve.strip():
        raise DomainError(_("โปรดบอกว่ารอบหน้าจะปรับอะไร"), field="improve")
    if result_on > clock.today():
        raise DomainError(_("วันที่ได้ผลต้องไม่เกินวันนี้"), field="result_on")
    if max(len(result), len(improve)) > LONGEST:
        raise DomainError(_("ข้อความยาวเกินไป โปรดย่อลง"), field="result")
    first_time = not trial.is_done
    told = {"result": result, "outcome": outcome, "improve": improve, "after": after, "result_on": result_on}
    with db.atomic():
        _save(trial, based_on, status=DONE, **told)
        audit.record(by, "trial.result", trial, outcome=outcome)
        if first_time:
            _tell_members(by, trial)


def _save(trial: Trial, based_on: int, **values: Any) -> None:
    if not trial.save_version(based_on, updated_at=clock.now(), **values):
        raise Conflict(_("มีผู้อื่นบันทึกการทดลองนี้ไปก่อนแล้ว"), Trial.get_by_id(trial.id))


def delete(by: Employee, trial: Trial) -> None:
    """Take a trial away that was planned by mistake; it can be brought back. A chain keeps its middle."""
    if Trial.select().where((Trial.previous == trial) & Trial.deleted_at.is_null()).exists():
        raise DomainError(_("มีรอบต่อไปที่ต่อจากรอบนี้แล้ว ลบรอบหลังก่อน"))
    with db.atomic():
        _save(trial, trial.version, deleted_at=clock.now())
        audit.record(by, "trial.deleted", trial)


def bring_back(by: Employee, trial: Trial) -> None:
    """Raises DomainError when the round before it has another next one by now."""
    try:
        with db.atomic():
            _save(trial, trial.version, deleted_at=None)
            audit.record(by, "trial.brought_back", trial)
    except pw.IntegrityError:
        raise DomainError(_("รอบก่อนมีรอบต่อไปอื่นแล้ว นำกลับมาไม่ได้")) from None


def carry_over(by: Employee, trial: Trial, community: Community) -> None:
    """An open trial goes on in the renewed community; the rounds before it stay on record where they were."""
    if trial.is_done:
        return
    with db.atomic():
        _save(trial, trial.version, community=community)
        audit.record(by, "trial.carried_over", trial, community=community.id)


def open_of(community: Community) -> list[Trial]:
    """Trials whose result is not told yet, the most urgent first."""
    return list(
        Trial.select(Trial, Employee)
        .join(Employee, on=Trial.owner)
        .where((Trial.community == community) & (Trial.status != DONE) & Trial.deleted_at.is_null())
        .order_by(Trial.due_on, Trial.id)
    )


# ---- telling -------------------------------------------------------------------------------------------------------


def _tell_owner(by: Employee, trial: Trial) -> None:
    notices.tell([trial.owner], "trial.yours", trial.url, actor=by, about=f"trial:{trial.id}", what=trial.what)


def _tell_members(by: Employee, trial: Trial) -> None:
    members = community_people.people_of(trial.community)
    notices.tell(members, "trial.result", trial.url, actor=by, about=f"trial:{trial.id}", what=trial.what)
