"""Finding a colleague by name or employee ID, as people type them."""

from collections.abc import Iterable

import peewee as pw

from kc import thai
from kc.i18n import gettext as _
from kc.models import Employee, OrgUnit

ENOUGH = 8  # suggestions shown at once
NAMED = 60  # letters of an unknown name said back


def _people() -> pw.ModelSelect:
    return Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.is_active)


def suggest(text: str, limit: int = ENOUGH) -> list[Employee]:
    """Active colleagues whose first or last name, or employee ID, begins with `text`; in Thai order."""
    text = thai.clean_line(text)[:60]
    if not text:
        return []
    number = thai.forgive_employee_id(text)
    _title, name = thai.strip_title(text)
    words = (name or text).split()
    if not words:
        return []
    matches = Employee.employee_id.startswith(number) if number else Employee.id.is_null()
    by_name = Employee.first_name.startswith(words[0]) | Employee.last_name.startswith(words[0])
    if len(words) > 1:
        by_name = Employee.name.startswith(" ".join(words))
    return list(_people().where(matches | by_name).order_by(Employee.sort_key).limit(limit))


def exact(text: str) -> list[Employee]:
    """The colleagues meant by an ID, a full name (with or without title), or a suggestion's own line."""
    text = thai.clean_line(text)[:120]
    # A chosen suggestion reads "ชื่อ นามสกุล 0001234 · หน่วยงาน": the ID in it says who is meant.
    ids = [thai.forgive_employee_id(word) for word in text.replace("·", " ").split()]
    by_id = list(_people().where(Employee.employee_id.in_(ids))) if ids else []
    if by_id:
        return by_id
    _title, name = thai.strip_title(text)
    by_name = list(_people().where(Employee.name == " ".join(name.split())).limit(ENOUGH))
    return by_name or suggest(text)


def not_one(text: str, matches: list[Employee]) -> str:
    """The sentence for a text that does not mean exactly one person; of a long text, what tells it apart."""
    text = thai.truncate(thai.clean_line(text), NAMED)
    if matches:
        return _("มีหลายคนที่ตรงกับ “%(text)s” โปรดเลือกจากรายชื่อด้านล่าง", text=text)
    return _("ไม่พบพนักงานชื่อหรือรหัส “%(text)s”", text=text)


def by_ids(ids: Iterable[int]) -> list[Employee]:
    """These colleagues with their units, those who left included (what they wrote stays theirs)."""
    wanted = list(ids)
    if not wanted:
        return []
    return list(Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id.in_(wanted)))
