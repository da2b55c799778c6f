"""python -m benchmarks.uploads [--files 500] [--at-once 20] [--json FILE]

Mixed files sent to the real server one after another, then by many people at once, while somebody else reads pages.
Nothing may be lost, and a page may take 50 ms at the median. Exit code 1 when that is not kept.
"""

import argparse
import hashlib
import io
import json
import multiprocessing
import random
import secrets
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks import organisation
from benchmarks.measure import percentile, resident_mb
from benchmarks.serving import Browser, Server, serving

PAGE_MEDIAN_MS = 50.0
PIECES_FROM = 1024 * 1024  # as the page's own script
EACH = 150  # files of one draft, at most
READER_PAUSE = 0.05
MIX = ("pdf", "photo", "docx", "picture", "pdf", "txt", "xlsx", "picture", "pdf", "screen", "docx", "csv")


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


@dataclass
class Round:
    """What one way of sending came to. Times in milliseconds."""

    name: str
    files: int
    megabytes: float
    seconds: float
    each: list[float]
    pages: list[float]

    def line(self) -> str:
        rate = f"{self.files / self.seconds:5.1f} files/s {self.megabytes / self.seconds:6.1f} MB/s"
        sent = f"file p50 {median(self.each):6.0f} p95 {percentile(self.each, 95):6.0f} ms"
        read = f"page p50 {median(self.pages):5.1f} p95 {percentile(self.pages, 95):6.1f} ms ({len(self.pages)} pages)"
        return f"{self.name:<22} {self.files:4d} files {rate}   {sent}   {read}"


# ---- what is sent --------------------------------------------------------------------------------------------------


def make(number: int) -> list[File]:
    """Files as an office has them, no two alike; one in fifty large enough to go in pieces."""
    chance = random.Random(2569)
    files = [_file(MIX[n % len(MIX)], n, chance) for n in range(number)]
    for n in range(25, number, 50):
        files[n] = File(f"เล่มรายงาน {n}.pdf", _pdf(chance, 6 * 1024 * 1024))
    return files


def _file(kind: str, n: int, chance: random.Random) -> File:
    if kind == "pdf":
        return File(f"บันทึกประชุม {n}.pdf", _pdf(chance, chance.randrange(40_000, 400_000)))
    if kind in ("docx", "xlsx"):
        return File(f"สรุปงาน {n}.{kind}", _office(kind, chance))
    if kind in ("txt", "csv"):
        return File(f"รายชื่อ {n}.{kind}", f"ลำดับ {n}\n".encode() + ("ก,ข,ค\n" * chance.randrange(50, 5000)).encode())
    size, form = {"photo": ((4000, 3000), "JPEG"), "picture": ((1600, 1200), "JPEG"), "screen": ((1280, 720), "PNG")}[
        kind
    ]
    return File(f"ภาพ {n}.{'png' if form == 'PNG' else 'jpg'}", _picture(size, form, n))


def _pdf(chance: random.Random, size: int) -> bytes:
    return b"%PDF-1.7\n" + chance.randbytes(size) + b"\ntrailer<<>>\n%%EOF\n"


def _office(kind: str, chance: random.Random) -> bytes:
    main = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"}[kind]
    part = f"application/vnd.openxmlformats-officedocument.{main}.main+xml"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override PartName="/x" ContentType="{part}"/></Types>')
        archive.writestr("x/media/image.bin", chance.randbytes(chance.randrange(20_000, 200_000)))
    return out.getvalue()


