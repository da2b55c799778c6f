"""A text PDF as blocks: lines joined to paragraphs by where they end, ruled tables, pictures. In the child only."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from kc.documents.old_forms.from_word import BadDocument, escaped_start
from kc.documents.old_forms.grids import Box, Grid, grids
from kc.documents.old_forms.model import Block
from kc.documents.old_forms.wording import DOTS, heading_of, is_form_title, label_at, results_day_after

MOST_PAGES = 300
MOST_PICTURES = 60
MOST_PIXELS = 60_000_000
SMALLEST = 24  # points: a rule or an ornament is no picture
_ITEM = re.compile(r"^\s*([•●▪■◆➢✓\uf0b7\uf0a7]|[-–](?=\s))\s*")
_NUMBERED = re.compile(r"^\s*[(\[]?(?:[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})*[.)\]]|[ก-ฮ][.)])\s")
_THAI_END, _THAI_START = re.compile("[\u0e01-\u0e4e]$"), re.compile("^[\u0e01-\u0e4e]")


@dataclass
class Letter:
    text: str
    box: Box


@dataclass
class Line:
    """One line of a page and where it stands (points from the lower left corner)."""

    text: str
    box: Box
    bold: bool = False


def blocks_of(file: Path) -> tuple[list[Block], list[tuple[str, bytes]]]:
    """(blocks, pictures) of a PDF; BadDocument when it cannot be read."""
    try:
        document = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as why:
        raise BadDocument("encrypted" if "assword" in str(why) else "damaged") from why
    pictures: list[tuple[str, bytes]] = []
    pages = []
    for number in range(min(len(document), MOST_PAGES)):
        pages.append(_page(document[number], pictures))
    return _joined(pages), pictures


def _page(page: Any, pictures: list[tuple[str, bytes]]) -> list[tuple[Box, Line | Block]]:
    """Everything on a page, from top to bottom as far as the text runs so."""
    letters = _letters(page.get_textpage())
    tables = grids(_rules(page))
    inside: dict[int, list[Letter]] = {n: [] for n in range(len(tables))}
    outside: list[Letter] = []
    where: int | None = None
    for letter in letters:
        if letter.text.strip():  # a space belongs to the letter before it
            where = next((n for n, grid in enumerate(tables) if grid.box.holds(letter.box)), None)
        (outside if where is None else inside[where]).append(letter)
    pieces: list[tuple[Box, Line | Block]] = [(line.box, line) for line in _lines(outside)]
    for number, grid in enumerate(tables):
        if inside[number]:
            _insert(pieces, grid.box, _table(grid, inside[number]))
    for box, block in _pictures(page, pictures):
        _insert(pieces, box, block)
    return pieces


def _insert(pieces: list[tuple[Box, Line | Block]], box: Box, block: Block) -> None:
    """Put a table or picture where the page shows it: before the first line that stands below it."""
    position = next((n for n, (other, _p) in enumerate(pieces) if other.middle < box.middle), len(pieces))
    pieces.insert(position, (box, block))


def _letters(text: Any) -> list[Letter]:
    found = []
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        if code in (0, 0xFFFE, 0xFFFF, 0x02):
            continue
        letter = chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else " "
        if letter == "\r":
            continue
        found.append(Letter(letter, Box(*text.get_charbox(index, loose=True)) if letter != "\n" else Box()))
    return found


def _lines(letters: list[Letter]) -> list[Line]:
    lines: list[Line] = []
    run: list[Letter] = []
    for letter in [*letters, Letter("\n", Box())]:
        if letter.text != "\n":
            run.append(letter)
            continue
        seen = [one.box for one in run if one.text.strip() and one.box.right > one.box.left]
        if seen:
            lines.append(Line("".join(one.text for one in run).strip(), Box.around(seen)))
        run = []
    return lines


def _rules(page: Any) -> list[Box]:
    """Boxes of everything drawn that is not text: the lines of tables are among them."""
    boxes = []
    for number, thing in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4)):
        if number > 5000:
            break
        boxes.append(Box(*thing.get_bounds()))
    return boxes


def _table(grid: Grid, letters: list[Letter]) -> Block:
    cells: dict[tuple[int, int], list[Letter]] = {}
    for letter in letters:
        cells.setdefault(grid.cell_of(letter.box), []).append(letter)
    rows = []
    for row in range(len(grid.rows) - 1):
        found = []
        for column in range(len(grid.columns) - 1):
            lines = _cell_lines(cells.get((row, column), []))
            found.append(paragraphs(lines))
        rows.append(found)
    return Block("table", rows=rows, x=grid.box.left)


def _cell_lines(letters: list[Letter]) -> list[Line]:
    """Letters of a cell as lines: a letter that stands clearly lower begins the next."""
    parted: list[Letter] = []
    for letter in letters:
        if parted and parted[-1].box.middle - letter.box.middle > 0.6 * max(parted[-1].box.height, 1):
            parted.append(Letter("\n", Box()))
        parted.append(letter)
    return _lines(parted)


def _pictures(page: Any, pictures: list[tuple[str, bytes]]) -> list[tuple[Box, Block]]:
    found = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        box = Box(*thing.get_bounds())
        if len(pictures) >= MOST_PICTURES:
            break
        if box.right - box.left < SMALLEST or box.height < SMALLEST:
            continue
        width, height = thing.get_px_size()
        if not 0 < width * height <= MOST_PIXELS:
            continue
        stream = io.BytesIO()
        try:
            image = thing.get_bitmap(render=False).to_pil()
            if image.mode in ("RGB", "L"):
                image.save(stream, "JPEG", quality=90)
            else:
                image.save(stream, "PNG")
        except (pdfium.PdfiumError, OSError, ValueError):
            pictures.append(("picture", b""))  # counted, and named as lost
            continue
        name = f"picture-{len(pictures) + 1}.{'jpg' if stream.getvalue()[:2] == bytes((255, 216)) else 'png'}"
        found.append((box, Block("picture", picture=len(pictures), x=box.left)))
        pictures.append((name, stream.getvalue()))
    return found


# ---- lines to paragraphs -------------------------------------------------------------------------------------------


def _joined(pages: list[list[tuple[Box, Line | Block]]]) -> list[Block]:
    """All pages as one text; lines that every page repeats at its edge are kept once."""
    furniture = _repeated(pages)
    lines = [piece for page in pages for _box, piece in page if isinstance(piece, Line)]
    sides = _sides(lines)
    blocks: list[Block] = []
    waiting: list[Line] = []
    seen: set[str] = set()
    for page in pages:
        for _box, piece in page:
            if isinstance(piece, Line):
                key = _same(piece.text)
                if key in furniture:
                    if key in seen:
                        continue
                    seen.add(key)
                waiting.append(piece)
                continue
            blocks += [*paragraphs(waiting, sides), piece]
            waiting = []
    return blocks + paragraphs(waiting, sides)


def _sides(lines: list[Line]) -> tuple[float, float]:
    """Where the text's left and right edges are."""
    return min((line.box.left for line in lines), default=0.0), max((line.box.right for line in lines), default=0.0)


