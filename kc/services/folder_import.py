"""A whole old repository brought in: a folder tree and a list of what is what (D11).

Each row is one transaction, known again by what the list calls it and by what its files hold: run again, or killed in
the middle and run again, nothing comes twice and what is missing comes. What people have changed here is left alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee as pw

from kc import clock, fiscal, thai
from kc.db import db
from kc.documents.old_forms import PARTS, Found, OldForm
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import ArticleAuthor, ArticleMeasure, Employee, KnowledgeArticle, Topic
from kc.models.knowledge import DRAFT, PUBLISHED
from kc.services import attachments, audit, findable, years
from kc.services import old_forms as drafting
from kc.services.attachments import Prepared
from kc.services.folder_list import Known, Row, Tree, path_key, read_list
from kc.services.folder_material import Material, read_material
from kc.services.folder_report import DONE, FAULT, SKIPPED, UPDATED, Outcome, Result

log = logging.getLogger(__name__)

WORKERS = 2  # files read at once; each in a process of its own
AHEAD = 8
BODY_LIMIT = 240_000  # what the editor takes; the whole stays findable in the attached file


def import_folder(
    folder: Path,
    listing: Path,
    *,
    status: str = PUBLISHED,
    new_topics: bool = False,
    dry_run: bool = False,
    by: Employee | None = None,
    name: str = "",
    progress: Callable[[int], None] | None = None,
    counted: Callable[[int], None] | None = None,
) -> Result:
    """Bring in every row of `listing` that can be; never raises for a single row. DomainError: it is no list at all.

    `name`: what this repository is called, so that two which call their files the same are told apart; the folder's own
    name when empty. `dry_run`: check only. `counted`: told how many rows there are, once; `progress`: told rows as
    they are dealt with. The caller lets the index catch up.
    """
    tree, known = Tree(folder), Known.read()
    rows = read_list(listing.read_bytes(), listing.name, tree, known, new_topics=new_topics)
    if counted:
        counted(len(rows))
    result = Result(unlisted=_unlisted(tree, rows, listing))
    here = _here()
    importer = _Importer(tree, known, here, status, by, name or folder.resolve().name)
    for row, material in _read_ahead([row for row in rows if not row.faults], importer, dry_run):
        result.outcomes.append(importer.take(row, material) if material else importer.promised(row))
        if progress:
            progress(1)
    for row in rows:
        if row.faults:
            result.outcomes.append(Outcome(row.number, row.named, row.title, FAULT, " · ".join(row.faults)))
            if progress:
                progress(1)
    result.outcomes.sort(key=lambda outcome: outcome.number)
    return result


def _unlisted(tree: Tree, rows: list[Row], listing: Path) -> list[str]:
    named = {path for row in rows for path in row.files} | {listing.resolve()}
    return [tree.relative(path) for path in tree.files.values() if path not in named]


def _here() -> dict[str, tuple[str, int]]:
    """Row's name key -> (hash of its files, article) of what an earlier run brought in: one statement."""
    rows = KnowledgeArticle.select(KnowledgeArticle.external_id, KnowledgeArticle.id).where(
        KnowledgeArticle.external_id.startswith("old-")
    )
    found = {}
    for external, number in rows.tuples():
        _old, _dash, rest = external.partition("-")
        name, _dash, hashed = rest.partition("-")
        found[name] = hashed, number
    return found


def _read_ahead(rows: list[Row], importer: _Importer, dry_run: bool) -> Iterator[tuple[Row, Material | None]]:
    """Rows in their order, each with its files read; some are read while others are written."""
    if dry_run:
        yield from ((row, None) for row in rows)
        return
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[tuple[Row, Future[Material]]] = deque()
        for row in rows:
            waiting.append((row, pool.submit(read_material, row.files, importer.hash_here(row))))
            if len(waiting) >= AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


