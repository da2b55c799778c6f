"""A virus scanner for the tests: a real socket that speaks clamd's protocol and knows one bad word."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BAD = b"X5O!P%@AP-NOT-REALLY-A-VIRUS"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
            if len(data) > self.server.most:  # type: ignore[attr-defined]
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(data)  # type: ignore[attr-defined]
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if BAD in data else b"stream: OK\0")


class Scanner(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int] = ("127.0.0.1", 0), most: int = 10**8) -> None:
        super().__init__(address, _Talk)
        self.most, self.seen = most, list[bytes]()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class UnixScanner(Scanner):
    import socket

    address_family = socket.AF_UNIX

    @property
    def address(self) -> str:
        return str(self.server_address)


@contextmanager
def running(scanner: Scanner) -> Iterator[Scanner]:
    thread = threading.Thread(target=scanner.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield scanner
    finally:
        scanner.shutdown()
        scanner.server_close()
        thread.join()
