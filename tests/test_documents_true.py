"""What the repository says about itself is true, and nothing of one machine or one network got into it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from kc.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"var", "search_index", "build", "__pycache__", "kc.egg-info"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def is_ours(path: Path) -> bool:
    """Whether a file can be the repository's: not run-time data, not in a hidden folder (caches, .venv) but .ci."""
    return not any(part in NOT_OURS or (part.startswith(".") and part != ".ci") for part in path.parts[:-1])


@cache
def tracked() -> tuple[Path, ...]:
    """The files under version control, and new ones not ignored; without Git, everything that is no run-time data."""
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"]
    try:
        names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(path) for found in ROOT.rglob("*") if is_ours(path := found.relative_to(ROOT))]
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """(name, text) of every tracked text file of ours; vendored files are others' words."""
    found = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        content = path.read_bytes()
        if "/vendor/" not in name and b"\0" not in content:
            found.append((name, content.decode("utf-8", "replace")))
    return tuple(found)


def lines_with(pattern: re.Pattern[str], suffix: str = "", folder: str = "") -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:160]}"
        for name, text in texts()
        if name.endswith(suffix) and name.startswith(folder)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


# ---- settings ----


def settings_table() -> dict[str, tuple[str, str]]:
    """The README's rows: setting -> (default, meaning)."""
    row = re.compile(r"^\|\s*`(KC_[A-Z_]+)`\s*\|\s*([^|]*?)\s*\|\s*([^|]*?)\s*\|", re.MULTILINE)
    return {name: (default.strip("`"), meaning) for name, default, meaning in row.findall(read("README.md"))}


def test_readme_lists_every_setting_and_no_other():
    assert sorted(settings_table()) == sorted(setting.name for setting in SETTINGS)


def test_readme_gives_the_true_defaults():
    empty = {"", "-", "–", "—"}
    wrong = [
        f"{s.name}: the README says {said!r}, the default is {s.default!r}"
        for s in SETTINGS
        if (said := settings_table().get(s.name, ("?", ""))[0]) != s.default and not (said in empty and s.default == "")
    ]
    assert not wrong, "\n".join(wrong)


def test_every_setting_says_what_it_means():
    assert all(meaning for _, meaning in settings_table().values())
    assert all(setting.meaning for setting in SETTINGS)


def test_documents_name_no_setting_that_is_not_there():
    known = {setting.name for setting in SETTINGS}
    named = re.compile(r"\bKC_[A-Z]+(?:_[A-Z]+)*\b(?!_?\*)")
    for_tests = ("KC_TEST_", "KC_REQUIRE_")
    wrong = [
        f"{name}: {setting}"
        for name, text in texts()
        if name.endswith(".md") or name.startswith("deploy/")
        for setting in named.findall(text)
        if setting not in known and not setting.startswith(for_tests)
    ]
    assert not wrong, "\n".join(wrong)


# ---- commands ----


def make_targets() -> dict[str, str]:
    """Target -> its line of help, "" when it has none."""
    rows = re.findall(r"^([a-z][a-z-]*):(?!=)[^\n#]*(?:##\s*(.*))?$", read("Makefile"), re.MULTILINE)
    return dict(rows)


def test_every_make_target_has_a_line_of_help():
    assert [target for target, line in make_targets().items() if not line] == []
    assert {"run", "test", "bench", "lint", "help"} <= set(make_targets())


def test_documents_name_no_make_target_that_is_not_there():
    command = re.compile(r"(?:`|^\s*(?:\$ )?)make ([a-z][a-z-]*)", re.MULTILINE)
    wrong = [
        f"{name}: make {target}"
        for name, text in texts()
        if name.endswith(".md")
        for target in command.findall(text)
        if target not in make_targets()
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/ARCHITECTURE.md"])
def test_links_between_documents_lead_somewhere(name):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)|src=\"(?!https?:)([^\"]+)\"", read(name))
    assert [link for pair in links if not ((ROOT / name).parent / (link := pair[0] or pair[1])).exists()] == []


# ---- nothing of one machine or network ----


def test_no_package_registry_is_named():
    # Spelt in pieces, so that this file is not its own finding.
    hosts = "|".join(("py" + "pi", "python" + "hosted", "npm" + "js", r"deb\." + "debian"))
    assert lines_with(re.compile(rf"\b(?:{hosts})\.(?:org|com)\b")) == []


def test_no_path_of_one_machine_is_named():
    assert lines_with(re.compile(r"(?<![\w.}/])/(?:work|root|home)/\w")) == []


def test_locks_hold_names_and_hashes_only():
    for name in ("requirements.txt", "requirements-postgres.txt", "requirements-test.txt"):
        lock = read(name)
        assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
        packages = re.findall(r"^[a-z0-9].*$", lock, re.MULTILINE)
        assert packages and all(re.match(r"[a-z0-9.-]+==\S+", line) for line in packages)
        assert len(re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:", lock, re.MULTILINE)) == len(packages)


# ---- pages that keep to the content security policy ----

# What stands between tags is parsed loosely on purpose: Jinja inside a tag may hold ">" itself.
PAGE_FAULTS = {
    "inline script": r"<script(?![^>]*\b(?:src=|type=\"application/json\"))",
    "inline style": r"<style\b|(?<![\w-])style\s*=\s*[\"']",
    "event handler attribute": r"(?<![\w:-])on[a-z]{3,}\s*=\s*[\"']",
    "hx-on": r"\bhx-on\b",
    "javascript: address": r"[\"']\s*javascript:",
    "address of another origin": r"(?:src|href|action|srcset|poster|hx-get|hx-post)\s*=\s*[\"']\s*(?:https?:)?//",
}


@pytest.mark.parametrize("fault", PAGE_FAULTS)
def test_pages_hold_no(fault):
    assert lines_with(re.compile(PAGE_FAULTS[fault], re.IGNORECASE), ".html", "templates/") == []


def test_style_sheets_and_scripts_stay_on_our_origin():
    outside = re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import\b|(?:fetch|import|open)\(\s*[\"'`]https?://")
    assert lines_with(outside, ".css", "static/") + lines_with(outside, ".js", "static/") == []


@pytest.mark.parametrize(
    ("fault", "bad", "good"),
    [
        ("inline script", "<script>go()</script>", '<script src="/static/js/kc.js" defer></script>'),
        ("inline style", '<p style="color:red">', '<p class="muted" data-style="x">'),
        ("event handler attribute", '<button onclick="go()">', '<button data-on="click" content="x">'),
        ("hx-on", '<p hx-on:click="go()">', '<p hx-get="/on">'),
        ("javascript: address", '<a href="javascript:go()">', '<a href="/javascript">'),
        ("address of another origin", '<img src="//elsewhere.example/x.png">', '<img src="/static/img/x.png">'),
    ],
)
def test_page_check_sees(fault, bad, good):
    pattern = re.compile(PAGE_FAULTS[fault], re.IGNORECASE)
    assert pattern.search(bad) and not pattern.search(good)
