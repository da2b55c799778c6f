"""Every text on the screen is in the catalogue, has an English translation, and none is written past gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from scripts import catalogues

ROOT = Path(__file__).resolve().parent.parent
THAI = re.compile("[ก-๛]")
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
GETTEXT = {"_", "gettext", "ngettext", "lazy", "_l", "noop"}
# Code whose every text may reach a screen. Elsewhere Thai is data: demo texts, language rules, the fiscal year.
SCREEN_CODE = ("kc/web", "kc/forms", "kc/services", "kc/policy")
# A statement that holds Thai as data (a column name in HR's file, a keyword to recognise) says so on its first line
# or on the line before.
DATA_MARK = "# thai-data"
# A language is offered by its own name, whatever the page's language.
OWN_NAMES = {"ไทย"}


@pytest.fixture(scope="module")
def template():
    return catalogues.extract()


def ids(message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def named(text: str) -> set[str]:
    return {m.group(1) for m in PLACEHOLDER.finditer(text) if m.group(1)}


def same_placeholders(message, position: int, string: str) -> bool:
    """Whether a translation names what the code gives; "one" of a plural may leave the number out."""
    wanted = set().union(*map(named, ids(message)))
    given = named(string)
    if isinstance(message.id, tuple):
        return given | {"n"} == wanted | {"n"} and (position == 0 or wanted <= given)
    return given == wanted


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_is_translated(template, language):
    catalogue = catalogues.merged(template, catalogues.read(language), language)
    missing = [f"{m.locations[0][0]}: {ids(m)[0]}" for m in catalogues.untranslated(catalogue)]
    assert not missing, "\n".join([f"{len(missing)} without translation: make catalogues, then fill in", *missing])


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_keep_the_placeholders(template, language):
    catalogue = catalogues.merged(template, catalogues.read(language), language)
    wrong = [
        f"{ids(message)[0]} became {string}"
        for message in catalogue
        if message.id
        for position, string in enumerate(catalogues.strings(message))
        if string and not same_placeholders(message, position, string)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_are_not_left_in_thai(template, language):
    catalogue = catalogues.merged(template, catalogues.read(language), language)
    # A Thai word quoted as itself (a role's name, a button's) stands in brackets or quotation marks.
    quoted = re.compile(r"\([^)]*\)|“[^”]*”|\"[^\"]*\"")
    thai = [s for m in catalogue if m.id for s in catalogues.strings(m) if THAI.search(quoted.sub("", s))]
    assert not thai, "\n".join(thai)


def test_the_reader_is_spoken_to_in_one_way(template):
    """It is "คุณ" everywhere: one page does not say "ท่าน" to the person whom the next calls "คุณ"."""
    other = re.compile("(?<!เ)ท่าน(?!ั้น)")
    assert not [text for message in template if message.id for text in ids(message) if other.search(text)]


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_catalogues_on_disk_are_current(template, language):
    catalogue = catalogues.merged(template, catalogues.read(language), language)
    path = catalogues.po_path(language)
    assert catalogues.TEMPLATE.read_bytes() == catalogues.as_po(template), "make catalogues"
    assert path.read_bytes() == catalogues.as_po(catalogue), "make catalogues"
    assert path.with_suffix(".mo").read_bytes() == catalogues.as_mo(catalogue), "make catalogues"


# ---- nothing is written past gettext ----


def thai_past_gettext(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Thai string literals outside gettext calls and docstrings, and gettext calls nobody can extract."""
    skip: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            skip.add(id(node.body[0].value))
        if isinstance(node, ast.Call) and called(node) in GETTEXT:
            if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                yield node.lineno, "a text put together inside gettext cannot be extracted"
            skip |= {id(argument) for argument in node.args if isinstance(argument, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in skip and THAI.search(str(node.value)):
            yield node.lineno, str(node.value)


def called(node: ast.Call) -> str:
    """The name a call goes by, without what stands before its dot."""
    return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


def screen_files() -> list[Path]:
    inside = [p for area in SCREEN_CODE for p in (ROOT / area).rglob("*.py")]
    return sorted(inside + [p for p in (ROOT / "kc").glob("*.py") if p.stem in ("policy", "labels")])


def marked_as_data(source: str, tree: ast.AST) -> set[int]:
    """The lines of statements marked as data."""
    lines = source.splitlines()
    marked = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and DATA_MARK in "".join(lines[max(node.lineno - 2, 0) : node.lineno]):
            # Of a statement with a body of its own, only the head.
            end = node.body[0].lineno - 1 if getattr(node, "body", None) else node.end_lineno or node.lineno
            marked |= set(range(node.lineno, end + 1))
    return marked


def test_no_thai_past_gettext_in_code():
    wrong = []
    for path in screen_files():
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        data = marked_as_data(source, tree)
        faults = ((line, text) for line, text in thai_past_gettext(tree) if line not in data)
        wrong += [f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in faults]
    assert not wrong, "\n".join(wrong)


def template_thai(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    inside = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT:
            inside |= {id(argument) for argument in call.args if isinstance(argument, nodes.Const)}
            if call.args and not isinstance(call.args[0], nodes.Const | nodes.Name | nodes.Getattr | nodes.Getitem):
                yield call.lineno, "a text put together inside gettext cannot be extracted"
    for node in tree.find_all((nodes.TemplateData, nodes.Const)):
        text = node.data if isinstance(node, nodes.TemplateData) else node.value
        if isinstance(text, str) and id(node) not in inside and THAI.search(text) and text not in OWN_NAMES:
            yield node.lineno, text.strip()


def test_no_thai_past_gettext_in_templates():
    environment = Environment()
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        wrong += [f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in template_thai(tree)]
    assert not wrong, "\n".join(wrong)


def test_no_thai_in_scripts_of_the_page():
    """The page's scripts take their words from data attributes, so that they follow the reader's language."""
    comment = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
    wrong = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        for line in comment.sub("", path.read_text(encoding="utf-8")).splitlines()
        if THAI.search(line)
    ]
    assert not wrong, "\n".join(wrong)


# ---- the checks themselves can fail ----


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ('flash("บันทึกแล้ว")', 1),
        ('flash(_("บันทึกแล้ว"))', 0),
        ('x = f"สวัสดี {name}"', 1),
        ('_(f"สวัสดี {name}")', 2),
        ('def f():\n    "คำอธิบาย"\n    return lazy("ตกลง")', 0),
        ('i18n.ngettext("%(n)d คน", "%(n)d คน", n)', 0),
    ],
)
def test_python_check_sees(source, faults):
    assert len(list(thai_past_gettext(ast.parse(source)))) == faults


