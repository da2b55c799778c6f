"""An old exchange form, dropped on "new knowledge", becomes a draft to check (D11; S0-162..172).

Every part, the head, the day and the figures land in the draft's fields, pictures and the file itself in its
attachments. What has no field, or names somebody or something unknown here, waits beside the form as unplaced text.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from kc import clock, filetypes, policy, storage, thai, together
from kc.db import db
from kc.documents.old_forms import PARTS, Found, OldForm, read
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models import Community, Employee, FiscalYear, KnowledgeArticle, Topic, UnplacedText
from kc.models.knowledge import ARTICLE_KINDS, DRAFT
from kc.services import article_merge, articles, attachments, audit
from kc.services.attachments import Prepared
from kc.together import Asking, rows_of

PART_LIMIT = 60_000  # what the editor takes in a part
PIECE = 3_000  # letters of one piece of unplaced text, unless a paragraph is longer
MOST_WAITING = 2  # files being read, and waiting to be: a thread of the server each
FIELD = "form_file"
_PLACE_OF_PICTURE = re.compile(r"(!\[[^\]]*\])\(picture:(\d+)\)")
_ID = re.compile(r"\d{4,12}")
WHY = {
    "encrypted": _l("ไฟล์นี้ใส่รหัสผ่านไว้ โปรดเอารหัสผ่านออกแล้วส่งใหม่"),
    "no_text": _l("ไม่พบข้อความในไฟล์นี้ อาจเป็นภาพสแกนหรือแบบฟอร์มเปล่า โปรดเริ่มเขียนเองแล้วแนบไฟล์นี้ไว้กับเรื่อง"),
    "too_big": _l("ไฟล์นี้ยาวเกินกว่าจะเป็นแบบฟอร์ม โปรดแยกเป็นไฟล์ละเรื่อง"),
    "bomb": _l("ไฟล์นี้ขยายออกมาแล้วใหญ่ผิดปกติ ระบบจึงไม่เปิด โปรดบันทึกเอกสารใหม่แล้วส่งอีกครั้ง"),
    "too_slow": _l("ไฟล์นี้ใช้เวลาอ่านนานเกินไป โปรดบันทึกเป็น Word (.docx) แล้วส่งอีกครั้ง"),
    "memory": _l("ไฟล์นี้ใหญ่เกินกว่าที่ระบบจะเปิดได้ โปรดลดขนาดรูปในเอกสารแล้วส่งอีกครั้ง"),
}
NOT_READABLE = _l("เปิดไฟล์นี้ไม่ได้ ไฟล์อาจเสียหาย โปรดเปิดดูแล้วบันทึกใหม่ จากนั้นส่งอีกครั้ง")


_turns = threading.BoundedSemaphore(MOST_WAITING)
_one_at_a_time = threading.Lock()


# ---- taking a file in ----------------------------------------------------------------------------------------------


def take_in(
    by: Employee,
    source: BinaryIO,
    filename: str,
    *,
    community: Community | None = None,
    form_key: str = "",
    title: str = "",
    kind: str = ARTICLE_KINDS[0],
) -> tuple[list[KnowledgeArticle], Found]:
    """(a draft for each form in the file, what was found). A file that is no form becomes one draft, all unplaced.

    `title`: what the person calls it, instead of the form's own. Sending the same again makes nothing new. Raises
    DomainError on `form_file`: no DOCX or PDF, unreadable, too large; on `community`: not one of theirs.
    """
    if community is not None and not policy.can_write_for(by, community):
        raise DomainError(_("เขียนองค์ความรู้ได้เฉพาะชุมชนที่คุณเป็นสมาชิก"), "community")
    limits = attachments.limits()
    try:
        with storage.stage(source, limits.max_bytes) as staged:
            filetype, name = _examined(staged.path, filename)
            found = _read_in_turn(staged.path, filetype.name)
            if found.reason:
                raise DomainError(str(WHY.get(found.reason, NOT_READABLE)), FIELD)
            if found.forms and all(form.is_blank for form in found.forms):
                raise DomainError(str(WHY["no_text"]), FIELD)
            with staged.path.open("rb") as stream:
                whole = attachments.prepare(stream, name, by)
            key = form_key or articles.new_form_key()
            start = _Start(by, name, found, whole, prepare_pictures(by, found), community, key, title, kind)
            return _drafts(start), found
    except storage.TooLarge:
        name = filetypes.clean_name(filename)
        raise DomainError(_("“%(name)s” ใหญ่เกิน %(mb)d MB", name=name, mb=limits.max_mb), FIELD) from None


def _read_in_turn(path: Path, kind: str) -> Found:
    """One at a time: reading takes a processor and up to 700 MB. DomainError when others wait already."""
    if not _turns.acquire(blocking=False):
        raise DomainError(_("ระบบกำลังอ่านแบบฟอร์มของผู้อื่นอยู่ โปรดส่งอีกครั้งในอีกครึ่งนาที"), FIELD)
    try:
        with _one_at_a_time:
            return read(path, kind)
    finally:
        _turns.release()


def _examined(path: Path, filename: str) -> tuple[filetypes.FileType, str]:
    try:
        filetype, name = filetypes.examine(path, filename)
    except DomainError as why:
        raise DomainError(why.message, FIELD) from None
    if filetype.name not in ("docx", "pdf"):
        raise DomainError(_("“%(name)s” ไม่ใช่ Word (.docx) หรือ PDF จึงอ่านเป็นแบบฟอร์มไม่ได้", name=name), FIELD)
    return filetype, name


@dataclass(frozen=True)
class _Start:
    """What every draft from one file begins with."""

    by: Employee
    name: str
    found: Found
    whole: Prepared
    pictures: Pictures
    community: Community | None
    form_key: str
    title: str
    kind: str


def _drafts(start: _Start) -> list[KnowledgeArticle]:
    forms = start.found.forms or [OldForm(unplaced=pieces(start.found.text))]
    if start.title:
        forms[0].title = start.title
    made = []
    with db.atomic():
        for number, form in enumerate(forms):
            key = start.form_key if not number else f"{start.form_key[:56]}-{number}"
            same = (KnowledgeArticle.form_key == key) & (KnowledgeArticle.created_by == start.by)
            made.append(KnowledgeArticle.get_or_none(same) or _draft(start, form, key))
    return made


def _draft(start: _Start, form: OldForm, form_key: str) -> KnowledgeArticle:
    by, found, left = start.by, start.found, list[str]()
    community = start.community or _community_named(by, form, left)
    title = form.title or Path(start.name).stem
    article = articles.start(by, title=title, kind=start.kind, community=community, form_key=form_key)
    if attachments.files_of(article.id, None).exists():
        return article  # the same form, sent twice at once: the other one was first
    kind = "exchange_form" if found.forms else "other"
    attachments.attach(start.whole, by=by, article=article, kind=kind, unlimited=True)
    pictures = attach_pictures(by, article, form, start.pictures)
    if lost := found.lost_pictures + start.pictures.refused_in(form):
        left.append(lost_pictures(lost))
    _set_year(article, form, left)
    content = _content(by, article, form, pictures, left)
    token = article_merge.token(article.version, article_merge.digests(articles.current_content(article)))
    articles.save(by, article, content, token)
    keep_unplaced(article, [*(with_places(text, pictures) for text in form.unplaced), *left])
    audit.record(by, "article.read_in", article, filename=start.name, parts=list(form.found), pictures=len(pictures))
    return article


def _content(
    by: Employee, article: KnowledgeArticle, form: OldForm, pictures: dict[int, str], left: list[str]
) -> dict[str, Any]:
    content: dict[str, Any] = {"results_on": form.results_on, "measures": tuple(form.measures)}
    for part in PARTS:
        text = with_places(getattr(form, part), pictures)
        if len(text) > PART_LIMIT:
            cut = text.rfind("\n", 0, PART_LIMIT) + 1 or PART_LIMIT
            text, rest = text[:cut].rstrip(), text[cut:]
            left += pieces(rest)
        content[part] = text
    if topic := _topic_named(article, form, left):
        content["topic"] = topic
    if unit := _unit_named(by, article, form, left):
        content["unit"] = unit
    if authors := _authors_named(form, left):
        content["authors"] = authors
    return content


# ---- pictures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pictures:
    """Pictures of a file, prepared to be attached, by their number; `refused`: too large, damaged, with a virus."""

    ready: dict[int, Prepared]
    refused: frozenset[int]

    def refused_in(self, form: OldForm) -> int:
        """How many of those the form shows cannot be shown."""
        return len(self.refused & dict(_shown_in(form)).keys())


def _shown_in(form: OldForm) -> Iterator[tuple[int, str]]:
    """(number, caption) of the pictures a form's texts show, in their order."""
    told = "\n".join([*(getattr(form, part) for part in PARTS), *form.unplaced])
    for match in _PLACE_OF_PICTURE.finditer(told):
        yield int(match.group(2)), match.group(1)[2:-1]