def _picture(size: tuple[int, int], form: str, n: int) -> bytes:
    """A soft sky with something of its own in it: packs as a photograph does."""
    from PIL import Image, ImageDraw

    sky = Image.effect_noise((size[0] // 8, size[1] // 8), 40).resize(size).convert("RGB")
    ImageDraw.Draw(sky).text((20, 20), f"{n} {secrets.token_hex(4)}", fill="white")
    out = io.BytesIO()
    sky.save(out, form, **({"quality": 85} if form == "JPEG" else {}))
    return out.getvalue()


# ---- sending and reading -------------------------------------------------------------------------------------------


class Sender(Browser):
    """Somebody who attaches files to one draft, as the page's script does."""

    def __init__(self, port: int, draft: int) -> None:
        super().__init__(port)
        self.address = f"/knowledge/{draft}"
        page = self.ask(f"{self.address}/edit").decode()
        self.token = page.partition('name="csrf-token" content="')[2].partition('"')[0]

    def post(self, path: str, body: bytes, kind: str, **headers: str) -> tuple[int, dict[str, Any]]:
        sent = {"Cookie": self.cookie, "X-CSRF-Token": self.token, "Accept": "application/json", "Content-Type": kind}
        while True:
            self.connection.request("POST", path, body, sent | headers)
            answer = self.connection.getresponse()
            said = answer.read()
            if answer.status != 503:
                return answer.status, json.loads(said or b"{}")
            time.sleep(1 + 2 * random.random())  # too many at once: the page's script comes again, too

    def form(self, path: str, fields: dict[str, str], file: File | None = None) -> tuple[int, dict[str, Any]]:
        mark = secrets.token_hex(16)
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        body = "".join(parts).encode()
        if file is not None:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"\r\n'
            body += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + file.data + b"\r\n"
        return self.post(path, body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")

    def send(self, file: File) -> float:
        """Milliseconds until the server had taken it; RuntimeError when it had not."""
        began = time.perf_counter()
        status, said = self._pieces(file) if len(file.data) > PIECES_FROM else self._whole(file)
        if status != 200 or said["notices"]:
            raise RuntimeError(f"{file.name}: {status} {said}")
        return (time.perf_counter() - began) * 1000

    def _whole(self, file: File) -> tuple[int, dict[str, Any]]:
        return self.form(f"{self.address}/attachments", {}, file)

    def _pieces(self, file: File) -> tuple[int, dict[str, Any]]:
        _, begun = self.form(f"{self.address}/uploads", {"name": file.name, "size": str(len(file.data))})
        at, kind = begun["offset"], "application/octet-stream"
        while at < len(file.data):
            part = file.data[at : at + begun["piece"]]
            at = self.post(begun["url"], part, kind, **{"Upload-Offset": str(at)})[1]["offset"]
        return self.post(begun["url"] + "/finish", b"", kind)


def read_pages(port: int, paths: list[str], ready: Event, stop: Event, out: Any) -> None:
    """Somebody who reads, in a process of their own: one page after another, with a breath between."""
    browser, times = Browser(port), []
    for path in paths:
        browser.ask(path)
    ready.set()
    while not (stop.is_set() and times):
        for path in paths:
            began = time.perf_counter()
            browser.ask(path)
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(READER_PAUSE)
    out.put(times)


@contextmanager
def reading(server: Server, paths: list[str]) -> Iterator[list[float]]:
    """Pages are read within the block; their times stand in the list after it."""
    context = multiprocessing.get_context("spawn")
    ready, stop, out, times = context.Event(), context.Event(), context.Queue(), list[float]()
    reader = context.Process(target=read_pages, args=(server.port, paths, ready, stop, out), daemon=True)
    reader.start()
    ready.wait(120)
    try:
        yield times
    finally:
        stop.set()
        times += out.get(timeout=60)
        reader.join(60)


def measure(server: Server, name: str, drafts: list[int], files: list[File], at_once: int, paths: list[str]) -> Round:
    """Send all files, `at_once` people each to a draft of their own."""
    senders = [Sender(server.port, draft) for draft in drafts]
    shares = [files[n :: len(senders)] for n in range(len(senders))]
    with reading(server, paths) as pages, ThreadPoolExecutor(at_once) as pool:
        began = time.perf_counter()
        each = [ms for took in pool.map(_send_all, senders, shares) for ms in took]
        seconds = time.perf_counter() - began
    return Round(name, len(each), sum(len(f.data) for f in files) / 1e6, seconds, each, pages)


def _send_all(sender: Sender, files: list[File]) -> list[float]:
    try:
        return [sender.send(file) for file in files]
    finally:
        sender.connection.close()


# ---- the place, and what is there afterwards -----------------------------------------------------------------------


def lost(files: list[File], drafts: list[int]) -> list[str]:
    """What was sent and is not there, byte for byte (pictures are written anew: there, and whole)."""
    from kc import storage
    from kc.models import Attachment

    rows = list(Attachment.select().where(Attachment.article.in_(drafts)))
    by_name: dict[str, list[str]] = {}
    for row in rows:
        by_name.setdefault(row.filename, []).append(row.sha256)
    faults = [f"{row.filename} is damaged on the disk" for row in rows if not storage.matches(row.sha256)]
    for file in files:
        there = by_name.get(file.name, [])
        is_picture = file.name.endswith((".jpg", ".png"))
        if not there or not (is_picture or hashlib.sha256(file.data).hexdigest() in there):
            faults.append(f"{file.name} is lost")
    return faults if len(rows) == len(files) else [*faults, f"{len(files)} were sent, {len(rows)} are there"]


def run(number: int, at_once: int, folder: Path) -> dict[str, Any]:
    """Both rounds in an organisation of its own; what they came to."""
    import os

    place = organisation.Place(folder, [], {"documents": 300})
    organisation.enter(place)
    os.environ["KC_UPLOAD_MAX_FILES"], os.environ["KC_UPLOAD_TOTAL_MB"] = "200", "2000"
    organisation.furnish(place)
    organisation.kc("import-knowledge", str(folder / "articles.jsonl"))
    from kc import create_app, db

    app = create_app()
    alone = max(1, -(-number // EACH))
    with app.app_context(), db.connection():
        things = organisation.inhabit(drafts=alone + at_once)
    files = make(number)
    paths = ["/", "/knowledge/", f"/knowledge/{things.articles[0]}", f"/communities/{things.communities[0]}"]
    paths.append("/search?" + urlencode({"q": "ลูกค้า"}))
    one_by_one, together = things.drafts[:alone], things.drafts[alone:]
    with serving() as server:
        before = resident_mb(server.process.pid)
        rounds = [
            measure(server, "one after another", one_by_one, files, 1, paths),
            measure(server, f"{at_once} at once", together, files, at_once, paths),
        ]
        after = resident_mb(server.process.pid)
    with app.app_context(), db.connection():
        faults = lost(files, one_by_one) + lost(files, together)
    return {"rounds": rounds, "lost": faults, "memory": (before, after)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description=__doc__)
    parser.add_argument("--files", type=int, default=500, help="files of each round [default: 500]")
    parser.add_argument("--at-once", type=int, default=20, help="people in the second round [default: 20]")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kc-bench-", ignore_cleanup_errors=True) as folder:
        found = run(asked.files, asked.at_once, Path(folder))
    for each in found["rounds"]:
        print(each.line())
    before, after = found["memory"]
    print(f"server memory: {before:.0f} MB before, {after:.0f} MB after; lost: {len(found['lost'])}")
    print(*found["lost"][:20], sep="\n", end="\n" if found["lost"] else "")
    if asked.json:
        facts = {r.name: {"files_s": r.files / r.seconds, "page_p50": median(r.pages)} for r in found["rounds"]}
        asked.json.write_text(json.dumps(facts | {"lost": found["lost"]}, ensure_ascii=False, indent=1))
    slow = any(median(each.pages) > PAGE_MEDIAN_MS for each in found["rounds"])
    return 1 if found["lost"] or slow else 0


if __name__ == "__main__":
    sys.exit(main())
