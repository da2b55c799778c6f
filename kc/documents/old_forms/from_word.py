"""A DOCX as blocks: paragraphs, lists, tables, text boxes and pictures in reading order. Runs in the child only."""

from __future__ import annotations

import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from kc.documents.old_forms.model import Block

MOST_PART = 64 * 1024 * 1024  # bytes of one part, whatever its header promises
MOST_BLOCKS = 50_000
DEEPEST = 12
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ITEM_STEP = 0.7 / 2.54 * 1440  # our own form indents a list by as much a level
_BULLET = re.compile(r"^\s*([•●▪■◆➢✓\uf0b7\uf0a7\uf0d8\uf0fc]|[-–*](?=\s))\s*")
_COUNT = re.compile(r"^\s*(\d{1,2})[.)]\t\s*")


class BadDocument(Exception):
    """It is no document, or one that would do harm; the argument is one of the reader's REASONS."""


class WordFile:
    """One DOCX, opened with suspicion: no DTD, no entity, no part larger than reason."""

    def __init__(self, file: Path) -> None:
        try:
            self.archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError) as why:
            raise BadDocument("damaged") from why
        self.names = set(self.archive.namelist())
        self.blocks_left = MOST_BLOCKS
        self.pictures: list[tuple[str, bytes]] = []
        self._seen: dict[str, int] = {}
        self.main = self._main()
        self.relations = self._relations(self.main)
        self.lists = self._lists()
        self.style_lists: dict[str, tuple[str, str]] = {}  # style -> (list, level)
        self.bold_styles, self.heading_styles = self._styles()
        self.counters: dict[tuple[str, int], int] = {}

    # ---- parts of the archive ------------------------------------------------------------------------------------

    def part(self, name: str) -> bytes:
        try:
            with self.archive.open(name) as stream:
                data = stream.read(MOST_PART + 1)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as why:
            raise BadDocument("damaged") from why
        except Exception as why:  # zlib.error and its like: the bytes are not what the archive says
            raise BadDocument("damaged") from why
        if len(data) > MOST_PART:
            raise BadDocument("bomb")
        return data

    def xml(self, name: str) -> Any:
        data = self.part(name)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise BadDocument("bomb")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as why:
            raise BadDocument("damaged") from why

    def _main(self) -> str:
        for _identity, (kind, target) in self._relations("").items():
            if kind == "officeDocument" and target in self.names:
                return target
        if "word/document.xml" in self.names:
            return "word/document.xml"
        raise BadDocument("damaged")

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where not in self.names:
            return {}
        found = {}
        for relation in self.xml(where):
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                kind = relation.get("Type", "").rsplit("/", 1)[-1]
                found[relation.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def _beside(self, kind: str) -> Any:
        target = next((t for k, t in self.relations.values() if k == kind and t in self.names), None)
        return self.xml(target) if target else None

    def _styles(self) -> tuple[set[str], set[str]]:
        tree, bold, headings = self._beside("styles"), set(), set()
        for style in tree.iter(f"{W}style") if tree is not None else ():
            identity = style.get(f"{W}styleId", "")
            name = style.find(f"{W}name")
            called = (name.get(f"{W}val", "") if name is not None else "").lower()
            if called.startswith(("heading", "title")):
                headings.add(identity)
            numbering = style.find(f"{W}pPr/{W}numPr")
            if numbering is not None:
                self.style_lists[identity] = _value(numbering, "numId"), _value(numbering, "ilvl")
            if _on(style.find(f"{W}rPr/{W}b")) or _on(style.find(f"{W}rPr/{W}bCs")):
                bold.add(identity)
        return bold, headings

    def _lists(self) -> dict[tuple[str, int], str]:
        """(list, level) -> how its items are counted."""
        tree = self._beside("numbering")
        if tree is None:
            return {}
        kinds = {}
        for abstract in tree.iter(f"{W}abstractNum"):
            for level in abstract.iter(f"{W}lvl"):
                how = level.find(f"{W}numFmt")
                key = abstract.get(f"{W}abstractNumId", ""), _whole(level.get(f"{W}ilvl"))
                kinds[key] = how.get(f"{W}val", "bullet") if how is not None else "decimal"
        found = {}
        for number in tree.iter(f"{W}num"):
            abstract = number.find(f"{W}abstractNumId")
            for (identity, level), how in kinds.items():
                if abstract is not None and identity == abstract.get(f"{W}val"):
                    found[number.get(f"{W}numId", ""), level] = how
        return found

    # ---- blocks ----------------------------------------------------------------------------------------------------

    def blocks(self) -> list[Block]:
        body = self.xml(self.main).find(f"{W}body")
        if body is None:
            raise BadDocument("damaged")
        return list(self.below(body))

    def below(self, parent: Any, depth: int = 0) -> Iterator[Block]:
        if depth > DEEPEST:
            text = " ".join("".join(parent.itertext()).split())
            if text:
                yield Block("text", text, text)
            return
        for child in parent:
            if not isinstance(child.tag, str) or self.blocks_left <= 0:
                continue
            name = child.tag.rpartition("}")[2]
            if name == "p":
                yield from self.paragraph(child, depth)
            elif name == "tbl":
                self.blocks_left -= 1
                yield Block("table", rows=[self.row(row, depth) for row in child.iter(f"{W}tr") if _own(row, child)])
            elif name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "body"):
                yield from self.below(child, depth + 1)

    def row(self, row: Any, depth: int) -> list[list[Block]]:
        cells = []
        for cell in row.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr"), None) is not row:
                continue
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val", "continue") == "continue":
                cells.append([])
                continue
            cells.append(list(self.below(cell, depth + 1)))
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            cells += [[] for _n in range(min(_whole(span.get(f"{W}val")) if span is not None else 1, 60) - 1)]
        return cells

    def paragraph(self, paragraph: Any, depth: int) -> Iterator[Block]:
        self.blocks_left -= 1
        runs, boxes, pictures = [], [], []
        for run in _runs(paragraph):
            runs.append((_text(run), _is_bold(run), _is_on(run, "i")))
            boxes += [box for box in run.iter(f"{W}txbxContent") if _first_choice(box)]
            pictures += [p for p in map(self.picture, _drawings(run)) if p is not None]
        text = "".join(text for text, _b, _i in runs)
        if text.strip():
            yield self.written(paragraph, text, runs)
        yield from pictures
        for box in boxes:
            yield from self.below(box, depth + 1)

    def written(self, paragraph: Any, text: str, runs: list[tuple[str, bool | None, bool]]) -> Block:
        properties = paragraph.find(f"{W}pPr")
        style = _value(properties, "pStyle")
        spoken = [bold for piece, bold, _i in runs if piece.strip()]
        inherited = style in self.bold_styles or style in self.heading_styles
        loud = all(inherited if bold is None else bold for bold in spoken)
        marker, level, cut = self.item(properties, text)
        plain = text[cut:].strip()
        marked = plain if loud else _marked(runs, cut)
        return Block(
            "text",
            plain,
            escaped_start(marked),
            loud=loud and not marker,
            centred=_value(properties, "jc") == "center",
            item=marker,
            level=level,
        )

    def item(self, properties: Any, text: str) -> tuple[str, int, int]:
        """(marker, level, letters of the text it takes) of a paragraph that is an item of a list."""
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        identity, depth = self.style_lists.get(_value(properties, "pStyle"), ("", ""))
        if numbering is not None:
            identity, depth = _value(numbering, "numId"), _value(numbering, "ilvl")
        if identity not in ("", "0"):
            level = max(0, min(_whole(depth), 8))
            how = self.lists.get((identity, level), "bullet")
            if how in ("bullet", "none"):
                return "-", level, 0
            self.counters[identity, level] = self.counters.get((identity, level), 0) + 1
            for deeper in range(level + 1, 9):
                self.counters.pop((identity, deeper), None)
            return f"{self.counters[identity, level]}.", level, 0
        indent = properties.find(f"{W}ind") if properties is not None else None
        left = _whole(indent.get(f"{W}left") or indent.get(f"{W}start")) if indent is not None else 0
        level = max(0, min(8, round(left / ITEM_STEP) - 2)) if left > ITEM_STEP else 0
        if bullet := _BULLET.match(text):
            return "-", level, bullet.end()
        if count := _COUNT.match(text):
            return f"{count.group(1)}.", level, count.end()
        return "", 0, 0

    def picture(self, drawing: tuple[str, str]) -> Block | None:
        identity, alt = drawing
        kind, target = self.relations.get(identity, ("", ""))
        if kind != "image" or target not in self.names:
            return None
        if target not in self._seen:
            self._seen[target] = len(self.pictures)
            self.pictures.append((posixpath.basename(target), self.part(target)))
        return Block("picture", alt, picture=self._seen[target])


