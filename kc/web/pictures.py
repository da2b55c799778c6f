"""Pictures in several sizes, so that a phone fetches no more than its screen shows."""

import re
from collections.abc import Iterable

from flask import Flask
from markupsafe import Markup

from kc import markdown
from kc.models import Attachment
from kc.services.pictures import WIDTHS

IN_TEXT = "(max-width: 48rem) 92vw, 44rem"
OWN_PICTURE = re.compile(r'<img ([^<>]*?)src="/attachments/(\d+)/picture"')


def srcset(row: Attachment, sizes: str) -> Markup:
    """Attributes of an <img> that offer the picture in the widths there are; nothing when its width is not known."""
    if not row.width:
        return Markup("")
    offered = [f"/attachments/{row.id}/picture/{width} {width}w" for width in WIDTHS if width < row.width]
    offered.append(f"/attachments/{row.id}/picture {row.width}w")
    return Markup(' srcset="{}" sizes="{}"').format(", ".join(offered), sizes)


def prose(text: str, files: Iterable[Attachment] = ()) -> Markup:
    """Markdown as HTML; pictures among `files` know their size, come in several, and only when they are scrolled to."""
    known = {str(row.id): row for row in files}

    def widened(found: re.Match[str]) -> str:
        row = known.get(found[2])
        size = f' width="{row.width}" height="{row.height}"' if row and row.width else ""
        return f'{found[0]}{size}{srcset(row, IN_TEXT) if row else ""} loading="lazy"'

    return Markup(OWN_PICTURE.sub(widened, markdown.render_markdown(text)))


def init_app(app: Flask) -> None:
    app.jinja_env.filters["markdown"] = prose
    app.jinja_env.globals["srcset"] = srcset
