"""How often people want notices by e-mail: one choice for each heading."""

from collections.abc import Mapping

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, Notice, NoticeChoice
from kc.models.notices import DAILY, OFF, RHYTHMS
from kc.services import audit
from kc.services.notice_kinds import HEADINGS, USUAL


def of(employee: Employee) -> dict[str, str]:
    """Heading -> rhythm, for every heading there is."""
    rows = NoticeChoice.select(NoticeChoice.heading, NoticeChoice.rhythm).where(NoticeChoice.employee == employee)
    chosen = dict(rows.tuples())
    return {heading: chosen.get(heading, USUAL.get(heading, DAILY)) for heading in HEADINGS}


def change(employee: Employee, chosen: Mapping[str, str]) -> None:
    """Choose for some headings. What gathered while a heading was off is not sent afterwards.

    DomainError (field: the heading) for a heading or rhythm that is none.
    """
    for heading, rhythm in chosen.items():
        if heading not in HEADINGS or rhythm not in RHYTHMS:
            raise DomainError(_("โปรดเลือกว่าจะรับอีเมลบ่อยแค่ไหน"), field=heading)
    with db.atomic():
        before = of(employee)
        changed = {heading: rhythm for heading, rhythm in chosen.items() if rhythm != before[heading]}
        for heading, rhythm in changed.items():
            NoticeChoice.insert(employee=employee, heading=heading, rhythm=rhythm).on_conflict(
                conflict_target=(NoticeChoice.employee, NoticeChoice.heading), update={NoticeChoice.rhythm: rhythm}
            ).execute()
        if switched_on := [heading for heading in changed if before[heading] == OFF]:
            older = (Notice.employee == employee) & Notice.heading.in_(switched_on) & Notice.mailed_at.is_null()
            Notice.update(mailed_at=clock.now()).where(older).execute()
        if changed:
            audit.record(employee, "notices.chosen", employee, **changed)


def rhythm() -> pw.Expression:
    """The rhythm of a notice's heading, in a query that joined NoticeChoice."""
    usual = pw.Case(Notice.heading, list(USUAL.items()), DAILY)
    return pw.fn.COALESCE(NoticeChoice.rhythm, usual)


def joined(query: pw.ModelSelect) -> pw.ModelSelect:
    """`query` over notices, with what their owners chose for their headings."""
    same = (NoticeChoice.employee == Notice.employee) & (NoticeChoice.heading == Notice.heading)
    return query.join_from(Notice, NoticeChoice, pw.JOIN.LEFT_OUTER, on=same)
