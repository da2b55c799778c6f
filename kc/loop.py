"""The loop talk, try, result, improve as boxes, arrows and lines of Thai: where everything stands, and nothing else.

Pure arithmetic: the template draws what stands here. Lines end between words (kc.thai.wrapping); how wide a line is, is
reckoned from the advance widths of our own font, with a little air for readers whose browser shows another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kc.thai import graphemes
from kc.thai.wrapping import line_pieces

# Advance widths of Sarabun 400 in thousandths of its size, where they differ from USUAL.
USUAL = 600
_WIDTHS = {
    200: "'",
    240: "!",
    280: " ,.:;ij|·",
    320: "()I[]l{}เๅ",
    360: '"-_fr',
    400: "\\`tโใไ",
    440: "/Js",
    480: "*?cvxyzง",
    520: "aekรวาำ",
    560: "0123456789$EFLSTbdghnopquจฐธฯะ",
    640: "+<=>DGKVX~ฃคฅฆชซฎฏตนผฝภมฦศหๆ",
    680: "&HOQUwทบปษ",
    720: "#Nฑพฟฬ",
    800: "@M",
    840: "Wmฌญฒณ",
    920: "%",
}
ADVANCE = {letter: width for width, letters in _WIDTHS.items() for letter in letters} | {"→": 1000}
AIR = 1.02
MARKS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"

STAGES = ("talk", "try", "result", "improve")
PADDING, HEAD, LINE, FOOT = 12.0, 26.0, 23.0, 22.0
SIZE, SMALL = 14.0, 12.5
BESIDE = 26.0  # where arrows come down, left of the words that stand over a round
RIGHT, DOWN = "m-5-5l5 5l-5 5", "m-5-5l5 5l5-5"  # the tip of an arrow, where its line ends


@dataclass(frozen=True)
class Card:
    """What one stage of a round says."""

    stage: str  # one of STAGES, or "knowledge"
    head: str
    text: str
    foot: str = ""
    url: str = ""
    tone: str = ""  # of the foot: ok, warn, danger
    is_open: bool = False  # still to come


@dataclass(frozen=True)
class Box:
    """A card in its place. `lines` stand below one another, LINE apart; `over`: the round that begins with it."""

    card: Card
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    foot: str = ""
    over: str = ""
    over_at: tuple[float, float] = (0, 0)

    @property
    def top(self) -> float:
        return self.y + PADDING + HEAD + 14

    def line_at(self, number: int) -> float:
        return self.top + number * LINE

    @property
    def foot_width(self) -> float:
        """Of the pill around the foot."""
        return min(self.width - 2 * PADDING, width_of(self.foot, SMALL) + 20)

    @property
    def foot_at(self) -> float:
        return self.y + self.height - PADDING - 2


@dataclass
class Drawing:
    """A whole chain. `arrows` are paths."""

    name: str
    width: float
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)


def width_of(text: str, size: float) -> float:
    """How wide a line of text is, about."""
    return sum(0 if letter in MARKS else ADVANCE.get(letter, USUAL) for letter in text) * size * AIR / 1000


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """`text` on lines of `width`, at most `most` of them; "…" ends the last when something was left out."""
    lines = [""]
    for piece in _pieces(" ".join(text.split()), width, size):
        if width_of((lines[-1] + piece).rstrip(), size) <= width:
            lines[-1] += piece
        elif piece.strip():
            lines.append(piece)
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _with_dots(lines[most - 1], width, size)]


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Pieces between which a line may end; one that is wider than a line is cut between letters."""
    found: list[str] = []
    for piece, whole in line_pieces(text):
        parts = [piece] if whole else _words(piece)
        for part in parts:
            found += [part] if width_of(part, size) <= width else graphemes(part)
    return found


def _words(text: str) -> list[str]:
    """A run of other letters, cut after its blanks."""
    words = text.split(" ")
    return [word + " " for word in words[:-1]] + ([words[-1]] if words[-1] else [])


def _with_dots(line: str, width: float, size: float) -> str:
    pieces = [piece for piece, _whole in line_pieces(line)]
    while len(pieces) > 1 and width_of("".join(pieces) + "…", size) > width:
        pieces.pop()
    return "".join(pieces).rstrip() + "…"


def draw(rounds: Sequence[tuple[str, Sequence[Card]]], last: Card | None = None, *, wide: bool) -> Drawing:
    """Lay out rounds of (what stands over them, their four cards); `last`: what came of it all in the end.

    `wide`: the four stages beside one another, each round a row, and an arrow back to the next round's talk. Otherwise
    one above the other, for a phone.
    """
    return _draw_wide(rounds, last) if wide else _draw_narrow(rounds, last)


def _box(card: Card, x: float, y: float, width: float, most: int) -> Box:
    inner = width - 2 * PADDING
    lines = wrapped(card.text, inner, SIZE, most)
    foot = "".join(wrapped(card.foot, inner - 10, SMALL, 1))
    height = 2 * PADDING + HEAD + 2 + LINE * max(1, len(lines)) + (FOOT + 6 if foot else 0)
    return Box(card, x, y, width, height, tuple(lines), foot)


def _under(box: Box, over: str, is_first: bool) -> Box:
    """The first card of a round, with the round's words over it: beside the arrow that comes down, if one does."""
    return replace(box, over=over, over_at=(1 if is_first else BESIDE + 12, box.y - 12))


def _draw_wide(rounds: Sequence[tuple[str, Sequence[Card]]], last: Card | None) -> Drawing:
    made, gap, column, label, between = Drawing("wide", 800), 24.0, 182.0, 30.0, 34.0
    y = 0.0
    for number, (over, cards) in enumerate(rounds):
        y += label
        row = [_box(card, n * (column + gap), y, column, 6) for n, card in enumerate(cards)]
        tallest = max(box.height for box in row)
        row = [replace(box, height=tallest) for box in row]
        row[0] = _under(row[0], over, is_first=number == 0)
        made.boxes += row
        middle = y + tallest / 2
        made.arrows += [f"M{_n(a.x + a.width + 3)} {_n(middle)}H{_n(b.x - 4)}{RIGHT}" for a, b in pairwise(row)]
        y += tallest
        if number < len(rounds) - 1:
            made.arrows.append(_back(made.width - column / 2, y, BESIDE, y + between + label))
            y += between
    if last is not None:
        box = _box(last, 0, y + 34, made.width, 2)
        made.arrows.append(_down(made.width - column / 2, y, box.y))
        made.boxes.append(box)
        y = box.y + box.height
    made.height = y + 2
    return made


def _back(x: float, y: float, to_x: float, to_y: float) -> str:
    """Down out of the last stage, and around to the first stage of the next round."""
    turn, bend = y + 17, 10.0
    return (
        f"M{_n(x)} {_n(y + 2)}V{_n(turn - bend)}q0 {_n(bend)} {_n(-bend)} {_n(bend)}"
        f"H{_n(to_x + bend)}q{_n(-bend)} 0 {_n(-bend)} {_n(bend)}V{_n(to_y - 4)}{DOWN}"
    )


def _down(x: float, y: float, to_y: float) -> str:
    return f"M{_n(x)} {_n(y + 3)}V{_n(to_y - 4)}{DOWN}"


def _draw_narrow(rounds: Sequence[tuple[str, Sequence[Card]]], last: Card | None) -> Drawing:
    made, gap, label, inset = Drawing("narrow", 340), 24.0, 30.0, 1.0
    y, begun = 0.0, False
    for over, cards in rounds:
        y += label
        for card in cards:
            box = _box(card, inset, y, made.width - 2 * inset, 5)
            if begun:
                start = y - gap - (label if card is cards[0] else 0)
                made.arrows.append(_down(BESIDE, start, y))
            made.boxes.append(_under(box, over, is_first=not begun) if card is cards[0] else box)
            y, begun = box.y + box.height + gap, True
    if last is not None:
        box = _box(last, inset, y, made.width - 2 * inset, 4)
        made.arrows.append(_down(BESIDE, y - gap, y))
        made.boxes.append(box)
        y = box.y + box.height + gap
    made.height = y - gap + 2
    return made


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
