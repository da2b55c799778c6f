"""Questions kept under a name, each its owner's alone. Not audited: what someone looks for is their own business."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, SavedSearch, SavedSearchFind
from kc.services.search_filters import CHOSEN

MOST = 50
LONGEST_NAME, LONGEST_TEXT = 120, 1_000


def of(employee: Employee) -> pw.ModelSelect:
    """Someone's saved searches: those with something new first, then those opened last."""
    return (
        SavedSearch.select()
        .where((SavedSearch.employee == employee) & SavedSearch.deleted_at.is_null())
        .order_by(SavedSearch.new_count.desc(), SavedSearch.opened_at.desc(), SavedSearch.id.desc())
    )


def unseen(employee: Employee) -> int:
    """How many new things all of someone's saved searches found together."""
    return unseen_of(employee).scalar() or 0


def unseen_of(employee: Any) -> pw.ModelSelect:
    """`unseen` as a query; of `Employee` itself it is a column beside whom one reads."""
    whose = SavedSearch.employee == (employee if isinstance(employee, Employee) else employee.id)
    mine = whose & SavedSearch.deleted_at.is_null() & SavedSearch.alert
    return SavedSearch.select(pw.fn.COALESCE(pw.fn.SUM(SavedSearch.new_count), 0)).where(mine)


def save(employee: Employee, text: str, filters: Mapping[str, str], name: str = "") -> SavedSearch:
    """Keep a question; saving it again gives the one there is. `filters`: by their names in the address.

    DomainError when there is nothing to keep, the name is too long, or too many are kept.
    """
    text = thai.clean_line(text)[:LONGEST_TEXT]
    chosen = {name: value.strip() for name, value in sorted(filters.items()) if _is_kept(name, value.strip())}
    if not text and not any(key in CHOSEN for key in chosen):
        raise DomainError(_("ยังไม่มีคำค้นหรือตัวกรองให้บันทึก"))
    kept, key = json.dumps(chosen, ensure_ascii=False), json.dumps([text.casefold(), chosen], ensure_ascii=False)
    with db.atomic():
        known = SavedSearch.get_or_none((SavedSearch.employee == employee) & (SavedSearch.question_key == key))
        if known is not None and known.deleted_at is None:
            return known
        if of(employee).count() >= MOST:
            raise DomainError(_("บันทึกการค้นหาไว้ครบ %(n)d รายการแล้ว โปรดลบรายการที่ไม่ใช้ก่อน", n=MOST))
        _clear_away(employee)
        values = {"name": _name(name or text[:LONGEST_NAME] or _("ค้นหาตามตัวกรอง")), "text": text, "filters": kept}
        # The same twice at once is kept once.
        SavedSearch.insert(employee=employee, question_key=key, **values).on_conflict_ignore().execute()
        return SavedSearch.get((SavedSearch.employee == employee) & (SavedSearch.question_key == key))


def _is_kept(name: str, value: str) -> bool:
    """Whether a part of the address says something about what is asked."""
    return bool(value) and (name in CHOSEN or (name == "sort" and value != "relevance"))


def _name(name: str) -> str:
    name = thai.clean_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("โปรดตั้งชื่อไม่เกิน %(n)d ตัวอักษร", n=LONGEST_NAME), field="name")
    return name


def rename(search: SavedSearch, name: str) -> None:
    """DomainError without a name, or with one that is too long."""
    search.name = _name(name)
    search.save(only=[SavedSearch.name])


def set_alert(search: SavedSearch, on: bool) -> None:
    """Tell of new things or not; what was found before is forgotten when it is turned off."""
    with db.atomic():
        search.alert = on
        if not on:
            _forget_finds(search)
        search.opened_at = clock.now()
        search.save(only=[SavedSearch.alert, SavedSearch.new_count, SavedSearch.opened_at])


def opened(search: SavedSearch) -> None:
    """Its owner looks: nothing is new any more."""
    with db.atomic():
        _forget_finds(search)
        search.opened_at = clock.now()
        search.save(only=[SavedSearch.new_count, SavedSearch.opened_at])


def _forget_finds(search: SavedSearch) -> None:
    SavedSearchFind.delete().where(SavedSearchFind.saved_search == search).execute()
    search.new_count = 0


def delete(search: SavedSearch) -> None:
    """Take it off the list; until something else is saved it can be brought back."""
    SavedSearch.update(deleted_at=clock.now()).where(SavedSearch.id == search.id).execute()


def just_deleted(employee: Employee, number: int) -> SavedSearch | None:
    """The one the list offers to bring back; None when it is back already, or gone for good."""
    gone = (SavedSearch.id == number) & (SavedSearch.employee == employee) & SavedSearch.deleted_at.is_null(False)
    return SavedSearch.get_or_none(gone) if number else None


def restore(search: SavedSearch) -> None:
    """Bring a deleted one back. DomainError when the list is full meanwhile."""
    with db.atomic():
        if of(search.employee).count() >= MOST:
            raise DomainError(_("บันทึกการค้นหาไว้ครบ %(n)d รายการแล้ว โปรดลบรายการที่ไม่ใช้ก่อน", n=MOST))
        SavedSearch.update(deleted_at=None).where(SavedSearch.id == search.id).execute()


def _clear_away(employee: Employee) -> None:
    """Deleted ones go for good: nobody brings them back after saving something else."""
    gone = (SavedSearch.employee == employee) & SavedSearch.deleted_at.is_null(False)
    SavedSearch.delete().where(gone).execute()


def address(search: SavedSearch, newest_first: bool = False) -> str:
    """The search page's address of this question. `newest_first`: what is new stands at the top."""
    asked = {"q": search.text} | search.chosen
    if newest_first and "sort" not in asked:
        asked["sort"] = "newest"
    return "/search?" + urlencode({key: value for key, value in asked.items() if value})
