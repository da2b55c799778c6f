"""Start the server; create and upgrade the database."""

import click

from kc import config


@click.command()
def init() -> None:
    """Create the database and the search index, or bring them to the current version. Safe to repeat."""
    _prepare(quiet=False)


@click.command()
def migrate() -> None:
    """Bring the database and the search index to the current version. Safe to repeat."""
    _prepare(quiet=False)


def _prepare(quiet: bool) -> None:
    """Migrate the schema, open the year with its topics, bring the words search begins with, build the index when it is
    missing or outdated."""
    from kc import create_app, db, search
    from kc.services import language_presets, years

    try:
        app = create_app()
    except config.SettingError as why:
        raise click.ClickException(str(why)) from None
    with app.app_context(), db.connection():
        ran = db.migrate()
        years.ensure_current(app.config["KC_ORG_PRESET"])
        language_presets.seed(app.config["KC_ORG_PRESET"])
        built = search.rebuild_if_needed()
    if not quiet:
        click.echo(f"database: {', '.join(ran) if ran else 'up to date'}")
        click.echo(f"search index: {'rebuilt' if built else 'up to date'}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535), help="Port.")
@click.option("--demo", is_flag=True, help="Load the demo organisation first, if the database is new.")
def serve(host: str, port: int, demo: bool) -> None:
    """Serve the Knowledge Center (waitress; one process, several threads)."""
    import waitress

    from kc import create_app
    from kc.services.attachments import MB
    from kc.web import attachments

    _prepare(quiet=True)
    overrides = _open_demo() if demo else None
    app = create_app(overrides, background=True)
    click.echo(f"Knowledge Center: http://{host}:{port}")
    if overrides is not None:
        _tell_who_can_sign_in()
    try:
        waitress.serve(
            app,
            host=host,
            port=port,
            threads=app.config["KC_THREADS"],
            max_request_body_size=attachments.most_at_once(app.config) * MB + app.config["MAX_FORM_MEMORY_SIZE"],
            channel_timeout=120,
            ident=None,
        )
    except OSError as why:
        raise click.ClickException(f"cannot listen on {host}:{port}: {why.strerror}") from None


def _open_demo() -> dict[str, str] | None:
    """Load the demo organisation into a new database. Its name as settings when it is there, None when others are."""
    from kc import create_app, db, demo
    from kc.models import Employee

    app = create_app()
    with app.app_context(), db.connection():
        if not Employee.select().exists():
            click.echo("Loading the demo organisation (once) …")
            demo.load()
        return demo.names() if demo.is_here() else None


def _tell_who_can_sign_in() -> None:
    from kc import demo

    for line in demo.who_can_sign_in():
        click.echo(line)


COMMANDS = [init, migrate, serve]
