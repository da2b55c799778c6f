"""Write docs/REQUIREMENTS-COVERAGE.md anew: which requirement rows have a test that names them, and which have none.

A test names a row in its name (`test_s0_141_…`) or its docstring ("S0-141", "S0-129…136"). The rows themselves stand in
docs/requirements.tsv; a system function without a test says there for which part of the product it waits (its letter is
the group's). "None": nothing checks that row. `--check` writes nothing and fails when the table is not what the tests
say, or when a system function has neither a test nor a word about what it waits for.
"""

import ast
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS, TABLE, TESTS = ROOT / "docs/requirements.tsv", ROOT / "docs/REQUIREMENTS-COVERAGE.md", ROOT / "tests"
KINDS = {"S": "system function", "D": "data", "C": "constraint", "P": "practice"}
SHOWN = 3  # tests named in a row; of more, how many there are

_NUMBERS = re.compile(r"S0[-_](\d{1,3})(?:\s*(?:…|\.\.\.?|–)\s*(?:S0-)?(\d{1,3}))?", re.IGNORECASE)
_IN_A_NAME = re.compile(r"s0_(\d{1,3})(?=_|$)")


@dataclass
class Requirement:
    """A row of the requirements, and the tests that name it."""

    number: int
    group: str
    kind: str
    phrase: str
    reading: str
    waits_for: str
    tests: list[str] = field(default_factory=list)


def requirements() -> dict[int, Requirement]:
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            int(row["number"][3:]): Requirement(
                int(row["number"][3:]), row["group"], row["kind"], row["phrase"], row["reading"], row["waits_for"]
            )
            for row in rows
        }


def numbers_in(text: str) -> set[int]:
    """Row numbers a docstring names; "S0-129…136" names eight."""
    found: set[int] = set()
    for first, last in _NUMBERS.findall(text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def named_tests() -> Iterator[tuple[str, set[int]]]:
    """(test, rows it names) for every test function of the suite."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                numbers = {int(n) for n in _IN_A_NAME.findall(node.name)} | numbers_in(ast.get_docstring(node) or "")
                if numbers:
                    yield f"{file.relative_to(ROOT)}::{node.name}", numbers


def with_tests() -> dict[int, Requirement]:
    """All rows, each with the tests that name it."""
    rows = requirements()
    for test, numbers in named_tests():
        for number in numbers & rows.keys():
            rows[number].tests.append(test)
    return rows


def unsaid(rows: dict[int, Requirement]) -> list[str]:
    """System functions with neither a test nor a word about what they wait for; and what waits though it is there."""
    return [
        f"S0-{row.number:02d}: " + ("has a test, waits no longer" if row.tests else "no test: say what it waits for")
        for row in rows.values()
        if (row.kind == "S" or row.waits_for) and bool(row.tests) == bool(row.waits_for)
    ]


def table(rows: dict[int, Requirement]) -> str:
    """The whole document."""
    parts = [__doc__.split("\n\n")[1].strip().replace("\n", " ")] if __doc__ else []
    return "\n".join(["# Requirements and their tests", "", *parts, "", *_summary(rows), *_groups(rows)]) + "\n"


def _summary(rows: dict[int, Requirement]) -> Iterator[str]:
    yield "Covered of all, by group and kind. Written by `python scripts/requirements.py`; a test fails when it is old."
    yield ""
    yield "| Group | " + " | ".join(KINDS.values()) + " |"
    yield "|---|" + "---|" * len(KINDS)
    for group in _names(rows):
        cells = [_share([r for r in rows.values() if r.group == group and r.kind == kind]) for kind in KINDS]
        yield f"| {group} | " + " | ".join(cells) + " |"
    yield "| **All** | " + " | ".join(_share([r for r in rows.values() if r.kind == k]) for k in KINDS) + " |"
    waiting = sum(bool(row.waits_for) for row in rows.values())
    yield from ("", f"Of the system functions without a test, all {waiting} say below what they wait for.")


def _share(rows: list[Requirement]) -> str:
    return f"{sum(bool(row.tests) for row in rows)} of {len(rows)}" if rows else ""


def _names(rows: dict[int, Requirement]) -> list[str]:
    return list(dict.fromkeys(row.group for row in rows.values()))


def _groups(rows: dict[int, Requirement]) -> Iterator[str]:
    for group in _names(rows):
        yield from ("", f"## {group}", "", "| No. | Kind | What | Tests | Waits for |", "|---|---|---|---|---|")
        for row in rows.values():
            if row.group == group:
                yield f"| S0-{row.number:02d} | {row.kind} | {row.reading} | {_tests(row)} | {row.waits_for} |"


def _tests(row: Requirement) -> str:
    tests = row.tests
    if not tests:
        return "not yet" if row.waits_for else "**none**"
    shown = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests[:SHOWN])
    return f"{shown}<br>and {len(tests) - SHOWN} more" if len(tests) > SHOWN else shown


def main() -> int:
    rows = with_tests()
    made, faults = table(rows), unsaid(rows)
    for fault in faults:
        print(fault, file=sys.stderr)
    if "--check" in sys.argv:
        return int(bool(faults) or not TABLE.exists() or TABLE.read_text(encoding="utf-8") != made)
    TABLE.write_text(made, encoding="utf-8")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
