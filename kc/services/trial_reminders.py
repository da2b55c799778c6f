"""Whose trial waits for its beginning or its result: on their home page, and told when the day comes near."""

from datetime import timedelta

import peewee as pw

from kc import clock
from kc.i18n import gettext as _
from kc.models import Community, Employee, Trial
from kc.models.communities import ACTIVE
from kc.models.trials import DONE, PLANNED
from kc.services import community_people, notices
from kc.services.piecemeal import Each, by_hand
from kc.services.todos import Todo
from kc.thai.dates import format_date
from kc.thai.wrapping import shorten
from kc.together import Asking

SHOWN = 5
SOON = timedelta(days=3)  # before the day the owner is told
LATE = timedelta(days=7)  # after it the facilitators are told too
TITLE = 90  # letters


def todos(employee: Employee) -> Asking[list[Todo]]:
    """Trials of one's own whose result is not told yet."""
    mine = (
        Trial.select(Trial.id, Trial.community, Trial.what, Trial.status, Trial.due_on)
        .join(Community)
        .where((Trial.owner == employee) & _open())
        .order_by(Trial.due_on, Trial.id)
        .limit(SHOWN)
    )
    (rows,) = yield [mine]
    return [_todo(trial) for trial in rows]


def _open() -> pw.Expression:
    return (Trial.status != DONE) & Trial.deleted_at.is_null() & (Community.status == ACTIVE)


def _todo(trial: Trial) -> Todo:
    day = format_date(trial.due_on, "short") if trial.due_on else ""
    late = trial.due_on is not None and trial.due_on < clock.today()
    if late:
        says = _("ครบกำหนดเล่าผลเมื่อ %(day)s", day=day)
    elif trial.status == PLANNED:
        says = _("วางแผนไว้แล้ว ลองแล้วนำผลกลับมาเล่าภายใน %(day)s", day=day)
    else:
        says = _("กำลังทดลองอยู่ นำผลกลับมาเล่าภายใน %(day)s", day=day)
    return Todo(
        title=shorten(trial.what, TITLE),
        url=f"{trial.url}/result" if late or trial.status != PLANNED else trial.url,
        says=says,
        button=_("ดูแผน") if trial.status == PLANNED and not late else _("บันทึกผล"),
        icon="tools",
        due_on=trial.due_on,
        late=late,
    )


def remind(each: Each = by_hand) -> None:
    """The daily round: owners some days before and the day after, facilitators a week after. Each is told once."""
    today = clock.today()
    rows = (
        Trial.select(Trial, Community, Employee)
        .join_from(Trial, Community)
        .join_from(Trial, Employee, on=Trial.owner)
        .where(_open() & (Trial.due_on <= today + SOON))
    )
    each(rows, _remind_one)


def _remind_one(trial: Trial) -> None:
    _remind_owner(trial)
    if trial.due_on + LATE <= clock.today():
        _tell_facilitators(trial)


def _remind_owner(trial: Trial) -> None:
    late = trial.due_on < clock.today()
    kind = "trial.late" if late else "trial.due"
    once = f"{kind}:{trial.id}:{trial.due_on.isoformat()}"
    notices.tell([trial.owner], kind, f"{trial.url}/result", once=once, what=trial.what, day=trial.due_on)


def _tell_facilitators(trial: Trial) -> None:
    people = [person for person in community_people.facilitators(trial.community) if person.id != trial.owner_id]
    once = f"trial.waits:{trial.id}:{trial.due_on.isoformat()}"
    notices.tell(people, "trial.waits", trial.url, once=once, what=trial.what, owner=trial.owner.name, day=trial.due_on)
