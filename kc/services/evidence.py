"""The evidence of a community's year in one ZIP (D15): what there is, file by file, and first of all what is missing.

Each exhibit counts what there is in one statement for the page, and makes its files one after the other for the ZIP, so
that a hundred photos need no more memory than one.
"""

import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from kc import clock, fiscal, storage, thai, workbook
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.i18n import use_language
from kc.models import (
    Attachment,
    Community,
    Employee,
    Evaluation,
    FollowUp,
    KnowledgeArticle,
    LearningPlan,
    Session,
    SessionSummary,
)
from kc.models.knowledge import PUBLISHED
from kc.services import (
    article_documents,
    audit,
    community_documents,
    evaluation,
    evaluation_sheets,
    evidence_sheets,
    follow_up,
    sessions,
)
from kc.services.article_documents import Print
from kc.workbook import Sheet

log = logging.getLogger(__name__)

TABLE_OF_CONTENTS = _l("00 สารบัญ.pdf")
PACKED_ALREADY = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".mp4", ".zip", ".docx", ".pptx", ".xlsx", ".pdf"}


@dataclass(frozen=True)
class Bundle:
    """What every exhibit needs to know; `address` answers the full address of a path of this site."""

    community: Community
    organisation: str
    address: Callable[[str], str]
    how: Print


@dataclass(frozen=True)
class File:
    """One file of the ZIP: its name below its exhibit's folder, and its bytes or where they lie."""

    name: str
    data: bytes | Path


@dataclass(frozen=True)
class Exhibit:
    """One kind of evidence. `missing` says what is to be done where there is none, `where` on the community's pages."""

    name: Any
    count: Callable[[Community], int]
    files: Callable[[Bundle], Iterator[File]]
    missing: Any
    where: str = ""


@dataclass(frozen=True)
class Line:
    """An exhibit as the page and the table of contents show it."""

    number: int
    name: str
    count: int
    missing: str
    url: str

    @property
    def folder(self) -> str:
        return f"{self.number:02d} {self.name}"


def overview(community: Community) -> list[Line]:
    """What there is of every exhibit, in the order of the ZIP."""
    base = f"/communities/{community.id}"
    return [
        Line(number, str(exhibit.name), exhibit.count(community), str(exhibit.missing), base + exhibit.where)
        for number, exhibit in enumerate(EXHIBITS, start=1)
    ]


def collect(by: Employee, bundle: Bundle) -> tuple[IO[bytes], str]:
    """The ZIP (a file that is gone when it is closed) and its name. DomainError when the disk has no room.

    A file that cannot be made or is not there any more is left out and named in the table of contents.
    """
    community = bundle.community
    packed = TemporaryFile()  # noqa: SIM115  closed by whoever sends it
    try:
        with use_language("th"), zipfile.ZipFile(packed, "w") as made:
            lines = overview(community)
            put = {line.number: list(_put(made, line, bundle)) for line in lines if line.count}
            _write(made, str(TABLE_OF_CONTENTS), _contents(bundle, lines, put))
        audit.record(by, "community.evidence", community, files=sum(map(len, put.values())))
        packed.seek(0)
        with use_language("th"):
            return packed, article_documents.file_name(_("หลักฐาน"), community.name, ".zip")
    except OSError as why:
        packed.close()
        log.warning("evidence of community %s could not be packed: %s", community.id, why)
        raise DomainError(_("รวบรวมไฟล์ไม่สำเร็จ เนื้อที่ของเครื่องแม่ข่ายอาจไม่พอ โปรดแจ้งผู้ดูแลระบบ")) from why
    except BaseException:
        packed.close()
        raise


def _put(made: zipfile.ZipFile, line: Line, bundle: Bundle) -> Iterator[str]:
    """Write an exhibit's files; gives their names, no two alike."""
    taken: set[str] = set()
    for file in EXHIBITS[line.number - 1].files(bundle):
        name = _unlike(file.name, taken)
        taken.add(name.casefold())
        _write(made, f"{line.folder}/{name}", file.data)
        yield name


