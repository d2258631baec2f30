"""What tests of jobs look at, how they run them, and how they delete an account."""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from api.jobs.running import Outcome
from api.jobs.tasks import LANES, Lane
from api.jobs.worker import run_until_idle
from api.settings import Settings
from db.maintenance import purges
from db.pool import Database
from db.settings import DatabaseSettings


def scalar(connection: psycopg.Connection, query: LiteralString, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


def count(connection: psycopg.Connection, table: LiteralString, condition: LiteralString = "TRUE") -> int:
    return scalar(connection, f"SELECT count(*) FROM {table} AS t WHERE {condition}")


def delete(connection: psycopg.Connection, username: str, days: int) -> int:
    """Delete an account as its owner would have, that many days ago."""
    return scalar(
        connection,
        "UPDATE users SET status = 'deleted', deleted_at = now() - make_interval(days => %s) WHERE username = %s"
        " RETURNING id",
        days,
        username,
    )


async def purged(database: Database) -> dict[str, int]:
    """How much each purge deletes, one after the other."""
    return {
        "sessions": await purges.purge_sessions(database),
        "tokens": await purges.purge_tokens(database),
        "notifications": await purges.purge_notifications(database),
        "posts": await purges.purge_posts(database),
        "accounts": await purges.purge_accounts(database),
    }


def settings_over(url: str, **given: object) -> Settings:
    return Settings.model_validate({"database": DatabaseSettings.model_validate({"DATABASE_URL": url}), **given})


def enqueue(connection: psycopg.Connection, lane: str, task: str, **arguments: object) -> int:
    return scalar(
        connection,
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args) VALUES (%s, %s, %s) RETURNING id",
        lane,
        task,
        Jsonb(arguments),
    )


def waiting(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    """The jobs that are in the database: task, status, attempts, what they were given, and whether they have a time."""
    query = "SELECT task_name, status::text, attempts, args, scheduled_at IS NOT NULL FROM jobs.procrastinate_jobs"
    return connection.execute(query + " ORDER BY id").fetchall()


async def run(url: str, *, lanes: Sequence[Lane] = LANES, **settings: object) -> list[Outcome]:
    """Run all that is due, until nothing is."""
    done: list[Outcome] = []
    await run_until_idle(settings_over(url, **settings), url, lanes, done.append)
    return done
