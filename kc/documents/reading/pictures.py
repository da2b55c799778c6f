"""Text in pictures, where tesseract with Thai is installed. It never has to be."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kc.documents.reading.model import Draft, Limits, Refused

MOST_PIXELS = 150_000_000  # the largest telephones make 108 million
_LONGEST_SIDE = 2400
_SECONDS = 30


@cache
def languages() -> str:
    """What tesseract is asked to read: "tha+eng"; "" when it is not installed or knows no Thai."""
    if not shutil.which("tesseract"):
        return ""
    try:
        answer = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    known = answer.stdout.decode("utf-8", "replace").split()
    return "+".join(code for code in ("tha", "eng") if code in known) if "tha" in known else ""


def pages(file: Path, limits: Limits) -> Iterator[Draft]:
    """One page, empty without OCR. Raises Refused: "bomb" by its size alone, before a letter of it is unpacked."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # measured here, against our own limit
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Refused("bomb")
            if not languages():
                return
            picture.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            yield Draft("page", recognised(picture))
    except (OSError, ValueError, SyntaxError, EOFError) as why:
        raise Refused("damaged") from why


def recognised(picture: object) -> str:
    """What tesseract reads in a picture (of Pillow); "" when it gives up."""
    import io

    stream = io.BytesIO()
    picture.convert("L").save(stream, "PNG", compress_level=1)  # type: ignore[attr-defined]
    command = ["tesseract", "stdin", "stdout", "-l", languages(), "--psm", "3"]
    try:
        answer = subprocess.run(command, input=stream.getvalue(), capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "replace").replace("\x0c", "").strip()
