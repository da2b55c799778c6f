"""The organisation's language: words that mean the same, and own words (D4). What is saved holds at once in search.

A word stands in one group only, and an own word once: the database decides (unique keys), here it becomes a sentence.
A deleted group or word keeps its row without keys: it can be brought back, and a preset does not add it again.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import peewee as pw

from kc import clock, search, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OwnWord, SynonymGroup, SynonymTerm
from kc.models.language import GROUP_KINDS, TYPED
from kc.search import wording
from kc.services import audit

FEWEST_TERMS, MOST_TERMS = 2, 12
LONGEST_TERM, LONGEST_NOTE = 100, 300
MOST_GROUPS, MOST_WORDS = 5_000, 5_000
_BETWEEN_TERMS = re.compile(r"[\r\n,;|]+")


class TermTaken(DomainError):
    """A word of the form stands in another group already: `group`, so that the page can lead there."""

    def __init__(self, message: object, group: SynonymGroup) -> None:
        super().__init__(message, field="terms")
        self.group = group


# ---- telling search --------------------------------------------------------------------------------------------------

_together = threading.local()


@contextmanager
def together() -> Iterator[None]:
    """Many changes, inside one transaction: search reads the language anew once after all of them, not after each."""
    _together.changed = False
    try:
        yield
        if _together.changed:
            search.language_changed()
    finally:
        del _together.changed


def _changed() -> None:
    if hasattr(_together, "changed"):
        _together.changed = True
    else:
        search.language_changed()


# ---- groups of words that mean the same ------------------------------------------------------------------------------


def terms_of(typed: str) -> list[str]:
    """The words of a text box: one a line, or with commas between them. None begins like a spreadsheet's formula."""
    return [term for part in _BETWEEN_TERMS.split(typed) if (term := thai.clean_line(part).lstrip("=+@- "))]


def clean_terms(terms: Iterable[str]) -> dict[str, str]:
    """key -> word as written, in order. DomainError when they do not make a group."""
    found: dict[str, str] = {}
    for term in terms:
        key = _checked_key(term)
        if key in found:
            raise _refused(
                _("“%(one)s” กับ “%(other)s” ระบบค้นหาถือเป็นคำเดียวกันอยู่แล้ว ใส่เพียงคำเดียว", one=found[key], other=term)
            )
        found[key] = term
    if len(found) < FEWEST_TERMS:
        raise _refused(_("ใส่คำที่ใช้แทนกันอย่างน้อยสองคำ บรรทัดละคำ"))
    if len(found) > MOST_TERMS:
        raise _refused(_("กลุ่มหนึ่งมีได้ไม่เกิน %(n)d คำ", n=MOST_TERMS))
    return found


def _checked_key(term: str) -> str:
    key = wording.key(term)
    if sum(letter.isalnum() for letter in key) < 2:
        raise _refused(_("“%(term)s” สั้นเกินไป คำหนึ่งต้องมีอย่างน้อยสองตัวอักษร", term=term))
    if len(term) > LONGEST_TERM:
        raise _refused(_("“%(term)s…” ยาวเกินไป คำหนึ่งยาวได้ไม่เกิน %(n)d ตัวอักษร", term=term[:20], n=LONGEST_TERM))
    if wording.says_little(term):
        raise _refused(_("“%(term)s” เป็นคำที่พบแทบทุกหน้า ถ้าใช้แทนคำอื่นจะได้ผลการค้นหาที่ไม่เกี่ยวข้อง", term=term))
    return key


def _refused(message: str) -> DomainError:
    return DomainError(message, field="terms")


def key_of(term: str) -> str:
    """Equal for what search takes for the same word."""
    return wording.key(term)


def checked(kind: str, note: str) -> dict[str, str]:
    """The rest of a group, tidied; DomainError for a kind there is not, or too long a note."""
    if kind not in GROUP_KINDS:
        raise DomainError(_("โปรดเลือกชนิดของกลุ่มคำ"), field="kind")
    note = thai.clean_line(note)
    if len(note) > LONGEST_NOTE:
        raise DomainError(_("หมายเหตุยาวได้ไม่เกิน %(n)d ตัวอักษร", n=LONGEST_NOTE), field="note")
    return {"kind": kind, "note": note}


