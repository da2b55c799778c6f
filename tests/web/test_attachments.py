"""Files going up and coming down: what is taken, what is refused and how it is said, and that nothing runs here."""

import io
import zipfile
from urllib.parse import quote

import pytest
from PIL import Image

from kc import clock, storage
from kc.errors import DomainError
from kc.models import Attachment, AttachmentDownload, KnowledgeArticle, SearchOutbox
from kc.services import attachments
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(form="PNG", size=(40, 30), exif=None) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#114a43").save(out, form, **({"exif": exif} if exif else {}))
    return out.getvalue()


def office(main="wordprocessingml.document.main+xml", extra=None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = f"application/vnd.openxmlformats-officedocument.{main}"
        archive.writestr("[Content_Types].xml", f'<Types><Override PartName="/x" ContentType="{kind}"/></Types>')
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def draft(cast):
    return factories.make_article("เรื่องมีไฟล์", cast.author, community=cast.community, unit=cast.branch)


def send(client, article, *files, headers=None, **fields):
    posted = fields | {"files": [(io.BytesIO(data), name) for data, name in files]}
    return client.post(
        f"/knowledge/{article.id}/attachments", data=posted, headers=headers, content_type="multipart/form-data"
    )


JSON = {"Accept": "application/json"}


def fetch(client, address, **kwargs):
    """GET that reads the answer to its end and lets the file go."""
    return client.get(address, buffered=True, **kwargs)


# ---- going up ------------------------------------------------------------------------------------------------------


def test_several_files_with_thai_names(cast, login_as, draft):
    """Files come along, and the two required kinds are known by their names (S0-173, S0-174, S0-175)."""
    answer = send(
        login_as(cast.author),
        draft,
        (PDF, "แบบฟอร์มแลกเปลี่ยนเรียนรู้ฯ สาขาบ้านนา (ปี ๒๕๖๙).pdf"),
        (office("presentationml.presentation.main+xml"), "ชวนลูกค้าออม.pptx"),
        (picture("JPEG"), "วันประชุม.jpg"),
        ("ก,ข\n๑,๒".encode("cp874"), "ตาราง.csv"),
    )
    assert answer.status_code == 303
    rows = {row.filename: row for row in Attachment.select()}
    assert {name: row.kind for name, row in rows.items()} == {
        "แบบฟอร์มแลกเปลี่ยนเรียนรู้ฯ สาขาบ้านนา (ปี ๒๕๖๙).pdf": "exchange_form",
        "ชวนลูกค้าออม.pptx": "summary",
        "วันประชุม.jpg": "picture",
        "ตาราง.csv": "other",
    }
    for row in rows.values():
        assert storage.matches(row.sha256) and storage.path_of(row.sha256).stat().st_size == row.size


def test_good_files_are_kept_whatever_becomes_of_the_others(cast, login_as, draft):
    client = login_as(cast.author)
    page = fetch(client, send(client, draft, (PDF, "ดี.pdf"), (b"", "ว่าง.pdf"), (b"MZ\x90", "เกม.exe")).location).text
    assert [row.filename for row in Attachment.select()] == ["ดี.pdf"]
    assert "“ว่าง.pdf” เป็นไฟล์ว่าง" in page and "“เกม.exe” เป็นชนิดที่แนบไม่ได้" in page and "แนบแล้ว 1 ไฟล์" in page


def test_answers_scripts_in_json(cast, login_as, draft):
    client = login_as(cast.author)
    good = send(client, draft, (PDF, "ก.pdf"), headers=JSON)
    assert good.status_code == 200 and good.json["files"][0]["name"] == "ก.pdf"
    bad = send(client, draft, (b"<svg onload=alert(1)>", "รูป.svg"), headers=JSON)
    assert bad.status_code == 422 and "รูป.svg" in bad.json["error"]
    nothing = client.post(f"/knowledge/{draft.id}/attachments", data={}, headers=JSON)
    assert nothing.status_code == 422 and nothing.json["error"] == "โปรดเลือกไฟล์ก่อน"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"<html><script>1</script>", "หน้า.html", "เป็นชนิดที่แนบไม่ได้"),
        (b"<html><script>1</script>", "หน้า.txt", "เป็นชนิดที่แนบไม่ได้"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "หน้า.csv", "เป็นชนิดที่แนบไม่ได้"),
        (b"\x7fELF\x02\x01", "โปรแกรม", "เป็นชนิดที่แนบไม่ได้"),
        (b"MZ\x00\x01", "เอกสาร.pdf", "เป็นชนิดที่แนบไม่ได้"),
        (b"MZ\x00\x01", "ข้อความ.txt", "ไม่ใช่ไฟล์ข้อความจริง"),
        (PDF[:-8], "ขาด.pdf", "มาไม่ครบ"),
        (PDF, "รายงาน.docx", "ลงท้ายด้วย .docx แต่ข้างในเป็น PDF"),
        (office(), "รายงาน.pdf", "แต่ข้างในเป็นเอกสาร Word"),
        (office()[:-30], "ขาด.docx", "เสียหรือมาไม่ครบ"),
        (office(extra={"word/vbaProject.bin": "x"}), "มาโคร.docx", "มีมาโคร"),
        (office("presentationml.nothing"), "แปลก.pptx", "เป็นไฟล์บีบอัด (ZIP)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "เก่า.ppt", "บันทึกเป็น .pptx"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "IMG_1.HEIC", "เป็นรูป HEIC"),
        (b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00\x00\x00\x00\x00mdat", "คลิป.mp4", "วิดีโอที่มาไม่ครบ"),
        (picture()[:60], "ขาด.png", "รูปที่เสียหรือมาไม่ครบ"),
        (b"\x89PNG\r\n\x1a\n<script>", "ปลอม.png", "รูปที่เสียหรือมาไม่ครบ"),
    ],
)
def test_refusals_name_the_file_and_the_reason(cast, login_as, draft, data, name, sentence):
    answer = send(login_as(cast.author), draft, (data, name), headers=JSON)
    assert answer.status_code == 422, answer.json
    assert f"“{name}”" in answer.json["error"] and sentence in answer.json["error"]
    assert Attachment.select().count() == 0 and list(storage.kept()) == []
    assert list((storage.folder() / "incoming").glob("*")) == []


