"""What became of each row of a folder import, for people: on the screen, as XLSX, as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kc.i18n import gettext as _

DONE, UPDATED, SKIPPED, FAULT = "done", "updated", "skipped", "fault"


@dataclass
class Outcome:
    """What became of a row."""

    number: int
    named: str
    title: str
    state: str
    told: str = ""
    article: int | None = None


@dataclass
class Result:
    outcomes: list[Outcome] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)  # files of the tree that no row names

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def report_rows(result: Result) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of the report people open in Excel."""
    said = {
        DONE: _("นำเข้าแล้ว"),
        UPDATED: _("แนบไฟล์ใหม่แล้ว"),
        SKIPPED: _("ข้าม มีอยู่แล้ว"),
        FAULT: _("นำเข้าไม่ได้"),
    }
    headings = [_("แถว"), _("ไฟล์หรือโฟลเดอร์"), _("ชื่อเรื่อง"), _("ผล"), _("รายละเอียด"), _("เลขที่องค์ความรู้")]
    rows = [[o.number, o.named, o.title, said[o.state], o.told, o.article] for o in result.outcomes]
    return headings, rows


def write_report(result: Result, file: Path) -> None:
    """The report as XLSX, or as CSV when its name says so."""
    headings, rows = report_rows(result)
    if file.suffix.lower() == ".csv":
        out = io.StringIO()
        csv.writer(out).writerows([headings, *([_safe(cell) for cell in row] for row in rows)])
        file.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
        return
    from kc.spreadsheet import write_xlsx

    unlisted: tuple[list[str], list[list[Any]]] = ([_("ไฟล์ที่ไม่มีในรายการ")], [[name] for name in result.unlisted])
    file.write_bytes(write_xlsx({_("ผลการนำเข้า"): (headings, rows), _("ไม่มีในรายการ"): unlisted}))


def _safe(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell
