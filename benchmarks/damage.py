"""The five kinds of damage that text from Thai PDFs shows, done to sound text with a fixed seed: the truth is kept."""

import random
import re
from collections.abc import Callable

SEED = 2569
_TONES = "่้๊๋์"
_HIGH = "่้๊๋์็ัิีึื"
# Left of a tall letter, low, and below: the slots old fonts drew marks from.
_PUSHED = dict(zip("ิีึื่้๊๋์ั็", "\uf701\uf702\uf703\uf704\uf713\uf714\uf715\uf716\uf717\uf710\uf712", strict=True))
_LOW = dict(zip("่้๊๋์", "\uf70a\uf70b\uf70c\uf70d\uf70e", strict=True))
_TALL = "ปฝฟฬ"


def swapped_am(text: str, dice: random.Random) -> str:
    """1: every า is written ำ, and a true ำ stands apart (กำร, ท ำงำน); a line in ten stays sound."""
    lines = text.split("\n")
    return "\n".join(
        line if dice.random() < 0.1 else re.sub("ำ|า", lambda m: " ำ" if m[0] == "ำ" else "ำ", line) for line in lines
    )


def split_am(text: str, dice: random.Random) -> str:
    """2: ำ falls apart into a space and า (ท างาน)."""
    return re.sub("ำ", lambda _: " า" if dice.random() < 0.9 else "ำ", text)


def lost_marks(text: str, dice: random.Random) -> str:
    """3: the marks a font draws from slots of its own are gone, ํา for ำ (ความรู, องคกร, ปจจุบัน, but ที่).

    Those are tones right on a consonant, and whatever stands on a tall one; of the others one in twenty is gone too.
    """
    text = re.sub(f"(?<=[{_TALL}])[{_HIGH}]+", lambda m: "" if dice.random() < 0.95 else m[0], text)
    text = re.sub(f"(?<=[ก-ฮ])[{_TONES}็]", lambda m: "" if dice.random() < 0.95 else m[0], text)
    return re.sub(f"[{_TONES}]", lambda m: "" if dice.random() < 0.05 else m[0], text).replace("ำ", "ํา")


def moved_marks(text: str, dice: random.Random) -> str:
    """4: tones before vowels (เพ่ือ), marks on the next letter (พฒันา) or behind a space (ที ่)."""
    text = re.sub(f"([ัิีึืุู])([{_TONES}])", lambda m: m[2] + m[1] if dice.random() < 0.9 else m[0], text)
    text = re.sub("([ก-ฮ])([ัิื็])([ก-ฮ])", lambda m: m[1] + m[3] + m[2] if dice.random() < 0.3 else m[0], text)
    return re.sub(f"(?<=[ก-ฮ])([{_TONES}])", lambda m: " " + m[1] if dice.random() < 0.15 else m[1], text)


def private_glyphs(text: str, dice: random.Random) -> str:
    """5: marks and the bare ญ and ฐ as an old font's private glyphs."""
    text = re.sub(f"(?<=[{_TALL}])[{''.join(_PUSHED)}]", lambda m: _PUSHED[m[0]], text)
    text = re.sub(f"(?<=[ก-ฮ])[{_TONES}](?!ำ)", lambda m: _LOW[m[0]] if dice.random() < 0.9 else m[0], text)
    return re.sub("[ญฐ](?=[ุู])", lambda m: "\uf70f" if m[0] == "ญ" else "\uf700", text)


def spread_letters(text: str, dice: random.Random) -> str:
    """Also seen: letters set apart, and เ twice for แ (เปลี่ ยนแปลง, เเผน); a line in three."""

    def apart(line: str) -> str:
        return re.sub("(?<=[ก-๎])(?=[ก-ฮเ-ไ])", lambda _: " " if dice.random() < 0.8 else "", line)

    lines = [apart(line) if dice.random() < 0.33 else line for line in text.split("\n")]
    return "\n".join(lines).replace("แ", "เเ")


CLASSES: dict[str, Callable[[str, random.Random], str]] = {
    "swapped am": swapped_am,
    "split am": split_am,
    "lost marks": lost_marks,
    "moved marks": moved_marks,
    "private glyphs": private_glyphs,
    "letters apart": spread_letters,
}


def damaged(text: str, kind: str, seed: int = SEED) -> str:
    """The text as a file with that kind of damage would give it."""
    return CLASSES[kind](text, random.Random(seed))
