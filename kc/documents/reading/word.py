"""Word documents: body, tables, boxes, headers, footers, notes, comments; pages where Word left their breaks."""

from collections.abc import Iterator
from pathlib import Path

from kc.documents.reading.charts import chart_text
from kc.documents.reading.drawn import RENDERED_BREAK, SET_BREAK, paragraphs, text_of
from kc.documents.reading.model import Draft, Limits
from kc.documents.reading.packages import Package, events

LONGEST_PART = 12_000  # letters: a document without breaks is given in parts, so that a hit says roughly where


def pages(file: Path, limits: Limits) -> Iterator[Draft]:
    package = Package(file, limits)
    main = package.main_part("word/document.xml")
    kinds = [(kind, part) for kind, part in package.related(main).values() if package.has(part)]
    body = "\n".join(paragraphs(events(package, main)))
    before = _others(package, kinds, "header")
    after = _others(package, kinds, "footer", "footnotes", "endnotes", "comments", "diagramData")
    charts = [chart_text(package, part) for kind, part in kinds if kind == "chart"]
    yield from in_pages("\n".join(filter(None, [before, body, *charts, after])))


def _others(package: Package, kinds: list[tuple[str, str]], *wanted: str) -> str:
    """Texts of the parts of these kinds, each once: three headers of a section often say the same."""
    texts = [text_of(package, part) for name in dict.fromkeys(wanted) for kind, part in kinds if kind == name]
    return "\n".join(dict.fromkeys(filter(None, texts)))


def in_pages(text: str) -> Iterator[Draft]:
    """Pages where their breaks are known, else parts: at the author's breaks, and none too long."""
    if RENDERED_BREAK in text:
        for page in text.replace(SET_BREAK, "\n").split(RENDERED_BREAK):
            yield Draft("page", page)
        return
    for piece in text.split(SET_BREAK):
        while len(piece) > LONGEST_PART:
            cut = piece.rfind("\n", LONGEST_PART // 2, LONGEST_PART)
            cut = cut if cut > 0 else piece.rfind(" ", LONGEST_PART // 2, LONGEST_PART)
            cut = cut if cut > 0 else LONGEST_PART
            yield Draft("part", piece[:cut])
            piece = piece[cut:]
        if piece.strip():
            yield Draft("part", piece)