def create_group(
    actor: Employee | None, terms: Iterable[str], kind: str, note: str = "", **origin: str
) -> SynonymGroup:
    """Add a group. DomainError when its words do not make one; TermTaken when one stands in another group."""
    words, values = clean_terms(terms), checked(kind, note)
    if SynonymGroup.select().where(SynonymGroup.deleted_at.is_null()).count() >= MOST_GROUPS:
        raise DomainError(_("มีกลุ่มคำครบ %(n)d กลุ่มแล้ว โปรดลบกลุ่มที่ไม่ใช้ก่อน", n=MOST_GROUPS))
    try:
        with db.atomic():
            group = SynonymGroup.create(
                sort_key=thai.sort_key(next(iter(words.values()))),
                created_by=actor,
                updated_by=actor,
                **values,
                **origin,
            )
            _write_terms(group, words)
            audit.record(actor, "language.group_added", group, terms=" = ".join(words.values()))
            _changed()
    except pw.IntegrityError:
        raise _taken(words, None) from None
    return group


def _write_terms(group: SynonymGroup, words: dict[str, str]) -> None:
    SynonymTerm.delete().where(SynonymTerm.group == group).execute()
    rows = [{"group": group, "text": t, "key": k, "position": n} for n, (k, t) in enumerate(words.items())]
    SynonymTerm.insert_many(rows).execute()


def _taken(words: dict[str, str], group: SynonymGroup | None) -> DomainError:
    """Which of the words another group has."""
    others = SynonymTerm.select(SynonymTerm, SynonymGroup).join(SynonymGroup).where(SynonymTerm.key.in_(list(words)))
    if group is not None:
        others = others.where(SynonymTerm.group != group)
    other = others.order_by(SynonymTerm.id).first()
    if other is None:
        return DomainError(_("มีผู้อื่นแก้กลุ่มคำพร้อมกัน โปรดลองอีกครั้ง"))
    name = " = ".join(terms(other.group)[:3])
    message = _("“%(term)s” อยู่ในกลุ่ม “%(name)s” แล้ว คำหนึ่งอยู่ได้กลุ่มเดียว", term=words[other.key], name=name)
    return TermTaken(message, other.group)


def terms(group: SynonymGroup) -> list[str]:
    """The words of a group as written."""
    rows = SynonymTerm.select(SynonymTerm.text).where(SynonymTerm.group == group)
    return [text for (text,) in rows.order_by(SynonymTerm.position, SynonymTerm.id).tuples()]


def change_group(
    actor: Employee | None, group: SynonymGroup, based_on: int, terms_typed: Iterable[str], kind: str, note: str
) -> None:
    """Change a group as of version `based_on`. Conflict with what stands there when somebody was faster."""
    words, values = clean_terms(terms_typed), checked(kind, note)
    before = terms(group)
    changes = values | {"sort_key": thai.sort_key(next(iter(words.values()))), **_by(actor)}
    try:
        with db.atomic():
            if not group.save_version(based_on, **changes):
                theirs = SynonymGroup.get_by_id(group.id)
                raise Conflict(_("มีผู้อื่นบันทึกกลุ่มคำนี้ไปก่อน โปรดเทียบกับที่คุณแก้ แล้วบันทึกอีกครั้งถ้ายังต้องการ"), theirs)
            _write_terms(group, words)
            facts = {"before": " = ".join(before), "terms": " = ".join(words.values())}
            audit.record(actor, "language.group_changed", group, **facts)
            _changed()
    except pw.IntegrityError:
        raise _taken(words, group) from None


def _by(actor: Employee | None) -> dict[str, Any]:
    return {"updated_at": clock.now(), "updated_by": actor}


def switch_group(actor: Employee, group: SynonymGroup, on: bool) -> None:
    """Use a group, or leave it aside without losing it."""
    _switch(actor, group, on, "language.group_switched_on" if on else "language.group_switched_off")


def _switch(actor: Employee, row: SynonymGroup | OwnWord, on: bool, action: str) -> None:
    if row.is_active == on:
        return
    model = type(row)
    with db.atomic():
        model.update(is_active=on, version=model.version + 1, **_by(actor)).where(model.id == row.id).execute()
        audit.record(actor, action, row)
        _changed()
    row.is_active = on


def delete_group(actor: Employee, group: SynonymGroup) -> None:
    """Take a group away; its words are free for other groups. `restore_group` brings it back."""
    with db.atomic():
        SynonymTerm.update(key=None).where(SynonymTerm.group == group).execute()
        _mark_deleted(actor, group, clock.now())
        audit.record(actor, "language.group_deleted", group, terms=" = ".join(terms(group)))
        _changed()


def _mark_deleted(actor: Employee, row: SynonymGroup | OwnWord, at: Any) -> None:
    model = type(row)
    model.update(deleted_at=at, version=model.version + 1, **_by(actor)).where(model.id == row.id).execute()
    row.deleted_at = at