def prepare_pictures(by: Employee | None, found: Found) -> Pictures:
    """Look at the pictures that the forms show, before the transaction that attaches them."""
    ready: dict[int, Prepared] = {}
    refused = set[int]()
    for number in sorted({number for form in found.forms for number, _caption in _shown_in(form)}):
        if not 0 <= number < len(found.pictures) or not found.pictures[number].data:
            continue
        picture = found.pictures[number]
        try:
            ready[number] = attachments.prepare(picture.data, picture_name(picture.name, number), by)
        except DomainError:
            refused.add(number)
    return Pictures(ready, frozenset(refused))


def attach_pictures(
    by: Employee | None, article: KnowledgeArticle, form: OldForm, pictures: Pictures
) -> dict[int, str]:
    """Attach the pictures that a form's texts show; number -> address."""
    places: dict[int, str] = {}
    for number, caption in _shown_in(form):
        if number in places or number not in pictures.ready:
            continue
        ready, shown = pictures.ready[number], caption[:500]
        came = attachments.attach(ready, by=by, article=article, kind="picture", alt_text=shown, unlimited=True)
        places[number] = f"/attachments/{came.row.id}/picture"
    return places


def lost_pictures(number: int) -> str:
    return _("มีรูป %(n)d รูปที่นำออกมาไม่ได้ ดูได้ในไฟล์ต้นฉบับที่แนบไว้", n=number)