def _unlike(name: str, taken: set[str]) -> str:
    """`name`, with a number before its ending when it is taken; folders (“/”) stay."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}"
    return free


def _write(made: zipfile.ZipFile, name: str, data: bytes | Path) -> None:
    ending = Path(name).suffix.lower()
    how = zipfile.ZIP_STORED if ending in PACKED_ALREADY else zipfile.ZIP_DEFLATED
    moment = clock.to_local(clock.now())
    entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
    entry.compress_type, entry.external_attr = how, 0o644 << 16
    if isinstance(data, bytes):
        made.writestr(entry, data)
        return
    entry.file_size = data.stat().st_size  # so that a large one is written with long sizes
    with data.open("rb") as source, made.open(entry, "w") as target:
        while piece := source.read(1024 * 1024):
            target.write(piece)


def _contents(bundle: Bundle, lines: list[Line], put: dict[int, list[str]]) -> bytes:
    from kc.documents import papers
    from kc.documents.records import EvidenceList

    community = bundle.community
    return papers.evidence_pdf(
        EvidenceList(
            community=community.name,
            unit=community.unit_name,
            fiscal_year=fiscal.calendar().label_for(community.fiscal_year.year),
            made_on=clock.today(),
            missing=tuple((line.name, line.missing) for line in lines if not line.count),
            exhibits=tuple((line.folder, tuple(put[line.number])) for line in lines if line.count),
            organisation=bundle.organisation,
            address=bundle.address(f"/communities/{community.id}"),
            thai_digits=bundle.how.thai_digits,
        ),
        archive=bundle.how.archive,
    )


# ---- what there is -------------------------------------------------------------------------------------------------


def _application(bundle: Bundle) -> Iterator[File]:
    address = bundle.address(f"/communities/{bundle.community.id}")
    data, name = community_documents.application(
        bundle.community, organisation=bundle.organisation, address=address, how=bundle.how
    )
    yield File(name, data)


def _members(bundle: Bundle) -> Iterator[File]:
    with workbook.write([community_documents.members_sheet(bundle.community)]) as book:
        yield File(str(_("รายชื่อสมาชิก.xlsx")), book.read())


def _sessions(community: Community):  # type: ignore[no-untyped-def]
    """Sessions that took place, oldest first: a recurring meeting that left no trace is no evidence."""
    return (
        Session.select()
        .where((Session.community == community) & sessions.took_place())
        .order_by(Session.held_on, Session.starts, Session.id)
    )


def _records(bundle: Bundle) -> Iterator[File]:
    for session in _sessions(bundle.community):
        session.community = bundle.community
        address = bundle.address(f"/communities/{bundle.community.id}/sessions/{session.id}")
        data, name = community_documents.session_record(session, "pdf", address=address, how=bundle.how)
        yield File(f"{session.held_on.isoformat()} {name}", data)


def _of_sessions(community: Community):  # type: ignore[no-untyped-def]
    """Photos and files of the sessions that may be opened."""
    here = Attachment.session.in_(_sessions(community).select(Session.id).order_by())
    return Attachment.select().where(here & Attachment.open_ones())


def _session_files(bundle: Bundle) -> Iterator[File]:
    rows = (
        _of_sessions(bundle.community).select(Attachment, Session).join(Session, on=(Attachment.session == Session.id))
    )
    for row in rows.order_by(Session.held_on, Attachment.id):
        yield from _kept(row, f"{row.session.held_on.isoformat()}/")


def _published(community: Community):  # type: ignore[no-untyped-def]
    here = (KnowledgeArticle.community == community) & (KnowledgeArticle.status == PUBLISHED)
    return KnowledgeArticle.select().where(here).order_by(KnowledgeArticle.published_on, KnowledgeArticle.id)


def _knowledge(bundle: Bundle) -> Iterator[File]:
    for article in _published(bundle.community):
        folder = thai.truncate(_storable(article.title), 80).rstrip(". ")  # Windows takes no folder that ends in them
        address = bundle.address(f"/knowledge/{article.id}")
        made = article_documents.make(
            article, "form_pdf", organisation=bundle.organisation, address=address, how=bundle.how
        )
        yield File(f"{folder}/{made[1]}", made[0])
        for row in Attachment.select().where((Attachment.article == article) & Attachment.open_ones()):
            yield from _kept(row, f"{folder}/")


def _kept(row: Attachment, folder: str) -> Iterator[File]:
    """A file of the store under the name it came with; nothing when the disk has lost it."""
    path = storage.path_of(row.sha256)
    if path.exists():
        yield File(folder + _storable(row.filename), path)
    else:
        log.error("evidence: the file of attachment %s is not in the store", row.id)


def _storable(name: str) -> str:
    """A name as every system can store it."""
    return " ".join(article_documents.FORBIDDEN_IN_NAMES.sub(" ", name).split())


def _one(community: Community) -> int:
    return 1


def _book(name: Any, sheets: Callable[[Community], Iterator[Sheet]]) -> Callable[[Bundle], Iterator[File]]:
    """An exhibit that is one Excel file."""

    def made(bundle: Bundle) -> Iterator[File]:
        with workbook.write(sheets(bundle.community)) as book:
            yield File(str(name), book.read())

    return made


def _evaluation(bundle: Bundle) -> Iterator[File]:
    """Without what single people answered: that is theirs and their facilitator's."""
    row = evaluation.of(bundle.community)
    if row is not None:
        with workbook.write(evaluation_sheets.of_evaluation(row, everything=False)) as book:
            yield File(_("ผลประเมินการเรียนรู้.xlsx"), book.read())


