"""Bring a whole old repository in: a folder tree and a list of what is what."""

import sys
import time
from pathlib import Path

import click

from kc.cli.context import with_app
from kc.cli.knowledge import FILE, FOLDER, progress_bar

SHOWN = 50


@click.command("import-folder")
@click.argument("folder", type=FOLDER)
@click.option(
    "--list", "listing", type=FILE, required=True, help="XLSX or CSV: file or folder, title, topic, unit, year …"
)
@click.option("--status", type=click.Choice(["published", "draft"]), default="published", show_default=True)
@click.option("--new-topics", is_flag=True, help="Open topics that the list names and the year does not have.")
@click.option(
    "--name",
    default="",
    help="What this repository is called, if others call their files the same.  [default: the folder's name]",
)
@click.option("--dry-run", is_flag=True, help="Check the list and the files' names only; write nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the report goes, .xlsx or .csv.  [default: beside the list]",
)
@with_app
def import_folder(
    folder: Path, listing: Path, status: str, new_topics: bool, name: str, dry_run: bool, report: Path | None
) -> None:
    """Bring in the files below FOLDER that a list names, a row a piece of knowledge, with the files attached.

    Filled exchange forms land in their five parts; other documents' text comes in as one part. Safe to repeat and to
    interrupt: rows that are here already are skipped. A bad row is reported with its number, the rest goes on.
    """
    from kc import search
    from kc.models import SearchOutbox
    from kc.services import folder_import, folder_report

    started = time.perf_counter()
    with progress_bar(0, "Reading") as bar:
        result = folder_import.import_folder(
            folder,
            listing,
            status=status,
            new_topics=new_topics,
            dry_run=dry_run,
            name=name,
            progress=bar.update,
            counted=lambda rows: setattr(bar, "length", rows),
        )
    if not dry_run:
        with progress_bar(SearchOutbox.select().count(), "Indexing") as bar:
            search.catch_up(bar.update)
    _tell(result, dry_run, time.perf_counter() - started)
    where = report or listing.with_name(f"{listing.stem}-report.xlsx")
    try:
        folder_report.write_report(result, where)
        click.echo(f"Report: {where}")
    except OSError as why:
        raise click.ClickException(f"the report could not be written: {why}") from None
    if not dry_run and SearchOutbox.select().count():
        raise click.ClickException("everything is saved, but the search index is not complete: run kc reindex")
    if result.count(folder_report.FAULT):
        sys.exit(1)


def _tell(result: object, dry_run: bool, seconds: float) -> None:
    from kc.services import folder_report

    assert isinstance(result, folder_report.Result)
    counts = {state: result.count(state) for state in ("done", "updated", "skipped", "fault")}
    done = "can be taken" if dry_run else "done"
    click.echo(
        f"{len(result.outcomes)} rows: {counts['done']} {done}, {counts['updated']} updated, "
        f"{counts['skipped']} skipped, {counts['fault']} faults in {seconds:.1f} s"
    )
    told = (folder_report.FAULT,) if dry_run else (folder_report.FAULT, folder_report.DONE, folder_report.UPDATED)
    noted = [outcome for outcome in result.outcomes if outcome.state in told and outcome.told]
    for outcome in noted[:SHOWN]:
        click.echo(f"  row {outcome.number}: {outcome.told}", err=outcome.state == folder_report.FAULT)
    if len(noted) > SHOWN:
        click.echo(f"  … and {len(noted) - SHOWN} more in the report")
    if result.unlisted:
        click.echo(f"{len(result.unlisted)} files are not in the list: see the report")
    if dry_run:
        click.echo("Dry run: nothing was written.")


COMMANDS = [import_folder]
