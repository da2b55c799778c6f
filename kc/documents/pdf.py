"""PDF by typst, with our own font only: the official form and the one-page poster (S0-172, S0-175)."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kc.documents import form as official
from kc.documents.blocks import Block, Run, key_points, read_blocks
from kc.documents.form import ExchangeForm, Measure, Picture
from kc.documents.pictures import printable
from kc.markdown import to_plain
from kc.thai.wrapping import line_pieces, shorten

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LAYOUTS = HERE / "layouts"

# How much of the texts a poster takes, and how large; the first that fits one page wins.
ROOMS = ((1.8, 1.1), (1.3, 1.05), (1.0, 1.0), (0.75, 0.97), (0.55, 0.92), (0.4, 0.86), (0.25, 0.8))


@cache
def _fonts() -> typst.Fonts:
    """Our font alone, read once: a print must look the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


class _Folder:
    """The one folder typst may read while it works: the layouts, and the pictures of this document."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: dict[bytes, str] = {}  # a poster is set several times until it fits; its pictures are made once
        for layout in LAYOUTS.glob("*.typ"):
            (path / layout.name).write_bytes(layout.read_bytes())

    def add(self, picture: Picture | None) -> str:
        """Name of the picture's file for the layout; "" when it is missing or cannot be printed."""
        if picture is None:
            return ""
        if picture.data not in self.names:
            self.names[picture.data] = self._write(picture.data)
        return self.names[picture.data]

    def _write(self, data: bytes) -> str:
        ready = printable(data)
        if not ready:
            return ""
        name = f"picture-{len(self.names)}.{ready.extension}"
        (self.path / name).write_bytes(ready.data)
        return name


def _compile(folder: _Folder, layout: str, data: dict[str, Any], **inputs: str) -> bytes:
    pdf = typst.compile(
        str(folder.path / layout),
        root=str(folder.path),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"form": json.dumps(data, ensure_ascii=False), **inputs},
    )
    assert isinstance(pdf, bytes)
    return pdf


def _runs(runs: list[Run]) -> list[dict[str, Any]]:
    return [{"bold": run.bold, "italic": run.italic, "pieces": line_pieces(run.text)} for run in runs]


def _block(form: ExchangeForm, folder: _Folder, block: Block) -> dict[str, Any] | None:
    data = asdict(block)
    data["marker"] = form.digits(block.marker)
    data["runs"] = _runs(block.runs)
    data["rows"] = [[_runs(cell) for cell in row] for row in block.rows]
    if block.kind == "picture":
        data["file"] = folder.add(form.picture(block.path))
        return data if data["file"] else None
    return data


def _blocks(form: ExchangeForm, folder: _Folder, text: str) -> list[dict[str, Any]]:
    drawn = (_block(form, folder, block) for block in read_blocks(text))
    return [block for block in drawn if block]


def _loose_pictures(form: ExchangeForm, folder: _Folder, most: int = 12) -> list[dict[str, Any]]:
    """Pictures that no text shows in place; unreadable ones are left out."""
    texts = "".join(part.text for part in form.parts)
    loose = [picture for picture in form.pictures if not picture.path or picture.path not in texts]
    files = [{"file": folder.add(picture), "caption": line_pieces(picture.caption)} for picture in loose[:most]]
    return [file for file in files if file["file"]]


def _measure(form: ExchangeForm, measure: Measure) -> dict[str, Any]:
    return {name: line_pieces(form.digits(measure.shown(name))) for name in official.MEASURE_COLUMNS}


def _form_data(form: ExchangeForm, folder: _Folder) -> dict[str, Any]:
    def columns(*names: str) -> list[dict[str, Any]]:
        return [{"name": name, "label": line_pieces(official.MEASURE_COLUMNS[name])} for name in names]

    context = [f"ชุมชน {form.community}" if form.community else "", form.digits(form.fiscal_year)]
    return {
        "form-title": official.FORM_TITLE,
        "subject-label": official.SUBJECT,
        "branch-label": official.BRANCH,
        "division-label": official.DIVISION,
        "title": form.title,
        "subject": line_pieces(form.title),
        "branch": line_pieces(form.branch),
        "division": line_pieces(form.division),
        "context": "  ·  ".join(filter(None, context)),
        "footer": form.address,
        "authors": list(form.authors),
        "thai-digits": form.thai_digits,
        "parts": [
            {
                "name": part.name,
                "heading": line_pieces(part.heading),
                "note": line_pieces(part.note),
                "blocks": _blocks(form, folder, part.text),
            }
            for part in form.parts
        ],
        "measures": [_measure(form, measure) for measure in form.measures],
        "goal-columns": columns("measure", "unit", "before", "target"),
        "result-columns": columns("measure", "unit", "before", "target", "after"),
        "results-label": official.RESULTS_ON,
        "results-day": line_pieces(form.results_day),
        "pictures": _loose_pictures(form, folder),
    }


