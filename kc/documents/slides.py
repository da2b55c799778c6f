"""Five or six slides that present a piece of knowledge: problem, goal, method, result, who may use it (S0-175)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.util import Cm

from kc.documents import form as official
from kc.documents import qr
from kc.documents.blocks import key_points
from kc.documents.deck import (
    CELADON,
    CREAM,
    GOLD,
    HAIR,
    HIGH,
    INK,
    MIST,
    NOT_YET,
    OK,
    QUIET,
    SIDE,
    TRACK,
    WHITE,
    WIDE,
    Box,
    Deck,
    fitting,
)
from kc.documents.form import ExchangeForm, Measure
from kc.documents.pictures import printable
from kc.markdown import to_plain
from kc.thai import graphemes
from kc.thai.wrapping import shorten


def _points(text: str, most: int, length: int) -> list[str]:
    return [shorten(point, length) for point in key_points(text, most)]


def _cover(deck: Deck) -> None:
    form = deck.form
    slide = deck.slide(CELADON)
    deck.block(slide, (0, HIGH - 0.5, WIDE, 0.5), GOLD)
    eyebrow = " · ".join(filter(None, ["องค์ความรู้จากชุมชนนักปฏิบัติ (CoPs)", shorten(form.topic, 50)]))
    deck.text(slide, (SIDE, 2.2, WIDE - 2 * SIDE, 1.1), [(eyebrow, 22, RGBColor(0xF3, 0xD2, 0x8D), True)])
    title = shorten(form.title, 200)
    box = (SIDE, 3.4, WIDE - 2 * SIDE, 6.4)
    deck.title(slide, title, box, fitting(title, box[2], box[3], 0.56, largest=54), CREAM)
    place = shorten(" · ".join(filter(None, [form.community, form.branch, form.division])), 130)
    makers = shorten(" · ".join(form.authors), 150)
    lines = [
        (place, fitting(place, box[2], 2.2, 0.55, largest=24), MIST, False),
        (form.digits(shorten(form.fiscal_year, 30)), 22, MIST, False),
        (makers, fitting(makers, box[2], 2.2, 0.55, largest=22), CREAM, False),
    ]
    deck.text(slide, (SIDE, 10.2, WIDE - 2 * SIDE, 6), [line for line in lines if line[0]], after=4)


def _part_slide(deck: Deck, name: str, heading: str, most: int, *, numbered: bool = False, lead: str = "") -> None:
    points = _points(getattr(deck.form, name), most, 140)
    if not points and not lead:
        return
    slide = deck.page(heading)
    top = 3.5
    if lead:
        size = fitting(lead, WIDE - 2 * SIDE, 3.4, 0.52, largest=28)
        deck.text(slide, (SIDE, top, WIDE - 2 * SIDE, 3.6), [(lead, size, CELADON, True)])
        top += 3.9
    picture = _picture_of(deck) if name == "method" else None
    targets = deck.form.measures[:3] if name == "goals" else ()
    width = WIDE - 2 * SIDE - (11.8 if picture or targets else 0)
    deck.points(slide, points, (SIDE, top, width, HIGH - top - 1.6), numbered=numbered)
    for number, measure in enumerate(targets):
        _target_card(deck, slide, measure, (WIDE - SIDE - 10.8, 3.6 + number * 4.4, 10.8, 4.0))
    if picture:
        _place(slide, picture, (WIDE - SIDE - 10.8, 3.6, 10.8, 12.4))


def _target_card(deck: Deck, slide: Slide, measure: Measure, box: Box) -> None:
    """What a goal comes to in figures: from where, to where."""
    left, top, width, _height = box
    deck.block(slide, box, WHITE, rounded=True, line=True)
    inner = width - 1.4
    name = shorten(measure.measure, 80)
    size = fitting(name, inner, 1.6, 0.55, largest=18)
    deck.text(slide, (left + 0.7, top + 0.35, inner, 1.7), [(name, size, INK, True)])
    ends = [deck.form.digits(shorten(measure.shown(end), 24)) for end in ("before", "target")]
    said = f"{' → '.join(filter(None, ends)) or '–'} {shorten(measure.unit, 16)}"
    lines = [(said, fitting(said, inner, 1.6, 0.62), CELADON, True)]
    deck.text(slide, (left + 0.7, top + 2.1, inner, 1.6), lines, anchor=MSO_ANCHOR.MIDDLE)


def _picture_of(deck: Deck) -> Any:
    return next(filter(None, (printable(picture.data) for picture in deck.form.pictures)), None)


def _place(slide: Slide, picture: Any, box: Box) -> None:
    """The picture as large as the box allows, in its middle."""
    left, top, width, height = box
    scale = min(width / picture.width, height / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    place = (left + (width - wide) / 2, top + (height - high) / 2, wide, high)
    slide.shapes.add_picture(io.BytesIO(picture.data), *(Cm(side) for side in place))


def _measure_card(deck: Deck, slide: Slide, measure: Measure, box: Box) -> None:
    """One goal beside its result: the figure large, before, target and after drawn on one scale."""
    form, (left, top, width, _height) = deck.form, box
    deck.block(slide, box, WHITE, rounded=True, line=True)
    inner = width - 1.4
    name = shorten(measure.measure, 80)
    size = fitting(name, inner, 1.9, 0.55, largest=20)
    deck.text(slide, (left + 0.7, top + 0.5, inner, 1.9), [(name, size, INK, True)])
    after = form.digits(shorten(measure.shown("after"), 28)) or "–"
    size = fitting(after, inner, 2.1, 0.62, largest=54)
    deck.text(slide, (left + 0.7, top + 2.5, inner, 2.2), [(after, size, CELADON, True)], anchor=MSO_ANCHOR.MIDDLE)
    deck.text(slide, (left + 0.7, top + 4.75, inner, 0.9), [(shorten(measure.unit, 22), 18, QUIET, False)])
    numbers = dict(zip(("before", "target", "after"), measure.numbers, strict=True))
    largest = max((number for number in numbers.values() if number is not None), default=0)
    looks = {"before": ("ก่อน", HAIR), "target": ("เป้าหมาย", GOLD), "after": ("หลัง", CELADON)}
    row = top + 5.9
    for name, (label, colour) in looks.items():
        shown = form.digits(shorten(measure.shown(name), 24))
        if not shown:
            continue
        deck.text(slide, (left + 0.7, row, 2.4, 0.8), [(label, 16, QUIET, False)], anchor=MSO_ANCHOR.MIDDLE)
        if len(graphemes(shown)) > 9:  # words, not a figure: they take the bar's place
            place, size = (left + 3.1, row, inner - 2.4, 0.8), fitting(shown, inner - 2.4, 0.8, 0.55, largest=16)
            deck.text(slide, place, [(shown, size, INK, True)], anchor=MSO_ANCHOR.MIDDLE)
            row += 0.95
            continue
        bar, number = inner - 4.9, numbers[name]
        if number is not None and number >= 0 and largest > 0 and bar > 1:
            deck.block(slide, (left + 3.1, row + 0.26, bar, 0.28), TRACK)
            deck.block(slide, (left + 3.1, row + 0.26, max(0.05, bar * number / largest), 0.28), colour)
        place = (left + 0.7 + inner - 2.3, row, 2.3, 0.8)
        deck.text(slide, place, [(shown, 16, INK, True)], align=PP_ALIGN.RIGHT, anchor=MSO_ANCHOR.MIDDLE)
        row += 0.95
    if measure.reached is not None:
        verdict = (official.REACHED, 18, OK, True) if measure.reached else (official.NOT_REACHED, 18, NOT_YET, True)
        deck.text(slide, (left + 0.7, row + 0.1, inner, 0.9), [verdict])


def _results(deck: Deck) -> None:
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


def _closing(deck: Deck) -> None:
    form = deck.form
    slide = deck.page("ใครนำไปใช้ได้ และถามต่อได้ที่ใคร")
    points = _points(form.target_group, 3, 150)
    deck.points(slide, points, (SIDE, 3.5, WIDE - 2 * SIDE, 7.2))
    deck.block(slide, (SIDE, 11.4, WIDE - 2 * SIDE, 5.2), CELADON, rounded=True)
    code = qr.png(form.address)
    width = WIDE - 2 * SIDE - 2 - (5.4 if code else 0)
    makers = shorten(" · ".join(form.authors), 120)
    lines = [
        ("ผู้จัดทำ", 18, RGBColor(0xF3, 0xD2, 0x8D), True),
        (makers, fitting(makers, width, 1.9, 0.55, largest=24), CREAM, True),
        (shorten(form.community, 70), 18, MIST, False),
        (form.address if len(form.address) <= 80 else "", 16, MIST, False),
    ]
    inside = (SIDE + 1, 11.7, width, 4.6)
    deck.text(slide, inside, [line for line in lines if line[0]], anchor=MSO_ANCHOR.MIDDLE, after=3)
    if code:
        place = (WIDE - SIDE - 5.0, 11.8, 4.4, 4.4)
        slide.shapes.add_picture(io.BytesIO(code), *(Cm(side) for side in place))


def summary_pptx(form: ExchangeForm) -> bytes:
    """Cover, background, goals, method, results, users: slides for parts that say nothing are left out (S0-175)."""
    deck = Deck(form)
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
