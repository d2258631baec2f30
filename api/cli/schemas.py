"""`vrss schema`: the files that are generated from the code."""

from pathlib import Path

import typer

from db.embedded.server import temporary_server
from db.settings import OperatorError

PROJECT = Path(__file__).resolve().parents[2]

schema_app = typer.Typer(help="The generated schemas that the repository keeps.", no_args_is_help=True)


@schema_app.command("export")
def schema_export() -> None:
    """Write api/schema.graphql, db/schema.sql and api/feeds/feed.schema.json anew."""
    for file, text in _schemas().items():
        file.write_text(text)
        typer.echo(f"Wrote {file.relative_to(PROJECT)}.")


@schema_app.command("check")
def schema_check() -> None:
    """Fail when a generated schema that is kept is not what the code says."""
    found = _schemas().items()
    stale = [str(file.relative_to(PROJECT)) for file, text in found if not file.exists() or file.read_text() != text]
    if stale:
        raise OperatorError(f"Not what the code says: {', '.join(stale)}; `vrss schema export` writes them anew.")


def _schemas() -> dict[Path, str]:
    """The schemas as the code has them; the database's is dumped from a fresh server of the packaged version."""
    from api.feeds.schema_file import schema_text
    from api.schema import schema
    from db.migrations.migrate import dump_schema, upgrade

    with temporary_server() as embedded:
        upgrade(embedded.url())
        tables = dump_schema(embedded.url())
    return {
        PROJECT / "api" / "schema.graphql": schema.as_str() + "\n",
        PROJECT / "api" / "feeds" / "feed.schema.json": schema_text(),
        PROJECT / "db" / "schema.sql": tables,
    }
