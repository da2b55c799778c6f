"""The press: typst with our own font only, one folder it may read, and texts of blocks as its layouts want them.

Nothing typed is ever evaluated: everything reaches a layout as JSON.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kc import clock
from kc.documents import qr
from kc.documents.blocks import Block, Run, read_blocks
from kc.documents.coverage import drawable
from kc.documents.form import Picture
from kc.documents.pictures import printable
from kc.thai.wrapping import line_pieces, shorten

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LAYOUTS = HERE / "layouts"
ARCHIVE = "a-2b"  # the PDF/A that is for reading in fifty years

Digits = Callable[[object], str]
FindPicture = Callable[[str], Picture | None]
Figure = dict[str, Any]


@cache
def _fonts() -> typst.Fonts:
    """Our font alone, read once: a print must look the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


class Press:
    """The one folder typst may read while it works: the layouts, and the pictures of this document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.figures: dict[bytes, Figure] = {}  # a poster is set several times; its pictures are made once
        for layout in LAYOUTS.glob("*.typ"):
            (folder / layout.name).write_bytes(layout.read_bytes())

    def figure(self, picture: Picture | None) -> Figure | None:
        """What a layout needs to show a picture; None when it is missing or cannot be printed."""
        if picture is None:
            return None
        if picture.data not in self.figures:
            self.figures[picture.data] = self._write(picture.data)
        made = self.figures[picture.data]
        return made | {"caption": pieces(shorten(picture.caption, 160))} if made else None

    def _write(self, data: bytes) -> Figure:
        ready = printable(data)
        if not ready:
            return {}
        name = f"picture-{len(self.figures)}.{ready.extension}"
        (self.folder / name).write_bytes(ready.data)
        return {"file": name, "ratio": ready.width / ready.height}

    def code(self, address: str) -> str:
        """File of a QR code that leads to `address`; "" when there is none."""
        drawn = qr.svg(address)
        if drawn:
            (self.folder / "code.svg").write_text(drawn, encoding="utf-8")
        return "code.svg" if drawn else ""

    def pdf(self, layout: str, data: dict[str, Any], *, archive: bool = False, **inputs: str) -> bytes:
        """The document; `archive` as PDF/A, which says when it was made, and refuses what will not last."""
        made_at = clock.now().replace(tzinfo=UTC, microsecond=0)
        lasting: dict[str, Any] = {"pdf_standards": [ARCHIVE], "timestamp": made_at} if archive else {}
        said = json.dumps(data, ensure_ascii=False)
        told = {"form": drawable(said) if archive else said, **({"archive": "yes"} if archive else {}), **inputs}
        made = typst.compile(
            str(self.folder / layout),
            root=str(self.folder),
            font_paths=_fonts(),
            format="pdf",
            sys_inputs=told,
            **lasting,
        )
        assert isinstance(made, bytes)
        return made

    def blocks(self, text: str, digits: Digits, picture: FindPicture) -> list[dict[str, Any]]:
        """A Markdown-light text for `draw` of common.typ; pictures that cannot be printed are left out."""
        drawn = (self._block(block, digits, picture) for block in read_blocks(text))
        return [block for block in drawn if block]

    def _block(self, block: Block, digits: Digits, picture: FindPicture) -> dict[str, Any] | None:
        data = asdict(block)
        data["marker"] = digits(block.marker)
        data["runs"] = runs(block.runs)
        data["rows"] = [[runs(cell) for cell in row] for row in block.rows]
        if block.kind == "picture":
            figure = self.figure(picture(block.path))
            return data | {"figure": figure | {"caption": pieces(block.text)}} if figure else None
        return data


@contextmanager
def press() -> Iterator[Press]:
    """A press in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Press(Path(folder))


# What no line breaker can break: a fingerprint, a code without an end. It may end a line anywhere.
_UNBREAKABLE = re.compile(r"[^\W\u0e01-\u0e4e]{41,}")


def pieces(text: str) -> list[tuple[str, bool]]:
    """`line_pieces` of a text for a layout's `say`, nothing in it too long for a line."""
    return line_pieces(_UNBREAKABLE.sub(lambda run: "\u200b".join(re.findall(".{1,24}", run.group())), text))


def runs(of: list[Run]) -> list[dict[str, Any]]:
    return [{"bold": run.bold, "italic": run.italic, "pieces": pieces(run.text)} for run in of]
