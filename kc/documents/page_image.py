"""One page of a PDF as a picture, drawn by a child process that may die instead of us. Pure: no database, no web.

`python -m kc.documents.page_image FILE NUMBER WIDTH OUT` is the child.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from kc.documents import children

SECONDS = 20
MEMORY_MB = 700
TALLEST = 6000  # pixels: a page may be a strip of paper


class CannotDraw(Exception):
    """No picture came: the page is not there, or drawing it broke or took too much."""


def draw(file: Path, number: int, width: int) -> bytes:
    """The page (from 1) as WebP, `width` pixels wide. Raises CannotDraw."""
    with tempfile.TemporaryDirectory(prefix="kc-drawing-", ignore_cleanup_errors=True) as folder:
        out = Path(folder) / "page"
        try:
            asked = (str(Path(file).resolve()), str(number), str(width), str(out))
            child = children.start(__name__, *asked, folder=folder)
        except OSError as why:
            raise CannotDraw from why
        try:
            code = child.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            children.end(child)
        if code != 0 or not out.exists():
            raise CannotDraw
        return out.read_bytes()


def main(file: str, number: str, width: str, out: str) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, AttributeError, ValueError, OSError):
        pass  # the clock on the wall still holds
    import pypdfium2

    page = pypdfium2.PdfDocument(file)[int(number) - 1]
    wide, tall = page.get_size()
    scale = min(int(width) / max(wide, 1), TALLEST / max(tall, 1))
    picture = page.render(scale=scale, draw_annots=True).to_pil().convert("RGB")
    picture.save(out, "WEBP", quality=80)


if __name__ == "__main__":
    main(*sys.argv[1:5])
