"""The look of the slides: colours, Thai fonts, and the few shapes they are built from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Cm, Pt

from kc.documents.form import ExchangeForm
from kc.thai import graphemes
from kc.thai.wrapping import shorten

FONT = "TH Sarabun New"  # PowerPoint falls back to its own Thai font where it is not installed
INK, QUIET, PAPER = RGBColor(0x2A, 0x24, 0x1C), RGBColor(0x64, 0x58, 0x45), RGBColor(0xFA, 0xF6, 0xED)
CELADON, GOLD, CREAM = RGBColor(0x13, 0x57, 0x4E), RGBColor(0xD2, 0x92, 0x1B), RGBColor(0xFD, 0xF6, 0xE3)
HAIR, WHITE, MIST = RGBColor(0xB9, 0xAD, 0x98), RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0xCF, 0xE2, 0xD9)
TRACK, OK, NOT_YET = RGBColor(0xF3, 0xEC, 0xDE), RGBColor(0x2A, 0x68, 0x32), RGBColor(0x76, 0x4B, 0x00)
WIDE, HIGH = 33.867, 19.05  # centimetres of a 16:9 slide
SIDE = 1.9

Box = tuple[float, float, float, float]  # left, top, width, height in centimetres


def _thai(properties: Any) -> None:
    """Latin, complex-script and fallback fonts alike, and the language by which PowerPoint breaks Thai lines."""
    properties.set("lang", "th-TH")
    for tag in ("a:latin", "a:ea", "a:cs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        etree.SubElement(properties, qn(tag)).set("typeface", FONT)


class Deck:
    """A presentation of our own look: blank layouts, real titles (for outline and screen readers), Thai fonts."""

    def __init__(self, form: ExchangeForm) -> None:
        self.form = form
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = Cm(WIDE), Cm(HIGH)
        core = self.file.core_properties
        core.title, core.author, core.language, core.comments = (
            form.title[:255],
            ", ".join(form.authors)[:255],
            "th-TH",
            "",
        )

    def slide(self, background: RGBColor = PAPER) -> Slide:
        slide = self.file.slides.add_slide(self.file.slide_layouts[5])  # title only
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = background
        return slide

    def title(self, slide: Slide, text: str, box: Box, size: float, colour: RGBColor) -> None:
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = (Cm(side) for side in box)
        self.fill(shape.text_frame, [(text, size, colour, True)], anchor=MSO_ANCHOR.MIDDLE)

    def fill(
        self,
        frame: Any,
        lines: Iterable[tuple[str, float, RGBColor, bool]],
        *,
        align: PP_ALIGN = PP_ALIGN.LEFT,
        anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
        after: float = 0,
    ) -> None:
        """Write paragraphs (text, points, colour, bold) into a text frame without margins."""
        frame.word_wrap = True
        frame.vertical_anchor = anchor
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for number, (text, size, colour, bold) in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = align
            paragraph.space_after = Pt(after)
            paragraph.line_spacing = 0.95
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
            _thai(run._r.get_or_add_rPr())

    def text(
        self,
        slide: Slide,
        box: Box,
        lines: Iterable[tuple[str, float, RGBColor, bool]],
        **how: Any,
    ) -> None:
        self.fill(slide.shapes.add_textbox(*(Cm(side) for side in box)).text_frame, lines, **how)

    def block(
        self,
        slide: Slide,
        box: Box,
        colour: RGBColor,
        *,
        rounded: bool = False,
        line: bool = False,
    ) -> Any:
        kind = MSO_SHAPE.ROUNDED_RECTANGLE if rounded else MSO_SHAPE.RECTANGLE
        shape = slide.shapes.add_shape(kind, *(Cm(side) for side in box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour
        shape._element.remove(shape._element.find(qn("p:style")))  # the theme's own shadow and outline
        if rounded:
            shape.adjustments[0] = min(0.5, 0.25 / min(box[2], box[3]))
        if line:
            shape.line.color.rgb, shape.line.width = RGBColor(0xE4, 0xDA, 0xC8), Pt(0.75)
        else:
            shape.line.fill.background()
        return shape

    def page(self, heading: str) -> Slide:
        """A content slide: heading, gold bar, foot with the subject and the number."""
        slide = self.slide()
        self.block(slide, (0, 0, 0.55, HIGH), CELADON)
        self.title(slide, heading, (SIDE, 0.9, WIDE - 2 * SIDE, 1.9), 36, CELADON)
        self.block(slide, (SIDE, 2.85, 2.6, 0.12), GOLD)
        number = self.form.digits(len(self.file.slides))
        self.text(
            slide, (SIDE, HIGH - 1.25, WIDE - 2 * SIDE - 2, 0.8), [(shorten(self.form.title, 90), 14, QUIET, False)]
        )
        self.text(slide, (WIDE - SIDE - 2, HIGH - 1.25, 2, 0.8), [(number, 14, QUIET, False)], align=PP_ALIGN.RIGHT)
        return slide

    def points(self, slide: Slide, points: list[str], box: Box, *, numbered: bool = False) -> None:
        """Points as rows of equal height, each with its number or a gold dot; as large as they allow."""
        left, top, width, height = box
        room = min(height / max(1, len(points)), 4.2 if len(points) > 1 else 7)
        size = min((fitting(point, width - 1.8, room - 0.5, largest=40) for point in points), default=24)
        for number, point in enumerate(points, start=1):
            middle = top + (number - 0.5) * room
            if numbered:
                shape = self.block(slide, (left, middle - 0.6, 1.2, 1.2), CELADON, rounded=True)
                shape.adjustments[0] = 0.5
                lines = [(self.form.digits(number), 22, WHITE, True)]
                self.fill(shape.text_frame, lines, align=PP_ALIGN.CENTER, anchor=MSO_ANCHOR.MIDDLE)
            else:
                dot = self.block(slide, (left + 0.4, middle - 0.16, 0.32, 0.32), GOLD, rounded=True)
                dot.adjustments[0] = 0.5
            place = (left + 1.8, top + (number - 1) * room, width - 1.8, room)
            self.text(slide, place, [(point, size, INK, False)], anchor=MSO_ANCHOR.MIDDLE)


SIZES = (54, 44, 38, 34, 30, 28, 26, 24, 22, 20, 18, 16, 14)


def fitting(text: str, width: float, height: float, letter: float = 0.45, largest: float = 34) -> float:
    """The largest size at which `text` fits a box, reckoned from the usual width of a letter (of 1 em)."""
    letters = len(graphemes(text))
    for size in SIZES:
        em = size * 0.0353  # in centimetres
        lines = math.ceil(letters * em * letter / width + 0.15)
        if size <= largest and lines * em * 1.32 <= height:
            return size
    return SIZES[-1]
