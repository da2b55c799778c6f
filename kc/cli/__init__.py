"""The `kc` command: everything an administrator does from a terminal. Each command is safe to repeat."""

import click

from kc import __version__
from kc.cli import server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kc")
def main() -> None:
    """Knowledge Center (คลังความรู้)."""


def _add_commands() -> None:
    from importlib import import_module

    for area in ("people", "knowledge", "search", "demo", "backup"):
        try:
            module = import_module(f"kc.cli.{area}")
        except ModuleNotFoundError as missing:
            if missing.name != f"kc.cli.{area}":
                raise
            continue
        for command in module.COMMANDS:
            main.add_command(command)
    for command in server.COMMANDS:
        main.add_command(command)


_add_commands()