def exchange_form_pdf(form: ExchangeForm) -> bytes:
    """The official five-part form on A4, headings and order exactly as printed today (S0-162..170, S0-172)."""
    with tempfile.TemporaryDirectory() as path:
        folder = _Folder(Path(path))
        return _compile(folder, "exchange_form.typ", _form_data(form, folder))


def _bars(form: ExchangeForm, measure: Measure) -> list[dict[str, Any]]:
    """Before, target and after on one scale; none where the figures are words."""
    numbers = dict(zip(("before", "target", "after"), measure.numbers, strict=True))
    known = {name: number for name, number in numbers.items() if number is not None and number >= 0}
    largest = max(known.values(), default=0)
    if "after" not in known or len(known) < 2 or not largest:
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
    told = {"ก่อน": measure.shown("before"), "เป้าหมาย": measure.shown("target")}
    return {
        "measure": line_pieces(shorten(measure.measure, 60)),
        "unit": shorten(measure.unit, 16),
        "after": form.digits(shorten(measure.shown("after"), 14)) or "–",
        "bars": _bars(form, measure),
        "words": line_pieces(form.digits(" · ".join(f"{name} {value}" for name, value in told.items() if value))),
        "reached": bool(measure.reached),
        "verdict": {True: official.REACHED, False: official.NOT_REACHED, None: ""}[measure.reached],
    }


def _card(form: ExchangeForm, name: str, heading: str, most: int, length: int) -> list[dict[str, Any]]:
    points = [line_pieces(shorten(point, length)) for point in key_points(getattr(form, name), most)]
    return [{"name": name, "heading": heading, "points": points}] if points else []


def _poster_data(form: ExchangeForm, folder: _Folder, room: float) -> dict[str, Any]:
    length = int(150 * room)
    place = [form.branch, form.division, form.organisation]
    day = f"ผลลัพธ์ ณ วันที่ {form.results_day}" if form.results_day else ""
    return {
        "title": form.title,
        "headline": line_pieces(form.title),
        "authors": list(form.authors),
        "eyebrow": " · ".join(filter(None, ["องค์ความรู้จากชุมชนนักปฏิบัติ (CoPs)", form.topic])),
        "fiscal-year": form.digits(form.fiscal_year),
        "place": line_pieces(" · ".join(filter(None, [form.community, *place]))),
        "summary": line_pieces(shorten(" ".join(to_plain(form.summary).split()), max(120, int(260 * room)))),
        "measures": [_poster_measure(form, measure) for measure in form.measures[:3]],
        "left": _card(form, "background", "ที่มา", 2, length) + _card(form, "goals", "เป้าหมาย", 4, length),
        "right": _card(form, "method", "ทำอย่างไร", 6, length)
        + _card(form, "results", "เกิดผลอะไร", 4, length)
        + _card(form, "target_group", "ใครนำไปใช้ได้", 2, length),
        "numbers": [form.digits(number) for number in range(1, 10)],
        "pictures": _loose_pictures(form, folder, most=1),
        "makers": shorten(" · ".join(form.authors), 90),
        "footer": "\n".join(filter(None, [day, form.address])),
    }


def one_page_pdf(form: ExchangeForm) -> bytes:
    """A4 poster of one page whatever was written: long texts are shortened at a phrase, then set smaller (S0-175)."""
    with tempfile.TemporaryDirectory() as path:
        folder = _Folder(Path(path))
        for room, scale in ROOMS:
            try:
                return _compile(folder, "one_page.typ", _poster_data(form, folder, room), scale=str(scale))
            except typst.TypstError as error:
                if "one page" not in str(error.message):
                    raise
        return _compile(folder, "one_page.typ", _poster_data(form, folder, room), scale=str(scale), clip="yes")
