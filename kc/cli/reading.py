"""Read the text of attached files from a terminal; read them and send e-mail in a process of its own."""

import sys

import click

from kc.cli.context import with_app
from kc.cli.knowledge import progress_bar


@click.command("read-attachments")
@click.option("--again", is_flag=True, help="Files that could not be read, too.")
@with_app
def read_attachments(again: bool) -> None:
    """Read all attached files that were not read yet, now. Safe to repeat, and beside a running server."""
    from kc.services import reading

    reading.enqueue_missing()
    if again:
        reading.retry_failed()
    with progress_bar(reading.waiting(), "Reading") as bar:
        while reading.read_next():
            bar.update(1)
    found = reading.counts()
    words = {"readable": "readable", "no_text": "without text", "failed": "not readable", "reading": "with others"}
    click.echo(", ".join(f"{found.get(state, 0)} {word}" for state, word in words.items()))


@click.command()
@click.option("--once", is_flag=True, help="End when nothing waits.")
def worker(once: bool) -> None:
    """Read attached files, remind people and send e-mail as they come, until stopped (Ctrl+C)."""
    from kc import config, create_app, db
    from kc.services import mail, notice_mail, post_thread, reading, reading_thread

    try:
        app = create_app()
    except config.SettingError as why:
        raise click.ClickException(str(why)) from None
    if db.pending_migrations():
        raise click.ClickException("the database is not up to date: run kc migrate")
    with app.app_context():
        if once:
            with db.connection():
                reading.enqueue_missing()
                while reading.read_next():
                    pass
                notice_mail.gather()
                while mail.send_waiting():
                    pass
            return
        sends = "reading files and sending e-mail" if mail.is_on() else "reading files"
        click.echo(f"{sends} as they come; Ctrl+C ends", file=sys.stderr)
        post_thread.start(sends=True)
        try:
            reading_thread.Reader().run()
        except KeyboardInterrupt:
            click.echo("ended", err=True)
        finally:
            post_thread.stop()


COMMANDS = [read_attachments, worker]
