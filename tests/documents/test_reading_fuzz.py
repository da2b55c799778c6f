"""Broken files of every kind: only the reader's own process may die, and none goes on for ever."""

import random

import pytest

from benchmarks import fuzzing, papers

PAPERS = papers.kinds(papers.sound_pages(1))


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.name for paper in PAPERS])
def test_broken_files_end_with_an_answer(paper, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")  # by our own reader alone: poppler would take most of the time
    outcome = fuzzing.fuzz(paper, 30, seed=7)
    assert outcome.files == 30 and outcome.hangs == 0
    assert outcome.slowest < fuzzing.LIMITS.seconds
    # Some breaks do no harm; a reader that refused everything would read nothing.
    assert outcome.ends["readable"] > 0


def test_breaking_breaks_and_can_be_repeated():
    data = PAPERS[2].data
    broken = [fuzzing.mutated(data, random.Random(n)) for n in range(20)]
    assert len({*broken, data}) > 15
    assert broken == [fuzzing.mutated(data, random.Random(n)) for n in range(20)]
