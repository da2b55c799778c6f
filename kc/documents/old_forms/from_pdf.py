"""A text PDF as blocks: lines joined to paragraphs by where they end, ruled tables, pictures. In the child only."""

from __future__ import annotations

import ctypes
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
from kc.documents.old_forms.wording import DOTS, column_of, heading_of, is_form_title, label_at, results_day_after
from kc.documents.reading.glyphs import Glyph, glyphs_of, on_their_letters, said_once, words_of
from kc.thai.repair import MARKS

MOST_PAGES = 300
MOST_PICTURES = 60
MOST_PIXELS = 60_000_000
GAP = "   "  # between words that stand far apart
SMALLEST = 24  # points: a rule or an ornament is no picture
_ITEM = re.compile(r"^\s*([•●▪■◆➢✓\uf0b7\uf0a7]|[-–](?=\s))\s*")
_NUMBERED = re.compile(r"^\s*[(\[]?(?:[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})*[.)\]]|[ก-ฮ][.)])\s")
_SPACING = ("ำ", "า", "ะ")
_FULL = re.compile("[ก-ฮA-Z0-9]")
_MARK = re.compile(f"[{MARKS}]")
_THAI_END, _THAI_START = re.compile("[\u0e01-\u0e4e]$"), re.compile("^[\u0e01-\u0e4e]")


@dataclass
class Letter:
    """A letter of a page: its box, and the height of the line it was written on."""

    glyph: Glyph
    box: Box
    base: float


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
        if letter.glyph.letter.strip():  # a space belongs to the letter before it
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
    """The letters of a page, none of them twice; a space that pdfium believes in stands behind the letter before it."""
    glyphs = glyphs_of(text)
    across, base = ctypes.c_double(), ctypes.c_double()
    bases, before = {}, 0.0
    last: Glyph | None = None
    for index, glyph in enumerate(glyphs):
        if not glyph.made:
            raw.FPDFText_GetCharOrigin(text, index, across, base)
            before, last = base.value, glyph
        elif last is not None:
            glyph.left, glyph.right, glyph.low, glyph.high = last.right, last.right, last.low, last.high
        bases[id(glyph)] = before
    kept = [glyph for glyph in said_once(glyphs) if glyph.letter and glyph.letter not in "\r\n\x02"]
    _widen(glyphs, kept)
    return [Letter(g, Box(g.left, g.low, g.right, g.high), bases[id(g)]) for g in kept]


def _widen(glyphs: list[Glyph], kept: list[Glyph]) -> None:
    """A syllable written as one picture is told with half its room; where it was said again is the other half."""
    whole = {id(glyph) for glyph in kept}
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.letter in _SPACING and id(glyph) in whole:
            last = glyph
        elif last is None or glyph.letter != last.letter or id(glyph) in whole:
            continue
        elif abs(glyph.left - last.right) < 2 * (last.right - last.left) + 1:
            last.right = max(last.right, glyph.right)


def _height(letters: list[Letter]) -> float:
    """How high most letters are, without what stands above and below them."""
    heights = sorted(letter.box.height for letter in letters if _FULL.match(letter.glyph.letter))
    return max(heights[len(heights) // 2], 1.0) if heights else 6.0


def _lines(letters: list[Letter]) -> list[Line]:
    """Letters written at one height are one line, in whatever order they were written."""
    height = _height(letters)
    rows: list[list[Letter]] = []
    for letter in letters:
        row = next((row for row in reversed(rows) if abs(row[0].base - letter.base) < 0.6 * height), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    lines = []
    for row in rows:
        seen = [letter.box for letter in row if letter.glyph.letter.strip() and letter.box.right > letter.box.left]
        text = _written([letter.glyph for letter in row], height)
        if seen and text:
            around = Box.around(seen)
            lines.append(Line(text, Box(around.left, row[0].base, around.right, row[0].base + height)))
    return lines


def _written(row: list[Glyph], height: float) -> str:
    """The words of a line from left to right; where a wide gap parts them, three spaces."""
    runs: list[list[Glyph]] = []
    right: float | None = None
    for glyph in on_their_letters(row):
        full = not _MARK.match(glyph.letter) and glyph.letter.strip()
        if full and (right is None or not -2 * height < glyph.left - right < 3.2 * height):
            runs.append([])
        if runs:
            runs[-1].append(glyph)
        if full:
            right = glyph.right
    runs.sort(key=lambda run: run[0].left)
    return GAP.join(filter(None, (words_of(run, height).strip() for run in runs)))


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
    where = (0, 0)
    for letter in letters:
        if letter.glyph.letter.strip():
            where = grid.cell_of(letter.box)
        cells.setdefault(where, []).append(letter)
    rows = []
    for row in range(len(grid.rows) - 1):
        found = []
        for column in range(len(grid.columns) - 1):
            found.append(paragraphs(_lines(cells.get((row, column), []))))
        rows.append(found)
    return Block("table", rows=rows, x=grid.box.left)


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
    pitch = _pitch(lines)
    before: Line | None = None
    for line in lines:
        text = line.text
        if _row_of_table(text, blocks):
            before = None
            continue
        item = _ITEM.match(text)
        if before is not None and blocks and not item and _goes_on(before, line, blocks[-1], (left, right), pitch):
            blocks[-1].text = _together(blocks[-1].text, text)
        else:
            body = text[item.end() :] if item else text
            centred = sides is not None and _is_centred(line.box, left, right)
            blocks.append(Block("text", body, item="-" if item else "", x=line.box.left, centred=centred))
        before = line
    for block in (block for block in blocks if block.kind == "text"):
        block.text = block.text.strip()
        block.marked = escaped_start(block.text.replace("*", "\\*"))
    return blocks


def _pitch(lines: list[Line]) -> float:
    """How far apart two lines of one paragraph stand at most."""
    steps = (one.box.bottom - other.box.bottom for one, other in zip(lines, lines[1:], strict=False))
    usual = sorted(step for step in steps if step > 0)
    return 1.4 * usual[len(usual) // 4] if usual else 1000.0


def _row_of_table(text: str, blocks: list[Block]) -> bool:
    """Goals beside results without lines around them: a head that names the columns, and rows as wide as it."""
    cells = text.split(GAP)
    if len(cells) < 2:
        return False
    row = [[Block("text", cell.strip(), cell.strip())] for cell in cells]
    if blocks and blocks[-1].kind == "table" and len(blocks[-1].rows[0]) == len(cells):
        blocks[-1].rows.append(row)
        return True
    named = {column_of(cell) for cell in cells}
    if {"target", "after"} <= named and None not in named:
        blocks.append(Block("table", rows=[row]))
        return True
    return False


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


def _goes_on(before: Line, line: Line, block: Block, sides: tuple[float, float], pitch: float) -> bool:
    text, (left, right) = line.text, sides
    if block.kind == "table" or GAP in text or GAP in before.text or _begins_anew(text, block):
        return False
    if DOTS.search(before.text) and DOTS.search(text):
        return False
    open_bracket = block.text.count("(") > block.text.count(")") and len(block.text) < 300
    if open_bracket and heading_of(block.text) is not None:
        return True
    if before.box.bottom - line.box.bottom > pitch:
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
