"""The audit log is read by people, in their language."""

import ast
import re
from pathlib import Path

from kc.web.admin import deeds

ROOT = Path(__file__).resolve().parent.parent


def test_every_entry_has_words() -> None:
    """What the services write into the audit log is read by people: a deed, its area, and what it was done to."""
    named = re.compile(r"[a-z_]+\.[a-z_]+")
    written = {
        constant.value
        for path in (ROOT / "kc" / "services").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record" and len(call.args) > 1
        for constant in ast.walk(call.args[1])
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and named.fullmatch(constant.value)
    }
    assert len(written) > 100
    assert sorted(written - set(deeds.ACTIONS)) == []
    assert sorted({deed.partition(".")[0] for deed in deeds.ACTIONS} - set(deeds.AREAS)) == []
