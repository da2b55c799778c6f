"""Ruled tables on a page, told by their lines: where the columns and the rows are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NEAR = 3.0  # points
THIN = 2.5


@dataclass(frozen=True)
class Box:
    """A rectangle, points from the lower left corner of the page."""

    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other's middle is inside."""
        across = (other.left + other.right) / 2
        return self.left - 1 <= across <= self.right + 1 and self.bottom - 1 <= other.middle <= self.top + 1

    def touches(self, other: Box) -> bool:
        return (
            self.left - NEAR <= other.right
            and other.left - NEAR <= self.right
            and self.bottom - NEAR <= other.top
            and other.bottom - NEAR <= self.top
        )

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        boxes = list(boxes)
        return cls(
            min(b.left for b in boxes),
            min(b.bottom for b in boxes),
            max(b.right for b in boxes),
            max(b.top for b in boxes),
        )


@dataclass(frozen=True)
class Grid:
    """Columns from left to right, rows from top to bottom, each given by its lines."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def cell_of(self, box: Box) -> tuple[int, int]:
        """(row, column) that a letter stands in."""
        across = (box.left + box.right) / 2
        column = sum(line <= across for line in self.columns) - 1
        row = sum(line >= box.middle for line in self.rows) - 1
        return min(max(row, 0), len(self.rows) - 2), min(max(column, 0), len(self.columns) - 2)


def grids(drawn: list[Box]) -> list[Grid]:
    """The tables among what is drawn: lines that touch one another, two columns and two rows at least."""
    lines = [line for box in drawn for line in _edges(box)]
    found = []
    for group in _groups(lines[:3000]):
        columns = _levels(line.left for line in group if line.height > line.right - line.left)
        rows = _levels(line.bottom for line in group if line.height <= line.right - line.left)
        if len(columns) >= 2 and len(rows) >= 2 and len(columns) + len(rows) >= 5:
            found.append(Grid(Box.around(group), tuple(columns), tuple(reversed(rows))))
    return found


def _edges(box: Box) -> list[Box]:
    wide, high = box.right - box.left, box.height
    if (wide <= THIN and high > 6) or (high <= THIN and wide > 12):
        return [box]
    if wide > 12 and high > 6 and wide < 1000:  # a cell drawn as a frame or filled
        return [
            Box(box.left, box.bottom, box.left, box.top),
            Box(box.right, box.bottom, box.right, box.top),
            Box(box.left, box.bottom, box.right, box.bottom),
            Box(box.left, box.top, box.right, box.top),
        ]
    return []


def _groups(lines: list[Box]) -> list[list[Box]]:
    groups: list[tuple[Box, list[Box]]] = []
    for line in lines:
        near = [group for group in groups if group[0].touches(line)]
        members = [line, *(member for _box, group in near for member in group)]
        groups = [group for group in groups if group not in near]
        groups.append((Box.around([line, *(box for box, _m in near)]), members))
    return [members for _box, members in groups]


def _levels(values: Iterable[float]) -> list[float]:
    """Positions that differ by more than a hair, in rising order."""
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > NEAR:
            levels.append(value)
    return levels
