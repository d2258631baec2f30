"""The `vrss` command."""

import gc
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType
from typing import Annotated, NoReturn

import psycopg
import typer

from api.cli.commands import opened, read_settings, require_head
from api.cli.feeds import feeds_app
from api.cli.jobs import jobs_app, work
from api.cli.operators import sessions_app, users_app
from api.cli.schemas import schema_app
from api.cli.server import Server, address_of, bind
from api.http import graphiql_bundle
from api.settings import Settings
from db.embedded.data_directory import choose
from db.embedded.server import EmbeddedPostgres
from db.migrations import server as given_server
from db.migrations.readiness import head, problems
from db.settings import OperatorError

app = typer.Typer(help="The VRSS API.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
database_app = typer.Typer(help="The database.", no_args_is_help=True)
media_app = typer.Typer(help="Files: the objects of the store beside their rows.", no_args_is_help=True)
counters_app = typer.Typer(help="What the triggers keep: counters, friendships and storage.", no_args_is_help=True)
app.add_typer(database_app, name="db")
app.add_typer(users_app, name="users")
app.add_typer(sessions_app, name="sessions")
app.add_typer(feeds_app, name="feeds")
app.add_typer(jobs_app, name="jobs")
app.add_typer(counters_app, name="counters")
app.add_typer(media_app, name="media")
app.add_typer(schema_app, name="schema")


def main() -> None:
    """Run the command. What an operator can fix ends as one sentence on stderr, never as a traceback."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except OperatorError as error:
        sys.exit(str(error))


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave through every `finally`, with the status of a process that did not end its work."""
    sys.exit(128 + number)


def _exit(_signal: int, _frame: FrameType | None) -> NoReturn:
    """As well, where to be ended is how the work ends: a server's, whose embedded database stops in order."""
    sys.exit(0)


@app.command()
def run() -> None:
    """Start everything: database, migrations, demo data when the embedded database is empty, and the server."""
    signal.signal(signal.SIGTERM, _exit)
    settings = read_settings()
    if settings.mail_url is None:
        settings = settings.model_copy(update={"mail_url": "console:"})
    if "environment" not in settings.model_fields_set:
        settings = settings.model_copy(update={"environment": "development"})
    listener = bind(settings.host, settings.port)
    with opened(settings.database) as (url, embedded):
        if problems(url):  # asked first, since alembic takes longer to load than a second start may
            _upgrade(url)
        if embedded is not None and _is_empty(url):
            typer.echo("Filling the empty database with demo people …")
            typer.echo(_fill(url))
        if graphiql_bundle.can_build():
            typer.echo("Building GraphiQL …")
            graphiql_bundle.build()
        is_development = settings.environment == "development"
        _answer(settings, listener, url, embedded, demo_people=_demo_people(url) if is_development else None)


@app.command()
def serve() -> None:
    """Start the server alone, over a database that is migrated."""
    signal.signal(signal.SIGTERM, _exit)
    settings = read_settings()
    listener = bind(settings.host, settings.port)
    with opened(settings.database) as (url, embedded):
        require_head(url)
        _answer(settings, listener, url, embedded)


@app.command()
def worker() -> None:
    """Run the jobs alone, until a signal comes: e-mails, purges and all that comes back."""
    work()


@app.command()
def migrate() -> None:
    """Bring the database to this version."""
    with opened(read_settings().database) as (url, _):
        _upgrade(url)
    typer.echo(f"The database is at {head()}.")


@app.command()
def seed(
    demo: Annotated[bool, typer.Option("--demo", help="Also into a server that DATABASE_URL names.")] = False,
    anchor: Annotated[datetime | None, typer.Option(help="The day, in UTC, that all times are counted from.")] = None,
    scale: Annotated[
        int | None, typer.Option(metavar="POSTS", help="Also write this many posts, and people and all else to match.")
    ] = None,
    variant: Annotated[int, typer.Option(help="Another number gives other rows of the same shape.")] = 0,
) -> None:
    """Fill the database with demo people; a server of your own only with --demo."""
    settings = read_settings().database
    if settings.database_url is not None and not demo:
        raise OperatorError("DATABASE_URL names a server of your own: fill it with demo people by `vrss seed --demo`.")
    with opened(settings) as (url, _):
        require_head(url)
        start = anchor and anchor.replace(tzinfo=UTC)
        typer.echo(_fill(url, start) if scale is None else _fill_scaled(url, scale, variant, start))


@database_app.command("url")
def database_url() -> None:
    """Print the URL of the running database, for psql and its like."""
    settings = read_settings().database
    if settings.database_url is not None:
        given_server.check(settings.database_url)
        typer.echo(settings.database_url)
        return
    embedded = EmbeddedPostgres(choose(settings.data_dir))
    if not embedded.answers():
        raise OperatorError("No embedded database is running: start one with `vrss run`.")
    typer.echo(embedded.url())


@database_app.command("refold")
def database_refold() -> None:
    """Bring addresses, tags and texts that older versions stored to the form that this one looks for."""
    from db.maintenance.composing import compose
    from db.maintenance.refolding import refold
    from db.migrations.revision import LOCK_TIMEOUT

    with opened(read_settings().database) as (url, _):
        require_head(url)
        with psycopg.connect(url, autocommit=True, application_name="vrss refold") as connection:
            connection.execute("SELECT set_config('lock_timeout', %s, FALSE)", [LOCK_TIMEOUT])
            done = refold(connection)
            typer.echo(str(done))
            typer.echo(str(compose(connection)))
    if done.left:
        raise OperatorError(f"{len(done.left)} addresses are not as they are looked for.")


@counters_app.command("verify")
def counters_verify() -> None:
    """Recount everything beside the writers; name what differs, and fail when anything does."""
    from api.cli.counters import verify

    with opened(read_settings().database) as (url, _):
        require_head(url)
        drifts = verify(url, read_settings().database)
    if drifts:
        raise OperatorError(f"{drifts} drifted; `vrss counters repair` heals them.")
    typer.echo("Every counter, friendship and storage figure equals its recount.")


@counters_app.command("repair")
def counters_repair() -> None:
    """Recount everything beside the writers, heal what differs, and name it."""
    from api.cli.counters import repair

    with opened(read_settings().database) as (url, _):
        require_head(url)
        healed = repair(url, read_settings().database)
    typer.echo(f"{healed} healed." if healed else "Nothing had drifted.")


@media_app.command("verify")
def media_verify() -> None:
    """Compare the store with the rows beside the writers; name what differs, and fail when anything does."""
    from api.cli.media import verify

    verify()


@media_app.command("repair")
def media_repair() -> None:
    """Compare the store with the rows, heal what can be healed, and name all that differs."""
    from api.cli.media import repair

    repair()


def _upgrade(url: str) -> None:
    from db.migrations.migrate import upgrade  # alembic loads slowly, and most starts need none of it

    upgrade(url)


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT FROM public.users LIMIT 1").fetchone() is None


def _fill(url: str, anchor: datetime | None = None) -> str:
    from db.seed import SeedRefusedError
    from db.seed import seed as fill

    try:
        found = fill(url, anchor=anchor)
    except SeedRefusedError as error:
        raise OperatorError(str(error)) from error
    return (
        f"{'Wrote' if found.is_new else 'Demo data are there already:'} {found.users} people, {found.posts} posts, "
        f"{found.comments} comments, {found.friendships} friendships and {found.messages} messages."
    )


def _fill_scaled(url: str, posts: int, variant: int, anchor: datetime | None) -> str:
    from api.cli.progress import progress_bar
    from db.seed import SeedRefusedError
    from db.seed.scaled import seed_scaled

    try:
        with progress_bar() as progress:
            found = seed_scaled(url, posts, variant=variant, anchor=anchor, progress=progress)
    except SeedRefusedError as error:
        raise OperatorError(str(error)) from error
    if not found.is_new:
        return f"Scaled data are there already: {found.posts:,} posts of {found.people:,} people."
    return f"Wrote {found.posts:,} posts of {found.people:,} people, {found.rows:,} rows in all."


def _demo_people(url: str) -> list[str]:
    from db.seed import demo_people

    return demo_people(url)


def _answer(
    settings: Settings,
    listener: socket.socket,
    url: str,
    embedded: EmbeddedPostgres | None,
    *,
    demo_people: Sequence[str] | None = None,
) -> None:
    """Serve until a signal comes; for a developer, and nobody else, where `demo_people` is given."""
    # Whatever is imported stays: looking for garbage in it again and again was a quarter of the start.
    gc.disable()
    from api.app import Development, create_app
    from api.cli.logs import configure

    gc.freeze()
    gc.enable()
    configure(settings)
    development = None if demo_people is None else Development(demo_people)
    known = settings.database.model_copy(update={"database_url": url})
    server = Server(
        lambda: create_app(settings.model_copy(update={"database": known}), development),
        announce=lambda: typer.echo(_announcement(address_of(listener), settings.mail_url, embedded)),
        max_header_bytes=settings.max_header_bytes,
        trusted_proxies=settings.trusted_proxies,
    )
    server.run_on(listener, database_gone=embedded and embedded.wait_until_stopped)


def _announcement(address: str, mail_url: str | None, embedded: EmbeddedPostgres | None) -> str:
    lines = ["", f"  GraphiQL     {address}/graphql"]
    if embedded is not None:
        lines += ["  Log in as    ada, with the password Vrss-demo-2026"]
        lines += [f"  Data         {embedded.folder.path}"]
        if embedded.folder.moved_from is not None:
            lines += [
                f"               not in {embedded.folder.moved_from}: {embedded.folder.account.name} may not enter it"
            ]
    if mail_url is None:
        lines += ["  Mail         nobody gets any until VRSS_MAIL_URL says how it leaves"]
    query = '{ user(username: \\"ada\\") { username profile { displayName bio } } }'
    lines += ["", "  Try it:", f"  curl {address}/graphql -H 'Content-Type: application/json' \\"]
    lines += [f'    -d \'{{"query": "{query}"}}\'', ""]
    return "\n".join(lines)
