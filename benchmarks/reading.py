"""python -m benchmarks.reading [--document docs/READING.md] [--fuzz 2000]: how well files are read; what breaks it."""

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pythainlp.tokenize import word_tokenize

from benchmarks import fuzzing, papers
from benchmarks.damage import CLASSES, damaged
from benchmarks.papers import Paper
from kc.documents import sniffing
from kc.documents.reading import Reading, read

PAGES = 12
MOST_CHANGED = 10_000  # words of sound text of which one may be changed
FONTS = ("Laksaman", "Noto Sans Thai", "Loma", "Garuda")
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    """One file: recall of its words as it came and after repair, what the reader says is known, changed words, time."""

    name: str
    raw: float
    recall: float
    known: float
    seconds: float
    goal: float

    @property
    def kept(self) -> bool:
        return self.recall >= self.goal


def words_of(text: str) -> Counter[str]:
    return Counter(word for word in word_tokenize(re.sub(r"\s+", " ", text), engine="newmm") if word.strip())


def word_recall(truth: str, found: str) -> float:
    """The share of the truth's words, each as often as it stands there, that the other text has."""
    wanted, had = words_of(truth), words_of(found)
    return (wanted & had).total() / (wanted.total() or 1)


def alone(paper: Paper, goal: float) -> Row:
    """A PDF as read on a machine without poppler."""
    path = os.environ["PATH"]
    os.environ["PATH"] = os.devnull
    try:
        return measure(replace(paper, name=f"{paper.name}; pdfium alone"), goal)
    finally:
        os.environ["PATH"] = path


def measure(paper: Paper, goal: float) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file")
        file.write_bytes(paper.data)
        began = time.perf_counter()
        result: Reading = read(file, paper.media_type)
        seconds = time.perf_counter() - began
    truth = "\n".join(paper.truth)
    text = "\n".join(page.text for page in result.pages)
    raw = "\n".join(page.text if page.raw is None else page.raw for page in result.pages)
    return Row(paper.name, word_recall(truth, raw), word_recall(truth, text), result.known, seconds, goal)


def sound_papers(pages: tuple[str, ...]) -> Iterator[Paper]:
    yield from papers.kinds(pages)
    for font in FONTS:
        if _has_font(font):
            yield Paper(f"PDF, typst, {font}", "application/pdf", papers.typst_pdf(pages, font), pages)
    yield from _by_chromium(pages)
    if papers.has_libreoffice():
        yield from _by_libreoffice(pages)
    else:
        say("LibreOffice is not installed: its files are not measured")


def _has_font(name: str) -> bool:
    import typst

    return name in typst.Fonts(include_system_fonts=True).families()


def _by_chromium(pages: tuple[str, ...]) -> Iterator[Paper]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        say("Chromium is not installed: its files are not measured")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for font in ("Sarabun", *filter(_has_font, FONTS)):
            data = papers.chromium_pdf(pages, f"'{font}'", browser)
            yield Paper(f"PDF, Chromium, {font}", "application/pdf", data, pages)
        browser.close()


def _by_libreoffice(pages: tuple[str, ...]) -> Iterator[Paper]:
    for font in filter(_has_font, FONTS):
        data = papers.by_libreoffice(papers.docx(pages, font), "docx", "pdf")
        yield Paper(f"PDF, LibreOffice, {font}", "application/pdf", data, pages)
    word, show = papers.docx(pages), papers.pptx(pages)
    yield Paper("ODT, LibreOffice", sniffing.ODT, papers.by_libreoffice(word, "docx", "odt"), pages)
    yield Paper("DOCX, LibreOffice", sniffing.DOCX, papers.by_libreoffice(word, "docx", "docx"), pages)
    yield Paper("ODP, LibreOffice", sniffing.ODP, papers.by_libreoffice(show, "pptx", "odp"), pages)


def damaged_papers(pages: tuple[str, ...]) -> Iterator[Paper]:
    for kind in CLASSES:
        spoilt = [damaged(page, kind, seed) for seed, page in enumerate(pages)]
        yield Paper(f"PDF, {kind}", "application/pdf", papers.crafted_pdf(spoilt), pages)


def changed_in_sound(pages: tuple[str, ...]) -> tuple[int, int]:
    """(words that repair changed, words) of sound text."""
    from kc.documents.reading.repairing import repaired

    changed = sum((words_of(page) - words_of(repaired(page).text)).total() for page in pages)
    return changed, sum(words_of(page).total() for page in pages)


def say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def table(rows: list[Row]) -> str:
    lines = [
        "| File | Words as they came | Words after repair | Goal | Known, by its own word | Seconds |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        mark = "" if row.kept else " (missed)"
        lines.append(
            f"| {row.name} | {row.raw:.1%} | {row.recall:.1%} | {row.goal:.0%}{mark} | {row.known:.1%} "
            f"| {row.seconds:.2f} |"
        )
    return "\n".join(lines)


def fuzz_table(outcomes: list[fuzzing.Outcome]) -> str:
    lines = [
        "| File | Broken copies | Readable all the same | Refused | Reader died | Hung | Slowest, s |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for outcome in outcomes:
        readable = outcome.ends["readable"] + outcome.ends["no_text"]
        refused = sum(outcome.ends.values()) - readable
        lines.append(
            f"| {outcome.kind} | {outcome.files:,} | {readable:,} | {refused:,} | {outcome.deaths} | {outcome.hangs} "
            f"| {outcome.slowest:.1f} |"
        )
    return "\n".join(lines)


def write_document(file: Path, heading: str, text: str) -> None:
    """Put a table between its two marks; the other tables stay."""
    begin, end = BEGIN.replace("figures", heading), END.replace("figures", heading)
    before, _, rest = file.read_text(encoding="utf-8").partition(begin)
    file.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the table into docs/READING.md")
    parser.add_argument("--fuzz", type=int, metavar="N", help="instead: N broken copies of a file of each kind")
    asked = parser.parse_args()
    if asked.fuzz:
        outcomes = []
        for paper in papers.kinds(papers.sound_pages(2)):
            say(f"{paper.name} …")
            outcomes.append(fuzzing.fuzz(paper, asked.fuzz))
        text, heading, good = fuzz_table(outcomes), "broken files", not any(o.hangs for o in outcomes)
    else:
        pages = papers.sound_pages(PAGES)
        sound = list(sound_papers(pages))
        rows = [measure(paper, 0.98) for paper in sound]
        if shutil.which("pdftotext"):
            rows += [alone(paper, 0.98) for paper in sound if paper.media_type == "application/pdf"]
        rows += [measure(paper, 0.97) for paper in damaged_papers(pages)]
        changed, count = changed_in_sound(papers.sound_pages(100))
        text = f"{table(rows)}\n\nOf {count:,} words of sound text repair changed {changed}."
        heading, good = "figures", all(row.kept for row in rows) and changed * MOST_CHANGED <= count
    print(text)
    if asked.document:
        write_document(asked.document, heading, text)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
