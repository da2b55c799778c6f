"""The measuring of uploads, small: what it sends arrives, and what is lost it would see."""

from benchmarks import uploads
from benchmarks.organisation import ME, PASSWORD
from kc import storage
from kc.models import Attachment
from kc.services import passwords
from tests import factories
from tests.browser.live import live

__all__ = ["live"]


def test_everything_it_sends_is_there_and_it_would_see_what_is_not(app, cast, live):
    me = factories.make_employee("ทดสอบ ความเร็ว", unit=cast.branch, employee_id=ME)
    me.password_hash = passwords.hash_password(PASSWORD)
    me.save()
    drafts = [factories.make_article(f"ร่าง {n}", me, unit=cast.branch) for n in range(3)]
    files = [*uploads.make(5), uploads.File("ใหญ่.pdf", b"%PDF-1.7\n" + bytes(3 * 1024 * 1024) + b"%%EOF\n")]
    live.start()
    server = uploads.Server(live.process, live.port, 0)
    paths = ["/", f"/knowledge/{drafts[0].id}"]
    found = uploads.measure(server, "together", [d.id for d in drafts], files, 3, paths)
    assert found.files == len(found.each) == 6 and found.pages and "6 files" in found.line()
    assert uploads.lost(files, [d.id for d in drafts]) == []
    row = Attachment.get(Attachment.filename == "ใหญ่.pdf")
    storage.path_of(row.sha256).write_bytes(b"less")
    assert uploads.lost(files, [d.id for d in drafts]) == ["ใหญ่.pdf is damaged on the disk"]
    row.delete_instance()
    assert "ใหญ่.pdf is lost" in uploads.lost(files, [d.id for d in drafts])
