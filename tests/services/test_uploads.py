"""Files in pieces: whatever breaks, what has arrived is known, and nothing is attached twice or half."""

import datetime as dt
import io
import threading

import pytest

from kc import clock, storage
from kc.errors import DomainError
from kc.models import Attachment, Upload
from kc.services import attachments, uploads
from tests import factories

PDF = b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 5000 + b"trailer<<>>\n%%EOF\n"


@pytest.fixture
def draft(cast):
    return factories.make_article("เรื่องมีไฟล์", cast.author, community=cast.community, unit=cast.branch)


@pytest.fixture
def begun(cast, draft):
    return uploads.create(cast.author, "ยาว.pdf", len(PDF), article=draft, modified="1")


def send(upload, data=PDF, at=0):
    return uploads.append(upload, at, io.BytesIO(data))


def test_piece_by_piece(begun):
    here = 0
    while here < len(PDF):
        here = send(begun, PDF[here : here + 30_000], here)
    arrival = uploads.finish(begun)
    assert storage.path_of(arrival.row.sha256).read_bytes() == PDF and arrival.row.filename == "ยาว.pdf"
    assert list(storage.pieces()) == []


def test_a_piece_that_begins_elsewhere_is_told_where(begun):
    assert send(begun, PDF[:100]) == 100
    for at in (0, 50, 101):
        with pytest.raises(uploads.WrongOffset) as wrong:
            send(begun, PDF[at : at + 10], at)
        assert wrong.value.offset == 100
    with pytest.raises(uploads.WrongOffset):
        uploads.finish(begun)
    assert Attachment.select().count() == 0


def test_a_stream_that_breaks_off_leaves_what_came(begun):
    class Breaks(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 200:
                raise ConnectionResetError
            return super().read(100)

    with pytest.raises(ConnectionResetError):
        uploads.append(begun, 0, Breaks(PDF))
    assert uploads.offset(begun) == 200
    send(begun, PDF[200:], 200)
    assert storage.path_of(uploads.finish(begun).row.sha256).read_bytes() == PDF


def test_more_than_was_said_is_not_taken(begun):
    with pytest.raises(storage.TooLarge):
        send(begun, PDF + b"x")
    assert uploads.offset(begun) <= len(PDF)


def test_chosen_again_it_goes_on(cast, draft, begun):
    send(begun, PDF[:500])
    again = uploads.create(cast.author, "ยาว.pdf", len(PDF), article=draft, modified="1")
    assert again.key == begun.key and uploads.offset(again) == 500
    for other in ({"modified": "2"}, {"modified": "1", "article": factories.make_article("อื่น", cast.author)}):
        where = {"article": draft} | other
        assert uploads.create(cast.author, "ยาว.pdf", len(PDF), **where).key != begun.key
    assert uploads.create(cast.fellow, "ยาว.pdf", len(PDF), article=draft, modified="1").key != begun.key
    assert [(row.filename, got) for row, got in uploads.unfinished(cast.author, draft, None)] == [("ยาว.pdf", 500)]


def test_asked_again_it_says_the_same_again(begun):
    send(begun)
    first, second = uploads.finish(begun), uploads.finish(begun)
    assert first.row.id == second.row.id and Attachment.select().count() == 1
    assert uploads.offset(Upload.get_by_id(begun.id)) == len(PDF)


def test_a_refusal_is_said_again_too(cast, draft):
    upload = uploads.create(cast.author, "ปลอม.pdf", 4, article=draft)
    send(upload, b"MZ\0\0")
    for _ in range(2):
        with pytest.raises(DomainError, match="“ปลอม.pdf” เป็นชนิดที่แนบไม่ได้"):
            uploads.finish(upload)
    assert list(storage.pieces()) == [] and list(storage.kept()) == []


def test_two_at_once_attach_one(begun):
    send(begun)
    found = []
    threads = [threading.Thread(target=lambda: found.append(uploads.finish(begun).row.id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1 and Attachment.select().count() == 1


@pytest.mark.parametrize(("size", "sentence"), [(0, "ไฟล์ว่าง"), (2 * 1024 * 1024, "ใหญ่เกิน 1 MB")])
def test_refused_before_a_byte_is_sent(cast, draft, size, sentence):
    attachments.configure(storage.folder().parent, 1, 20)
    with pytest.raises(DomainError, match=sentence):
        uploads.create(cast.author, "ก.pdf", size, article=draft)


def test_room_is_asked_for_first(cast, draft, monkeypatch):
    attachments.configure(storage.folder().parent, 1, 1)
    attachments.store(b"a", "a.txt", by=cast.author, article=draft)
    with pytest.raises(DomainError, match="ไม่เกิน 1 ไฟล์"):
        uploads.create(cast.author, "ก.pdf", 10, article=draft)
    attachments.configure(storage.folder().parent, 1, 9, total_mb=1)
    with pytest.raises(DomainError, match="รวมกันได้ไม่เกิน 1 MB"):
        uploads.create(cast.author, "ก.pdf", 1024 * 1024, article=draft)
    monkeypatch.setattr(storage, "LEAST_FREE", 1 << 60)
    with pytest.raises(DomainError, match="ใกล้เต็ม"):
        uploads.create(cast.author, "ก.pdf", 10, article=draft)


def test_not_too_many_on_their_way(cast, draft, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 3)
    for n in range(3):
        uploads.create(cast.author, f"{n}.pdf", 10, article=draft)
    with pytest.raises(DomainError, match="ส่งค้างอยู่มากเกินไป"):
        uploads.create(cast.author, "9.pdf", 10, article=draft)


def test_leftovers_are_swept(cast, draft, begun, monkeypatch):
    send(begun, PDF[:10])
    stray = storage.piece_of(storage.new_key())
    stray.write_bytes(b"killed between row and pieces")
    aside = storage.folder() / "incoming"
    aside.mkdir(parents=True, exist_ok=True)
    (aside / "old").write_bytes(b"x")
    assert uploads.sweep() == 1 and not stray.exists() and uploads.offset(begun) == 10
    monkeypatch.setattr(storage, "YOUNG", -1)
    Upload.update(touched_at=clock.now() - dt.timedelta(hours=49)).execute()
    assert uploads.sweep() == 2 and Upload.select().count() == 0 and list(storage.pieces()) == []


def test_cancelled_it_is_gone(begun):
    send(begun, PDF[:10])
    uploads.cancel(begun)
    with pytest.raises(DomainError, match="ถูกยกเลิกแล้ว"):
        send(begun, PDF[10:], 10)
    assert list(storage.pieces()) == []


@pytest.mark.parametrize("key", ["../../kc.sqlite3", "", "A" * 48, "0" * 47, "/etc/passwd"])
def test_keys_never_become_paths(key):
    with pytest.raises(ValueError, match="not a key"):
        storage.piece_of(key)
