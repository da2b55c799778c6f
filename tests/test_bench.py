"""`make bench` runs from end to end, tiny; its articles and questions are the same every time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import documents
from benchmarks.measure import Row, percentile
from benchmarks.report import table

ROOT = Path(__file__).resolve().parent.parent
UNITS, PEOPLE, TOPICS = ["2010", "2020"], ["0000001", "0000002", "0000003"], ["NPLs", "เงินฝาก"]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The JSON and the table of one tiny run, in a process of its own."""
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [sys.executable, "-m", "benchmarks", "--sizes", "30", "--times", "8", "--json", str(file)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KC_")}
    run = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(file.read_text(encoding="utf-8")), run.stdout


def rows_by_name(report):
    return {row["name"]: row for row in report[0]["rows"]}


@pytest.mark.parametrize(
    "name",
    [
        "Import with index (kc import-knowledge)",
        "Search in process",
        "Home",
        "Search page",
        "Article",
        "Community",
        "Session with notes",
        "Sign a community up",
        "Save a note (as typed)",
        "Publish an article",
        "Published → found by another person",
        "Start to first 200",
        "Search page over HTTP",
        "Resident memory, idle",
        "Resident memory, after load",
    ],
)
def test_every_figure_that_is_promised_is_measured(report, name):
    row = rows_by_name(report)[name]
    assert row.get("p50", row.get("value")) > 0
    assert f"| {name} " in report[1]


def test_pages_stay_within_twelve_statements(report):
    many = {row["name"]: row["statements"] for row in report[0]["rows"] if row.get("statements", 0) > 12}
    assert many == {}


def test_ratios_stand_beside_a_baseline_of_the_same_run(report):
    with_ratio = [row for row in report[0]["rows"] if "ratio" in row]
    assert len(with_ratio) > 10 and all(row["baseline"] for row in with_ratio)


def test_articles_are_the_same_every_time_and_as_long_as_real_ones():
    made = list(documents.articles(300, UNITS, PEOPLE, TOPICS))
    assert made == list(documents.articles(300, UNITS, PEOPLE, TOPICS))
    assert made[:20] == list(documents.articles(20, UNITS, PEOPLE, TOPICS))
    lengths = [len(documents.text_of(article)) for article in made]
    assert 1_500 < sum(lengths) / len(lengths) < 1_900
    assert len({article["id"] for article in made}) == 300


def test_questions_are_the_same_every_time_and_some_mean_one_article():
    made = list(documents.articles(50, UNITS, PEOPLE, TOPICS))
    asked = documents.questions(60, made)
    assert asked == documents.questions(60, made)
    assert all(question.text.strip() for question in asked)
    assert {q.expected for q in asked if q.expected} <= {article["id"] for article in made}
    assert sum(bool(q.expected) for q in asked) == 20


def test_percentiles_are_of_the_nearest_rank():
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7], 95) == 7
    assert percentile([1, 2], 50) == 1


def test_a_row_says_when_its_figure_is_not_kept():
    slow, heavy = Row("Pages", "slow", p50=26, limit=25), Row("Pages", "heavy", p50=1, statements=13, limit=25)
    good = Row("Pages", "good", p50=25, statements=12, limit=25)
    assert slow.is_over and heavy.is_over and not good.is_over
    drawn = table([slow, good])
    assert "OVER" in drawn and "kept" in drawn and len({len(line) for line in drawn.splitlines()}) == 1
