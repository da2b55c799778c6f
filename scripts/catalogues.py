"""Keep the translations in step with the code: extract the texts, update the English catalogue, compile it.

The message id is the Thai sentence itself, so Thai needs no catalogue. Run by `make catalogues` (`--check` only
reports what is missing). The result is the same on every machine: no dates, no line numbers, a fixed order.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "kc" / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"
LANGUAGES = ("en",)
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "_l": None, "noop": None, "ngettext": (1, 2)}
# Dates in a catalogue's head would change the file at every run and say nothing that Git does not know.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


def blank(language: str | None = None) -> Catalog:
    return Catalog(
        locale=language,
        project="Knowledge Center",
        version="1",
        header_comment="# Translations of the Knowledge Center. The message id is the Thai sentence.",
        creation_date=UNDATED,
        revision_date=UNDATED,
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="see the history of this file",
        language_team=language or "none",
        fuzzy=False,
    )


def extract() -> Catalog:
    """Every text of the code and the templates that is shown to somebody, each with the files it stands in."""
    with open(ROOT / "babel.cfg", encoding="utf-8") as cfg:
        methods, options = parse_mapping_cfg(cfg)
    found = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    template = blank()
    for file, _line, message, comments, _context in sorted(found, key=lambda row: (row[0], row[1])):
        place = Path(file).as_posix()
        template.add(message, locations=[(place, 0)], auto_comments=comments)
    return template


def po_path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue as it stands; an empty one when there is none yet."""
    path = po_path(language)
    if not path.exists():
        return blank(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(template: Catalog, old: Catalog, language: str) -> Catalog:
    """The template's messages with the translations already made; those no longer used are kept aside, as obsolete."""
    known = {m.id: m.string for m in [*old.obsolete.values(), *old] if m.id and any(strings(m))}
    new = blank(language)
    for message in template:
        if message.id:
            new.add(
                message.id,
                known.pop(message.id, None),
                locations=message.locations,
                auto_comments=message.auto_comments,
            )
    for msgid, string in known.items():
        new.obsolete[msgid] = Message(msgid, string)
    return new


def strings(message: Message) -> tuple[str, ...]:
    """A message's translations: one, or one for each plural form."""
    string = message.string
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)


def untranslated(catalogue: Catalog) -> list[Message]:
    return [m for m in catalogue if m.id and (m.fuzzy or not all(strings(m)))]


def as_po(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=110, include_lineno=False, sort_by_file=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def save(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"written: {path.relative_to(ROOT)}")


def main(arguments: list[str]) -> int:
    template = extract()
    missing = 0
    for language in LANGUAGES:
        catalogue = merged(template, read(language), language)
        todo = untranslated(catalogue)
        missing += len(todo)
        print(f"{language}: {len(template)} texts, {len(todo)} without translation")
        if "--check" in arguments:
            for message in todo:
                print(f"  {message.locations[0][0]}: {message.id}")
            continue
        save(TEMPLATE, as_po(template))
        save(po_path(language), as_po(catalogue))
        save(po_path(language).with_suffix(".mo"), as_mo(catalogue))
    return 1 if missing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
