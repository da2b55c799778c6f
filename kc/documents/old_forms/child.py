"""python -m kc.documents.old_forms.child: reads one form named on standard input and writes what it found to files.

The answer stands in ``answer.json`` of the current folder, the pictures beside it. Whoever started this process limits
it and takes its death for an answer.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kc import thai
from kc.documents.old_forms.from_word import BadDocument, WordFile, escaped_start
from kc.documents.old_forms.model import Block, OldForm
from kc.documents.old_forms.placing import place

MOST_TEXT = 4_000_000  # letters
SMALLEST = 24  # pixels
LARGEST = 4000
BETWEEN = "\n\u241e\n"  # keeps what is put right in one block from running into the next
TAKEN = ("PNG", "JPEG", "WEBP")


def main() -> None:
    wanted: dict[str, Any] = json.load(sys.stdin)
    limit(wanted["cpu_seconds"], wanted["memory_mb"], wanted["disk_mb"])
    try:
        answer = answer_for(Path(wanted["file"]), wanted["kind"])
    except BadDocument as why:
        answer = {"reason": str(why)}
    except MemoryError:
        answer = {"reason": "memory"}
    Path("answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8", errors="replace")


def limit(seconds: int, memory_mb: int, disk_mb: int) -> None:
    """What this process may use, where the system can hold it to that; pages people wait for go before it."""
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        import resource
    except ImportError:  # Windows: the clock on the wall is left
        return
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_mb * 1024 * 1024),
        (resource.RLIMIT_FSIZE, disk_mb * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def answer_for(file: Path, kind: str) -> dict[str, Any]:
    blocks, pictures = _read(file, kind)
    if not any(block.words.strip() or block.kind == "picture" for block in blocks):
        raise BadDocument("no_text")
    if sum(len(block.words) for block in blocks) > MOST_TEXT:
        raise BadDocument("too_big")
    kept = _write_pictures(pictures, blocks)
    forms, text = place(_mended(blocks))
    if not forms and not text.strip():
        raise BadDocument("no_text")
    named = [{"file": name, "name": pictures[number][0]} for number, name in kept.items()]
    return {
        "forms": [_renumbered(form, kept).as_json() for form in forms],
        "text": text,
        "pictures": named,
        "lost": len(pictures) - len(kept),
        "reason": None,
    }


def _read(file: Path, kind: str) -> tuple[list[Block], list[tuple[str, bytes]]]:
    if kind == "docx":
        document = WordFile(file)
        return document.blocks(), document.pictures
    from kc.documents.old_forms.from_pdf import blocks_of

    return blocks_of(file)


def _mended(blocks: list[Block]) -> list[Block]:
    """The same blocks with damaged Thai put right: judged over the whole text, as a page is, not line by line."""
    from kc.thai.mending import thoroughly_restored

    leaves = list(_leaves(blocks))
    before = BETWEEN.join(leaf.text for leaf in leaves)
    after = thoroughly_restored(before).split(BETWEEN.strip())
    for leaf, restored in zip(leaves, after, strict=False):  # as many, unless a text holds the mark itself
        mended = restored.strip("\n")
        if len(after) == len(leaves) and mended != leaf.text:
            leaf.text, leaf.marked = mended, escaped_start(mended.replace("*", "\\*"))
        leaf.text, leaf.marked = thai.clean_text(leaf.text), thai.clean_text(leaf.marked)
    return blocks


def _leaves(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind == "table":
            for row in block.rows:
                for cell in row:
                    yield from _leaves(cell)
        else:
            yield block


def _write_pictures(pictures: list[tuple[str, bytes]], blocks: list[Block]) -> dict[int, str]:
    """Pictures that can be shown, each a file of its own; number -> file. What cannot be stays in the original."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = 30_000_000  # twice as many are refused
    kept: dict[int, str] = {}
    for number, (_name, data) in enumerate(pictures):
        try:
            with Image.open(io.BytesIO(data)) as image:
                if min(image.size) < SMALLEST:
                    continue
                ready = data if image.format in TAKEN else _as_png(image)
                ending = {"JPEG": "jpg", "WEBP": "webp"}.get(image.format or "", "png")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue
        kept[number] = f"{number}.{ending}"
        Path(kept[number]).write_bytes(ready)
    return kept


def _as_png(image: Any) -> bytes:
    stream = io.BytesIO()
    image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    image.thumbnail((LARGEST, LARGEST))
    image.save(stream, "PNG")
    return stream.getvalue()


def _renumbered(form: OldForm, kept: dict[int, str]) -> OldForm:
    """Pictures are counted among those that were kept; the others' places go."""
    import re

    places = {number: place for place, number in enumerate(kept)}

    def moved(match: re.Match[str]) -> str:
        number = int(match.group(2))
        return f"{match.group(1)}(picture:{places[number]})" if number in places else ""

    def changed(text: str) -> str:
        return re.sub(r"(!\[[^\]]*\])\(picture:(\d+)\)", moved, text).strip()

    for part in ("background", "goals", "target_group", "method", "results"):
        setattr(form, part, changed(getattr(form, part)))
    form.unplaced = [text for text in map(changed, form.unplaced) if text]
    return form


if __name__ == "__main__":
    main()
