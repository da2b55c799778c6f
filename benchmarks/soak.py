"""python -m benchmarks.soak [--minutes 10] [--documents 2000] [--seed N]

People search without a pause while one writes, the index is made anew, and `kill -9` falls on any of it at random.
Afterwards nothing may be missing: no search that failed, no saved article that is not found, `kc check` clean.
"""

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import documents, organisation
from benchmarks.serving import Browser, is_up

READERS = 2
MOST_SHOWN = 20


# -- the processes that are killed, or watch: each is `python -m benchmarks.soak --role …`


def read(folder: Path, seed: int) -> None:
    """Search until the file `stop` appears; then print what was counted, and every search that failed."""
    from kc import create_app, db, search

    asked = [question.text for question in documents.questions(120, _articles(folder)) if question.text.strip()]
    chance, counted, faults = random.Random(seed), Counter[str](), []
    with create_app(background=False).app_context(), db.connection():
        while not (folder / "stop").exists():
            text, began = chance.choice(asked), time.perf_counter()
            try:
                search.may_find([], [])  # raises when there is no index, which search itself would silently make
                if search.search(text).unanswered:
                    raise RuntimeError("not answered")
                counted["searches"] += 1
            except Exception as why:
                faults.append(f"search {text!r}: {type(why).__name__}: {why}")
            (folder / f"up-{os.getpid()}").touch()
            took = time.perf_counter() - began
            counted["searches slower than a second"] += took > 1 and counted["searches"] > 1  # the first opens all
    print(json.dumps({"counted": counted, "faults": faults}, ensure_ascii=False))


def write(folder: Path, seed: int) -> None:
    """Publish, edit, withdraw and put back until the file `stop` appears; each step noted before and after."""
    from kc import create_app, db

    with (
        (folder / "notes.jsonl").open("a", encoding="utf-8") as notes,
        create_app(background=False).app_context(),
        db.connection(),
    ):
        writer = _Writer(notes, random.Random(seed), seed)
        while not (folder / "stop").exists():
            writer.step()


class _Writer:
    def __init__(self, notes: Any, chance: random.Random, seed: int) -> None:
        from kc.models import Employee, Topic
        from kc.services import years

        self.notes, self.chance, self.seed, self.count = notes, chance, seed, 0
        self.me = Employee.get(Employee.employee_id == organisation.ME)
        self.year = years.current()
        self.topic = Topic.get(Topic.fiscal_year == self.year)
        self.mine: list[int] = []

    def step(self) -> None:
        """One saved change, of an article of one's own."""
        from kc.models import KnowledgeArticle
        from kc.services import articles, publishing
        from kc.services.article_merge import digests, token

        kind = self.chance.choice(("publish", "publish", "edit", "edit", "retire", "restore"))
        article = KnowledgeArticle.get_by_id(self.chance.choice(self.mine)) if self.mine else None
        if article is None or kind == "publish":
            article = KnowledgeArticle.get_by_id(organisation._draft(self.me, self.year, self.topic))
            self.mine.append(article.id)
            with self._noted("publish", article, organisation.unique_word(article.id), True):
                publishing.publish(self.me, article)
        elif kind == "edit":
            self.count += 1
            word = f"QZW{self.seed:06d}N{self.count:05d}"
            title = f"{article.title.rpartition(' ')[0]} {word}"
            there, now = article.status == "published", articles.current_content(article)
            with self._noted("edit", article, word, there):
                articles.save(self.me, article, {"title": title}, token(article.version, digests(now)))
        elif article.status == "published":
            with self._noted("retire", article, self._word(article), False):
                publishing.retire(self.me, article, "ลองดู")
        elif article.status == "retired":
            with self._noted("restore", article, self._word(article), True):
                publishing.restore(self.me, article)

    def _word(self, article: Any) -> str:
        return str(article.title.rpartition(" ")[2])

    def _noted(self, step: str, article: Any, word: str, there: bool) -> "_Noted":
        return _Noted(self.notes, {"step": step, "id": article.id, "word": word, "there": there})


@dataclass
class _Noted:
    """Notes a step before it is begun and after it was acknowledged, so that one cut off is known to be open."""

    notes: Any
    what: dict[str, Any]

    def __enter__(self) -> None:
        self._note("begun")

    def __exit__(self, kind: Any, why: Any, _trace: Any) -> None:
        self._note("failed" if kind else "saved", {"why": f"{kind.__name__}: {why}"} if kind else {})

    def _note(self, state: str, more: dict[str, str] | None = None) -> None:
        self.notes.write(json.dumps(self.what | {"state": state} | (more or {}), ensure_ascii=False) + "\n")
        self.notes.flush()


# -- who starts and kills them


