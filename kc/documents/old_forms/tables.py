"""Tables of an old form: goals beside results become measures, forms drawn as tables are opened, the rest stays."""

from __future__ import annotations

from dataclasses import replace

from kc.documents.old_forms.model import MEASURE, Block
from kc.documents.old_forms.wording import (
    column_of,
    heading_of,
    is_form_title,
    label_at,
    results_day_after,
    without_dots,
)

MOST_MEASURES = 30
LONGEST_CELL = 200

Measures = list[tuple[str, ...]]


def cell_text(cell: list[Block]) -> str:
    """A cell on one line."""
    return " ".join(without_dots(" ".join(block.words for block in cell)).split())


def measures_of(table: Block) -> tuple[Measures, bool] | None:
    """(rows of goals and results, whether they hold all the table says); None for any other table."""
    rows = [[cell_text(cell) for cell in row] for row in table.rows]
    if len(rows) < 2:
        return None
    columns = [column_of(text) for text in rows[0]]
    named = {name for name in columns if name}
    if not ({"target", "after"} <= named or {"measure", "target"} <= named or {"measure", "after"} <= named):
        return None
    if len(named) < sum(bool(name) for name in columns):  # a column twice: nobody knows which is meant
        return None
    found, whole = [], True
    for row in rows[1:]:
        values = dict.fromkeys(MEASURE, "")
        for name, text in zip(columns, row, strict=False):
            if name:
                values[name] = text
            elif name is None and text.strip("-–"):
                whole = False
        if not any(values.values()):
            continue
        if "measure" not in named:
            values["measure"], values["target"] = values["target"], ""
        whole = whole and bool(values["measure"]) and all(len(text) <= LONGEST_CELL for text in values.values())
        found.append(tuple(values[name] for name in MEASURE))
    return found[:MOST_MEASURES], whole and len(found) <= MOST_MEASURES


def merged(before: Measures, more: Measures) -> Measures:
    """Rows of the goals' table and of the results' table that measure the same are one row."""
    result = [list(row) for row in before]
    for row in more:
        same = next((old for old in result if old[0] == row[0] and _agree(old, row)), None)
        if same is None:
            result.append(list(row))
        else:
            same[:] = [mine or theirs for mine, theirs in zip(same, row, strict=True)]
    return [tuple(row) for row in result]


def _agree(one: list[str], other: tuple[str, ...]) -> bool:
    return all(not a or not b or a == b for a, b in zip(one, other, strict=True))


def is_layout(table: Block) -> bool:
    """Whether the form itself is drawn as this table: headings or labels of the form stand in its cells."""
    if len(table.rows) == 1 and len(table.rows[0]) == 1:
        return True
    for row in table.rows:
        for cell in row:
            for block in cell[:3]:
                if block.kind == "table":
                    return True
                if is_form_title(block.text) or results_day_after(block.text) is not None:
                    return True
                heading = heading_of(block.text, block.loud)
                if heading is not None and (heading.strong or heading.rest):
                    return True
        label = label_at(cell_text(row[0])) if row and len(row) <= 4 else None
        if label is not None and label[0] in ("title", "division", "authors", "branch", "topic"):
            return True
    return False


def opened(table: Block) -> list[Block]:
    """The cells of a form drawn as a table, as if they had been written one below the other."""
    blocks: list[Block] = []
    for row in table.rows:
        cells = [cell for cell in row if any(b.words.strip() or b.kind == "picture" for b in cell)]
        if len(cells) > 1 and _is_line(cells):
            texts = [cell[0].text.strip() for cell in cells]
            blocks.append(Block("text", "   ".join(texts), "   ".join(texts)))
            continue
        for cell in cells:
            blocks += cell
    return blocks


def _is_line(cells: list[list[Block]]) -> bool:
    """A row of the form's head: short cells of one line, the first a label."""
    short = all(len(cell) == 1 and cell[0].kind == "text" and len(cell[0].text) < 300 for cell in cells)
    return short and heading_of(cells[0][0].text, cells[0][0].loud) is None


def as_markdown(table: Block) -> str:
    """Any other table as the editor's own kind."""
    rows = [[cell_text(cell).replace("|", "\\|") for cell in row] for row in table.rows]
    width = max((len(row) for row in rows), default=0)
    if not width or not any(map(any, rows)):
        return ""
    rows = [row + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * width)
    return "\n".join(lines)


def pictures_in(table: Block) -> list[Block]:
    """Pictures that stand in its cells: a Markdown table cannot hold them, so they follow it."""
    found: list[Block] = []
    for row in table.rows:
        for cell in row:
            for block in cell:
                if block.kind == "picture":
                    found.append(replace(block))
                elif block.kind == "table":
                    found += pictures_in(block)
    return found
