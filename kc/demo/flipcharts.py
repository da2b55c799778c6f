"""The flip chart at the end of a meeting, as the picture somebody took of it: what was agreed, in a few lines."""

import io
import json
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import typst
from PIL import Image

from kc.demo import source
from kc.demo.sheets import FONTS
from kc.demo.source import SessionRow
from kc.i18n import use_language
from kc.thai import format_date, truncate

LINES, LENGTH = 4, 110
PIXELS_PER_INCH = 96
# What goes onto the chart first; a story is told, not written up.
ORDER = ("conclusion", "practice", "technique", "problem", "point")
CHART = """#let chart = json(bytes(sys.inputs.chart))
#let frame = rect(width: 100% - 0.9cm, height: 100% - 0.9cm, radius: 5pt, stroke: 1.2pt + rgb("#cfc6b0"))
#set page(width: 25cm, height: auto, margin: (x: 1.6cm, y: 1.3cm), fill: rgb("#fdfbf4"), background: frame)
#set text(font: "Laksaman", size: 23pt, lang: "th", region: "TH", top-edge: 0.8em, bottom-edge: -0.26em)
#set par(leading: 0.3em)
#text(size: 16pt, fill: rgb("#7a6f5a"), chart.day)

#rotate(-0.4deg, text(size: 29pt, weight: "bold", fill: rgb("#173f6b"), chart.title))
#line(length: 62%, stroke: (paint: rgb("#c0392b"), thickness: 2.4pt, cap: "round"))
#v(0.15cm)
#let pens = (rgb("#14532d"), rgb("#173f6b"), rgb("#3b2f24"), rgb("#8a2b1d"))
#for (n, said) in chart.lines.enumerate() {
  rotate(if calc.even(n) { 0.25deg } else { -0.3deg }, block(width: 100%, below: 0.42cm, grid(
    columns: (1.1cm, 1fr),
    text(fill: pens.at(calc.rem(n, 4)), weight: "bold", str(n + 1) + "."),
    text(fill: pens.at(calc.rem(n, 4)), said),
  )))
}
"""


def worth_a_picture(session: SessionRow) -> bool:
    """Longer talks leave a full chart behind."""
    return len(session.notes) >= 6


def latest(community: str, before: date) -> SessionRow | None:
    """The community's last meeting before a day that left a chart."""
    held = [s for s in source.sessions() if s.community == community and s.date < before and worth_a_picture(s)]
    return held[-1] if held else None


def _day(session: SessionRow) -> str:
    with use_language("th"):
        return format_date(session.date)


def filename(session: SessionRow) -> str:
    return f"กระดานสรุปกิจกรรม {_day(session)}.jpg"  # thai-data: a file's name


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _lines(session: SessionRow) -> list[str]:
    ranked = sorted(session.notes, key=lambda note: ORDER.index(note["kind"]) if note["kind"] in ORDER else len(ORDER))
    chosen = [note for note in ranked if note["kind"] != "story"][:LINES]
    # On the chart they stand in the order in which they were said.
    return [truncate(note["text"], LENGTH) for note in session.notes if note in chosen]


def describe(session: SessionRow) -> str:
    """What the picture is of; short, for documents print it below the picture."""
    return f"กระดานสรุปกิจกรรมวันที่ {_day(session)} เรื่อง {truncate(session.topic, 70)}"  # thai-data


@cache
def draw(session_key: str) -> bytes:
    """The picture, as a telephone keeps it."""
    session = next(row for row in source.sessions() if row.key == session_key)
    data = {"title": session.topic, "day": _day(session), "lines": _lines(session)}
    with tempfile.TemporaryDirectory() as path:
        layout = Path(path) / "chart.typ"
        layout.write_text(CHART, encoding="utf-8")
        drawn = typst.compile(
            str(layout),
            root=path,
            font_paths=_fonts(),
            format="png",
            ppi=PIXELS_PER_INCH,
            sys_inputs={"chart": json.dumps(data, ensure_ascii=False)},
        )
    assert isinstance(drawn, bytes)
    photo = io.BytesIO()
    Image.open(io.BytesIO(drawn)).convert("RGB").save(photo, "JPEG", quality=88)
    return photo.getvalue()
