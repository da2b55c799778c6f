"""The plan of one meeting: what it is to bring, and its steps with their times (S0-137)."""

from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc.errors import Conflict, DomainError
from kc.forms.plans import StepRow, StepsForm, filled, minutes_of, rows_from
from kc.i18n import gettext as _
from kc.models import Session
from kc.services import meeting_plans
from kc.services.meeting_plans import Step
from kc.web.access import get_session_to_write
from kc.web.choices import whole
from kc.web.htmx import go, render

bp = Blueprint("session_steps", __name__, url_prefix="/communities/<int:community_id>/sessions/<int:session_id>/steps")

BLANK_ROWS = 2


@bp.get("")
@login_required
def edit(community_id: int, session_id: int) -> Response:
    """The steps as saved; `?begin=usual` or `?begin=last` fills an empty plan for a start, unsaved."""
    session = get_session_to_write(community_id, session_id)
    plan = meeting_plans.of(session)
    form = StepsForm(version=plan.version if plan else 0, expected=plan.expected if plan else "")
    steps = [Step(s.minutes, s.title, s.who) for s in meeting_plans.steps_of(session)]
    begin = request.args.get("begin", "")
    fill = {"usual": meeting_plans.suggested, "last": meeting_plans.from_last_time}.get(begin)
    offered = fill(session) if fill and not steps else []
    return _show(session, form, [_row(step) for step in steps or offered], offered=bool(offered), begin=begin)


def _row(step: Step) -> StepRow:
    return StepRow(str(step.minutes), step.title, step.who)


def _show(session: Session, form: StepsForm, rows: list[StepRow], status: int = 200, **context: Any) -> Response:
    total = sum(minutes_of(row) for row in rows)
    length = meeting_plans.length(session)
    people = {m.employee_id: m.employee.name for m in session.community.current_members()}
    return render(
        "sessions/steps.html",
        status=status,
        community=session.community,
        session=session,
        form=form,
        rows=[*rows, *[StepRow("", "", "")] * BLANK_ROWS],
        filled=len(rows),
        times=_times(session, rows),
        total=total,
        length=length,
        members=list(people.values()),
        **context,
    )


def _times(session: Session, rows: list[StepRow]) -> list[Any]:
    steps = [Step(minutes_of(row), row.title, row.who) for row in rows]
    return [timed.begins for timed in meeting_plans.timed(session, steps)]  # type: ignore[arg-type]


@bp.post("")
@login_required
def save(community_id: int, session_id: int) -> Response:
    """Save, or only move or take away a row (`up`, `remove`: its number), with everything typed kept."""
    session = get_session_to_write(community_id, session_id)
    form, rows = StepsForm(request.form), rows_from(request.form)
    if "up" in request.form or "remove" in request.form:
        return _show(session, form, filled(_rearranged(rows)), unsaved=True)
    rows = filled(rows)
    if not form.validate():
        return _show(session, form, rows, 422)
    steps = [Step(minutes_of(row), row.title, row.who) for row in rows]
    try:
        meeting_plans.save(g.employee, session, form.version.data or 0, form.expected.data, steps)
    except Conflict as conflict:
        return _conflict(session, form, rows, conflict)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(session, form, rows, 422, refused=refusal)
    flash(_("บันทึกแผนของครั้งนี้แล้ว"), "success")
    return go(url_for("plans.show", community_id=community_id, _anchor=f"session-{session_id}"))


def _rearranged(rows: list[StepRow]) -> list[StepRow]:
    up, gone = whole(request.form.get("up")), whole(request.form.get("remove"))
    if 1 < up <= len(rows):
        rows[up - 2], rows[up - 1] = rows[up - 1], rows[up - 2]
    if 0 < gone <= len(rows):
        del rows[gone - 1]
    return rows


def _conflict(session: Session, form: StepsForm, rows: list[StepRow], conflict: Conflict) -> Response:
    """Both are shown; sending again saves this one, knowingly."""
    form.refuse(conflict)
    form.version.raw_data, form.version.data = None, conflict.theirs.version if conflict.theirs else 0
    theirs = meeting_plans.timed(session, meeting_plans.steps_of(session))
    return _show(session, form, rows, 409, theirs=theirs, their_plan=conflict.theirs)
