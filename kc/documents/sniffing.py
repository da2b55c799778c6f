"""What a file is, by what it holds and not by what it is called."""

from pathlib import Path


def media_type_of(file: Path) -> str | None:
    """The media type of the file's content; None when it is nothing we know."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/plain" if head and b"\x00" not in head else None
