"""What an import found and would do, in words that people and commands can show."""

from dataclasses import dataclass, field
from typing import Any

from kc.errors import DomainError
from kc.i18n import gettext as _

MANY_LEAVE = 0.2


@dataclass
class SourceRow:
    """One row of the file: its number as the spreadsheet shows it, its cleaned values, and what is wrong with it."""

    number: int
    values: dict[str, str]
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "values": self.values, "faults": self.faults}


@dataclass(frozen=True)
class Options:
    """`keep_missing`: who is missing from the file has not left. `many_may_leave`: yes, even more than a fifth."""

    keep_missing: bool = False
    many_may_leave: bool = False


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Change:
    """A row of the file beside what is here: `key` and `name` for showing, `fields` as {name: (before, after)}."""

    number: int
    key: str
    name: str
    fields: dict[str, tuple[str, str]]


@dataclass
class Plan:
    """What an import would do. `values`, `ids` and `left_ids` are for the writer."""

    total: int
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    left: list[Change] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0
    active_before: int = 0
    many_leave: bool = False
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    left_ids: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.left)

    def note_share(self) -> None:
        """Is it more than a fifth of the people (or units) here that would leave? Then somebody must say yes."""
        self.many_leave = len(self.left) > MANY_LEAVE * self.active_before

    def check(self, options: Options) -> None:
        """DomainError when it may not be written: a bad row, or too many leaving without a word."""
        if self.bad:
            raise DomainError(_("มี %(n)d แถวที่นำเข้าไม่ได้ จึงยังไม่ได้นำเข้าข้อมูลใดเลย โปรดแก้ไฟล์แล้วส่งใหม่", n=len(self.bad)))
        if self.many_leave and not options.many_may_leave:
            raise DomainError(
                _(
                    "ไฟล์นี้ขาดรายชื่อไป %(left)d จาก %(all)d รายการ (เกินร้อยละ 20) โปรดยืนยันว่าเป็นไฟล์ครบทั้งองค์กร",
                    left=len(self.left),
                    all=self.active_before,
                )
            )