def _own(row: Any, table: Any) -> bool:
    return next(row.iterancestors(f"{W}tbl"), None) is table


def _first_choice(box: Any) -> bool:
    """Word writes a text box twice, for itself and for older programs: the first is enough."""
    return not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors())


def _runs(paragraph: Any) -> Iterator[Any]:
    for run in paragraph.iter(f"{W}r"):
        if next(run.iterancestors(f"{W}p"), None) is paragraph and next(run.iterancestors(f"{W}del"), None) is None:
            yield run


def _text(run: Any) -> str:
    pieces = []
    for child in run:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            pieces.append(child.text or "")
        elif name in ("tab", "ptab"):
            pieces.append("\t")
        elif name in ("br", "cr"):
            pieces.append("\n")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "sym":
            pieces.append("•" if child.get(f"{W}char", "").upper() in ("F0B7", "F0A7", "F0D8") else " ")
    return "".join(pieces)


def _drawings(run: Any) -> Iterator[tuple[str, str]]:
    """(relation, what it shows) of each picture in a run, text boxes' own left to them."""
    for element in run.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name not in ("blip", "imagedata") or next(element.iterancestors(f"{W}r"), None) is not run:
            continue
        if any(str(parent.tag).endswith("}Fallback") for parent in element.iterancestors()):
            continue
        described = next((e for e in run.iter() if isinstance(e.tag, str) and e.tag.endswith("}docPr")), None)
        alt = described.get("descr", "") if described is not None else ""
        yield element.get(f"{R}embed") or element.get(f"{R}id") or "", " ".join(alt.split())[:300]


