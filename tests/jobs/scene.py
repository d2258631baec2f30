"""What tests of jobs look at, and how they delete an account."""

from typing import Any, LiteralString

import psycopg

from db.maintenance import jobs
from db.pool import Database


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
    done: dict[str, int] = {}
    await jobs.run(database, done.__setitem__)
    return done
