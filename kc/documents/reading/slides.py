"""PowerPoint: slides in the order they are shown; tables, groups, charts, notes and comments of each."""

from collections.abc import Iterator
from pathlib import Path

from kc.documents.reading.charts import chart_text
from kc.documents.reading.drawn import text_of
from kc.documents.reading.model import Draft, Limits
from kc.documents.reading.packages import Package, events

_BESIDE = ("notesSlide", "comments", "diagramData")


def pages(file: Path, limits: Limits) -> Iterator[Draft]:
    package = Package(file, limits)
    main = package.main_part("ppt/presentation.xml")
    related = package.related(main)
    for event, name, given in events(package, main):
        if event == "start" and name == "sldId" and given.get("r:id") in related:
            _kind, slide = related[given["r:id"]]
            yield Draft("slide", _slide(package, slide) if package.has(slide) else "")


def _slide(package: Package, slide: str) -> str:
    beside = [(kind, part) for kind, part in package.related(slide).values() if package.has(part)]
    texts = [text_of(package, slide)]
    texts += [chart_text(package, part) for kind, part in beside if kind == "chart"]
    texts += [text_of(package, part) for wanted in _BESIDE for kind, part in beside if kind == wanted]
    return "\n".join(filter(None, texts))
