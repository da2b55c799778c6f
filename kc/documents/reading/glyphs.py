"""A PDF page read letter by letter, by where each letter stands.

pdfium tells the letters of a page in the order they were written. Where a program wrote a syllable in pieces, each of
them labelled with the whole syllable (as Chromium does), pdfium says it twice; a mark that came from another font
(as in LibreOffice's files) stands anywhere in the line; and gaps between pieces become spaces. Places tell better.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from kc.thai.repair import MARKS

_MARK = re.compile(f"[{MARKS}]")
_BASE = re.compile("[ก-ฮ]")
_NEVER_FIRST = re.compile(f"[ะาำๅๆ{MARKS}]")  # no word begins with them: a space before one was never written
_NARROW = 0.25  # of a letter's height: less is no space
_WIDE = 0.42  # … and more than that is one, whatever pdfium says
_LOOK_BACK = 60  # letters
_AA = 0.75  # of a letter's height: how wide the second half of ำ is


@dataclass(slots=True)
class _Glyph:
    letter: str
    made: bool  # by pdfium: a space or an end of line it believes in
    piece: int  # what was written at once
    left: float = 0.0
    right: float = 0.0
    low: float = 0.0
    high: float = 0.0
    edge: float = 0.0  # where what was drawn for it ends, should that be further right

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def text_by_places(text_page: pypdfium2.PdfTextPage) -> str:
    """The page's text with what was said twice said once, marks on their letters, and no invented spaces."""
    lines: list[list[_Glyph]] = [[]]
    for glyph in _once(list(_glyphs(text_page))):
        if glyph.letter == "\n":
            lines.append([])
        elif glyph.letter != "\r":
            lines[-1].append(glyph)
    return "\n".join(_line(line) for line in lines)


def _glyphs(text_page: pypdfium2.PdfTextPage) -> Iterator[_Glyph]:
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    for place in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, place)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        glyph = _Glyph("-" if code == 0xFFFE else letter, pdfium.FPDFText_IsGenerated(text_page, place) == 1, 0)
        if not glyph.made:
            pdfium.FPDFText_GetCharBox(text_page, place, left, right, low, high)
            glyph.left, glyph.right, glyph.low, glyph.high = left.value, right.value, low.value, high.value
            written = pdfium.FPDFText_GetTextObject(text_page, place)
            glyph.piece = ctypes.cast(written, ctypes.c_void_p).value or 0
        yield glyph


def _once(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Without the pieces that say again, in the same place, what was just said."""
    pieces: list[list[_Glyph]] = []
    for glyph in glyphs:
        if pieces and pieces[-1][-1].piece == glyph.piece and not glyph.made and not pieces[-1][-1].made:
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
    kept: list[list[_Glyph]] = []
    for piece in pieces:
        if piece[0].made or not _said(piece, kept):
            kept.append(piece)
    return [glyph for piece in kept for glyph in piece]


def _said(piece: list[_Glyph], kept: list[list[_Glyph]]) -> bool:
    words = [glyph.letter for glyph in piece]
    left, right = piece[0].left, piece[-1].right
    letters = 0
    for before in reversed(kept):
        letters += len(before)
        if letters > _LOOK_BACK:
            return False
        if before[0].made or [glyph.letter for glyph in before] != words or _BASE.search("".join(words)) is None:
            continue
        height = before[0].high - before[0].low
        # The second half of ำ is a letter's width of its own; a word said twice on purpose stands further away.
        beyond = (0.7 if words[-1] == "ำ" else 0.3) * height
        within = before[0].left - 0.3 * height <= (left + right) / 2 <= before[-1].right + beyond
        # On the same line, or right above it: never on another line.
        if within and min(piece[0].high, before[0].high) - max(piece[0].low, before[0].low) > -height:
            before[-1].edge = max(before[-1].edge, right)
            return True
    return False


def _line(glyphs: list[_Glyph]) -> str:
    heights = sorted(glyph.high - glyph.low for glyph in glyphs if _BASE.match(glyph.letter))
    if not heights:
        return "".join(glyph.letter for glyph in glyphs)
    height = heights[len(heights) // 2]
    return "".join(glyph.letter for glyph in _without_gaps(_on_their_letters(glyphs), height))


def _on_their_letters(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Marks that stand elsewhere in the line than the letter they were drawn on, put behind it."""
    placed: list[_Glyph] = []
    lost: list[_Glyph] = []
    for glyph in glyphs:
        if _MARK.match(glyph.letter) and not glyph.made and not (placed and placed[-1].piece == glyph.piece):
            base = next((g for g in reversed(placed) if _BASE.match(g.letter)), None)
            if base is None or not _stands_on(glyph, base):
                lost.append(glyph)
                continue
        placed.append(glyph)
    for mark in lost:
        bases = [n for n, g in enumerate(placed) if _BASE.match(g.letter) and _stands_on(mark, g)]
        if not bases:
            continue
        at = (
            min(bases, key=lambda n: abs(placed[n].middle + 0.25 * (placed[n].right - placed[n].left) - mark.middle))
            + 1
        )
        while at < len(placed) and (_MARK.match(placed[at].letter) and placed[at].letter <= mark.letter):
            at += 1
        placed.insert(at, mark)
    return placed


def _stands_on(mark: _Glyph, base: _Glyph) -> bool:
    width = base.right - base.left
    return base.left - 0.4 * width <= mark.middle <= base.right + 0.6 * width


def _without_gaps(glyphs: list[_Glyph], height: float) -> Iterator[_Glyph]:
    """Spaces are kept where there is room for one: pdfium makes some, and some stand elsewhere in the line."""
    right = 0.0
    for place, glyph in enumerate(glyphs):
        if glyph.letter != " ":
            right = _ends(glyph, right, height)
            yield glyph
            continue
        after = next((g for g in glyphs[place + 1 :] if g.letter != " "), None)
        if after is None or _NEVER_FIRST.match(after.letter) or after.left - right < _NARROW * height:
            continue
        yield glyph


def _ends(glyph: _Glyph, right: float, height: float) -> float:
    """How far to the right is written with this glyph; `right`: how far it was before."""
    end = max(glyph.right, glyph.edge)
    if glyph.letter == "ำ" and end - glyph.left < 0.55 * height:
        end += _AA * height  # it was counted to the letter before: its own place is beyond
    return end if _BASE.match(glyph.letter) else max(right, end)


# ---- for readers that need the places themselves -------------------------------------------------------------------

Glyph = _Glyph


def glyphs_of(text_page: pypdfium2.PdfTextPage) -> list[Glyph]:
    """Every letter pdfium tells of, one for each of its places."""
    return list(_glyphs(text_page))


def said_once(glyphs: list[Glyph]) -> list[Glyph]:
    """Without what a program wrote twice."""
    return _once(glyphs)


def on_their_letters(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs of one line, each mark behind the letter it was drawn on."""
    return _on_their_letters(glyphs)


def words_of(glyphs: list[Glyph], height: float) -> str:
    """What glyphs that follow one another say, without the spaces nobody wrote, and with those pdfium tells nothing of.

    pdfium drops a space that was written all by itself, as many programs do behind a letter with marks.
    """
    said: str = ""
    right: float | None = None
    for glyph in _without_gaps(glyphs, height):
        begins = glyph.letter != " " and not _NEVER_FIRST.match(glyph.letter)
        if begins and right is not None and glyph.left - right > _WIDE * height and not said.endswith(" "):
            said += " "
        if glyph.letter != " ":
            right = _ends(glyph, right or 0.0, height)
        said += glyph.letter
    return said
