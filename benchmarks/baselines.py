"""What our figures stand beside, measured in the same run: SQLite's own full-text search, bare Flask, a bare commit."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks import documents
from benchmarks.measure import Times, stopwatch, timed

# The best ten with a snippet: what our own search answers too, but without exact totals, facets or permissions.
ASK = (
    "SELECT name, snippet(article, 2, '<mark>', '</mark>', '…', 24) FROM article WHERE article MATCH ? "
    "ORDER BY bm25(article, 0, 4, 1) LIMIT 10"
)


class FullText:
    """SQLite FTS5 with its `trigram` tokenizer, the one that finds Thai words without knowing any."""

    def __init__(self, file: Path) -> None:
        self.db = sqlite3.connect(file)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS article USING fts5(name UNINDEXED, title, body, tokenize='trigram')"
        )

    def fill(self, made: Iterable[dict[str, Any]]) -> float:
        """Index the articles; returns the seconds it took."""
        with stopwatch() as seconds, self.db:
            rows = ((a["id"], a["title"], documents.text_of(a)) for a in made)
            self.db.executemany("INSERT INTO article VALUES (?, ?, ?)", rows)
        return seconds()

    def ask(self, text: str) -> list[str]:
        """Names of the best ten; every word typed must be there. Words under three letters cannot be asked for."""
        words = [f'"{word}"' for word in text.replace('"', "").split() if len(word) >= 3]
        return self._best(" ".join(words))

    def ask_long(self, text: str) -> list[str]:
        """The same for a long question, which no article has word for word: any three letters of it in a row count."""
        words = text.replace('"', "").split()
        pieces = dict.fromkeys(word[n : n + 3] for word in words for n in range(len(word) - 2))
        return self._best(" OR ".join(f'"{piece}"' for piece in pieces))

    def _best(self, wanted: str) -> list[str]:
        return [name for name, _ in self.db.execute(ASK, (wanted,))] if wanted else []


def bare_page(letters: int) -> Times:
    """A Flask that answers a ready string of that size: what no page of ours can be faster than."""
    app, page = Flask("bare"), "ก" * letters
    app.add_url_rule("/", view_func=lambda: page)
    client = app.test_client()
    return timed((lambda: client.get("/").get_data() for _ in range(120)), warm=20)


def bare_commit(folder: Path) -> Times:
    """One row written and committed for good on the same disk: what no saving post of ours can be faster than."""
    db = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    return timed((lambda: db.execute("INSERT INTO note (text) VALUES (?)", ("ก" * 120,)) for _ in range(120)), warm=20)


def bare_start() -> float:
    """Seconds until a Python that has imported Flask and the server is there."""
    with stopwatch() as seconds:
        subprocess.run([sys.executable, "-c", "import flask, waitress"], check=True)
    return seconds()
