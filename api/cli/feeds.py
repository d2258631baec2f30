"""What operators look at of custom feeds: `vrss feeds`."""

from typing import Annotated

import typer

MOST = 100  # as in api/gql/pagination.py

feeds_app = typer.Typer(help="Custom feeds.", no_args_is_help=True)


@feeds_app.callback()
def _group() -> None:
    """A group also while it has one command."""


@feeds_app.command("explain")
def feeds_explain(
    feed: Annotated[str, typer.Argument(metavar="ID", help="The feed's id as clients see it, or its number.")],
    viewer: Annotated[str | None, typer.Option(metavar="USERNAME", help="Who reads it, in place of its owner.")] = None,
    first: Annotated[int, typer.Option(min=1, max=MOST, help="How many posts the page has.")] = 20,
    *,
    backward: Annotated[bool, typer.Option("--backward", help="The last page, read from the end.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="The whole plan, with the rules' values.")] = False,
) -> None:
    """Show what a feed's rules say, which scan they lead to, and what its first page took."""
    from api.cli.feed_readings import explained

    for part in explained(feed, viewer, first, backward=backward, plan=plan):
        typer.echo("\n".join(part))
