"""python -m kc.documents.reading.child: reads one file named on standard input, answers in JSON, and ends.

Nothing here is to be trusted to end well: whoever started this process limits it and takes its death for an answer.
"""

import json
import sys
from pathlib import Path
from typing import Any

from kc.documents.reading.model import Limits


def main() -> None:
    wanted: dict[str, Any] = json.load(sys.stdin)
    limits = Limits(**wanted["limits"])
    answer = answer_for(Path(wanted["file"]), wanted["media_type"], limits)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def answer_for(file: Path, media_type: str, limits: Limits) -> dict[str, Any]:
    if media_type not in ("text/plain", "text/csv"):
        return {"state": "failed", "pages": [], "known": 0.0, "reason": "unsupported"}
    text = file.read_bytes().decode("utf-8-sig", "replace")
    pages = [{"number": 1, "kind": "part", "text": text, "raw": None, "known": 1.0}] if text.strip() else []
    return {"state": "readable" if pages else "no_text", "pages": pages, "known": 1.0, "reason": None}


if __name__ == "__main__":
    main()