def _marked(runs: list[tuple[str, bool | None, bool]], cut: int) -> str:
    """Runs as Markdown-light: bold and italic kept where their marks will be understood."""
    joined: list[tuple[str, str]] = []
    for text, bold, italic in runs:
        taken = min(cut, len(text))
        text, cut = text[taken:], cut - taken
        mark = "**" if bold else "*" if italic else ""
        if joined and joined[-1][1] == mark:
            joined[-1] = joined[-1][0] + text, mark
        elif text:
            joined.append((text, mark))
    pieces = []
    for text, mark in joined:
        text = text.replace("*", "\\*")
        inner = text.strip()
        plain = not mark or "\n" in inner or not inner or _is_sign(inner[0]) or _is_sign(inner[-1])
        pieces.append(text if plain else text.replace(inner, f"{mark}{inner}{mark}", 1))
    return "".join(pieces).strip()


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"


def escaped_start(text: str) -> str:
    """A line that begins with what Markdown would take for a mark of its own."""
    return re.sub(r"(?m)^(\s*)([#>+])(?=\s|$)", r"\1\\\2", text)


def _is_bold(run: Any) -> bool | None:
    bold = run.find(f"{W}rPr/{W}bCs")
    bold = bold if bold is not None else run.find(f"{W}rPr/{W}b")
    return None if bold is None else _on(bold)


def _is_on(run: Any, what: str) -> bool:
    return _on(run.find(f"{W}rPr/{W}{what}Cs")) or _on(run.find(f"{W}rPr/{W}{what}"))


def _on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


def _whole(text: str | None) -> int:
    try:
        return int(float(text or 0))
    except (ValueError, OverflowError):
        return 0
