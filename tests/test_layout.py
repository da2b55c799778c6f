"""The rooms of the house: imports point one way, and HTTP and the search engine stay in theirs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kc"

ROOMS = {"db", "forms", "migrations", "models", "policy", "search", "services", "together", "web"}
# What puts the parts together stands above them all.
ABOVE = {"", "__main__", "cli", "demo"}
# All else (the clock, the rules of the language, readers of files) knows nothing of the rest, so anybody may ask it.
LEAVES = (
    {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()} - ROOMS - ABOVE - {"__init__"}
)
MAY_IMPORT = {
    **dict.fromkeys(LEAVES, LEAVES),
    "db": LEAVES,
    "together": {"db"},
    "migrations": set(),
    "models": LEAVES | {"db"},
    "policy": LEAVES | {"db", "models"},
    "search": LEAVES | {"db", "models"},
    "services": LEAVES | {"db", "models", "policy", "search", "together"},
    "forms": LEAVES | {"models"},
    "web": LEAVES | {"forms", "models", "policy", "search", "services", "together"},
}
# The one place in web that opens a request's connection, and the one that asks whether the database answers.
WITH_CONNECTION = {"kc.web.requests", "kc.web.health"}

REQUEST_NAMES = {"request", "session", "g", "flash", "after_this_request"}
TOKENIZERS = {"", "tokenize", "sent_tokenize", "word_tokenize"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def area(module: str) -> str:
    """The part of the package a module belongs to: "web" of kc.web.communities, "" of kc itself."""
    return (module.split(".") + [""])[1]


def imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str, str]]:
    """Every import as (line, module, name): "from kc.db import db" gives "kc.db", "db"; "import x" gives "x", ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = module.split(".")[: len(module.split(".")) - node.level + is_package]
                base = ".".join([*here, *([node.module] if node.module else [])])
            yield from ((node.lineno, base, alias.name) for alias in node.names)


def every_import() -> Iterator[tuple[str, str, str, str]]:
    """(place, importing module, imported module, name) for the whole package."""
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, target, name in imports(tree, dotted(path), path.name == "__init__.py"):
            yield f"{path.relative_to(ROOT)}:{line}", dotted(path), target, name


def wrong_way(module: str, target: str, name: str) -> str:
    """Why this import may not be, or ""."""
    here = area(module)
    if target.split(".")[0] != "kc" or here in ABOVE:
        return ""
    # "from kc import models" imports the area named, "from kc import create_app" the factory.
    there = area(target) or (name if (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists() else "")
    if here not in MAY_IMPORT:
        return f"kc.{here} has no place yet in tests/test_layout.py"
    if there == here or there in MAY_IMPORT[here] or (target == "kc" and name == "__version__"):
        return ""
    if there == "db" and module in WITH_CONNECTION:
        return ""
    return f"kc.{here} may not import kc.{there}".rstrip(".")


def test_imports_point_one_way():
    wrong = [
        f"{place}: {why}" for place, module, target, name in every_import() if (why := wrong_way(module, target, name))
    ]
    assert not wrong, "\n".join(wrong)


def outside_its_room(module: str, target: str, name: str) -> str:
    """Why this import of something from outside the package may not be here, or ""."""
    here, library = area(module), target.split(".")[0]
    if library == "flask" and here != "web":
        if name in REQUEST_NAMES:
            return f"flask.{name} belongs to kc/web"
        if here not in ABOVE and name in ("", "current_app"):
            return "flask belongs to kc/web"
    if library == "whoosh" and here != "search":
        return "whoosh belongs to kc/search"
    tokenizer = target.startswith("pythainlp.tokenize") or (target == "pythainlp" and name in TOKENIZERS)
    if tokenizer and here != "search":
        return "the Thai tokenizer belongs to kc/search"
    if target.startswith("kc.search.") and here != "search":
        return "kc.search is sealed: import what its __init__ offers"
    return ""


def test_libraries_stay_in_their_rooms():
    wrong = [
        f"{place}: {why}"
        for place, module, target, name in every_import()
        if (why := outside_its_room(module, target, name))
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_happens_at_import():
    """`import kc` makes no application and opens no database: tests and commands make their own."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    statements = [node for node in tree.body if isinstance(node, ast.Expr | ast.Assign)]
    assert not [ast.unparse(node) for node in statements if isinstance(node.value, ast.Call)]


# ---- the checks themselves can fail ----


@pytest.mark.parametrize(
    ("module", "target", "name", "allowed"),
    [
        ("kc.web.communities", "kc.services", "communities", True),
        ("kc.web.communities", "kc.web.htmx", "render", True),
        ("kc.services.communities", "kc.web.htmx", "go", False),
        ("kc.models.people", "kc", "services", False),
        ("kc.models.people", "kc.db", "BaseModel", True),
        ("kc.search.index", "kc.services.articles", "publish", False),
        ("kc.fiscal", "kc.models", "FiscalYear", False),
        ("kc.cli.serve", "kc.web", "anything", True),
        ("kc", "kc.web", "init_app", True),
        ("kc.newcomer", "kc.db", "db", False),
    ],
)
def test_direction_check_sees(module, target, name, allowed):
    assert (wrong_way(module, target, name) == "") is allowed


@pytest.mark.parametrize(
    ("module", "target", "name", "allowed"),
    [
        ("kc.services.people", "flask", "g", False),
        ("kc.services.people", "flask", "", False),
        ("kc.web.people", "flask", "session", True),
        ("kc", "flask", "Flask", True),
        ("kc.web.search", "whoosh.query", "Term", False),
        ("kc.thai.text", "pythainlp.tokenize", "word_tokenize", False),
        ("kc.thai.text", "pythainlp.util", "collate", True),
        ("kc.web.search", "kc.search.index", "open", False),
        ("kc.web.search", "kc.search", "search", True),
    ],
)
def test_room_check_sees(module, target, name, allowed):
    assert (outside_its_room(module, target, name) == "") is allowed


def test_relative_imports_are_followed():
    tree = ast.parse("from . import schema\nfrom ..models import people\n")
    assert [target for _, target, _ in imports(tree, "kc.search.index", False)] == ["kc.search", "kc.models"]
    assert [target for _, target, _ in imports(tree, "kc.search", True)] == ["kc.search", "kc.models"]
