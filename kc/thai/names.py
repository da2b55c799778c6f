"""Names of people and things: dictionary order, titles, initials (REQUIREMENTS 5, "Sorting" and "Names")."""

from __future__ import annotations

import re
import unicodedata

from kc.thai.digits import to_arabic_digits

# Second level of the order, looked at only when all letters are equal: ็ ่ ้ ๊ ๋ ์ ๎ after no mark.
_MARK_WEIGHT = dict(zip("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4e", "1234567", strict=True))
_LEADING_VOWEL = re.compile("([เแโใไ])([\u0e47-\u0e4c\u0e4e]*)([ก-ฮ])")
_SARA_AM_PARTS = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_NUMBER = re.compile(r"\d+")
_IGNORED = frozenset("ฯๆ\u0e3a")
# Levels are parted by a character below every letter of a key; a word space sorts before any letter.
_LEVELS, _SPACE = " ", "-"


def _by_length(match: re.Match[str]) -> str:
    """A number as its length and digits, so that สาขา 2 stands before สาขา 10."""
    number = match.group().lstrip("0") or "0"
    return chr(ord("0") + min(len(number), 9)) + number


def sort_key(text: str) -> str:
    """Thai dictionary order as plain text that compares by code point (SQLite; PostgreSQL with COLLATE "C").

    Leading vowels count after their consonant, tone marks last of all: กา เกา เก่า แกง ไก่ ขา ข่า ข้า เขา โขน นา นำ
    น้ำ (REQUIREMENTS 5, "Sorting"). Titles of names are the caller's to strip. Numbers sort by value.
    """
    folded = unicodedata.normalize("NFC", to_arabic_digits(text)).casefold()
    folded = _LEADING_VOWEL.sub(r"\3\1\2", _SARA_AM_PARTS.sub("\\1\u0e33", folded))
    letters: list[str] = []
    weights: list[str] = []
    for character in _NUMBER.sub(_by_length, folded):
        if character in _MARK_WEIGHT:
            if weights:
                weights[-1] = _MARK_WEIGHT[character]
        elif character.isalnum() or unicodedata.category(character) == "Mn":
            if character not in _IGNORED:
                letters.append(character)
                weights.append("0")
        elif letters and letters[-1] != _SPACE:  # spaces and punctuation part words, once
            letters.append(_SPACE)
            weights.append("0")
    key = "".join(letters).rstrip(_SPACE)
    marks = "".join(weights).rstrip("0")
    return key + _LEVELS + marks if marks else key


_ACADEMIC = r"(?:ศาสตราจารย์|รองศาสตราจารย์|ผู้ช่วยศาสตราจารย์|ศ\.|รศ\.|ผศ\.)"
_DOCTORS = r"(?:ดร\.|ดร(?=\s)|ดอกเตอร์|นพ\.|พญ\.|ทพ\.|ทพญ\.|ภก\.|ภญ\.|น\.?สพ\.|สพ\.?ญ\.|นายแพทย์|แพทย์หญิง)"
_RANKS = (
    r"(?:พล\.?(?:ต\.?[อทต]|ร\.?[อทต]|อ\.?[อทต]|[อทต])\.|[พร]\.?ต\.?[อทต]\.|[พร]\.[อทต]\.|ด\.ต\.|[จส]\.ส\.[อทต]\.|ส\.[อทต]\.(?:[อทต]\.)?"
    r"|พล(?:ตำรวจ|เรือ|อากาศ)?(?:เอก|โท|ตรี|จัตวา)|(?:พัน|ร้อย)(?:ตำรวจ)?(?:เอก|โท|ตรี)|(?:จ่าสิบ|สิบ)(?:ตำรวจ)?(?:เอก|โท|ตรี)|ดาบตำรวจ"
    r"|(?:นาวา|เรือ)(?:อากาศ)?(?:เอก|โท|ตรี))"
)
_PLAIN = (
    r"(?:นางสาว|นาง|นาย|น\.\s?ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|ม\.[จล]\.|ม\.ร\.ว\.|หม่อมราชวงศ์|หม่อมหลวง|คุณหญิง(?=\s)|คุณ(?=\s)"
    r"|อาจารย์|อ\.|Mr\.?(?=\s)|Mrs\.?(?=\s)|Ms\.?(?=\s)|Miss(?=\s)|Dr\.?(?=\s)|Prof\.?(?=\s))"
)
_TITLE = re.compile(
    rf"(?:(?:ว่าที่\s*)?{_RANKS}(?:\s?หญิง(?=\s))?|{_ACADEMIC}|{_DOCTORS}|{_PLAIN})\s*(?=[A-Za-zก-ฮเแโใไ])", re.IGNORECASE
)
_ENOUGH = re.compile("[ก-ฮA-Za-z].*[ก-ฮA-Za-z]", re.DOTALL)


def strip_title(name: str) -> tuple[str, str]:
    """("นางสาว", "มาลี ใจดี") from "นางสาวมาลี ใจดี"; ("", name) when there is none (REQUIREMENTS 5, "Names").

    Several titles are taken together ("ผศ.ดร."). คุณ counts only before a space, for คุณากร is a name.
    """
    rest = name.strip()
    end = 0
    while match := _TITLE.match(rest, end):
        if not _ENOUGH.search(rest[match.end() :]):  # a name must remain
            break
        end = match.end()
    return rest[:end].strip(), rest[end:]


def initials(name: str) -> str:
    """First letters of given name and surname for a small round picture: "นายสมชาย ใจดี" -> "สจ"."""
    words = strip_title(name)[1].split()
    letters = [found.group() for word in words if (found := re.search("[ก-ฮA-Za-z0-9]", word))]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters).upper()
