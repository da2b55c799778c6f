"""Large files in pieces over HTTP: only for those who may attach, only their own, only from our pages."""

import io
import threading
import time

import pytest

from kc import storage
from kc.models import Attachment, KnowledgeArticle, Upload
from kc.services import attachments
from tests import factories

PDF = b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 200 + b"trailer<<>>\n%%EOF\n"
JSON = {"Accept": "application/json"}


@pytest.fixture
def draft(cast):
    return factories.make_article("เรื่องมีไฟล์", cast.author, community=cast.community, unit=cast.branch)


@pytest.fixture
def author(cast, login_as):
    return login_as(cast.author)


def begin(client, address, name="สรุป ๒๕๖๙.pdf", size=None, **fields):
    size = len(PDF) if size is None else size
    return client.post(address + "/uploads", data={"name": name, "size": str(size), **fields}, headers=JSON)


def piece(client, url, data, at):
    return client.post(
        url, data=data, headers={**JSON, "Upload-Offset": str(at)}, content_type="application/octet-stream"
    )


def test_from_beginning_to_end(author, draft):
    begun = begin(author, f"/knowledge/{draft.id}")
    assert begun.status_code == 201 and begun.json["offset"] == 0 and begun.json["piece"] >= 64 * 1024
    url = begun.json["url"]
    assert piece(author, url, PDF[:1000], 0).json == {"offset": 1000}
    assert author.get(url).json["offset"] == 1000
    lost = piece(author, url, PDF[:1000], 0)  # the answer was lost, the piece is sent again
    assert lost.status_code == 409 and lost.json == {"offset": 1000}
    assert author.post(url + "/finish", headers=JSON).status_code == 409
    assert piece(author, url, PDF[1000:], 1000).json == {"offset": len(PDF)}
    for _ in range(2):
        done = author.post(url + "/finish", headers=JSON)
        assert done.status_code == 200 and done.json["files"][0]["name"] == "สรุป ๒๕๖๙.pdf" and not done.json["notices"]
    assert Attachment.get().kind == "summary"
    assert storage.path_of(Attachment.get().sha256).read_bytes() == PDF


def test_what_stopped_half_way_is_listed_and_goes_on(author, draft):
    url = begin(author, f"/knowledge/{draft.id}", modified="5").json["url"]
    piece(author, url, PDF[:1000], 0)
    assert author.get(f"/knowledge/{draft.id}/uploads").json == {
        "uploads": [{"url": url, "name": "สรุป ๒๕๖๙.pdf", "size": len(PDF), "offset": 1000}]
    }
    again = begin(author, f"/knowledge/{draft.id}", modified="5").json
    assert (again["url"], again["offset"]) == (url, 1000)
    assert author.post(url + "/cancel", headers=JSON).status_code == 200
    assert author.get(url).status_code == 404 and Upload.select().count() == 0


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [("ว่าง.pdf", "0", "ไฟล์ว่าง"), ("ใหญ่.pdf", str(10**9), "ใหญ่เกิน 50 MB"), ("x.pdf", "-5", "ไฟล์ว่าง"), ("x", "๑", "ว่าง")],
)
def test_refused_at_once(author, draft, name, size, sentence):
    answer = begin(author, f"/knowledge/{draft.id}", name, size)
    assert answer.status_code == 422 and sentence in answer.json["error"]
    assert Upload.select().count() == 0


def test_content_decides_at_the_end(author, draft):
    url = begin(author, f"/knowledge/{draft.id}", "ปลอม.docx").json["url"]
    piece(author, url, PDF, 0)
    answer = author.post(url + "/finish", headers=JSON)
    assert answer.status_code == 422 and "ลงท้ายด้วย .docx แต่ข้างในเป็น PDF" in answer.json["error"]
    assert list(storage.pieces()) == [] and Attachment.select().count() == 0


def test_more_than_was_said_is_413(author, draft):
    url = begin(author, f"/knowledge/{draft.id}", size=100).json["url"]
    assert piece(author, url, PDF, 0).status_code == 413


def test_ones_own_only(cast, login_as, author, draft):
    url = begin(author, f"/knowledge/{draft.id}").json["url"]
    for person in (cast.fellow, cast.administrator, cast.outsider):
        other = login_as(person)
        assert other.get(url).status_code == 404
        assert piece(other, url, PDF, 0).status_code == 404
        assert other.post(url + "/finish").status_code == 404
        assert other.post(url + "/cancel").status_code == 404
    assert login_as(cast.outsider).get(f"/knowledge/{draft.id}/uploads").status_code == 404
    assert begin(login_as(cast.outsider), f"/knowledge/{draft.id}").status_code == 404


def test_the_right_can_end_meanwhile(cast, author, draft):
    url = begin(author, f"/knowledge/{draft.id}").json["url"]
    piece(author, url, PDF, 0)
    KnowledgeArticle.update(status="published").execute()
    assert author.post(url + "/finish").status_code == 404 and Attachment.select().count() == 0


def test_signed_out_it_says_so_and_keeps_what_came(client, author, draft):
    url = begin(author, f"/knowledge/{draft.id}").json["url"]
    piece(author, url, PDF[:1000], 0)
    assert piece(client, url, PDF[1000:], 1000).status_code == 401
    assert author.get(url).json["offset"] == 1000