def test_bombs_are_seen_without_unpacking(cast, login_as, draft):
    bomb = office(extra={"word/document.xml": bytes(64 * 1024 * 1024)})
    answer = send(login_as(cast.author), draft, (bomb, "ระเบิด.docx"), headers=JSON)
    assert "ใหญ่ผิดปกติ" in answer.json["error"]
    wide = picture("PNG", (9000, 9000))
    answer = send(login_as(cast.author), draft, (wide, "กว้าง.png"), headers=JSON)
    assert "ล้านพิกเซล" in answer.json["error"]


def test_a_picture_gets_the_ending_it_deserves(cast, login_as, draft):
    send(login_as(cast.author), draft, (picture("JPEG"), "ถ่ายเอง.png"), (PDF, "ไม่มีนามสกุล"))
    assert sorted(row.filename for row in Attachment.select()) == ["ถ่ายเอง.jpg", "ไม่มีนามสกุล.pdf"]


def test_pictures_lose_place_and_camera_and_fit_the_page(cast, login_as, draft):
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned by a quarter
    send(login_as(cast.author), draft, (picture("JPEG", (3000, 1000), exif), "หน้างาน.jpg"))
    data = storage.path_of(Attachment.get().sha256).read_bytes()
    assert b"SecretCamera" not in data
    with Image.open(io.BytesIO(data)) as kept:
        assert kept.size == (800, 2400) and not kept.getexif()


def test_too_large_and_too_many(cast, login_as, draft):
    attachments.configure(storage.folder().parent, max_mb=1, max_files=2)
    client = login_as(cast.author)
    with pytest.raises(DomainError, match="“ใหญ่.pdf” ใหญ่เกิน 1 MB"):
        attachments.store(PDF[:-7] + bytes(1024 * 1024) + b"%%EOF\n", "ใหญ่.pdf", by=cast.author, article=draft)
    assert list(storage.kept()) == []
    for n in range(2):
        assert send(client, draft, (PDF + b"%%%d" % n, f"{n}.pdf"), headers=JSON).status_code == 200
    third = send(client, draft, (PDF + b"%3", "3.pdf"), headers=JSON)
    assert "ไม่เกิน 2 ไฟล์" in third.json["error"]
    assert len(list(storage.kept())) >= 2 and Attachment.select().count() == 2


def test_the_page_says_the_limits_first(cast, login_as, draft):
    assert "ไฟล์ละไม่เกิน 50 MB" in fetch(login_as(cast.author), f"/knowledge/{draft.id}/edit").text


def test_same_bytes_are_kept_once(cast, login_as, draft):
    client = login_as(cast.author)
    other = factories.make_article("อีกเรื่อง", cast.author)
    send(client, draft, (PDF, "ก.pdf"))
    send(client, draft, (PDF, "ก.pdf"))  # a double click
    send(client, other, (PDF, "ข.pdf"))
    assert Attachment.select().count() == 2 and len(list(storage.kept())) == 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "..\\..\\x.pdf", "/etc/ก.pdf", "a\x00b.pdf", "\u202eexe.pdf", ".pdf"]
)
def test_names_never_become_paths(cast, login_as, draft, name):
    row = attachments.store(PDF, name, by=cast.author, article=draft)
    assert "/" not in row.filename and "\\" not in row.filename and "\x00" not in row.filename
    assert "\u202e" not in row.filename and row.filename.endswith(".pdf")
    inside = [p for p in storage.folder().rglob("*") if p.is_file()]
    assert inside == [storage.path_of(row.sha256)]