def restore_group(actor: Employee, group: SynonymGroup) -> None:
    """Bring a deleted group back. TermTaken when one of its words stands in another group by now."""
    words = {wording.key(term): term for term in terms(group)}
    try:
        with db.atomic():
            _write_terms(group, words)
            _mark_deleted(actor, group, None)
            audit.record(actor, "language.group_restored", group, terms=" = ".join(words.values()))
            _changed()
    except pw.IntegrityError:
        raise _taken(words, group) from None


# ---- own words -------------------------------------------------------------------------------------------------------


def clean_word(typed: str) -> str:
    """An own word as the tokenizer meets it. DomainError when it would be of no use there."""
    word = wording.key(thai.clean_line(typed))
    if not wording.OWN_WORD.fullmatch(word):
        raise _refused_word(
            _("“%(word)s” ใช้ไม่ได้ ต้องเป็นตัวอักษรไทยล้วน 2 ถึง 40 ตัว ไม่มีเว้นวรรค (คำอังกฤษและตัวเลขค้นได้อยู่แล้ว)", word=typed[:50])
        )
    if not thai.graphemes(word)[0][0].isalpha() or word[0] in "ะาำๆฯ":  # thai-data
        raise _refused_word(_("“%(word)s” ไม่ได้ขึ้นต้นเหมือนคำไทย โปรดตรวจการสะกด", word=word))
    if wording.is_in_dictionary(word):
        raise _refused_word(_("“%(word)s” อยู่ในพจนานุกรมแล้ว ระบบตัดคำนี้ถูกอยู่แล้ว", word=word))
    return word


def _refused_word(message: str) -> DomainError:
    return DomainError(message, field="words")


def add_words(actor: Employee | None, typed: Iterable[str], source: str = TYPED, note: str = "") -> list[OwnWord]:
    """Add own words, all or none; those here already are left as they are. DomainError naming the wrong one."""
    wanted = list(dict.fromkeys(clean_word(word) for word in typed))
    if not wanted:
        raise _refused_word(_("โปรดใส่คำที่ต้องการเพิ่ม บรรทัดละคำ"))
    if OwnWord.select().where(OwnWord.deleted_at.is_null()).count() + len(wanted) > MOST_WORDS:
        raise DomainError(_("มีคำขององค์กรครบ %(n)d คำแล้ว โปรดลบคำที่ไม่ใช้ก่อน", n=MOST_WORDS))
    note = checked(GROUP_KINDS[0], note)["note"]
    try:
        with db.atomic():
            have = {key for (key,) in OwnWord.select(OwnWord.key).where(OwnWord.key.in_(wanted)).tuples()}
            added = [_add_word(actor, word, source, note) for word in wanted if word not in have]
            if not added and len(wanted) == 1:
                raise _refused_word(_("มีคำ “%(word)s” อยู่แล้ว", word=wanted[0]))
            if added:
                _changed()
    except pw.IntegrityError:
        raise _refused_word(_("มีผู้อื่นเพิ่มคำเดียวกันพร้อมกัน โปรดลองอีกครั้ง")) from None
    return added


def _add_word(actor: Employee | None, word: str, source: str, note: str) -> OwnWord:
    row = OwnWord.create(
        text=word, key=word, source=source, note=note, sort_key=thai.sort_key(word), created_by=actor, updated_by=actor
    )
    audit.record(actor, "language.word_added", row, word=word)
    return row


def switch_word(actor: Employee, word: OwnWord, on: bool) -> None:
    """Cut with an own word, or leave it aside."""
    _switch(actor, word, on, "language.word_switched_on" if on else "language.word_switched_off")


def delete_word(actor: Employee, word: OwnWord) -> None:
    with db.atomic():
        OwnWord.update(key=None).where(OwnWord.id == word.id).execute()
        _mark_deleted(actor, word, clock.now())
        audit.record(actor, "language.word_deleted", word, word=word.text)
        _changed()


def restore_word(actor: Employee, word: OwnWord) -> None:
    """Bring a deleted word back. DomainError when it was added again meanwhile."""
    try:
        with db.atomic():
            OwnWord.update(key=word.text).where(OwnWord.id == word.id).execute()
            _mark_deleted(actor, word, None)
            audit.record(actor, "language.word_restored", word, word=word.text)
            _changed()
    except pw.IntegrityError:
        raise _refused_word(_("มีคำ “%(word)s” อยู่แล้ว", word=word.text)) from None
