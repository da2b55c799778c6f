"""The audit log: every change of record leaves a line, in the transaction of the change itself."""

import json
from typing import Any

from kc import logs
from kc.db import BaseModel
from kc.models import AuditEntry, Employee


def record(actor: Employee | None, action: str, obj: BaseModel | None = None, **details: Any) -> AuditEntry:
    """Note that `actor` did `action` ("area.verb") to `obj`. `details`: small facts, never secrets or whole texts."""
    return AuditEntry.create(
        actor=actor,
        action=action,
        object_kind=type(obj)._meta.table_name if obj is not None else "",
        object_id=obj.id if obj is not None else None,
        request_id=logs.request_id.get(),
        details=json.dumps(details, ensure_ascii=False, default=str),
    )
