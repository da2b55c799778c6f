"""Search from a terminal, and care for the index."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from kc.cli.context import with_app
from kc.cli.knowledge import FILE, progress_bar


@click.command()
@click.argument("text", required=False)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="Most hits.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--exact", is_flag=True, help="Search for exactly what was typed, slips and all.")
@click.option("--batch", type=FILE, help='Questions, one {"id", "text"} a line; needs --out.')
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the answers to --batch go.")
@with_app
def search(text: str | None, limit: int, as_json: bool, exact: bool, batch: Path | None, out: Path | None) -> None:
    """Search for TEXT: the same engine, order and filters (such as ปี:2569 or year:2569) as the search page.

    --batch answers with published knowledge only, by its external ids.
    """
    if batch is not None:
        if out is None or text is not None:
            raise click.UsageError("--batch goes with --out and without TEXT")
        return _answer_all(batch, out, limit)
    if text is None:
        raise click.UsageError("say what to search for, or give --batch")
    results, notices = _find(text, limit, exactly=exact)
    for notice in notices:
        click.echo(notice, err=True)
    if as_json:
        click.echo(json.dumps(_as_dict(text, results), ensure_ascii=False, indent=1))
        return
    if results.unanswered:
        raise click.ClickException(_why_not(results))
    if results.corrected:
        click.echo(f"searched for: {results.corrected} (--exact for what was typed)")
    click.echo(f"{results.total} hits, {results.took_ms:.1f} ms")
    for hit in results.hits:
        click.echo(f"{hit.score:8.2f}  {hit.kind}:{hit.id}  {hit.external_id}  {hit.title}")
        click.echo(f"          {hit.snippet.striptags()}")


def _find(text: str, limit: int, only: str | None = None, exactly: bool = False) -> tuple[Any, list[str]]:
    """Results, and what of the filters among the words was not understood."""
    from kc import search as engine
    from kc.services import search_filters

    question = search_filters.ask(text, {"in": only} if only else None)
    results = engine.search(question.words, viewer=None, filters=question.filters, per_page=limit, exactly=exactly)
    return results, question.notices


def _why_not(results: Any) -> str:
    if results.failed:
        return "searching failed: the log says why; kc reindex makes the index anew"
    return "search is being prepared: try again in a moment, or run kc reindex"


def _as_dict(text: str, results: Any) -> dict[str, Any]:
    return {
        "query": text,
        "total": results.total,
        "took_ms": round(results.took_ms, 2),
        "corrected": results.corrected,
        "results": [
            {
                "kind": hit.kind,
                "id": hit.id,
                "external_id": hit.external_id,
                "title": hit.title,
                "snippet": str(hit.snippet),
                "score": round(hit.score, 4),
            }
            for hit in results.hits
        ],
    }


def _answer_all(batch: Path, out: Path, limit: int) -> None:
    questions = list(_questions(batch))
    if questions:
        _find(questions[0][1], limit, "knowledge")  # opening index and dictionary is not part of any answer's time
    with out.open("w", encoding="utf-8") as answers:
        for number, text in questions:
            results, _notices = _find(text, limit, "knowledge")
            if results.unanswered:
                raise click.ClickException(_why_not(results))
            ids = [hit.external_id or str(hit.id) for hit in results.hits]
            answer = {"query": number, "ids": ids, "total": results.total, "ms": round(results.took_ms, 3)}
            answers.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _questions(batch: Path) -> Iterator[tuple[str, str]]:
    with batch.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                question = json.loads(line)
                yield question["id"], str(question["text"])
            except (ValueError, KeyError, TypeError):
                raise click.ClickException(f'{batch}, line {number}: not an object with "id" and "text"') from None


@click.command()
@click.option("--if-needed", is_flag=True, help="Only when the index is missing, broken or of another version.")
@click.option("--changed", is_flag=True, help="Repair what differs from the database instead of building anew.")
@with_app
def reindex(if_needed: bool, changed: bool) -> None:
    """Build the search index beside the live one and swap it in; people go on searching meanwhile."""
    from kc import search as engine

    if if_needed and changed:
        raise click.UsageError("--if-needed and --changed exclude one another")
    if changed:
        found = engine.repair()
        click.echo(f"repaired: {len(found.missing)} missing, {len(found.outdated)} outdated, {len(found.extra)} extra")
    elif if_needed:
        with _index_bar() as bar:
            built = engine.rebuild_if_needed(bar.update)
        click.echo("search index: rebuilt" if built else "search index: up to date")
    else:
        with _index_bar() as bar:
            count = engine.rebuild(bar.update)
        click.echo(f"search index: {count} documents")


def _index_bar() -> Any:
    from kc.search import sources

    length = sum(1 for _ in sources.everything()) if sys.stderr.isatty() else 0
    return progress_bar(length, "Indexing")


@click.command()
@with_app
def check() -> None:
    """Check the database itself, files against rows, and the index against rows; fails when anything differs."""
    faults = [*_database_faults(), *_file_faults(), *_index_faults()]
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException(f"{len(faults)} differences")
    click.echo("database, files and search index agree")


def _database_faults() -> Iterator[str]:
    import peewee

    from kc import db

    for name in db.pending_migrations():
        yield f"database: migration {name} has not been run (kc migrate)"
    if not isinstance(db.db.obj, peewee.SqliteDatabase):
        return
    for (line,) in db.db.execute_sql("PRAGMA integrity_check").fetchall():
        if line != "ok":
            yield f"database: {line}"
    for table, row, parent, _ in db.db.execute_sql("PRAGMA foreign_key_check").fetchall():
        yield f"database: {table} row {row} refers to a missing {parent}"


def _file_faults() -> Iterator[str]:
    from kc.services import attachments

    for row in attachments.missing():
        yield f"files: attachment {row.id} ({row.filename}) is not on the disk"
    for sha256 in attachments.unused():
        yield f"files: {sha256} belongs to no attachment"


def _index_faults() -> Iterator[str]:
    from kc import search as engine

    engine.catch_up()
    state = engine.status()
    if not state["ok"]:
        yield f"search index: {state['reason']}"
        return
    if state["waiting"]:
        yield f"search index: {state['waiting']} changes wait"
    found = engine.differences()
    for what, keys in (("is missing", found.missing), ("is outdated", found.outdated), ("has no row", found.extra)):
        for key in keys:
            yield f"search index: {key} {what} (kc reindex --changed)"


COMMANDS = [search, reindex, check]