def test_needs_the_token_of_our_pages(author, draft):
    url = begin(author, f"/knowledge/{draft.id}").json["url"]
    author.environ_base.pop("HTTP_X_CSRF_TOKEN")
    for path in (url, url + "/finish", url + "/cancel", f"/knowledge/{draft.id}/uploads"):
        headers = {**JSON, "Upload-Offset": "0"}
        answer = author.post(path, data=PDF, headers=headers, content_type="application/octet-stream")
        assert answer.status_code == 400
        answer = author.post(path, data=PDF, headers={**headers, "Origin": "https://evil.example"})
        assert answer.status_code == 403
    assert list(storage.pieces()) == []


def test_for_a_session_and_its_note(cast, login_as):
    session = factories.make_session(cast.community)
    note = factories.make_note(session, cast.author)
    address = f"/communities/{cast.community.id}/sessions/{session.id}"
    assert begin(login_as(cast.outsider), address).status_code == 403
    fellow = login_as(cast.fellow)
    url = begin(fellow, address, note=str(note.id)).json["url"]
    assert [row["url"] for row in fellow.get(address + "/uploads").json["uploads"]] == []  # nothing of it came yet
    piece(fellow, url, PDF, 0)
    assert fellow.post(url + "/finish").status_code == 200
    assert (Attachment.get().session, Attachment.get().note) == (session, note)


# ---- the plain form, and what every way of sending has in common ---------------------------------------------------


def test_a_plain_form_may_be_larger_than_one_file(app, author, draft, monkeypatch):
    app.config.update(MAX_CONTENT_LENGTH=2000)

    def send():
        files = [(io.BytesIO(PDF + b"%%%d" % n), f"{n}.pdf") for n in range(3)]
        data = {"files": files}
        return author.post(f"/knowledge/{draft.id}/attachments", data=data, content_type="multipart/form-data")

    assert send().status_code == 303 and Attachment.select().count() == 3
    assert author.post(f"/knowledge/{draft.id}/submit", data={"x": "ก" * 3000}).status_code == 413
    monkeypatch.setattr("kc.web.attachments.AT_ONCE", 0)
    app.config.update(MAX_FORM_MEMORY_SIZE=2000)
    assert send().status_code == 413


def test_the_same_file_is_told_kindly(author, draft):
    def send(name):
        data = {"files": (io.BytesIO(PDF), name)}
        return author.post(f"/knowledge/{draft.id}/attachments", data=data, headers=JSON).json

    assert send("ก.pdf")["notices"] == []
    assert send("ก.pdf")["notices"] == ["มีไฟล์นี้อยู่แล้ว: “ก.pdf” จึงไม่ได้เก็บซ้ำ"]
    assert send("ข.pdf")["notices"] == ["มีไฟล์นี้อยู่แล้วในชื่อ “ก.pdf” จึงไม่ได้เก็บ “ข.pdf” ซ้ำ"]
    assert Attachment.select().count() == 1


def test_files_with_a_password_are_kept_and_told_of(cast, draft):
    locked = PDF.replace(b"trailer<<>>", b"trailer<</Encrypt 5 0 R>>")
    arrival = attachments.take(locked, "ลับ.pdf", by=cast.author, article=draft)
    assert "ตั้งรหัสผ่านไว้" in arrival.notices[0] and Attachment.select().count() == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("น้ำใจ.pdf", "น้ำใจ.pdf"),
        ("นํ้าใจ.pdf", "นํ้าใจ.pdf"),  # written in another order of marks: kept as it came
        ("เที่ยว\u200bทั่ว\u200bไทย 👩‍🌾🇹🇭.pdf", "เที่ยว\u200bทั่ว\u200bไทย 👩‍🌾🇹🇭.pdf"),
        ("C:\\Users\\กมล\\เอกสาร\\งาน.pdf", "งาน.pdf"),
        ("../../งาน.pdf", "งาน.pdf"),
        ("งาน\u202efdp.pdf", "งานfdp.pdf"),
        ("งาน\u2028สอง\x85บรรทัด.pdf", "งานสองบรรทัด.pdf"),
        ("ก" * 81 + ".pdf", "ก" * 81 + ".pdf"),  # 247 bytes, near what a disk allows
        ("กี่" * 83 + "ก่.pdf", "กี่" * 83 + "ก่.pdf"),  # 255 characters
        ("กี่" * 100 + ".pdf", "กี่" * 83 + ".pdf"),
        ("งาน\ud83d.pdf", "งาน?.pdf"),
    ],
)
def test_names_are_kept_exactly(cast, draft, given, kept):
    assert attachments.store(PDF, given, by=cast.author, article=draft).filename == kept


# ---- many at once --------------------------------------------------------------------------------------------------


def test_pages_do_not_wait_behind_files(author, draft, monkeypatch):
    """Three are taken in and one waits; a script beyond that comes again, and nothing it sent in pieces is lost."""
    from kc.web import intake

    url = begin(author, f"/knowledge/{draft.id}").json["url"]
    piece(author, url, PDF, 0)
    monkeypatch.setattr(intake, "_now", {"working": 3, "waiting": 1})
    busy = author.post(url + "/finish", headers=JSON)
    assert busy.status_code == 503 and busy.headers["Retry-After"] == "1"
    data = {"files": (io.BytesIO(PDF), "ก.pdf")}
    assert author.post(f"/knowledge/{draft.id}/attachments", data=data, headers=JSON).status_code == 503
    assert author.get(f"/knowledge/{draft.id}").status_code == 200
    monkeypatch.setattr(intake, "_now", {"working": 0, "waiting": 0})
    assert author.post(url + "/finish", headers=JSON).status_code == 200


def test_a_plain_form_waits_its_turn(app):
    from kc.web import intake

    inside, most = [], []

    def one():
        with intake.taking(patient=True):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 12 and max(most) <= 3 and intake._now == {"working": 0, "waiting": 0}
