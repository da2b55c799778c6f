"""How well people find what they look for, in figures."""

import click

from kc.cli.context import with_app


@click.command("search-quality")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="How many days back.")
@with_app
def search_quality(days: int) -> None:
    """Print searches of the last days: how many led to nothing, how many to something opened, and how near it stood.

    MRR is the mean of 1/place of the first hit opened: 1 when it was always the first.
    """
    from kc.services import search_insights

    found = search_insights.quality(search_insights.last_days(days))
    click.echo(f"searches     {found.searches:>8,}")
    click.echo(f"opened       {found.share_opened:>8.1%}")
    click.echo(f"nothing found{found.share_failed:>8.1%}")
    click.echo(f"click MRR    {found.mrr:>8.3f}" if found.mrr is not None else "click MRR           –")


COMMANDS = [search_quality]
