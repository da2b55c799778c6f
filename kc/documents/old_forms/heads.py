"""The head of the form, line by line: several labels may share a line, with dots or a wide gap between."""

from __future__ import annotations

import re

from kc.documents.old_forms.wording import SURE, label_at

_GAPS = re.compile(r"\t+|\s{2,}|\s·\s|(?<=\S)\s(?=ฝ่าย|ปีบัญชี|ปีงบ|ประจำปี|ประเด็น|หัวข้อ)|;")
_PLACE = "สาขา"


def read_head_line(text: str, *, wide: bool = True) -> list[tuple[str, str]] | None:
    """(field, value) of each label on a line that begins with one; None for any other line.

    `wide`: in the head itself; elsewhere only people are looked for.
    """
    pieces = [piece for piece in _GAPS.split(text.strip()) if piece.strip()]
    first = label_at(pieces[0]) if pieces else None
    if first is None or (not wide and first[0] != "authors"):
        return None
    found: list[tuple[str, str]] = [(first[0], clean(first[1]))]
    for piece in pieces[1:]:
        label = label_at(piece)
        if label is not None and (label[0] in SURE or label[0] != found[-1][0]) and _is_label(label, piece, found):
            found.append((label[0], clean(label[1])))
        else:
            name, value = found[-1]
            between = "  " if name == "authors" else " "
            found[-1] = name, f"{value}{between}{clean(piece)}".strip()
    return found


def _is_label(label: tuple[str, str], piece: str, found: list[tuple[str, str]]) -> bool:
    """A label after a value; after an empty one it may be the value itself: "สังกัด   สาขาปากช่อง"."""
    name, _value = label
    already = {known for known, _v in found}
    if name in already:
        return False
    if found[-1][1] or name not in ("branch", "community"):
        return True
    return found[-1][0] == "title" or piece.strip() == _PLACE


def clean(value: str) -> str:
    return " ".join(value.split()).strip(" .:：·…_-–*")
