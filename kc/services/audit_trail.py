"""Reading the audit log: who changed what, filtered."""

from datetime import date, datetime, time, timedelta

import peewee as pw

from kc import clock
from kc.models import AuditEntry, Employee


def listing(
    *,
    actor: Employee | None = None,
    area: str = "",
    kind: str = "",
    object_id: int = 0,
    since: date | None = None,
    until: date | None = None,
) -> pw.ModelSelect:
    """Entries with their actors, newest first. `area`: the word before the dot; local days, `until` included."""
    rows = AuditEntry.select(AuditEntry, Employee).join(Employee, pw.JOIN.LEFT_OUTER).order_by(AuditEntry.id.desc())
    if actor is not None:
        rows = rows.where(AuditEntry.actor == actor)
    if area:
        rows = rows.where(AuditEntry.action.startswith(f"{area}."))
    if kind:
        rows = rows.where(AuditEntry.object_kind == kind)
    if object_id:
        rows = rows.where(AuditEntry.object_id == object_id)
    if since is not None:
        rows = rows.where(AuditEntry.at >= _midnight(since))
    if until is not None:
        rows = rows.where(AuditEntry.at < _midnight(until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return clock.from_local(datetime.combine(day, time()))


def areas() -> list[str]:
    """Words before the dot that occur, in order."""
    actions = AuditEntry.select(AuditEntry.action).distinct().tuples()
    return sorted({action.partition(".")[0] for (action,) in actions})