def test_a_very_long_thai_name_keeps_its_ending(cast, draft):
    row = attachments.store(PDF, "รู้" * 200 + ".pdf", by=cast.author, article=draft)
    assert row.filename.endswith(".pdf") and len(row.filename) <= 255


# ---- who may -------------------------------------------------------------------------------------------------------


def test_who_may_send_up(cast, login_as, draft, client):
    assert send(client, draft, (PDF, "ก.pdf")).status_code == 401
    assert send(login_as(cast.outsider), draft, (PDF, "ก.pdf")).status_code == 404
    assert send(login_as(cast.fellow), draft, (PDF, "ก.pdf")).status_code == 303
    KnowledgeArticle.update(status="published").execute()
    assert send(login_as(cast.outsider), draft, (PDF, "ข.pdf")).status_code == 403
    assert send(login_as(cast.author), draft, (PDF, "ข.pdf")).status_code == 403
    assert send(login_as(cast.coordinator), draft, (PDF, "ข.pdf")).status_code == 303


def test_files_of_drafts_are_hidden(cast, login_as, draft):
    row = attachments.store(picture(), "ลับ.png", by=cast.author, article=draft)
    outsider = login_as(cast.outsider)
    for address in ("", "/picture", "/thumbnail"):
        assert fetch(outsider, f"/attachments/{row.id}{address}").status_code == 404
    for action in ("edit", "delete"):
        assert outsider.post(f"/attachments/{row.id}/{action}").status_code == 404
    assert fetch(outsider, "/attachments/999").status_code == 404
    KnowledgeArticle.update(status="published").execute()
    assert fetch(outsider, f"/attachments/{row.id}").status_code == 200
    for action in ("edit", "delete"):
        assert outsider.post(f"/attachments/{row.id}/{action}").status_code == 403
        assert fetch(outsider, f"/attachments/{row.id}/{action}").status_code == 405


def test_files_need_sign_in(client, cast, draft):
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    assert fetch(client, f"/attachments/{row.id}").status_code == 303


def test_session_files_are_for_its_people(cast, login_as):
    session = factories.make_session(cast.community)
    note = factories.make_note(session, cast.author)
    address = f"/communities/{cast.community.id}/sessions/{session.id}/attachments"
    posted = {"files": (io.BytesIO(picture("JPEG")), "กระดาน.jpg"), "note": str(note.id)}
    answer = login_as(cast.fellow).post(address, data=posted, content_type="multipart/form-data")
    assert answer.status_code == 303
    row = Attachment.get()
    assert (row.session, row.note, row.kind) == (session, note, "picture")
    assert fetch(login_as(cast.author), f"/attachments/{row.id}").status_code == 200
    assert fetch(login_as(cast.outsider), f"/attachments/{row.id}").status_code == 404
    assert login_as(cast.outsider).post(address, data={}).status_code == 403


# ---- coming down ---------------------------------------------------------------------------------------------------


