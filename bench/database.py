"""`make bench-db`: what each hot statement costs, first with a tenth of the posts, then with all.

The server is a temporary one, in memory and without fsync: milliseconds are those of warm pages.
"""

import os
import platform
import statistics
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from bench import crowd, feeds, likes
from bench.explain import explain
from bench.hot import EVERYWHERE, HOT, PAGE, statement
from db.embedded.server import EmbeddedPostgres, temporary_server
from db.migrations.migrate import upgrade
from db.pool import PLANNER
from db.statements import load

MILLION = 1_000_000
ENOUGH_SECONDS = 2.0
RUNS = 51
WARM_UP = 7  # after five runs the server decides whether to keep the plan

VIEWERS: dict[str, LiteralString] = {
    "100 followees": crowd.FOLLOWS_100,
    "1 000 followees": crowd.FOLLOWS_1000,
    "5 000 followees": crowd.FOLLOWS_5000,
    "100 followees, silent for a year": crowd.FOLLOWS_SILENT,
}
SKETCH = (Path(__file__).parent / "sketch.sql").read_bytes()
HOME_FEED = load("home_feed")["home_feed"].sql


def main() -> None:
    posts = round(float(os.environ.get("SCALE", "1")) * MILLION)
    with temporary_server() as server:
        for size in (posts // 10, posts):
            with _filled(server, size) as connection:
                _measure(connection)
                if size == posts:
                    likes.measure(server.url(_name(size)), connection)


@contextmanager
def _filled(server: EmbeddedPostgres, posts: int) -> Generator[psycopg.Connection]:
    """A connection like the API's own to a database of this size, which goes away afterwards."""
    name = sql.Identifier(_name(posts))
    with psycopg.connect(server.url("postgres"), autocommit=True) as outside:
        outside.execute(sql.SQL("CREATE DATABASE {}").format(name))
        upgrade(server.url(_name(posts)))
        with psycopg.connect(server.url(_name(posts)), autocommit=True, options=PLANNER) as connection:
            started = time.monotonic()
            crowd.fill(server.url(_name(posts)), posts)
            took = time.monotonic() - started
            ((size,),) = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
            version = connection.info.server_version // 10_000
            print(f"\n## {posts:,} posts, {posts // crowd.POSTS_FOR_EACH_PERSON:,} people, {size}")
            print(f"PostgreSQL {version}, {os.cpu_count()} cores, {platform.machine()}; filled in {took:.0f} s.\n")
            yield connection
        outside.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _name(posts: int) -> str:
    return f"crowd_{posts}"


def _measure(connection: psycopg.Connection) -> None:
    print("| statement | ms | buffers | rows touched |\n|---|---|---|---|")
    for who, query in VIEWERS.items():
        parameters = {**EVERYWHERE, "viewer": crowd.viewer(connection, query), "limit": PAGE}
        _line(connection, f"home_feed, {who}", HOME_FEED, parameters)
        _line(connection, f"the founding sketch, {who}", SKETCH, parameters)
    for name, hot in HOT.items():
        _line(connection, name, statement(name).sql, hot.parameters(connection))
    print("\n| custom feed | ms | buffers | rows touched |\n|---|---|---|---|")
    for name, rules in feeds.FEEDS.items():
        _line(connection, name, feeds.statement(connection, rules), None)


def _line(connection: psycopg.Connection, label: str, query: bytes, parameters: Mapping[str, object] | None) -> None:
    """The median as the client sees it, rows in Python included; the rest is what the server counted.

    A statement without parameters is planned each time.
    """
    milliseconds: list[float] = []
    begun = time.perf_counter()
    while len(milliseconds) < WARM_UP + RUNS and time.perf_counter() - begun < ENOUGH_SECONDS + WARM_UP:
        started = time.perf_counter()
        connection.execute(query, parameters, prepare=parameters is not None).fetchall()
        milliseconds.append((time.perf_counter() - started) * 1000)
    plan = explain(connection, query, parameters or {})
    median = statistics.median(milliseconds[WARM_UP:] or milliseconds)
    print(f"| {label} | {median:.2f} | {plan.buffers:,} | {plan.rows_touched:,} |", flush=True)


if __name__ == "__main__":
    main()
