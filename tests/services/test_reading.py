"""Reading files in the background: queued with the upload, read once, resumed after a death, found by page."""

import datetime as dt
import time
from io import BytesIO

import pytest

from kc import clock, search, storage
from kc.documents import reading as reader
from kc.documents.reading import Page, Reading
from kc.errors import DomainError
from kc.models import Attachment, FilePage, FileReading, KnowledgeArticle, SearchOutbox
from kc.services import attachments, page_images, reading, reading_thread
from tests import factories
from tests.conftest import run_command

PAGES = ("หน้าแรกว่าด้วยเงินฝากของสมาชิก", "หน้าที่สองว่าด้วยสินเชื่อของชุมชน", "ตะกร้าหวายสานใบใหญ่ขายดีที่ตลาดเช้า")


@pytest.fixture
def article(cast):
    return factories.make_article(
        "เรื่องมีไฟล์", cast.author, community=cast.community, unit=cast.branch, status="published"
    )


def attach(article, by, data=None, name="คู่มือ.pdf") -> Attachment:
    return attachments.store(
        BytesIO(data or b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), name, by=by, article=article
    )


def said(*texts, state="readable", reason=None):
    pages = tuple(Page(n, "page", text, None, 0.98) for n, text in enumerate(texts, 1))
    return Reading(state, pages, 0.98, reason)


@pytest.fixture
def reads(monkeypatch):
    """What the reader answers, and how often it was asked."""
    asked = []

    def answer(*texts, **kwargs):
        monkeypatch.setattr(reader, "read", lambda file, kind: asked.append(file) or said(*texts, **kwargs))
        return asked

    monkeypatch.setattr(page_images, "first_of", lambda sha256: None)
    return answer


def test_a_pdf_is_read_page_by_page_and_found_at_its_page(cast, article):
    row = attach(article, cast.author, factories.make_pdf(*PAGES))
    assert reading.of(row).state == "waiting"
    assert reading.read_next() and not reading.read_next()
    known = reading.of(row)
    assert (known.state, known.page_count) == ("readable", 3)
    assert known.known > 0.9
    assert "ตะกร้าหวาย" in reading.page(known, 3).text
    hits = [hit for hit in search.search("ตะกร้าหวายสานใบใหญ่").hits if hit.kind == "attachment"]
    assert [(hit.id, hit.page) for hit in hits] == [(row.id, 3)]
    assert "หน้าที่สอง" not in hits[0].snippet.striptags(), "a passage stays on its page"
    assert storage.page_of(row.sha256, 1, page_images.SMALL).exists()


def test_a_hit_outside_the_pages_names_no_page(cast, article, reads):
    reads("ข้อความอื่น")
    attach(article, cast.author, name="บัญชีต้นกล้า.pdf")
    reading.read_next()
    assert [hit.page for hit in search.search("ต้นกล้า").hits if hit.kind == "attachment"] == [0]


def test_the_same_bytes_are_read_once_and_found_in_both_places(cast, article, reads):
    asked = reads("ไก่ไข่อารมณ์ดี")
    other = factories.make_article(
        "อีกเรื่อง", cast.author, community=cast.community, unit=cast.branch, status="published"
    )
    both = {attach(article, cast.author).id, attach(other, cast.author).id}
    while reading.read_next():
        pass
    assert len(asked) == 1
    assert {hit.id for hit in search.search("ไก่ไข่อารมณ์ดี").hits if hit.kind == "attachment"} == both


def test_a_killed_process_loses_its_hold_and_leaves_no_duplicates(cast, article, reads):
    attach(article, cast.author)
    first = reading._claim()
    assert reading._claim() is None, "nobody else while it is held"
    FileReading.update(claimed_until=clock.now() - dt.timedelta(seconds=1)).execute()
    second = reading._claim()
    assert second.id == first.id
    assert reading._finish(second, said("ก", "ข"))
    assert not reading._finish(first, said("ก", "ข", "ค")), "who lost its hold writes nothing"
    assert FilePage.select().count() == 2


def test_what_somebody_just_sent_goes_before_an_old_library(cast, article, reads):
    """Whoever sent it looks at the page and waits; nobody waits for what was brought in by the hundred."""
    asked = reads("ข้อความ")
    with clock.freeze(clock.now()) as now:
        for n in range(3):
            attach(article, cast.author, factories.make_pdf(f"เรื่องเก่า {n}"), f"เก่า {n}.pdf")
        now.advance(minutes=1)
        sent = attach(article, cast.author, factories.make_pdf("เพิ่งส่ง"), "เพิ่งส่ง.pdf")
        assert reading.read_next()
    assert [path.name for path in asked] == [sent.sha256] and reading.of(sent).state == "readable"
    while reading.read_next():
        pass
    assert reading.waiting() == 0 and len(asked) == 4, "the library is read too"