def test_thai_names_come_back_exactly(cast, login_as, draft):
    name = "สรุปองค์ความรู้ “น้ำใจ” ปี ๒๕๖๙.docx"
    row = attachments.store(office(), name, by=cast.author, article=draft)
    answer = fetch(login_as(cast.author), f"/attachments/{row.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''" + quote(name, safe="!#$&+-.^_`|~") in answer.headers["Content-Disposition"]
    assert answer.data == office()


@pytest.mark.parametrize(
    ("data", "name", "in_place"),
    [
        (PDF, "ก.pdf", True),
        (picture(), "ก.png", True),
        ("สวัสดี <b>".encode(), "ก.txt", False),
        (b"a,<script>", "ก.csv", False),
        (office(), "ก.docx", False),
    ],
)
def test_nothing_is_served_as_a_page(cast, login_as, draft, data, name, in_place):
    row = attachments.store(data, name, by=cast.author, article=draft)
    answer = fetch(login_as(cast.author), f"/attachments/{row.id}")
    assert answer.mimetype not in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert ("sandbox" in answer.headers["Content-Security-Policy"]) is (name != "ก.pdf")
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("inline" if in_place else "attachment")
    forced = fetch(login_as(cast.author), f"/attachments/{row.id}?download")
    assert forced.headers["Content-Disposition"].startswith("attachment")
    assert "public" not in answer.headers["Cache-Control"]


def test_a_row_with_a_dangerous_type_is_sent_as_plain_bytes(cast, login_as, draft):
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    Attachment.update(content_type="text/html").execute()
    answer = fetch(login_as(cast.author), f"/attachments/{row.id}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_parts_of_a_file(cast, login_as, draft):
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    client = login_as(cast.author)
    assert fetch(client, f"/attachments/{row.id}", headers={"Range": "bytes=0-3"}).data == b"%PDF"
    tag = fetch(client, f"/attachments/{row.id}").headers["ETag"]
    assert fetch(client, f"/attachments/{row.id}", headers={"If-None-Match": tag}).status_code == 304


def test_thumbnails_are_small_and_made_again(cast, login_as, draft):
    row = attachments.store(picture("JPEG", (2000, 1500)), "ก.jpg", by=cast.author, article=draft)
    client = login_as(cast.author)
    for _n in range(2):
        answer = fetch(client, f"/attachments/{row.id}/thumbnail")
        assert answer.mimetype == "image/webp" and len(answer.data) < 20_000
        storage.thumbnail_of(row.sha256).unlink()
    text = attachments.store("ก".encode(), "ก.txt", by=cast.author, article=draft)
    assert fetch(client, f"/attachments/{text.id}/thumbnail").status_code == 404
    assert fetch(client, f"/attachments/{text.id}/picture").status_code == 404


def test_bytes_that_are_gone_are_404(cast, login_as, draft):
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    storage.path_of(row.sha256).unlink()
    assert fetch(login_as(cast.author), f"/attachments/{row.id}").status_code == 404
    assert attachments.missing() == [row]


def test_downloads_are_counted_honestly(cast, login_as, draft):
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    reader = login_as(cast.outsider)
    KnowledgeArticle.update(status="published").execute()
    fetch(login_as(cast.author), f"/attachments/{row.id}")
    reader.head(f"/attachments/{row.id}", buffered=True)
    fetch(reader, f"/attachments/{row.id}", headers={"Sec-Purpose": "prefetch"})
    assert Attachment.get_by_id(row.id).download_count == 0
    with clock.freeze(clock.today()) as now:
        fetch(reader, f"/attachments/{row.id}")
        fetch(reader, f"/attachments/{row.id}?download")
        now.advance(days=1)
        fetch(reader, f"/attachments/{row.id}")
    assert Attachment.get_by_id(row.id).download_count == 2
    assert KnowledgeArticle.get_by_id(draft.id).download_count == 2
    assert AttachmentDownload.select().count() == 2


# ---- describing and taking away ------------------------------------------------------------------------------------


def test_describe(cast, login_as, draft):
    row = attachments.store(picture(), "ก.png", by=cast.author, article=draft)
    client = login_as(cast.author)
    answer = client.post(f"/attachments/{row.id}/edit", data={"kind": "other", "alt_text": "ลูกค้าเขียนใบนัด"})
    assert answer.status_code == 303
    assert (Attachment.get().kind, Attachment.get().alt_text) == ("other", "ลูกค้าเขียนใบนัด")
    assert client.post(f"/attachments/{row.id}/edit", data={"kind": "virus"}).status_code == 422


def test_remove_takes_the_bytes_only_when_nobody_needs_them(cast, login_as, draft, monkeypatch):
    monkeypatch.setattr(storage, "YOUNG", -1)
    other = factories.make_article("อีกเรื่อง", cast.author)
    first = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    second = attachments.store(PDF, "ก.pdf", by=cast.author, article=other)
    client = login_as(cast.author)
    assert client.post(f"/attachments/{first.id}/delete").status_code == 303
    assert fetch(client, f"/attachments/{second.id}").status_code == 200
    client.post(f"/attachments/{second.id}/delete")
    assert list(storage.kept()) == []


def test_bytes_without_a_row_are_swept_when_they_are_old(cast, draft, monkeypatch):
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    attachments.remove(cast.author, row)
    assert attachments.unused() == []  # young: another process may be writing its row
    monkeypatch.setattr(storage, "YOUNG", -1)
    assert attachments.unused() == [row.sha256] and attachments.sweep() == 1
    assert list(storage.kept()) == []


def test_the_index_hears_of_files_of_published_articles(cast, draft, monkeypatch):
    heard = []
    monkeypatch.setattr("kc.search.queue", lambda kind, row_id: heard.append((kind, row_id)))
    row = attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    assert heard == []
    draft.status = "published"
    draft.save()
    row = attachments.store(PDF + b"%2", "ข.pdf", by=cast.author, article=draft)
    attachments.remove(cast.author, Attachment.get_by_id(row.id))
    assert heard == [("knowledge", draft.id), ("attachment", row.id)] * 2
    assert SearchOutbox.select().count() == 0