def _same(text: str) -> str:
    return re.sub(r"[0-9๐-๙]+", "0", "".join(text.split()))


def _repeated(pages: list[list[tuple[Box, Line | Block]]]) -> set[str]:
    """Heads and feet: what stands first or last on more than half of the pages, three at least."""
    counts: dict[str, int] = {}
    for page in pages:
        lines = [piece for _box, piece in page if isinstance(piece, Line)]
        for key in {_same(line.text) for line in [*lines[:2], *lines[-2:]]}:
            counts[key] = counts.get(key, 0) + 1
    return {key for key, count in counts.items() if count >= 2 and count > len(pages) / 2}


def paragraphs(lines: list[Line], sides: tuple[float, float] | None = None) -> list[Block]:
    """Lines put together where the first runs to the edge and the next goes on. `sides`: of the whole text."""
    blocks: list[Block] = []
    left, right = sides or _sides(lines)
    before: Line | None = None
    for line in lines:
        text = line.text
        item = _ITEM.match(text)
        if before is not None and blocks and not item and _goes_on(before, line, blocks[-1], left, right):
            blocks[-1].text = _together(blocks[-1].text, text)
        else:
            body = text[item.end() :] if item else text
            centred = sides is not None and _is_centred(line.box, left, right)
            blocks.append(Block("text", body, item="-" if item else "", x=line.box.left, centred=centred))
        before = line
    for block in blocks:
        block.text = block.text.strip()
        block.marked = escaped_start(block.text.replace("*", "\\*"))
    return blocks


def _is_centred(box: Box, left: float, right: float) -> bool:
    aside = (box.left - left) - (right - box.right)
    return box.left - left > 0.1 * (right - left) and abs(aside) < 0.06 * (right - left)


def _begins_anew(text: str, block: Block) -> bool:
    """A line that says itself that it does not go on with what stands above it."""
    if _NUMBERED.match(text) or is_form_title(text) or results_day_after(text) is not None:
        return True
    heading = heading_of(text)
    if heading is not None and (heading.alone or heading.strong):
        return True
    label, above = label_at(text), label_at(block.text)
    if label is None:
        return above is not None and above[0] == "authors"
    return above is not None or label[0] not in ("title", "community") or text.startswith("ชุมชนนัก")


def _goes_on(before: Line, line: Line, block: Block, left: float, right: float) -> bool:
    text = line.text
    if _begins_anew(text, block) or (DOTS.search(before.text) and DOTS.search(text)):
        return False
    open_bracket = block.text.count("(") > block.text.count(")") and len(block.text) < 300
    if open_bracket and heading_of(block.text) is not None:
        return True
    lower = before.box.middle - line.box.middle
    same_height = 0.5 * before.box.height < line.box.height < 2 * before.box.height
    if same_height and lower > 2.2 * max(before.box.height, line.box.height):
        return False
    in_head = label_at(block.text) is not None and len(block.text) < 400
    if in_head and line.box.left > block.x + 20:
        return True  # a value of the head that goes on under itself
    if block.centred or line.box.left > left + 0.35 * (right - left):
        return False
    if line.box.left > before.box.left + 12 and not block.item:
        return False  # a first line set in
    return before.box.right >= right - 0.13 * (right - left)


def _together(one: str, other: str) -> str:
    glued = _THAI_END.search(one) and _THAI_START.search(other)
    return f"{one}{other}" if glued else f"{one} {other}"