def picture_name(name: str, number: int) -> str:
    """A name a person can tell apart: "รูปที่ 3.jpg"."""
    ending = Path(name).suffix.lower()
    return _("รูปที่ %(n)d", n=number + 1) + (ending if ending in (".jpg", ".jpeg", ".png", ".webp") else ".png")


def with_places(text: str, places: dict[int, str]) -> str:
    """The text with its pictures' addresses; the place of one that is not there goes."""

    def address(match: re.Match[str]) -> str:
        place = places.get(int(match.group(2)))
        return f"{match.group(1)}({place})" if place else ""

    return re.sub(r"\n{3,}", "\n\n", _PLACE_OF_PICTURE.sub(address, text)).strip()


# ---- what the head names -------------------------------------------------------------------------------------------


def _community_named(by: Employee, form: OldForm, left: list[str]) -> Community | None:
    if not form.community:
        return None
    rows = Community.select().where(Community.name_key == thai.same_name_key(form.community)).limit(50)
    mine = [row for row in rows if policy.can_write_for(by, row)]
    if len(mine) > 1:
        year = _year(form)
        mine = [row for row in mine if year is not None and row.fiscal_year_id == year.id]
    if len(mine) == 1:
        return mine[0]
    left.append(_("ชุมชน: %(name)s", name=form.community))
    return None


def _year(form: OldForm) -> FiscalYear | None:
    """The fiscal year the form names, when the organisation has it here."""
    try:
        number = thai.parse_year(form.fiscal_year) if form.fiscal_year else None
    except ValueError:
        return None
    return FiscalYear.get_or_none(FiscalYear.year == number) if number else None


def _set_year(article: KnowledgeArticle, form: OldForm, left: list[str]) -> None:
    """The form's own year, unless a community decides it."""
    if not form.fiscal_year:
        return
    year = _year(form)
    if year is not None and year.id != article.fiscal_year_id and article.community_id is None:
        KnowledgeArticle.update(fiscal_year=year, topic=None).where(KnowledgeArticle.id == article.id).execute()
        article.fiscal_year, article.topic = year, None
    elif year is None or year.id != article.fiscal_year_id:
        left.append(_("ปี: %(year)s", year=form.fiscal_year))


def _topic_named(article: KnowledgeArticle, form: OldForm, left: list[str]) -> int | None:
    if not form.topic:
        return None
    key = thai.same_name_key(form.topic)
    rows = Topic.select().where(Topic.fiscal_year == article.fiscal_year_id) if article.fiscal_year_id else []
    same = [topic.id for topic in rows if thai.same_name_key(topic.name) == key and not topic.is_retired]
    if len(same) == 1:
        return int(same[0])
    left.append(_("ประเด็นเรียนรู้: %(name)s", name=form.topic))
    return None


