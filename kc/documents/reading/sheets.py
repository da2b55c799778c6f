"""Excel: each sheet's cells as they are shown, a row a line; its head and foot, comments and boxes."""

import posixpath
from collections.abc import Iterator
from pathlib import Path

from kc.documents.reading.cells import Styles, shown
from kc.documents.reading.charts import chart_text
from kc.documents.reading.drawn import text_of
from kc.documents.reading.model import Draft, Limits
from kc.documents.reading.packages import Event, Package, events

_HEADS = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}


def pages(file: Path, limits: Limits) -> Iterator[Draft]:
    package = Package(file, limits)
    main = package.main_part("xl/workbook.xml")
    related = package.related(main)
    strings = _strings(package, related)
    styles = _styles(package, related)
    for event, name, given in events(package, main):
        if event != "start":
            continue
        if name == "workbookPr":
            styles.since_1904 = given.get("date1904") in ("1", "true")
        if name == "sheet" and given.get("r:id") in related:
            kind, part = related[given["r:id"]]
            lines = [given.get("name", "")]
            if kind == "worksheet" and package.has(part):
                lines += _rows(events(package, part), strings, styles)
            yield Draft("sheet", "\n".join([*lines, *_beside(package, part)]))


def _part_of(related: dict[str, tuple[str, str]], wanted: str) -> str:
    return next((part for kind, part in related.values() if kind == wanted), "")


def _strings(package: Package, related: dict[str, tuple[str, str]]) -> list[str]:
    """The workbook's shared strings; readings above Asian letters (rPh) are left out."""
    part = _part_of(related, "sharedStrings")
    found: list[str] = []
    held: list[str] = []
    inside = reading = False
    for event, name, _given in events(package, part) if part and package.has(part) else ():
        if event == "text":
            if inside and not reading:
                held.append(name)
        elif name == "t":
            inside = event == "start"
        elif name == "rPh":
            reading = event == "start"
        elif name == "si" and event == "end":
            found.append("".join(held))
            held = []
    return found


def _styles(package: Package, related: dict[str, tuple[str, str]]) -> Styles:
    part = _part_of(related, "styles")
    styles = Styles()
    inside = False
    for event, name, given in events(package, part) if part and package.has(part) else ():
        if name == "cellXfs" and event != "text":
            inside = event == "start"
        elif event == "start" and name == "numFmt":
            styles.formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif event == "start" and name == "xf" and inside:
            styles.cells.append(given.get("numFmtId", "0"))
    return styles


def _rows(told: Iterator[Event], strings: list[str], styles: Styles) -> Iterator[str]:
    row: list[str] = []
    held: list[str] = []
    kind = style = ""
    inside = False
    for event, name, given in told:
        if event == "text":
            if inside:
                held.append(name)
        elif name in ("v", "t") or name in _HEADS:
            inside = event == "start"
            if name in _HEADS and event == "end":
                yield _head("".join(held))
                held = []
        elif name == "c":
            if event == "start":
                kind, style, held = given.get("t", "n"), given.get("s", "0"), []
            elif value := shown("".join(held), kind, style, strings, styles):
                row.append(value)
                held = []
        elif name == "row" and event == "end":
            if row:
                yield "\t".join(row)
            row = []


def _head(text: str) -> str:
    """A printed head without its codes: &C (middle), &"font", &14 (size), &P (page)."""
    from re import sub

    return sub(r'&(?:"[^"]*"|\d+|K[0-9A-F]{6}|[A-Za-z])', " ", text.replace("&&", "\0")).replace("\0", "&").strip()


def _beside(package: Package, sheet: str) -> list[str]:
    """Comments, boxes and charts that lie on a sheet."""
    found: list[str] = []
    for kind, part in package.related(sheet).values() if package.has(sheet) else ():
        if kind in ("comments", "threadedComment") and package.has(part):
            found.append(text_of(package, part))
        elif kind == "drawing" and package.has(part):
            found.append(text_of(package, part))
            charts = [target for other, target in package.related(part).values() if other == "chart"]
            found += [chart_text(package, posixpath.normpath(chart)) for chart in charts if package.has(chart)]
    return list(dict.fromkeys(filter(None, found)))
