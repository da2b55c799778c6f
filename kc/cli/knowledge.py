"""Bring knowledge in from another system."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from kc.cli.context import with_app

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-knowledge")
@click.argument("file", type=FILE)
@click.option("--attachments", "attachments_dir", type=FOLDER, help="Folder that the attachments' paths start from.")
@click.option("--status", type=click.Choice(["published", "draft"]), default="published", show_default=True)
@with_app
def import_knowledge(file: Path, attachments_dir: Path | None, status: str) -> None:
    """Import FILE, one JSON object a line. Repeating it updates by id; one bad line and nothing is imported."""
    from kc import search
    from kc.models import SearchOutbox
    from kc.services import knowledge_import

    started = time.perf_counter()
    total = knowledge_import.count_lines(file)
    with progress_bar(total, "Writing") as bar:
        report = knowledge_import.import_file(file, attachments_dir=attachments_dir, status=status, progress=bar.update)
    waiting = SearchOutbox.select().count()
    with progress_bar(waiting, "Indexing") as bar:
        search.catch_up(bar.update)
    seconds = time.perf_counter() - started
    click.echo(
        f"{report.total} documents ({report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.files} files) in {seconds:.1f} s: {report.total / seconds:.0f} documents/s"
    )
    if SearchOutbox.select().count():
        raise click.ClickException("everything is saved, but the search index is not complete: run kc reindex")


def progress_bar(length: int, label: str) -> Any:
    """A bar on a terminal, nothing elsewhere."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


COMMANDS = [import_knowledge]