def _unit_named(by: Employee, article: KnowledgeArticle, form: OldForm, left: list[str]) -> int | None:
    """The branch, else the division, among the units this person may write for."""
    names = [name for name in (form.branch, form.division) if name]
    if not names:
        return None
    mine = list(policy.sign_up_units(by))
    if article.community_id is not None:
        mine.append(article.community.unit)
    for name in names:
        same = {unit.id for unit in mine if unit_key(unit.name) == unit_key(name)}
        if len(same) == 1:
            return int(same.pop())
    left.append(_("สังกัด: %(name)s", name=" ".join(names)))
    return None


def unit_key(name: str) -> str:
    """สาขาปากช่อง and ปากช่อง are one; so are สนจ.นครราชสีมา and สนจ. นครราชสีมา."""
    return thai.same_name_key(name.strip().removeprefix("สาขา"))  # thai-data


def people_named(names: Iterable[str]) -> dict[str, int]:
    """Name as written -> the one employee it means, by ID or whole name; a name that two have is left out."""
    wanted = {name: (_ID.findall(thai.to_arabic_digits(name)), _bare_name(name)) for name in names}
    ids = {number for numbers, _name in wanted.values() for number in numbers}
    full = {name for _numbers, name in wanted.values() if name}
    if not ids and not full:
        return {}
    rows = list(
        Employee.select(Employee.id, Employee.employee_id, Employee.name)
        .where(Employee.employee_id.in_(ids | {""}) | Employee.name.in_(full | {""}))
        .tuples()
    )
    found = {}
    for written, (numbers, name) in wanted.items():
        by_number = {row_id for row_id, number, _n in rows if number in numbers}
        by_name = {row_id for row_id, _number, n in rows if n == name}
        meant = by_number or by_name
        if len(meant) == 1:
            found[written] = meant.pop()
    return found


def _bare_name(name: str) -> str:
    _title, rest = thai.strip_title(" ".join(_ID.sub(" ", thai.to_arabic_digits(name)).split()))
    return " ".join(rest.split())


def _authors_named(form: OldForm, left: list[str]) -> tuple[int, ...]:
    known = people_named(form.authors)
    unknown = [name for name in form.authors if name not in known]
    if unknown:
        left.append(_("ผู้จัดทำ: %(names)s", names=", ".join(unknown)))
    return tuple(dict.fromkeys(known[name] for name in form.authors if name in known))


# ---- what is left --------------------------------------------------------------------------------------------------


def pieces(text: str) -> list[str]:
    """A long text in pieces a person can deal with one by one: whole paragraphs, together at most `PIECE` letters."""
    found: list[str] = []
    for paragraph in filter(None, map(str.strip, text.split("\n\n"))):
        if found and len(found[-1]) + len(paragraph) + 2 <= PIECE:
            found[-1] += "\n\n" + paragraph
        else:
            found.append(paragraph)
    return found


def keep_unplaced(article: KnowledgeArticle, texts: Iterable[str]) -> None:
    rows = [{"article": article.id, "position": n, "text": text} for n, text in enumerate(filter(str.strip, texts))]
    for start in range(0, len(rows), 200):
        UnplacedText.insert_many(rows[start : start + 200]).execute()


def unplaced_of(article: KnowledgeArticle) -> list[UnplacedText]:
    """What still waits, and what was dealt with, in the order of the document."""
    return together.answer(ask_unplaced_of(article))


def ask_unplaced_of(article: KnowledgeArticle) -> Asking[list[UnplacedText]]:
    """As `unplaced_of`, for a page that asks for more at the same time."""
    if article.status != DRAFT:
        return []
    return (
        yield from rows_of(UnplacedText.select().where(UnplacedText.article == article).order_by(UnplacedText.position))
    )


def settle(by: Employee, row: UnplacedText, *, settled: bool = True) -> None:
    """A person has dealt with a piece, or wants it back: it is never thrown away."""
    with db.atomic():
        row.settled_at = clock.now() if settled else None
        row.save(only=[UnplacedText.settled_at])
        audit.record(by, "article.unplaced_settled" if settled else "article.unplaced_back", row.article, piece=row.id)


def pulled(article: KnowledgeArticle, choice: str) -> tuple[UnplacedText, str] | None:
    """(piece, part) for a button's value "u<id>:<part>"; None when it is not one of this article's."""
    number, _colon, part = choice.removeprefix("u").partition(":")
    if (
        not choice.startswith("u")
        or part not in PARTS
        or not (number.isascii() and number.isdecimal() and len(number) < 10)
    ):
        return None
    row = UnplacedText.get_or_none((UnplacedText.id == int(number)) & (UnplacedText.article == article))
    return (row, part) if row is not None else None
