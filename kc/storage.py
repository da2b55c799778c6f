"""Bytes of attached files, each kept once under the hash of what it holds: attachments/aa/aa….

A file is complete on the disk before a row names it: written aside, flushed, then renamed. A name that a person gave is
data for the database and never becomes a path here.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 256 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(r"[0-9a-f]{48}")
LEAST_FREE = 200 * 1024 * 1024  # on the disk, for the database and the index
YOUNG = 3600  # seconds in which a file without a row may belong to a save that is still going on

_root = Path("var")


class TooLarge(Exception):
    """More bytes came than may; nothing was kept."""


@dataclass
class Staged:
    """A file that has arrived whole but is not kept yet."""

    path: Path
    size: int
    sha256: str


def configure(data_dir: Path) -> None:
    """Keep files below `data_dir`; nothing is created until the first one comes."""
    global _root
    _root = Path(data_dir)


def folder() -> Path:
    return _root / "attachments"


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash are, or would be; ValueError when it is no hash."""
    return _place(folder(), sha256)


def thumbnail_of(sha256: str) -> Path:
    """Where the small picture made from those bytes is, or would be; it can always be made again."""
    return _place(_root / "thumbnails", sha256)


def picture_of(sha256: str, width: int) -> Path:
    """Where the picture made from those bytes for this width is, or would be; it can always be made again."""
    small = thumbnail_of(sha256)
    return small.with_name(f"{small.name}-{width}")


def page_of(sha256: str, number: int, width: int) -> Path:
    """Where the picture of a page of that file is, or would be; it can always be made again."""
    small = thumbnail_of(sha256)
    return small.with_name(f"{small.name}-page-{number}-{width}")


def pages_kept() -> Iterator[Path]:
    """All pictures of pages that are here."""
    yield from (_root / "thumbnails").glob("[0-9a-f][0-9a-f]/*-page-*")


def _place(top: Path, sha256: str) -> Path:
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a sha256")
    return top / sha256[:2] / sha256


@contextmanager
def stage(stream: BinaryIO, max_bytes: int) -> Iterator[Staged]:
    """Write `stream` aside, hashing and counting; TooLarge beyond `max_bytes`. Not kept in the block: gone."""
    aside = folder() / "incoming"
    aside.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = aside / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise TooLarge
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        yield Staged(path, size, digest.hexdigest())
    finally:
        path.unlink(missing_ok=True)


def keep(staged: Staged) -> str:
    """Give a staged file its lasting place and return its hash. The same bytes twice are one file."""
    place = path_of(staged.sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(staged.path, place)  # over an older copy too: it is young again, see remove()
    os.utime(place)
    _sync(place.parent)
    return staged.sha256


def _sync(directory: Path) -> None:
    """A rename survives a power cut only when its folder was written, too."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_young(sha256: str) -> bool:
    """Was this file kept so lately that its row may only be on its way?"""
    try:
        return time.time() - path_of(sha256).stat().st_mtime < YOUNG
    except FileNotFoundError:
        return False


def remove(sha256: str) -> None:
    """Take the bytes and the smaller pictures away. The caller knows that no row names them."""
    path_of(sha256).unlink(missing_ok=True)
    small = thumbnail_of(sha256)
    small.unlink(missing_ok=True)
    for other in small.parent.glob(f"{sha256}-*"):
        other.unlink(missing_ok=True)


def kept() -> Iterator[str]:
    """Hashes of all files that are here."""
    for path in folder().glob("[0-9a-f][0-9a-f]/*"):
        if SHA256.fullmatch(path.name):
            yield path.name


def matches(sha256: str) -> bool:
    """Do the bytes still have the hash they are kept under?"""
    digest = hashlib.sha256()
    try:
        with path_of(sha256).open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == sha256


def has_room_for(size: int) -> bool:
    """Would the disk still have room for the database and the index after `size` more bytes?"""
    top = _root if _root.exists() else Path.cwd()
    return shutil.disk_usage(top).free - size > LEAST_FREE


# ---- files that come in pieces -------------------------------------------------------------------------------------


def new_key() -> str:
    """A name for a file on its way that nobody can guess."""
    return secrets.token_hex(24)


def piece_of(key: str) -> Path:
    """Where what has come so far is; ValueError when it is no key of ours."""
    if not KEY.fullmatch(key):
        raise ValueError("not a key")
    return _root / "uploads" / key


def arrived(key: str) -> int:
    """How many bytes are safely here."""
    try:
        return piece_of(key).stat().st_size
    except FileNotFoundError:
        return 0


def append(key: str, stream: BinaryIO, most: int) -> int:
    """Add what `stream` brings, at most `most` bytes, and return how much is here then.

    A stream that breaks off leaves what came before: the next piece begins there. TooLarge when it brings more.
    """
    place = piece_of(key)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.open("ab") as out:
        try:
            while chunk := stream.read(min(CHUNK, most + 1)):
                if len(chunk) > most:
                    raise TooLarge
                out.write(chunk)
                most -= len(chunk)
        finally:
            out.flush()
            os.fsync(out.fileno())
    return arrived(key)


def drop(key: str) -> None:
    """Take the pieces of a file away."""
    piece_of(key).unlink(missing_ok=True)


def leftovers() -> Iterator[Path]:
    """What a process that was killed left behind: files that were set aside an hour ago or longer."""
    for path in (folder() / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > YOUNG:
                yield path


def pieces() -> Iterator[str]:
    """Keys of all files on their way."""
    for path in (_root / "uploads").glob("*"):
        if KEY.fullmatch(path.name):
            yield path.name
