"""What is found in an old exchange form, and the pieces of the document it is found among."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

PARTS = ("background", "goals", "target_group", "method", "results")
MEASURE = ("measure", "unit", "before", "target", "after")


@dataclass
class Block:
    """One paragraph, table or picture of a document, in reading order. `text` is plain, `marked` Markdown-light."""

    kind: str  # text | table | picture
    text: str = ""
    marked: str = ""
    loud: bool = False  # set as a heading, or all in bold
    centred: bool = False
    item: str = ""  # "-" or "1." before an item of a list
    level: int = 0
    rows: list[list[list[Block]]] = field(default_factory=list)  # of a table: rows of cells of blocks
    picture: int = -1  # which of the document's pictures
    x: float = 0.0  # where on the page it begins, as far as that is known

    @property
    def words(self) -> str:
        """All of it as plain text: a table's cells after one another."""
        if self.kind != "table":
            return self.text
        return "\n".join(block.words for row in self.rows for cell in row for block in cell)


@dataclass
class FoundPicture:
    """A picture of the document, already a PNG, JPEG or WebP."""

    name: str
    data: bytes = b""
    caption: str = ""


@dataclass
class OldForm:
    """What one filled form says. Texts are Markdown-light; `unplaced` is what belongs to no field, in its order.

    A picture stands in a text as ``![caption](picture:3)``, where 3 counts the pictures of the document from 0.
    """

    title: str = ""
    community: str = ""
    branch: str = ""
    division: str = ""
    topic: str = ""
    fiscal_year: str = ""
    authors: list[str] = field(default_factory=list)
    background: str = ""
    goals: str = ""
    target_group: str = ""
    method: str = ""
    results: str = ""
    measures: list[tuple[str, ...]] = field(default_factory=list)
    results_on: date | None = None
    unplaced: list[str] = field(default_factory=list)

    @property
    def found(self) -> tuple[str, ...]:
        """The parts that hold something."""
        return tuple(part for part in PARTS if getattr(self, part))

    @property
    def is_blank(self) -> bool:
        """Nobody has filled it in."""
        return not any(vars(self).values())

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        values["results_on"] = self.results_on.isoformat() if self.results_on else None
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> OldForm:
        day = values["results_on"]
        given = {name: values[name] for name in cls.__dataclass_fields__}
        given["measures"] = [tuple(str(cell) for cell in row) for row in values["measures"]]
        given["results_on"] = date.fromisoformat(day) if day else None
        return cls(**given)


@dataclass
class Found:
    """What came of a file. `reason`: one of the reader's REASONS when it could not be read, else None.

    `forms` is empty for a document that is no exchange form; its whole text then stands in `text`.
    """

    forms: list[OldForm] = field(default_factory=list)
    text: str = ""
    pictures: list[FoundPicture] = field(default_factory=list)
    lost_pictures: int = 0  # of a kind nothing here can show
    reason: str | None = None