@dataclass
class Soak:
    """One run: its folder, its processes, what was counted and what went wrong."""

    folder: Path
    chance: random.Random
    counted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    port: int = 0

    def start(self, name: str) -> None:
        """Start, or start again: server, writer, rebuild, reader1 …"""
        seed = str(self.chance.randrange(10**6))
        role = name.rstrip("0123456789")
        command = {
            "server": ["-m", "kc", "serve", "--port", str(self.port)],
            "rebuild": ["-m", "kc", "reindex"],
        }.get(role, ["-m", "benchmarks.soak", "--role", role, "--folder", str(self.folder), "--seed", seed])
        with (self.folder / f"{name}.log").open("ab") as log, (self.folder / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen([sys.executable, *command], stdout=out, stderr=log)
        self.counted[f"{role} started"] += 1

    def kill(self, name: str) -> None:
        process = self.running.pop(name, None)
        if process is not None and process.poll() is None:
            process.kill()
            self.counted[f"{name} killed"] += 1
        if process is not None:
            process.wait(30)

    def look_after(self) -> None:
        """What ended by itself: a rebuild may, when it succeeded; nothing else may."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            del self.running[name]
            if name == "rebuild" and process.returncode == 0:
                self.counted["rebuilds completed"] += 1
                continue
            self.faults.append(f"{name} ended with {process.returncode}: {self._last_words(name)}")
            if name != "rebuild":
                self.start(name)

    def _last_words(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").strip()[-300:]

    def wait_until_up(self, patience: float = 120) -> None:
        """The server answers, the writer wrote, the readers read: opening the dictionary is no part of the soak."""
        until = time.monotonic() + patience
        while not (
            is_up(self.port)
            and (self.folder / "notes.jsonl").exists()
            and len(list(self.folder.glob("up-*"))) >= READERS
        ):
            self.look_after()
            if time.monotonic() > until:
                raise RuntimeError("not everybody came up")
            time.sleep(0.1)

    def make_trouble(self, until: float, pause: float) -> None:
        """Kill what is there at random moments and start it again at once."""
        next_rebuild = time.monotonic() + pause
        while time.monotonic() < until:
            time.sleep(min(self.chance.uniform(0.05, 2 * pause), max(until - time.monotonic(), 0)))
            self.look_after()
            if "rebuild" not in self.running and time.monotonic() > next_rebuild:
                self.start("rebuild")
                next_rebuild = time.monotonic() + self.chance.uniform(pause, 6 * pause)
            elif time.monotonic() < until:
                name = self.chance.choice(["server", "server", "writer", "writer", "rebuild"])
                if name in self.running:
                    self.kill(name)
                    self.start(name)

    def ask_server(self) -> None:
        """A person at the server until the file `stop` appears: a lost connection is no answer, any answer is 200.

        503 says that there is no index: never true here, for a rebuild lets the one before answer, so it is a fault.
        """
        asked = ["/api/v1/search?" + urlencode({"q": q.text}) for q in documents.questions(60, _articles(self.folder))]
        browser = None
        while not (self.folder / "stop").exists():
            try:
                browser = browser or Browser(self.port)
                answer = json.loads(browser.ask(self.chance.choice(asked)))  # RuntimeError when it is not 200
                self.counted["searches over HTTP"] += 1
                if not isinstance(answer["total"], int):
                    self.faults.append("over HTTP: an answer without a total")
            except (OSError, http.client.HTTPException):
                browser = None  # the server was killed, or is starting
                time.sleep(0.05)
            except (RuntimeError, ValueError, TypeError) as why:
                self.faults.append(f"over HTTP: {why}")

    def end(self) -> None:
        """Let everybody finish what they are doing."""
        (self.folder / "stop").touch()
        for name, process in self.running.items():
            if name == "server":
                process.terminate()
            try:
                code = process.wait(300)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait(30)
                self.faults.append(f"{name} hung")
            if code and name != "server":
                self.faults.append(f"{name} ended with {code}: {self._last_words(name)}")

    def collect(self) -> None:
        """What readers counted, and errors that were logged rather than shown."""
        for file in sorted(self.folder.glob("reader*.out")):
            for line in file.read_text(encoding="utf-8").splitlines():
                told = json.loads(line)
                self.counted.update(told["counted"])
                self.faults += told["faults"]
        for name in ("server", "writer", *(f"reader{n}" for n in range(1, READERS + 1))):
            log = self.folder / f"{name}.log"
            errors = log.read_text(encoding="utf-8", errors="replace").count("Traceback") if log.exists() else 0
            if errors:
                self.faults.append(f"{name} logged {errors} errors, the last: {self._last_words(name)}")


# -- what must be true afterwards


@dataclass
class Expected:
    """What the notes say of one article: the states it may be in, (word, whether it is found)."""

    may_be: list[tuple[str, bool]]
    old: set[str] = field(default_factory=set)


def expected(notes: Iterator[dict[str, Any]]) -> dict[int, Expected]:
    """The last acknowledged state of each article; one step cut off since then may have happened or not."""
    known: dict[int, Expected] = {}
    for note in notes:
        state = (note["word"], note["there"])
        one = known.setdefault(note["id"], Expected([("", False)]))
        if note["state"] == "saved":
            one.old |= {word for word, _ in one.may_be if word and word != note["word"]}
            one.may_be = [state]
        elif note["state"] == "begun" and state not in one.may_be:
            one.may_be.append(state)
    return known


def lost(known: dict[int, Expected]) -> Iterator[str]:
    """Articles that search does not show as they were saved. Needs a connection."""
    from kc import search

    search.catch_up()

    def finds(number: int, word: str) -> bool:
        found = search.search(f'"{word}"', exactly=True)
        there = any(hit.kind == "knowledge" and hit.id == number for hit in found.hits)
        return there and not (found.alike or found.unquoted)

    for number, one in known.items():
        words = {word for word, _ in one.may_be if word} | one.old
        there = {word for word in words if finds(number, word)}
        if there not in [{word} if is_there else set() for word, is_there in one.may_be]:
            yield f"article {number}: found by {sorted(there)}, saved as {one.may_be}"


def _articles(folder: Path) -> list[dict[str, Any]]:
    with (folder / "articles.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _notes(folder: Path) -> Iterator[dict[str, Any]]:
    file = folder / "notes.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        try:
            yield json.loads(line)
        except ValueError:
            continue  # cut off while it was written


def judge(soak: Soak) -> None:
    """Add what is wrong afterwards to the faults."""
    from kc import create_app, db

    notes = list(_notes(soak.folder))
    soak.counted["saves acknowledged"] = sum(note["state"] == "saved" for note in notes)
    soak.faults += [f"{n['step']} of article {n['id']}: {n['why']}" for n in notes if n["state"] == "failed"]
    known = expected(iter(notes))
    soak.counted["articles written"] = len(known)
    with create_app(background=False).app_context(), db.connection():
        soak.faults += lost(known)
    checked = subprocess.run([sys.executable, "-m", "kc", "check"], capture_output=True, text=True)
    if checked.returncode:
        soak.faults.append(f"kc check: {(checked.stdout + checked.stderr).strip()[:600]}")


def _prepared(folder: Path, count: int) -> None:
    from kc import create_app, db
    from kc.models import Employee
    from kc.services import passwords

    place = organisation.Place(folder, [], {"documents": count})
    organisation.enter(place)
    organisation.furnish(place)
    organisation.kc("import-knowledge", str(folder / "articles.jsonl"))
    with create_app(background=False).app_context(), db.connection():
        secret = passwords.hash_password(organisation.PASSWORD)
        Employee.update(password_hash=secret).where(Employee.employee_id == organisation.ME).execute()


def run(minutes: float, count: int, seed: int) -> Soak:
    """The whole of it, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="kc-soak-", ignore_cleanup_errors=True) as root:
        soak = Soak(Path(root), random.Random(seed), port=_free_port())
        _prepared(soak.folder, count)
        person = threading.Thread(target=soak.ask_server)
        try:
            for name in ("server", "writer", *(f"reader{n}" for n in range(1, READERS + 1))):
                soak.start(name)
            person.start()
            soak.wait_until_up()
            soak.make_trouble(time.monotonic() + 60 * minutes, pause=min(4.0, 12 * minutes))
        finally:
            soak.end()
            if person.ident:
                person.join(120)
        soak.collect()
        judge(soak)
        return soak


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description="Search under fire.")
    parser.add_argument("--minutes", type=float, default=10, help="how long [default: 10]")
    parser.add_argument("--documents", type=int, default=2000, help="articles to begin with [default: 2000]")
    parser.add_argument("--seed", type=int, default=documents.SEED, help="of what happens when")
    parser.add_argument("--role", choices=("reader", "writer"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.role:
        {"reader": read, "writer": write}[asked.role](asked.folder, asked.seed)
        return 0
    soak = run(asked.minutes, asked.documents, asked.seed)
    for name, number in sorted(soak.counted.items()):
        print(f"{number:>10,}  {name}")
    for fault in soak.faults[:MOST_SHOWN]:
        print(f"FAULT: {fault}")
    print(f"{len(soak.faults)} faults in {asked.minutes:g} minutes (seed {asked.seed})")
    return 1 if soak.faults else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    sys.exit(main())