def _follow_up(bundle: Bundle) -> Iterator[File]:
    with workbook.write(evaluation_sheets.of_follow_up(follow_up.rows_of(bundle.community))) as book:
        yield File(_("การติดตามการนำไปใช้.xlsx"), book.read())


def _summaries(community: Community):  # type: ignore[no-untyped-def]
    """Summaries that were shared, in the order of the sessions."""
    return (
        SessionSummary.select(SessionSummary, Session)
        .join(Session)
        .where((Session.community == community) & SessionSummary.shared_at.is_null(False))
        .order_by(Session.held_on, Session.id)
    )


def _summary_texts(bundle: Bundle) -> Iterator[File]:
    for row in _summaries(bundle.community):
        name = f"{row.session.held_on.isoformat()} {thai.truncate(_storable(row.session.topic), 80).rstrip('. ')}.txt"
        improve = f"\n\n{_('ครั้งต่อไปจะปรับ')}\n{row.improve}" if row.improve else ""
        yield File(name, f"\ufeff{row.session.topic}\n\n{row.text}{improve}\n".encode())  # Notepad knows it by the mark


# In the order of the ZIP, which is that of the year.
EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit(_l("ใบสมัครชุมชน"), _one, _application, ""),
    Exhibit(
        _l("รายชื่อสมาชิก"),
        lambda community: community.current_members().order_by().count(),
        _members,
        _l("ยังไม่มีสมาชิก เพิ่มคนได้ที่หน้าชุมชน"),
        "#membership",
    ),
    Exhibit(
        _l("แผนการเรียนรู้"),
        lambda community: LearningPlan.select().where(LearningPlan.community == community).count(),
        _book(_l("แผนการเรียนรู้.xlsx"), evidence_sheets.of_plan),
        _l("ยังไม่มีแผนการเรียนรู้"),
        "/plan",
    ),
    Exhibit(
        _l("บันทึกกิจกรรม"),
        lambda community: _sessions(community).count(),
        _records,
        _l("ยังไม่มีกิจกรรมที่จัดแล้ว นัดพบกันครั้งแรกได้จากหน้าชุมชน"),
        "/sessions/new",
    ),
    Exhibit(
        _l("ภาพและไฟล์จากกิจกรรม"),
        lambda community: _of_sessions(community).count(),
        _session_files,
        _l("ยังไม่มีภาพกิจกรรม แนบได้ที่หน้ากิจกรรมแต่ละครั้ง"),
        "#sessions-h",
    ),
    Exhibit(
        _l("สรุปกิจกรรม"),
        lambda community: _summaries(community).count(),
        _summary_texts,
        _l("ยังไม่มีสรุปที่แบ่งปันแล้ว เปิดกิจกรรมแล้วทำสรุปต่อได้"),
        "#sessions-h",
    ),
    Exhibit(
        _l("การทดลองใช้"),
        lambda community: evidence_sheets.trials_of(community).order_by().count(),
        _book(_l("การทดลองใช้.xlsx"), evidence_sheets.of_trials),
        _l("ยังไม่มีการทดลองใช้ เริ่มจากแนวปฏิบัติที่จดไว้ในกิจกรรมได้"),
        "/trials/",
    ),
    Exhibit(
        _l("องค์ความรู้ที่เผยแพร่"),
        lambda community: _published(community).count(),
        _knowledge,
        _l("ยังไม่มีองค์ความรู้ที่เผยแพร่"),
        "#articles-h",
    ),
    Exhibit(
        _l("ผลประเมินการเรียนรู้"),
        lambda community: Evaluation.select().where(Evaluation.community == community).count(),
        _evaluation,
        _l("ยังไม่ได้วางแผนการประเมินการเรียนรู้"),
        "/evaluation",
    ),
    Exhibit(
        _l("การติดตามการนำไปใช้"),
        lambda community: FollowUp.select().where(FollowUp.community == community).count(),
        _follow_up,
        _l("ยังไม่ได้เริ่มติดตามการนำไปใช้ประโยชน์"),
        "/follow-up",
    ),
)
