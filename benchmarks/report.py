"""The table people read and the file programs read."""

import json
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import MOST_STATEMENTS, Row, processor

HEAD = ("", "articles", "p50", "p95", "CPU p50", "per second", "SQL", "beside", "×", "figure to keep")


def machine() -> dict[str, str]:
    from kc import __version__

    return {
        "program": f"Knowledge Center {__version__}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return ""
    digits = 3 if not unit.strip() and abs(value) <= 1 else 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{unit}"


def _cells(row: Row) -> tuple[str, ...]:
    main = _number(row.p50, " ms") if row.value is None else _number(row.value, f" {row.unit}")
    rate = ", ".join(part for part in (_number(row.per_second), row.note) if part)
    return (
        row.name,
        f"{row.documents:,}" if row.documents is not None else "",
        main or "not told",
        _number(row.p95, " ms"),
        _number(row.cpu, " ms"),
        rate,
        "" if row.statements is None else str(row.statements),
        row.baseline,
        _number(row.ratio),
        _verdict(row),
    )


def _verdict(row: Row) -> str:
    limits = [row.limit, row.limit_p95, row.limit_ratio, row.least_per_second]
    if all(limit is None for limit in limits):
        return ""
    unit = "ms" if row.value is None else row.unit
    times = " / ".join(f"{limit:g}" for limit in (row.limit, row.limit_p95) if limit is not None)
    kept = [f"≤ {times} {unit}".rstrip()] if times else []
    kept += [f"× ≤ {row.limit_ratio:g}"] if row.limit_ratio is not None else []
    kept += [f"≥ {row.least_per_second:g}/s"] if row.least_per_second is not None else []
    kept += [f"{MOST_STATEMENTS} SQL"] if row.statements is not None else []
    several = len([limit for limit in limits if limit is not None]) > 1
    over = f"OVER ({', '.join(row.over)})" if several else "OVER"
    return f"{', '.join(kept)}: {over if row.is_over else 'kept'}"


def table(rows: list[Row]) -> str:
    """All rows as one Markdown table with aligned columns, a line for each group."""
    lines, group = [HEAD], ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines.append((f"**{group}**", *[""] * (len(HEAD) - 1)))
        lines.append(_cells(row))
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([drawn[0], rule, *drawn[1:]])


def shown(rows: list[Row], seconds: float) -> str:
    facts = machine()
    place = f"{facts['processor']} · {facts['system']}"
    head = f"{facts['program']} · {place} · Python {facts['python']} · SQLite {facts['sqlite']}"
    over = [f"{row.name} ({row.documents:,})" if row.documents else row.name for row in rows if row.is_over]
    foot = f"Over their figure: {', '.join(over)}." if over else "Every figure is kept."
    return f"\n{head} · {facts['at']}\n\n{table(rows)}\n\n{foot} Measured in {seconds:.0f} s.\n"


BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def write_document(file: Path, rows: list[Row], seconds: float) -> None:
    """Put this run's table between the two marks of a document."""
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    file.write_text(f"{before}{BEGIN}\n{shown(rows, seconds)}\n{END}{after}", encoding="utf-8")


def write_json(file: Path, rows: list[Row], seconds: float) -> None:
    content: dict[str, Any] = {"machine": machine(), "seconds": round(seconds, 1), "command": sys.argv[1:]}
    content["rows"] = [row.as_json() for row in rows]
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
