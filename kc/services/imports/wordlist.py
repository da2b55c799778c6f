"""Words that mean the same, and own words, from a file: looked at first, then all or nothing.

One row is one group, its words in the columns คำที่ 1 … คำที่ 12; a row of the kind "คำขององค์กร" is one own word.
A row that shares a word with a group here changes that group; nothing is taken away because it is missing.
"""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from kc import labels, tabular, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Employee, OwnWord, SynonymGroup, SynonymTerm
from kc.models.language import GROUP_KINDS, SYNONYM
from kc.services import audit, language
from kc.services.imports.report import BadRow, Change, Plan, SourceRow

OWN_WORD = "own_word"
HEADINGS = ("ชนิด", *(f"คำที่ {n}" for n in range(1, language.MOST_TERMS + 1)), "หมายเหตุ")  # thai-data
_TERMS = tuple(f"term{n}" for n in range(1, language.MOST_TERMS + 1))
COLUMNS = {  # thai-data
    "kind": ("ชนิด", "ประเภท", "kind", "type"),
    "note": ("หมายเหตุ", "คำอธิบาย", "note"),
    "terms": ("คำ", "คำทั้งหมด", "terms", "words"),
    **{f"term{n}": (f"คำที่ {n}", f"คำ {n}", f"term {n}", f"word {n}") for n in range(1, language.MOST_TERMS + 1)},
}

_ONCE_CALLED = ("ความหมายเดียวกัน", "คำพ้อง", "คำเหมือน")  # thai-data: in files written before, or by hand


def _kinds() -> dict[str, str]:
    """What the column of kinds may say, by its key."""
    names = {thai.same_name_key(str(label)): kind for kind, label in labels.SYNONYM_KINDS.items()}
    names |= {thai.same_name_key(kind): kind for kind in (*GROUP_KINDS, OWN_WORD)}
    names |= {thai.same_name_key(name): SYNONYM for name in _ONCE_CALLED}
    return names | {thai.same_name_key(str(labels.OWN_WORD)): OWN_WORD, "": SYNONYM}


def read_wordlist(data: bytes, filename: str) -> list[SourceRow]:
    """The rows of a file; DomainError when it is no such file at all."""
    table = tabular.read_table(data, filename)
    if not {"term1", "terms"} & set(table.columns(COLUMNS)):
        raise DomainError(_("ไม่พบคอลัมน์ “คำที่ 1” ในไฟล์ โปรดใช้ไฟล์ที่ส่งออกจากหน้านี้เป็นต้นแบบ"))
    kinds = _kinds()
    return [_read_row(record, kinds) for record in table.records(COLUMNS)]


def _read_row(record: tabular.Record, kinds: dict[str, str]) -> SourceRow:
    terms = [term for name in (*_TERMS, "terms") for term in language.terms_of(record[name])]
    note = _as_written(thai.clean_line(record["note"]))
    row = SourceRow(record.number, {"terms": "\n".join(terms), "note": note, "kind": ""})
    kind = kinds.get(thai.same_name_key(record["kind"]))
    if kind is None:
        row.faults.append(_("ไม่รู้จักชนิด “%(kind)s”", kind=record["kind"]))
        return row
    row.values["kind"] = kind
    try:
        if kind == OWN_WORD:
            row.values["terms"] = "\n".join(language.clean_word(term) for term in terms)
        else:
            language.clean_terms(terms)
            language.checked(kind, note)
    except DomainError as why:
        row.faults.append(why.message)
    return row


@dataclass
class _Here:
    """What is here, and which rows of the file said what already."""

    groups: dict[int, SynonymGroup]
    own: set[str]
    terms: dict[int, list[str]] = field(default_factory=dict)  # of each group, as written
    owner: dict[str, int] = field(default_factory=dict)  # key of a term -> its group
    seen: dict[str, int] = field(default_factory=dict)  # "term:…", "word:…", "group:…" -> row


def _look() -> _Here:
    """Three statements, whatever the size."""
    groups = {group.id: group for group in SynonymGroup.select().where(SynonymGroup.deleted_at.is_null())}
    own = {key for (key,) in OwnWord.select(OwnWord.key).where(OwnWord.key.is_null(False)).tuples()}
    here = _Here(groups, own)
    rows = SynonymTerm.select(SynonymTerm.group, SynonymTerm.text, SynonymTerm.key)
    rows = rows.where(SynonymTerm.key.is_null(False)).order_by(SynonymTerm.group, SynonymTerm.position)
    for number, text, key in rows.tuples():
        here.terms.setdefault(number, []).append(text)
        here.owner[key] = number
    return here


def plan_wordlist(rows: list[SourceRow]) -> Plan:
    """Compare the rows with what is here; writes nothing."""
    plan, here = Plan(total=len(rows)), _look()
    for row in rows:
        _plan_row(row, plan, here)
    return plan


def _plan_row(row: SourceRow, plan: Plan, here: _Here) -> None:
    wanted = row.values["terms"].split("\n")
    is_word = row.values["kind"] == OWN_WORD
    keys = [language.key_of(term) for term in wanted]
    touched = set() if is_word else {here.owner[key] for key in keys if key in here.owner}
    marks = [f"{'word' if is_word else 'term'}:{key}" for key in keys] + [f"group:{number}" for number in touched]
    if faults := row.faults or _clashes(marks, touched, here):
        plan.bad.append(BadRow(row.number, " · ".join(faults)))
        return
    here.seen.update(dict.fromkeys(marks, row.number))
    if is_word:
        _plan_word(row, wanted, plan, here)
    else:
        _plan_group(row, wanted, plan, here, next(iter(touched), None))


