"""Telling people: a notice is a row in the transaction of what happened, so that it is neither lost nor untrue."""

import json
from collections.abc import Iterable
from typing import Any

from kc import clock
from kc.db import db
from kc.models import Employee, Notice
from kc.services.notice_kinds import KINDS


def tell(
    people: Iterable[Employee],
    kind: str,
    url: str,
    *,
    actor: Employee | None = None,
    about: str = "",
    once: str = "",
    **facts: Any,
) -> None:
    """Note for each of `people` that something happened; call it inside the transaction of what happened.

    `actor` is never told of their own doing. `about` ("session:12"): while a notice of this kind about it is unread,
    another only counts it up. `once` ("round:3:7"): this is told to a person once and never again. `facts`: short
    texts, numbers and ISO days that the kind's sentence names. KeyError for a kind nobody registered.
    """
    sentence = KINDS[kind].sentence
    said = json.dumps({"actor": actor.name if actor else "", **facts}, ensure_ascii=False, default=str)
    assert sentence is not None
    for employee in {person.id: person for person in people}.values():
        if (actor is not None and employee.id == actor.id) or not employee.is_active:
            continue
        _tell_one(employee, kind, url, said, actor, about, once)


def _tell_one(
    employee: Employee, kind: str, url: str, said: str, actor: Employee | None, about: str, once: str
) -> None:
    now = clock.now()
    if about and not once:
        same = (Notice.employee == employee) & (Notice.kind == kind) & (Notice.about == about)
        newer = {Notice.facts: said, Notice.url: url, Notice.actor: actor, Notice.updated_at: now}
        counted = Notice.update({Notice.times: Notice.times + 1, **newer}).where(same & Notice.read_at.is_null())
        if counted.execute():
            return
    with db.atomic():
        Notice.insert(
            employee=employee,
            kind=kind,
            facts=said,
            url=url,
            about=about,
            once_key=once or None,
            actor=actor,
            created_at=now,
            updated_at=now,
        ).on_conflict_ignore().execute()