def test_a_file_that_kills_its_readers_is_given_up(cast, article):
    row = attach(article, cast.author)
    for _ in range(reading.MOST_ATTEMPTS):
        assert reading._claim() is not None
        FileReading.update(claimed_until=clock.now() - dt.timedelta(seconds=1)).execute()
    assert reading._claim() is None
    assert (reading.of(row).state, reading.of(row).reason) == ("failed", "interrupted")


def test_state_pages_and_outbox_are_written_together_or_not_at_all(cast, article, monkeypatch):
    attach(article, cast.author)
    SearchOutbox.delete().execute()
    monkeypatch.setattr(search, "queue", lambda *_: 1 / 0)
    row = reading._claim()
    with pytest.raises(ZeroDivisionError):
        reading._finish(row, said("ก"))
    assert FilePage.select().count() == 0
    assert FileReading.get().state == "reading"


def test_what_failed_can_be_tried_again(cast, article, reads):
    reads(state="failed", reason="too_slow")
    row = attach(article, cast.author)
    reading.read_next()
    assert (reading.of(row).state, reading.of(row).reason) == ("failed", "too_slow")
    reads("คราวนี้อ่านได้")
    reading.retry(cast.author, row)
    assert reading.read_next()
    assert reading.of(row).state == "readable"
    reading.retry(cast.author, row)
    assert reading.of(row).state == "readable", "what was read stays read"


def test_a_video_is_not_read(cast, article):
    row = Attachment(content_type="video/mp4", sha256="0" * 64)
    reading.enqueue(row)
    assert FileReading.select().count() == 0
    with pytest.raises(DomainError):
        reading.retry(cast.author, row)


def test_files_from_before_are_caught_up(cast, article, reads):
    reads("ของเก่า")
    row = attach(article, cast.author)
    FileReading.delete().execute()
    assert reading.enqueue_missing() == 1
    assert reading.enqueue_missing() == 0
    assert reading.of(row).state == "waiting"


def test_text_of_files_that_are_gone_is_forgotten(cast, article, reads):
    reads("ความลับ")
    row = attach(article, cast.author)
    reading.read_next()
    attachments.remove(cast.author, row)
    assert reading.sweep() == 1
    assert FilePage.select().count() == 0


def test_a_very_long_file_is_searched_to_its_bound_and_shown_whole(cast, article, reads):
    reads(*(["คำ " * 40_000] * 4), "นกกระจอกเทศท้ายเล่ม")
    row = attach(article, cast.author)
    reading.read_next()
    assert not [hit for hit in search.search('"นกกระจอกเทศ"').hits if hit.page]
    assert "นกกระจอกเทศ" in reading.page(reading.of(row), 5).text


def test_pictures_of_pages_stay_within_their_limit(cast, article, monkeypatch):
    row = attach(article, cast.author, factories.make_pdf(*PAGES))
    for number in (1, 2, 3):
        page_images.page(row.sha256, number, page_images.SMALL)
    monkeypatch.setattr(page_images, "_most_bytes", 1)
    assert page_images.sweep() == 3
    with pytest.raises(FileNotFoundError):
        page_images.page(row.sha256, 4, page_images.SMALL)
    with pytest.raises(FileNotFoundError):
        page_images.page(row.sha256, 1, 99)


def test_a_draft_is_read_and_not_found(cast, reads):
    draft = factories.make_article("ร่าง", cast.author, community=cast.community, unit=cast.branch)
    reads("จระเข้น้ำจืด")
    attach(draft, cast.author)
    reading.read_next()
    assert KnowledgeArticle.get_by_id(draft.id).status == "draft"
    assert not [hit for hit in search.search("จระเข้น้ำจืด").hits if hit.kind == "attachment"]


def test_the_command_catches_up_and_says_what_came(cast, article, reads, settings, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    reads("ของเก่า")
    attach(article, cast.author)
    FileReading.delete().execute()
    told = run_command("read-attachments")
    assert told.exit_code == 0, told.output
    assert "1 readable, 0 without text, 0 not readable" in told.output
    reads(state="failed", reason="damaged")
    FileReading.update(state="failed").execute()
    assert "0 readable, 0 without text, 1 not readable" in run_command("read-attachments").output
    assert "1 not readable" in run_command("read-attachments", "--again").output
    assert run_command("worker", "--once").exit_code == 0


def test_the_thread_reads_what_comes_and_outlives_a_fault(app, cast, article, reads, monkeypatch):
    reads("ข้อความ")
    faults = iter([OSError("disk"), None])
    real = reading._claim
    monkeypatch.setattr(reading, "_claim", lambda: (_ for _ in ()).throw(f) if (f := next(faults, None)) else real())
    reading_thread.start()
    try:
        row = attach(article, cast.author)
        until = time.monotonic() + 15
        while reading.of(row).is_going_on and time.monotonic() < until:
            time.sleep(0.05)
            reading._tell()
        assert reading.of(row).state == "readable"
    finally:
        reading_thread.stop()
