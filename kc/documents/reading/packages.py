"""Office documents as what they are: zip archives of XML. Opened with suspicion: sizes first, no DTD, no entity."""

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree

from kc.documents.reading.model import Limits, Refused

MAX_MEMBERS = 20_000
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200  # text packs 10 to 40 to 1; a bomb a thousand to one
SMALL_ENOUGH = 32 * 1024 * 1024  # … and whatever unpacks to less than this harms nobody
PIECE = 64 * 1024


class Package:
    """An archive whose parts are read within a budget, together and each."""

    def __init__(self, file: Path, limits: Limits) -> None:
        try:
            self.archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as why:
            raise Refused("damaged") from why
        self.left = limits.unpacked_mb * 1024 * 1024
        members = self.archive.infolist()
        unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members) or 1
        dense = any(m.file_size > SMALL_ENOUGH and m.file_size > MAX_RATIO * (m.compress_size or 1) for m in members)
        if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or dense:
            raise Refused("bomb")
        if unpacked > SMALL_ENOUGH and unpacked > MAX_RATIO * packed:
            raise Refused("bomb")
        if any(m.flag_bits & 0x1 for m in members):
            raise Refused("encrypted")
        self.names = {name.lower(): name for name in self.archive.namelist()}  # parts' names know no case

    def has(self, part: str) -> bool:
        return part.lstrip("/").lower() in self.names

    def open(self, part: str) -> "_Counted":
        try:
            return _Counted(self, self.archive.open(self.names[part.lstrip("/").lower()]))
        except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as why:
            raise Refused("damaged") from why

    def matching(self, pattern: str) -> list[str]:
        """Parts whose whole name matches, numbers in their order: header2 before header10."""
        found = [name for name in self.names.values() if re.fullmatch(pattern, name, re.I)]
        return sorted(found, key=lambda name: [int(n) if n.isdigit() else n for n in re.split(r"(\d+)", name)])

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """id -> (last word of the relation's type, part it leads to) of what a part refers to inside the archive."""
        folder, name = posixpath.split(part.lstrip("/"))
        relations = posixpath.join(folder, "_rels", name + ".rels")
        found: dict[str, tuple[str, str]] = {}
        if self.has(relations):
            for event, name, given in events(self, relations):
                if event == "start" and name == "Relationship" and given.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/" + folder, given.get("Target", "")))
                    found[given.get("Id", "")] = (given.get("Type", "").rsplit("/", 1)[-1], target.lstrip("/"))
        return found

    def main_part(self, usual: str) -> str:
        """The document itself, wherever the archive keeps it."""
        targets = (target for kind, target in self.related("").values() if kind == "officeDocument")
        found = next(targets, usual)
        if not self.has(found):
            raise Refused("damaged")
        return found


class _Counted:
    """A part being read a piece at a time, counted against the package's budget."""

    def __init__(self, package: Package, member: IO[bytes]) -> None:
        self._package, self._member = package, member

    def read(self) -> bytes:
        data = self._member.read(PIECE)
        self._package.left -= len(data)
        if self._package.left < 0:
            raise Refused("too_big")
        return data

    def __enter__(self) -> "_Counted":
        return self

    def __exit__(self, *_why: object) -> None:
        self._member.close()


Event = tuple[str, str, Any]


class _Events:
    """What the parser tells as it goes: no tree is built, so a part of any length takes no memory."""

    def __init__(self) -> None:
        self.told: list[Event] = []

    def start(self, tag: str, attributes: Any) -> None:
        values = {_plain(key): value for key, value in attributes.items()} if attributes else {}
        self.told.append(("start", tag.rpartition("}")[2], values))

    def end(self, tag: str) -> None:
        self.told.append(("end", tag.rpartition("}")[2], None))

    def data(self, text: str) -> None:
        self.told.append(("text", text, None))

    def doctype(self, *_of: object) -> None:
        raise Refused("bomb")

    def close(self) -> None:
        return None


def _plain(key: str) -> str:
    """A name without its namespace, but for relations: r:id is not id."""
    space, _brace, name = key.rpartition("}")
    return "r:" + name if space.endswith("/relationships") else name


def events(package: Package, part: str) -> Iterator[Event]:
    """("start", name, attributes), ("text", text, None), ("end", name, None) through a part; names without namespaces.

    Raises Refused: "bomb" for any DTD (no office program writes one), "damaged" for what is no XML.
    """
    target = _Events()
    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        with package.open(part) as stream:
            while data := stream.read():
                if b"<!DOCTYPE" in data:
                    raise Refused("bomb")
                parser.feed(data)
                told, target.told = target.told, []
                yield from told
            parser.close()
        yield from target.told
    except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as why:
        raise Refused("damaged") from why
    except (EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as why:
        raise Refused("damaged") from why
