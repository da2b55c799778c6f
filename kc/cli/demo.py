"""The demo organisation."""

import time

import click

from kc.cli.context import with_app


@click.command()
@with_app
def demo() -> None:
    """Load a believable Thai demo organisation into a database without people, and say who can sign in."""
    from kc import demo as bank
    from kc import search

    began = time.monotonic()
    if bank.load(progress=click.echo):
        search.rebuild_if_needed()
        click.echo(f"Demo organisation loaded in {time.monotonic() - began:.0f} s.")
    else:
        click.echo("The demo organisation is here already.")
    for line in bank.who_can_sign_in():
        click.echo(line)


COMMANDS = [demo]
