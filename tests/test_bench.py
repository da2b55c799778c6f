"""`make bench` runs from end to end, tiny; its articles and questions are the same every time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import documents, questions, searching, soak
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
        "Keyword query",
        "Long question",
        "MRR@10 of keyword queries",
        "Misspelt query",
        "Misspelt query, MRR@10",
        "The one article meant is among the first ten",
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


def test_every_question_has_an_answer_and_is_the_same_at_every_size():
    made = list(documents.articles(1_100, UNITS, PEOPLE, TOPICS))
    asked = questions.sets(40, made)
    assert asked.keyword == questions.sets(40, made[:1_000]).keyword
    by_id = {article["id"]: article for article in made[:1_000]}
    for question in [*asked.keyword, *asked.misspelt, *asked.long]:
        assert question.is_answered_by(by_id[question.expected])
    for question in asked.keyword:
        article = by_id[question.expected]
        assert all(word in article["title"] for word in question.title_words)
        assert all(word in documents.text_of(article) for word in question.text_words)
    assert all(60 <= len(question.text) <= 140 for question in asked.long)


def test_only_articles_that_have_the_words_answer_a_question():
    question = questions.Asked("ตรวจดิน หนองแสง", "A", ("หนองแสง",), ("ตรวจดิน",))
    parts = dict.fromkeys(documents.PARTS, "")
    other = {"id": "B", "title": "ปุ๋ย หนองแสง", **parts}
    assert not question.is_answered_by(other)
    assert question.is_answered_by(other | {"method": "ตรวจดินก่อน"})
    asked = questions.Sets([question], [], [], {"A": other | {"id": "A"}, "B": other})
    assert searching.mrr(asked, [question], [["B", "A"]]) == 0.5
    assert searching.mrr(asked, [question], [["B"]]) == 0


def test_growth_is_told_between_sizes():
    rows = [Row("Search", searching.MRR, n, value=v) for n, v in ((1_000, 0.95), (10_000, 0.90))]
    rows += [Row("Search", searching.KEYWORD, n, ms) for n, ms in ((1_000, 1.0), (10_000, 2.5))]
    lost, growth = searching.rows_of_growth(rows)
    assert lost.is_over and lost.value == pytest.approx(0.05)
    assert growth.value == 2.5 and not growth.is_over


def test_percentiles_are_of_the_nearest_rank():
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7], 95) == 7
    assert percentile([1, 2], 50) == 1


@pytest.mark.parametrize(
    ("row", "over"),
    [
        (Row("S", "a", p50=1, p95=4, limit=1, limit_p95=3), ["p95"]),
        (Row("S", "b", p50=1, ratio=0.3, limit=1, limit_ratio=0.25), ["×"]),
        (Row("S", "c", value=9, per_second=149, least_per_second=150), ["per second"]),
        (Row("S", "d", p50=1, p95=3, ratio=0.25, limit=1, limit_p95=3, limit_ratio=0.25), []),
    ],
)
def test_each_figure_of_a_row_is_marked_by_itself(row, over):
    assert row.over == over
    assert (f"OVER ({over[0]})" if len(over) and row.limit else "OVER" if over else "kept") in table([row])


def test_a_row_says_when_its_figure_is_not_kept():
    slow, heavy = Row("Pages", "slow", p50=26, limit=25), Row("Pages", "heavy", p50=1, statements=13, limit=25)
    good = Row("Pages", "good", p50=25, statements=12, limit=25)
    assert slow.is_over and heavy.is_over and not good.is_over
    drawn = table([slow, good])
    assert "OVER" in drawn and "kept" in drawn and len({len(line) for line in drawn.splitlines()}) == 1


def test_a_soak_of_seconds_loses_nothing():
    command = [sys.executable, "-m", "benchmarks.soak", "--minutes", "0.1", "--documents", "20", "--seed", "7"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    counted = {name: int(number) for number, name in (line.split("  ") for line in _counts(run.stdout))}
    assert counted["searches"] >= 10
    assert counted["saves acknowledged"] >= 1
    assert counted.get("server killed", 0) + counted.get("writer killed", 0) + counted.get("rebuild killed", 0) > 0
    assert "0 faults" in run.stdout


def _counts(said):
    return [line.strip().replace(",", "") for line in said.splitlines() if line.startswith("  ")]


def step(state, word, there, number=1):
    return {"state": state, "id": number, "word": word, "there": there}


def test_the_last_saved_state_counts_and_a_step_cut_off_may_have_happened():
    notes = [step("begun", "A", True), step("saved", "A", True), step("begun", "B", True)]
    one = soak.expected(iter(notes))[1]
    assert one.may_be == [("A", True), ("B", True)]
    one = soak.expected(iter([*notes, step("saved", "B", True)]))[1]
    assert one.may_be == [("B", True)] and one.old == {"A"}


def test_a_saved_article_that_is_not_found_is_lost(app):
    assert list(soak.lost({999: soak.Expected([("QZX000999", True)])}))
    assert not list(soak.lost({999: soak.Expected([("QZX000999", True), ("", False)])}))
