"""Knowledge from another system, one JSON object a line: all of it or nothing, and safe to repeat.

The file is read twice, so that fifty thousand documents need no more memory than fifty: once to check every line, once
to write. Repeating an import updates by ``id``; what did not change is left alone.
"""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kc import clock, fiscal, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import ArticleAuthor, Attachment, Employee, KnowledgeArticle, OrgUnit, Topic
from kc.models.knowledge import ARTICLE_KINDS, DRAFT, PARTS, PUBLISHED
from kc.services import attachments, findable, years
from kc.services.imports.writing import write_audit

BATCH = 400
MOST_FAULTS = 20  # named one by one; the rest is counted
STATUSES = (DRAFT, PUBLISHED)
_WRITTEN = ("title", "kind", "topic", "unit", "fiscal_year", *PARTS, "body", "results_on", "status", "published_on")
_TEXTS = ("id", "title", "text", "topic", "unit", "kind", *PARTS)
_LISTS = ("authors", "attachments")
_KNOWN = {*_TEXTS, *_LISTS, "results_on", "published_on", "fiscal_year"}


class BadImport(DomainError):
    """Nothing was imported; ``faults`` names each bad line with its number and reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(
            _("นำเข้าไม่ได้ พบข้อผิดพลาด %(n)d แห่ง ไม่มีรายการใดถูกนำเข้า", n=len(faults))
            + "\n  "
            + "\n  ".join(faults[:MOST_FAULTS])
        )
        self.faults = faults


@dataclass
class Report:
    """What an import did."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    files: int = 0
    letters: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged


