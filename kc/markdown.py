"""Markdown-light as people write it in Thai: safe HTML for the page, plain words for search (PRODUCT 4; S0-168)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

FIRST_HEADING = 3  # the page owns h1 and the part of the form owns h2
OWN_PICTURE = re.compile(r"/attachments/(?!.*\.\.)[\w./%-]+")
BARE_URL = re.compile(r"https?://[^\s<>\"'\u0e00-\u0e7f]*[^\s<>\"'\u0e00-\u0e7f.,;:!?)\]]")
_THAI = re.compile("[\u0e00-\u0e7f]")

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "h3", "h4", "h5", "h6"}
_TAGS |= {"a", "img", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_ALIGNED = {"center", "num"}  # classes of the style sheet; to the left is the rule
_CLASSES = {"th": _ALIGNED, "td": _ALIGNED}
_SCHEMES = {"http", "https", "mailto"}


def _thai_emphasis(state: StateInline, silent: bool) -> bool:
    """Let * and ** beside Thai open and close although no space stands there: และ**"คำพูด"**ต่อท้าย is bold."""
    marker, position = state.src[state.pos], state.pos
    if marker != "*" or silent:
        return emphasis.tokenize(state, silent)
    scanned = state.scanDelims(position, True)
    end = position + scanned.length
    before = state.src[position - 1] if position else " "
    after = state.src[end] if end < state.posMax else " "
    can_open, can_close = scanned.can_open, scanned.can_close
    if _THAI.match(before) or _THAI.match(after):
        can_open, can_close = not isWhiteSpace(ord(after)), not isWhiteSpace(ord(before))
    for _star in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), scanned.length, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos = end
    return True


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(url: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": url}), _text(url), Token("link_close", "a", -1)]


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    """Make addresses written out in the text clickable, outside links that are there already."""
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or inside:
            yield token
            continue
        end = 0
        for match in BARE_URL.finditer(token.content):
            yield _text(token.content[end : match.start()])
            yield from _link(match.group())
            end = match.end()
        yield _text(token.content[end:])


def _adapt(state: StateCore) -> None:
    """Rank headings, turn cell alignment into classes (no inline style), keep only our own pictures, add links."""
    # Whatever marks people chose, levels follow one another without a gap: an outline.
    ranks = {tag: n for n, tag in enumerate(sorted({t.tag for t in state.tokens if t.type == "heading_open"}))}
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, ranks[token.tag] + FIRST_HEADING)}"
        style = token.attrs.pop("style", None)
        if name := {"text-align:center": "center", "text-align:right": "num"}.get(str(style)):
            token.attrSet("class", name)
        if token.type == "inline":
            children = [_picture_or_words(child) for child in token.children or []]
            token.children = list(_with_links(children))


def _picture_or_words(token: Token) -> Token:
    if token.type != "image" or OWN_PICTURE.fullmatch(str(token.attrs.get("src", ""))):
        return token
    return _text(_plain_inline(token.children or []))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 60}).enable("table")
    # Indented first lines, underlines of dashes and "[1]: ..." are everyday typing, not code, headings, references.
    parser.disable(["code", "lheading", "reference"])
    parser.inline.ruler.at("emphasis", _thai_emphasis)
    parser.core.ruler.push("adapt", _adapt)
    return parser


def render_markdown(text: str) -> str:
    """Safe HTML for `text`: never raises, never lets script, style or foreign pictures through.

    Headings start at h3; a line break in the text is a line break on the page (S0-168).
    """
    return nh3.clean(
        _parser().render(_bounded(text)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )


def _bounded(text: str) -> str:
    """Runs of syntax that no person types are cut, so that the parser's time stays linear."""
    return re.sub(r"([*_`\[\]()<>!#|~]{1,3}?)\1{31,}", lambda match: match.group(1) * 31, text)


def _plain_inline(tokens: list[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "image":
            parts.append(_plain_inline(token.children or []))
        else:
            parts.append(token.content)
    return "".join(parts)


def parse_markdown(text: str) -> list[Token]:
    """The same reading as render_markdown's, as tokens, for documents that are not HTML."""
    return _parser().parse(_bounded(text))


def to_plain(text: str) -> str:
    """Every word a reader of the page sees, a line per block, cells parted by tabs, none of the syntax."""
    lines: list[str] = []
    cells: list[str] | None = None
    for token in parse_markdown(text):
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            lines.append("\t".join(cells or []))
            cells = None
        elif token.type == "inline":
            (lines if cells is None else cells).append(_plain_inline(token.children or []))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
    return "\n".join(lines)
