"""The virus scanner: what it says of a file, and what becomes of files while it says nothing."""

import socket

import pytest

from kc import clamd, storage
from kc.errors import DomainError
from kc.models import Attachment, AuditEntry, KnowledgeArticle
from kc.services import attachments, quarantine, virus_scan
from tests import factories
from tests.services.clamd import BAD, Scanner, UnixScanner, running

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def draft(cast):
    return factories.make_article("เรื่องมีไฟล์", cast.author, community=cast.community, unit=cast.branch)


@pytest.fixture
def nobody_there():
    """An address at which no scanner listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture(autouse=True)
def off_afterwards():
    yield
    virus_scan.configure("")


def test_the_whole_file_goes_to_the_scanner(tmp_path):
    file = tmp_path / "ก"
    file.write_bytes(bytes(range(256)) * 2000)
    with running(Scanner()) as scanner:
        assert clamd.virus_in(file, scanner.address) == ""
        file.write_bytes(b"a" * 200_000 + BAD)
        assert clamd.virus_in(file, scanner.address) == "Eicar-Test-Signature"
    assert scanner.seen[0] == bytes(range(256)) * 2000


def test_by_a_socket_of_the_file_system(tmp_path):
    with running(UnixScanner(str(tmp_path / "ctl"))) as scanner:
        assert clamd.virus_in(_file(tmp_path, BAD), scanner.address) == "Eicar-Test-Signature"


def _file(folder, data):
    (folder / "file").write_bytes(data)
    return folder / "file"


def test_no_answer_and_no_verdict_are_told_apart(tmp_path, nobody_there):
    with pytest.raises(clamd.Unreachable):
        clamd.virus_in(_file(tmp_path, b"x"), nobody_there)
    with pytest.raises(clamd.Unreachable):
        clamd.virus_in(_file(tmp_path, b"x"), str(tmp_path / "nothing"))
    with running(Scanner(most=10)) as scanner, pytest.raises((clamd.Undecided, clamd.Unreachable)):
        clamd.virus_in(_file(tmp_path, b"x" * 400), scanner.address)


def test_a_scanner_that_hangs_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(clamd, "ANSWER_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(clamd.Unreachable):
        clamd.virus_in(_file(tmp_path, b"x"), f"127.0.0.1:{mute.getsockname()[1]}")


@pytest.mark.parametrize("address", ["here", "host:", ":3310", "host:99999", "host:abc"])
def test_addresses_that_are_none(address):
    with pytest.raises(ValueError, match="host:port"):
        clamd.address_of(address)


def test_an_infected_file_is_refused_and_leaves_a_line(cast, draft):
    with running(Scanner()) as scanner:
        virus_scan.configure(scanner.address)
        with pytest.raises(DomainError, match="“ร้าย.txt” มีไวรัส \\(Eicar-Test-Signature\\)"):
            attachments.store(BAD, "ร้าย.txt", by=cast.author, article=draft)
        assert attachments.take(PDF, "ดี.pdf", by=cast.author, article=draft).notices == ()
    assert [row.filename for row in Attachment.select()] == ["ดี.pdf"] and len(list(storage.kept())) == 1
    assert "Eicar" in AuditEntry.get(AuditEntry.action == "attachment.infected").details


def test_files_wait_while_the_scanner_is_silent_and_nobody_opens_them(cast, login_as, draft, nobody_there):
    KnowledgeArticle.update(status="published").execute()
    virus_scan.configure(nobody_there)
    arrival = attachments.take(PDF, "รอ.pdf", by=cast.coordinator, article=draft)
    assert "รอตรวจไวรัส" in arrival.notices[0]
    for person, status in ((cast.coordinator, 422), (cast.officer, 422), (cast.author, 404), (cast.outsider, 404)):
        assert login_as(person).get(f"/attachments/{arrival.row.id}").status_code == status
    shown = login_as(cast.coordinator).get(f"/knowledge/{draft.id}").text
    assert "รอ.pdf" in shown and "รอตรวจไวรัส" in shown and f'href="/attachments/{arrival.row.id}"' not in shown
    assert "รอ.pdf" not in login_as(cast.outsider).get(f"/knowledge/{draft.id}").text
    edited = login_as(cast.officer).get(f"/knowledge/{draft.id}/edit").text
    assert "รอ.pdf" in edited and f'href="/attachments/{arrival.row.id}"' not in edited


def test_pictures_that_wait_are_shown_nowhere(cast, login_as, draft, nobody_there):
    from tests.web.test_attachments import picture

    virus_scan.configure(nobody_there)
    row = attachments.store(picture(), "ภาพ.png", by=cast.author, article=draft)
    for address in ("", "/picture", "/picture/480", "/thumbnail"):
        assert login_as(cast.author).get(f"/attachments/{row.id}{address}").status_code == 422
        assert login_as(cast.outsider).get(f"/attachments/{row.id}{address}").status_code == 404


def test_what_waits_is_not_found_until_it_is_let_out(cast, draft, nobody_there, monkeypatch):
    heard = []
    monkeypatch.setattr("kc.search.queue", lambda kind, row_id: heard.append((kind, row_id)))
    KnowledgeArticle.update(status="published").execute()
    draft.status = "published"
    virus_scan.configure(nobody_there)
    row = attachments.store(PDF, "รอ.pdf", by=cast.author, article=draft)
    assert heard == [] and quarantine.try_again() == 0
    with running(Scanner()) as scanner:
        virus_scan.configure(scanner.address)
        assert quarantine.try_again() == 1 and quarantine.try_again() == 0
    assert Attachment.get_by_id(row.id).scan == "" and ("attachment", row.id) in heard


def test_what_turns_out_bad_goes_and_its_sender_learns_why(cast, login_as, draft, nobody_there):
    virus_scan.configure(nobody_there)
    row = attachments.store(BAD, "ร้าย.txt", by=cast.author, article=draft)
    with running(Scanner()) as scanner:
        virus_scan.configure(scanner.address)
        assert quarantine.try_again() == 1
    assert Attachment.get_by_id(row.id).scan == "infected" and list(storage.kept()) == []
    assert AuditEntry.select().where(AuditEntry.action == "attachment.infected").count() == 1
    client = login_as(cast.author)
    assert "พบไวรัส" in client.get(f"/knowledge/{draft.id}/edit").text
    assert "มีไวรัส" in client.get(f"/attachments/{row.id}").text
    assert attachments.missing() == [] and attachments.unused() == []
    assert client.post(f"/attachments/{row.id}/delete").status_code == 303
    attachments.store(b"clean", "ดี.txt", by=cast.author, article=draft)


def test_without_a_scanner_nothing_is_let_out(cast, draft, nobody_there):
    virus_scan.configure(nobody_there)
    row = attachments.store(PDF, "รอ.pdf", by=cast.author, article=draft)
    virus_scan.configure("")
    quarantine.now_and_then()
    assert Attachment.get_by_id(row.id).scan == "waiting"


def test_a_silent_scanner_is_not_asked_at_every_file(cast, draft, nobody_there, monkeypatch):
    asked = []
    monkeypatch.setattr(clamd, "virus_in", lambda *_: asked.append(1) or (_ for _ in ()).throw(clamd.Unreachable()))
    virus_scan.configure(nobody_there)
    for n in range(5):
        attachments.store(PDF + b"%%%d" % n, f"{n}.pdf", by=cast.author, article=draft)
    assert len(asked) == 1
