"""Plain texts and CSV, in whichever encoding an old machine wrote them."""

from collections.abc import Iterator
from pathlib import Path

from kc.documents.reading.model import Draft, Limits, Refused
from kc.documents.reading.word import in_pages
from kc.documents.sniffing import decoded


def pages(file: Path, limits: Limits) -> Iterator[Draft]:
    """A form feed begins a page. Raises Refused ("damaged") when the bytes are no text in any encoding known."""
    text = decoded(file.read_bytes()[: limits.unpacked_mb * 1024 * 1024])
    if text is None:
        raise Refused("damaged")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    yield from in_pages(text)