class _Importer:
    """Writes rows, each in a transaction of its own."""

    def __init__(
        self, tree: Tree, known: Known, here: dict[str, tuple[str, int]], status: str, by: Employee | None, name: str
    ) -> None:
        self.tree, self.known, self.here, self.status, self.by, self.name = tree, known, here, status, by, name

    def key(self, row: Row) -> str:
        """What a row is known again by: the repository, and what its list calls the file or folder."""
        return hashlib.sha256(f"{path_key(self.name)}\n{path_key(row.named)}".encode()).hexdigest()[:24]

    def hash_here(self, row: Row) -> str:
        """What the row's files held when they were brought in; "" when they were not."""
        return self.here.get(self.key(row), ("", 0))[0]

    # ---- writing ---------------------------------------------------------------------------------------------------

    def promised(self, row: Row) -> Outcome:
        """What a dry run says of a row that can be taken."""
        there = self.key(row) in self.here
        told = _("มีอยู่แล้ว") if there else _("นำเข้าได้ %(n)d ไฟล์", n=len(row.files))
        return Outcome(row.number, row.named, row.title or row.files[0].stem, SKIPPED if there else DONE, told)

    def take(self, row: Row, material: Material) -> Outcome:
        title = self._title(row, material)
        if material.fault:
            return Outcome(row.number, row.named, title, FAULT, material.fault)
        hashed, number = self.here.get(self.key(row), ("", 0))
        try:
            if number and hashed == material.hashed:
                return Outcome(row.number, row.named, title, SKIPPED, _("นำเข้าไว้แล้ว"), number)
            if number:
                self._update(row, material, number)
                told = _("ไฟล์เปลี่ยนไปจากครั้งก่อน แนบไฟล์ใหม่เพิ่มแล้ว เนื้อหาคงเดิม")
                return Outcome(row.number, row.named, title, UPDATED, told, number)
            number = self._create(row, material, title)
        except DomainError as why:
            return Outcome(row.number, row.named, title, FAULT, why.message)
        except pw.IntegrityError as why:
            if (
                KnowledgeArticle.select()
                .where(KnowledgeArticle.external_id == self._external_id(row, material))
                .exists()
            ):
                return Outcome(row.number, row.named, title, SKIPPED, _("มีผู้อื่นกำลังนำเข้ารายการนี้อยู่"))
            log.error("folder import: row %s could not be written: %s", row.number, why)
            return Outcome(row.number, row.named, title, FAULT, _("เขียนลงฐานข้อมูลไม่ได้ โปรดลองอีกครั้ง หรือแจ้งผู้ดูแลระบบ"))
        except OSError as why:
            return Outcome(
                row.number, row.named, title, FAULT, _("เก็บไฟล์ไม่ได้ (%(why)s)", why=why.strerror or "OSError")
            )
        return Outcome(row.number, row.named, title, DONE, " · ".join(material.told), number)

    def _title(self, row: Row, material: Material) -> str:
        return row.title or (material.form.title if material.form else "") or row.files[0].stem[:300]

    def _external_id(self, row: Row, material: Material) -> str:
        return f"old-{self.key(row)}-{material.hashed}"

    @contextmanager
    def _one_row(self) -> Iterator[None]:
        """A transaction; when it is undone, so is what was learnt in it: topics and years that are not there now."""
        topics, opened = dict(self.known.topics), dict(self.known.years)
        try:
            with db.atomic():
                yield
        except BaseException:
            self.known.topics, self.known.years = topics, opened
            raise

    def _prepared(self, row: Row) -> list[Prepared]:
        """A row's files, looked at and kept before the transaction: others must not wait while that takes its time."""
        files = []
        for path in row.files:
            with path.open("rb") as stream:
                files.append(attachments.prepare(stream, path.name, self.by))
        return files

    def _create(self, row: Row, material: Material, title: str) -> int:
        form, left = material.form or OldForm(), list(material.form.unplaced if material.form else [])
        files, ready = self._prepared(row), drafting.prepare_pictures(self.by, Found([form], "", material.pictures))
        if refused := ready.refused_in(form):
            material.told.append(drafting.lost_pictures(refused))
        with self._one_row():
            place = self._place(row, form, left)
            names = [*row.unknown_authors, *self._form_authors(row, form)]
            if names:
                left.append(_("ผู้จัดทำ: %(names)s", names=", ".join(names)))
                material.told.append(_("ไม่พบผู้จัดทำ %(names)s ในระบบ", names=", ".join(names)))
            article = self._insert(row, material, title, form, place)
            self._attach(article, files)
            pictures = drafting.attach_pictures(self.by, article, form, ready)
            self._write_texts(article, form, material.text, [drafting.with_places(t, pictures) for t in left], pictures)
            details = {"status": self.status, "files": [path.name for path in row.files][:20]}
            audit.record(self.by, "article.imported", article, **details)
            findable.articles([article.id], wake=False)
        self.here[self.key(row)] = material.hashed, article.id
        return int(article.id)

    def _insert(
        self, row: Row, material: Material, title: str, form: OldForm, place: dict[str, Any]
    ) -> KnowledgeArticle:
        results_on = row.results_on or form.results_on
        article = KnowledgeArticle.create(
            external_id=self._external_id(row, material),
            title=title,
            kind=row.kind,
            results_on=results_on,
            status=self.status,
            published_on=self._published_on(row, results_on, place["number"]),
            form_key=f"import-{secrets.token_hex(12)}",
            created_by=self.by,
            updated_by=self.by,
            unit=place["unit"],
            topic=place["topic"],
            fiscal_year=place["year"],
        )
        if row.authors:
            people = [
                {"article": article.id, "employee": e, "position": n} for n, e in enumerate(dict.fromkeys(row.authors))
            ]
            ArticleAuthor.insert_many(people).execute()
        if form.measures:
            names = ("measure", "unit", "before", "target", "after")
            rows = [
                {"article": article.id, "position": n} | dict(zip(names, measure, strict=True))
                for n, measure in enumerate(form.measures)
            ]
            ArticleMeasure.insert_many(rows).execute()
        return article

    def _attach(self, article: KnowledgeArticle, files: list[Prepared]) -> None:
        for file in files:
            attachments.attach(file, by=self.by, article=article, unlimited=True)

    def _write_texts(
        self, article: KnowledgeArticle, form: OldForm, text: str, left: list[str], pictures: dict[int, str]
    ) -> None:
        """Parts and the rest: beside a draft as unplaced text, in what is published as the text of the old system."""
        texts = {part: drafting.with_places(getattr(form, part), pictures) for part in PARTS}
        body = text
        if self.status == DRAFT:
            drafting.keep_unplaced(article, left)
        else:
            body = "\n\n".join(filter(None, [text, *left]))
        KnowledgeArticle.update(body=body[:BODY_LIMIT], **texts).where(KnowledgeArticle.id == article.id).execute()

    def _update(self, row: Row, material: Material, number: int) -> None:
        """Attach what changed. DomainError when it looks like another repository that calls its files the same."""
        article = KnowledgeArticle.get_by_id(number)
        if row.title and article.version == 1 and thai.same_name_key(row.title) != thai.same_name_key(article.title):
            raise DomainError(
                _("ชื่อไฟล์นี้นำเข้าไว้แล้วเป็นเรื่อง “%(title)s” ถ้าเป็นคนละคลังโปรดตั้งชื่อคลังด้วย --name", title=article.title)
            )
        files = self._prepared(row)
        with self._one_row():
            self._attach(article, files)
            new_id = self._external_id(row, material)
            KnowledgeArticle.update(external_id=new_id).where(KnowledgeArticle.id == number).execute()
            audit.record(self.by, "article.imported", article, files=[path.name for path in row.files][:20])
            findable.articles([number], wake=False)
        self.here[self.key(row)] = material.hashed, number

    # ---- where it belongs ------------------------------------------------------------------------------------------

    def _place(self, row: Row, form: OldForm, left: list[str]) -> dict[str, Any]:
        """Unit, year and topic: the list's, else the form's; what cannot be told is kept as text."""
        number = row.year or self._form_year(form, left)
        unit = row.unit or self._form_unit(form, left)
        topic = None
        if row.topic:
            topic = self._topic(row.topic, number)
        elif form.topic:
            found = self.known.topic(form.topic, number)
            topic = found[0] if found else None
            if found:
                number = found[1]
            else:
                left.append(_("ประเด็นเรียนรู้: %(name)s", name=form.topic))
        if form.community:
            left.append(_("ชุมชน: %(name)s", name=form.community))
        return {"unit": unit, "topic": topic, "year": self._year(number), "number": number}

    def _form_year(self, form: OldForm, left: list[str]) -> int | None:
        try:
            return thai.parse_year(form.fiscal_year) if form.fiscal_year else None
        except ValueError:
            left.append(_("ปี: %(year)s", year=form.fiscal_year))
            return None

    def _form_unit(self, form: OldForm, left: list[str]) -> int | None:
        names = [name for name in (form.branch, form.division) if name]
        for name in names:
            try:
                return self.known.unit(name)
            except DomainError:
                continue
        if names:
            left.append(_("สังกัด: %(name)s", name=" ".join(names)))
        return None

    def _form_authors(self, row: Row, form: OldForm) -> list[str]:
        """Names of the form that nobody here has; those that are known become authors when the list names none."""
        if row.authors or row.unknown_authors or not form.authors:
            return []
        known = drafting.people_named(form.authors)
        row.authors = [known[name] for name in form.authors if name in known]
        return [name for name in form.authors if name not in known]

    def _year(self, number: int | None) -> int | None:
        if number is None:
            return None
        if number not in self.known.years:
            self.known.years[number] = years.get_or_open(number).id
        return self.known.years[number]

    def _topic(self, name: str, number: int | None) -> int | None:
        found = self.known.topic(name, number)
        if found is None and number is not None:
            topic = Topic.create(fiscal_year=self._year(number), name=name, position=999)
            Topic.update(series=topic.id).where(Topic.id == topic.id).execute()
            audit.record(self.by, "topic.added", topic, name=name)
            self.known.topics[thai.same_name_key(name), number] = topic.id
            return int(topic.id)
        return found[0] if found else None

    def _published_on(self, row: Row, results_on: dt.date | None, number: int | None) -> dt.date | None:
        """The list's day, else the results', else the end of its year, so that old knowledge does not look new."""
        if self.status == DRAFT:
            return None
        ends = fiscal.calendar().bounds(number)[1] if number else None
        days = (row.published_on, results_on, ends)
        return next((day for day in days if day is not None and day <= clock.today()), clock.today())
