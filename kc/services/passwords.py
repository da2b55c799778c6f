"""Passwords: hashed with scrypt, a few at a time; refused when a colleague could guess them (S0-30, D21)."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from kc import thai
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee

LONGEST = 200
# What must remain when everything guessable is taken out: letters in all, and different ones.
REMAINING, DIFFERENT = 6, 4
METHOD = "scrypt:32768:8:1"  # 32 MB and about 0.1 s each: hence no more than these at once
AT_ONCE, PATIENCE = 2, 4.0
_turns = threading.BoundedSemaphore(AT_ONCE)

_SEPARATORS = re.compile(r"[\s._,/\\:;\-–—+()]+")
_PHONE, _LONG_NUMBER = re.compile(r"(?:\+?66|0)[2-9]\d{7,8}"), re.compile(r"\d{13}")
_YEAR = re.compile(r"(?:19|20|24|25)\d\d")
_LEET = str.maketrans("@4301!5$7", "aaeoiisst")
# The upper rows and the letters, as fingers run over them; a Thai layout is put into these keys first. # thai-data
_ROWS = ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz", "กขคฆงจฉชซญ")


def _same_everywhere(password: str) -> str:
    # NFKC: a phone and a desktop may send ำ and the like in different code points for the same keys.
    return unicodedata.normalize("NFKC", password)


class _Turn:
    """One of the few places at the hashing table; DomainError when it stays full."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=PATIENCE):
            raise DomainError(_("ขณะนี้มีผู้เข้าสู่ระบบพร้อมกันจำนวนมาก โปรดลองใหม่อีกครั้งในอีกสักครู่"))

    def __exit__(self, *_exc: object) -> None:
        _turns.release()


def hash_password(password: str) -> str:
    """The text to keep instead of the password."""
    with _Turn():
        return generate_password_hash(_same_everywhere(password), METHOD)


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody's", METHOD)


def is_right(password_hash: str, password: str) -> bool:
    """Is it the password? Takes as long for an account without one, or for no account ("")."""
    with _Turn():
        right = check_password_hash(password_hash or _nobodys_hash(), _same_everywhere(password[:LONGEST]))
    return right and bool(password_hash)


@cache
def common_words() -> tuple[str, ...]:
    """Words that passwords are so often made of, longest first."""
    lines = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    words = {_folded(line) for line in lines if line.strip() and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def check_new(password: str, minimum: int, employee: Employee | None = None, organisation: Iterable[str] = ()) -> None:
    """DomainError saying kindly why this password will not do for `employee`; nothing when it will."""
    if len(password) < minimum:
        raise _refused(_("รหัสผ่านสั้นไป ต้องมีอย่างน้อย %(n)d ตัวอักษร ลองใช้คำหลายคำที่จำง่ายต่อกัน", n=minimum))
    if len(password) > LONGEST:
        raise _refused(_("รหัสผ่านยาวเกิน %(n)d ตัวอักษร", n=LONGEST))
    for reading in _readings(password):
        _check_numbers(reading)
        if employee is not None and _is_little_more_than(reading, _own_words(employee)):
            raise _refused(_("อย่าใช้รหัสพนักงาน ชื่อ หรือเบอร์โทรของตนเองเป็นรหัสผ่าน"))
        if _is_little_more_than(reading, [_folded(name) for name in organisation]):
            raise _refused(_("อย่าใช้ชื่อหน่วยงานเป็นรหัสผ่าน เพราะเพื่อนร่วมงานเดาได้"))
        if _little_remains(_without(reading, common_words())):
            raise _refused(_("รหัสผ่านนี้มีคนใช้กันมากจนเดาได้ ลองใช้คำที่ไม่เกี่ยวกันสามสี่คำต่อกัน"))


def _refused(message: str) -> DomainError:
    return DomainError(message, field="password")


def _folded(text: str) -> str:
    return _SEPARATORS.sub("", thai.to_arabic_digits(_same_everywhere(text)).casefold())


def _readings(password: str) -> list[str]:
    """The password as typed, as the same keys give in the other layout, and with look-alikes undone (p@ssw0rd)."""
    readings = [_folded(password), _folded(thai.keyboard_swap(password))]
    return list(dict.fromkeys(readings + [text.translate(_LEET) for text in readings if not text.isdigit()]))


def _check_numbers(reading: str) -> None:
    if reading.isdigit():
        raise _refused(_("อย่าใช้ตัวเลขล้วน เช่น เบอร์โทร วันเกิด หรือเลขบัตรประชาชน เพราะเดาได้ง่าย"))
    if any(_is_national_id(number) for number in _LONG_NUMBER.findall(reading)):
        raise _refused(_("อย่าใช้เลขบัตรประชาชนในรหัสผ่าน"))


def _is_national_id(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(number[-1])


def _own_words(employee: Employee) -> list[str]:
    mailbox = employee.email.split("@")[0]
    parts = (employee.employee_id, employee.first_name, employee.last_name, employee.phone, mailbox)
    return [folded for part in parts if len(folded := _folded(part)) >= 3]


def _is_little_more_than(reading: str, words: list[str]) -> bool:
    """Does the password hold one of `words`, and hardly anything beside?"""
    return any(word in reading for word in words) and _little_remains(_without(reading, words))


def _little_remains(rest: str) -> bool:
    return len(_without_runs(rest)) < REMAINING or len(set(rest)) < DIFFERENT


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return _YEAR.sub("", _PHONE.sub("", text))


def _without_runs(text: str) -> str:
    """Take out keys that lie side by side (qwerty, 12345, edcba) and one letter repeated."""
    kept: list[str] = []
    start = 0
    while start < len(text):
        end = start + _run_at(text[start:])
        if end - start < 4:
            kept.append(text[start])
            end = start + 1
        start = end
    return "".join(kept)


def _run_at(text: str) -> int:
    """Length of the run of neighbouring or equal keys at the beginning."""
    longest = len(text) - len(text.lstrip(text[0]))
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = 1
        while length < len(text) and text[: length + 1] in row:
            length += 1
        longest = max(longest, length)
    return longest
