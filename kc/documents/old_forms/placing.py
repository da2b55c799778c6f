"""Blocks of a document -> what each field of the form says. Nothing is thrown away: what has no place is `unplaced`.

The order of the parts does not matter, a form may be one large table, and a file may hold several forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from kc import thai
from kc.documents.old_forms import people_lines, tables
from kc.documents.old_forms.heads import read_head_line
from kc.documents.old_forms.model import PARTS, Block, OldForm
from kc.documents.old_forms.wording import (
    DOTS,
    Heading,
    heading_of,
    is_form_title,
    label_at,
    results_day_after,
    without_dots,
)

MOST_FORMS = 20
_PAGE_LINE = re.compile(
    r"^(?:https?://\S+\s*)?(?:หน้า|page)\s*\d+(?:\s*(?:/|จาก|of)\s*\d+)?$|^[-–]?\s*\d{1,3}\s*[-–]?$", re.I
)
_EMPTY = re.compile(r"[\s.…‥_·*\-–—]*")
_DAY_WORDS = re.compile(r"เดือน|วันที่|(?<=\d)(?=[ก-ฮเแโใไ])")
_TRAILING_DAY = re.compile(r"[\s.,)]+$")
Tagged = tuple[Block, Heading | None, bool]  # a block, the heading it is, whether it is the form's own title


def place(blocks: Iterable[Block]) -> tuple[list[OldForm], str]:
    """(the forms found, the text of a document that is none)."""
    told = [_tag(block) for block in _flat(blocks)]
    if not _is_form(told):
        return [], _as_text(told)
    return [_Placing(segment).form for segment in _segments(told)], ""


# ---- what each block is --------------------------------------------------------------------------------------------


def _flat(blocks: Iterable[Block], depth: int = 0) -> Iterable[Block]:
    for block in blocks:
        if block.kind == "table" and depth < 6 and tables.measures_of(block) is None and tables.is_layout(block):
            yield from _flat(tables.opened(block), depth + 1)
        elif block.kind != "text" or not _says_nothing(block.text):
            yield block


def _says_nothing(text: str) -> bool:
    return bool(_EMPTY.fullmatch(text) or _PAGE_LINE.match(thai.to_arabic_digits(text).strip()))


def _tag(block: Block) -> Tagged:
    if block.kind != "text":
        return block, None, False
    stands_out = block.loud or block.item[:1].isdigit()
    return block, heading_of(without_dots(block.text), stands_out), is_form_title(block.text)


def _is_form(told: list[Tagged]) -> bool:
    strong = {heading.part for _block, heading, _title in told if heading and heading.strong}
    parts = {heading.part for _block, heading, _title in told if heading}
    titled = any(title for _block, _heading, title in told)
    return len(strong) >= 2 or len(parts) >= 4 or (titled and len(parts) >= 1) or (len(strong) == 1 and len(parts) >= 3)


def _segments(told: list[Tagged]) -> list[list[Tagged]]:
    """One piece for each form: a new one begins where a part comes again after a title, or the first part again."""
    cuts, seen, titled = [0], set[str](), -1
    for position, (block, heading, title) in enumerate(told):
        label = label_at(block.text) if block.kind == "text" and not heading else None
        if seen and (title or (label and label[0] == "title" and block.text.strip()[:7] == "ชุมชนนั" and titled < 0)):
            titled = position
        if heading is None:
            continue
        again = heading.part in seen and heading.strong and heading.alone and len(cuts) < MOST_FORMS
        if again and (titled > cuts[-1] or (heading.part == "background" and len(seen) >= 3)):
            cuts.append(titled if titled > cuts[-1] else position)
            seen = {told[n][1].part for n in range(cuts[-1], position) if told[n][1]}  # type: ignore[union-attr]
            titled = -1
        seen.add(heading.part)
    ends = [*cuts[1:], len(told)]
    return [told[begin:end] for begin, end in zip(cuts, ends, strict=True)]


# ---- one form ------------------------------------------------------------------------------------------------------


class _Placing:
    """Walks one form once, keeping in mind which field the next line belongs to."""

    def __init__(self, told: list[Tagged]) -> None:
        self.form = OldForm()
        self.texts: dict[str, list[Block]] = {part: [] for part in PARTS}
        self.here = ""  # "" in the head, a part, or "authors" among the names at the end
        self.open_label = ""  # a label of the head whose value stands on the next line
        self.last = ""  # the field of the head that was filled last
        self.seen: set[str] = set()
        self.loose: list[Block] = []
        for block, heading, title in told:
            self.take(block, heading, title)
        for part in PARTS:
            setattr(self.form, part, written(self.texts[part]))
        self.form.unplaced = [text for text in map(_one, self.loose) if text]
        self._fit_title()

    def take(self, block: Block, heading: Heading | None, title: bool) -> None:
        if heading is not None and (heading.alone or heading.part not in self.seen):
            self.begin(heading, block)
        elif title:
            self.here = "" if not self.seen else self.here  # printed again on each page of some copies
        elif block.kind == "table":
            self.table(block)
        elif block.kind == "picture":
            self.texts[self.here if self.here in PARTS else "method"].append(block)
        else:
            self.line(block)

    def begin(self, heading: Heading, block: Block) -> None:
        self.here, self.open_label = heading.part, ""
        self.seen.add(heading.part)
        if heading.rest and not _EMPTY.fullmatch(heading.rest):
            self.take(Block("text", heading.rest, heading.rest, x=block.x), None, False)

    def table(self, block: Block) -> None:
        found = tables.measures_of(block)
        if found is None or self.here not in PARTS:
            self.keep(block)
            return
        rows, whole = found
        together = tables.merged(self.form.measures, rows)
        if whole and len(together) <= tables.MOST_MEASURES:
            self.form.measures = together
        else:
            self.keep(block)

    def line(self, block: Block) -> None:
        text = without_dots(block.text)
        if self.day(text):
            return
        if self.here == "authors" and self.name(text):
            return
        if (not self.seen or self.here == "authors" or _names_people(text)) and self.label(text):
            return
        if not self.seen and self.form.title and self.last == "title" and DOTS.search(block.text):
            self.form.title = f"{self.form.title} {' '.join(text.split())}"  # a title on two dotted lines
            return
        if self.here == "authors":
            self.loose.append(block)
        else:
            self.keep(block)

    def day(self, text: str) -> bool:
        """ "ผลลัพธ์ ณ วันที่ …" and the day, when it can be read; else it stays in the text."""
        rest = results_day_after(text)
        if rest is None:
            return False
        rest = rest.strip(" \t:：.*")
        if not rest:
            return True
        day, left = read_day(rest)
        if day is None or self.form.results_on not in (None, day):
            return False
        self.form.results_on = day
        if left:
            self.line(Block("text", left, left))
        return True

    def label(self, text: str) -> bool:
        values = read_head_line(text, wide=not self.seen)
        if values is None:
            if self.open_label and not self.seen:
                name, self.open_label = self.open_label, ""
                return self.put(name, text)
            return False
        for name, value in values:
            if name == "authors":
                self.here = "authors" if self.seen else self.here
                if not self.name(value):
                    self.loose.append(Block("text", text, text))
            elif not value:
                self.open_label = name if name == "title" else ""
            elif not self.put(name, value):
                self.loose.append(Block("text", text, text))
                return True
        if values[-1][0] == "authors" and not values[-1][1]:
            self.open_label = "authors"
        return True

    def put(self, name: str, value: str) -> bool:
        value = " ".join(value.split()).strip(" .:·-–")
        if name == "authors":
            return self.name(value)
        if getattr(self.form, name) and getattr(self.form, name) != value:
            return False
        setattr(self.form, name, value)
        self.last = name
        return True

    def name(self, text: str) -> bool:
        names = people_lines.names_in(text)
        if names is None:
            return False
        self.form.authors += [name for name in names if name not in self.form.authors]
        return True

    def keep(self, block: Block) -> None:
        if self.here in PARTS:
            self.texts[self.here].append(block)
        else:
            self.loose.append(block)

    def _fit_title(self) -> None:
        if len(self.form.title) > 300:
            self.form.unplaced.insert(0, self.form.title)
            self.form.title = thai.truncate(self.form.title, 295)


def _names_people(text: str) -> bool:
    label = label_at(text)
    return label is not None and label[0] == "authors" and len(text) < 200


def read_day(text: str) -> tuple[date | None, str]:
    """(the day a text begins with, what follows it)."""
    words = _DAY_WORDS.sub(" ", text).split()
    for count in range(min(len(words), 8), 0, -1):
        candidate = _TRAILING_DAY.sub("", " ".join(words[:count]))
        try:
            return thai.parse_date(candidate), " ".join(words[count:])
        except ValueError:
            continue
    return None, text


# ---- writing it down -----------------------------------------------------------------------------------------------


def written(blocks: list[Block]) -> str:
    """Blocks as Markdown-light: paragraphs apart, items of a list together."""
    pieces: list[str] = []
    in_list = False
    skip = -1
    for position, block in enumerate(blocks):
        if position == skip:
            continue
        if block.kind == "picture":
            block, skip = _with_caption(blocks, position)
        text = _one(block)
        if not text:
            continue
        is_item = bool(block.item)
        pieces.append(("\n" if is_item and in_list else "\n\n") + text)
        in_list = is_item
    return "".join(pieces).strip()


def _with_caption(blocks: list[Block], position: int) -> tuple[Block, int]:
    """A picture takes the centred line below it for its caption."""
    block, following = blocks[position], blocks[position + 1 : position + 2]
    if following and following[0].kind == "text" and len(following[0].text) <= 120 and not following[0].item:
        caption = following[0].text.strip()
        if following[0].centred or re.match(r"(ภาพ|รูป)(ที่|ประกอบ|:|\s)", caption):
            return Block("picture", caption, picture=block.picture), position + 1
    return block, -1


def _one(block: Block) -> str:
    if block.kind == "picture":
        caption = " ".join(block.text.split()).replace("[", "(").replace("]", ")")
        return f"![{caption}](picture:{block.picture})"
    if block.kind == "table":
        after = [_one(picture) for picture in tables.pictures_in(block)]
        return "\n\n".join(filter(None, [tables.as_markdown(block), *after]))
    text = without_dots(block.marked or block.text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if line and not _EMPTY.fullmatch(line)]
    if not lines:
        return ""
    if block.item:
        indent = "   " * block.level
        return f"{indent}{block.item} " + f"\n{indent}   ".join(lines)
    joined = "\n".join(lines)
    return f"**{joined}**" if block.loud and len(lines) == 1 and "*" not in joined and len(joined) < 200 else joined


def _as_text(told: list[Tagged]) -> str:
    return written([block for block, _heading, _title in told])
