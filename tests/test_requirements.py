"""The table of requirements says what the tests say, and names nothing that is not so."""

import csv
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_the_table_is_what_the_tests_say():
    made = subprocess.run([sys.executable, "scripts/requirements.py", "--check"], cwd=ROOT, check=False)
    assert made.returncode == 0, "run: python scripts/requirements.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("requirements_script", ROOT / "scripts/requirements.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made  # its dataclass looks itself up there
    spec.loader.exec_module(made)
    return made


def test_a_system_function_has_a_test_or_says_what_it_waits_for(script):
    assert script.unsaid(script.with_tests()) == []


@pytest.mark.parametrize(
    ("kind", "tests", "waits_for", "is_said"),
    [
        ("S", ["test_x"], "", True),
        ("S", [], "the KM plan", True),
        ("S", [], "", False),
        ("S", ["test_x"], "the KM plan", False),
        ("D", [], "", True),
        ("D", ["test_x"], "the KM plan", False),
    ],
)
def test_what_is_forgotten_and_what_waits_no_longer_is_found(script, kind, tests, waits_for, is_said):
    row = script.Requirement(1, "A", kind, "", "", waits_for, tests)
    assert (script.unsaid({1: row}) == []) is is_said


def test_rows_stand_in_the_file_as_they_are_read():
    with (ROOT / "docs/requirements.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {len(row) for row in rows} == {6} and len({row[0] for row in rows}) == len(rows)
