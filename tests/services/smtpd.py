"""A mail server for the tests: a real socket that speaks SMTP, with STARTTLS, TLS and AUTH, and refuses on demand."""

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass
class Received:
    sender: str
    to: list[str]
    message: EmailMessage
    encrypted: bool
    user: str

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def html(self) -> str:
        body = self.message.get_body(("html",))
        return str(body.get_content()) if body is not None else ""


class _Talk(socketserver.StreamRequestHandler):
    server: "MailServer"
    encrypted = False
    user = ""

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def setup(self) -> None:
        if self.server.implicit is not None:
            self.request = self.server.implicit.wrap_socket(self.request, server_side=True)
            self.encrypted = True
        super().setup()

    def handle(self) -> None:
        self.server.connections += 1
        self.say(self.server.greeting)
        self.sender, self.to = "", list[str]()
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, f"do_{word.lower()}", None)
            if answer is None:
                self.say("502 what?")
            elif answer(rest) == "end":
                return

    def do_ehlo(self, _rest: str) -> None:
        offers = ["localhost"]
        if self.server.starttls is not None and not self.encrypted:
            offers.append("STARTTLS")
        if self.server.accounts and self.encrypted:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self.say(f"250-{offer}")
        self.say(f"250 {offers[-1]}")

    do_helo = do_ehlo

    def do_starttls(self, _rest: str) -> None:
        assert self.server.starttls is not None
        self.say("220 go ahead")
        self.request = self.server.starttls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        self.encrypted = True

    def do_auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        if self.server.accounts.get(user) != password:
            return self.say("535 wrong")
        self.user = user
        return self.say("235 ok")

    def do_mail(self, rest: str) -> None:
        self.sender, self.to = rest.partition("<")[2].partition(">")[0], []
        self.say("250 ok")

    def do_rcpt(self, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        refusal = self.server.refuses.get(address)
        if refusal:
            return self.say(refusal)
        self.to.append(address)
        return self.say("250 ok")

    def do_data(self, _rest: str) -> str | None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        with self.server.lock:
            self.server.inbox.append(Received(self.sender, self.to, message, self.encrypted, self.user))
            if self.server.hangs_up_after_data > 0:
                self.server.hangs_up_after_data -= 1
                return "end"
        self.say(self.server.answer_to_data)
        return None

    def do_rset(self, _rest: str) -> None:
        self.say("250 ok")

    do_noop = do_rset

    def do_quit(self, _rest: str) -> str:
        self.say("221 bye")
        return "end"

    def finish(self) -> None:
        try:
            super().finish()
            self.request.close()
        except OSError:
            pass


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, starttls: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.starttls, self.implicit = starttls, implicit
        self.lock = threading.Lock()
        self.inbox: list[Received] = []
        self.refuses: dict[str, str] = {}  # address -> answer
        self.accounts: dict[str, str] = {}
        self.greeting, self.answer_to_data = "220 ready", "250 taken"
        self.hangs_up_after_data = 0  # so many times it takes a message and says nothing
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that turns away in the middle (a refused certificate) is part of the tests."""


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
