"""Pictures made fit for documents: readable, upright, not larger than print needs, without hidden data."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

LONGEST = 1600  # 20 cm at 200 dpi
MOST_PIXELS = 60_000_000


@dataclass(frozen=True)
class Printable:
    data: bytes
    extension: str
    width: int
    height: int


def printable(data: bytes) -> Printable | None:
    """PNG or JPEG of the picture without its metadata (place and phone are personal); None when unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a decompression bomb is only a warning to Pillow
            picture = Image.open(io.BytesIO(data))
            if picture.width * picture.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST, LONGEST))
            clear = upright.mode in ("RGBA", "LA", "PA", "P")
            stream = io.BytesIO()
            if clear:
                upright.convert("RGBA").save(stream, "PNG")
            else:
                upright.convert("RGB").save(stream, "JPEG", quality=85)
    except Exception:  # Pillow raises anything on damaged files; a document without that picture is still right
        return None
    return Printable(stream.getvalue(), "png" if clear else "jpg", *upright.size)
