"""Markdown-light as plain blocks that any kind of document can draw: the same reading as the page's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from kc.markdown import parse_markdown


@dataclass(frozen=True)
class Run:
    """Text of one look inside a paragraph; "\\n" is a line break."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass
class Block:
    """kind: paragraph · heading · item · quote · code · table · rule · picture."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    level: int = 0  # depth of an item or quote, rank of a heading
    marker: str = ""  # "•" or "1." of an item; "" for its further paragraphs
    rows: list[list[list[Run]]] = field(default_factory=list)  # of a table; the first row is its head
    path: str = ""  # of a picture

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def _runs(tokens: list[Token]) -> list[Run]:
    runs: list[Run] = []
    bold = italic = 0
    for token in tokens:
        bold += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        italic += {"em_open": 1, "em_close": -1}.get(token.type, 0)
        text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
        if text and token.type != "image":
            runs.append(Run(text, bold > 0, italic > 0))
    return runs


def _pictures(tokens: list[Token]) -> Iterator[Block]:
    for token in tokens:
        if token.type == "image":
            caption = "".join(child.content for child in token.children or [])
            yield Block("picture", [Run(caption)] if caption else [], path=str(token.attrs.get("src", "")))


@dataclass
class _List:
    ordered: bool
    number: int
    fresh: bool = False  # whether the next paragraph begins an item

    def marker(self) -> str:
        if not self.fresh:
            return ""
        self.fresh = False
        if not self.ordered:
            return "•"
        self.number += 1
        return f"{self.number}."


class _Reader:
    """Walks the tokens once, keeping in mind which lists, quotes and tables are open."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.lists: list[_List] = []
        self.quotes = 0
        self.heading = 0
        self.table: Block | None = None

    def read(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrs.get("start", 1))
            self.lists.append(_List(kind == "ordered_list_open", start - 1))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            self.lists[-1].fresh = True
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
        elif kind == "heading_open":
            self.heading = int(token.tag[1])
        elif kind == "table_open":
            self.table = Block("table")
            self.blocks.append(self.table)
        elif kind == "table_close":
            self.table = None
        elif kind == "tr_open" and self.table:
            self.table.rows.append([])
        elif kind == "hr":
            self.blocks.append(Block("rule"))
        elif kind == "fence":
            self.blocks.append(Block("code", [Run(token.content.rstrip("\n"))]))
        elif kind == "inline":
            self.inline(token.children or [])

    def inline(self, children: list[Token]) -> None:
        runs = _runs(children)
        if self.table:
            self.table.rows[-1].append(runs)
            return
        if any(run.text.strip() for run in runs):
            if self.heading or self.lists or self.quotes:
                self.blocks.append(self.block(runs))
            else:
                self.paragraph(runs)
        self.blocks += _pictures(children)

    def paragraph(self, runs: list[Run]) -> None:
        """A first line all in bold is how people write a small heading; what follows it is the text."""
        end = next((i for i, run in enumerate(runs) if run.text == "\n"), len(runs))
        lead, rest = runs[:end], runs[end + 1 :]
        if lead and all(run.bold for run in lead if run.text.strip()):
            plain = [Run(run.text, italic=run.italic) for run in lead]
            self.blocks.append(Block("heading", plain, level=6))
            runs = rest
        if any(run.text.strip() for run in runs):
            self.blocks.append(Block("paragraph", runs))

    def block(self, runs: list[Run]) -> Block:
        if self.heading:
            rank, self.heading = self.heading, 0
            return Block("heading", runs, level=rank)
        if self.lists:
            return Block("item", runs, level=len(self.lists), marker=self.lists[-1].marker())
        return Block("quote", runs, level=self.quotes)


def read_blocks(text: str) -> list[Block]:
    """The blocks of `text` in reading order; every word the page shows is in one of them."""
    reader = _Reader()
    for token in parse_markdown(text):
        reader.read(token)
    return reader.blocks


_NUMBERED = re.compile(r"^[0-9๐-๙]{1,2}\s*[.)]\s*")


def key_points(text: str, most: int = 5) -> list[str]:
    """What a slide or poster takes from a text: its headings, else its items, else its first words."""
    blocks = [block for block in read_blocks(text) if block.kind in ("paragraph", "item", "heading")]
    leads = [block.text.strip() for block in blocks if block.kind == "heading"]
    items = [block.text.strip() for block in blocks if block.kind == "item"]
    chosen = leads if len(leads) >= 2 else items if len(items) >= 2 else [block.text.strip() for block in blocks]
    return [_NUMBERED.sub("", " ".join(point.split())) for point in chosen[:most]]