def _clashes(marks: list[str], touched: set[int], here: _Here) -> list[str]:
    """Why a sound row cannot be taken beside the others, or beside what is here."""
    if again := next((mark for mark in marks if mark in here.seen), ""):
        return [_("มีคำซ้ำหรืออยู่กลุ่มเดียวกับแถวที่ %(row)d", row=here.seen[again])]
    if len(touched) > 1:
        names = ", ".join(f"“{here.terms[number][0]}”" for number in sorted(touched))
        return [_("คำในแถวนี้อยู่คนละกลุ่มในระบบ (%(names)s) โปรดรวมหรือแยกในหน้าจัดการก่อน", names=names)]
    return []


def _plan_word(row: SourceRow, wanted: list[str], plan: Plan, here: _Here) -> None:
    fresh = [word for word in wanted if word and word not in here.own]
    if not fresh:
        plan.unchanged += 1
        return
    plan.new.append(Change(row.number, str(labels.OWN_WORD), ", ".join(fresh), {}))
    plan.values[str(row.number)] = {**row.values, "terms": fresh, "group": None}


def _plan_group(row: SourceRow, wanted: list[str], plan: Plan, here: _Here, number: int | None) -> None:
    kind, note = row.values["kind"], row.values["note"]
    name, label = " = ".join(wanted), str(labels.SYNONYM_KINDS[kind])
    group = here.groups[number] if number is not None else None
    values = {"kind": kind, "note": note, "terms": wanted, "group": group}
    if group is None:
        plan.new.append(Change(row.number, label, name, {}))
        plan.values[str(row.number)] = values
        return
    before = {"terms": " = ".join(here.terms[group.id]), "kind": str(labels.SYNONYM_KINDS[group.kind])}
    before, after = before | {"note": group.note}, {"terms": name, "kind": label, "note": note}
    fields = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    if fields:
        plan.changed.append(Change(row.number, label, name, fields))
        plan.values[str(row.number)] = values
    else:
        plan.unchanged += 1


def apply_wordlist(actor: Employee | None, rows: list[SourceRow]) -> Plan:
    """Write what `plan_wordlist` says, compared anew; DomainError and nothing written when a row is bad."""
    with db.atomic(), language.together():
        plan = plan_wordlist(rows)
        if plan.bad:
            raise DomainError(_("มี %(n)d แถวที่นำเข้าไม่ได้ จึงยังไม่ได้นำเข้าข้อมูลใดเลย โปรดแก้ไฟล์แล้วส่งใหม่", n=len(plan.bad)))
        for number, values in plan.values.items():
            try:
                _write(actor, values)
            except Conflict as why:
                raise DomainError(_("แถวที่ %(n)s: %(reason)s", n=number, reason=why.message)) from None
        if plan.values:
            audit.record(actor, "language.imported", None, new=len(plan.new), changed=len(plan.changed))
    return plan


def _write(actor: Employee | None, values: dict[str, Any]) -> None:
    group = values["group"]
    if values["kind"] == OWN_WORD:
        language.add_words(actor, values["terms"], note=values["note"])
    elif group is None:
        language.create_group(actor, values["terms"], values["kind"], values["note"])
    else:
        language.change_group(actor, group, group.version, values["terms"], values["kind"], values["note"])


# ---- out again -------------------------------------------------------------------------------------------------------


def table() -> list[list[str]]:
    """Everything in use as rows under HEADINGS: what an import takes."""
    rows = (
        SynonymTerm.select(SynonymTerm.text, SynonymGroup.id, SynonymGroup.kind, SynonymGroup.note)
        .join(SynonymGroup)
        .where(SynonymGroup.deleted_at.is_null())
        .order_by(SynonymGroup.sort_key, SynonymGroup.id, SynonymTerm.position)
        .tuples()
    )
    groups: dict[int, tuple[str, list[str], str]] = {}
    for text, number, kind, note in rows:
        groups.setdefault(number, (str(labels.SYNONYM_KINDS[kind]), [], note))[1].append(text)
    written = [_line(*group) for group in groups.values()]
    words = OwnWord.select(OwnWord.text, OwnWord.note).where(OwnWord.deleted_at.is_null())
    own = str(labels.OWN_WORD)
    return written + [_line(own, [text], note) for text, note in words.order_by(OwnWord.sort_key, OwnWord.id).tuples()]


def _line(kind: str, terms: list[str], note: str) -> list[str]:
    return [kind, *terms, *[""] * (language.MOST_TERMS - len(terms)), note]


def as_csv() -> bytes:
    """The table as CSV that a spreadsheet opens in Thai."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([list(HEADINGS), *([_as_text(cell) for cell in row] for row in table())])
    return out.getvalue().encode("utf-8-sig")


_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of a formula


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet reckons with; `_as_written` takes the mark off again."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _as_written(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def as_xlsx() -> bytes:
    """The table as a workbook."""
    from kc.spreadsheet import write_xlsx  # openpyxl takes 0.2 s to import: only who needs XLSX pays

    return write_xlsx({_("ภาษาขององค์กร"): (list(HEADINGS), [list(row) for row in table()])})
