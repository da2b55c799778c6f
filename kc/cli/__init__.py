"""The `kc` command: everything an administrator does from a terminal. Each command is safe to repeat."""

import click

from kc import __version__
from kc.cli import backup, demo, folders, knowledge, people, reading, search, search_quality, server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kc")
def main() -> None:
    """Knowledge Center (คลังความรู้)."""


for area in (server, people, knowledge, folders, reading, search, search_quality, demo, backup):
    for command in area.COMMANDS:
        main.add_command(command)