def test_data_is_data_to_the_end_of_its_statement():
    source = 'NAMES = (  # thai-data\n    "ชื่อ",\n)\n\nflash("บันทึกแล้ว")\n'
    assert marked_as_data(source, ast.parse(source)) == {1, 2, 3}


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("<p>สวัสดี</p>", 1),
        ("{# หมายเหตุ #}<p>{{ _('สวัสดี') }}</p>", 0),
        ('<p title="สวัสดี">{{ name }}</p>', 1),
        ("{{ ui.badge('ใหม่') }}", 1),
        ("{{ ui.badge(_('ใหม่')) }}{{ _(item.label) }}", 0),
        ("{{ _('สวัสดี ' ~ name) }}", 2),
    ],
)
def test_template_check_sees(source, faults):
    assert len(list(template_thai(Environment().parse(source)))) == faults


def test_what_means_save_stands_on_buttons_only() -> None:
    """The catalogue knows a sentence once: elsewhere English would call the notes of a session “Save”."""
    save = re.compile(r"""_l?\(["']บันทึก["']\)""")
    button = re.compile(r"submit\($|<button[^>]*>(\{\{ icon\([^)]*\) \}\})?\{\{ $")
    things = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "kc").rglob("*.py")]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for found in save.finditer(line)
        if not button.search(line[: found.start()])
    ]
    assert not things
