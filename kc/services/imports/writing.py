"""Bulk statements for imports: thousands of rows in a handful of statements, on both databases."""

import json
from typing import Any

from kc import clock, logs
from kc.db import BaseModel
from kc.models import AuditEntry, Employee

BATCH = 400  # rows a statement: 20 columns each stay far below SQLite's 32,766 parameters


def upsert(model: type[BaseModel], rows: list[dict[str, Any]], key: str, changed: tuple[str, ...]) -> None:
    """Insert rows, or, where `key` is there already, write the columns `changed`."""
    fields = [getattr(model, name) for name in changed]
    for start in range(0, len(rows), BATCH):
        statement = model.insert_many(rows[start : start + BATCH])
        statement.on_conflict(conflict_target=[getattr(model, key)], preserve=fields).execute()


def write_audit(actor: Employee | None, action: str, kind: str, facts: list[tuple[int, dict[str, Any]]]) -> None:
    """One audit line for each record, as `audit.record` would write them one by one."""
    now, request = clock.now(), logs.request_id.get()
    rows = [
        {
            "at": now,
            "actor": actor.id if actor else None,
            "action": action,
            "object_kind": kind,
            "object_id": number,
            "request_id": request,
            "details": json.dumps(details, ensure_ascii=False),
        }
        for number, details in facts
    ]
    for start in range(0, len(rows), BATCH):
        AuditEntry.insert_many(rows[start : start + BATCH]).execute()
