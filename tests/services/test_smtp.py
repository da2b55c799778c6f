"""Handing messages to a mail server: encrypted as asked, signed in, and whose fault it is when it fails."""

import shutil
import socket
import ssl
import subprocess
from email.message import EmailMessage

import pytest

from kc import smtp
from tests.services.smtpd import MailServer, running


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "เรื่องใหม่"
    message["From"], message["To"] = "km@bank.example", "kamon@bank.example"
    message.set_content("สวัสดี\n.จุดนำหน้าบรรทัด\n", cte="base64")
    return message


def send(server: smtp.Server, to: str = "kamon@bank.example") -> None:
    with smtp.line_to(server) as line:
        line.hand_over(a_message(), "km@bank.example", to)


def plain(server: MailServer, **other: object) -> smtp.Server:
    return smtp.Server(**{"host": "127.0.0.1", "port": server.port, "security": "none"} | other)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that vouches for itself, as internal mail servers have."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    wanted = ["-days", "2", "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(new + wanted, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, str(cert)


def test_a_thai_message_arrives_as_it_was_written():
    with running(MailServer()) as server:
        send(plain(server))
    (came,) = server.inbox
    assert (came.sender, came.to) == ("km@bank.example", ["kamon@bank.example"])
    assert came.message["Subject"] == "เรื่องใหม่" and came.text == "สวัสดี\n.จุดนำหน้าบรรทัด\n" and not came.encrypted


def test_starttls_with_an_account(certificate):
    context, ca = certificate
    with running(MailServer(starttls=context)) as server:
        server.accounts["km"] = "secret"
        there = plain(server, host="localhost", security="starttls", user="km", ca_file=ca)
        send(smtp.Server(**{**vars(there), "password": "secret"}))
        assert (server.inbox[0].encrypted, server.inbox[0].user) == (True, "km")
        with pytest.raises(smtp.Unreachable, match="535"):
            send(smtp.Server(**{**vars(there), "password": "wrong"}))


def test_tls_from_the_first_byte(certificate):
    context, ca = certificate
    with running(MailServer(implicit=context)) as server:
        send(plain(server, host="localhost", security="tls", ca_file=ca))
    assert server.inbox[0].encrypted


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused(certificate, security):
    context, _ca = certificate
    made = MailServer(starttls=context) if security == "starttls" else MailServer(implicit=context)
    with running(made) as server, pytest.raises(smtp.Unreachable, match="(?i)certificate"):
        send(plain(server, host="localhost", security=security))
    assert server.inbox == []


def test_never_in_the_clear_by_accident():
    with running(MailServer()) as server, pytest.raises(smtp.Unreachable, match="STARTTLS"):
        send(plain(server, security="starttls"))
    assert server.inbox == []


def test_a_server_that_is_not_there_or_busy_is_nobodys_fault():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(smtp.Unreachable):
            send(smtp.Server("127.0.0.1", probe.getsockname()[1], "none"))
    with running(MailServer()) as server:
        server.greeting = "421 too busy"
        with pytest.raises(smtp.Unreachable, match="421 too busy"):
            send(plain(server))


def test_refusals_for_now_and_for_good_are_told_apart():
    with running(MailServer()) as server:
        server.refuses |= {"gone@bank.example": "550 no such person", "full@bank.example": "452 mailbox full"}
        with pytest.raises(smtp.Refused, match="550 no such person") as gone:
            send(plain(server), "gone@bank.example")
        with pytest.raises(smtp.Refused, match="452") as full:
            send(plain(server), "full@bank.example")
    assert gone.value.permanent and not full.value.permanent and not full.value.lost


def test_a_line_that_breaks_before_the_answer_is_told():
    with running(MailServer()) as server:
        server.hangs_up_after_data = 1
        with pytest.raises(smtp.Refused) as broke:
            send(plain(server))
    assert broke.value.lost and not broke.value.permanent


@pytest.mark.parametrize("text", ["km@bank.example", "คลังความรู้ <km@bank.example>", "km+a@mail"])
def test_addresses(text):
    assert smtp.address_of(text)[1] in text


@pytest.mark.parametrize(
    "text", ["", "km", "km@", "@bank", "a@b@c", "สมศรี@bank.example", "a@b\r\nBcc: x@y", "a b@c", "a@b,c@d"]
)
def test_no_addresses(text):
    with pytest.raises(ValueError, match="e-mail address"):
        smtp.address_of(text)
