"""Asking a virus scanner (clamd) what it thinks of a file, over its own protocol: INSTREAM, a stream of pieces."""

import contextlib
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 60.0  # for one piece taken, and for the verdict on a large document
CHUNK = 128 * 1024
LONGEST_ANSWER = 4096


class Unreachable(Exception):
    """The scanner does not answer; what it would have said is not known."""


class Undecided(Exception):
    """The scanner answers but says nothing about this file (too large for it, for one)."""


def address_of(text: str) -> str | tuple[str, int]:
    """`/run/clamav/clamd.ctl` is a socket in the file system, `host:3310` one of the network; ValueError otherwise."""
    if text.startswith("/"):
        return text
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("must be host:port, or the path of a socket")
    return host.strip("[]"), int(port)


def virus_in(path: Path, address: str) -> str:
    """The name of the virus found in the file at `path`, "" when there is none. Raises Unreachable or Undecided."""
    try:
        with _connected(address) as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\0")
            try:
                while chunk := file.read(CHUNK):
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                line.sendall(struct.pack("!I", 0))
            except OSError:  # it stops listening to what is too large for it, and says so
                return _verdict(_answer(line))
            return _verdict(_answer(line))
    except OSError as why:
        raise Unreachable(str(why)) from None


@contextlib.contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    where = address_of(address)
    if isinstance(where, str):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_SECONDS)
        with line:
            line.connect(where)
            line.settimeout(ANSWER_SECONDS)
            yield line
    else:
        with socket.create_connection(where, CONNECT_SECONDS) as line:
            line.settimeout(ANSWER_SECONDS)
            yield line


def _answer(line: socket.socket) -> str:
    got = b""
    while b"\0" not in got and len(got) < LONGEST_ANSWER and (more := line.recv(1024)):
        got += more
    return got.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> str:
    """`stream: OK`, `stream: Name FOUND`, or anything else, which is no verdict."""
    said = answer.partition(": ")[2]
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    if not answer:
        raise Unreachable("no answer")
    raise Undecided(answer)
