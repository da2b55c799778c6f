"""Text of Office XML: paragraphs, table rows, boxes, whatever part they stand in (S0-298, D2).

Word, slides and drawings write text alike: runs ``t`` in paragraphs ``p``, cells ``tc`` in rows ``tr``.
"""

from collections.abc import Iterable, Iterator

from kc.documents.reading.model import Refused
from kc.documents.reading.packages import Event, Package, events

RENDERED_BREAK, SET_BREAK = "\x0c", "\x0b"  # where Word broke the page, and where its author did
# Deleted text, a second telling of the same box for older programs, tab stops, numbers of slides, formulas of fields.
_PASSED_OVER = {"del", "moveFrom", "Fallback", "pPr", "instrText", "delText", "tabs"}


def paragraphs(told: Iterable[Event]) -> Iterator[str]:
    """Paragraphs and table rows (cells between tabs) in reading order; a box before the paragraph that holds it."""
    yield from _Writer().through(told)


def text_of(package: Package, part: str) -> str:
    """All text of a part beside others, a paragraph a line; what can be read of it, when it is damaged."""
    found: list[str] = []
    try:
        found.extend(paragraphs(events(package, part)))
    except Refused as why:
        if str(why) != "damaged":
            raise
    return "\n".join(found)


class _Writer:
    def __init__(self) -> None:
        self.open: list[list[str]] = [[]]  # paragraphs being written: a box's stand inside another
        self.cells: list[list[str]] = []  # rows being written, a table inside a table above it
        self.held: list[list[str]] = []  # what the cells of those rows hold so far
        self.ready: list[str] = []
        self.passing = 0
        self.in_text = False

    def through(self, told: Iterable[Event]) -> Iterator[str]:
        for event, name, given in told:
            if event == "text":
                if self.in_text and not self.passing:
                    self.open[-1].append(name)
            elif event == "start":
                self._start(name, given)
            else:
                self._end(name)
            if self.ready and not self.cells and len(self.open) == 1:
                yield from self.ready
                self.ready = []
        yield from self.ready

    def _start(self, name: str, given: dict[str, str]) -> None:
        if self.passing or name in _PASSED_OVER or (name == "fld" and given.get("type") == "slidenum"):
            self.passing += 1
        elif name == "t":
            self.in_text = True
        elif name in ("p", "text"):  # a comment on a slide or a cell stands in "text"
            self.open.append([])
            self.in_text = name == "text"
        elif name == "tr":
            self.cells.append([])
        elif name == "tc" and self.cells:
            self.held.append([])
        elif name in ("tab", "ptab"):
            self.open[-1].append("\t")
        elif name == "br":
            self.open[-1].append(SET_BREAK if given.get("type") == "page" else "\n")
        elif name == "cr":
            self.open[-1].append("\n")
        elif name == "noBreakHyphen":
            self.open[-1].append("-")
        elif name == "lastRenderedPageBreak":
            self.open[-1].append(RENDERED_BREAK)

    def _end(self, name: str) -> None:
        if self.passing:
            self.passing -= 1
        elif name == "t":
            self.in_text = False
        elif name in ("p", "text") and len(self.open) > 1:
            self.in_text = False
            self._write("".join(self.open.pop()))
        elif name == "tc" and self.held and self.cells:
            self.cells[-1].append(" ".join(self.held.pop()))
        elif name == "tr" and self.cells:
            row = self.cells.pop()
            if any(row):
                self._write("\t".join(row))

    def _write(self, text: str) -> None:
        if not text.strip(" \t\n"):
            return
        if len(self.open) == 1 and self.held:
            self.held[-1].append(text.replace("\n", " "))
        else:
            self.ready.append(text)
