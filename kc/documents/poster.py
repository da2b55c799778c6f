"""The one-page poster: a whole story on one A4 page, whatever was written (S0-175)."""

from __future__ import annotations

from typing import Any

import typst

from kc.documents import form as official
from kc.documents.blocks import key_points
from kc.documents.form import ExchangeForm, Measure
from kc.documents.pdf import loose_figures
from kc.documents.typesetting import Press, pieces, press
from kc.markdown import to_plain
from kc.thai import graphemes
from kc.thai.wrapping import shorten

# How much of the texts a poster takes, how large, and whether with a picture; the first that fits one page wins.
ROOMS = (
    (2.0, 1.55, True),
    (2.0, 1.4, True),
    (2.0, 1.25, True),
    (1.8, 1.1, True),
    (1.3, 1.05, True),
    (1.0, 1.0, True),
    (0.8, 0.95, True),
    (1.0, 0.95, False),
    (0.7, 0.92, False),
    (0.5, 0.88, False),
    (0.35, 0.84, False),
    (0.2, 0.78, False),
)
LONGEST_TITLE = 210
TITLE_SIZES = ((40, 34), (70, 30), (110, 26), (150, 23), (LONGEST_TITLE, 20))  # up to so many letters: points


def _bars(form: ExchangeForm, measure: Measure) -> list[dict[str, Any]]:
    """Before, target and after on one scale; none where the figures are words."""
    numbers = dict(zip(("before", "target", "after"), measure.numbers, strict=True))
    known = {name: number for name, number in numbers.items() if number is not None and number >= 0}
    largest = max(known.values(), default=0)
    wordy = any(len(graphemes(measure.shown(name))) > 12 for name in known)
    if "after" not in known or len(known) < 2 or not largest or wordy:
        return []
    labels = {"before": "ก่อน", "target": "เป้าหมาย", "after": "หลัง"}
    return [
        {
            "name": name,
            "label": labels[name],
            "value": form.digits(shorten(measure.shown(name), 12)),
            "share": number / largest,
        }
        for name, number in known.items()
    ]


def _poster_measure(form: ExchangeForm, measure: Measure) -> dict[str, Any]:
    told = {"ก่อน": shorten(measure.shown("before"), 40), "เป้าหมาย": shorten(measure.shown("target"), 40)}
    return {
        "measure": pieces(shorten(measure.measure, 60)),
        "unit": shorten(measure.unit, 16),
        "after": pieces(form.digits(shorten(measure.shown("after"), 28)) or "–"),
        "long": len(graphemes(measure.shown("after"))) > 9,
        "bars": _bars(form, measure),
        "words": pieces(form.digits(" · ".join(f"{name} {value}" for name, value in told.items() if value))),
        "reached": bool(measure.reached),
        "verdict": {True: official.REACHED, False: official.NOT_REACHED, None: ""}[measure.reached],
    }


def _card(form: ExchangeForm, name: str, heading: str, most: int, length: int) -> list[dict[str, Any]]:
    points = [pieces(shorten(point, length)) for point in key_points(getattr(form, name), most)]
    return [{"name": name, "heading": heading, "points": points}] if points else []


def _head(form: ExchangeForm) -> dict[str, Any]:
    title = shorten(form.title, LONGEST_TITLE)
    place = [form.community, form.branch, form.division, form.organisation]
    return {
        "title": form.title,
        "authors": list(form.authors),
        "headline": pieces(title),
        "headline-size": next(size for most, size in TITLE_SIZES if len(graphemes(title)) <= most),
        "eyebrow": pieces(" · ".join(filter(None, ["องค์ความรู้จากชุมชนนักปฏิบัติ (CoPs)", shorten(form.topic, 50)]))),
        "fiscal-year": form.digits(shorten(form.fiscal_year, 24)),
        "place": pieces(shorten(" · ".join(filter(None, place)), 150)),
    }


def _data(form: ExchangeForm, at: Press, room: float, with_picture: bool) -> dict[str, Any]:
    length = int(150 * room)
    day = f"ผลลัพธ์ ณ วันที่ {form.results_day}" if form.results_day else ""
    left = _card(form, "background", "ที่มา", 2, length) + _card(form, "goals", "เป้าหมาย", 4, length)
    right = _card(form, "method", "ทำอย่างไร", 6, length)
    right += _card(form, "results", "เกิดผลอะไร", 4, length)
    right += _card(form, "target_group", "ใครนำไปใช้ได้", 2, length)
    figures = (loose_figures(form, at, most=1) or _any_figure(form, at)) if with_picture else []
    alone = not figures and (not left or len(left + right) <= 3)
    return _head(form) | {
        "summary": pieces(shorten(" ".join(to_plain(form.summary).split()), max(120, int(260 * room)))),
        "measures": [_poster_measure(form, measure) for measure in form.measures[:3]],
        "left": [] if alone else left,
        "right": left + right if alone else right,
        "numbers": [form.digits(number) for number in range(1, 10)],
        "pictures": figures,
        "code": at.code(form.address),
        "makers": pieces(shorten(" · ".join(form.authors), 110)),
        "day": pieces(day),
        "address": form.address if len(form.address) <= 70 else "",
    }


def _any_figure(form: ExchangeForm, at: Press) -> list[dict[str, Any]]:
    """A poster shows a picture even when the texts show them all in place."""
    return next(([figure] for picture in form.pictures if (figure := at.figure(picture))), [])


def one_page_pdf(form: ExchangeForm) -> bytes:
    """One A4 page whatever was written: long texts are shortened at a phrase and set smaller, short ones larger."""
    with press() as at:
        for room, scale, with_picture in ROOMS:
            try:
                return at.pdf("one_page.typ", _data(form, at, room, with_picture), scale=str(scale))
            except typst.TypstError as error:
                if "one page" not in str(error.message):
                    raise
        return at.pdf("one_page.typ", _data(form, at, room, with_picture), scale=str(scale), clip="yes")
