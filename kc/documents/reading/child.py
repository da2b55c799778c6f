"""python -m kc.documents.reading.child: reads one file named on standard input, answers in JSON, and ends.

Nothing here is to be trusted to end well: whoever started this process limits it and takes its death for an answer.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kc.documents.reading.model import Draft, Limits, Refused

_MB = 1024 * 1024
# Text beyond this is not searched by anybody; a page's is cut, a file's ends.
_LONGEST_PAGE = 1_000_000


def main() -> None:
    wanted: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    limits = Limits(**wanted["limits"])
    _hold_to(limits)
    try:
        answer = answer_for(Path(wanted["file"]), wanted["media_type"], limits)
    except Refused as why:
        answer = _failed(str(why))
    except MemoryError:
        answer = _failed("memory")
    except Exception:  # a broken file breaks readers in ways nobody listed
        answer = _failed("damaged")
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _hold_to(limits: Limits) -> None:
    """What the system lets this process use, where the system can say so (macOS and Windows cannot say all)."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)  # people's pages come first
    try:
        import resource
    except ImportError:
        return
    cpu = int(limits.cpu_seconds)
    for name, least, most in (
        ("RLIMIT_AS", limits.memory_mb * _MB, limits.memory_mb * _MB),
        ("RLIMIT_CPU", cpu, cpu + 2),
        ("RLIMIT_FSIZE", 64 * _MB, 64 * _MB),
        ("RLIMIT_CORE", 0, 0),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (least, most))
        except (AttributeError, ValueError, OSError):
            continue


def drafts(file: Path, media_type: str, limits: Limits) -> Iterator[Draft]:
    """Pages as they come out of the file. Only the one reader needed is loaded: a child reads one file."""
    from kc.documents import sniffing as types

    if media_type == "application/pdf":
        from kc.documents.reading import pdf

        return pdf.pages(file, limits)
    if media_type == types.DOCX:
        from kc.documents.reading import word

        return word.pages(file, limits)
    if media_type == types.PPTX:
        from kc.documents.reading import slides

        return slides.pages(file, limits)
    if media_type == types.XLSX:
        from kc.documents.reading import sheets

        return sheets.pages(file, limits)
    if media_type in (types.ODT, types.ODP, types.ODS):
        from kc.documents.reading import opendocument

        return opendocument.pages(file, limits, media_type)
    if media_type in ("text/plain", "text/csv"):
        from kc.documents.reading import plain

        return plain.pages(file, limits)
    if media_type in ("image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff"):
        from kc.documents.reading import pictures

        return pictures.pages(file, limits)
    raise Refused("encrypted" if media_type == types.ENCRYPTED_OFFICE else "unsupported")


def answer_for(file: Path, media_type: str, limits: Limits) -> dict[str, Any]:
    """The reading as JSON has it: pages repaired, each with the share of its words that are known."""
    from kc.documents.reading.repairing import repaired

    pages: list[dict[str, Any]] = []
    left = limits.output_mb * _MB
    letters = known = 0.0
    for number, draft in enumerate(drafts(file, media_type, limits), start=1):
        page = repaired(draft.text[:_LONGEST_PAGE])
        left -= len(page.text.encode("utf-8", "replace"))
        if left < 0 or number > limits.pages:
            break
        pages.append({"number": number, "kind": draft.kind, "text": page.text, "raw": page.raw, "known": page.known})
        letters, known = letters + page.letters, known + page.known * page.letters
    if not any(page["text"].strip() for page in pages):
        return {"state": "no_text", "pages": pages, "known": 0.0, "reason": None}
    return {"state": "readable", "pages": pages, "known": round(known / letters, 4) if letters else 1.0, "reason": None}


def _failed(reason: str) -> dict[str, Any]:
    return {"state": "failed", "pages": [], "known": 0.0, "reason": reason}


if __name__ == "__main__":
    main()
