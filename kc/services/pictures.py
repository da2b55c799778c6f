"""Pictures people attach: told whole, freed of what a camera writes into them, and made no larger than a page needs."""

import io
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from kc import storage
from kc.errors import DomainError
from kc.filetypes import FileType
from kc.i18n import gettext as _

MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2400
THUMBNAIL = (480, 360)
WIDTHS = (480, 960, 1600)  # of pictures in a text and in a gallery; a browser takes the one that fits its screen
FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

_one_at_a_time = threading.Lock()  # a large picture takes 160 MB while it is open: one, not one for each thread


@dataclass(frozen=True)
class Tidied:
    stream: io.BytesIO
    width: int
    height: int


def tidy(path: Path, filetype: FileType, name: str) -> Tidied:
    """The picture at `path` written anew: upright, without EXIF (place, camera), longest side at most 2,400 pixels.

    Raises DomainError when it has too many pixels or cannot be read to its end.
    """
    form = FORMATS[filetype.name]
    with _one_at_a_time:
        picture = _open(path, form, name)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return Tidied(_written(picture, form), picture.width, picture.height)


def _open(path: Path, wanted: str, name: str) -> Image.Image:
    try:
        with Image.open(path, formats=[wanted]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # type: ignore[arg-type]  # JPEG: decode no more than needed
            opened.load()
            return _in_common_colours(ImageOps.exif_transpose(opened))
    except BOMBS:
        raise DomainError(_("“%(name)s” ใหญ่เกินไป (เกิน 40 ล้านพิกเซล) โปรดย่อรูปแล้วแนบอีกครั้ง", name=name)) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise DomainError(_("“%(name)s” เป็นรูปที่เสียหรือมาไม่ครบ โปรดเลือกรูปใหม่", name=name)) from None


def _in_common_colours(picture: Image.Image) -> Image.Image:
    """Phones write colours of their own screens; without the profile, which goes with EXIF, they would look pale."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile nobody can read: the colours as they are
        return picture


def _written(picture: Image.Image, form: str) -> io.BytesIO:
    out = io.BytesIO()
    modes = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA", "P", "1"), "WEBP": ("RGB", "RGBA")}[form]
    if picture.mode not in modes:
        has_alpha = form != "JPEG" and ("A" in picture.mode or "transparency" in picture.info)
        picture = picture.convert("RGBA" if has_alpha else "RGB")
    clean = picture.copy()
    clean.info = {k: v for k, v in picture.info.items() if k == "transparency"}
    clean.save(out, form, optimize=True, **({} if form == "PNG" else {"quality": 85}))
    out.seek(0)
    return out


def thumbnail(sha256: str) -> Path:
    """The small picture for lists (WebP), made at first need. FileNotFoundError when the picture itself is gone."""
    return _smaller(sha256, storage.thumbnail_of(sha256), THUMBNAIL)


def sized(sha256: str, width: int) -> Path:
    """The picture at most `width` wide (one of WIDTHS; WebP), made at first need. Errors as `thumbnail`."""
    if width not in WIDTHS:
        raise FileNotFoundError(f"no pictures of width {width}")
    return _smaller(sha256, storage.picture_of(sha256, width), (width, LONGEST_SIDE))


def _smaller(sha256: str, place: Path, box: tuple[int, int]) -> Path:
    if not place.exists():
        with _one_at_a_time, Image.open(storage.path_of(sha256), formats=list(FORMATS.values())) as picture:
            picture.draft("RGB", (box[0] * 2, box[1] * 2))  # JPEG: decode no more than is needed
            picture.thumbnail(box)
            _keep(_written(picture, "WEBP").getvalue(), place)
    return place


def _keep(data: bytes, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    aside.write_bytes(data)
    os.replace(aside, place)
