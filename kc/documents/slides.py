"""Five or six slides that present a piece of knowledge: problem, goal, method, result, who may use it (S0-175)."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Cm, Pt

from kc.documents import form as official
from kc.documents.blocks import key_points
from kc.documents.form import ExchangeForm, Measure
from kc.documents.pictures import printable
from kc.markdown import to_plain
from kc.thai import graphemes
from kc.thai.wrapping import shorten

FONT = "TH Sarabun New"  # PowerPoint falls back to its own Thai font where it is not installed
INK, QUIET, PAPER = RGBColor(0x2A, 0x24, 0x1C), RGBColor(0x64, 0x58, 0x45), RGBColor(0xFA, 0xF6, 0xED)
CELADON, GOLD, CREAM = RGBColor(0x13, 0x57, 0x4E), RGBColor(0xD2, 0x92, 0x1B), RGBColor(0xFD, 0xF6, 0xE3)
HAIR, WHITE, MIST = RGBColor(0xB9, 0xAD, 0x98), RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0xCF, 0xE2, 0xD9)
TRACK, OK, NOT_YET = RGBColor(0xF3, 0xEC, 0xDE), RGBColor(0x2A, 0x68, 0x32), RGBColor(0x76, 0x4B, 0x00)
WIDE, HIGH = 33.867, 19.05  # centimetres of a 16:9 slide
SIDE = 1.9


def _thai(properties: Any) -> None:
    """Latin, complex-script and fallback fonts alike, and the language by which PowerPoint breaks Thai lines."""
    properties.set("lang", "th-TH")
    for tag in ("a:latin", "a:ea", "a:cs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        etree.SubElement(properties, qn(tag)).set("typeface", FONT)


class _Deck:
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

    def title(
        self, slide: Slide, text: str, box: tuple[float, float, float, float], size: float, colour: RGBColor
    ) -> None:
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
        box: tuple[float, float, float, float],
        lines: Iterable[tuple[str, float, RGBColor, bool]],
        **how: Any,
    ) -> None:
        self.fill(slide.shapes.add_textbox(*(Cm(side) for side in box)).text_frame, lines, **how)

    def block(
        self,
        slide: Slide,
        box: tuple[float, float, float, float],
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

    def points(
        self, slide: Slide, points: list[str], box: tuple[float, float, float, float], *, numbered: bool = False
    ) -> None:
        """Points as rows of equal height, each with its number or a gold dot; as large as they allow."""
        left, top, width, height = box
        room = min(height / max(1, len(points)), 4.2)
        size = min((_fitting(point, width - 1.8, room - 0.5) for point in points), default=24)
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


def _fitting(text: str, width: float, height: float) -> float:
    """The largest size at which `text` fits a box, reckoned from the usual width of Thai letters."""
    letters = len(graphemes(text))
    for size in (34, 30, 28, 26, 24, 22, 20):
        em = size * 0.0353  # in centimetres
        lines = math.ceil(letters * em * 0.45 / width + 0.15)
        if lines * em * 1.32 <= height:
            return size
    return 18


def _points(text: str, most: int, length: int) -> list[str]:
    return [shorten(point, length) for point in key_points(text, most)]


def _cover(deck: _Deck) -> None:
    form = deck.form
    slide = deck.slide(CELADON)
    deck.block(slide, (0, HIGH - 0.5, WIDE, 0.5), GOLD)
    eyebrow = " · ".join(filter(None, ["องค์ความรู้จากชุมชนนักปฏิบัติ (CoPs)", form.topic]))
    deck.text(slide, (SIDE, 2.2, WIDE - 2 * SIDE, 1.1), [(eyebrow, 22, RGBColor(0xF3, 0xD2, 0x8D), True)])
    long = len(form.title) > 90
    deck.title(slide, shorten(form.title, 170), (SIDE, 3.6, WIDE - 2 * SIDE, 5.6), 44 if long else 54, CREAM)
    place = " · ".join(filter(None, [form.community, form.branch, form.division]))
    lines = [
        (place, 24, MIST, False),
        (form.digits(form.fiscal_year), 22, MIST, False),
        (" · ".join(form.authors), 22, CREAM, False),
    ]
    deck.text(slide, (SIDE, 10.2, WIDE - 2 * SIDE, 6), [line for line in lines if line[0]], after=4)


def _part_slide(deck: _Deck, name: str, heading: str, most: int, *, numbered: bool = False, lead: str = "") -> None:
    points = _points(getattr(deck.form, name), most, 140)
    if not points and not lead:
        return
    slide = deck.page(heading)
    top = 3.5
    if lead:
        size = _fitting(lead, WIDE - 2 * SIDE, 3.4)
        deck.text(slide, (SIDE, top, WIDE - 2 * SIDE, 3.6), [(lead, min(size, 28), CELADON, True)])
        top += 3.9
    picture = _picture_of(deck) if name == "method" else None
    targets = deck.form.measures[:3] if name == "goals" else ()
    width = WIDE - 2 * SIDE - (11.8 if picture or targets else 0)
    deck.points(slide, points, (SIDE, top, width, HIGH - top - 1.6), numbered=numbered)
    for number, measure in enumerate(targets):
        _target_card(deck, slide, measure, (WIDE - SIDE - 10.8, 3.6 + number * 4.4, 10.8, 4.0))
    if picture:
        _place(slide, picture, (WIDE - SIDE - 10.8, 3.6, 10.8, 12.4))


def _target_card(deck: _Deck, slide: Slide, measure: Measure, box: tuple[float, float, float, float]) -> None:
    """What a goal comes to in figures: from where, to where."""
    left, top, width, _height = box
    deck.block(slide, box, WHITE, rounded=True, line=True)
    deck.text(slide, (left + 0.7, top + 0.35, width - 1.4, 1.7), [(shorten(measure.measure, 60), 18, INK, True)])
    ends = [deck.form.digits(shorten(measure.shown(name), 18)) for name in ("before", "target")]
    figures = " → ".join(filter(None, ends)) or "–"
    said = f"{figures} {shorten(measure.unit, 16)}"
    deck.text(
        slide, (left + 0.7, top + 2.1, width - 1.4, 1.6), [(said, _fitting(said, width - 1.4, 1.6), CELADON, True)]
    )


def _picture_of(deck: _Deck) -> Any:
    return next(filter(None, (printable(picture.data) for picture in deck.form.pictures)), None)


def _place(slide: Slide, picture: Any, box: tuple[float, float, float, float]) -> None:
    """The picture as large as the box allows, in its middle."""
    left, top, width, height = box
    scale = min(width / picture.width, height / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    place = (left + (width - wide) / 2, top + (height - high) / 2, wide, high)
    slide.shapes.add_picture(io.BytesIO(picture.data), *(Cm(side) for side in place))


def _measure_card(deck: _Deck, slide: Slide, measure: Measure, box: tuple[float, float, float, float]) -> None:
    """One goal beside its result: the figure large, before, target and after drawn on one scale."""
    form, (left, top, width, _height) = deck.form, box
    deck.block(slide, box, WHITE, rounded=True, line=True)
    inner = width - 1.4
    deck.text(slide, (left + 0.7, top + 0.5, inner, 1.9), [(shorten(measure.measure, 70), 20, INK, True)])
    after = form.digits(shorten(measure.shown("after"), 14)) or "–"
    deck.text(slide, (left + 0.7, top + 2.5, inner, 2.2), [(f"{after} ", 54 if len(after) < 8 else 36, CELADON, True)])
    deck.text(slide, (left + 0.7, top + 4.75, inner, 0.9), [(measure.unit, 18, QUIET, False)])
    numbers = dict(zip(("before", "target", "after"), measure.numbers, strict=True))
    largest = max((number for number in numbers.values() if number is not None), default=0)
    looks = {"before": ("ก่อน", HAIR), "target": ("เป้าหมาย", GOLD), "after": ("หลัง", CELADON)}
    row = top + 5.9
    for name, (label, colour) in looks.items():
        shown = form.digits(shorten(measure.shown(name), 14))
        if not shown:
            continue
        deck.text(slide, (left + 0.7, row, 2.4, 0.8), [(label, 16, QUIET, False)], anchor=MSO_ANCHOR.MIDDLE)
        bar = inner - 4.9
        number = numbers[name]
        if number is not None and number >= 0 and largest > 0 and bar > 1:
            deck.block(slide, (left + 3.1, row + 0.26, bar, 0.28), TRACK)
            deck.block(slide, (left + 3.1, row + 0.26, max(0.05, bar * number / largest), 0.28), colour)
        place = (left + 0.7 + inner - 2.3, row, 2.3, 0.8)
        deck.text(slide, place, [(shown, 16, INK, True)], align=PP_ALIGN.RIGHT, anchor=MSO_ANCHOR.MIDDLE)
        row += 0.95
    if measure.reached is not None:
        verdict = (official.REACHED, 18, OK, True) if measure.reached else (official.NOT_REACHED, 18, NOT_YET, True)
        deck.text(slide, (left + 0.7, row + 0.1, inner, 0.9), [verdict])


def _results(deck: _Deck) -> None:
    form = deck.form
    day = f" ณ วันที่ {form.results_day}" if form.results_day else ""
    if not form.measures:
        return _part_slide(deck, "results", f"ผลลัพธ์เทียบกับเป้าหมาย{day}", 4)
    slide = deck.page(f"ผลลัพธ์เทียบกับเป้าหมาย{day}")
    shown = form.measures[:3]
    gap = 0.7
    width = min((WIDE - 2 * SIDE - gap * (len(shown) - 1)) / len(shown), 14.5)
    for number, measure in enumerate(shown):
        _measure_card(deck, slide, measure, (SIDE + number * (width + gap), 3.5, width, 10.2))
    points = _points(form.results, 1, 170)
    if points:
        place = (SIDE, 14.1, WIDE - 2 * SIDE, 3.2)
        deck.text(slide, place, [(points[0], 20, INK, False)], anchor=MSO_ANCHOR.MIDDLE)
    return None


def _closing(deck: _Deck) -> None:
    form = deck.form
    slide = deck.page("ใครนำไปใช้ได้ และถามต่อได้ที่ใคร")
    points = _points(form.target_group, 3, 170)
    deck.points(slide, points, (SIDE, 3.5, WIDE - 2 * SIDE, 7.2))
    deck.block(slide, (SIDE, 11.4, WIDE - 2 * SIDE, 5.2), CELADON, rounded=True)
    makers = shorten(" · ".join(form.authors), 120)
    lines = [
        ("ผู้จัดทำ", 18, RGBColor(0xF3, 0xD2, 0x8D), True),
        (makers, 24, CREAM, True),
        (form.community, 20, MIST, False),
        (form.address, 18, MIST, False),
    ]
    inside = (SIDE + 1, 11.8, WIDE - 2 * SIDE - 2, 4.4)
    deck.text(slide, inside, [line for line in lines if line[0]], anchor=MSO_ANCHOR.MIDDLE, after=3)


def summary_pptx(form: ExchangeForm) -> bytes:
    """Cover, background, goals, method, results, users: slides for parts that say nothing are left out (S0-175)."""
    deck = _Deck(form)
    lead = shorten(" ".join(to_plain(form.summary).split()), 200)
    makers: list[Callable[[], Any]] = [
        lambda: _cover(deck),
        lambda: _part_slide(deck, "background", "ที่มาของการทำกิจกรรม", 3, lead=lead),
        lambda: _part_slide(deck, "goals", official.PART_HEADINGS["goals"], 4),
        lambda: _part_slide(deck, "method", official.PART_HEADINGS["method"], 6, numbered=True),
        lambda: _results(deck),
        lambda: _closing(deck),
    ]
    for make in makers:
        make()
    stream = io.BytesIO()
    deck.file.save(stream)
    return stream.getvalue()
