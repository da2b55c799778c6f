"""LibreOffice's own files: texts, slides, sheets; heads, notes, comments, charts; pages where their breaks are kept."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kc.documents.reading.drawn import RENDERED_BREAK
from kc.documents.reading.model import Draft, Kind, Limits, Refused
from kc.documents.reading.packages import Event, Package, events
from kc.documents.reading.word import in_pages
from kc.documents.sniffing import ODP, ODS

_PAGE_OF = {ODP: "page", ODS: "table"}  # the element that holds a slide, a sheet
_KIND: dict[str, Kind] = {ODP: "slide", ODS: "sheet"}
_PASSED_OVER = {
    "tracked-changes",
    "page-number",
    "page-count",
    "forms",
    "note-citation",
    "creator",
    "date",
    "sequence-decls",
}
_MOST_REPEATED = 1000  # blanks; a sheet may say that its last column is there sixteen thousand times


def pages(file: Path, limits: Limits, media_type: str) -> Iterator[Draft]:
    package = Package(file, limits)
    if not package.has("content.xml"):
        raise Refused("damaged")
    if _is_encrypted(package):
        raise Refused("encrypted")
    heads = list(_Writer("").through(_heads(events(package, "styles.xml")))) if package.has("styles.xml") else []
    heads = list(dict.fromkeys(text for _name, text in heads if text))
    charts = [text for part in package.matching(r"Object \d+/content\.xml") if (text := _all(package, part))]
    if media_type in _PAGE_OF:
        found = list(_Writer(_PAGE_OF[media_type]).through(events(package, "content.xml")))
        extra = "\n".join([*heads, *charts])
        for number, (name, text) in enumerate(found):
            named = f"{name}\n{text}" if media_type == ODS else text
            yield Draft(_KIND[media_type], f"{named}\n{extra}" if extra and number == len(found) - 1 else named)
        return
    body = "\n".join(text for _name, text in _Writer("").through(events(package, "content.xml")))
    yield from in_pages("\n".join(filter(None, [*heads, body, *charts])))


def _is_encrypted(package: Package) -> bool:
    part = "META-INF/manifest.xml"
    if not package.has(part):
        return False
    with package.open(part) as stream:
        start = stream.read()
    return b"encryption-data" in start


def _all(package: Package, part: str) -> str:
    return "\n".join(text for _name, text in _Writer("").through(events(package, part)))


def _heads(told: Iterable[Event]) -> Iterator[Event]:
    """Only what stands in a head or foot of a page; the rest of the styles has no text of the document."""
    depth = 0
    for event, name, given in told:
        wanted = name.startswith(("header", "footer")) and not name.endswith("style") and event != "text"
        depth += wanted and event == "start"
        if depth:
            yield event, name, given
        depth -= wanted and event == "end"


class _Writer:
    """Paragraphs and rows; given by (name of the page, text) at the end of each `page` element, or once at the end."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.name = ""
        self.lines: list[str] = []
        self.open: list[list[str]] = []  # paragraphs being written: a note's stand inside another
        self.rows: list[list[str]] = []
        self.held: list[list[str]] = []
        self.passing = 0

    def through(self, told: Iterable[Event]) -> Iterator[tuple[str, str]]:
        for event, name, given in told:
            if event == "text":
                if self.open and not self.passing:
                    self.open[-1].append(name.replace("\n", " "))
            elif event == "start":
                self._start(name, given)
            else:
                self._end(name)
                if name == self.page and not self.passing and not self.rows:
                    yield self._given()
        if not self.page:
            yield self._given()

    def _given(self) -> tuple[str, str]:
        text, self.lines = "\n".join(self.lines), []
        return self.name, text

    def _start(self, name: str, given: dict[str, str]) -> None:
        if self.passing or name in _PASSED_OVER:
            self.passing += 1
        elif name in ("p", "h"):
            self.open.append([])
        elif name == self.page and not self.rows:
            self.name = given.get("name", "")
        elif name == "table-row":
            self.rows.append([])
        elif name in ("table-cell", "covered-table-cell") and self.rows:
            self.held.append([])
        elif name == "soft-page-break":
            self._soft_break()
        elif self.open:
            blank = {"tab": "\t", "line-break": "\n", "s": " "}.get(name, "")
            many = given.get("c", "1")
            self.open[-1].append(blank * (min(int(many), _MOST_REPEATED) if many.isdigit() else 1))

    def _soft_break(self) -> None:
        if self.open:
            self.open[-1].append(RENDERED_BREAK)
        elif not self.rows:
            self.lines.append(RENDERED_BREAK)

    def _end(self, name: str) -> None:
        if self.passing:
            self.passing -= 1
        elif name in ("p", "h") and self.open:
            self._write("".join(self.open.pop()))
        elif name in ("table-cell", "covered-table-cell") and self.held and self.rows:
            self.rows[-1].append(" ".join(self.held.pop()))
        elif name == "table-row" and self.rows:
            row = [cell for cell in self.rows.pop() if cell]
            if row:
                self._write("\t".join(row))

    def _write(self, text: str) -> None:
        if self.held:
            if text.strip():
                self.held[-1].append(text.replace("\n", " "))
        elif text.strip(" \t\n"):
            self.lines.append(text)