@dataclass
class _Names:
    """What the lines may refer to, by the names they use."""

    units: dict[str, int] = field(default_factory=dict)
    topics: dict[tuple[str, int | None], tuple[int, int]] = field(default_factory=dict)
    authors: dict[str, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "_Names":
        names = cls()
        for number, code, name in OrgUnit.select(OrgUnit.id, OrgUnit.code, OrgUnit.name).tuples():
            names.units.setdefault(name, number)
            names.units[code] = number
        topics = Topic.select(Topic.id, Topic.name, Topic.fiscal_year).order_by(Topic.id).tuples()
        for number, name, year in topics:
            names.topics[name, year] = names.topics[name, None] = number, year
        names.authors = dict(Employee.select(Employee.employee_id, Employee.id).tuples())
        return names


def import_file(
    file: Path,
    *,
    attachments_dir: Path | None = None,
    status: str = PUBLISHED,
    by: Employee | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check every line of ``file``, then write all in one transaction. Raises BadImport when any line is bad.

    Queues what changed for the search index; the caller lets the index catch up. ``progress``: told lines written.
    """
    report = Report()
    with db.atomic():
        names = _Names.read()
        _check(file, names, attachments_dir)  # inside: a fiscal year that a line opens goes with the rest
        for batch in _batches(_records(file)):
            _write(batch, names, attachments_dir, status, by, report)
            if progress:
                progress(len(batch))
    return report


def count_lines(file: Path) -> int:
    """Lines that hold something: for a progress bar."""
    with file.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


# ---- checking ------------------------------------------------------------------------------------------------------


def _check(file: Path, names: _Names, folder: Path | None) -> None:
    faults: list[str] = []
    seen: dict[str, int] = {}
    found = False
    for number, line in _lines(file):
        found = True
        try:
            record = _record(line)
            _resolve(record, names)
            _files(record, folder)
            first = seen.setdefault(record["id"], number)
            if first != number:
                raise DomainError(_("id %(id)s ซ้ำกับบรรทัดที่ %(n)d", id=record["id"], n=first))
        except DomainError as why:
            faults.append(_("บรรทัดที่ %(n)d: %(why)s", n=number, why=str(why)))
    if not found:
        faults.append(_("ไฟล์ว่างเปล่า"))
    if faults:
        raise BadImport(faults)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if line.strip():
                yield number, line


def _records(file: Path) -> Iterator[dict[str, Any]]:
    return (_record(line) for _number, line in _lines(file))


def _record(line: bytes) -> dict[str, Any]:
    """A line as a record whose fields have the right types; DomainError says what is wrong."""
    try:
        record = json.loads(line)
    except UnicodeDecodeError:
        raise DomainError(_("ไม่ใช่ข้อความ UTF-8")) from None
    except (ValueError, RecursionError) as why:
        raise DomainError(_("ไม่ใช่ JSON (%(why)s)", why=str(why)[:80])) from None
    if not isinstance(record, dict):
        raise DomainError(_("ต้องเป็นออบเจกต์ JSON"))
    record = {key: value for key, value in record.items() if key in _KNOWN and value is not None}
    if isinstance(record.get("id"), int):
        record["id"] = str(record["id"])
    for name in _TEXTS:
        if not isinstance(record.get(name, ""), str):
            raise DomainError(_("%(name)s ต้องเป็นข้อความ", name=name))
    for name in _LISTS:
        value = record.setdefault(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise DomainError(_("%(name)s ต้องเป็นรายการข้อความ", name=name))
    for name in ("id", "title"):
        record[name] = _clean(record.get(name, "")).strip()
        if not record[name]:
            raise DomainError(_("ไม่มี %(name)s", name=name))
    if not any(record.get(name, "").strip() for name in ("text", *PARTS)):
        raise DomainError(_("ไม่มีเนื้อหา (text หรือห้าหัวข้อ)"))
    return record


def _clean(text: str) -> str:
    """Without the characters no database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _resolve(record: dict[str, Any], names: _Names) -> dict[str, Any]:
    """The columns of a record: names turned into ids, texts into dates. DomainError for a name nobody knows."""
    kind = record.get("kind") or ARTICLE_KINDS[0]
    if kind not in ARTICLE_KINDS:
        raise DomainError(_("ไม่มีชนิดความรู้ %(kind)s", kind=kind))
    unit = None
    if name := record.get("unit", "").strip():
        unit = names.units.get(name)
        if unit is None:
            raise DomainError(_("ไม่มีหน่วยงาน %(name)s", name=name))
    for employee_id in record["authors"]:
        if employee_id not in names.authors:
            raise DomainError(_("ไม่มีรหัสพนักงาน %(name)s", name=employee_id))
    published_on = _day(record, "published_on")
    year = _year(record, names, published_on)
    topic, topic_year = _topic(record, names, year)
    return {
        "external_id": record["id"],
        "title": record["title"],
        "kind": kind,
        "topic": topic,
        "unit": unit,
        "fiscal_year": year if year is not None else topic_year,
        **{part: _clean(record.get(part, "")) for part in PARTS},
        "body": _clean(record.get("text", "")),
        "results_on": _day(record, "results_on"),
        "published_on": published_on,
    }


def _topic(record: dict[str, Any], names: _Names, year: int | None) -> tuple[int | None, int | None]:
    name = record.get("topic", "").strip()
    if not name:
        return None, None
    found = names.topics.get((name, year)) or names.topics.get((name, None))
    if found is None:
        raise DomainError(_("ไม่มีประเด็นเรียนรู้ %(name)s", name=name))
    return found


def _day(record: dict[str, Any], name: str) -> dt.date | None:
    value = record.get(name)
    if value in (None, ""):
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        pass
    try:
        return thai.parse_date(str(value))
    except ValueError:
        raise DomainError(_("%(name)s ไม่ใช่วันที่: %(value)s", name=name, value=str(value)[:40])) from None


def _year(record: dict[str, Any], names: _Names, published_on: dt.date | None) -> int | None:
    """The id of the fiscal year; its row is opened when it is first needed, with the rest of the import."""
    value = record.get("fiscal_year")
    try:
        if value not in (None, ""):
            number = thai.parse_year(str(value))
        elif published_on and not record.get("topic"):
            number = fiscal.calendar().year_of(published_on)
        else:
            return None
    except ValueError:
        raise DomainError(_("fiscal_year ไม่ใช่ปี: %(value)s", value=str(value)[:40])) from None
    if number not in names.years:
        names.years[number] = years.get_or_open(number).id
    return names.years[number]


def _files(record: dict[str, Any], folder: Path | None) -> list[Path]:
    """The files of a record; DomainError for one that is not there or not inside the folder."""
    found = []
    for name in record["attachments"]:
        if folder is None:
            raise DomainError(_("มีไฟล์แนบ แต่ไม่ได้ระบุ --attachments"))
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise DomainError(_("ไม่พบไฟล์แนบ %(name)s", name=name))
        found.append(path)
    return found


# ---- writing -------------------------------------------------------------------------------------------------------


def _batches(records: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(
    records: list[dict[str, Any]],
    names: _Names,
    folder: Path | None,
    status: str,
    by: Employee | None,
    report: Report,
) -> None:
    have = _present(records)
    new, changed, untouched = [], [], []
    for record in records:
        row = _resolve(record, names) | {"status": status}
        before = have.get(record["id"])
        if status == PUBLISHED and row["published_on"] is None:
            row["published_on"] = (before["published_on"] if before else None) or clock.today()
        report.letters += len(row["title"]) + len(row["body"]) + sum(len(row[part]) for part in PARTS)
        if before is None:
            new.append(row)
        elif any(before[name] != row[name] for name in _WRITTEN):
            changed.append(row)
        else:
            untouched.append(record["id"])
    _insert(new, by)
    _update(changed, by)
    ids = _ids(record["id"] for record in records)
    written = {row["external_id"] for row in (*new, *changed)}
    rewritten, authors_before = _write_authors(records, ids, names)
    files = _attach(records, ids, folder, by, report)
    touched = {ids[external] for external in written} | rewritten | files
    findable.articles(touched, also_of=authors_before, wake=False)
    write_audit(
        by,
        "article.imported",
        "knowledge_article",
        [(ids[row["external_id"]], {"status": status}) for row in new + changed],
    )
    report.new += len(new)
    report.changed += sum(ids[record["id"]] in touched for record in records) - len(new)
    report.unchanged += sum(ids[record["id"]] not in touched for record in records)


def _present(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    columns = [getattr(KnowledgeArticle, name) for name in ("external_id", *_WRITTEN)]
    rows = KnowledgeArticle.select(*columns).where(KnowledgeArticle.external_id.in_([r["id"] for r in records])).dicts()
    return {row["external_id"]: row for row in rows}


def _insert(rows: list[dict[str, Any]], by: Employee | None) -> None:
    now = clock.now()
    person = by.id if by else None
    own = {"created_by": person, "updated_by": person, "created_at": now, "updated_at": now, "summary": ""}
    if rows:
        KnowledgeArticle.insert_many(
            [row | own | {"form_key": f"import-{secrets.token_hex(12)}"} for row in rows]
        ).execute()


def _update(rows: list[dict[str, Any]], by: Employee | None) -> None:
    for row in rows:
        values = {name: row[name] for name in _WRITTEN} | {"updated_at": clock.now(), "updated_by": by}
        KnowledgeArticle.update(version=KnowledgeArticle.version + 1, **values).where(
            KnowledgeArticle.external_id == row["external_id"]
        ).execute()


def _ids(external_ids: Iterator[str]) -> dict[str, int]:
    rows = KnowledgeArticle.select(KnowledgeArticle.external_id, KnowledgeArticle.id)
    return dict(rows.where(KnowledgeArticle.external_id.in_(list(external_ids))).tuples())


def _write_authors(records: list[dict[str, Any]], ids: dict[str, int], names: _Names) -> tuple[set[int], set[int]]:
    """Make the authors those of the records; returns the articles whose authors changed, and who they were."""
    wanted = {ids[record["id"]]: [names.authors[who] for who in dict.fromkeys(record["authors"])] for record in records}
    have: dict[int, list[int]] = {}
    rows = ArticleAuthor.select(ArticleAuthor.article, ArticleAuthor.employee)
    for article, employee in (
        rows.where(ArticleAuthor.article.in_(list(wanted))).order_by(ArticleAuthor.position).tuples()
    ):
        have.setdefault(article, []).append(employee)
    differ = {article for article, people in wanted.items() if people != have.get(article, [])}
    if differ & set(have):
        ArticleAuthor.delete().where(ArticleAuthor.article.in_(list(differ))).execute()
    added = [
        {"article": article, "employee": employee, "position": position}
        for article in differ
        for position, employee in enumerate(wanted[article])
    ]
    if added:
        ArticleAuthor.insert_many(added).execute()
    return differ, {employee for article in differ for employee in have.get(article, [])}


def _attach(
    records: list[dict[str, Any]], ids: dict[str, int], folder: Path | None, by: Employee | None, report: Report
) -> set[int]:
    touched = set()
    with_files = [record for record in records if record["attachments"]]
    owners = KnowledgeArticle.select().where(KnowledgeArticle.id.in_([ids[record["id"]] for record in with_files]))
    articles = {article.id: article for article in owners} if with_files else {}
    there = {i for (i,) in Attachment.select(Attachment.id).where(Attachment.article.in_(list(articles))).tuples()}
    for record in with_files:
        article = articles[ids[record["id"]]]
        for path in _files(record, folder):
            with path.open("rb") as stream:
                row = attachments.store(stream, path.name, by=by, article=article, unlimited=True)
            if row.id not in there:
                there.add(row.id)
                report.files += 1
                touched.add(article.id)
    return touched
